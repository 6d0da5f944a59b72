"""Rules that are read off the sources: who may call what, and who includes whom."""
import fnmatch
import re

import pytest

LAYERS = ("cli", "plugin", "service", "trust", "project", "base")
PLUGIN_ROOTS = ("plugins", "agents", "skills")
C_HEADERS = set("""assert complex ctype errno fenv float inttypes iso646 limits locale math setjmp signal stdalign
stdarg stdatomic stdbool stddef stdint stdio stdlib stdnoreturn string tgmath threads time uchar wchar wctype""".split())

# What only one place may do: name, pattern, and that place.
ONE_PLACE = [
    ("open shared objects", r"\bdl(?:m)?open\s*\(", "core/plugin/loader.c"),
    ("start processes", r"\b(?:v?fork|posix_spawnp?|clone3?|execv[pe]*|execl[pe]*|system|popen)\s*\(",
     "core/service/process.c"),
    ("write to the terminal", r"\b(?:v?printf|puts|putchar|perror)\s*\(", "core/cli/report.c"),
    ("use standard output", r"\b(?:stdout|stderr)\b", "core/cli/report.c"),
    ("write to descriptors 1 and 2",
     r"\b(?:write|writev|pwrite|v?dprintf)\s*\(\s*(?:1|2|STDOUT_FILENO|STDERR_FILENO)\b", "core/cli/report.c"),
]
# Each outside library has one file that includes its header (a family of files
# of one name, where one would be too long).
LIBRARY_HEADERS = [
    ("cJSON", r"(?:cjson/)?cJSON\.h", "core/base/json*.c"),
    ("libcrypto", r"openssl/.*", "core/base/hash.c"),
    ("libxml2", r"libxml/.*", "core/base/xml.c"),
    ("libcurl", r"curl/.*", "core/service/http_module.c"),
    ("libarchive", r"archive(?:_entry)?\.h", "core/plugin/archive*.c"),
    ("libdl", r"dlfcn\.h", "core/plugin/loader.c"),
]
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*(["<])([^">]+)[">]', re.M)
NOISE = re.compile(r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.S)


def code_of(path):
    """The text without comments, strings and characters; lines keep their numbers."""
    return NOISE.sub(lambda match: "\n" * match[0].count("\n") or " ", path.read_text())


def without_comments(path):
    return re.sub(r"/\*.*?\*/|^\s*//[^\n]*", "", path.read_text(), flags=re.S | re.M)


def includes(path):
    return [(match[1], match[2]) for match in INCLUDE.finditer(without_comments(path))]


def files(source, *folders):
    found = [path for folder in folders for path in (source / folder).rglob("*.[ch]")]
    assert found, f"no sources in {folders}"
    return sorted(found)


def everything(source):
    return files(source, "core", "include", *PLUGIN_ROOTS)


@pytest.mark.parametrize("what, pattern, place", ONE_PLACE, ids=[row[0] for row in ONE_PLACE])
def test_one_place_alone_may(source, what, pattern, place):
    found = [f"{path.relative_to(source)}:{number}: {line.strip()}"
             for path in everything(source) if str(path.relative_to(source)) != place
             for number, line in enumerate(code_of(path).splitlines(), 1) if re.search(pattern, line)]
    assert found == [], f"only {place} may {what}"


def test_layers_include_downwards_only(source):
    found = []
    for path in files(source, "core"):
        layer = path.relative_to(source / "core").parts[0]
        below = LAYERS[LAYERS.index(layer):]
        for quote, name in includes(path):
            first = name.split("/")[0]
            if quote == '"' and first in LAYERS and first not in below:
                found.append(f"{path.relative_to(source)} includes {name}")
    assert found == []


def test_core_includes_its_own_headers_by_layer(source):
    """"layer/name.h", so that the direction can be read off the line."""
    found = [f"{path.relative_to(source)} includes {name}" for path in files(source, "core")
             for quote, name in includes(path) if quote == '"' and name.split("/")[0] not in LAYERS]
    assert found == []


def may_include(folder, path, quote, name):
    if quote == '"':
        return any((base / name).is_file() and (base / name).resolve().is_relative_to(folder)
                   for base in (path.parent, folder))
    return name.startswith(("fractary/", "fractary-plugin/")) or name.removesuffix(".h") in C_HEADERS


def test_plugins_include_the_abi_and_the_standard_library_only(source):
    found = []
    for root in PLUGIN_ROOTS:
        for folder in (path.parent for path in (source / root).glob("*/plugin.json")):
            found += [f"{path.relative_to(source)} includes {name}" for path in files(source, folder)
                      for quote, name in includes(path) if not may_include(folder, path, quote, name)]
    assert found == []


@pytest.mark.parametrize("library, header, place", LIBRARY_HEADERS, ids=[row[0] for row in LIBRARY_HEADERS])
def test_outside_library_has_one_user(source, library, header, place):
    users = {str(path.relative_to(source)) for path in everything(source)
             for _, name in includes(path) if re.fullmatch(header, name)}
    assert [user for user in sorted(users) if not fnmatch.fnmatch(user, place)] == []
