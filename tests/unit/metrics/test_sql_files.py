"""Each SQL file does what its fixture says, and reads only what its cube declares."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import sqlglot
from sqlglot import exp

from chalicelib.metrics import packing, statements
from chalicelib.metrics.cubes import CUBES
from tests.unit.metrics.memory_lake import Lake

FIXTURES = Path(__file__).parent / "sql"
each_cube = pytest.mark.parametrize("cube", CUBES.values(), ids=CUBES.keys())


def with_times(row: dict[str, Any]) -> dict[str, Any]:
    return {
        name: datetime.fromisoformat(value) if value and name.endswith(("_at", "_start")) else value
        for name, value in row.items()
    }


@each_cube
def test_the_statement_gives_what_its_fixture_expects(lake: Lake, cube: Any) -> None:
    given = json.loads((FIXTURES / cube.name / "input.json").read_text())
    expected = json.loads((FIXTURES / cube.name / "expect.json").read_text())
    for table, rows in given["tables"].items():
        lake.raw.rows[table] = [with_times(row) for row in rows]
    statement = statements.load(cube.name)

    lake.engine.unload(statement.sql, statement.bind(given["parameters"]), "out/")

    computed = packing.read_computed(cube, [lake.store.get(file.key).body for file in lake.store.list("out/")])
    assert sorted(computed.to_pylist(), key=str) == sorted((with_times(row) for row in expected), key=str)


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

    assert tree.named_selects == ["level", *(column.name for column in cube.columns)]


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
    assert {path.stem for path in statements.FOLDER.glob("*.sql")} == set(CUBES)
