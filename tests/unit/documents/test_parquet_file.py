"""Parquet: every value back in its type, an empty text apart from an unknown one."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.documents import parquet_file, typed_csv
from chalicelib.documents.document import Column, Document, Sheet
from tests.unit.documents import samples

TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\0"))
ROWS = st.tuples(
    st.none() | TEXTS,
    st.none() | st.integers(-(2**63), 2**63 - 1),
    st.none() | st.decimals("-1e28", "1e28", places=9),
    st.none() | st.floats(allow_nan=False, allow_infinity=False),
    st.none() | st.booleans(),
    st.none() | st.dates(date(1980, 1, 1), date(2200, 1, 1)),
    st.none() | st.datetimes(datetime(1980, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
)
TYPES = ("VARCHAR", "BIGINT", "DECIMAL(38,9)", "DOUBLE", "BOOLEAN", "DATE", samples.AT)
COLUMNS = tuple(Column(f'c"{at}', kind) for at, kind in enumerate(TYPES))


def written(folder: Path, sheet: Sheet) -> list[tuple[Any, ...]]:
    """Write a sheet and read it back with another reader."""
    parquet_file.write(Document("t", (sheet,)), path := folder / "t.parquet")
    return [tuple(row.values()) for row in pq.read_table(path).to_pylist()]


@settings(max_examples=40)
@given(st.lists(ROWS, max_size=9))
def test_values_are_read_back_in_their_types(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[Any, ...]]
) -> None:
    assert written(tmp_path_factory.mktemp("parquet"), Sheet("s", COLUMNS, rows)) == rows


def test_hostile_names_and_money_are_as_they_are(tmp_path: Path) -> None:
    assert [row[2] for row in written(tmp_path, samples.by_name(1))] == list(samples.NAMES)
    assert written(tmp_path, samples.money())[1] == (samples.FIRST, "JPY", Decimal("1234567.891234567"))


def test_columns_have_their_types_without_rows_too(tmp_path: Path) -> None:
    assert written(tmp_path, Sheet("s", COLUMNS, [])) == []
    assert pq.read_schema(tmp_path / "t.parquet").names == [column.name for column in COLUMNS]


def test_rows_stay_in_order_over_several_pieces(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(typed_csv, "PIECE_ROWS", 7)

    rows = [(at, None if at % 3 else "") for at in range(50)]
    assert written(tmp_path, Sheet("s", (Column("n", "BIGINT"), Column("t", "VARCHAR")), rows)) == rows
