"""Queries through boto3, over real tables in Glue and objects in S3."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

if TYPE_CHECKING:
    from tests.integration.athena.conftest import Lake


def test_a_constant_is_answered_with_its_column(lake: Lake) -> None:
    query_id = lake.start("SELECT 7/2 AS half, 'x' AS name, CAST(NULL AS bigint)")
    lake.wait(query_id)

    answer = lake.athena.get_query_results(QueryExecutionId=query_id)

    assert [c["Name"] for c in answer["ResultSet"]["ResultSetMetadata"]["ColumnInfo"]] == ["half", "name", "_col2"]
    assert [c["Type"] for c in answer["ResultSet"]["ResultSetMetadata"]["ColumnInfo"]] == [
        "integer",
        "varchar",
        "bigint",
    ]
    assert answer["ResultSet"]["Rows"][1] == {"Data": [{"VarCharValue": "3"}, {"VarCharValue": "x"}, {}]}


def days(lake: Lake) -> dict[str, int]:
    """A table of three days, each of them somewhere else; the size of each day's object."""
    lake.table("hits", {"path": "string", "n": "bigint"}, {"dt": "string"})
    sizes = {}
    for at, day in enumerate(("2026-11-20", "2026-11-21", "2026-11-22")):
        table = pa.table({"path": [f"/{day}/{i}" for i in range(10 * (at + 1))], "n": list(range(10 * (at + 1)))})
        sizes[day] = lake.put(f"elsewhere/{at}/data.parquet", table)
        lake.partition("hits", [day], f"s3://{lake.bucket}/elsewhere/{at}/")
    return sizes


def test_partitions_are_read_where_they_are_and_only_those_that_matter(lake: Lake) -> None:
    days(lake)

    everything = lake.scanned("SELECT path, n FROM hits")
    one = lake.scanned("SELECT path, n FROM hits WHERE dt = '2026-11-21'")

    assert lake.rows("SELECT dt, count(*) FROM hits GROUP BY dt ORDER BY dt") == [
        ["2026-11-20", "10"],
        ["2026-11-21", "20"],
        ["2026-11-22", "30"],
    ]
    assert 0 < one < everything / 2


def test_conditions_with_parameters_prune_too(lake: Lake) -> None:
    days(lake)

    between = "SELECT n FROM hits h WHERE h.dt BETWEEN ? AND ? AND n >= 0"
    listed = "SELECT n FROM hits WHERE contains(split(?, ','), dt)"

    assert lake.scanned(between, "'2026-11-21'", "'2026-11-30'") == lake.scanned(listed, "'2026-11-22,2026-11-21'")
    assert len(lake.rows(listed, "'2026-11-20'")) == 10
    assert lake.scanned("SELECT n FROM hits WHERE dt IN ('2025-01-01')") == 0


def test_integer_columns_divide_to_integers_and_decimal_ones_exactly(lake: Lake) -> None:
    lake.table("paid", {"n": "int", "price": "decimal(10,2)"})
    lake.put(
        "lake/paid/0.parquet", pa.table({"n": pa.array([3], pa.int32()), "price": pa.array([1], pa.decimal128(10, 2))})
    )

    assert lake.rows("SELECT n / 2, price / n, price / 3 FROM paid") == [["1", "0.33", "0.33"]]


def test_unload_writes_to_an_empty_place_only(lake: Lake) -> None:
    days(lake)
    target = f"s3://{lake.bucket}/unloaded/"
    sql = f"UNLOAD (SELECT n, dt FROM hits) TO '{target}' WITH (format='PARQUET', compression='ZSTD')"

    execution = lake.run(sql)

    assert execution["Status"]["State"] == "SUCCEEDED", execution["Status"]
    assert execution["Statistics"]["DataManifestLocation"].endswith("-manifest.csv")
    lake.table("back", {"n": "bigint", "dt": "string"}, location=target)
    assert lake.rows("SELECT count(*), sum(n), count(DISTINCT dt) FROM back") == [["60", "670", "3"]]
    assert "HIVE_PATH_ALREADY_EXISTS" in lake.error(sql)
    assert lake.rows("SELECT count(*) FROM back") == [["60"]]


def test_a_table_is_made_filled_and_dropped(lake: Lake) -> None:
    days(lake)

    made = lake.run("CREATE TABLE copied WITH (format='PARQUET', partitioned_by=ARRAY['dt']) AS SELECT n, dt FROM hits")
    added = lake.run("INSERT INTO copied SELECT 7, '2026-12-01'")

    assert (made["Status"]["State"], added["Status"]["State"]) == ("SUCCEEDED", "SUCCEEDED"), (made, added)
    assert lake.rows("SELECT dt, count(*) FROM copied GROUP BY 1 ORDER BY 1")[-1] == ["2026-12-01", "1"]
    assert lake.rows("SHOW PARTITIONS copied")[0] == ["dt=2026-11-20"]
    assert lake.run("DROP TABLE copied")["Status"]["State"] == "SUCCEEDED"
    assert "TABLE_NOT_FOUND" in lake.error("SELECT * FROM copied")


def test_a_table_without_files_has_no_rows_and_the_right_types(lake: Lake) -> None:
    lake.table("empty", {"a": "bigint", "t": "timestamp", "d": "decimal(10,2)"}, {"dt": "string"})

    query_id = lake.start("SELECT * FROM empty")
    lake.wait(query_id)

    answer = lake.athena.get_query_results(QueryExecutionId=query_id)["ResultSet"]
    kinds = [column["Type"] for column in answer["ResultSetMetadata"]["ColumnInfo"]]
    assert kinds == ["bigint", "timestamp", "decimal", "varchar"]
    assert len(answer["Rows"]) == 1


def test_types_that_do_not_fit_fail_before_anything_is_read(lake: Lake) -> None:
    days(lake)

    query_id = lake.start("SELECT count(*) FROM hits WHERE dt > 20261101")
    lake.wait(query_id)

    status = lake.athena.get_query_execution(QueryExecutionId=query_id)["QueryExecution"]
    assert status["Status"]["StateChangeReason"] == (
        "TYPE_MISMATCH: line 1:36: Cannot apply operator: varchar < integer"
    )
    assert status["Statistics"]["DataScannedInBytes"] == 0
    assert "Table: [varchar, bigint, varchar], Query: [integer, varchar(1), varchar(10)]" in lake.error(
        "INSERT INTO hits SELECT 1, 'a', '2026-11-22'"
    )


def test_a_result_shows_trinos_types_where_duckdb_computes_in_others(lake: Lake) -> None:
    query_id = lake.start("SELECT CAST(1 AS tinyint) + 1, floor(7), round(2.345, 2), 2.5 % 2")
    lake.wait(query_id)

    answer = lake.athena.get_query_results(QueryExecutionId=query_id)["ResultSet"]

    columns = [
        (column["Type"], column["Precision"], column["Scale"]) for column in answer["ResultSetMetadata"]["ColumnInfo"]
    ]
    assert columns == [("integer", 10, 0), ("integer", 10, 0), ("decimal", 5, 3), ("decimal", 2, 1)]
    assert [cell["VarCharValue"] for cell in answer["Rows"][1]["Data"]] == ["2", "7", "2.350", "0.5"]
