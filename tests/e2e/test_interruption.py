"""Ctrl-C, a reader that goes away, and a fractary that is killed, all in the
middle of an apply."""
import json
import os
import signal
import subprocess
import time

import pytest
from conftest import base_environment
from project import Project, Terminal, processes_of, records, wait_for

# One resource after the other, so that an interruption has something to stop.
SLOW = """
resource "terraform_data" "first" {
  provisioner "local-exec" { command = "echo begun > begun; sleep 3; echo ended > ended" }
}
resource "terraform_data" "second" {
  depends_on = [terraform_data.first]
}
"""
# The same behind a thing that the cloud can be asked for.
WITH_BUCKET = """
provider "aws" {
  s3_use_path_style       = true
  skip_metadata_api_check = true
  max_retries             = 1
}
resource "aws_s3_bucket" "data" { bucket = "interrupted-data" }
resource "terraform_data" "first" {
  depends_on = [aws_s3_bucket.data]
  provisioner "local-exec" { command = "echo begun > begun; sleep 30" }
}
resource "terraform_data" "second" {
  depends_on = [terraform_data.first]
}
"""
# It does not go away by SIGINT alone.
STUBBORN = """
resource "terraform_data" "first" {
  provisioner "local-exec" { command = "trap '' INT; echo begun > begun; sleep 120" }
}
"""


@pytest.fixture
def env(testcloud, terraform_env):
    return {**testcloud.env, **terraform_env}


def start(fractary, project, env):
    terminal = Terminal([fractary, "deploy", "--env", "test"], project.path,
                        {**base_environment(), **env})
    wait_for((project.path / "begun").exists, 60, "the apply to begin")
    return terminal


def state(project):
    path = project.path / "terraform.tfstate"
    return [r["name"] for r in json.loads(path.read_text())["resources"]] if path.exists() else []


def test_ctrl_c_is_passed_on_once_and_waited_for(tmp_path, fractary, env):
    project = Project(tmp_path, SLOW)
    terminal = start(fractary, project, env)
    terminal.type("\x03")
    assert terminal.wait(60) == 130, terminal.text
    # Terraform ends a provisioner's shell and lets what that has started end by itself.
    wait_for(lambda: not processes_of(tmp_path), 10, "the end of all processes")
    assert "second" not in state(project)
    journal = (project.runs()[-1] / "journal.jsonl").read_text()
    assert '"interrupted":true' in journal.replace(" ", "")
    assert not (project.path / ".terraform.tfstate.lock.info").exists()
    registry = {r["address"] for r in project.registry()["resources"]}
    assert registry == {f"terraform_data.{name}" for name in state(project)}
    terminal.close()


def test_an_interrupted_apply_says_how_things_stand(tmp_path, fractary, env, run_fractary):
    project = Project(tmp_path, WITH_BUCKET)
    process = subprocess.Popen([fractary, "deploy", "--env", "test", "--json"], cwd=tmp_path,
                               env={**base_environment(), **env}, stdout=subprocess.PIPE,
                               stdin=subprocess.DEVNULL, start_new_session=True, text=True)
    wait_for((project.path / "begun").exists, 60, "the apply to begin")
    os.kill(process.pid, signal.SIGINT)
    found = records(process.communicate(timeout=60)[0])
    error = found["result"][0]["error"]
    assert process.returncode == 130 and error["status"] == "cancelled"
    assert "execution halted" not in json.dumps(found)  # who interrupted it knows
    assert "1 change ended well, 1 failed" in error["cause"]
    assert "tainted: terraform_data.first." in error["cause"]
    assert "registry was written: it has what the state has, 2 resources" in error["cause"]
    assert "fractary deploy --env test" in error["advice"]
    entries = {r["address"]: r for r in project.registry()["resources"]}
    assert entries["aws_s3_bucket.data"]["status"] == "verified"  # asked all the same
    assert entries["terraform_data.first"]["reason"].startswith("tainted: the next deployment")
    for command in ("status", "resources"):
        shown = run_fractary([command, "--env", "test"], cwd=tmp_path, env=env)
        assert shown.returncode == 0 and "tainted: the next deployment" in shown.stdout
    ended = run_fractary(["teardown", "--env", "test", "--yes"], cwd=tmp_path, env=env)
    assert ended.returncode == 0, ended.stdout + ended.stderr


