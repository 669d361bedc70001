"""PyAthena, unmodified: only ``AWS_ENDPOINT_URL_ATHENA`` tells it where Athena is."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pytest
from pyarrow import fs
from pyathena import connect
from pyathena.arrow.cursor import ArrowCursor
from pyathena.async_cursor import AsyncCursor
from pyathena.cursor import DictCursor
from pyathena.error import OperationalError
from pyathena.pandas.cursor import PandasCursor

from tests.integration.athena.conftest import ROWS

if TYPE_CHECKING:
    from tests.integration.athena.conftest import Lake

AT = dt.datetime.fromisoformat("2026-11-22 00:00:00.250")
SQL = "SELECT n, name, price, at, ok, day FROM facts ORDER BY n"


def cursor(lake: Lake, kind: Any = None, **options: Any) -> Any:
    """A cursor over the lake."""
    connection = connect(
        schema_name=lake.database,
        work_group=lake.workgroup,
        region_name="us-east-1",
        s3_staging_dir=f"s3://{lake.bucket}/staging/",
        poll_interval=0.05,
    )
    return connection.cursor(kind, **options) if kind else connection.cursor()


@pytest.fixture
def arrow_finds_s3(filled: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tell pyarrow where S3 is: alone among the clients, it looks at no ``AWS_ENDPOINT_URL`` when it is given a key.

    https://github.com/apache/arrow/issues/49643
    """
    local = partial(fs.S3FileSystem, endpoint_override=filled.aws.endpoint)
    monkeypatch.setattr(fs, "S3FileSystem", local)


def test_a_cursor_pages_through_the_rows(filled: Lake) -> None:
    reader = cursor(filled)

    rows = reader.execute(SQL).fetchall()

    assert len(rows) == ROWS
    assert rows[1] == (1, None, Decimal("0.01"), AT, False, dt.date(2026, 1, 1))
    assert reader.data_scanned_in_bytes > 0
    assert [column[0] for column in reader.description] == ["n", "name", "price", "at", "ok", "day"]


def test_a_cursor_fetches_many_and_one(filled: Lake) -> None:
    reader = cursor(filled).execute("SELECT n FROM facts ORDER BY n")

    assert reader.fetchone() == (0,)
    assert reader.fetchmany(2) == [(1,), (2,)]
    assert len(reader.fetchall()) == ROWS - 3


@pytest.mark.parametrize(
    ("style", "sql", "parameters"),
    [
        ("qmark", "SELECT count(*) FROM facts WHERE n < ? AND dt = ?", ["10", "'2026-11-22'"]),
        ("pyformat", "SELECT count(*) FROM facts WHERE n < %(most)d AND dt = %(dt)s", {"most": 10, "dt": "2026-11-22"}),
    ],
)
def test_parameters(filled: Lake, style: str, sql: str, parameters: Any) -> None:
    assert cursor(filled).execute(sql, parameters, paramstyle=style).fetchall() == [(10,)]


def test_a_dict_cursor_names_the_values(filled: Lake) -> None:
    rows = cursor(filled, DictCursor).execute("SELECT n, name FROM facts WHERE n < 2 ORDER BY n").fetchall()

    assert rows == [{"n": 0, "name": 'n "0", é'}, {"n": 1, "name": None}]


@pytest.mark.parametrize("options", [{}, {"unload": True}], ids=["csv", "unload"])
def test_pandas(filled: Lake, options: dict[str, Any]) -> None:
    frame = cursor(filled, PandasCursor, **options).execute(SQL).as_pandas()

    assert frame["n"].tolist() == list(range(ROWS))
    assert frame["name"].isna().sum() == 1
    assert frame["name"][3] == 'n "3", é'
    assert frame["price"][7] == Decimal("0.07")
    assert frame["at"][1] == AT


@pytest.mark.usefixtures("arrow_finds_s3")
@pytest.mark.parametrize(
    ("options", "null"),
    [({}, ""), ({"unload": True}, None)],  # from CSV, this cursor makes an empty text of a null, with Athena itself too
    ids=["csv", "unload"],
)
def test_arrow(filled: Lake, options: dict[str, Any], null: str | None) -> None:
    table = cursor(filled, ArrowCursor, **options).execute(SQL).as_arrow()

    assert table.num_rows == ROWS
    assert table["n"].to_pylist() == list(range(ROWS))
    assert pa.types.is_int64(table.schema.field("n").type)
    assert table["name"].to_pylist()[:2] == ['n "0", é', null]
    assert table["at"].to_pylist()[1] == AT
    assert table["ok"].to_pylist()[:2] == [True, False]


@pytest.mark.usefixtures("arrow_finds_s3")
def test_an_empty_result_has_its_columns(filled: Lake) -> None:
    table = cursor(filled, ArrowCursor).execute("SELECT n, name FROM facts WHERE n < 0").as_arrow()

    assert (table.num_rows, table.column_names) == (0, ["n", "name"])


def test_an_async_cursor_runs_several_at_once(filled: Lake) -> None:
    reader = cursor(filled, AsyncCursor, max_workers=4)

    started = [reader.execute(f"SELECT count(*) FROM facts WHERE n < {n}") for n in (1, 10, 100)]
    answers = {query_id: future.result().fetchall() for query_id, future in started}

    assert list(answers.values()) == [[(1,)], [(10,)], [(100,)]]


def test_an_async_cursor_cancels(filled: Lake) -> None:
    reader = cursor(filled, AsyncCursor)
    query_id, future = reader.execute("SELECT count(*) FROM facts a, facts b, facts c WHERE a.n + b.n < c.n")

    reader.cancel(query_id).result()

    assert future.result().state == "CANCELLED"


def test_a_failure_tells_why(filled: Lake) -> None:
    with pytest.raises(OperationalError, match="TABLE_NOT_FOUND"):
        cursor(filled).execute("SELECT * FROM nowhere")


def test_statements_about_the_catalog(filled: Lake) -> None:
    reader = cursor(filled)

    assert reader.execute("SHOW TABLES").fetchall() == [("facts",)]
    assert reader.execute("SHOW PARTITIONS facts").fetchall() == [("dt=2026-11-22",)]
    assert reader.get_table_metadata("facts").partition_keys[0].name == "dt"
    assert [table.name for table in reader.list_table_metadata()] == ["facts"]
    assert filled.database in [database.name for database in reader.list_databases("AwsDataCatalog")]


def test_a_result_is_reused(filled: Lake) -> None:
    sql = "SELECT sum(n) FROM facts"
    reader = connect(schema_name=filled.database, work_group=filled.workgroup, region_name="us-east-1").cursor()

    reader.execute(sql)
    second = reader.execute(sql, result_reuse_enable=True, result_reuse_minutes=5)

    assert second.reused_previous_result
    assert second.data_scanned_in_bytes == 0
    assert second.fetchall() == [(sum(range(ROWS)),)]
