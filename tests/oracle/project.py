"""The project's own statements, their tables put in as literals, so that both engines can run them."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from chalicelib.aws.athena import literal
from chalicelib.lake.schemas import GLUE_TYPES, lake_columns
from chalicelib.metrics import statements
from chalicelib.metrics.cubes import CUBES
from chalicelib.sources.base import Column, ColumnType, Table
from chalicelib.sources.registry import SOURCES

FIXTURES = Path(__file__).parents[1] / "unit" / "metrics" / "sql"
FIRST = datetime(2026, 11, 20, tzinfo=UTC)
DAYS = {"first_day": "2026-11-19", "last_day": "2026-11-24"}
DT = Column("dt", ColumnType.STRING, "The partition")


def project() -> Iterator[tuple[str, str]]:
    """Every cube's statement over its fixture, and the sessions of some visits."""
    tables = {table.name: table for source in SOURCES.values() for table in source.tables}
    events = tables["web_events"]
    yield "project", _bound(statements.query("web_sessions"), DAYS, _table(events, list(visits())))
    for cube in CUBES.values():
        given = json.loads((FIXTURES / cube.name / "input.json").read_text())
        names = {name for inputs in cube.inputs.values() for name in inputs}
        put_in = ", ".join(_table(tables[name], given["tables"].get(name, [])) for name in sorted(names))
        yield "project", _bound(statements.load(cube.name), given["parameters"], put_in)


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
    return sql.replace("WITH ", f"WITH {put_in}, ", 1)


def _table(table: Table, rows: list[Mapping[str, Any]]) -> str:
    columns = (*lake_columns(table), DT)
    values = [", ".join(_value(c, _with_dt(table, row).get(c.name)) for c in columns) for row in rows or [{}]]
    names = ", ".join(column.name for column in columns)
    only = "" if rows else " WHERE false"
    return (
        f"{table.name} ({names}) AS (SELECT * FROM (VALUES {', '.join(f'({value})' for value in values)}) AS t{only})"
    )


def _with_dt(table: Table, row: Mapping[str, Any]) -> Mapping[str, Any]:
    return {**row, "dt": row[table.time_column][:10]} if row else row


def _value(column: Column, value: Any) -> str:
    kind = "varchar" if column.type is ColumnType.STRING else GLUE_TYPES[column.type]
    if value is None:
        return f"CAST(NULL AS {kind})"
    if column.type is ColumnType.TIMESTAMP:
        moment = datetime.fromisoformat(value).astimezone(UTC).replace(tzinfo=None)
        return f"TIMESTAMP '{moment.isoformat(' ', 'milliseconds')}'"
    text = "'" + value.replace("'", "''") + "'" if isinstance(value, str) else json.dumps(value)
    return f"CAST({text} AS {kind})"
