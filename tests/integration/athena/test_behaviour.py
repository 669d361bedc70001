"""Workgroups, snapshots, hidden and old files, limits."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pyarrow as pa
import pytest
from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from tests.integration.athena.conftest import Lake


def numbers(lake: Lake, rows: int = 1000) -> None:
    """A table ``numbers`` with one column and one partition."""
    lake.table("numbers", {"n": "bigint"}, {"month": "string"})
    lake.put("lake/numbers/month=2026-11/a.parquet", pa.table({"n": list(range(rows))}))
    lake.partition("numbers", ["2026-11"], f"s3://{lake.bucket}/lake/numbers/month=2026-11/")


def test_an_unknown_workgroup_is_refused(lake: Lake) -> None:
    with pytest.raises(ClientError, match=r"InvalidRequestException.*WorkGroup nobody is not found"):
        lake.athena.start_query_execution(QueryString="SELECT 1", WorkGroup="nobody")


def test_an_enforced_workgroup_decides_where_results_go(make_lake: Callable[..., Lake]) -> None:
    lake = make_lake(EnforceWorkGroupConfiguration=True)

    query_id = lake.athena.start_query_execution(
        QueryString="SELECT 'a' AS x, CAST(NULL AS varchar) AS y, 'say \"hi\"' AS z",
        WorkGroup=lake.workgroup,
        ResultConfiguration={"OutputLocation": f"s3://{lake.bucket}/mine/"},
    )["QueryExecutionId"]

    output = lake.wait(query_id)["ResultConfiguration"]["OutputLocation"]
    assert output == f"s3://{lake.bucket}/results/{query_id}.csv"
    body = lake.aws.client("s3").get_object(Bucket=lake.bucket, Key=f"results/{query_id}.csv")["Body"].read()
    assert body == b'"x","y","z"\n"a",,"say ""hi"""\n'
    with pytest.raises(ClientError, match="external_location"):
        lake.start(f"CREATE TABLE t WITH (external_location = 's3://{lake.bucket}/x/') AS SELECT 1 AS x")


def test_a_query_over_the_scan_limit_is_cancelled(make_lake: Callable[..., Lake]) -> None:
    lake = make_lake(BytesScannedCutoffPerQuery=10_000_000)
    numbers(lake, rows=3_000_000)

    execution = lake.run("SELECT sum(n) FROM numbers")

    status = execution["Status"]
    assert (status["State"], status["StateChangeReason"]) == ("CANCELLED", "Bytes scanned limit was exceeded")
    assert execution["Statistics"]["DataScannedInBytes"] == 10_000_000  # what was paid for before the end
    assert lake.rows("SELECT count(*) FROM numbers WHERE month = '1999-01'") == [["0"]]


def test_only_registered_partitions_and_visible_files_are_read(lake: Lake) -> None:
    numbers(lake, rows=10)
    lake.put("lake/numbers/month=2026-11/_hidden.parquet", pa.table({"n": [100]}))
    lake.put("lake/numbers/month=2026-11/.hidden.parquet", pa.table({"n": [100]}))
    lake.put("lake/numbers/month=2026-12/a.parquet", pa.table({"n": [100]}))

    before = lake.rows("SELECT count(*) FROM numbers")
    lake.run("MSCK REPAIR TABLE numbers")

    assert before == [["10"]]
    assert lake.rows("SELECT month, count(*) FROM numbers GROUP BY month ORDER BY month")[1] == ["2026-12", "1"]


def test_a_column_that_an_older_file_lacks_is_null(lake: Lake) -> None:
    lake.table("grown", {"a": "bigint", "b": "string"})
    lake.put("lake/grown/1.parquet", pa.table({"a": [1]}))
    lake.put("lake/grown/2.parquet", pa.table({"b": ["x"], "a": pa.array([2], pa.int32())}))

    assert lake.rows("SELECT a, b FROM grown ORDER BY a") == [["1", None], ["2", "x"]]


def test_a_flipped_location_shows_one_version_or_the_other(lake: Lake) -> None:
    numbers(lake, rows=10)
    lake.put("lake/numbers/v2/a.parquet", pa.table({"n": [7]}))
    glue = lake.aws.client("glue")
    storage = glue.get_table(DatabaseName=lake.database, Name="numbers")["Table"]["StorageDescriptor"]
    entry = {"Values": ["2026-11"], "StorageDescriptor": storage | {"Location": f"s3://{lake.bucket}/lake/numbers/v2/"}}

    before = lake.rows("SELECT count(*) FROM numbers")
    glue.batch_update_partition(
        DatabaseName=lake.database,
        TableName="numbers",
        Entries=[{"PartitionValueList": ["2026-11"], "PartitionInput": entry}],
    )

    assert before == [["10"]]
    assert lake.rows("SELECT n FROM numbers") == [["7"]]


def test_errors_have_athenas_shape(lake: Lake) -> None:
    with pytest.raises(ClientError) as malformed:
        lake.start("SELEC 1")
    with pytest.raises(ClientError, match="was not found"):
        lake.athena.get_query_execution(QueryExecutionId="00000000-0000-0000-0000-000000000000")
    failed = lake.run("SELECT * FROM nowhere")

    assert malformed.value.response["Error"]["Code"] == "InvalidRequestException"
    assert malformed.value.response["AthenaErrorCode"] == "MALFORMED_QUERY"
    assert failed["Status"]["StateChangeReason"].startswith("TABLE_NOT_FOUND")
    with pytest.raises(ClientError, match="FAILED"):
        lake.athena.get_query_results(QueryExecutionId=failed["QueryExecutionId"])


def test_more_than_a_hundred_partitions_at_once_are_refused(lake: Lake) -> None:
    numbers(lake)

    reason = lake.error(
        "CREATE TABLE many WITH (format = 'PARQUET', partitioned_by = ARRAY['k']) "
        "AS SELECT n, n % 101 AS k FROM numbers"
    )

    assert "HIVE_TOO_MANY_OPEN_PARTITIONS" in reason
    assert lake.run("SHOW TABLES")["Status"]["State"] == "SUCCEEDED"
    assert lake.rows("SHOW TABLES") == [["numbers"]]
