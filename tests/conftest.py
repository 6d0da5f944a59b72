"""Fixtures for all pytest suites, and the rule on skipping.

    source          root of the sources
    build           the build that is tested (FRACTARY_BUILD)
    fractary        path of the program in that build
    run_fractary    run_fractary(args, cwd, env, timeout) -> returncode, stdout, stderr
    testcloud       a test cloud for the session: port, endpoint, log, env, pid
    new_testcloud   a function that starts one more
    terraform_env   environment for terraform: provider mirror, no update check
    terraform       path of terraform or tofu
    aws_profile     profile of a real account (make check-aws PROFILE=...)

With CI=true a skip is a failure, unless its reason begins with one of
ALLOWED_SKIPS.
"""
import ctypes
import dataclasses
import os
import pathlib
import signal
import subprocess
import sys
import time

import pytest

SOURCE = pathlib.Path(os.environ.get("FRACTARY_SOURCE") or pathlib.Path(__file__).parent.parent).resolve()
BUILD = pathlib.Path(os.environ.get("FRACTARY_BUILD") or SOURCE / "build").resolve()
sys.path.insert(0, str(SOURCE / "tests/cloud"))

import terraform as terraform_setup  # noqa: E402  (tests/cloud/terraform.py)

ALLOWED_SKIPS = ("needs a real AWS account", "../shared data absent", "OpenTofu is not installed")
LAUNCH_SECONDS = 60
PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None, use_errno=True)


def pytest_configure(config):
    config.addinivalue_line("markers", "aws: needs a real AWS account (make check-aws PROFILE=name)")


# -------------------------------------------------------------------- skipping


def refuse_skip(report, reason):
    if os.environ.get("CI") == "true" and not reason.startswith(ALLOWED_SKIPS):
        report.outcome = "failed"
        report.longrepr = f"skipped although CI=true: {reason}"


def skip_reason(report):
    if isinstance(report.longrepr, tuple):
        return report.longrepr[2].removeprefix("Skipped: ")
    return getattr(report, "wasxfail", "") or str(report.longrepr)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    if report.skipped:
        refuse_skip(report, skip_reason(report))
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector):
    report = yield
    if report.skipped:
        refuse_skip(report, skip_reason(report))
    return report


# ------------------------------------------------------------------- processes


def die_with_parent():
    """For preexec_fn: the kernel ends the child when this process ends, however."""
    LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def base_environment():
    """The caller's environment without what would change the outcome of a test:
    accounts, settings, and a home with plugins and configuration in it."""
    dropped = ("AWS_", "TF_", "FRACTARY_", "XDG_", "GIT_")
    home = SOURCE / "build/test-home"
    home.mkdir(parents=True, exist_ok=True)
    result = {name: value for name, value in os.environ.items() if not name.startswith(dropped)}
    result.update(FRACTARY_SOURCE=str(SOURCE), FRACTARY_BUILD=str(BUILD), HOME=str(home), LC_ALL="C.UTF-8")
    return result


@pytest.fixture(scope="session")
def source():
    return SOURCE


@pytest.fixture(scope="session")
def build():
    return BUILD


@pytest.fixture(scope="session")
def fractary():
    path = BUILD / "bin/fractary"
    assert path.exists(), f"{path} is missing: run make"
    return str(path)


@dataclasses.dataclass
class Result:
    """What a process answered."""

    returncode: int
    stdout: str
    stderr: str

    @property
    def rc(self):
        return self.returncode


@pytest.fixture(scope="session")
def run_fractary(fractary):
    """run_fractary(["deploy", "--env", "test"], cwd=..., env={...}, timeout=120).

    `env` is laid over the caller's environment, from which AWS_*, TF_*,
    FRACTARY_*, XDG_* and GIT_* are removed and in which HOME is an empty
    folder; a value of None removes a name. Standard input holds `input` or
    nothing. The process group ends with the call.
    """

    def run(args, cwd=None, env=None, timeout=120, input=None):
        merged = {**base_environment(), **(env or {})}
        merged = {name: str(value) for name, value in merged.items() if value is not None}
        process = subprocess.Popen([fractary, *map(str, args)], cwd=cwd, env=merged, text=True,
                                   stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, start_new_session=True,
                                   preexec_fn=die_with_parent, errors="replace")
        try:
            stdout, stderr = process.communicate(input, timeout)
        finally:
            end_group(process)
        return Result(process.returncode, stdout, stderr)

    return run


