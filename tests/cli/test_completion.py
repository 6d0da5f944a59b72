"""Completion scripts and the reference, made from the tables of commands."""
import subprocess

import pytest
from conftest import base_environment
from fixtures import project, result, speaker  # noqa: F401

ASK = """
source /dev/stdin
COMP_WORDS=({words})
COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1))
_fractary
printf '%s\\n' "${{COMPREPLY[@]}}"
"""


@pytest.fixture
def complete(run_fractary, fractary):
    """complete("deploy --e") -> what bash offers."""
    script = run_fractary(["completion", "bash"]).stdout

    def ask(line, cwd=None):
        words = " ".join(f"'{word}'" for word in ["fractary", *line.split(" ")])
        env = {**base_environment()}
        env["PATH"] = f"{fractary.rpartition('/')[0]}:{env['PATH']}"
        answer = subprocess.run(["bash", "--norc", "-c", ASK.format(words=words)], input=script, text=True,
                                capture_output=True, env=env, cwd=cwd, timeout=20)
        assert answer.returncode == 0 and answer.stderr == "", answer.stderr
        return answer.stdout.split()

    return ask


def test_commands(complete):
    assert {"init", "doctor", "deploy", "plugin", "infra-manage", "--help"} <= set(complete(""))
    assert complete("dep") == ["deploy"]
    assert complete("plugin ") == ["list", "info", "--help"]
    assert complete("infra-manage te") == ["teardown"]
    assert complete("refer") == []


def test_options(complete):
    assert complete("deploy --as") == ["--ask"]
    assert complete("infra-manage preview-changes --des") == ["--destroy"]
    assert {"--json", "--env", "--project"} <= set(complete("deploy --"))


def test_values(complete, project):
    assert complete("completion b") == ["bash"]
    assert complete("deploy --env p", cwd=project) == ["prod"]
    assert complete("deploy --env = p", cwd=project) == ["prod"]
    assert set(complete("deploy --env ", cwd=project)) == {"test", "stage", "prod"}


def test_environments_are_silent_outside_a_project(complete, tmp_path):
    assert complete("deploy --env p", cwd=tmp_path) == []


@pytest.mark.parametrize("shell, check", [("bash", ["bash", "-n"]), ("zsh", ["zsh", "-n"]),
                                          ("fish", ["fish", "--no-execute"])])
def test_scripts_are_well_formed(run_fractary, shell, check, tmp_path):
    answer = run_fractary(["completion", shell])
    assert answer.returncode == 0 and "deploy" in answer.stdout
    path = tmp_path / "script"
    path.write_text(answer.stdout)
    if subprocess.run(["sh", "-c", f"command -v {check[0]}"], capture_output=True).returncode != 0:
        return  # what can be said without the shell was said
    assert subprocess.run([*check, str(path)], capture_output=True, timeout=20).stderr == b""


def test_third_parties_are_completed(run_fractary, speaker):
    script = run_fractary(["completion", "fish"], env={"FRACTARY_PLUGIN_PATH": speaker}).stdout
    assert "-a say -d 'Say records, then end'" in script


# ------------------------------------------------------------------- reference


@pytest.mark.parametrize("path, args", [
    ("docs/reference/commands.md", ["reference", "markdown"]),
    ("packaging/man/fractary.1", ["reference", "man"]),
    ("packaging/completions/fractary", ["completion", "bash"]),
    ("packaging/completions/_fractary.zsh", ["completion", "zsh"]),
    ("packaging/completions/fractary.fish", ["completion", "fish"])])
def test_what_is_kept_is_what_is_made(run_fractary, source, path, args):
    made = run_fractary(args).stdout
    assert made == (source / path).read_text(), "renew it: packaging/renew"


def test_every_command_is_in_the_reference(run_fractary):
    text = run_fractary(["reference", "markdown"]).stdout
    tables = result(run_fractary(["help", "--json"]).stdout)["commands"]
    assert len(tables) >= 12
    for table in tables:
        assert table["usage"] in text
        for option in table.get("options", []):
            assert option.get("hidden") or f"`--{option['name']}" in text


def test_the_manual_page(run_fractary):
    text = run_fractary(["reference", "man"]).stdout
    assert text.startswith(".TH FRACTARY 1") and ".SH EXIT STATUS" in text
    answer = subprocess.run(["sh", "-c", "command -v man >/dev/null && man -l --warnings=all -Tutf8 - >/dev/null"],
                            input=text, text=True, capture_output=True, timeout=30)
    assert answer.stderr == ""


def test_exit_codes_are_documented(run_fractary, source):
    page = (source / "docs/reference/exit-codes.md").read_text()
    for code in (0, 1, 2, 3, 4, 5, 6, 7, 130):
        assert f"| {code} |" in page
