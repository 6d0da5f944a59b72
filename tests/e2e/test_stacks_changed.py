"""--changed: the stacks whose code has changed, by git, in real repositories."""
import json
import os
import subprocess

import pytest
from conftest import base_environment
from project import Project, configuration, records

RESOURCE = 'resource "terraform_data" "{}" {{ input = "v1" }}\n'


def git(folder, *words):
    names = {"GIT_AUTHOR_NAME": "Test", "GIT_AUTHOR_EMAIL": "test@example.org",
             "GIT_COMMITTER_NAME": "Test", "GIT_COMMITTER_EMAIL": "test@example.org"}
    done = subprocess.run(["git", *words], cwd=folder, env={**base_environment(), **names},
                          capture_output=True, text=True, check=True, timeout=60)
    return done.stdout.strip()


def commit(project, message="a change"):
    git(project.path, "add", "--all")
    git(project.path, "commit", "--quiet", "--message", message)
    return git(project.path, "rev-parse", "HEAD")


def configured():
    config = configuration()
    config["plugins"] = {}
    config["stacks"] = {
        "web": {"directory": "web", "depends_on": ["app"]},
        "app": {"directory": "live/{environment}/app", "depends_on": ["net"],
                "plugins": {"iac-terraform": {"var_files": ["../../../vars/app.tfvars"]}}},
        "net": {"directory": "net"},
        "dns": {"directory": "dns"},
    }
    return config


@pytest.fixture
def project(tmp_path):
    """net and app call modules/tags; web depends on app, app on net, dns on nothing."""
    path = tmp_path / "shop"
    path.mkdir()
    made = Project(path, "", configured())
    (path / "main.tf").unlink()
    call = 'module "tags" { source = "%s/modules/tags" }\n'
    for folder, code in (("web", ""), ("live/test/app", call % "../../.."), ("net", call % ".."), ("dns", ""),
                         ("modules/tags", ""), ("modules/unused", "")):
        (path / folder).mkdir(parents=True)
        made.write(f"{folder}/main.tf", RESOURCE.format(path.joinpath(folder).name) + code)
    (path / "vars").mkdir()
    made.write("vars/app.tfvars", "")
    made.write("vars/prod.tfvars", "")
    made.write(".gitignore", ".terraform/\n.fractary/plugins/devops/runs/\n")
    git(path, "init", "--quiet", "--initial-branch", "main")
    commit(made, "the beginning")
    return made


@pytest.fixture
def changed(run_fractary, terraform_env):
    """changed(project, *more) -> names of the stacks that validate --changed is for, and the answer."""
    def run(project, *more, env=None, command="validate"):
        answer = run_fractary([command, "--changed", "--json", *more], cwd=project.path,
                              env={**terraform_env, **(env or {})})
        result = records(answer.stdout)["result"][0]
        return [s["stack"] for s in result.get("stacks", [])], result, answer
    return run


def logs(answer):
    return [r["message"] for r in records(answer.stdout).get("log", [])]


def test_nothing_has_changed(project, changed, run_fractary, terraform_env):
    names, result, answer = changed(project, "--since", "HEAD")
    head = git(project.path, "rev-parse", "HEAD")
    assert answer.returncode == 0 and result["stacks"] == []
    assert result["message"] == f"no stack has changed since HEAD ({head[:12]})"
    assert result["since"] == {"name": "HEAD", "commit": head}
    assert "stack" not in records(answer.stdout)
    assert not project.runs()
    told = run_fractary(["deploy", "--changed", "--since", "HEAD", "--detailed-exitcode"], cwd=project.path,
                        env=terraform_env)
    assert told.returncode == 7, told.stderr
    assert "no stack has changed since HEAD" in told.stdout


@pytest.mark.parametrize("file, expected", [
    ("web/main.tf", ["web"]),
    ("web/new.tf", ["web"]),
    ("web/templates/motd.txt", ["web"]),
    ("modules/tags/main.tf", ["net", "app"]),
    ("modules/tags/files/x.json", ["net", "app"]),
    ("vars/app.tfvars", ["app"]),
    ("web/.terraform.lock.hcl", ["web"]),
    ("web/some.auto.tfvars", ["web"]),
    (".fractary/plugins/devops/config.json", ["net", "app", "web", "dns"]),
    ("modules/unused/main.tf", []),
    ("vars/prod.tfvars", []),
    ("live/prod/app/main.tf", []),
    ("web/README.md", []),
    ("web/terraform.tfstate", []),
    ("notes.txt", []),
])
def test_what_a_file_belongs_to(project, changed, file, expected):
    path = project.path / file
    path.parent.mkdir(parents=True, exist_ok=True)
    before = path.read_text() if path.exists() else ""
    path.write_text(json.dumps({**json.loads(before), "$schema": "x"}) if file.endswith("config.json")
                    else before + ("{}" if file.endswith("tfstate") else "# changed\n"))
    names, _, answer = changed(project, "--since", "HEAD")
    assert sorted(names) == sorted(expected), answer.stdout
    assert answer.returncode == 0, answer.stdout


