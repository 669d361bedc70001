"""Result files: what is written is what is read back, null and empty text apart."""

from __future__ import annotations

import doctest
import importlib
from collections.abc import Sequence
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.local.athena.results import ResultColumn, csv_text
from infra.local.athena.saved import read_csv_rows

CELL = st.none() | st.text(alphabet=st.characters(codec="utf-8"))


@given(st.lists(st.tuples(CELL, CELL), max_size=20))
def test_what_is_written_is_read_back(rows: Sequence[tuple[str | None, str | None]]) -> None:
    columns = [ResultColumn("a", "varchar"), ResultColumn("b", "varchar")]

    text = "".join(csv_text(columns, rows))

    assert read_csv_rows(text) == [["a", "b"], *map(list, rows)]


MODULES = """decimals formats functions locations objects paging parse prelude results saved statement translate types
values writes"""


@pytest.mark.parametrize("name", MODULES.split())
def test_the_examples_in_the_documentation_run(name: str) -> None:
    module: ModuleType = importlib.import_module(f"infra.local.athena.{name}")

    outcome = doctest.testmod(module)

    assert outcome.failed == 0
