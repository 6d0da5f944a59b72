"""What an agent says, and how its command ends: by a mock agent that says what it is told."""
import json
import os
import subprocess

import pytest
from conftest import base_environment
from fixtures import at_terminal, project, records, result, speaker  # noqa: F401


@pytest.fixture
def say(run_fractary, speaker):
    def run(*args, **more):
        env = {"FRACTARY_PLUGIN_PATH": speaker, **more.pop("env", {})}
        return run_fractary(["say", *args], env=env, **more)

    return run


def test_options_are_typed_and_defaults_are_filled_in(say):
    assert say("--text", "hi", "one", "two").stdout == "· hi\n· one\n· two\n✓ say: done\n"
    assert say("--status", "x").returncode == 2
    bad = say("--mood", "godo")
    assert bad.returncode == 2
    assert bad.stderr == ('error: --mood does not take "godo"\n'
                          "  why: allowed are good, bad\n  next: did you mean good?\n")


@pytest.mark.parametrize("status, code, name", [
    (-1, 1, "failed"), (-2, 2, "invalid"), (-5, 1, "not-found"), (-8, 130, "cancelled"), (-9, 1, "deadline"),
    (-12, 3, "refused"), (-13, 4, "unconfirmed"), (-14, 5, "denied"), (-15, 6, "missing"), (-16, 2, "config"),
    (-17, 5, "auth"), (-18, 1, "busy"), (-19, 1, "unavailable")])
def test_every_status_has_its_exit_code(say, status, code, name):
    answer = say(f"--status={status}", "--error", "it did not go well")
    assert answer.returncode == code
    assert answer.stderr == "error: it did not go well\n"
    last = result(say(f"--status={status}", "--error", "no", "--json").stdout)
    assert (last["ok"], last["exit"], last["error"]["status"]) == (False, code, name)


def test_nothing_to_do_is_no_failure(say):
    answer = say("--status=-21", "--error", "there is nothing to do")
    assert (answer.returncode, answer.stderr) == (7, "")
    last = result(say("--status=-21", "--json").stdout)
    assert last["ok"] and last["exit"] == 7 and "error" not in last


def test_an_unknown_status_is_a_breach_of_protocol(say):
    for status in (5, -99):
        answer = say(f"--status={status}", "--json")
        assert answer.returncode == 1
        assert result(answer.stdout)["error"]["status"] == "protocol"


def test_a_failure_without_a_word_gets_one(say):
    answer = say("--status=-12")
    assert answer.returncode == 3
    assert answer.stderr.startswith("error: ") and len(answer.stderr) > 20


def test_what_a_plugin_prints_is_caught(say):
    answer = say("hello", "--print")
    assert answer.returncode == 0
    assert "· hello\n" in answer.stdout
    assert "! cli-speaker wrote 18 bytes to standard output itself: printed to output" in answer.stdout
    as_json = say("hello", "--print", "--json")
    told = [r["message"] for r in records(as_json.stdout) if r.get("level") == "warning"]
    assert any("printed to output" in m for m in told)
    assert as_json.stderr in ("", "printed to error\n")  # with AddressSanitizer it stays there


def test_records_are_stamped_and_in_order(say):
    parsed = records(say("a", "b", "--json").stdout)
    assert [r["message"] for r in parsed[1:-1]] == ["a", "b"]
    assert [r["seq"] for r in parsed] == [1, 2, 3, 4]
    assert [r["source"] for r in parsed] == ["core", "cli-speaker", "cli-speaker", "core"]
    assert parsed[-1]["command"] == "say"


@pytest.mark.parametrize("record", [
    '{"type":"result","message":"x"}', '{"type":"log"}', '{"message":"x"}', "[]", "{", "",
    '{"type":"log","message":"x"} more'])
def test_bad_records_are_refused(say, record):
    answer = say(f"--record={record}", "--json")
    assert answer.returncode == 1
    assert result(answer.stdout)["error"]["status"] == "protocol"


def test_records_cannot_steer_the_terminal(say):
    record = json.dumps({"type": "diagnostic", "severity": "warning", "summary": "\x1b]0;title\x07",
                         "detail": "\x1b[2J\u009b31m\u202e", "message": "x"})
    answer = say(f"--record={record}")
    assert "\x1b" not in answer.stdout and "\u009b" not in answer.stdout and "\u202e" not in answer.stdout
    assert r"\x1b]0;title\x07" in answer.stdout


