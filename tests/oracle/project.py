"""The project's own statements and views, their tables put in as literals, so that both engines can run them."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from chalicelib.aws.athena import literal
from chalicelib.lake.schemas import GLUE_TYPES, lake_columns
from chalicelib.metrics import statements
from chalicelib.metrics.cube import Touches
from chalicelib.metrics.cubes import CUBES
from chalicelib.sources.base import Column, ColumnType, Table
from chalicelib.sources.registry import SOURCES
from chalicelib.sql.parameters import literals
from chalicelib.sql.saved import ShippedQuery, shipped
from chalicelib.sql.views import views
from tests.unit.sql.rows_lake import COLUMNS, partition
from tests.unit.sql.story import Story

FIXTURES = Path(__file__).parents[1] / "unit" / "metrics" / "sql"
FIRST = datetime(2026, 11, 20, tzinfo=UTC)
DAYS = {"first_day": "2026-11-19", "last_day": "2026-11-24"}
BEGINS = re.compile(r"^WITH ", re.MULTILINE)
DAYS_OF_STORY = {"first_day": {"date": "2026-09-01"}, "last_day": {"date": "2027-03-31"}, "within_days": 2}
SOME = 20
"""Rows of a table that a view is compared over."""
DT = Column("dt", ColumnType.STRING, "The partition")


def project() -> Iterator[tuple[str, str]]:
    """Every cube's statement over its fixture, and the sessions of some visits."""
    tables = {table.name: table for source in SOURCES.values() for table in source.tables}
    events = tables["web_events"]
    yield "project", _bound(statements.query("web_sessions"), DAYS, _table(events, list(visits())))
    for cube in CUBES.values():
        touched = (f"{cube.name}_touched",) if cube.touches is Touches.RECORDS else ()
        for statement in (cube.name, *touched):
            given = json.loads((FIXTURES / statement / "input.json").read_text())
            names = {name for inputs in cube.inputs.values() for name in inputs}
            put_in = ", ".join(_table(tables[name], given["tables"].get(name, [])) for name in sorted(names))
            yield "project", _bound(statements.load(statement), given["parameters"], put_in)
    rows = Story(0).rows
    for view in views().values():
        yield "project", _put_in(view.sql, ", ".join(_table_of(name, rows[name], view.sql) for name in view.inputs))
    for query in shipped().values():
        yield "project", _over_views(query, rows)


def visits() -> Iterator[Mapping[str, Any]]:
    """Page views of four people over three days, whose names change at midnight."""
    chance = random.Random(7)
    for minute in sorted(chance.sample(range(3 * 24 * 60), 120)):
        person, at = chance.randrange(4), FIRST + timedelta(minutes=minute)
        day, within = divmod(minute, 24 * 60)
        before = f"{person}-{day - 1}" if within < 35 else None
        row = {"event_id": f"e{minute:04d}", "site": "acme", "kind": "view", "visitor": f"{person}-{day}"}
        yield {**row, "visitor_before": before, "occurred_at": at.isoformat(), "received_at": at.isoformat()}


def _bound(statement: statements.Statement, parameters: Mapping[str, Any], put_in: str) -> str:
    sql = statement.sql
    for value in statement.bind(parameters):
        sql = sql.replace("?", literal(value), 1)
    return _put_in(sql, put_in)


def _put_in(sql: str, tables: str) -> str:
    return BEGINS.sub(lambda _: f"WITH {tables}, ", sql, count=1) if BEGINS.search(sql) else f"WITH {tables} {sql}"


def _over_views(query: ShippedQuery, rows: Mapping[str, Sequence[Mapping[str, Any]]]) -> str:
    """A query with its examples' values, but for the period, and the views that it reads as part of it."""
    sql = query.sql
    given = {p.name: DAYS_OF_STORY.get(p.name, p.example) for p in query.parameters}
    for value in literals([given[mark] for mark in query.marks], len(query.marks)):
        sql = sql.replace("?", value, 1)
    words = set(re.findall(r"\w+", sql))
    used = [view for name, view in views().items() if name in words]
    text = "\n".join([sql, *(view.sql for view in used)])
    tables = [name for name in rows if name in set(re.findall(r"\w+", text))]
    parts = [_table_of(name, rows[name], text) for name in tables if name in rows]
    parts += [f"{view.name} AS ({view.sql})" for view in used]
    absent = [name for name in COLUMNS if name in words and name not in rows]
    parts += [_literals(name, (*COLUMNS[name], DT), []) for name in absent]
    return _put_in(sql, ", ".join(parts))


def _table_of(name: str, rows: Sequence[Mapping[str, Any]], sql: str) -> str:
    """A few rows, and of them what the statement mentions: it is kept with its answer."""
    words = set(re.findall(r"\w+", sql))
    key = partition(name, rows[0])[0]
    columns = [column for column in (*COLUMNS[name], Column(key, ColumnType.STRING, "")) if column.name in words]
    return _literals(name, columns, [{**row, key: partition(name, row)[1]} for row in rows[:SOME]])


def _table(table: Table, rows: list[Mapping[str, Any]]) -> str:
    return _literals(table.name, (*lake_columns(table), DT), [_with_dt(table, row) for row in rows])


def _literals(name: str, columns: Sequence[Column], rows: Sequence[Mapping[str, Any]]) -> str:
    values = [", ".join(_value(c, row.get(c.name)) for c in columns) for row in rows or [{}]]
    names = ", ".join(column.name for column in columns)
    only = "" if rows else " WHERE false"
    return f"{name} ({names}) AS (SELECT * FROM (VALUES {', '.join(f'({value})' for value in values)}) AS t{only})"


def _with_dt(table: Table, row: Mapping[str, Any]) -> Mapping[str, Any]:
    return {**row, "dt": row[table.time_column][:10]} if row else row


def _value(column: Column, value: Any) -> str:
    kind = "varchar" if column.type is ColumnType.STRING else GLUE_TYPES[column.type]
    if value is None:
        return f"CAST(NULL AS {kind})"
    if column.type is ColumnType.TIMESTAMP:
        instant = datetime.fromisoformat(value) if isinstance(value, str) else value
        moment = instant.astimezone(UTC).replace(tzinfo=None)
        return f"TIMESTAMP '{moment.isoformat(' ', 'milliseconds')}'"
    if isinstance(value, date | Decimal):
        return f"CAST('{value:f}' AS {kind})" if isinstance(value, Decimal) else f"DATE '{value}'"
    text = "'" + value.replace("'", "''") + "'" if isinstance(value, str) else json.dumps(value)
    return f"CAST({text} AS {kind})"
