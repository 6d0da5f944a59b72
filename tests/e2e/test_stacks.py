"""Stacks: several root modules, in the order of their dependencies, each with a run,
a state and a registry of its own."""
import json

import pytest
from project import Project, configuration, records


def stack(name, fails=False):
    code = f'resource "terraform_data" "{name}" {{ input = "v1" }}\n'
    if fails:
        code += ('resource "terraform_data" "fails" {\n'
                 '  provisioner "local-exec" { command = "exit 3" }\n}\n')
    return code


@pytest.fixture
def env(testcloud, terraform_env):
    return {**testcloud.env, **terraform_env}


@pytest.fixture
def project(tmp_path):
    """web needs app, app needs net; dns is apart, in production only."""
    config = configuration()
    config["plugins"] = {}
    config["stacks"] = {
        "web": {"directory": "web", "depends_on": ["app"]},
        "app": {"directory": "live/{environment}/app", "depends_on": ["net"]},
        "net": {"directory": "net"},
        "dns": {"directory": "dns", "environments": ["prod"]},
    }
    made = Project(tmp_path, "", config)
    (tmp_path / "main.tf").unlink()
    for folder, name in (("web", "web"), ("live/test/app", "app"), ("net", "net")):
        (tmp_path / folder).mkdir(parents=True)
        made.write(f"{folder}/main.tf", stack(name))
    return made


def ends(answer):
    """(stack, status) of each `stack` record that ends one, in order."""
    return [(r["stack"], r["status"]) for r in records(answer.stdout).get("stack", [])
            if r["status"] != "running"]


def folder_of(project, name, environment="test"):
    return project.folder / "deployments" / environment / name


def test_all_in_order_and_back(project, run_fractary, env):
    made = run_fractary(["deploy", "--all", "--json"], cwd=project.path, env=env)
    assert made.returncode == 0, made.stdout
    assert ends(made) == [("net", "done"), ("app", "done"), ("web", "done")]
    result = records(made.stdout)["result"][0]
    assert [(s["stack"], s["exit"]) for s in result["stacks"]] == [("net", 0), ("app", 0), ("web", 0)]
    for name in ("net", "app", "web"):
        registry = json.loads((folder_of(project, name) / "registry.json").read_text())
        assert [(r["address"], r["stack"]) for r in registry["resources"]] == [
            (f"terraform_data.{name}", name)]
        assert (folder_of(project, name) / "DEPLOYED.md").exists()
        assert len((folder_of(project, name) / "history.jsonl").read_text().splitlines()) == 1
    assert len(project.runs()) == 3

    shown = run_fractary(["resources", "--json"], cwd=project.path, env=env)
    listed = {(r["resource"]["stack"], r["resource"]["address"]) for r in records(shown.stdout)["resource"]}
    assert listed == {(n, f"terraform_data.{n}") for n in ("net", "app", "web")}

    gone = run_fractary(["teardown", "--all", "--yes", "--json"], cwd=project.path, env=env)
    assert gone.returncode == 0, gone.stdout
    assert ends(gone) == [("web", "done"), ("app", "done"), ("net", "done")]
    assert not any(json.loads((folder_of(project, n) / "registry.json").read_text())["resources"]
                   for n in ("net", "app", "web"))


def test_one_stack_by_name(project, run_fractary, env):
    made = run_fractary(["deploy", "--stack", "app"], cwd=project.path, env=env)
    assert made.returncode == 0, made.stdout + made.stderr
    assert folder_of(project, "app").exists() and not folder_of(project, "net").exists()
    two = run_fractary(["deploy", "--stack=web", "--stack=net", "--json"], cwd=project.path, env=env)
    assert ends(two) == [("net", "done"), ("web", "done")]


@pytest.mark.parametrize("args, code, said", [
    (["deploy"], 2, "--all"),
    (["teardown", "--yes"], 2, "--stack"),
    (["deploy", "--stack", "ap"], 2, 'did you mean "app"'),
    (["deploy", "--stack", "dns"], 2, "does not belong to environment test"),
    (["deploy", "--stack", "app", "--all"], 2, "contradict"),
])
def test_which_stack_is_asked_for(project, run_fractary, env, args, code, said):
    answer = run_fractary(args, cwd=project.path, env=env)
    assert answer.returncode == code, answer.stdout + answer.stderr
    assert said in answer.stderr
    assert not (project.folder / "deployments").exists()


def test_what_waits_for_a_failed_one_is_skipped(project, run_fractary, env):
    project.write("live/test/app/main.tf", stack("app", fails=True))
    config = json.loads((project.folder / "config.json").read_text())
    config["stacks"]["apart"] = {"directory": "apart"}
    project.configure(config)
    (project.path / "apart").mkdir()
    project.write("apart/main.tf", stack("apart"))
    answer = run_fractary(["deploy", "--all", "--json"], cwd=project.path, env=env)
    assert answer.returncode == 1
    assert sorted(ends(answer)) == [("apart", "done"), ("app", "failed"), ("net", "done"), ("web", "skipped")]
    result = records(answer.stdout)["result"][0]
    assert result["error"]["message"] == "1 of 4 stacks failed: app"
    assert "skipped: web" in result["error"]["cause"]
    told = run_fractary(["deploy", "--all"], cwd=project.path, env=env)
    assert "web: skipped, for app failed" in told.stdout


def test_a_stack_that_is_still_needed_stays(project, run_fractary, env):
    """A teardown that fails for web leaves app and net, on which web stands."""
    project.write("web/main.tf", stack("web") + 'resource "terraform_data" "stuck" {\n'
                  '  provisioner "local-exec" {\n    when    = destroy\n    command = "exit 3"\n  }\n}\n')
    assert run_fractary(["deploy", "--all"], cwd=project.path, env=env).returncode == 0
    answer = run_fractary(["teardown", "--all", "--yes", "--json"], cwd=project.path, env=env)
    assert answer.returncode == 1
    assert ends(answer) == [("web", "failed"), ("app", "skipped"), ("net", "skipped")]
    registry = json.loads((folder_of(project, "net") / "registry.json").read_text())
    assert [r["address"] for r in registry["resources"]] == ["terraform_data.net"]


def test_nothing_to_do_in_all(project, run_fractary, env):
    first = run_fractary(["preview", "--detailed-exitcode"], cwd=project.path, env=env)
    assert first.returncode == 0
    assert run_fractary(["deploy", "--all"], cwd=project.path, env=env).returncode == 0
    again = run_fractary(["deploy", "--all", "--detailed-exitcode"], cwd=project.path, env=env)
    assert again.returncode == 7, again.stdout + again.stderr
