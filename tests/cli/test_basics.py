"""Version, help, wrong command lines, and what every command can do."""
import json
import os
import subprocess

import pytest
from conftest import base_environment
from fixtures import at_terminal, golden, project, records, result, speaker  # noqa: F401

COMMANDS = ["init", "doctor", "completion", "help", "plugin list", "plugin info", "validate", "preview", "deploy",
            "resources", "status", "teardown", "infra-manage validate-config",
            "infra-manage preview-changes", "infra-manage deploy", "infra-manage show-resources",
            "infra-manage check-status", "infra-manage teardown"]


@pytest.fixture(scope="session")
def version(source):
    return (source / "VERSION").read_text().strip()


def test_version(run_fractary, version):
    answer = run_fractary(["--version"])
    assert (answer.returncode, answer.stdout, answer.stderr) == (0, f"fractary {version}\n", "")


@pytest.mark.parametrize("args", [["--version", "--json"], ["deploy", "--json", "--version"]])
def test_version_as_json(run_fractary, version, args):
    answer = run_fractary(args)
    assert answer.returncode == 0
    assert result(answer.stdout)["version"] == version


def test_version_behind_two_dashes_is_an_argument(run_fractary):
    assert run_fractary(["help", "--", "--version"]).returncode == 2


@pytest.mark.parametrize("columns", [80, 40])
@pytest.mark.parametrize("name, args", [
    ("help", []), ("help-deploy", ["deploy", "--help"]), ("help-plugin", ["plugin", "--help"]),
    ("help-infra-manage", ["infra-manage", "--help"]), ("help-init", ["help", "init"])])
def test_help(run_fractary, golden, version, name, args, columns):
    answer = run_fractary(args, env={"COLUMNS": columns})
    assert answer.returncode == 0 and answer.stderr == ""
    golden(f"{name}-{columns}.txt", answer.stdout.replace(version, "VERSION"))


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_an_example(run_fractary, command):
    answer = run_fractary([*command.split(), "--help"])
    assert answer.returncode == 0 and answer.stderr == ""
    assert "Usage: fractary " in answer.stdout
    assert "\nExample" in answer.stdout
    for option in ("--json", "--quiet", "--no-color", "--project DIR", "--help", "--version"):
        assert option in answer.stdout


@pytest.mark.parametrize("command", COMMANDS)
def test_help_is_there_as_json(run_fractary, command):
    answer = run_fractary([*command.split(), "--help", "--json"])
    assert answer.returncode == 0 and answer.stderr == ""
    last = result(answer.stdout)
    assert last["ok"] and last["exit"] == 0
    assert len(last["commands"]) == 1 and last["commands"][0]["usage"].startswith("fractary ")


@pytest.mark.parametrize("args, message, following", [
    (["deplyo"], 'there is no command "deplyo"', "did you mean deploy?"),
    (["infra-manage", "deplyo"], 'there is no command "deplyo"', "did you mean deploy?"),
    (["plugin"], "fractary plugin needs a command", "fractary plugin --help"),
    (["plugin", "lst"], 'there is no command "lst"', "did you mean list?"),
    (["deploy", "--enf", "test"], "fractary deploy has no option --enf", "did you mean --env?"),
    (["deploy", "--env"], "--env needs a value", "write --env=NAME"),
    (["deploy", "--env", "--ask"], "--env needs a value", "write --env=--ask"),
    (["deploy", "--ask=1"], "--ask is a flag and takes no value", "fractary deploy --help"),
    (["deploy", "test"], 'fractary deploy does not take "test"', "fractary deploy --help"),
    (["deploy", "--env", "a", "--env", "b"], "--env is given twice", "fractary deploy --help"),
    (["--enf", "deploy"], "there is no option --enf before a command", "fractary --help"),
    (["doctor", "--json=x"], "--json takes no value", "leave out"),
    (["doctor", "--project"], "--project needs a value", "--project DIR"),
    (["completion", "tcsh"], '<shell> does not take "tcsh"', "bash"),
    (["completion"], "the argument <shell> is missing", "--help"),
    (["reference", "html"], '<form> does not take "html"', ""),
    (["plugin", "info"], "the argument <id> is missing", "--help"),
])
def test_wrong_command_lines(run_fractary, args, message, following):
    answer = run_fractary(args)
    assert answer.returncode == 2
    if "--json=x" not in args:
        assert answer.stdout == ""
        lines = answer.stderr.splitlines()
        assert lines[0] == f"error: {message}"
        assert lines[-1].startswith("  next: ") and following in lines[-1]
    as_json = run_fractary([*args, "--json"])
    assert as_json.returncode == 2 and as_json.stderr == ""
    last = result(as_json.stdout)
    assert (last["ok"], last["exit"], last["error"]["status"]) == (False, 2, "invalid")
    assert last["error"]["message"] == message and following in last["error"]["advice"]