def test_committed_staged_unstaged_and_untracked_files_count(project, changed):
    start = git(project.path, "rev-parse", "HEAD")
    project.write("web/main.tf", RESOURCE.format("committed"))
    commit(project)
    project.write("dns/main.tf", RESOURCE.format("staged"))
    git(project.path, "add", "dns/main.tf")
    project.write("net/main.tf", RESOURCE.format("unstaged"))
    project.write("live/test/app/untracked.tf", RESOURCE.format("untracked"))
    assert sorted(changed(project, "--since", start)[0]) == ["app", "dns", "net", "web"]
    assert sorted(changed(project, "--since", "HEAD")[0]) == ["app", "dns", "net"]


def test_a_file_that_is_gone_counts(project, changed):
    (project.path / "modules/tags/old.tf").write_text("")
    (project.path / "web/old.tf").write_text("")
    commit(project)
    (project.path / "modules/tags/old.tf").unlink()
    assert sorted(changed(project, "--since", "HEAD")[0]) == ["app", "net"]


def test_what_depends_on_it_is_named_and_not_run(project, changed):
    project.write("net/main.tf", RESOURCE.format("other"))
    names, _, answer = changed(project, "--since", "HEAD")
    assert names == ["net"]
    said = logs(answer)
    assert any(line.startswith("changed since HEAD") and line.endswith(": net") for line in said), said
    assert any("app and web depend on what has changed and are not run" in line for line in said), said


def test_a_change_of_the_configuration_is_said(project, changed):
    config = configured()
    config["project"]["subsystem"] = "front"
    project.configure(config)
    names, _, answer = changed(project, "--since", "HEAD")
    assert len(names) == 4
    assert any("config.json has changed since HEAD" in line and "all stacks" in line for line in logs(answer))


def test_links_and_files_named_by_path(project, changed):
    (project.path / "shared").mkdir()
    project.write("shared/providers.tf", "# one\n")
    project.write("shared/policy.json", "{}")
    (project.path / "dns/providers.tf").symlink_to("../shared/providers.tf")
    project.write("web/main.tf", 'resource "terraform_data" "web" {\n'
                  '  input = "${file("${path.module}/../shared/policy.json")}"\n}\n')
    commit(project)
    project.write("shared/providers.tf", "# two\n")
    assert changed(project, "--since", "HEAD")[0] == ["dns"]
    project.write("shared/policy.json", "[]")
    assert sorted(changed(project, "--since", "HEAD")[0]) == ["dns", "web"]


def test_a_name_with_anything_in_it(project, changed):
    project.write("web/\u00e4 \"b\"\n.txt", "x")
    assert changed(project, "--since", "HEAD")[0] == ["web"]


def test_modules_beside_the_project(tmp_path, changed):
    repository = tmp_path / "repository"
    (repository / "modules/vpc").mkdir(parents=True)
    (repository / "modules/vpc/main.tf").write_text(RESOURCE.format("vpc"))
    (repository / "infra").mkdir()
    made = Project(repository / "infra", 'module "vpc" { source = "../modules/vpc" }\n')
    git(repository, "init", "--quiet", "--initial-branch", "main")
    commit(made)
    assert changed(made, "--since", "HEAD")[0] == []
    (repository / "modules/vpc/main.tf").write_text(RESOURCE.format("other"))
    link = tmp_path / "link"
    link.symlink_to(repository)
    made.path = link / "infra"
    assert changed(made, "--since", "HEAD")[0] == ["default"]


# ------------------------------------------------------------------------ since what


@pytest.fixture
def clone(project, tmp_path):
    """clone(*options): a clone of the project, as CI makes one."""
    def make(*options):
        path = tmp_path / "clone"
        git(tmp_path, "clone", "--quiet", *options, f"file://{project.path}", str(path))
        made = Project.__new__(Project)
        made.path, made.folder = path, path / ".fractary/plugins/devops"
        return made
    return make


def test_since_the_merge_base(project, changed, clone):
    """What main got after the branch left it is no change of the branch."""
    here = clone()
    git(here.path, "switch", "--quiet", "--create", "feature")
    here.write("web/main.tf", RESOURCE.format("feature"))
    commit(here)
    project.write("dns/main.tf", RESOURCE.format("main"))
    commit(project)
    git(here.path, "fetch", "--quiet")
    names, result, _ = changed(here)
    assert names == ["web"]
    assert result["since"]["name"] == "the merge base with origin/HEAD"
    git(here.path, "remote", "set-head", "origin", "--delete")
    assert changed(here)[1]["since"]["name"] == "the merge base with origin/main"
    assert sorted(changed(here, "--since", "origin/main")[0]) == ["dns", "web"]


