"""fractary plugin list and plugin info: what is found where, and what is wrong with it."""
import json

import pytest
from fixtures import golden, manifest, result, speaker  # noqa: F401


@pytest.fixture
def listed(run_fractary):
    """listed(path, **env) -> {folder: entry} of plugin list --json."""

    def run(path=None, **env):
        answer = run_fractary(["plugin", "list", "--json"], env={"FRACTARY_PLUGIN_PATH": path, **env})
        assert answer.returncode == 0 and answer.stderr == ""
        return {p["folder"]: p for p in result(answer.stdout)["plugins"]}

    return run


def test_the_built_plugins_are_found_beside_the_program(listed, build):
    plugins = {p["id"]: p for p in listed().values()}
    assert {"iac-terraform", "hosting-aws", "infra-manager", "infra-validator", "infra-previewer",
            "infra-deployer"} <= set(plugins)
    for plugin in plugins.values():
        assert (plugin["status"], plugin["origin"]) == ("ok", "tree")
        assert plugin["folder"] == str(build / "lib/fractary/plugins" / plugin["id"])


def test_the_table(run_fractary, speaker):
    answer = run_fractary(["plugin", "list"], env={"FRACTARY_PLUGIN_PATH": speaker})
    lines = answer.stdout.splitlines()
    assert lines[0].split() == ["ID", "VERSION", "KIND", "ORIGIN", "STATUS"]
    assert ["cli-speaker", "1.0.0", "agent", "path", "ok"] in [line.split() for line in lines]
    assert lines[1:] == sorted(lines[1:])


def test_quiet_counts(run_fractary):
    answer = run_fractary(["plugin", "list", "--quiet"])
    assert answer.stdout.startswith("✓ 6 plugins") and len(answer.stdout.splitlines()) == 1


def test_places_in_order(listed, manifest, tmp_path):
    path, data = tmp_path / "path", tmp_path / "data"
    first = manifest(path, "twice")
    second = manifest(data / "fractary/plugins", "twice")
    home = tmp_path / "home"
    third = manifest(home / ".local/share/fractary/plugins", "at-home")
    plugins = listed(path, XDG_DATA_HOME=data)
    assert plugins[str(first)]["status"] == "ok" and plugins[str(first)]["origin"] == "path"
    assert plugins[str(second)]["status"] == "shadowed" and plugins[str(second)]["origin"] == "user"
    assert plugins[str(second)]["shadowed_by"] == str(first)
    assert listed(path, HOME=home)[str(third)]["origin"] == "user"


def test_several_folders_and_empty_parts(listed, manifest, tmp_path):
    one, two = manifest(tmp_path / "one", "first"), manifest(tmp_path / "two", "second")
    plugins = listed(f"{one.parent}::{two.parent}:")
    assert plugins[str(one)]["status"] == plugins[str(two)]["status"] == "ok"


def test_relative_folders_are_not_searched(run_fractary, manifest, tmp_path):
    manifest(tmp_path / "here", "hidden")
    env = {"FRACTARY_PLUGIN_PATH": "here"}
    answer = run_fractary(["plugin", "list", "--json"], cwd=tmp_path, env=env)
    assert "hidden" not in {p["id"] for p in result(answer.stdout)["plugins"]}
    checks = result(run_fractary(["doctor", "--json"], cwd=tmp_path, env=env).stdout)["checks"]
    assert any(c["name"] == "plugin path" and c["status"] == "warning" for c in checks)


def test_a_project_cannot_bring_plugins(run_fractary, manifest, tmp_path):
    manifest(tmp_path / ".fractary/plugins.d", "from-the-clone")
    answer = run_fractary(["plugin", "list", "--json"], cwd=tmp_path)
    assert "from-the-clone" not in {p["id"] for p in result(answer.stdout)["plugins"]}


def spoil(place, **members):
    path = place / "plugin.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **members}))


