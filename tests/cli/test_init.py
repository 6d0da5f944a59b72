"""fractary init from the outside, with git, jq and botocore as oracles: what it
finds, what it writes, what it asks, and that a second run changes nothing."""
import fcntl
import json
import os
import pathlib
import pty
import re
import select
import subprocess
import termios
import time

import pytest

FOLDER = ".fractary/plugins/devops"
CONFIG = f"{FOLDER}/config.json"
BUCKET = 'resource "aws_s3_bucket" "b" {\n}\n'
PROFILES = """\
[default]
region = us-east-1
[profile orders-test-deploy]
region = eu-west-1
[profile "orders-test-read"]
[profile orders-test-iam]
sso_session = corp
[sso-session corp]
sso_region = eu-west-1
"""


def git(*arguments, cwd):
    done = subprocess.run(["git", *arguments], cwd=cwd, text=True, capture_output=True)
    return done.stdout.strip() if done.returncode == 0 else None


@pytest.fixture
def project(tmp_path):
    """A repository with one root module and a var file an environment."""
    root = tmp_path / "work"
    (root / "infra").mkdir(parents=True)
    git("init", "-q", "-b", "main", cwd=root)
    git("remote", "add", "origin", "git@example.com:acme/orders.git", cwd=root)
    (root / "infra/main.tf").write_text('provider "aws" {\n  region = "eu-west-1"\n}\n' + BUCKET)
    (root / "infra/test.tfvars").write_text("size = 1\n")
    (root / "infra/prod.tfvars").write_text("size = 2\n")
    return root


@pytest.fixture
def home(tmp_path):
    folder = tmp_path / "home"
    (folder / ".aws").mkdir(parents=True)
    (folder / ".aws/config").write_text(PROFILES)
    (folder / ".aws/credentials").write_text("[default]\naws_access_key_id = AKIAKEY\n"
                                             "aws_secret_access_key = TOPSECRET\n")
    return folder


@pytest.fixture
def init(run_fractary, project, home):
    def run(*arguments, expect=0, cwd=project, env=None):
        done = run_fractary(["init", *arguments], cwd=cwd, env={"HOME": home, **(env or {})})
        assert done.returncode == expect, done.stdout + done.stderr
        return done

    return run


def result_of(done):
    records = [json.loads(line) for line in done.stdout.splitlines()]
    assert records[0]["type"] == "stream" and records[-1]["type"] == "result"
    return records[-1]


def contents(root):
    """Every file below the folder, without git's own."""
    return {str(path.relative_to(root)): path.read_bytes()
            for path in sorted(root.rglob("*")) if path.is_file() and ".git/" not in f"{path}/"}


# --------------------------------------------------------------------- dry run


def test_dry_run_tells_and_writes_nothing(init, project):
    before = contents(project)
    found = result_of(init("--dry-run", "--json"))["discovered"]
    assert contents(project) == before
    assert found["root"] == str(project)
    assert (found["project"], found["organization"]) == ("orders", "acme")
    assert (found["iac"], found["layout"], found["backend"]) == ("terraform", "var-files", "none")
    assert found["terraform_dirs"] == ["infra"]
    assert found["environments"] == ["prod", "test"]
    assert found["var_files"] == ["infra/prod.tfvars", "infra/test.tfvars"]
    assert (found["providers"], found["regions"]) == (["aws"], ["eu-west-1"])
    uses = {profile["name"]: profile["use"] for profile in found["profiles"]}
    assert uses == {
        "default": None,
        "orders-test-deploy": {"environment": "test", "purpose": "deploy"},
        "orders-test-read": {"environment": "test", "purpose": "read"},
        "orders-test-iam": {"environment": "test", "purpose": "grant"},
    }


def test_dry_run_shows_the_configuration(init):
    shown = init("--dry-run").stdout
    assert '"profile": "orders-test-deploy"' in shown
    assert "environments.prod" in shown


def test_no_secret_is_told(init):
    for arguments in (["--dry-run", "--json"], ["--dry-run"], ["--yes"]):
        done = init(*arguments)
        assert "TOPSECRET" not in done.stdout + done.stderr
        assert "AKIAKEY" not in done.stdout + done.stderr


# --------------------------------------------------------------------- writing


def test_writes_what_others_can_read(init, project):
    init("--yes")
    for name in (CONFIG, f"{FOLDER}/config.schema.json"):
        assert subprocess.run(["jq", "-e", ".", project / name], capture_output=True).returncode == 0
    config = json.loads((project / CONFIG).read_text())
    assert config["version"] == 1
    assert config["project"] == {"name": "orders", "organization": "acme"}
    assert config["default_environment"] == "test"
    assert config["environments"]["test"]["class"] == "test"
    assert "class" not in config["environments"]["prod"]
    assert config["plugins"]["iac-terraform"]["directory"] == "infra"
    assert config["environments"]["test"]["plugins"]["iac-terraform"]["var_files"] == ["test.tfvars"]
    assert list(config["environments"]) == ["test", "prod"]


