"""SHOW and ALTER: what Hive's DDL says of a table and changes in Glue; what is not done is refused by name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pytest
from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from tests.integration.athena.conftest import Lake

DAYS = ("2026-11-20", "2026-11-21", "2026-11-22")


@pytest.fixture
def hits(lake: Lake) -> Lake:
    """A lake with a table of three days and two hours."""
    lake.table("hits", {"n": "bigint", "paid": "decimal(10,2)"}, {"dt": "string", "hour": "int"})
    for day in DAYS:
        for hour in ("9", "10"):
            place = f"lake/hits/dt={day}/hour={hour}/"
            lake.put(f"{place}0.parquet", pa.table({"n": [int(hour)]}))
            lake.partition("hits", [day, hour], f"s3://{lake.bucket}/{place}")
    return lake


def succeed(lake: Lake, sql: str) -> dict[str, Any]:
    """Run a statement that must succeed."""
    execution = lake.run(sql)
    assert execution["Status"]["State"] == "SUCCEEDED", execution["Status"].get("StateChangeReason")
    return execution


def partitions(lake: Lake) -> list[str | None]:
    """The partitions of the table as they are shown."""
    return [row[0] for row in lake.rows("SHOW PARTITIONS hits")]


def test_the_statement_that_makes_a_table_is_shown_as_hive_does(hits: Lake) -> None:
    succeed(hits, "ALTER TABLE hits SET TBLPROPERTIES ('classification' = 'parquet', 'note' = 'x')")

    serde = "org.apache.hadoop.hive.ql.io.parquet"
    assert [row[0] for row in hits.rows("SHOW CREATE TABLE hits")] == [
        f"CREATE EXTERNAL TABLE `{hits.database}.hits`(",
        "  `n` bigint, ",
        "  `paid` decimal(10,2))",
        "PARTITIONED BY ( ",
        "  `dt` string, ",
        "  `hour` int)",
        "ROW FORMAT SERDE ",
        f"  '{serde}.serde.ParquetHiveSerDe' ",
        "STORED AS INPUTFORMAT ",
        f"  '{serde}.MapredParquetInputFormat' ",
        "OUTPUTFORMAT ",
        f"  '{serde}.MapredParquetOutputFormat'",
        "LOCATION",
        f"  's3://{hits.bucket}/lake/hits/'",
        "TBLPROPERTIES (",
        "  'classification'='parquet', ",
        "  'note'='x')",
    ]


def test_properties_are_set_and_shown(hits: Lake) -> None:
    succeed(hits, "ALTER TABLE hits SET TBLPROPERTIES ('note' = 'x', 'other' = 'y')")
    succeed(hits, "ALTER TABLE hits SET TBLPROPERTIES ('note' = 'z')")
    succeed(hits, f"ALTER DATABASE {hits.database} SET DBPROPERTIES ('owner' = 'us')")

    table = hits.aws.client("glue").get_table(DatabaseName=hits.database, Name="hits")["Table"]
    database = hits.aws.client("glue").get_database(Name=hits.database)["Database"]
    assert (table["Parameters"], database["Parameters"]) == ({"note": "z", "other": "y"}, {"owner": "us"})
    assert hits.rows("SHOW TBLPROPERTIES hits") == [["note\tz"], ["other\ty"]]
    assert hits.rows("SHOW TBLPROPERTIES hits('note')") == [["z"]]
    assert hits.rows("SELECT count(*) FROM hits") == [["6"]]


def test_columns_are_added_and_null_in_older_files(hits: Lake) -> None:
    succeed(hits, "ALTER TABLE hits ADD COLUMNS (tag string COMMENT 'new', more array<int>)")

    assert hits.rows("SELECT n, tag, more FROM hits WHERE dt = '2026-11-20' AND hour = 9") == [["9", None, None]]
    assert "Duplicate column name: dt" in hits.error("ALTER TABLE hits ADD COLUMNS (dt string)")


def test_a_table_and_a_partition_are_moved(hits: Lake) -> None:
    hits.put("elsewhere/0.parquet", pa.table({"n": [7]}))
    there = f"s3://{hits.bucket}/elsewhere/"

    succeed(hits, f"ALTER TABLE hits PARTITION (dt = '2026-11-20', hour = 9) SET LOCATION '{there}'")
    succeed(hits, f"ALTER TABLE hits SET LOCATION '{there}'")

    assert hits.rows("SELECT n FROM hits WHERE dt = '2026-11-20' ORDER BY n") == [["7"], ["10"]]
    assert (
        hits.aws.client("glue").get_table(DatabaseName=hits.database, Name="hits")["Table"]["StorageDescriptor"][
            "Location"
        ]
        == there
    )
    assert "Partition not found" in hits.error(f"ALTER TABLE hits PARTITION (dt='x', hour=1) SET LOCATION '{there}'")


def test_a_partition_is_renamed_and_its_files_stay(hits: Lake) -> None:
    succeed(hits, "ALTER TABLE hits PARTITION (dt = '2026-11-20', hour = 9) RENAME TO PARTITION (dt = 'x', hour = 1)")

    assert hits.rows("SELECT dt, hour, n FROM hits WHERE dt = 'x'") == [["x", "1", "9"]]
    assert len(partitions(hits)) == 6
    again = "ALTER TABLE hits PARTITION (dt = 'x', hour = 1) RENAME TO PARTITION (dt = '2026-11-21', hour = 9)"
    assert "already exists" in hits.error(again)


@pytest.mark.parametrize(
    ("spec", "left"),
    [
        ("(dt = '2026-11-20', hour = 9)", 5),
        ("(dt < '2026-11-22')", 2),
        ("(dt >= '2026-11-21', hour > 9)", 4),
        ("(hour < 10)", 3),
        ("(dt != '2026-11-20')", 2),
        ("(dt = '2026-11-20'), PARTITION (dt > '2026-11-21')", 2),
    ],
)
def test_partitions_are_dropped_by_comparison(hits: Lake, spec: str, left: int) -> None:
    succeed(hits, f"ALTER TABLE hits DROP PARTITION {spec}")

    assert len(partitions(hits)) == left


def test_a_partition_that_is_not_there_is_dropped_only_if_it_may_be_missing(hits: Lake) -> None:
    assert "Partition not found" in hits.error("ALTER TABLE hits DROP PARTITION (dt < '2020-01-01')")
    succeed(hits, "ALTER TABLE hits DROP IF EXISTS PARTITION (dt < '2020-01-01')")
    assert "is no partition key" in hits.error("ALTER TABLE hits DROP PARTITION (n < 3)")


def test_databases_are_shown_by_pattern(hits: Lake) -> None:
    assert hits.rows(f"SHOW SCHEMAS LIKE '{hits.database[:9]}*'") == [[hits.database]]
    assert hits.rows("SHOW DATABASES LIKE 'nothing|like_this'") == []
    assert hits.rows(f"SHOW COLUMNS IN hits IN {hits.database}") == [["n"], ["paid"], ["dt"], ["hour"]]


@pytest.mark.parametrize(
    "sql",
    [
        "DESCRIBE FORMATTED hits",
        "DESCRIBE EXTENDED hits",
        "DESCRIBE hits PARTITION (dt = 'x')",
        "DESCRIBE hits n",
        "SHOW FUNCTIONS",
        "ALTER TABLE hits RENAME TO more",
        "ALTER TABLE hits REPLACE COLUMNS (n int)",
        "ALTER TABLE hits CHANGE COLUMN n m bigint",
        "ALTER TABLE hits PARTITION (dt = 'x') CONCATENATE",
    ],
)
def test_what_is_not_done_is_refused_by_name(hits: Lake, sql: str) -> None:
    with pytest.raises(ClientError, match="NOT_SUPPORTED: The local Athena does not support"):
        hits.start(sql)


def test_ctas_and_insert_hold_to_athenas_limits(hits: Lake) -> None:
    many = "SELECT n, CAST(n AS varchar) AS k FROM UNNEST(sequence(1, {count})) AS t(n)"
    keyed = "WITH (format = 'PARQUET', partitioned_by = ARRAY['k'])"
    succeed(hits, f"CREATE TABLE most {keyed} AS {many.format(count=100)}")

    assert len(hits.rows("SHOW PARTITIONS most")) == 100
    assert "HIVE_TOO_MANY_OPEN_PARTITIONS" in hits.error(f"CREATE TABLE more {keyed} AS {many.format(count=101)}")
    assert "HIVE_TOO_MANY_OPEN_PARTITIONS" in hits.error(f"INSERT INTO most {many.format(count=101)}")
    assert "HIVE_COLUMN_ORDER_MISMATCH" in hits.error(f"CREATE TABLE more {keyed} AS SELECT 'a' AS k, 1 AS n")
    assert "bucketed_by" in hits.error(
        "CREATE TABLE b WITH (bucketed_by = ARRAY['n'], bucket_count = 2) AS SELECT 1 AS n"
    )
    there = f"WITH (external_location = 's3://{hits.bucket}/lake/hits/')"
    assert "HIVE_PATH_ALREADY_EXISTS" in hits.error(f"CREATE TABLE more {there} AS SELECT 1 AS n")
    assert hits.rows("SHOW TABLES 'more|b'") == []
