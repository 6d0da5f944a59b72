"""Every layout in layouts.py goes through init, preview, deploy, a change and teardown,
and its environments stay apart."""
import json
import subprocess

import pytest
from conftest import base_environment
from layouts import LAYOUTS
from project import FOLDER, Terminal, records


def build(layout, folder):
    for name, text in layout.files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    for name, target in (layout.links or {}).items():
        (folder / name).symlink_to(target)
    subprocess.run(["git", "init", "-q", "."], cwd=folder, check=True)


def merge(into, over):
    for key, value in over.items():
        if value is None:
            into.pop(key, None)
        elif isinstance(value, dict):
            into[key] = merge(into.get(key) or {}, value)
        else:
            into[key] = value
    return into


def configure(layout, folder, account):
    """What a person adds to what init found: the account, and layout.configure."""
    path = folder / FOLDER / "config.json"
    config = merge(json.loads(path.read_text()), layout.configure or {})
    for environment in config["environments"].values():
        environment |= {"account": account, "region": "eu-central-1",
                        "identities": {"deploy": {"source": "environment"}}}
    path.write_text(json.dumps(config, indent=2))
    return config


class Runner:
    """fractary in one project; production is confirmed at a terminal."""

    def __init__(self, folder, program, run, env):
        self.folder, self.program, self.run, self.env = folder, program, run, env
        self.stacks = []

    def __call__(self, command, environment, *more, code=0):
        if environment == "prod" and command in ("deploy", "teardown"):
            return self.at_terminal(command, environment, *more, code=code)
        args = [command, "--env", environment, *self.stacks, *more, "--json"]
        answer = self.run(args, cwd=self.folder, env=self.env)
        assert answer.returncode == code, f"{args}: {answer.stdout}{answer.stderr}"
        return records(answer.stdout)

    def at_terminal(self, command, environment, *more, code):
        terminal = Terminal([self.program, command, "--env", environment, *self.stacks, *more],
                            self.folder, {**base_environment(), **self.env})
        answered = 0
        while terminal.read(0.1):
            if terminal.text.count("Type the environment's name") > answered:
                answered += 1
                terminal.type(f"{environment}\n")
        assert terminal.wait() == code, terminal.text
        terminal.close()
        return {}


def objects(folder):
    """The ids of what all registries list, by environment."""
    found = {}
    for path in (folder / FOLDER / "deployments").glob("**/registry.json"):
        environment = path.relative_to(folder / FOLDER / "deployments").parts[0]
        listed = json.loads(path.read_text())["resources"]
        found.setdefault(environment, set()).update(r["id"] for r in listed)
    return found


@pytest.fixture
def env(testcloud, terraform_env):
    return {**testcloud.env, **terraform_env}


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.name)
def test_layout(layout, tmp_path, fractary, run_fractary, env):
    folder = tmp_path / "project"
    folder.mkdir()
    build(layout, folder)
    made = run_fractary(["init", "--yes"], cwd=folder, env=env)
    assert made.returncode == 0, made.stdout + made.stderr
    again = (folder / FOLDER / "config.json").read_bytes()
    assert run_fractary(["init", "--yes"], cwd=folder, env=env).returncode == 0
    assert (folder / FOLDER / "config.json").read_bytes() == again, "init is not idempotent"
    config = configure(layout, folder, "123456789012")
    assert set(layout.environments) <= set(config["environments"]), config["environments"].keys()

    fr = Runner(folder, fractary, run_fractary, env)
    fr.stacks = ["--all"] if "stacks" in config else []
    for environment in layout.environments:
        if layout.previewed:
            assert fr("preview", environment)["plan"][0]["changes"]
        fr("deploy", environment)
    before = objects(folder)
    assert all(before[environment] for environment in layout.environments)
    assert len(set.union(*before.values())) == sum(map(len, before.values())), "objects are shared"

    name, old, new = layout.change
    text = (folder / name).read_text()
    assert old in text
    (folder / name).write_text(text.replace(old, new))
    planned = fr("preview", "test", "--detailed-exitcode") if layout.name != "flat, moved" else fr("preview", "test")
    assert any(plan["changes"] for plan in planned["plan"])
    fr("deploy", "test")
    fr("deploy", "test", "--detailed-exitcode", code=7)

    fr("teardown", "test", "--yes")
    assert not objects(folder)["test"]
    for environment in layout.environments:
        if environment != "test":
            assert objects(folder)[environment] == before[environment], "another environment's are gone"
            fr("teardown", environment)
            assert not objects(folder)[environment]