def test_git_ignores_what_runs_leave(init, project):
    (project / ".gitignore").write_text("node_modules\n*.log")
    init("--yes")
    ignored = ["runs/20260131T120000Z-4f2a9c/journal.jsonl", "data/iac-terraform/test/x"]
    for name in [f"{FOLDER}/{name}" for name in ignored] + ["infra/plan.tfplan", "x.log"]:
        assert git("check-ignore", name, cwd=project) == name
    kept = ["config.json", "config.schema.json", "deployments/test/registry.json",
            "deployments/test/DEPLOYED.md", "deployments/test/history.jsonl"]
    for name in kept:
        assert git("check-ignore", f"{FOLDER}/{name}", cwd=project) is None


def test_again_changes_nothing(init, project):
    init("--yes")
    before = contents(project)
    done = init("--yes")
    assert contents(project) == before
    assert {entry["action"] for entry in result_of(init("--json"))["files"]} == {"keep"}
    assert "nothing changes" in done.stdout


def test_hand_edits_survive(init, project):
    init("--yes")
    path = project / CONFIG
    config = json.loads(path.read_text())
    config["mine"] = {"a": [1, 2.5, None]}
    config["environments"]["test"]["region"] = "eu-north-1"
    path.write_text(json.dumps(config, indent=7))
    before = contents(project)
    init("--yes")
    assert contents(project) == before
    (project / "infra/staging.tfvars").write_text("")
    init("--yes")
    after = json.loads(path.read_text())
    assert after["environments"].pop("staging")["plugins"]["iac-terraform"]["var_files"] == ["staging.tfvars"]
    assert after == config


def test_from_below_and_with_project(init, project):
    assert result_of(init("--dry-run", "--json", cwd=project / "infra"))["root"] == str(project)
    own = result_of(init("--dry-run", "--json", "--project", project / "infra"))
    assert own["root"] == str(project / "infra")
    assert own["discovered"]["terraform_dirs"] == ["."]


def test_broken_configuration_is_left_alone(init, project):
    (project / FOLDER).mkdir(parents=True)
    (project / CONFIG).write_text('{\n  "version": 1,\n}\n')
    before = contents(project)
    done = init("--yes", expect=2)
    assert "line 3" in done.stderr + done.stdout
    assert contents(project) == before


def test_folder_that_cannot_be_written(init, project):
    if os.geteuid() == 0:
        # Root writes everywhere; a file in the place of the folder stops it, too.
        (project / ".fractary").write_text("in the way\n")
    else:
        project.chmod(0o555)
    before = contents(project)
    init("--yes", expect=1)
    project.chmod(0o755)
    assert contents(project) == before


def test_original_tool(init, project):
    original = project / ".fractary/plugins/faber-cloud/config.json"
    original.parent.mkdir(parents=True)
    original.write_text(json.dumps({
        "version": "1.0", "project": {"name": "shop", "subsystem": "core", "organization": "acme"},
        "handlers": {"hosting": {"active": "aws", "aws": {
            "account_id": "123456789012", "region": "eu-west-3",
            "profiles": {"discover_deploy": "shop-discover", "test_deploy": "shop-test"}}},
            "iac": {"active": "terraform", "terraform": {"directory": "./infra"}}},
        "environments": {"test": {}}}))
    result = result_of(init("--yes", "--json"))
    assert result["migrated"] == ".fractary/plugins/faber-cloud/config.json"
    test = json.loads((project / CONFIG).read_text())["environments"]["test"]
    assert test["identities"]["deploy"] == {"profile": "shop-test"}
    assert test["identities"]["grant"] == {"profile": "shop-discover"}
    assert (test["account"], test["region"]) == ("123456789012", "eu-west-3")


# --------------------------------------------------------------------- oracles

ADDRESSES = [
    "git@github.com:acme/orders.git", "https://github.com/acme/orders", "ssh://git@host:22/acme/orders.git",
    "https://user:pass;word@host/acme/orders.git", "https://host/acme/with%20blank#x", "/srv/git/orders.git",
    "https://host/acme/\"quoted\"", "git@host:group/sub/orders", "file:///srv/orders", "host:orders ; no comment",
]


