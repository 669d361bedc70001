"""Tables as the lake stores them: columns to Arrow types and to Glue types, rows checked against them.

Every table has one column more than its source names: ``id_conflict``, true where the record's identity was known with
another content (kept, never overwritten). ``dt`` is the partition and not in the files. The catalog's definition comes
from :func:`glue_columns`, the files' from :mod:`chalicelib.lake.writer`; both from :func:`lake_columns`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from chalicelib.errors import SkippableRecordError
from chalicelib.lake.commits import canonical
from chalicelib.sources.base import Column, ColumnType, Row, Table

ID_CONFLICT = Column(
    "id_conflict", ColumnType.BOOL, "Another record with the same identity and other content was committed before."
)

DECIMAL_PRECISION, DECIMAL_SCALE = 38, 9

GLUE_TYPES: Mapping[ColumnType, str] = {
    ColumnType.STRING: "string",
    ColumnType.INT64: "bigint",
    ColumnType.FLOAT64: "double",
    ColumnType.BOOL: "boolean",
    ColumnType.DECIMAL: f"decimal({DECIMAL_PRECISION},{DECIMAL_SCALE})",
    ColumnType.TIMESTAMP: "timestamp",
    ColumnType.DATE: "date",
}

PARTITION_KEYS = (("dt", "string"),)


def _is_decimal(value: Any) -> bool:
    if not isinstance(value, Decimal) or not value.is_finite():
        return False
    _, digits, exponent = value.as_tuple()
    scale = -int(exponent)
    return scale <= DECIMAL_SCALE and len(digits) - scale <= DECIMAL_PRECISION - DECIMAL_SCALE


_FITS: Mapping[ColumnType, Callable[[Any], bool]] = {
    ColumnType.STRING: lambda value: isinstance(value, str),
    ColumnType.INT64: lambda value: type(value) is int and -(2**63) <= value < 2**63,
    ColumnType.FLOAT64: lambda value: type(value) is float or (type(value) is int and abs(value) <= 2**53),
    ColumnType.BOOL: lambda value: isinstance(value, bool),
    ColumnType.DECIMAL: _is_decimal,
    ColumnType.TIMESTAMP: lambda value: isinstance(value, datetime) and value.tzinfo is not None,
    ColumnType.DATE: lambda value: isinstance(value, date) and not isinstance(value, datetime),
}


def lake_columns(table: Table) -> tuple[Column, ...]:
    """Answer a table's columns as they stand in its files."""
    return (*table.columns, ID_CONFLICT)


def glue_columns(table: Table) -> tuple[tuple[str, str, str], ...]:
    """Answer ``(name, Glue type, comment)`` of every column in the files; the partition keys are beside them."""
    return tuple((column.name, GLUE_TYPES[column.type], column.description) for column in lake_columns(table))


def schema_hash(tables: Iterable[Table]) -> str:
    """Name a version of the tables' shape: two commits with the same hash have the same columns."""
    shape = [[table.name, [[column.name, column.type] for column in lake_columns(table)]] for table in tables]
    return hashlib.sha256(canonical(sorted(shape))).hexdigest()[:16]


def check_row(table: Table, row: Row) -> None:
    """Refuse a row that its table cannot hold exactly, before it can spoil the rows beside it.

    Raises
    ------
    SkippableRecordError
        Names the column: unknown, of another type, out of range, or a time column without a value.
    """
    known = {column.name for column in table.columns}
    if unknown := row.keys() - known:
        raise SkippableRecordError(f"{table.name} has no column {', '.join(sorted(unknown))}")
    for column in table.columns:
        value = row.get(column.name)
        if value is not None and not _FITS[column.type](value):
            raise SkippableRecordError(f"{table.name}.{column.name} takes {column.type}, not {value!r:.80}")
    if row.get(table.time_column) is None:
        raise SkippableRecordError(f"{table.name}.{table.time_column} is empty, so the row has no day")


def partition_of(table: Table, row: Row) -> str:
    """Name the partition of a checked row: the UTC date of its time column. Raises as :func:`partition_at` does."""
    return partition_at(table, row[table.time_column])


def partition_at(table: Table, value: date) -> str:
    """Name the partition of an instant, or of a date.

    Raises ``SkippableRecordError`` for a date before year 1 or after 9999 in UTC.
    """
    try:
        utc = value.astimezone(UTC) if isinstance(value, datetime) else value
    except OverflowError as error:
        raise SkippableRecordError(f"{table.name}.{table.time_column} is out of range: {value!r}") from error
    return f"dt={utc:%Y-%m-%d}" if utc.year >= 1000 else f"dt={utc.year:04d}-{utc:%m-%d}"
