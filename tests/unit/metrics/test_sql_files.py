"""Each SQL file does what its fixture says, and reads only what its cube declares."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import sqlglot
from sqlglot import exp

from chalicelib.aws.athena import literal
from chalicelib.metrics import packing, statements
from chalicelib.metrics.cube import Touches
from chalicelib.metrics.cubes import CUBES
from infra.local.athena.engine import Engine
from infra.local.athena.guard import check
from infra.local.athena.parse import parse
from infra.local.athena.statement import Unload
from infra.local.athena.translate import Context, to_duckdb
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

    computed = packing.read(cube.quarter_hours, [lake.store.get(file.key).body for file in lake.store.list("out/")])
    assert sorted(computed.to_pylist(), key=str) == sorted((with_times(row) for row in expected), key=str)


@each_cube
def test_the_local_athena_gives_the_same(lake: Lake, cube: Any, tmp_path: Path) -> None:
    given = json.loads((FIXTURES / cube.name / "input.json").read_text())
    expected = json.loads((FIXTURES / cube.name / "expect.json").read_text())
    for table, rows in given["tables"].items():
        lake.raw.rows[table] = [with_times(row) for row in rows]
    statement = statements.load(cube.name)
    unload = f"UNLOAD (\n{statement.sql}\n) TO 's3://b/p/' WITH (format = 'PARQUET', compression = 'ZSTD')"
    parsed = parse(unload, [literal(value) for value in statement.bind(given["parameters"])])
    assert isinstance(parsed, Unload)
    check(parsed.tree)
    sql = to_duckdb(parsed.tree, Context(datetime.now(UTC)))

    engine = Engine(tmp_path, threads=1, memory="1GB")
    for name in {name for names in cube.inputs.values() for name in names}:
        engine.connection.register(name, without_zones(lake.raw.arrow(name)))
    engine.prepare(sql)
    found = engine.run(sql).to_arrow_table()

    sink = io.BytesIO()
    pq.write_table(found, sink)
    computed = packing.read(cube.quarter_hours, [sink.getvalue()])
    assert sorted(computed.to_pylist(), key=str) == sorted((with_times(row) for row in expected), key=str)


def without_zones(table: pa.Table) -> pa.Table:
    """Glue's ``timestamp`` has no zone."""
    fields = [
        pa.field(field.name, pa.timestamp("us") if pa.types.is_timestamp(field.type) else field.type)
        for field in table.schema
    ]
    return table.cast(pa.schema(fields))


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
    records = {f"{cube.name}_touched" for cube in CUBES.values() if cube.touches is Touches.RECORDS}
    assert {path.stem for path in statements.FOLDER.glob("*.sql")} == CUBES.keys() | records