def test_what_is_not_utf8_is_refused(fractary, run_fractary):
    process = subprocess.run([fractary, "deploy", b"--env=\xff"], env=base_environment(),
                             capture_output=True, timeout=20)
    assert process.returncode == 2
    assert b"--env has a value that is not UTF-8" in process.stderr


def test_outside_a_project(run_fractary, tmp_path):
    answer = run_fractary(["deploy"], cwd=tmp_path)
    assert answer.returncode != 0 and answer.stdout == ""
    assert answer.stderr.startswith("error: ") and "fractary init" in answer.stderr


def test_project_names_the_folder(run_fractary, project, tmp_path):
    below = project / "a/b"
    below.mkdir(parents=True)
    for args in (["--project", below], [f"--project={below}"], ["--project", os.path.relpath(below, tmp_path)]):
        answer = run_fractary(["doctor", "--json", *args], cwd=tmp_path)
        checks = {c["name"]: c for c in result(answer.stdout)["checks"]}
        assert checks["project"]["detail"] == str(project)


def test_json_is_only_json(run_fractary, tmp_path):
    for args in (["plugin", "list"], ["doctor"], ["init", "--dry-run"], ["help"], ["completion", "bash"],
                 ["reference", "markdown"], ["nonsense"], ["deploy"], ["plugin", "info", "nonsense"]):
        answer = run_fractary([*args, "--json"], cwd=tmp_path)
        assert answer.stderr == "", args
        last = result(answer.stdout)
        assert last["exit"] == answer.returncode, args
        assert last["ok"] == ("error" not in last), args
        for record in records(answer.stdout):
            assert {"type", "message", "seq", "time", "source"} <= set(record), args


def test_seq_counts_and_time_is_utc(run_fractary):
    parsed = records(run_fractary(["doctor", "--json"]).stdout)
    assert [r["seq"] for r in parsed] == list(range(1, len(parsed) + 1))
    assert all(r["time"].endswith("Z") and r["source"] == "core" for r in parsed)


@pytest.mark.parametrize("closed", [(0,), (1,), (2,), (0, 1, 2)])
def test_closed_descriptors_are_not_taken_by_files(fractary, closed, speaker):
    def close():
        for descriptor in closed:
            os.close(descriptor)

    env = {**base_environment(), "FRACTARY_PLUGIN_PATH": str(speaker)}
    process = subprocess.run([fractary, "say", "hello", "--print"], env=env, preexec_fn=close, timeout=20,
                             stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.returncode == 0
    if 1 not in closed:
        assert b"hello" in process.stdout


def test_a_full_disk_is_said(fractary):
    with open("/dev/full", "w") as full:
        process = subprocess.run([fractary, "plugin", "list"], stdout=full, stderr=subprocess.PIPE,
                                 env=base_environment(), text=True, timeout=20)
        assert process.returncode == 1
        assert process.stderr.startswith("error: the output could not be written\n  why: No space left")
        assert subprocess.run([fractary, "--version"], stdout=full, timeout=20).returncode == 1


def test_a_result_fits_one_line(run_fractary):
    """Line feeds inside texts must not break the stream."""
    text = run_fractary(["completion", "bash", "--json"]).stdout
    assert len(text.splitlines()) == 2
    assert json.loads(text.splitlines()[1])["script"].count("\n") > 10