@pytest.mark.parametrize("address", ADDRESSES)
def test_the_same_address_as_git(init, project, address):
    """What is found must be in what git itself says, without user and secret."""
    git("config", "remote.origin.url", address, cwd=project)
    said = git("config", "--get", "remote.origin.url", cwd=project)
    assert said == address
    found = result_of(init("--dry-run", "--json"))["discovered"]
    path = re.sub(r"^[a-z]+://[^/]*|^[^/]*:", "", said)
    if found["organization"] is not None:
        assert f"{found['organization']}/" in path
    assert found["project"] in path or found["project"] == project.name
    assert "pass" not in json.dumps(found)


def test_worktree(init, project, tmp_path):
    git("-c", "user.name=t", "-c", "user.email=t@example.com", "commit", "-q", "--allow-empty", "-m", "x",
        cwd=project)
    assert git("worktree", "add", "-q", tmp_path / "tree", cwd=project) is not None
    found = result_of(init("--dry-run", "--json", cwd=tmp_path / "tree"))["discovered"]
    assert (found["organization"], found["project"]) == ("acme", "orders")
    assert found["root"] == str(tmp_path / "tree")


ODD_CONFIG = PROFILES + """\
; a comment
[profile  spaced ]
region=eu-west-2
[profile two words]
[profile 'single quoted']
s3 =
  addressing_style = path
  region = nowhere-1
[profileglued]
[services x]
[profile dup]
region = eu-west-1
[profile UPPER-test]
REGION = eu-north-1
"""