def end_group(process):
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
    process.wait()


# ------------------------------------------------------------------- the cloud


@dataclasses.dataclass
class TestCloud:
    """A running test cloud."""

    __test__ = False
    port: int
    endpoint: str
    log: pathlib.Path  # the decisions on permissions, one JSON object a line
    env: dict  # what a client needs in its environment
    pid: int

    def client(self, service, region="eu-central-1", key="test", secret="test", token=None):
        """A boto3 client of its own session."""
        import boto3

        session = boto3.session.Session(key, secret, token, region)
        return session.client(service, endpoint_url=self.endpoint)

    def post(self, path, body=b""):
        """A call of moto's control API; returns the answer's text."""
        import http.client

        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        connection.request("POST", path, body)
        answer = connection.getresponse().read().decode()
        connection.close()
        return answer

    def reset(self):
        """Removes everything and switches enforcement off."""
        self.enforce(False)
        self.post("/moto-api/reset")

    def enforce(self, on=True):
        """Switches the checking of signatures and permissions on or off."""
        self.post("/moto-api/reset-auth", b"0" if on else b"inf")


def cloud_environment(endpoint, home):
    """Keys that the test cloud takes, and no way to the caller's real ones."""
    return {
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_REGION": "eu-central-1",
        "AWS_DEFAULT_REGION": "eu-central-1",
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_CONFIG_FILE": str(home / "aws-config"),
        "AWS_SHARED_CREDENTIALS_FILE": str(home / "aws-credentials"),
    }


def read_port(process, errors):
    """The port from the launcher's one line; its deadline is LAUNCH_SECONDS."""
    deadline = time.monotonic() + LAUNCH_SECONDS
    os.set_blocking(process.stdout.fileno(), False)
    line = ""
    while not line.endswith("\n") and time.monotonic() < deadline and process.poll() is None:
        line += process.stdout.readline() or ""
        time.sleep(0.02)
    if not line.startswith("listening on "):
        end_group(process)
        pytest.fail(f"the test cloud did not start: {errors.read_text()}")
    return int(line.rsplit(":", 1)[1])


@pytest.fixture(scope="session")
def new_testcloud(tmp_path_factory):
    """A function that starts a test cloud and returns it; it ends with the session."""
    started = []

    def start(extra_env=None):
        home = tmp_path_factory.mktemp("testcloud")
        log, errors = home / "iam.log", home / "stderr"
        environment = {**base_environment(), "MOTO_IAM_LOG": str(log), **(extra_env or {})}
        with open(errors, "wb") as stderr:
            process = subprocess.Popen([str(SOURCE / "tests/cloud/launch"), "--with-parent", "0"],
                                       env=environment, stdout=subprocess.PIPE, stderr=stderr,
                                       stdin=subprocess.DEVNULL, text=True, start_new_session=True)
        started.append(process)
        port = read_port(process, errors)
        endpoint = f"http://127.0.0.1:{port}"
        return TestCloud(port, endpoint, log, cloud_environment(endpoint, home), process.pid)

    yield start
    for process in started:
        end_group(process)


@pytest.fixture(scope="session")
def testcloud(new_testcloud):
    return new_testcloud()


@pytest.fixture(scope="session")
def terraform():
    path = terraform_setup.tool()
    assert path, "neither terraform nor tofu is there: run tests/setup tests"
    return path


@pytest.fixture(scope="session")
def terraform_env():
    return {name: value for name, value in terraform_setup.environment().items() if value is not None}


@pytest.fixture(scope="session")
def aws_profile():
    name = os.environ.get("FRACTARY_AWS_PROFILE")
    if not name:
        pytest.skip("needs a real AWS account: make check-aws PROFILE=name")
    return name
