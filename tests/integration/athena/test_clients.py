"""The clients that people use, unmodified: only ``AWS_ENDPOINT_URL_ATHENA`` tells them where Athena is."""

from __future__ import annotations

import datetime as dt
import json
import subprocess
import sys
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import awswrangler as wr
import pandas as pd
import pyarrow as pa
import pytest
from pyathena import connect
from pyathena.pandas.cursor import PandasCursor

if TYPE_CHECKING:
    from tests.integration.athena.conftest import Lake

ROWS = 2500  # more than two pages of GetQueryResults


@pytest.fixture
def filled(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> Lake:
    """A table of every common type, and an environment in which clients find the local AWS."""
    start = dt.datetime(2026, 11, 22, tzinfo=dt.UTC)
    table = pa.table(
        {
            "name": [None if i == 1 else f'n "{i}", é' for i in range(ROWS)],
            "n": pa.array(range(ROWS), pa.int64()),
            "share": [i / 8 for i in range(ROWS)],
            "ok": [i % 2 == 0 for i in range(ROWS)],
            "at": pa.array(
                [start + dt.timedelta(milliseconds=250 * i) for i in range(ROWS)], pa.timestamp("us", "UTC")
            ),
            "day": pa.array([dt.date(2026, 1, 1)] * ROWS),
            "price": pa.array([Decimal(i).scaleb(-2) for i in range(ROWS)], pa.decimal128(10, 2)),
        }
    )
    lake.put("lake/facts/dt=2026-11-22/a.parquet", table)
    columns = {"name": "string", "n": "bigint", "share": "double", "ok": "boolean", "at": "timestamp", "day": "date"}
    lake.table("facts", columns | {"price": "decimal(10,2)"}, {"dt": "string"})
    lake.partition("facts", ["2026-11-22"], f"s3://{lake.bucket}/lake/facts/dt=2026-11-22/")
    for name, value in lake.aws.environment().items():
        if name.startswith("AWS_"):
            monkeypatch.setenv(name, value)
    monkeypatch.setenv("AWS_ENDPOINT_URL_ATHENA", lake.athena_endpoint)
    return lake


@pytest.mark.parametrize(
    "how",
    [{"ctas_approach": False}, {"ctas_approach": True}, {"ctas_approach": False, "unload_approach": True}],
    ids=["plain", "ctas", "unload"],
)
def test_awswrangler_reads_the_same_rows_in_all_its_ways(filled: Lake, how: dict[str, Any]) -> None:
    target = {"s3_output": f"s3://{filled.bucket}/wr/"}

    frame = wr.athena.read_sql_query(
        "SELECT name, n, share, ok, at, day, price, dt FROM facts WHERE dt = '2026-11-22' ORDER BY n",
        database=filled.database,
        workgroup=filled.workgroup,
        **(how | target),
    )

    assert len(frame) == ROWS
    assert int(frame["n"].sum()) == sum(range(ROWS))
    assert frame["name"].isna().sum() == 1
    assert frame["name"][3] == 'n "3", é'
    assert frame["at"][1] == pd.Timestamp("2026-11-22 00:00:00.250")
    assert frame["price"][7] == Decimal("0.07")
    assert bool(frame["ok"][0]) is True
    assert str(frame["day"][0])[:10] == "2026-01-01"
    assert frame["dt"][0] == "2026-11-22"


def test_awswrangler_passes_parameters(filled: Lake) -> None:
    frame = wr.athena.read_sql_query(
        "SELECT count(*) AS c FROM facts WHERE n < ? AND name <> ?",
        database=filled.database,
        workgroup=filled.workgroup,
        ctas_approach=False,
        params=["10", "'it''s'"],
        paramstyle="qmark",
    )

    assert frame["c"].tolist() == [9]


def test_pyathena_pages_through_the_rows(filled: Lake) -> None:
    connection = connect(schema_name=filled.database, work_group=filled.workgroup, region_name="us-east-1")
    cursor = connection.cursor()

    rows = cursor.execute("SELECT n, name, price, at, ok, day FROM facts ORDER BY n").fetchall()

    assert len(rows) == ROWS
    at = dt.datetime.fromisoformat("2026-11-22 00:00:00.250")
    assert rows[1] == (1, None, Decimal("0.01"), at, False, dt.date(2026, 1, 1))
    assert cursor.data_scanned_in_bytes > 0
    assert [column[0] for column in cursor.description] == ["n", "name", "price", "at", "ok", "day"]


def test_pyathena_reads_the_file_into_pandas(filled: Lake) -> None:
    connection = connect(
        schema_name=filled.database, work_group=filled.workgroup, region_name="us-east-1", cursor_class=PandasCursor
    )

    cursor = connection.cursor().execute("SELECT n, name FROM facts WHERE n < 5 ORDER BY n")

    table = cursor.as_pandas()
    assert table["n"].tolist() == [0, 1, 2, 3, 4]
    assert table["name"].isna().tolist() == [False, True, False, False, False]


def test_the_command_line_client(filled: Lake) -> None:
    def aws(*arguments: str) -> Any:
        command = [sys.executable, "-m", "awscli", "athena", *arguments, "--endpoint-url", filled.athena_endpoint]
        done = subprocess.run(command, env=filled.aws.environment(), capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout) if done.stdout else None

    started = aws(
        "start-query-execution", "--query-string", "SELECT max(n) AS most FROM facts", "--work-group", filled.workgroup,
        "--query-execution-context", f"Database={filled.database}",
    )  # fmt: skip
    filled.wait(started["QueryExecutionId"])
    results = aws("get-query-results", "--query-execution-id", started["QueryExecutionId"])
    tables = aws("list-table-metadata", "--catalog-name", "AwsDataCatalog", "--database-name", filled.database)

    assert results["ResultSet"]["Rows"][1]["Data"] == [{"VarCharValue": str(ROWS - 1)}]
    assert [table["Name"] for table in tables["TableMetadataList"]] == ["facts"]
    assert [key["Name"] for key in tables["TableMetadataList"][0]["PartitionKeys"]] == ["dt"]
