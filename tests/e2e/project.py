"""Projects that the end-to-end tests deploy, and terminals to run fractary at."""
import json
import os
import pty
import select
import signal
import subprocess
import time

FOLDER = ".fractary/plugins/devops"
ACCOUNT = "123456789012"


def configuration(account=ACCOUNT, **environments):
    """A configuration with environments test and prod; each keyword is merged into one."""
    known = {
        "test": {"class": "test", "account": account, "region": "eu-central-1"},
        "prod": {"class": "production", "account": account, "region": "eu-central-1",
                 "identities": {"deploy": {"source": "environment"}}},
    }
    for name, more in environments.items():
        known.setdefault(name, {}).update(more)
    return {
        "version": 1,
        "project": {"name": "shop"},
        "handlers": {"hosting": "hosting-aws", "iac": "iac-terraform"},
        "plugins": {"iac-terraform": {"directory": "."}},
        "environments": known,
    }


class Project:
    """A folder with Terraform code and a configuration of fractary."""

    def __init__(self, path, code, config=None):
        self.path = path
        self.folder = path / FOLDER
        self.folder.mkdir(parents=True)
        self.configure(config or configuration())
        self.write("main.tf", code)

    def configure(self, config):
        text = config if isinstance(config, str) else json.dumps(config, indent=2)
        (self.folder / "config.json").write_text(text)

    def write(self, name, text):
        (self.path / name).write_text(text)

    def registry(self, environment="test"):
        path = self.folder / "deployments" / environment / "registry.json"
        return json.loads(path.read_text())

    def document(self, environment="test"):
        return (self.folder / "deployments" / environment / "DEPLOYED.md").read_text()

    def history(self, environment="test"):
        path = self.folder / "deployments" / environment / "history.jsonl"
        return [json.loads(line) for line in path.read_text().splitlines()]

    def runs(self):
        path = self.folder / "runs"
        return sorted(path.iterdir()) if path.exists() else []

    def files(self):
        """Every file below the project, with its bytes."""
        return {path: path.read_bytes() for path in self.path.rglob("*") if path.is_file()}


def records(text):
    """The records of `--json` output, by type."""
    found = {}
    for line in text.splitlines():
        record = json.loads(line)
        found.setdefault(record["type"], []).append(record)
    return found


def wait_for(condition, seconds, what):
    """Polls until condition() is true; its deadline is `seconds`."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return
        time.sleep(0.05)
    raise AssertionError(f"waited {seconds} s in vain for {what}")


class Terminal:
    """A program at a pseudo-terminal of its own, in a session of its own."""

    def __init__(self, args, cwd, env, columns=100):
        self.pid, self.master = pty.fork()
        if self.pid == 0:
            try:
                os.chdir(cwd)
                os.execvpe(args[0], args, {**env, "COLUMNS": str(columns), "TERM": "xterm"})
            finally:
                os._exit(127)
        self.text = ""
        self.status = None

    def read(self, seconds=0.2):
        ready, _, _ = select.select([self.master], [], [], seconds)
        if ready:
            try:
                self.text += os.read(self.master, 65536).decode("utf-8", "replace")
            except OSError:
                return False
        return True

    def expect(self, text, seconds=60):
        """Reads until `text` has appeared."""
        end = time.monotonic() + seconds
        while text not in self.text:
            assert time.monotonic() < end, f"no {text!r} in:\n{self.text}"
            assert self.read() or text in self.text, f"ended without {text!r}:\n{self.text}"

    def type(self, text):
        os.write(self.master, text.encode())

    def wait(self, seconds=60):
        """Waits for the end; the exit code as a shell would say it."""
        end = time.monotonic() + seconds
        while self.status is None:
            self.read(0.05)
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.status = status
            elif time.monotonic() > end:
                os.kill(self.pid, signal.SIGKILL)
                raise AssertionError(f"did not end within {seconds} s:\n{self.text}")
        while self.read(0.1) and select.select([self.master], [], [], 0)[0]:
            pass
        return os.waitstatus_to_exitcode(self.status)

    def close(self):
        if self.status is None:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        os.close(self.master)


def processes_of(folder):
    """Command lines of living processes whose working folder lies below `folder`."""
    found = []
    for entry in os.listdir("/proc"):
        try:
            if entry.isdigit() and os.readlink(f"/proc/{entry}/cwd").startswith(str(folder)):
                found.append(subprocess.run(["tr", "\\0", " "], stdin=open(f"/proc/{entry}/cmdline"),
                                            capture_output=True, text=True, check=False).stdout)
        except (FileNotFoundError, PermissionError, ProcessLookupError):
            continue
    return found
