"""What goes wrong outside: each gets one clear sentence, the documented exit
code, and nothing is lost or half-written."""
import http.server
import os
import socket
import subprocess
import threading
import time

import pytest
from conftest import die_with_parent
from project import Project, configuration, records, wait_for

CODE = 'resource "terraform_data" "one" { input = "v1" }\n'


@pytest.fixture
def env(testcloud, terraform_env):
    return {**testcloud.env, **terraform_env}


@pytest.fixture
def deploy(tmp_path, run_fractary, env):
    """deploy(project, extra environment) -> exit code, error of the result, all records."""

    def run(project, more=None, args=("deploy", "--env", "test"), timeout=120):
        answer = run_fractary([*args, "--json"], cwd=project.path, env={**env, **(more or {})},
                              timeout=timeout)
        found = records(answer.stdout)
        assert answer.stderr == ""
        return answer.returncode, found["result"][0].get("error", {}), found

    return run


def say(error):
    return " ".join(str(value) for value in error.values())


# ------------------------------------------------------------ the configuration


def iac(**settings):
    """A configuration in which environment test has these settings of iac-terraform."""
    return configuration(test={"plugins": {"iac-terraform": settings}})


SETTINGS = {
    "no-var-file": (iac(var_files=["none.tfvars"]), "var_files[0]", "none.tfvars"),
    "var-file-outside": (iac(var_files=["a.tfvars", "../../../etc/passwd"]), "var_files[1]", "outside"),
    "var-file-absolute": (iac(var_files=["/etc/passwd"]), "var_files[0]", "inside the project"),
    "var-file-dash": (iac(var_files=["-destroy"]), "var_files[0]", "-destroy"),
    "workspace-dash": (iac(workspace="-destroy"), "workspace", "-destroy"),
    "workspace-slash": (iac(workspace="a/b"), "workspace", "a/b"),
    "backend-dash": (iac(backend_config=["-destroy"]), "backend_config[0]", "-destroy"),
    "backend-absent": (iac(backend_config=["none.hcl"]), "backend_config[0]", "none.hcl"),
    "tool-dash": (iac(tool="-destroy"), "tool", "-destroy"),
    "no-directory": (iac(directory="nowhere"), "directory", "nowhere"),
    "directory-outside": (iac(directory="../elsewhere"), "directory", "outside"),
    "directory-without-code": (iac(directory=".fractary"), "directory", ".tf"),
    "unknown-key": (iac(var_file=["a.tfvars"]), "var_file", "var_files"),
    "account": (configuration(account="123"), "account", "12 digits"),
    "plugin-unknown": ({**configuration(), "plugins": {"iac-terrafrom": {"directory": "infra"}}},
                       "iac-terrafrom", "iac-terraform"),
    "plugin-unknown-here": (configuration(test={"plugins": {"hosting-asw": {}}}),
                            "environments.test.plugins.hosting-asw", "hosting-aws"),
}


SLIP = configuration()
SLIP["environments"]["test"]["acount"] = SLIP["environments"]["test"].pop("account")
PURPOSE = configuration(test={"identities": {"depoly": {"profile": "shop"}}})
KIND = {**configuration(), "handlers": {"hosting": "hosting-aws", "iac": "hosting-aws"}}
SETTINGS |= {
    "misspelt-account": (SLIP, "environments.test.acount", 'did you mean "account"?'),
    "misspelt-purpose": (PURPOSE, "environments.test.identities.depoly", 'did you mean "deploy"?'),
    "region": (configuration(test={"region": "mars"}), "environments.test.region", "eu-central-1"),
    "handler-of-another-kind": (KIND, "handlers.iac", "kind iac"),
    "no-environments": ({**configuration(), "environments": {}}, 'environment "test"', 'add "test"'),
    "byte-order-mark": ("\ufeff{}", "config.json", "byte order mark"),
}


@pytest.mark.parametrize("name", SETTINGS)
def test_a_wrong_setting_is_named_with_its_key(tmp_path, deploy, name):
    config, key, said = SETTINGS[name]
    project = Project(tmp_path, CODE, config)
    for command in ("validate", "preview", "deploy"):
        code, error, found = deploy(project, args=(command, "--env", "test"))
        assert code == 2, (command, error)
        assert key in error["message"] + error["place"] and "config.json" in error["place"], error
        assert said in say(error) and error["advice"], error
        steps = [s["message"] for s in found.get("step", []) if s["status"] == "failed"]
        assert not [s for s in steps if "not valid" in s], steps
    assert not (tmp_path / "terraform.tfstate").exists()


def test_settings_of_a_plugin_that_is_installed_elsewhere_are_left_alone(tmp_path, deploy):
    config = configuration()
    config["plugins"]["cost-estimator"] = {"currency": "EUR"}
    code, error, _ = deploy(Project(tmp_path, CODE, config), args=("validate", "--env", "test"))
    assert code == 0, error


# -------------------------------------------------------------------- the code


