"""A local Athena on a free port, over the local AWS of the session, with one small lake in it."""

from __future__ import annotations

import datetime as dt
import io
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.integration.conftest import running_athena

if TYPE_CHECKING:
    from tests.integration.conftest import LocalAws

ROWS = 2500  # of the clients' table: more than two pages of GetQueryResults
FINAL = ("SUCCEEDED", "FAILED", "CANCELLED")
PARQUET = {
    "InputFormat": "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat",
    "OutputFormat": "org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat",
    "SerdeInfo": {"SerializationLibrary": "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe"},
}


@dataclass(frozen=True)
class Lake:
    """A bucket, a database and a workgroup of one test's own."""

    aws: Any
    athena_endpoint: str
    bucket: str
    database: str
    workgroup: str

    @property
    def athena(self) -> Any:
        """A boto3 client of the local Athena."""
        return self.aws.client("athena", endpoint_url=self.athena_endpoint)

    def put(self, key: str, table: pa.Table, **options: Any) -> int:
        """Write a Parquet object; its size."""
        body = io.BytesIO()
        pq.write_table(table, body, **options)
        self.aws.client("s3").put_object(Bucket=self.bucket, Key=key, Body=body.getvalue())
        return len(body.getvalue())

    def table(self, name: str, columns: dict[str, str], keys: dict[str, str] | None = None, location: str = "") -> None:
        """Register a Parquet table."""
        storage = {"Columns": _glue(columns), "Location": location or f"s3://{self.bucket}/lake/{name}/", **PARQUET}
        table = {
            "Name": name,
            "TableType": "EXTERNAL_TABLE",
            "StorageDescriptor": storage,
            "PartitionKeys": _glue(keys or {}),
        }
        self.aws.client("glue").create_table(DatabaseName=self.database, TableInput=table)

    def partition(self, table: str, values: list[str], location: str) -> None:
        """Register a partition at a place of its own."""
        glue = self.aws.client("glue")
        columns = glue.get_table(DatabaseName=self.database, Name=table)["Table"]["StorageDescriptor"]["Columns"]
        storage = {"Columns": columns, "Location": location, **PARQUET}
        glue.create_partition(
            DatabaseName=self.database, TableName=table, PartitionInput={"Values": values, "StorageDescriptor": storage}
        )

    def start(self, sql: str, *parameters: str) -> str:
        """Start a query; its id."""
        options = {"ExecutionParameters": list(parameters)} if parameters else {}
        started = self.athena.start_query_execution(
            QueryString=sql, QueryExecutionContext={"Database": self.database}, WorkGroup=self.workgroup, **options
        )
        return str(started["QueryExecutionId"])

    def wait(self, query_id: str) -> dict[str, Any]:
        """The execution, once it has ended."""
        client = self.athena
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            execution: dict[str, Any] = client.get_query_execution(QueryExecutionId=query_id)["QueryExecution"]
            if execution["Status"]["State"] in FINAL:
                return execution
            time.sleep(0.02)
        pytest.fail(f"{query_id} did not end")

    def run(self, sql: str, *parameters: str) -> dict[str, Any]:
        """Run a query to its end, whatever the end."""
        return self.wait(self.start(sql, *parameters))

    def rows(self, sql: str, *parameters: str) -> list[list[str | None]]:
        """The rows of a query that must succeed."""
        execution = self.run(sql, *parameters)
        assert execution["Status"]["State"] == "SUCCEEDED", execution["Status"]
        pages = self.athena.get_paginator("get_query_results").paginate(QueryExecutionId=execution["QueryExecutionId"])
        found = [[cell.get("VarCharValue") for cell in row["Data"]] for p in pages for row in p["ResultSet"]["Rows"]]
        return found[1:] if execution["StatementType"] == "DML" else found

    def error(self, sql: str, *parameters: str) -> str:
        """The reason of a query that must fail."""
        execution = self.run(sql, *parameters)
        assert execution["Status"]["State"] == "FAILED", execution["Status"]
        return str(execution["Status"]["StateChangeReason"])

    def scanned(self, sql: str, *parameters: str) -> int:
        """The bytes that a query scanned."""
        execution = self.run(sql, *parameters)
        assert execution["Status"]["State"] == "SUCCEEDED", execution["Status"]
        return int(execution["Statistics"]["DataScannedInBytes"])


def _glue(columns: dict[str, str]) -> list[dict[str, str]]:
    return [{"Name": name, "Type": kind} for name, kind in columns.items()]


@pytest.fixture(scope="session")
def athena_endpoint(local_aws: LocalAws, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a local Athena that runs for the session."""
    with running_athena(local_aws, tmp_path_factory.mktemp("local-athena"), "--log-level", "debug") as endpoint:
        yield endpoint


@pytest.fixture(scope="session")
def make_lake(local_aws: LocalAws, athena_endpoint: str) -> Callable[..., Lake]:
    """Make a bucket, a database and a workgroup; keyword arguments go into the workgroup's configuration."""

    def make(**configuration: Any) -> Lake:
        name = f"t{uuid.uuid4().hex[:12]}"
        local_aws.client("s3").create_bucket(Bucket=name)
        local_aws.client("glue").create_database(DatabaseInput={"Name": name})
        settings = {"ResultConfiguration": {"OutputLocation": f"s3://{name}/results/"}}
        settings |= {"EnforceWorkGroupConfiguration": False} | configuration
        local_aws.client("athena").create_work_group(Name=name, Configuration=settings)
        return Lake(local_aws, athena_endpoint, bucket=name, database=name, workgroup=name)

    return make


@pytest.fixture
def lake(make_lake: Callable[..., Lake]) -> Lake:
    """A lake whose workgroup only has an output location."""
    return make_lake()


@pytest.fixture
def another_athena(lake: Lake, tmp_path: Path) -> Callable[..., AbstractContextManager[Lake]]:
    """Start a local Athena of the test's own with these options; the same lake, seen through it."""

    @contextmanager
    def start(*options: str) -> Iterator[Lake]:
        with running_athena(lake.aws, tmp_path, *options) as endpoint:
            yield replace(lake, athena_endpoint=endpoint)

    return start


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
