"""A lake of plain rows in the local Athena's engine: tables, the views over them, and what a query answers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

from chalicelib.lake.schemas import GLUE_TYPES, lake_columns
from chalicelib.lake.writer import ARROW_TYPES
from chalicelib.metrics.cubes import CUBES
from chalicelib.sources.base import Column, ColumnType
from chalicelib.sources.registry import SOURCES
from chalicelib.sql.views import views
from infra.local.athena.engine import Engine
from infra.local.athena.guard import check
from infra.local.athena.parse import parse
from infra.local.athena.statement import Query
from infra.local.athena.translate import Context, to_duckdb
from infra.local.athena.types import shown_type

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
Row = Mapping[str, Any]
Rows = Mapping[str, Sequence[Row]]
_SOURCE_TABLES = {table.name: table for source in SOURCES.values() for table in source.tables}
_CUBE_TABLES = {table.name: table for cube in CUBES.values() for table in cube.tables}
COLUMNS: Mapping[str, tuple[Column, ...]] = {
    **{name: lake_columns(table) for name, table in _SOURCE_TABLES.items()},
    **{name: table.columns for name, table in _CUBE_TABLES.items()},
}
"""Every table's columns as its files have them."""


@dataclass(frozen=True)
class Answer:
    """What a query answers: column to its type as Athena names it, and the rows."""

    types: Mapping[str, str]
    rows: list[dict[str, Any]]


def partition(table: str, row: Row) -> tuple[str, str]:
    """The partition key of a row's table, and its value."""
    if table in _CUBE_TABLES:
        key, _, value = _CUBE_TABLES[table].partition(row["bucket_start"]).partition("=")
        return key, value
    return "dt", f"{row[_SOURCE_TABLES[table].time_column]:%Y-%m-%d}"


def arrow(table: str, rows: Sequence[Row]) -> pa.Table:
    """A table as Athena sees it: instants without their zone, the partition key behind the columns."""
    columns = COLUMNS[table]
    key = _CUBE_TABLES[table].partition_key if table in _CUBE_TABLES else "dt"
    data = [pa.array([_plain(row.get(c.name)) for row in rows], _arrow_type(c)) for c in columns]
    values = pa.array([partition(table, row)[1] for row in rows], pa.string())
    return pa.Table.from_arrays([*data, values], names=[*(column.name for column in columns), key])


def _arrow_type(column: Column) -> pa.DataType:
    return pa.timestamp("us") if column.type is ColumnType.TIMESTAMP else ARROW_TYPES[column.type]


def _plain(value: Any) -> Any:
    return value.astimezone(UTC).replace(tzinfo=None) if isinstance(value, datetime) else value


class RowsLake:
    """Tables by name to their rows, queried through the views and without."""

    def __init__(self, engine: Engine, rows: Rows) -> None:
        self._engine = engine
        for table in COLUMNS:
            engine.connection.register(table, arrow(table, rows.get(table, ())))
        self._made: set[str] = set()

    def view(self, name: str) -> Answer:
        """All that a view shows."""
        tables = views()[name].inputs
        kinds = [(c.name, GLUE_TYPES[c.type]) for table in tables for c in COLUMNS[table]]
        return self._run(views()[name].sql, kinds)

    def query(self, sql: str, parameters: Sequence[str] = ()) -> Answer:
        """What a query over views and tables answers."""
        mentioned = [name for name in views() if re.search(rf"\b{name}\b", sql)]
        for name in set(mentioned) - self._made:
            text = self._translate(
                views()[name].sql, [(c.name, GLUE_TYPES[c.type]) for t in views()[name].inputs for c in COLUMNS[t]]
            )
            self._engine.connection.execute(f"CREATE VIEW {name} AS {text}")
            self._made.add(name)
        kinds = [(c.name, c.type) for name in mentioned for c in views()[name].columns]
        kinds += [(c.name, GLUE_TYPES[c.type]) for t in COLUMNS if re.search(rf"\b{t}\b", sql) for c in COLUMNS[t]]
        return self._run(sql, kinds, parameters)

    def _run(self, sql: str, kinds: Sequence[tuple[str, str]], parameters: Sequence[str] = ()) -> Answer:
        result = self._engine.run(self._translate(sql, kinds, parameters))
        names = [str(column[0]) for column in result.description]
        types = {str(column[0]): shown_type(str(column[1])) for column in result.description}
        return Answer(types, [dict(zip(names, map(_aware, row), strict=True)) for row in result.fetchall()])

    def _translate(self, sql: str, kinds: Sequence[tuple[str, str]], parameters: Sequence[str] = ()) -> str:
        """One statement in DuckDB's words; of the columns it may know what is the same wherever they occur."""
        parsed = parse(sql, parameters)
        assert isinstance(parsed, Query)
        check(parsed.tree)
        found: dict[str, set[str]] = {}
        for name, kind in kinds:
            found.setdefault(name, set()).add(kind)
        known = {name: kind for name, (kind, *others) in ((n, sorted(k)) for n, k in found.items()) if not others}
        text = to_duckdb(parsed.tree, Context(NOW, known))
        self._engine.prepare(text)
        return text


def _aware(value: Any) -> Any:
    return value.replace(tzinfo=UTC) if isinstance(value, datetime) else value


@contextmanager
def lake(rows: Rows, folder: Path) -> Iterator[RowsLake]:
    """Open a lake of these rows; ``folder`` is the engine's own."""
    engine = Engine(folder, threads=1, memory="1GB")
    try:
        yield RowsLake(engine, rows)
    finally:
        engine.close()


def in_order(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """Rows sorted by all that is in them, so that answers can be compared."""
    return sorted((dict(row) for row in rows), key=lambda row: [(v is None, str(v)) for v in row.values()])


def day(value: datetime | date) -> date:
    """The UTC day of an instant."""
    return value.astimezone(UTC).date() if isinstance(value, datetime) else value
