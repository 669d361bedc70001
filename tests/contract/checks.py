"""What holds of every outcome of every source."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from chalicelib.sources.base import Accepted, Column, ColumnType, Outcome, Rejected, Source, Table

PYTHON_TYPES: Mapping[ColumnType, type] = {
    ColumnType.STRING: str,
    ColumnType.INT64: int,
    ColumnType.FLOAT64: float,
    ColumnType.BOOL: bool,
    ColumnType.DECIMAL: Decimal,
    ColumnType.TIMESTAMP: datetime,
    ColumnType.DATE: date,
}


def check_outcome(source: Source, outcome: Outcome) -> None:
    """Fail unless an outcome is what the lake can take."""
    if isinstance(outcome, Rejected):
        assert outcome.reason.strip(), "a rejected record says why"
        assert outcome.where.strip(), "and where"
        outcome.raw.encode()
        return
    assert isinstance(outcome, Accepted)
    assert outcome.event_id
    assert outcome.fingerprint
    assert outcome.rows, "an accepted record becomes rows"
    tables = {table.name: table for table in source.tables}
    for name, row in outcome.rows:
        check_row(tables[name], row)


def check_row(table: Table, row: Mapping[str, Any]) -> None:
    """Fail unless a row has exactly the table's columns, each of its type."""
    assert row.keys() == {column.name for column in table.columns}
    assert row[table.time_column] is not None
    for column in table.columns:
        if row[column.name] is not None:
            check_value(column, row[column.name])


def check_value(column: Column, value: Any) -> None:
    """Fail unless a value fits its column."""
    where = f"{column.name} = {value!r}"
    expected = PYTHON_TYPES[column.type]
    exact = type(value) is expected  # a bool is no int, an instant no date
    assert exact, f"{where}: not a {expected.__name__}"
    if column.type is ColumnType.STRING:
        value.encode()
    elif column.type is ColumnType.INT64:
        assert -(2**63) <= value < 2**63, where
    elif column.type is ColumnType.TIMESTAMP:
        assert value.tzinfo is UTC or value.utcoffset() == timedelta(0), f"{where}: not UTC"


def plain(value: Any) -> Any:
    """A value as a fixture writes it."""
    return value.isoformat() if isinstance(value, date) else value