def test_on_the_default_branch_its_last_commit_counts(project, changed, clone):
    project.write("dns/main.tf", RESOURCE.format("two"))
    commit(project)
    here = clone()
    names, result, _ = changed(here)
    assert names == ["dns"] and result["since"]["name"] == "the commit before HEAD"


def test_the_first_commit_of_all(project, changed, clone):
    names, result, _ = changed(clone())
    assert len(names) == 4 and result["since"]["name"] == "the beginning"


def fails(answer, code, *said):
    error = records(answer.stdout)["result"][0]["error"]
    assert answer.returncode == code, answer.stdout
    whole = " ".join(error[key] or "" for key in ("message", "cause", "advice"))
    for text in said:
        assert text in whole, whole
    return error


def test_a_shallow_clone_says_what_to_fetch(project, changed, clone):
    first = git(project.path, "rev-parse", "HEAD")
    project.write("dns/main.tf", RESOURCE.format("two"))
    commit(project)
    here = clone("--depth", "1")
    fails(changed(here)[2], 2, "commit before HEAD", "git fetch --depth=2", "fetch-depth: 0")
    fails(changed(here, "--since", first)[2], 2, first, "git fetch --unshallow", "fetch-depth: 0")
    git(here.path, "switch", "--quiet", "--create", "feature")
    here.write("web/main.tf", RESOURCE.format("feature"))
    commit(here)
    project.write("net/main.tf", RESOURCE.format("three"))
    commit(project)
    git(here.path, "fetch", "--quiet", "--depth", "1")
    fails(changed(here)[2], 2, "no commit in common", "git fetch --unshallow")
    git(here.path, "fetch", "--quiet", "--unshallow")
    assert changed(here)[0] == ["web"]


def test_no_remote(project, changed):
    fails(changed(project)[2], 2, "nothing to compare with", "origin/main", "--since")


@pytest.mark.parametrize("ref, said", [
    ("nowhere", 'git knows no commit "nowhere"'),
    ("-x", "names no commit"),
    ("--output=owned", "names no commit"),
    ("", "names no commit"),
    ("HEAD\n", "names no commit"),
    ("main..HEAD", "git knows no commit"),
])
def test_a_bad_ref(project, changed, ref, said):
    fails(changed(project, f"--since={ref}")[2], 2, said)
    assert not (project.path / "owned").exists()


@pytest.mark.parametrize("more, said", [
    (["--changed", "--all"], "--all and --changed contradict"),
    (["--changed", "--stack", "web"], "--stack and --changed contradict"),
    (["--since", "HEAD"], "--since says nothing without --changed"),
])
def test_contradictions(project, run_fractary, more, said):
    answer = run_fractary(["deploy", *more], cwd=project.path)
    assert answer.returncode == 2 and said in answer.stderr


def test_no_repository(tmp_path, changed):
    made = Project(tmp_path, RESOURCE.format("one"))
    fails(changed(made, env={"GIT_CEILING_DIRECTORIES": tmp_path.parent})[2], 2, "in no repository",
          "git says: not a git repository")


def test_no_git(project, changed, tmp_path):
    """Neither an empty PATH nor a relative one leads to a git in the project."""
    (project.path / "git").write_text("#!/bin/sh\necho run > owned\n")
    (project.path / "git").chmod(0o755)
    fails(changed(project, env={"PATH": f".:{tmp_path}"})[2], 6, "git was not found", "--all")
    assert not (project.path / "owned").exists()


def test_git_gets_no_credentials_and_runs_nothing(project, changed, tmp_path):
    """A git of our own says what it was given; the project's settings start no program."""
    seen = tmp_path / "seen"
    folder = tmp_path / "bin"
    folder.mkdir()
    real = subprocess.run(["which", "git"], capture_output=True, text=True, check=True).stdout.strip()
    (folder / "git").write_text(f'#!/bin/sh\nenv >> {seen}\nexec {real} "$@"\n')
    (folder / "git").chmod(0o755)
    for key in ("core.fsmonitor", "diff.external", "core.pager"):
        git(project.path, "config", key, f"touch {tmp_path}/owned; false")
    project.write("web/main.tf", RESOURCE.format("other"))
    names, _, _ = changed(project, "--since", "HEAD", env={
        "PATH": f"{folder}:{os.environ['PATH']}", "AWS_SECRET_ACCESS_KEY": "sesame",
        "GIT_DIR": "/nowhere", "GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "http.extraHeader",
        "GIT_CONFIG_VALUE_0": "sesame"})
    assert names == ["web"]
    text = seen.read_text()
    assert "sesame" not in text and "GIT_DIR" not in text
    assert "GIT_OPTIONAL_LOCKS=0" in text and "GIT_TERMINAL_PROMPT=0" in text
    assert not (tmp_path / "owned").exists()