def test_the_same_profiles_as_botocore(init, home, project, monkeypatch):
    import botocore.session

    (home / ".aws/config").write_text(ODD_CONFIG)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(home / ".aws/config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(home / ".aws/credentials"))
    expected = botocore.session.Session().full_config["profiles"]
    found = result_of(init("--dry-run", "--json"))["discovered"]["profiles"]
    assert {profile["name"] for profile in found} == set(expected)
    assert {profile["name"]: profile["region"] for profile in found} == {
        name: settings.get("region") for name, settings in expected.items()}


# --------------------------------------------------------------- what can be used


def test_the_last_line_is_honest(init, project):
    (project / "infra/main.tf").unlink()
    done = init("--yes")
    assert "initialised, but nothing can be deployed yet: there is no root module" in done.stdout
    again = init("--yes")
    assert "nothing changes; nothing can be deployed with it yet" in again.stdout
    (project / "infra/main.tf").write_text(BUCKET)
    record = result_of(init("--dry-run", "--json"))
    assert record["obstacle"] and "directory" in record["obstacle"], record["obstacle"]


def test_the_environments_have_states_of_their_own(init, project):
    record = result_of(init("--yes", "--json"))
    assert record["deployable"] == ["test"] and record["obstacle"] is None
    assert record["discovered"]["layout"] == "var-files"
    environments = json.loads((project / CONFIG).read_text())["environments"]
    assert {name: e["plugins"]["iac-terraform"]["workspace"] for name, e in environments.items()} == {
        "test": "test", "prod": "prod"}
    lines = (project / ".gitignore").read_text().splitlines()
    assert {"*.tfstate", "*.tfstate.*", ".terraform/"} <= set(lines)
    names = ["infra/terraform.tfstate", "infra/terraform.tfstate.d/test/terraform.tfstate",
             "infra/terraform.tfstate.backup", "infra/.terraform/environment",
             f"{FOLDER}/deployments/test/registry.json.broken-1"]
    for name in names:
        assert git("check-ignore", name, cwd=project) == name
    assert git("check-ignore", "infra/.terraform.lock.hcl", cwd=project) is None


def test_state_elsewhere_needs_no_lines(init, project):
    (project / "infra/main.tf").write_text('terraform {\n  backend "s3" {\n    bucket = "b"\n    key = "k"\n'
                                           '  }\n}\n' + BUCKET)
    done = init("--yes")
    assert "share one state" in " ".join(done.stdout.split())
    assert "*.tfstate" not in (project / ".gitignore").read_text()


def test_a_project_in_a_folder_with_a_line_break(init, tmp_path):
    odd = tmp_path / "a\nb"
    odd.mkdir()
    done = init("--yes", "--project", odd)
    assert "there is no root module" in done.stdout
    assert json.loads((odd / CONFIG).read_text())["project"]["name"] == "a-b"


# ------------------------------------------------------------------ a terminal


def converse(fractary, project, home, answers):
    """Runs init at a terminal and answers each question as it comes; returns the
    exit status and all that was shown."""
    environment = {"HOME": str(home), "PATH": os.environ["PATH"], "TERM": "dumb", "LC_ALL": "C.UTF-8"}
    child, terminal = pty.fork()
    if child == 0:
        os.chdir(project)
        os.execve(fractary, [fractary, "init"], environment)
    shown = ""
    deadline = time.monotonic() + 60
    waiting = list(answers)
    while time.monotonic() < deadline:
        if not select.select([terminal], [], [], 1)[0]:
            continue
        try:
            piece = os.read(terminal, 65536)
        except OSError:
            break
        shown += piece.decode(errors="replace")
        if waiting and waiting[0][0] in shown and shown.endswith((": ", "? ")):
            os.write(terminal, (waiting.pop(0)[1] + "\n").encode())
    os.close(terminal)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert not waiting, f"never asked: {waiting}; shown: {shown}"
    return status, shown


def test_questions(fractary, project, home):
    git("remote", "remove", "origin", cwd=project)
    (project / "infra/staging.tfvars").write_text("")
    status, shown = converse(fractary, project, home, [
        ("Which organization", "acme"),
        ("Which AWS profile deploys prod", ""),
        ("Of which class is the environment staging", "wrong"),
        ("is not among the answers", "staging"),
        ("Which AWS profile deploys staging", "default"),
    ])
    assert status == 0, shown
    config = json.loads((project / CONFIG).read_text())
    assert config["project"]["organization"] == "acme"
    assert config["environments"]["staging"]["class"] == "staging"
    assert config["environments"]["staging"]["identities"]["deploy"] == {"profile": "default"}
    assert "identities" not in config["environments"]["prod"]


def attributes(terminal):
    """What the terminal does with what is typed, as text that can be compared."""
    return termios.tcgetattr(terminal)[:4]


@pytest.mark.parametrize("key, what", [(b"\x03", "interrupted"), (b"\x04", "the input ended")])
def test_interrupted_question(fractary, project, home, key, what):
    """Ctrl-C and the end of input: exit 130, a message, nothing written, and the
    terminal as it was."""
    git("remote", "remove", "origin", cwd=project)
    before = contents(project)
    environment = {"HOME": str(home), "PATH": os.environ["PATH"], "TERM": "dumb", "LC_ALL": "C.UTF-8"}
    master, slave = pty.openpty()
    was = attributes(slave)

    def lead():
        os.setsid()
        fcntl.ioctl(slave, termios.TIOCSCTTY, 0)

    child = subprocess.Popen([fractary, "init"], cwd=project, env=environment, stdin=slave, stdout=slave,
                             stderr=slave, preexec_fn=lead)
    shown = ""
    while "Which organization" not in shown:
        assert select.select([master], [], [], 60)[0], shown
        shown += os.read(master, 65536).decode(errors="replace")
    time.sleep(0.2)
    os.write(master, key)
    status = child.wait(60)
    while select.select([master], [], [], 0.2)[0]:
        shown += os.read(master, 65536).decode(errors="replace")
    assert status == 130, shown
    assert what in shown and "nothing was written" in shown
    assert contents(project) == before
    assert attributes(slave) == was
    os.close(slave)
    os.close(master)


def test_nothing_is_asked_when_all_is_found(fractary, project, home):
    (home / ".aws/config").write_text(PROFILES + "[profile orders-prod]\n")
    status, shown = converse(fractary, project, home, [])
    assert status == 0, shown
    assert "?" not in shown
    assert pathlib.Path(project, CONFIG).exists()


# ---------------------------------------------------------------------- schema


INVALID = [
    {"version": "1"}, {"version": 0}, {"project": {}}, {"project": None}, {"environments": []},
    {"environments": {"test": {"class": "prod"}}}, {"environments": {"test": {"account": 1}}},
    {"environments": {"test": {"identities": {"deploy": {"profile": ""}}}}},
    {"environments": {"test": {"identities": {"operate": "me"}}}}, {"plugins": {"x": 1}},
    {"handlers": {"iac": ""}}, {"naming": {"pattern": 3}},
]


@pytest.mark.parametrize("patch", [{}, {"unknown": 1}, {"handlers": {"hosting": None}}, *INVALID])
def test_the_same_verdict_as_jsonschema(run_fractary, source, tmp_path, patch):
    import jsonschema

    schema = json.loads((source / "core/project/config.schema.json").read_text())
    template = json.loads((source / "core/project/config.template.json").read_text())
    validator = jsonschema.Draft202012Validator(schema)
    validator.check_schema(schema)
    config = {**template, **patch}
    assert validator.is_valid(config) == (patch not in INVALID)
    (tmp_path / FOLDER).mkdir(parents=True)
    (tmp_path / CONFIG).write_text(json.dumps(config))
    done = run_fractary(["init", "--dry-run", "--json", "--project", tmp_path])
    assert done.returncode == (2 if patch in INVALID else 0), done.stdout
