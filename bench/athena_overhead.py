"""What the local Athena costs beside a plain DuckDB on the same files.

Run as ``python -m bench.athena_overhead``. Both sides read the same 30 Parquet files (a month of days, 20,000 rows
each) and answer the same aggregate. The local Athena goes the whole way: HTTP, Glue, pruning, listing, cached objects,
a locked engine, the result file in S3, and a client that asks every 5 ms whether it has ended.
"""

from __future__ import annotations

import io
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from bench.harness import compare
from tests.integration.conftest import running_athena, running_local_aws

DAYS = [f"2026-11-{day:02d}" for day in range(1, 31)]
ROWS_A_DAY = 20_000
RUNS = 30
SQL = """SELECT version, count(*) AS c, sum(size) AS s FROM hits
WHERE dt BETWEEN '2026-11-05' AND '2026-11-24' GROUP BY version"""
FORMATS = "org.apache.hadoop.hive.ql.io.parquet."
Rows = list[tuple[str, int, int]]


def day_file(seed: int) -> bytes:
    """A day of downloads as Parquet."""
    table = pa.table(
        {
            "version": [f"3.{(i + seed) % 7}.0" for i in range(ROWS_A_DAY)],
            "size": [(i * 7919 + seed) % 100_000 for i in range(ROWS_A_DAY)],
        }
    )
    body = io.BytesIO()
    pq.write_table(table, body, compression="zstd")
    return body.getvalue()


def fill(aws: Any, folder: Path) -> None:
    """Put the same files into S3, with their partitions in Glue, and below a folder."""
    s3, glue = aws.client("s3"), aws.client("glue")
    s3.create_bucket(Bucket="lake")
    glue.create_database(DatabaseInput={"Name": "lake"})
    columns = [{"Name": "version", "Type": "string"}, {"Name": "size", "Type": "bigint"}]
    storage = {
        "Columns": columns,
        "Location": "s3://lake/hits/",
        "InputFormat": FORMATS + "MapredParquetInputFormat",
        "SerdeInfo": {"SerializationLibrary": FORMATS + "serde.ParquetHiveSerDe"},
    }
    keys = [{"Name": "dt", "Type": "string"}]
    table = {"Name": "hits", "TableType": "EXTERNAL_TABLE", "StorageDescriptor": storage, "PartitionKeys": keys}
    glue.create_table(DatabaseName="lake", TableInput=table)
    for seed, day in enumerate(DAYS):
        body = day_file(seed)
        s3.put_object(Bucket="lake", Key=f"hits/dt={day}/a.parquet", Body=body)
        (folder / f"dt={day}").mkdir()
        (folder / f"dt={day}" / "a.parquet").write_bytes(body)
        place = storage | {"Location": f"s3://lake/hits/dt={day}/"}
        glue.create_partition(
            DatabaseName="lake", TableName="hits", PartitionInput={"Values": [day], "StorageDescriptor": place}
        )


def by_athena(athena: Any) -> Callable[[], Rows]:
    """Ask the local Athena, as a client does."""

    def run() -> Rows:
        query = athena.start_query_execution(
            QueryString=SQL,
            QueryExecutionContext={"Database": "lake"},
            ResultConfiguration={"OutputLocation": "s3://lake/results/"},
        )["QueryExecutionId"]
        while (state := athena.get_query_execution(QueryExecutionId=query)["QueryExecution"]["Status"]["State"]) in (
            "QUEUED",
            "RUNNING",
        ):
            time.sleep(0.005)
        assert state == "SUCCEEDED", state
        rows = athena.get_query_results(QueryExecutionId=query)["ResultSet"]["Rows"][1:]
        cells = [[cell["VarCharValue"] for cell in row["Data"]] for row in rows]
        return sorted((version, int(count), int(size)) for version, count, size in cells)

    return run


def by_duckdb(folder: Path) -> Callable[[], Rows]:
    """Ask a fresh DuckDB over the same files."""
    source = f"read_parquet('{folder}/*/*.parquet', hive_partitioning = true, hive_types = {{'dt': VARCHAR}})"

    def run() -> Rows:
        with duckdb.connect(config={"threads": 2}) as connection:
            return sorted(connection.execute(SQL.replace("hits", source)).fetchall())

    return run


def main() -> None:
    """Measure, print and write ``bench/results/athena_overhead.json``."""
    with tempfile.TemporaryDirectory() as home:
        folder = Path(home) / "files"
        folder.mkdir()
        with running_local_aws(Path(home)) as aws, running_athena(aws, Path(home)) as endpoint:
            fill(aws, folder)
            athena, plain = by_athena(aws.client("athena", endpoint_url=endpoint)), by_duckdb(folder)
            assert athena() == plain()
            compare(
                "athena_overhead",
                "20 of 30 daily Parquet files summed by the local Athena (objects cached) and by a plain DuckDB",
                (("local Athena, whole way", athena), ("plain DuckDB", plain)),
                runs=RUNS,
                packages=("duckdb", "sqlglot", "starlette", "uvicorn", "boto3"),
                notes={"rows a file": ROWS_A_DAY, "sql": SQL},
            )


if __name__ == "__main__":
    main()