def test_ctrl_c_twice_ends_it_at_once_and_says_so(tmp_path, fractary, env):
    project = Project(tmp_path, STUBBORN)
    terminal = start(fractary, project, env)
    began = time.monotonic()
    terminal.type("\x03")
    time.sleep(0.7)
    terminal.type("\x03")
    assert terminal.wait(60) == 130, terminal.text
    assert time.monotonic() - began < 45
    assert "again" in terminal.text.lower() or "at once" in terminal.text.lower(), terminal.text
    terminal.close()


def test_a_reader_that_goes_away_does_not_end_the_apply(tmp_path, fractary, env):
    project = Project(tmp_path, SLOW)
    process = subprocess.Popen([fractary, "deploy", "--env", "test", "--json"], cwd=tmp_path,
                               env={**base_environment(), **env}, stdout=subprocess.PIPE,
                               stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
                               start_new_session=True)
    wait_for((project.path / "begun").exists, 60, "the apply to begin")
    process.stdout.close()
    assert process.wait(60) == 0
    assert state(project) == ["first", "second"]
    assert {r["address"] for r in project.registry()["resources"]} == \
        {"terraform_data.first", "terraform_data.second"}


def test_a_killed_fractary_leaves_an_apply_that_ends_well(tmp_path, fractary, env, run_fractary):
    project = Project(tmp_path, SLOW)
    process = subprocess.Popen([fractary, "deploy", "--env", "test"], cwd=tmp_path,
                               env={**base_environment(), **env}, stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL,
                               start_new_session=True)
    wait_for((project.path / "begun").exists, 60, "the apply to begin")
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    wait_for(lambda: not processes_of(tmp_path), 60, "the apply to end")
    assert state(project) == ["first", "second"]
    again = run_fractary(["deploy", "--env", "test"], cwd=tmp_path, env=env)
    assert again.returncode == 0, again.stdout + again.stderr
    assert len(project.registry()["resources"]) == 2


def warnings(answer):
    return [r["message"] for r in records(answer.stdout).get("log", [])
            if r.get("level") == "warning"]


def test_a_killed_run_is_told_once_and_kept_in_the_history(tmp_path, fractary, env, run_fractary):
    project = Project(tmp_path, SLOW)
    process = subprocess.Popen([fractary, "deploy", "--env", "test"], cwd=tmp_path,
                               env={**base_environment(), **env}, stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL,
                               start_new_session=True)
    wait_for((project.path / "begun").exists, 60, "the apply to begin")
    run = project.runs()[-1].name
    going = run_fractary(["preview", "--env", "prod", "--json"], cwd=tmp_path, env=env)
    assert not any(run in text for text in warnings(going))  # another environment's affair
    going = run_fractary(["status", "--env", "test", "--json"], cwd=tmp_path, env=env)
    assert any(run in text and "still goes on" in text and f"process {process.pid}" in text
               for text in warnings(going)), going.stdout
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    wait_for(lambda: not processes_of(tmp_path), 60, "the apply to end")
    told = run_fractary(["status", "--env", "test", "--json"], cwd=tmp_path, env=env)
    assert told.returncode == 1  # the registry knows nothing of what was made
    assert any(run in text and "never ended" in text and "unknown" in text
               for text in warnings(told)), told.stdout
    again = run_fractary(["deploy", "--env", "test", "--json"], cwd=tmp_path, env=env)
    assert again.returncode == 0 and not any(run in text for text in warnings(again))
    lines = project.history()
    assert [(line["run"] == run, line.get("outcome")) for line in lines] == \
        [(True, "unknown"), (False, None)]
    assert lines[0]["action"] == "deploy" and lines[0]["ok"] is False
    assert not list((project.folder / "runs").rglob("unfinished.json"))
    good = run_fractary(["status", "--env", "test"], cwd=tmp_path, env=env)
    assert good.returncode == 0, good.stdout + good.stderr


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_other_signals_reach_the_child_once(tmp_path, fractary, env, number):
    project = Project(tmp_path, SLOW)
    process = subprocess.Popen([fractary, "deploy", "--env", "test"], cwd=tmp_path,
                               env={**base_environment(), **env}, stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL,
                               start_new_session=True)
    wait_for((project.path / "begun").exists, 60, "the apply to begin")
    os.kill(process.pid, number)
    assert process.wait(60) == 130
    assert not processes_of(tmp_path) and "second" not in state(project)
