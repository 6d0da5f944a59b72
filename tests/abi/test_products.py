"""What the release build makes: what plugins need, headers alone, plugins
against the installed tree, layers on those below them."""
import fnmatch
import os
import shutil
import subprocess

import pytest

LAYERS = ("cli", "plugin", "service", "trust", "project", "base")
PLUGIN_ROOTS = ("plugins", "agents", "skills")
STRICT = ["-Wall", "-Wextra", "-Wpedantic", "-Wshadow", "-Wconversion", "-Werror"]
LAYER_LIBRARIES = ["-lcjson", "-lcrypto", "-lxml2", "-ldl"]
# Nothing else may be loaded at every start of the program.
PROGRAM_NEEDS = {"libcjson.so.1", "libcrypto.so.3", "libc.so.6", "libdl.so.2"}


def run(command, **options):
    """Runs a tool; its own words are the failure's text."""
    got = subprocess.run([str(part) for part in command], capture_output=True, text=True, timeout=300, **options)
    assert got.returncode == 0, f"{' '.join(map(str, command))}\n{got.stdout}{got.stderr}"
    return got.stdout


def plugin_folders(source):
    return sorted(path.parent for root in PLUGIN_ROOTS for path in (source / root).glob("*/plugin.json"))


def plugin_libraries(source, build):
    return [build / "lib/fractary/plugins" / folder.name / f"{folder.name}.so" for folder in plugin_folders(source)]


# ------------------------------------------------------------ what they need


def allowed(source, name):
    """Patterns of a list in this folder; text after # is why."""
    lines = (source / "tests/abi" / name).read_text().splitlines()
    return [line.split("#")[0].strip() for line in lines if line.split("#")[0].strip()]


def undefined_symbols(library):
    lines = run(["nm", "--dynamic", "--undefined-only", library]).splitlines()
    return {line.split()[-1].split("@")[0] for line in lines if line.split()}


def needed(path):
    lines = run(["readelf", "--dynamic", path]).splitlines()
    return {line.split("[")[1].rstrip("]") for line in lines if "(NEEDED)" in line}


def not_on(patterns, names):
    return sorted(name for name in names if not any(fnmatch.fnmatchcase(name, one) for one in patterns))


def test_plugins_use_allowed_symbols_only(source, build):
    patterns = allowed(source, "allowed_symbols.txt")
    found = {library.name: not_on(patterns, undefined_symbols(library)) for library in plugin_libraries(source, build)}
    assert found and {name: symbols for name, symbols in found.items() if symbols} == {}


def test_plugins_need_allowed_libraries_only(source, build):
    patterns = allowed(source, "allowed_needed.txt")
    found = {library.name: not_on(patterns, needed(library)) for library in plugin_libraries(source, build)}
    assert found and {name: libraries for name, libraries in found.items() if libraries} == {}


FORBIDDEN = """fork vfork execve execvp system popen posix_spawn open open64 openat fopen fopen64 creat socket
connect getenv secure_getenv setenv putenv chdir signal sigaction pthread_create thrd_create printf __printf_chk
puts putchar write stdout stderr dlopen dlsym xmlReadFile xmlParseFile""".split()


@pytest.mark.parametrize("name", FORBIDDEN)
def test_the_list_allows_nothing_that_the_contract_forbids(source, name):
    assert not_on(allowed(source, "allowed_symbols.txt"), [name]) == [name]


def test_program_starts_with_few_libraries(fractary):
    assert needed(fractary) <= PROGRAM_NEEDS


# -------------------------------------------------------------------- headers


def compilers(*names):
    return [name for name in names if shutil.which(name)]


def headers(source, folder):
    return sorted(path.relative_to(source / "include") for path in (source / "include" / folder).rglob("*.h"))


def compile_alone(source, tmp_path, header, compiler, standard, suffix):
    file = tmp_path / f"alone{suffix}"
    # Twice: a header must bear being included again.
    file.write_text(f"#include <{header}>\n#include <{header}>\nextern int alone;\nint alone;\n")
    run([compiler, f"-std={standard}", "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-fsyntax-only",
         f"-I{source}/include", file])


