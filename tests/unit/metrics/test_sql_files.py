"""Each SQL file does what its fixture says, and reads only what its cube declares."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import sqlglot
from sqlglot import exp

from chalicelib.lake.schemas import lake_columns
from chalicelib.metrics import packing, statements
from chalicelib.metrics.cube import Touches
from chalicelib.metrics.cubes import CUBES
from chalicelib.sources.base import Column, ColumnType
from tests.unit.metrics.memory_lake import TABLES, Lake

DAY = Column("day", ColumnType.DATE, "A touched day")
FIXTURES = Path(__file__).parent / "sql"
each_cube = pytest.mark.parametrize("cube", CUBES.values(), ids=CUBES.keys())


records = pytest.mark.parametrize("cube", [c for c in CUBES.values() if c.touches is Touches.RECORDS])
READ: dict[ColumnType, Callable[[str], Any]] = {
    ColumnType.TIMESTAMP: datetime.fromisoformat,
    ColumnType.DATE: date.fromisoformat,
    ColumnType.DECIMAL: Decimal,
}


def typed(columns: Sequence[Column], row: dict[str, Any]) -> dict[str, Any]:
    """A row of JSON with the values that its columns have."""
    kinds = {column.name: column.type for column in columns}
    same: Callable[[Any], Any] = lambda value: value  # noqa: E731 - what JSON has already
    return {name: None if value is None else READ.get(kinds[name], same)(value) for name, value in row.items()}


@dataclass(frozen=True)
class Fixture:
    """What a statement is given, and what it should give."""

    statement: statements.Statement
    parameters: tuple[str, ...]
    tables: dict[str, list[dict[str, Any]]]
    expected: list[dict[str, Any]]


def fixture(name: str, columns: Sequence[Column]) -> Fixture:
    given = json.loads((FIXTURES / name / "input.json").read_text())
    expected = json.loads((FIXTURES / name / "expect.json").read_text())
    statement = statements.load(name)
    tables = {
        table: [typed(lake_columns(TABLES[table][1]), row) for row in rows] for table, rows in given["tables"].items()
    }
    return Fixture(
        statement, statement.bind(given["parameters"]), tables, in_order(typed(columns, row) for row in expected)
    )


def in_order(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(rows, key=lambda row: [str(value) for value in row.values()])


def computed(lake: Lake, given: Fixture) -> list[bytes]:
    """The files that the local Athena's engine writes for a fixture."""
    lake.raw.rows.update(given.tables)
    lake.engine.unload(given.statement.sql, given.parameters, "out/")
    return [lake.store.get(file.key).body for file in lake.store.list("out/")]


@each_cube
def test_the_statement_gives_what_its_fixture_expects(lake: Lake, cube: Any) -> None:
    given = fixture(cube.name, cube.columns)

    assert in_order(packing.read(cube.quarter_hours, computed(lake, given)).to_pylist()) == given.expected


@records
def test_the_days_that_records_touch_are_those_of_the_fixture(lake: Lake, cube: Any) -> None:
    given = fixture(f"{cube.name}_touched", [DAY])

    assert packing.days(computed(lake, given)) == {row["day"] for row in given.expected}


@each_cube
def test_the_statement_reads_the_declared_tables_unqualified_and_no_other(cube: Any) -> None:
    [tree] = sqlglot.parse(statements.load(cube.name).sql, read="trino")
    assert tree is not None
    ctes = {cte.alias for cte in tree.find_all(exp.CTE)}
    tables = [table for table in tree.find_all(exp.Table) if table.name not in ctes]

    assert {table.name for table in tables} == {name for names in cube.inputs.values() for name in names}
    assert not [table.sql() for table in tables if table.db]


@each_cube
def test_the_statement_gives_the_declared_columns(cube: Any) -> None:
    [tree] = sqlglot.parse(statements.load(cube.name).sql, read="trino")
    assert tree is not None

    assert tree.named_selects == [column.name for column in cube.columns]


@each_cube
def test_the_header_documents_every_parameter(cube: Any) -> None:
    statement = statements.load(cube.name)
    header = statement.sql.split("WITH", 1)[0]

    for word in ("Purpose:", "Inputs:", "Grain:", "Parameters", *set(statement.parameters)):
        assert word in header


def test_a_question_mark_without_a_name_is_refused() -> None:
    with pytest.raises(ValueError, match="name"):
        statements.parse("SELECT ?")


def test_every_sql_file_is_a_cubes() -> None:
    touched = {f"{cube.name}_touched" for cube in CUBES.values() if cube.touches is Touches.RECORDS}
    assert {path.stem for path in statements.FOLDER.glob("*.sql")} == CUBES.keys() | touched
