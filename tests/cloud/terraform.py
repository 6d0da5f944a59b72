#!/usr/bin/env python3
"""Terraform for the demo and the tests: which tool, and where its providers are.

usage: build/python/bin/python tests/cloud/terraform.py      prints lines for a shell to evaluate

The tool is terraform on PATH, else tofu, else the tofu that set-up built.
Providers may lie in a filesystem mirror, a folder that holds
registry.terraform.io/NAMESPACE/NAME/VERSION/PLATFORM. Looked for in this order:
FRACTARY_TEST_MIRROR, the folders that Terraform looks in by itself, and at most
three levels below PREFIXES. When one is found, build/cloud/terraformrc points
at it; otherwise the ordinary registry serves. Only the demo and the tests do
this: fractary never sets TF_CLI_CONFIG_FILE.

FRACTARY_TEST_TOOL names the tool that is tested instead, "tofu" or a path: then
no other tool is on PATH.
"""
import os
import pathlib
import shlex
import shutil
import sys

SOURCE = pathlib.Path(__file__).resolve().parent.parent.parent
CLOUD = SOURCE / "build/cloud"
NAMES = ("terraform", "tofu")
TOOLS = SOURCE / "build/tools/bin"
TERRAFORM_HOST = "registry.terraform.io"
TOFU_HOST = "registry.opentofu.org"
PREFIXES = ("/opt", "/usr/local", "/usr/share", "/usr/lib", "/var/lib", "/srv")
DEPTH = 3


def tool():
    """Path of terraform or tofu, or None."""
    path = os.environ.get("PATH", "") + os.pathsep + str(TOOLS)
    named = os.environ.get("FRACTARY_TEST_TOOL")
    if named:
        return shutil.which(named, path=path) or sys.exit(f"FRACTARY_TEST_TOOL: there is no {named}.")
    return shutil.which("terraform", path=path) or shutil.which("tofu", path=path)


def implied_folders():
    home = pathlib.Path.home()
    data = pathlib.Path(os.environ.get("XDG_DATA_HOME") or home / ".local/share")
    shared = (os.environ.get("XDG_DATA_DIRS") or "/usr/local/share:/usr/share").split(":")
    return [home / ".terraform.d/plugins", data / "terraform/plugins",
            *(pathlib.Path(folder) / "terraform/plugins" for folder in shared)]


def search(folder, depth):
    """The folder below which TERRAFORM_HOST lies, at most `depth` levels down."""
    if (folder / TERRAFORM_HOST / "hashicorp").is_dir():
        return folder
    if depth == 1:
        return None
    try:
        children = sorted(child for child in folder.iterdir()
                          if child.is_dir() and not child.is_symlink())
    except OSError:
        return None
    found = (search(child, depth - 1) for child in children)
    return next((result for result in found if result), None)


def mirror():
    """The folder of the mirror, or None."""
    named = os.environ.get("FRACTARY_TEST_MIRROR")
    if named:
        if not (pathlib.Path(named) / TERRAFORM_HOST).is_dir():
            sys.exit(f"FRACTARY_TEST_MIRROR names {named}, which holds no folder {TERRAFORM_HOST}.")
        return pathlib.Path(named)
    for folder in implied_folders():
        if (folder / TERRAFORM_HOST / "hashicorp").is_dir():
            return folder
    found = (search(pathlib.Path(prefix), DEPTH) for prefix in PREFIXES)
    return next((result for result in found if result), None)


def tofu_mirror(folder):
    """The same providers under the name that OpenTofu asks for: real folders, of
    which only the last is a link, since it follows no other."""
    result = CLOUD / "mirror"
    for platform in (folder / TERRAFORM_HOST).glob("*/*/*/*"):
        if not platform.is_dir():
            continue
        link = result / TOFU_HOST / platform.relative_to(folder / TERRAFORM_HOST)
        link.parent.mkdir(parents=True, exist_ok=True)
        if not link.is_symlink() or os.readlink(link) != str(platform):
            link.unlink(missing_ok=True)
            link.symlink_to(platform)
    return result


def write_configuration(folder):
    path = CLOUD / "terraformrc"
    CLOUD.mkdir(parents=True, exist_ok=True)
    # The registry is asked for everything that the mirror does not hold.
    held = ", ".join(f'"{path.relative_to(folder)}"' for path in sorted(folder.glob("registry.*/*/*")))
    text = (f'provider_installation {{\n  filesystem_mirror {{\n    path = "{folder}"\n  }}\n'
            f"  direct {{\n    exclude = [{held}]\n  }}\n}}\n")
    temporary = path.with_suffix(f".{os.getpid()}")
    temporary.write_text(text)
    temporary.replace(path)
    return path


def without_tools(folder, number):
    """A folder of links to all programs of `folder` but terraform and tofu."""
    if not any((pathlib.Path(folder) / name).exists() for name in NAMES):
        return folder
    result = CLOUD / "path" / str(number)
    shutil.rmtree(result, ignore_errors=True)
    result.mkdir(parents=True)
    for program in pathlib.Path(folder).iterdir():
        if program.name not in NAMES:
            (result / program.name).symlink_to(program)
    return str(result)


def path_with_only(binary):
    """PATH with that tool, by its usual name, and no other one."""
    folders = [folder for folder in os.environ.get("PATH", "").split(os.pathsep) if folder]
    own = CLOUD / "path" / "tool"
    result = [str(own), *(without_tools(folder, number) for number, folder in enumerate(folders))]
    own.mkdir(parents=True, exist_ok=True)
    for name in NAMES:
        (own / name).unlink(missing_ok=True)
    (own / kind(binary)).symlink_to(binary)
    return os.pathsep.join(result)


def kind(binary):
    return "tofu" if "tofu" in pathlib.Path(binary).name else "terraform"


def environment():
    """What is to be set (text) and unset (None) for the demo and the tests."""
    result = {"CHECKPOINT_DISABLE": "1"}
    binary = tool()
    if os.environ.get("FRACTARY_TEST_TOOL"):
        result["PATH"] = path_with_only(binary)
    elif binary and pathlib.Path(binary).parent == TOOLS:
        result["PATH"] = os.environ.get("PATH", "") + os.pathsep + str(TOOLS)
    folder = mirror()
    if folder and binary:
        is_tofu = kind(binary) == "tofu"
        result["TF_CLI_CONFIG_FILE"] = str(write_configuration(tofu_mirror(folder) if is_tofu else folder))
    else:
        result["TF_CLI_CONFIG_FILE"] = own_configuration()
    return result


def own_configuration():
    """The caller's own configuration, if there is one; tests change HOME."""
    named = os.environ.get("TF_CLI_CONFIG_FILE") or str(pathlib.Path.home() / ".terraformrc")
    return named if os.path.isfile(named) else None


def main():
    for name, value in environment().items():
        print(f"unset {name}" if value is None else f"export {name}={shlex.quote(value)}")


if __name__ == "__main__":
    main()