def test_a_syntax_error_names_file_line_and_snippet(tmp_path, deploy):
    project = Project(tmp_path, CODE + '\nresource "terraform_data" "two" {\n  input = \n}\n')
    for command in ("validate", "preview", "deploy"):
        code, error, found = deploy(project, args=(command, "--env", "test"))
        diagnostic = found["diagnostic"][0]
        assert code == 1 and diagnostic["category"] == "syntax", (command, diagnostic)
        assert diagnostic["file"] == "main.tf" and diagnostic["line"] == 4
        assert "input =" in diagnostic["snippet"]
        assert error["message"]
    assert not (tmp_path / "terraform.tfstate").exists()


def test_a_missing_variable(tmp_path, deploy):
    project = Project(tmp_path, 'variable "size" {}\n' + CODE)
    code, _, found = deploy(project)
    assert code == 1 and found["diagnostic"][0]["category"] == "missing-variable"
    assert "size" in found["diagnostic"][0]["detail"]


# -------------------------------------------------------------------- the tool


def tool(tmp_path, script):
    """A folder for PATH in which terraform is that script."""
    folder = tmp_path / "tools"
    folder.mkdir()
    path = folder / "terraform"
    path.write_text("#!/bin/sh\n" + script)
    path.chmod(0o755)
    return {"PATH": f"{folder}:/usr/bin:/bin"}


def test_terraform_absent(tmp_path, deploy):
    empty = tmp_path / "empty"
    empty.mkdir()
    project = Project(tmp_path / "project", CODE)
    code, error, _ = deploy(project, {"PATH": str(empty)})
    assert code == 6 and "1.5" in say(error) and "OpenTofu 1.6" in say(error)


VERSION = """version) echo '{"terraform_version":"1.11.4","platform":"linux_amd64"}';;"""

# what the program does, exit code of fractary, words of the error
TOOLS = {
    "too-old": ("""echo '{"terraform_version":"0.13.7","platform":"linux_amd64"}'""", 1,
                ["Terraform 0.13.7 is too old", "1.5"]),
    "just-too-old": ("""echo '{"terraform_version":"1.4.9"}'""", 1, ["1.4.9", "1.5"]),
    "no-version": ("""echo '{"terraform_version":"banana"}'""", 1, ["banana", "is no version"]),
    "cannot-start": ("echo 'libm.so.6: no such file' >&2; exit 127", 1,
                     ["version failed with exit code 127", "libm.so.6"]),
    "killed": ('case "$1" in %s *) kill -KILL $$;; esac' % VERSION, 1, ["init was ended by signal 9 (SIGKILL)", "memory"]),
    "terminated": ('case "$1" in %s *) kill -TERM $$;; esac' % VERSION, 1, ["(SIGTERM)", "from outside"]),
    "crashed": ('case "$1" in %s *) kill -SEGV $$;; esac' % VERSION, 1, ["(SIGSEGV)", "crashed"]),
    "not-json": ('case "$1" in %s *) echo "<html>no</html>"; exit 1;; esac' % VERSION, 1,
                 ["init printed something that is not JSON", "<html>no</html>"]),
    "not-json-and-content": ('case "$1" in %s *) echo "<html>no</html>";; esac' % VERSION, 1,
                             ["init printed something that is not JSON", "<html>no</html>"]),
    "silent": ("exit 0", 1, ["version printed nothing", "without a word"]),
    "silent-later": ('case "$1" in %s *) exit 3;; esac' % VERSION, 1, ["init printed nothing"]),
}


@pytest.mark.parametrize("name", TOOLS)
@pytest.mark.parametrize("command", ["validate", "deploy"])
def test_a_tool_that_is_odd(tmp_path, deploy, command, name):
    script, exit_code, words = TOOLS[name]
    more = tool(tmp_path, script)
    project = Project(tmp_path / "project", CODE)
    code, error, found = deploy(project, more, args=(command, "--env", "test"))
    assert code == exit_code and error["advice"], error
    assert [word for word in words if word not in say(error)] == [], error
    assert "force-unlock" not in say(error)  # nothing has touched the state
    assert "Code not valid" not in [s["message"] for s in found["step"]]
    assert not (project.path / "terraform.tfstate").exists()


# -------------------------------------------------------------------- the state


def test_a_held_lock_says_who_and_since_when(tmp_path, deploy, terraform, terraform_env):
    project = Project(tmp_path, CODE)
    code, _, _ = deploy(project)
    assert code == 0
    project.write("main.tf", """
resource "terraform_data" "slow" {
  provisioner "local-exec" { command = "echo begun > begun; sleep 20" }
}
""")
    plain = {**os.environ, **terraform_env, "TF_DATA_DIR": str(tmp_path / ".terraform-other")}
    subprocess.run([terraform, "init", "-input=false"], cwd=tmp_path, env=plain, check=True,
                   capture_output=True)
    holder = subprocess.Popen([terraform, "apply", "-auto-approve", "-input=false"], cwd=tmp_path,
                              env=plain, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                              start_new_session=True, preexec_fn=die_with_parent)
    try:
        wait_for((tmp_path / "begun").exists, 30, "the lock to be taken")
        project.write("main.tf", CODE)
        code, error, found = deploy(project)
        locked = [d for d in found["diagnostic"] if d["category"] == "lock"]
        assert code == 1 and locked, found
        assert locked[0]["lock"]["who"] and locked[0]["lock"]["created"]
        who, since = locked[0]["lock"]["who"], locked[0]["lock"]["created"][:19]
        assert error["cause"].startswith(f"{who} holds it since {since} UTC, for an apply"), error
        # Ours is the only machine here, and the kernel keeps the lock of a local state.
        assert "on this machine" in error["advice"] and "force-unlock" not in error["advice"]
        assert "Lock Info" in locked[0]["detail"]
    finally:
        os.killpg(holder.pid, 9)
        holder.wait()


