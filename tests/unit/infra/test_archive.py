"""Packages: the same bytes for the same input, and nothing in them that does not belong there."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from infra import archive, build

ROOT = Path(__file__).parents[3]


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for name in ("b/two.py", "a/one.py", "a/__pycache__/one.cpython-311.pyc", "x-1.0.dist-info/RECORD", "bin/tool"):
        file = tmp_path / "tree" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(name)
    return tmp_path / "tree"


def test_the_same_files_give_the_same_bytes_whenever_and_in_whatever_order(tree: Path, tmp_path: Path) -> None:
    entries = dict(archive.tree(tree))
    archive.write_zip(entries, tmp_path / "first.zip")
    for file in entries.values():
        os.utime(file, (1, 1))
        file.chmod(0o600)

    archive.write_zip(dict(reversed(entries.items())), tmp_path / "second.zip")

    assert (tmp_path / "first.zip").read_bytes() == (tmp_path / "second.zip").read_bytes()


def test_caches_and_installers_notes_and_scripts_stay_out(tree: Path) -> None:
    assert sorted(dict(archive.tree(tree))) == ["a/one.py", "b/two.py"]


def test_a_changed_file_changes_the_package(tree: Path, tmp_path: Path) -> None:
    archive.write_zip(dict(archive.tree(tree)), tmp_path / "package.zip")
    before = (tmp_path / "package.zip").read_bytes()
    (tree / "a" / "one.py").write_text("changed")

    size = archive.write_zip(dict(archive.tree(tree)), tmp_path / "package.zip")

    assert (tmp_path / "package.zip").read_bytes() != before
    assert size == len("changed") + len("b/two.py")


def test_everybody_may_read_what_is_in_a_package(tree: Path, tmp_path: Path) -> None:
    archive.write_zip(dict(archive.tree(tree)), tmp_path / "package.zip")

    modes = {entry.external_attr >> 16 for entry in zipfile.ZipFile(tmp_path / "package.zip").infolist()}

    assert modes == {0o100644}


def test_a_lock_whose_wheel_is_not_there_fails_and_names_it(tmp_path: Path) -> None:
    uv = tmp_path / "uv"
    uv.write_text("#!/bin/sh\necho 'no wheel for nothing==1' >&2\nexit 2\n")
    uv.chmod(0o700)
    lock = tmp_path / "lock.txt"
    lock.write_text("nothing==1\n")

    with pytest.raises(archive.MissingWheel, match="nothing==1"):
        archive.install_wheels(lock, tmp_path / "wheels", archive.AWS, uv)


def test_the_functions_package_has_no_api(tmp_path: Path) -> None:
    names = build.functions_entries(tmp_path).keys()

    assert "chalicelib/errors.py" in names
    assert not [name for name in names if name.startswith("chalicelib/api") or name == "app.py"]


def test_a_function_finds_no_pandas_even_where_its_layer_has_it(tmp_path: Path) -> None:
    package, layer = tmp_path / "task", tmp_path / "layer"
    archive.write_zip(build.functions_entries(tmp_path / "no wheels"), tmp_path / "functions.zip")
    zipfile.ZipFile(tmp_path / "functions.zip").extractall(package)
    (layer / "pandas").mkdir(parents=True)
    (layer / "pandas" / "__init__.py").write_text("__version__ = '3.0.0'")
    code = "import pyarrow as pa, sys; print(pa.array(['a']).type, 'pandas' in sys.modules)"

    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(package), str(layer)])}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False)

    assert done.stdout == "string False\n", done.stderr


def test_the_apis_package_has_chalices_runtime_and_no_deployment_code(tmp_path: Path) -> None:
    names = build.api_entries(tmp_path).keys()

    assert {"app.py", "chalice/app.py", "chalice/__init__.py", "chalicelib/errors.py"} <= names
    assert sorted(name for name in names if name.startswith("chalice/")) == ["chalice/__init__.py", "chalice/app.py"]


@pytest.mark.parametrize("package", ["pyarrow", "pandas", "numpy", "awswrangler", "requests", "boto3", "botocore"])
def test_the_apis_lock_leaves_out(package: str) -> None:
    assert package not in locked(ROOT / "requirements.txt")


@pytest.mark.parametrize("package", ["pyarrow", "pandas", "awswrangler", "chalice", "duckdb", "boto3"])
def test_the_functions_lock_leaves_out(package: str) -> None:
    assert package not in locked(ROOT / "requirements" / "functions.txt")


def locked(lock: Path) -> set[str]:
    return set(re.findall(r"^([a-z0-9-]+)==", lock.read_text(), re.MULTILINE))


def test_a_package_over_the_limit_is_refused() -> None:
    with pytest.raises(build.PackageTooLarge, match="Seal"):
        build.print_sizes({"Seal": build.LIMIT_BYTES + 1, "Pull": 1}, {})
