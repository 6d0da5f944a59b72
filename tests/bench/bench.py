#!/usr/bin/env python3
"""Speed and size against the goals: whole processes, ratios of one run.

usage: make bench [BENCH="--rounds N --only start,list,resources,deploy"]

Prints a table of figure, goal, measured, and ok or OVER; the exit status is 1
when one is over. Times are medians.
"""
import argparse
import json
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

SOURCE = pathlib.Path(os.environ.get("FRACTARY_SOURCE") or pathlib.Path(__file__).parent.parent.parent).resolve()
BUILD = SOURCE / "build"
FRACTARY = BUILD / "bin/fractary"
MEASURE = BUILD / "tests/bench/measure"
PLUGINS = BUILD / "lib/fractary/plugins"
sys.path.insert(0, str(SOURCE / "tests/cloud"))

import terraform  # noqa: E402  (tests/cloud/terraform.py)

START_RUNS = 200
REGISTRY_ENTRIES = 10000
MANY_PLUGINS = 100


def clean_environment(home, **more):
    dropped = ("AWS_", "TF_", "FRACTARY_", "XDG_")
    result = {name: value for name, value in os.environ.items() if not name.startswith(dropped)}
    result.update(HOME=str(home), AWS_CONFIG_FILE=f"{home}/config", AWS_SHARED_CREDENTIALS_FILE=f"{home}/credentials",
                  AWS_EC2_METADATA_DISABLED="true", **more)
    return result


def measure(runs, command, environment, cwd):
    """Median milliseconds and peak megabytes of a command; its first run warms up."""
    text = subprocess.run([MEASURE, str(runs + 1), *map(str, command)], env=environment, cwd=cwd, check=True,
                          stdout=subprocess.PIPE, text=True).stdout
    rows = [line.split() for line in text.splitlines()][1:]
    return statistics.median(float(row[0]) for row in rows), max(int(row[1]) for row in rows) / 1024


class Table:
    """The rows of the result, printed as they come."""

    def __init__(self):
        self.over = 0
        print(f"{'figure':<52}{'goal':>10}{'measured':>12}")

    def row(self, figure, goal, value, unit):
        ok = value <= goal
        self.over += not ok
        print(f"{figure:<52}{f'{goal:g} {unit}':>10}{f'{value:.2f} {unit}':>12}  {'ok' if ok else 'OVER'}", flush=True)

    def note(self, figure, value, unit):
        print(f"{figure:<52}{'':>10}{f'{value:.2f} {unit}':>12}", flush=True)


# ---------------------------------------------------------------------- start


def bench_start(table, folder, _):
    milliseconds, megabytes = measure(START_RUNS, [FRACTARY, "--version"], clean_environment(folder), folder)
    table.row("fractary --version", 3, milliseconds, "ms")
    table.row("fractary --version, peak memory", 6, megabytes, "MB")
    table.note("  /bin/true, for comparison", measure(START_RUNS, ["/bin/true"], {}, folder)[0], "ms")


# ----------------------------------------------------------------------- list


def make_plugins(folder, count):
    """Copies of a real plugin, each with an id of its own, where users install them."""
    model = next(path.parent for path in sorted(PLUGINS.glob("*/plugin.json")) if path.parent.name.startswith("infra-"))
    manifest = json.loads((model / "plugin.json").read_text())
    for number in range(count):
        name = f"copy-{number:03}"
        target = folder / "data/fractary/plugins" / name
        target.mkdir(parents=True)
        shutil.copy(model / f"{model.name}.so", target / f"{name}.so")
        (target / "plugin.json").write_text(json.dumps({**manifest, "id": name, "library": f"{name}.so"}))


def bench_list(table, folder, _):
    environment = clean_environment(folder, XDG_DATA_HOME=str(folder / "data"))
    command = [FRACTARY, "plugin", "list"]
    few, _ = measure(START_RUNS, command, environment, folder)
    make_plugins(folder, MANY_PLUGINS)
    listed = subprocess.run(command, env=environment, cwd=folder, capture_output=True, text=True, check=True).stdout
    if listed.count("copy-") < MANY_PLUGINS:
        sys.exit(f"bench: plugin list does not show the {MANY_PLUGINS} plugins in {folder}/data")
    many, _ = measure(START_RUNS, command, environment, folder)
    table.note("fractary plugin list", few, "ms")
    table.row(f"  {MANY_PLUGINS} plugins more", 5, many - few, "ms")


# ------------------------------------------------------------------ resources


def registry(entries):
    """A registry as deploy writes it, an entry a line, sorted, of `entries` parameters."""
    moment = "2025-01-01T00:00:00Z"
    resources = [{"address": f"aws_ssm_parameter.p[{n}]", "type": "aws_ssm_parameter", "name": "p",
                  "provider": "registry.terraform.io/hashicorp/aws", "id": f"/notes/test/{n}",
                  "arn": f"arn:aws:ssm:eu-central-1:123456789012:parameter/notes/test/{n}", "region": "eu-central-1",
                  "console_url": f"https://eu-central-1.console.aws.amazon.com/systems-manager/parameters/notes/test/{n}",
                  "account": "123456789012", "status": "verified", "verified_at": moment, "stack": "default",
                  "run": "20250101T000000Z-0a1b2c", "created_at": moment, "updated_at": moment}
                 for n in range(entries)]
    resources.sort(key=lambda resource: resource["address"])
    head = f'"version": 1,\n  "environment": "test",\n  "updated_at": "{moment}",\n  "resources": ['
    lines = ",\n    ".join(json.dumps(resource, separators=(",", ":")) for resource in resources)
    return f"{{\n  {head}\n    {lines}\n  ]\n}}\n"


