"""Every shared object of ours exports exactly one symbol, a data object. Holds
for every build, those with sanitizers, too."""
import json
import subprocess

PLUGIN_ROOTS = ("plugins", "agents", "skills")


def plugin_folders(source):
    return sorted(path.parent for root in PLUGIN_ROOTS for path in (source / root).glob("*/plugin.json"))


def exported(path):
    """Names and types of what a shared object defines for others."""
    text = subprocess.run(["readelf", "--dyn-syms", "--wide", str(path)], check=True,
                          capture_output=True, text=True, timeout=60).stdout
    rows = [line.split() for line in text.splitlines() if line.strip()[:1].isdigit()]
    return [(row[7].split("@")[0], row[3]) for row in rows if len(row) > 7 and row[6] != "UND"]


def builds(source, build):
    """The build that is tested, and the sanitizer build beside it when there is one."""
    return [path for path in (build, source / "build/asan") if (path / "lib/fractary/plugins").is_dir()]


def test_there_are_plugins(source):
    assert len(plugin_folders(source)) >= 1


def test_plugin_exports_its_entry_alone(source, build):
    assert builds(source, build)
    for root in builds(source, build):
        for folder in plugin_folders(source):
            library = root / "lib/fractary/plugins" / folder.name / f"{folder.name}.so"
            assert exported(library) == [("fractary_plugin_entry", "OBJECT")], library


def test_module_exports_its_entry_alone(source, build):
    modules = [path for root in builds(source, build) for path in (root / "lib/fractary/modules").glob("*.so")]
    assert modules or not list((source / "core").glob("*/*_module.c"))
    for library in modules:
        assert exported(library) == [("fractary_module_entry", "OBJECT")], library


def test_manifest_names_what_the_build_makes(source):
    """The folder is named after the id, and the library after both."""
    for folder in plugin_folders(source):
        manifest = json.loads((folder / "plugin.json").read_text())
        assert (manifest["id"], manifest["library"]) == (folder.name, f"{folder.name}.so"), folder


def test_built_tree_holds_no_plugin_whose_source_is_gone(source, build):
    names = {folder.name for folder in plugin_folders(source)}
    assert {path.name for path in (build / "lib/fractary/plugins").iterdir()} == names