BAD = {
    "syntax": (lambda place: (place / "plugin.json").write_text("{"), "plugin.json"),
    "no-manifest": (lambda place: (place / "plugin.json").unlink(), "plugin.json"),
    "newer": (lambda place: spoil(place, manifest=2), "manifest"),
    "abi-major": (lambda place: spoil(place, abi="2.0"), "2.0"),
    "kind": (lambda place: spoil(place, kind="editor"), "kind"),
    "no-library": (lambda place: (place / "no-library.so").unlink(), "no-library.so"),
    "outside": (lambda place: spoil(place, library="../x.so"), "../x.so"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_plugins_are_shown_with_their_reason(run_fractary, listed, manifest, tmp_path, name):
    place = manifest(tmp_path / "plugins", name)
    change, said = BAD[name]
    change(place)
    entry = listed(tmp_path / "plugins")[str(place)]
    assert entry["status"] == "bad" and said in entry["message"] + entry["cause"] + entry["place"]
    env = {"FRACTARY_PLUGIN_PATH": tmp_path / "plugins"}
    text = run_fractary(["plugin", "list"], env=env).stdout
    assert f"\n{name}: " in text and ", 1 bad" in run_fractary(["plugin", "list", "--quiet"], env=env).stdout
    info = run_fractary(["plugin", "info", name], env=env)
    assert info.returncode != 0 and info.stderr.startswith("error: ")


def test_list_and_info_run_no_foreign_code(run_fractary, build, tmp_path):
    """A library that ends the process when it is opened would show."""
    env = {"FRACTARY_PLUGIN_PATH": build / "tests/mocks"}
    assert run_fractary(["plugin", "list"], env=env).returncode == 0
    assert run_fractary(["plugin", "info", "crashes"], env=env).returncode == 0


def test_info(run_fractary, build):
    answer = run_fractary(["plugin", "info", "iac-terraform"], env={"COLUMNS": "72"})
    assert answer.returncode == 0 and answer.stderr == ""
    assert answer.stdout.startswith("iac-terraform ")
    for fact in ("kind       iac", "provides   fractary.iac/1", "fractary.process/1", "terraform, tofu",
                 str(build / "lib/fractary/plugins/iac-terraform")):
        assert fact in answer.stdout
    plugin = result(run_fractary(["plugin", "info", "iac-terraform", "--json"]).stdout)["plugin"]
    assert plugin["manifest"]["provides"] == ["fractary.iac/1"] and plugin["library"].endswith(".so")


def test_info_lists_commands(run_fractary):
    text = run_fractary(["plugin", "info", "infra-manager"]).stdout
    assert "commands   validate-config: " in text and "\n             teardown: " in text


def test_an_unknown_plugin(run_fractary):
    answer = run_fractary(["plugin", "info", "iac-terrafrom"])
    assert answer.returncode == 6 and "iac-terraform" in answer.stderr
    assert result(run_fractary(["plugin", "info", "nonsense", "--json"]).stdout)["error"]["status"] == "missing"


def test_a_hundred_plugins(listed, manifest, tmp_path):
    for i in range(100):
        manifest(tmp_path / "many", f"plugin-{i:03}")
    assert sum(p["origin"] == "path" for p in listed(tmp_path / "many").values()) == 100


def test_a_place_that_is_no_folder_is_said(run_fractary, tmp_path):
    place = tmp_path / "file"
    place.write_text("")
    for folder in (place, tmp_path / "absent"):
        answer = run_fractary(["doctor", "--json"], env={"FRACTARY_PLUGIN_PATH": folder})
        warned = [c["detail"] for c in result(answer.stdout)["checks"] if c["name"] == "plugin path"]
        assert warned == [str(folder)]


@pytest.mark.parametrize("name", ["../iac-terraform", "/etc", "", "A plugin"])
def test_what_cannot_be_an_id_is_no_package(run_fractary, name):
    answer = run_fractary(["plugin", "info", name])
    assert answer.returncode == 2 and "cannot be the id" in answer.stderr
    assert "install the package" not in answer.stderr


def test_info_shows_a_refused_override(run_fractary, manifest, tmp_path):
    place = manifest(tmp_path / "plugins", "iac-terraform")
    spoil(place, abi="2.0")
    env = {"FRACTARY_PLUGIN_PATH": tmp_path / "plugins", "COLUMNS": "200"}
    answer = run_fractary(["plugin", "info", "iac-terraform"], env=env)
    assert answer.returncode == 0
    [line] = [line for line in answer.stdout.splitlines() if line.startswith("  refused ")]
    assert str(place) in line and "2.0" in line
    answer = run_fractary(["plugin", "info", "iac-terraform", "--json"], env=env)
    [other] = result(answer.stdout)["plugin"]["others"]
    assert other["status"] == "bad" and other["folder"] == str(place)


def test_info_shows_what_an_override_shadows(run_fractary, manifest, build, tmp_path):
    manifest(tmp_path / "plugins", "iac-terraform")
    env = {"FRACTARY_PLUGIN_PATH": tmp_path / "plugins", "COLUMNS": "200"}
    text = run_fractary(["plugin", "info", "iac-terraform"], env=env).stdout
    [line] = [line for line in text.splitlines() if line.startswith("  shadows ")]
    assert str(build / "lib/fractary/plugins/iac-terraform") in line
