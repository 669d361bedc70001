"""Result files: what is written is what is read back, page by page, null and empty text apart."""

from __future__ import annotations

import doctest
import importlib
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.local.athena.spool import INDEX_ROWS, ResultFile, ResultWriter, index

CELL = st.none() | st.text(alphabet=st.characters(codec="utf-8"))
LINE = st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\n"))


def written(path: Path, rows: Sequence[Sequence[str | None]], is_text: bool) -> ResultFile:
    """A file of these rows."""
    with ResultWriter(path, is_text) as writer:
        writer.write(rows)
        return writer.result()


@given(rows=st.lists(st.tuples(CELL, CELL), max_size=20), start=st.integers(0, 25), count=st.integers(0, 25))
def test_what_is_written_is_read_back_from_any_row_on(
    rows: Sequence[tuple[str | None, str | None]],
    start: int,
    count: int,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    path = tmp_path_factory.getbasetemp() / "pages.csv"

    result = written(path, rows, is_text=False)

    assert result.page(start, count) == [list(row) for row in rows[start : start + count]]
    assert index(path, is_text=False) == result


@given(rows=st.lists(st.tuples(LINE, LINE), max_size=20), start=st.integers(0, 25), count=st.integers(0, 25))
def test_a_row_of_text_is_one_value_a_line(
    rows: Sequence[tuple[str, str]], start: int, count: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.getbasetemp() / "lines.txt"

    result = written(path, rows, is_text=True)

    lines = ["\t".join(row) for row in rows]
    assert result.page(start, count) == [[line] for line in lines[start : start + count]]
    assert path.read_bytes() == "\n".join(lines).encode()
    assert index(path, is_text=True) == result


def test_pages_far_behind_are_found_by_the_index(tmp_path: Path) -> None:
    rows = [[str(n), f'line\none "{n}"'] for n in range(3 * INDEX_ROWS + 7)]

    result = written(tmp_path / "many.csv", rows, is_text=False)

    assert len(result.offsets) == 4
    for start in (0, INDEX_ROWS - 1, INDEX_ROWS, 2 * INDEX_ROWS + 5, 3 * INDEX_ROWS + 6):
        assert result.page(start, 1001) == rows[start : start + 1001]
    assert index(result.path, is_text=False) == result


def test_a_file_whose_writing_failed_is_gone(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), ResultWriter(tmp_path / "failed.csv", is_text=False) as writer:
        writer.write([["a"]])
        raise ZeroDivisionError

    assert list(tmp_path.iterdir()) == []


MODULES = """decimals failures formats functions kinds locations objects paging parse prelude prepared results reuse
saved sidecar spool statement translate types validation values writes"""


@pytest.mark.parametrize("name", MODULES.split())
def test_the_examples_in_the_documentation_run(name: str) -> None:
    module: ModuleType = importlib.import_module(f"infra.local.athena.{name}")

    outcome = doctest.testmod(module)

    assert outcome.failed == 0
