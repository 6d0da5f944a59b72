"""Production: named, proved, and confirmed by a person at a terminal."""
import pytest
from conftest import base_environment
from project import Project, Terminal, configuration, records

CODE = 'resource "terraform_data" "one" { input = "v1" }\n'


@pytest.fixture
def project(tmp_path):
    return Project(tmp_path, CODE)


@pytest.fixture
def env(testcloud, terraform_env):
    return {**testcloud.env, **terraform_env}


def at_terminal(fractary, project, env, *args):
    return Terminal([fractary, *args], project.path, {**base_environment(), **env})


def test_without_a_terminal_it_exits_4(project, run_fractary, env):
    answer = run_fractary(["deploy", "--env", "prod"], cwd=project.path, env=env)
    assert answer.returncode == 4, answer.stdout + answer.stderr
    assert "terminal" in answer.stderr
    assert not (project.path / "terraform.tfstate").exists()


def test_yes_is_no_confirmation(project, run_fractary, env):
    answer = run_fractary(["teardown", "--env", "prod", "--yes"], cwd=project.path, env=env,
                          input="prod\n")
    assert answer.returncode in (0, 4) and not (project.path / "terraform.tfstate").exists()


def test_the_typed_name_deploys(project, fractary, env):
    terminal = at_terminal(fractary, project, env, "deploy", "--env", "prod")
    terminal.expect("PRODUCTION")
    terminal.expect("Type the environment's name")
    terminal.type("prod\n")
    assert terminal.wait() == 0, terminal.text
    assert project.registry("prod")["resources"][0]["address"] == "terraform_data.one"
    terminal.close()


@pytest.mark.parametrize("typed", ["yes\n", "Prod\n", "\n", "\x04"])
def test_anything_else_is_a_no(project, fractary, env, typed):
    terminal = at_terminal(fractary, project, env, "deploy", "--env", "prod")
    terminal.expect("Type the environment's name")
    terminal.type(typed)
    assert terminal.wait() in (3, 130), terminal.text
    assert not (project.path / "terraform.tfstate").exists()
    terminal.close()


def test_ctrl_c_at_the_question(project, fractary, env):
    terminal = at_terminal(fractary, project, env, "deploy", "--env", "prod")
    terminal.expect("Type the environment's name")
    terminal.type("\x03")
    assert terminal.wait() == 130, terminal.text
    assert not (project.path / "terraform.tfstate").exists()
    terminal.close()


def test_an_unclassified_name_is_production(project, run_fractary, env):
    config = configuration(live={"account": "123456789012",
                                 "identities": {"deploy": {"source": "environment"}}})
    project.configure(config)
    answer = run_fractary(["deploy", "--env", "live"], cwd=project.path, env=env)
    assert answer.returncode == 4, answer.stdout + answer.stderr


def test_ask_in_a_test_environment(project, fractary, env, run_fractary):
    refused = run_fractary(["deploy", "--env", "test", "--ask"], cwd=project.path, env=env)
    assert refused.returncode == 4
    terminal = at_terminal(fractary, project, env, "deploy", "--env", "test", "--ask")
    terminal.expect("[y/N]")
    terminal.type("y\n")
    assert terminal.wait() == 0, terminal.text
    terminal.close()


def test_the_wrong_account_is_refused(project, run_fractary, env):
    project.configure(configuration(account="999999999999"))
    answer = run_fractary(["deploy", "--env", "test", "--json"], cwd=project.path, env=env)
    error = records(answer.stdout)["result"][0]["error"]
    assert answer.returncode == 3, answer.stdout
    text = " ".join(str(value) for value in error.values())
    assert "999999999999" in text and "123456789012" in text
    assert not (project.path / "terraform.tfstate").exists()


def test_production_without_an_account_is_refused(project, run_fractary, env):
    config = configuration()
    del config["environments"]["prod"]["account"]
    project.configure(config)
    answer = run_fractary(["deploy", "--env", "prod"], cwd=project.path, env=env)
    assert answer.returncode == 3 and "account" in answer.stderr, answer.stderr


def test_another_environments_var_file_is_refused(project, run_fractary, env):
    project.write("prod.tfvars", "")
    config = configuration(test={"plugins": {"iac-terraform": {"var_files": ["prod.tfvars"]}}})
    project.configure(config)
    answer = run_fractary(["deploy", "--env", "test"], cwd=project.path, env=env)
    assert answer.returncode == 3 and "prod" in answer.stderr, answer.stderr
