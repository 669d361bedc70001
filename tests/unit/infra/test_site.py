"""The dashboard's build: what makes it run again, and what does not."""

from __future__ import annotations

from pathlib import Path

import pytest

from infra.site import digest, node_environment


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "main.ts").write_text("one")
    (tmp_path / "index.html").write_text("page")
    return tmp_path


def test_digest_is_the_same_for_the_same_files(folder: Path) -> None:
    before = digest(folder, ["src", "index.html"])

    (folder / "src" / "main.ts").write_text("one")

    assert digest(folder, ["src", "index.html"]) == before


@pytest.mark.parametrize(
    ("file", "content"),
    [("src/main.ts", "two"), ("src/other.ts", ""), ("index.html", "page "), ("src/deep.ts", "x")],
)
def test_digest_changes_with_any_content_or_name(folder: Path, file: str, content: str) -> None:
    before = digest(folder, ["src", "index.html"])

    (folder / file).write_text(content)

    assert digest(folder, ["src", "index.html"]) != before


def test_digest_changes_when_content_moves_between_files(folder: Path) -> None:
    (folder / "src" / "other.ts").write_text("two")
    before = digest(folder, ["src"])

    (folder / "src" / "main.ts").write_text("two")
    (folder / "src" / "other.ts").write_text("one")

    assert digest(folder, ["src"]) != before


def test_digest_depends_on_the_tools_version(folder: Path) -> None:
    assert digest(folder, ["src"], salt="24") != digest(folder, ["src"], salt="25")


def test_a_missing_file_is_an_error_not_an_empty_digest(folder: Path) -> None:
    with pytest.raises(FileNotFoundError):
        digest(folder, ["package.json"])


def test_the_wheels_node_comes_first_and_the_rest_of_the_environment_stays() -> None:
    environment = node_environment({"PATH": "/somewhere/bin", "LANG": "C.UTF-8"})

    first, rest = environment["PATH"].split(":", 1)
    assert (Path(first) / "node").is_file()
    assert (rest, environment["LANG"]) == ("/somewhere/bin", "C.UTF-8")