def test_errors_cannot_steer_the_terminal(say):
    answer = say("--status=-1", "--error", "\x1b[31mred")
    assert answer.stderr == "error: \\x1b[31mred\n"


def test_quiet_says_the_outcome_only(say):
    assert say("hello", "--quiet").stdout == "✓ say: done\n"
    assert say("--resources", "20", "--quiet").stdout == "✓ 20 resources: 18 verified, 2 missing\n"


def test_resources_are_a_sorted_table(say):
    lines = say("--resources", "12").stdout.splitlines()
    assert lines[0] == "ADDRESS                   TYPE        STATUS    NAME"
    addresses = [line.split()[0] for line in lines[1:13]]
    assert addresses == sorted(addresses) and len(addresses) == 12
    assert lines[10].split()[2] == "missing"
    assert lines[13].startswith("✓ 12 resources: 11 verified, 1 missing")


def test_ten_thousand_resources(say):
    lines = say("--resources", "10000").stdout.splitlines()
    assert len(lines) == 10002
    parsed = records(say("--resources", "10000", "--json").stdout)
    assert sum(r["type"] == "resource" for r in parsed) == 10000
    assert [r["seq"] for r in parsed] == list(range(1, 10003))


@pytest.mark.parametrize("args", [["--resources", "5000"], ["--resources", "5000", "--json"],
                                  ["--resources", "5000", "--status=-12", "--error", "no"]])
def test_a_reader_that_goes_away_changes_nothing(fractary, speaker, args):
    env = {**base_environment(), "FRACTARY_PLUGIN_PATH": str(speaker)}
    process = subprocess.Popen([fractary, "say", *args], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=env)
    process.stdout.close()
    assert process.wait(20) == (3 if "--status=-12" in args else 0)
    process.stderr.close()


# --------------------------------------------------------------- environments


def where(run_fractary, speaker, project, *args):
    return run_fractary(["speak", "where", *args], cwd=project, env={"FRACTARY_PLUGIN_PATH": speaker})


def test_the_default_environment_is_test(run_fractary, speaker, project):
    assert "· call says test, option says test\n" in where(run_fractary, speaker, project).stdout


@pytest.mark.parametrize("args", [["--env", "prod"], ["--env=prod"]])
def test_an_environment_is_named(run_fractary, speaker, project, args):
    assert "· call says prod, option says prod\n" in where(run_fractary, speaker, project, *args).stdout


def test_an_unknown_environment(run_fractary, speaker, project):
    answer = where(run_fractary, speaker, project, "--env", "tset")
    assert answer.returncode == 2
    assert "tset" in answer.stderr and "test" in answer.stderr.split("tset", 1)[1]


def configure(project, **members):
    path = project / ".fractary/plugins/devops/config.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **members}))


def test_production_is_never_the_default(run_fractary, speaker, project):
    """Not by configuration, and not by the name that is meant without one."""
    configure(project, default_environment="prod")
    refused = where(run_fractary, speaker, project)
    assert refused.returncode == 2 and refused.stdout == "" and "production" in refused.stderr
    configure(project, default_environment="test", environments={"test": {}})
    path = project / ".fractary/plugins/devops/config.json"
    tree = json.loads(path.read_text())
    del tree["default_environment"]
    tree["environments"] = {"test": {"class": "production"}}
    path.write_text(json.dumps(tree))
    answer = where(run_fractary, speaker, project)
    assert answer.returncode == 2 and answer.stdout == ""
    assert "production" in answer.stderr and "--env test" in answer.stderr
    assert where(run_fractary, speaker, project, "--env", "test").returncode == 0


def test_an_unclassified_default_counts_as_production(run_fractary, speaker, project):
    configure(project, default_environment="eu", environments={"eu": {}})
    answer = where(run_fractary, speaker, project)
    assert answer.returncode == 2 and "production" in answer.stderr


def test_no_default_and_none_named(run_fractary, speaker, project):
    configure(project, environments={"eu": {}, "us": {}})
    answer = where(run_fractary, speaker, project)
    assert answer.returncode == 2
    assert answer.stderr.startswith('error: no environment is named, and the project has none called "test"\n')
    assert "eu, us" in answer.stderr and "--env" in answer.stderr