# ---------------------------------------------------------------------- the API


class Api:
    """An API that answers every request alike."""

    def __init__(self, status, body, delay=0.0):
        class Handler(http.server.BaseHTTPRequestHandler):
            def answer(self):
                self.rfile.read(int(self.headers.get("Content-Length") or 0))
                time.sleep(delay)
                self.send_response(status)
                self.send_header("Content-Type", "text/xml")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                try:
                    self.wfile.write(body.encode())
                except OSError:
                    pass

            do_GET = do_POST = do_HEAD = answer

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.env = {"AWS_ENDPOINT_URL": f"http://127.0.0.1:{self.server.server_address[1]}"}

    def close(self):
        self.server.shutdown()
        self.server.server_close()


def failure(code):
    return f"<ErrorResponse><Error><Code>{code}</Code><Message>no</Message></Error></ErrorResponse>"


@pytest.mark.parametrize("status, code, exit_code, word", [
    (500, "InternalFailure", 1, "500"),
    (403, "ExpiredToken", 5, "expired"),
    (403, "InvalidClientTokenId", 5, "InvalidClientTokenId"),
    (403, "SignatureDoesNotMatch", 5, "SignatureDoesNotMatch"),
])
def test_the_api_answers_badly(tmp_path, deploy, status, code, exit_code, word):
    project = Project(tmp_path, CODE)
    api = Api(status, failure(code))
    try:
        answer, error, _ = deploy(project, api.env)
    finally:
        api.close()
    assert answer == exit_code and word.lower() in say(error).lower(), error
    assert not (tmp_path / "terraform.tfstate").exists()


def test_the_api_answers_garbage(tmp_path, deploy):
    project = Project(tmp_path, CODE)
    api = Api(200, "\x00<not xml")
    try:
        answer, error, _ = deploy(project, api.env)
    finally:
        api.close()
    assert answer != 0 and say(error).strip()
    assert not (tmp_path / "terraform.tfstate").exists()


def test_the_api_cannot_be_reached(tmp_path, deploy):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    project = Project(tmp_path, CODE)
    answer, error, _ = deploy(project, {"AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}"})
    assert answer == 1 and str(port) in say(error), error


def test_no_credentials(tmp_path, deploy):
    project = Project(tmp_path, CODE)
    answer, error, _ = deploy(project, {"AWS_ACCESS_KEY_ID": None, "AWS_SECRET_ACCESS_KEY": None})
    assert answer == 5 and "credentials" in say(error).lower(), error


def test_a_profile_that_does_not_exist(tmp_path, deploy):
    config = configuration(test={"identities": {"deploy": {"profile": "nobody"}}})
    project = Project(tmp_path, CODE, config)
    answer, error, _ = deploy(project)
    assert answer == 5 and "nobody" in say(error), error


# -------------------------------------------------------------- the environment


def test_what_would_steer_the_tool_is_cleared_and_said(tmp_path, deploy):
    project = Project(tmp_path, CODE)
    folder = tmp_path / "elsewhere"
    more = {"TF_CLI_ARGS": "-no-such-option", "TF_CLI_ARGS_plan": "-destroy", "TF_WORKSPACE": "other-one",
            "TF_DATA_DIR": str(folder), "TF_LOG": "trace", "TF_LOG_PATH": str(tmp_path / "log"),
            "TF_TOKEN_example_com": "a-secret-token", "TF_IN_AUTOMATION": "1"}
    code, error, found = deploy(project, more)
    assert code == 0, error
    [said] = [r for r in found["log"] if r.get("variables")]
    assert said["level"] == "warning" and sorted(said["variables"]) == sorted(set(more) - {"TF_IN_AUTOMATION"})
    assert all(name in said["message"] for name in said["variables"])
    text = str(found)
    assert "a-secret-token" not in text and "other-one" not in text
    assert [r["address"] for r in project.registry()["resources"]] == ["terraform_data.one"]
    assert not folder.exists() and not (tmp_path / "log").exists()
    assert not (tmp_path / "terraform.tfstate.d").exists()  # of another workspace


def test_an_unknown_environment(tmp_path, run_fractary, env):
    project = Project(tmp_path, CODE)
    answer = run_fractary(["deploy", "--env", "tset"], cwd=tmp_path, env=env)
    assert answer.returncode == 2 and "test" in answer.stderr and "tset" in answer.stderr
    assert not project.runs()
