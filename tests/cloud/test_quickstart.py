"""The example as it is in the tree: formatted, and its archive that of its source."""
import os
import subprocess
import zipfile


def test_archive_is_that_of_the_source(source, tmp_path):
    folder = source / "examples/quickstart"
    (tmp_path / "function").mkdir()
    (tmp_path / "infra").mkdir()
    for name in ("Makefile", "function/index.py"):
        (tmp_path / name).write_bytes((folder / name).read_bytes())
    subprocess.run(["make", "-s", "-C", str(tmp_path)], check=True, timeout=30)
    packed = (tmp_path / "infra/function.zip").read_bytes()
    assert packed == (folder / "infra/function.zip").read_bytes(), "run make in examples/quickstart"
    assert zipfile.ZipFile(folder / "infra/function.zip").read("index.py") \
        == (folder / "function/index.py").read_bytes()


def test_terraform_would_format_it_no_other_way(source, terraform, terraform_env):
    got = subprocess.run([terraform, "fmt", "-check", "-diff", str(source / "examples/quickstart/infra")],
                         env={**os.environ, **terraform_env}, capture_output=True, text=True, timeout=60)
    assert got.returncode == 0, got.stdout