def test_a_broken_configuration(run_fractary, speaker, project):
    path = project / ".fractary/plugins/devops/config.json"
    path.write_text('{"version": 1,\n  "project": }')
    answer = where(run_fractary, speaker, project)
    assert answer.returncode == 2 and answer.stdout == ""
    assert "config.json" in answer.stderr and "line 2" in answer.stderr.replace(":2:", " line 2 ")


# -------------------------------------------------------------------- the run


def runs(project):
    folder = project / ".fractary/plugins/devops/runs"
    return sorted(folder.iterdir()) if folder.exists() else []


def test_a_run_keeps_its_journal(run_fractary, speaker, project):
    answer = where(run_fractary, speaker, project, "--json")
    (run,) = runs(project)
    assert os.stat(run).st_mode & 0o777 == 0o700
    journal = [json.loads(line) for line in (run / "journal.jsonl").read_text().splitlines()]
    assert os.stat(run / "journal.jsonl").st_mode & 0o777 == 0o600
    shown = records(answer.stdout)
    assert journal == [r for r in shown if r["type"] != "stream"]
    assert journal[-1]["type"] == "result" and journal[-1]["run"] == run.name


def test_a_command_that_keeps_nothing_leaves_nothing(say, project):
    assert say("hello", cwd=project).returncode == 0
    assert runs(project) == []


# ---------------------------------------------------------------- disputed names


def rename(speaker, name, group, top):
    """A second agent whose manifest is the speaker's, with other names."""
    place = speaker / name
    place.mkdir()
    (place / f"{name}.so").write_bytes(b"")
    tree = json.loads((speaker / "cli-speaker/plugin.json").read_text())
    tree.update(id=name, library=f"{name}.so", group={"name": group, "summary": "Another"})
    tree["commands"][0]["top_level"] = top
    (place / "plugin.json").write_text(json.dumps(tree))


def test_of_two_claimants_neither_gets_the_name(say, run_fractary, speaker):
    rename(speaker, "rival", "other", "say")
    answer = say("hello")
    assert answer.returncode == 2
    assert "both cli-speaker and rival claim the name" in answer.stderr
    full = run_fractary(["speak", "say-anything", "hello"], env={"FRACTARY_PLUGIN_PATH": speaker})
    assert full.returncode == 0 and "· hello" in full.stdout


def test_the_core_keeps_its_names(run_fractary, speaker):
    rename(speaker, "rival", "plugin", "doctor")
    env = {"FRACTARY_PLUGIN_PATH": speaker}
    assert run_fractary(["plugin", "list"], env=env).returncode == 0
    assert "version" in run_fractary(["doctor"], env=env).stdout


# -------------------------------------------------------------------- terminals


def at(at_terminal, speaker, *args, **more):
    env = {"FRACTARY_PLUGIN_PATH": speaker, **more.pop("env", {})}
    terminal = at_terminal(["say", *args], env=env, **more)
    assert terminal.wait() == 0
    return terminal.text.replace("\r\n", "\n")


def test_colours_on_a_terminal_only(at_terminal, speaker, say):
    assert "\x1b[32m✓\x1b[0m" in at(at_terminal, speaker, "--resources", "3")
    assert "\x1b" not in say("--resources", "3").stdout


@pytest.mark.parametrize("args, env", [(["--no-color"], {}), ([], {"NO_COLOR": "1"}), ([], {"TERM": "dumb"}),
                                       ([], {"TERM": None})])
def test_no_colours_when_they_are_not_wanted(at_terminal, speaker, args, env):
    text = at(at_terminal, speaker, "--resources", "3", *args, env=env)
    assert "\x1b[3" not in text and "3 resources" in text


def test_ascii_outside_utf8(at_terminal, speaker):
    text = at(at_terminal, speaker, "--resources", "3", env={"LC_ALL": "C", "NO_COLOR": "1"})
    assert "\n+ 3 resources" in text and text.isascii()


@pytest.mark.parametrize("columns", [20, 40, 60, 80, 120])
def test_everything_fits_the_width(at_terminal, speaker, columns):
    text = at(at_terminal, speaker, "--resources", "15", "several words that need more than one line",
              columns=columns, env={"NO_COLOR": "1"})
    lines = [line.replace("\r\x1b[K", "") for line in text.split("\n")]
    assert max(map(len, lines)) <= columns
