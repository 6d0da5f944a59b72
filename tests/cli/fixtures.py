"""Fixtures of the command line's tests, to be imported by name: plugins of their own, golden
files, terminals."""
import fcntl
import json
import os
import pty
import select
import shutil
import struct
import subprocess
import termios
import time

import pytest
from conftest import base_environment, end_group

GOLDEN = "tests/cli/golden"


def records(text):
    """The records of a --json output: the first is the stream, the last the result."""
    parsed = [json.loads(line) for line in text.splitlines()]
    assert parsed[0]["type"] == "stream" and parsed[0]["records"] == 1
    assert [r["type"] for r in parsed].count("result") == 1
    assert parsed[-1]["type"] == "result"
    return parsed


def result(text):
    return records(text)[-1]


@pytest.fixture
def golden(source):
    """golden(name, text): compares with the file; FRACTARY_GOLDEN=write writes it."""

    def compare(name, text):
        path = source / GOLDEN / name
        if os.environ.get("FRACTARY_GOLDEN") == "write":
            path.write_text(text)
        assert text == path.read_text(), f"{path} differs; FRACTARY_GOLDEN=write renews it"

    return compare


@pytest.fixture
def speaker(build, tmp_path):
    """A folder of plugins that holds the mock agent cli-speaker alone."""
    folder = tmp_path / "plugins"
    shutil.copytree(build / "tests/mocks/cli-speaker", folder / "cli-speaker")
    return folder


@pytest.fixture
def manifest(tmp_path):
    """manifest(folder, id, **members): writes a plugin that has a manifest and an empty library."""

    def write(folder, name, **members):
        place = folder / name
        place.mkdir(parents=True)
        library = f"{name}.so"
        (place / library).write_bytes(b"")
        tree = {"manifest": 1, "id": name, "version": "1.0.0", "abi": "1.0", "kind": "skill",
                "library": library, "provides": ["fractary.skill/1"], "needs": [],
                "description": "A plugin.", **members}
        (place / "plugin.json").write_text(json.dumps(tree))
        return place

    return write


@pytest.fixture
def project(tmp_path):
    """A folder with a configuration that has one environment of each class."""
    root = tmp_path / "project"
    folder = root / ".fractary/plugins/devops"
    folder.mkdir(parents=True)
    config = {
        "version": 1,
        "project": {"name": "shop"},
        "handlers": {"hosting": "hosting-aws", "iac": "iac-terraform"},
        "environments": {"test": {"class": "test"}, "stage": {"class": "staging"},
                         "prod": {"class": "production"}},
    }
    (folder / "config.json").write_text(json.dumps(config))
    return root


class Terminal:
    """A program with a pseudo-terminal for its input and outputs."""

    def __init__(self, argv, columns, cwd, env):
        self.master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
        self.text = ""
        self.process = subprocess.Popen(argv, stdin=slave, stdout=slave, stderr=slave, cwd=cwd,
                                        env=env, start_new_session=True,
                                        preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0))
        os.close(slave)

    def read(self, seconds):
        """Reads what comes within that time; False at the end."""
        if not select.select([self.master], [], [], seconds)[0]:
            return True
        try:
            data = os.read(self.master, 65536)
        except OSError:
            return False
        self.text += data.decode(errors="replace")
        return bool(data)

    def expect(self, part, seconds=20):
        deadline = time.monotonic() + seconds
        while part not in self.text and time.monotonic() < deadline and self.read(0.1):
            pass
        assert part in self.text, self.text

    def type(self, text):
        os.write(self.master, text.encode())

    def wait(self, seconds=20):
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and self.read(0.1):
            pass
        status = self.process.wait(5)
        return 128 - status if status < 0 else status

    def close(self):
        end_group(self.process)
        os.close(self.master)


@pytest.fixture
def at_terminal(fractary):
    """at_terminal(args, columns=80, cwd=None, env={}) -> Terminal; ends with the test."""
    opened = []

    def start(args, columns=80, cwd=None, env=None):
        merged = {**base_environment(), "TERM": "xterm-256color", **(env or {})}
        merged = {name: str(value) for name, value in merged.items() if value is not None}
        terminal = Terminal([fractary, *map(str, args)], columns, cwd, merged)
        opened.append(terminal)
        return terminal

    yield start
    for terminal in opened:
        terminal.close()

