"""fractary doctor: what is there, what is not, and what to do about it."""
import json
import os

import pytest
from fixtures import manifest, project, result  # noqa: F401

STATUSES = {"ok", "warning", "problem"}


@pytest.fixture
def doctor(run_fractary):
    def run(cwd, **env):
        answer = run_fractary(["doctor", "--json"], cwd=cwd, env=env)
        last = result(answer.stdout)
        problems = [c for c in last["checks"] if c["status"] == "problem"]
        assert answer.returncode == (1 if problems else 0) == last["exit"]
        for check in last["checks"]:
            assert set(check) == {"name", "status", "detail", "advice"} and check["status"] in STATUSES
            assert check["detail"] and (check["advice"] or check["status"] != "problem")
        return {c["name"]: c for c in last["checks"]}

    return run


@pytest.fixture
def tools(tmp_path):
    """A PATH with a terraform that must never be run."""
    folder = tmp_path / "bin"
    folder.mkdir()
    (folder / "terraform").write_text(f"#!/bin/sh\ntouch {tmp_path}/was-run\n")
    (folder / "terraform").chmod(0o755)
    return folder


def configure(project, **environments):
    path = project / ".fractary/plugins/devops/config.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "environments": environments}))


def test_outside_a_project_it_advises_init(doctor, tmp_path, tools):
    checks = doctor(tmp_path, PATH=tools)
    assert checks["version"]["status"] == checks["plugins"]["status"] == "ok"
    assert checks["project"]["status"] == "warning" and "fractary init" in checks["project"]["advice"]


def test_tools_are_looked_for_and_not_run(doctor, tmp_path, tools):
    checks = doctor(tmp_path, PATH=tools)
    assert checks["tools of iac-terraform"]["detail"] == str(tools / "terraform")
    assert not (tmp_path / "was-run").exists()
    (tools / "terraform").chmod(0o644)
    missing = doctor(tmp_path, PATH=tools)["tools of iac-terraform"]
    if os.geteuid() != 0 or not os.access(tools / "terraform", os.X_OK):
        assert missing["status"] == "problem" and "install terraform or tofu" == missing["advice"]


def test_environments(doctor, project, tools):
    configure(project, test={"class": "test"}, eu={"account": "123456789012"},
              prod={"class": "production", "identities": {"read": {"profile": "p"}, "deploy": {"profile": "q"}}})
    checks = doctor(project, PATH=tools)
    assert checks["environment test: class"]["status"] == "ok"
    assert checks["environment test: account"]["status"] == "warning"
    assert checks["environment eu: class"]["status"] == "warning"
    assert checks["environment eu: account"]["detail"] == "123456789012"
    assert checks["environment prod: account"]["status"] == "problem"
    assert checks["environment prod: identities"]["detail"] == "read, deploy"


def test_handlers(doctor, project, tools):
    path = project / ".fractary/plugins/devops/config.json"
    tree = json.loads(path.read_text())
    tree["handlers"] = {"hosting": "hosting-nimbus"}
    path.write_text(json.dumps(tree))
    checks = doctor(project, PATH=tools)
    assert checks["environment test: hosting handler"]["status"] == "problem"
    assert checks["environment test: iac handler"]["detail"] == "none is configured"


def test_a_broken_configuration(doctor, project, tools):
    (project / ".fractary/plugins/devops/config.json").write_text("{\n\n x")
    check = doctor(project, PATH=tools)["configuration"]
    assert check["status"] == "problem" and "config.json" in check["detail"]


def test_settings_of_a_misspelt_plugin(doctor, project, tools):
    path = project / ".fractary/plugins/devops/config.json"
    config = json.loads(path.read_text())
    config["plugins"] = {"iac-terrafrom": {"directory": "infra"}}
    path.write_text(json.dumps(config))
    check = doctor(project, PATH=tools)["configuration"]
    assert check["status"] == "problem" and "iac-terrafrom" in check["detail"]
    assert "iac-terraform" in check["advice"]


def test_a_folder_open_to_all(doctor, project, tools):
    folder = project / ".fractary/plugins/devops"
    folder.chmod(0o777)
    assert doctor(project, PATH=tools)["folder"]["status"] == "problem"
    folder.chmod(0o755)
    assert doctor(project, PATH=tools)["folder"]["status"] == "ok"


def test_bad_plugins_and_those_of_the_project(doctor, project, manifest, tmp_path, tools):
    place = manifest(tmp_path / "plugins", "spoiled")
    (place / "plugin.json").write_text("{")
    (project / ".fractary/plugins.d").mkdir()
    checks = doctor(project, PATH=tools, FRACTARY_PLUGIN_PATH=tmp_path / "plugins")
    assert checks["plugin spoiled"]["status"] == "warning"
    assert "never loaded" in checks["project plugins"]["detail"]


def test_as_text(run_fractary, tmp_path, tools):
    answer = run_fractary(["doctor"], cwd=tmp_path, env={"PATH": tools})
    assert answer.returncode == 0 and answer.stderr == ""
    assert answer.stdout.startswith("✓ version: fractary ")
    assert "\n    next: " in answer.stdout
    assert answer.stdout.splitlines()[-1].startswith("✓ ")
    (tools / "terraform").unlink()
    failed = run_fractary(["doctor"], cwd=tmp_path, env={"PATH": tools})
    assert failed.returncode == 1
    assert failed.stderr.splitlines()[0].endswith("1 problem, 1 warning")
    quiet = run_fractary(["doctor", "--quiet"], cwd=tmp_path, env={"PATH": tools})
    assert quiet.stdout == "" and quiet.stderr == failed.stderr