@pytest.mark.parametrize("standard", ["c11", "c17"])
@pytest.mark.parametrize("compiler", compilers("gcc", "clang"))
def test_header_compiles_alone_as_c(source, tmp_path, compiler, standard):
    every = headers(source, "fractary") + headers(source, "fractary-plugin")
    assert len(every) > 10
    for header in every:
        compile_alone(source, tmp_path, header, compiler, standard, ".c")


@pytest.mark.parametrize("standard", ["c++11", "c++20"])
@pytest.mark.parametrize("compiler", compilers("g++", "clang++"))
def test_header_compiles_alone_as_cpp(source, tmp_path, compiler, standard):
    every = headers(source, "fractary")
    assert every
    for header in every:
        compile_alone(source, tmp_path, header, compiler, standard, ".cpp")


# ---------------------------------------------------------- the installed tree


@pytest.fixture(scope="module")
def installed(source, build, tmp_path_factory):
    """A folder into which the build was installed, as a packager does it."""
    folder = tmp_path_factory.mktemp("installed")
    run(["make", "-s", "-C", source, "install-built", f"BUILD={os.path.relpath(build, source)}",
         f"DESTDIR={folder}", "PREFIX=/usr/local"])
    return folder / "usr/local"


def package(installed, *words):
    """pkg-config's answer, with the prefix moved to where the tree lies now."""
    environment = {**os.environ, "PKG_CONFIG_PATH": str(installed / "lib/pkgconfig")}
    return run(["pkg-config", f"--define-variable=prefix={installed}", f"--define-variable=libdir={installed}/lib",
                f"--define-variable=includedir={installed}/include", *words, "fractary"], env=environment).split()


def test_plugins_build_against_the_installed_tree_alone(source, installed, tmp_path):
    for folder in plugin_folders(source):
        work = tmp_path / folder.name
        shutil.copytree(folder, work)
        sources = sorted(work.rglob("*.c"))
        assert sources, folder
        run(["gcc", "-std=c11", "-D_GNU_SOURCE", "-DFRACTARY_VERSION=\"0\"", "-fPIC", "-fvisibility=hidden", *STRICT,
             *package(installed, "--cflags"), "-shared", "-Wl,-z,defs", "-o", work / "plugin.so", *sources,
             *package(installed, "--libs", "--static")], cwd=work)
        assert "fractary_plugin_entry" in run(["nm", "--dynamic", "--defined-only", work / "plugin.so"])


def test_installed_program_runs_and_finds_its_plugins(source, installed):
    got = run([installed / "bin/fractary", "plugin", "list"], env={"PATH": os.environ["PATH"], "HOME": str(installed)})
    for folder in plugin_folders(source):
        assert folder.name in got


def test_uninstall_leaves_nothing(source, build, tmp_path):
    arguments = ["make", "-s", "-C", source, f"BUILD={os.path.relpath(build, source)}", f"DESTDIR={tmp_path}",
                 "PREFIX=/usr"]
    run([*arguments, "install-built"])
    assert (tmp_path / "usr/bin/fractary").exists()
    run([*arguments, "uninstall"])
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


# ---------------------------------------------------------------------- layers


@pytest.mark.parametrize("layer", LAYERS)
def test_layer_links_with_those_below_it_alone(build, tmp_path, layer):
    own = build / f"obj/core-{layer}.a"
    assert run(["ar", "t", own]).split(), f"{own} is empty"
    below = [build / f"obj/core-{name}.a" for name in LAYERS[LAYERS.index(layer) + 1:]]
    empty = tmp_path / "main.c"
    empty.write_text("int main(void)\n{\n    return 0;\n}\n")
    run(["gcc", "-pie", "-fPIE", "-o", tmp_path / "layer", empty, "-Wl,--whole-archive", own,
         "-Wl,--no-whole-archive", *below, *LAYER_LIBRARIES])
