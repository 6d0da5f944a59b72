"""OpenTofu does what Terraform does: one life of a project, and its errors.

Skipped where there is no tofu on PATH or in build/tools/bin. terraform_data
needs no provider, so no registry either.
"""
import os
import shutil

import pytest
from project import Project, configuration, records

CODE = 'variable "text" { default = "v1" }\nresource "terraform_data" "one" { input = var.text }\n'


@pytest.fixture(scope="session")
def tofu(build):
    path = shutil.which("tofu", path=os.environ["PATH"] + os.pathsep + str(build / "tools/bin"))
    if path is None:
        pytest.skip("OpenTofu is not installed")
    return path


@pytest.fixture
def project(tmp_path, tofu):
    return Project(tmp_path, CODE, configuration(test={"plugins": {"iac-terraform": {"tool": tofu}}}))


@pytest.fixture
def run(project, run_fractary, testcloud, terraform_env):
    """run("deploy", ...) -> exit code, error of the result, records by type."""

    def call(command, *more):
        answer = run_fractary([command, "--env", "test", *more, "--json"], cwd=project.path,
                              env={**testcloud.env, **terraform_env})
        found = records(answer.stdout)
        return answer.returncode, found["result"][0].get("error", {}), found

    return call


def addresses(project):
    return [r["address"] for r in project.registry()["resources"]]


def test_a_whole_life(project, run):
    code, error, _ = run("validate")
    assert code == 0, error
    code, error, found = run("preview")
    assert code == 0, error
    assert found["plan"][0]["tool"] == "tofu" and found["plan"][0]["add"] == 1
    code, error, _ = run("deploy")
    assert code == 0 and addresses(project) == ["terraform_data.one"], error
    code, error, found = run("deploy")
    assert code == 0 and found["plan"][0]["changes"] is False, error
    project.write("two.tf", 'resource "terraform_data" "two" { count = 2 }\n')
    code, error, _ = run("deploy")
    assert code == 0 and len(addresses(project)) == 3, error
    code, error, _ = run("status")
    assert code == 0, error
    code, error, found = run("resources")
    assert code == 0 and len(found["resource"]) == 3, error
    code, error, _ = run("teardown", "--yes")
    assert code == 0 and addresses(project) == [], error


ERRORS = {
    "syntax": ('resource "terraform_data" "x" { input = }\n', "syntax", 1),
    "reference": ('resource "terraform_data" "x" { input = var.nope }\n', "reference", 1),
    "variable": ('variable "size" {}\n', "missing-variable", 1),
    "module": ('module "m" { source = "./nope" }\n', "module", 1),
    "version": ('terraform { required_version = ">= 99" }\n', "version", 1),
    "provisioner": ('resource "terraform_data" "x" {\n  provisioner "local-exec" { command = "exit 3" }\n}\n',
                    "provisioner", 1),
}


@pytest.mark.parametrize("name", ERRORS)
def test_errors(project, run, name):
    text, category, exit_code = ERRORS[name]
    project.write("wrong.tf", text)
    code, error, found = run("deploy")
    first = found["diagnostic"][0]
    assert code == exit_code and first["category"] == category, first
    assert first["advice"] and error["message"].startswith("tofu "), error
    for diagnostic in found["diagnostic"]:  # what it was doing is no part of an error
        assert "Initializing" not in diagnostic.get("detail", ""), diagnostic