def new_project(folder, name, environment):
    project = folder / name
    shutil.copytree(SOURCE / "examples/quickstart", project)
    with open(project / "infra/test.tfvars", "a") as variables:
        variables.write(f'project = "{name}"\n')
    subprocess.run(["git", "init", "--quiet", project], check=True)
    subprocess.run([FRACTARY, "init", "--yes"], cwd=project, env=environment, check=True, stdout=subprocess.DEVNULL)
    return project


def bench_resources(table, folder, _):
    environment = clean_environment(folder)
    project = new_project(folder, "notes", environment)
    path = project / ".fractary/plugins/devops/deployments/test/registry.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(registry(REGISTRY_ENTRIES))
    command = [FRACTARY, "resources", "--env", "test"]
    shown = subprocess.run(command, cwd=project, env=environment, capture_output=True, text=True, check=True).stdout
    if f"/notes/test/{REGISTRY_ENTRIES - 1}" not in shown and f"p[{REGISTRY_ENTRIES - 1}]" not in shown:
        sys.exit(f"bench: resources does not show all {REGISTRY_ENTRIES} entries")
    for options in [], ["--json"]:
        milliseconds, megabytes = measure(30, [*command, *options], environment, project)
        figure = " ".join(["fractary resources", *options])
        table.row(f"{figure}, {REGISTRY_ENTRIES} entries", 30, milliseconds, "ms")
        table.note("  peak memory", megabytes, "MB")


# --------------------------------------------------------------------- deploy


class Cloud:
    """The test cloud, for as long as the block lasts."""

    def __enter__(self):
        self.process = subprocess.Popen([SOURCE / "tests/cloud/launch", "--with-parent", "0"], text=True,
                                        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        self.endpoint = self.process.stdout.readline().split()[-1]
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()


def timed(commands, cwd, environment):
    start = time.monotonic()
    for command in commands:
        got = subprocess.run(list(map(str, command)), cwd=cwd, env=environment, stdin=subprocess.DEVNULL,
                             capture_output=True, text=True)
        if got.returncode != 0:
            sys.exit(f"bench: {' '.join(map(str, command))} failed\n{got.stdout}{got.stderr}")
    return time.monotonic() - start


def change(project, days):
    path = project / "infra/test.tfvars"
    lines = [line for line in path.read_text().splitlines() if not line.startswith("log_retention_days")]
    path.write_text("\n".join([*lines, f"log_retention_days = {days}"]) + "\n")


def by_hand(tool):
    files = ["-var-file=test.tfvars", "-input=false"]
    return [[tool, "init", "-input=false"], [tool, "validate"], [tool, "plan", *files, "-out=plan"],
            [tool, "apply", "-input=false", "plan"]]


def bench_deploy(table, folder, rounds):
    tool = terraform.tool()
    settings = {name: value for name, value in terraform.environment().items() if value is not None}
    with Cloud() as cloud:
        environment = clean_environment(folder, AWS_ENDPOINT_URL=cloud.endpoint, AWS_ACCESS_KEY_ID="test",
                                        AWS_SECRET_ACCESS_KEY="test", AWS_REGION="eu-central-1", **settings)
        ours, hand = (new_project(folder, name, environment) for name in ("ours", "hand"))
        deploy = [[FRACTARY, "deploy", "--env", "test"]]
        timed(deploy, ours, environment)
        timed(by_hand(tool), hand / "infra", environment)
        times = {"ours": [], "hand": []}
        for number in range(rounds):
            days = (14, 30, 60, 90, 180)[number % 5]
            change(ours, days)
            change(hand, days)
            times["hand"].append(timed(by_hand(tool), hand / "infra", environment))
            times["ours"].append(timed(deploy, ours, environment))
    table.note("init; validate; plan -out; apply by hand", statistics.median(times["hand"]), "s")
    table.note("fractary deploy, the same change", statistics.median(times["ours"]), "s")
    table.row("  ratio", 1.0, statistics.median(a / b for a, b in zip(times["ours"], times["hand"])), "x")


BENCHES = {"start": bench_start, "list": bench_list, "resources": bench_resources, "deploy": bench_deploy}


def main():
    parser = argparse.ArgumentParser(description="Speed and size against the goals.")
    parser.add_argument("--rounds", type=int, default=3, help="deployments of each kind (3)")
    parser.add_argument("--only", default=",".join(BENCHES), help="figures, separated by commas")
    options = parser.parse_args()
    table = Table()
    for name in options.only.split(","):
        with tempfile.TemporaryDirectory() as folder:
            BENCHES[name](table, pathlib.Path(folder), options.rounds)
    return 1 if table.over else 0


if __name__ == "__main__":
    sys.exit(main())
