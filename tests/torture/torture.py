#!/usr/bin/env python3
"""Fails every allocation of the program in turn, command by command.

usage: tests/torture/torture.py      (make torture)

Whatever allocation fails, the program must end by itself with a documented
exit code, say what happened when the code is not 0, change nothing in the
project, and must not claim success with another answer than the usual one.
"""
import hashlib
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

SOURCE = pathlib.Path(os.environ.get("FRACTARY_SOURCE") or ".").resolve()
BUILD = pathlib.Path(os.environ.get("FRACTARY_BUILD") or SOURCE / "build").resolve()
SHIM = BUILD / "tests/torture/fail_alloc.so"
EXIT_CODES = {0, 1, 2, 3, 4, 5, 6, 7}
COMMANDS = [
    ["--version"],
    ["--help"],
    ["deploy", "--help"],
    ["plugin", "list"],
    ["plugin", "list", "--json"],
    ["plugin", "info", "iac-terraform"],
    ["resources", "--env", "test"],
    ["init", "--yes", "--dry-run", "--json"],
]
LIMIT = 20000  # allocations of one command


def run(arguments, project, fail_at=None, keep_failing=False):
    """Exit status, standard output, standard error, and whether one was failed."""
    reader, writer = os.pipe()
    environment = {"PATH": os.environ["PATH"], "HOME": str(project), "LD_PRELOAD": str(SHIM), "LC_ALL": "C.UTF-8"}
    if fail_at is not None:
        environment.update(FAIL_ALLOC_AT=str(fail_at), FAIL_ALLOC_NOTE=str(writer))
    if keep_failing:
        environment["FAIL_ALLOC_ON"] = "1"
    got = subprocess.run([BUILD / "bin/fractary", *arguments], cwd=project, env=environment, pass_fds=[writer],
                         stdin=subprocess.DEVNULL, capture_output=True, timeout=60)
    os.close(writer)
    failed = os.read(reader, 1) == b"x"
    os.close(reader)
    return got.returncode, got.stdout, got.stderr, failed


def fingerprint(folder):
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        digest.update(str(path).encode())
        if path.is_file():
            digest.update(path.read_bytes())
    return digest.digest()


def fault(usual, got):
    """What is wrong with an answer in which an allocation failed, or None."""
    status, output, errors, _ = got
    if status not in EXIT_CODES:
        return f"ended with status {status}"
    if status == 0 and output != usual[1] and b'"time"' not in output:
        return "claims success with another answer"
    if status != 0 and not errors.strip() and not output.strip():
        return f"ended with status {status} without a word"
    return None


def torture(arguments, project):
    """Number of allocations failed, and the faults found."""
    usual = run(arguments, project)
    before = fingerprint(project)
    faults = []
    for keep_failing in (False, True):
        for number in range(1, LIMIT):
            got = run(arguments, project, number, keep_failing)
            if not got[3]:
                break
            found = fault(usual, got)
            if not found and fingerprint(project) != before:
                found = "changed the project"
            if found:
                faults.append(f"allocation {number}{' and all after it' if keep_failing else ''}: {found}")
    return number - 1, faults


def make_project(folder):
    project = folder / "project"
    shutil.copytree(SOURCE / "examples/quickstart", project)
    status, _, errors, _ = run(["init", "--yes"], project)
    if status != 0:
        sys.exit(f"fractary init failed: {errors.decode()}")
    return project


def main():
    count = 0
    with tempfile.TemporaryDirectory() as folder:
        project = make_project(pathlib.Path(folder))
        for arguments in COMMANDS:
            allocations, faults = torture(arguments, project)
            count += len(faults)
            print(f"{'FAIL' if faults else 'ok  '} fractary {' '.join(arguments):<32} {allocations} allocations")
            print("".join(f"       {text}\n" for text in faults[:10]), end="", flush=True)
    print(f"{count} faults")
    return 1 if count else 0


if __name__ == "__main__":
    sys.exit(main())
