"""Views through boto3: made by SQL or found in Glue, read, shown, and refused where they no longer fit."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pytest

if TYPE_CHECKING:
    from tests.integration.athena.conftest import Lake


@pytest.fixture
def hits(lake: Lake) -> Lake:
    """A lake with one table of three days."""
    lake.table("hits", {"path": "string", "n": "int", "paid": "decimal(10,2)"}, {"dt": "string"})
    for day in ("2026-11-20", "2026-11-21", "2026-11-22"):
        rows = {"path": ["/a", "/b"], "n": pa.array([1, 2], pa.int32()), "paid": pa.array([1, 2], pa.decimal128(10, 2))}
        lake.put(f"lake/hits/dt={day}/data.parquet", pa.table(rows))
        lake.partition("hits", [day], f"s3://{lake.bucket}/lake/hits/dt={day}/")
    return lake


def in_glue(lake: Lake, name: str, sql: str, columns: dict[str, str]) -> None:
    """A view as CloudFormation makes it: no class of the local Athena has a part in it."""
    described = {"originalSql": sql, "catalog": "awsdatacatalog", "schema": lake.database}
    described["columns"] = [{"name": column, "type": kind} for column, kind in columns.items()]
    text = f"/* Presto View: {base64.b64encode(json.dumps(described).encode()).decode()} */"
    table: dict[str, Any] = {"Name": name, "TableType": "VIRTUAL_VIEW", "ViewOriginalText": text}
    table |= {"ViewExpandedText": "/* Presto View */", "Parameters": {"presto_view": "true"}}
    lake.aws.client("glue").create_table(DatabaseName=lake.database, TableInput=table)


def succeed(lake: Lake, sql: str) -> dict[str, Any]:
    """Run a statement that must succeed."""
    execution = lake.run(sql)
    assert execution["Status"]["State"] == "SUCCEEDED", execution["Status"].get("StateChangeReason")
    return execution


def test_a_view_is_kept_in_glue_as_athena_keeps_it(hits: Lake) -> None:
    sql = "SELECT dt, sum(n) AS n, max(paid) AS paid,\n  map_agg(path, n) AS by_path FROM hits GROUP BY dt"

    execution = succeed(hits, f"CREATE VIEW v_days AS {sql}")

    kept = hits.aws.client("glue").get_table(DatabaseName=hits.database, Name="v_days")["Table"]
    inner = json.loads(base64.b64decode(kept["ViewOriginalText"].removeprefix("/* Presto View: ").removesuffix(" */")))
    assert execution["StatementType"] == "DDL"
    assert (kept["TableType"], kept["ViewExpandedText"]) == ("VIRTUAL_VIEW", "/* Presto View */")
    assert kept["Parameters"] == {"presto_view": "true", "comment": "Presto View"}
    assert inner == {
        "originalSql": sql,
        "catalog": "awsdatacatalog",
        "schema": hits.database,
        "columns": [
            {"name": "dt", "type": "varchar"},
            {"name": "n", "type": "bigint"},
            {"name": "paid", "type": "decimal(10,2)"},
            {"name": "by_path", "type": "map(varchar, integer)"},
        ],
    }
    assert [(c["Name"], c["Type"]) for c in kept["StorageDescriptor"]["Columns"]] == [
        ("dt", "string"),
        ("n", "bigint"),
        ("paid", "decimal(10,2)"),
        ("by_path", "map<string,int>"),
    ]


def test_a_view_is_read_whoever_made_it(hits: Lake) -> None:
    in_glue(hits, "v_found", "SELECT dt AS day, n / 2 AS half FROM hits", {"day": "varchar", "half": "bigint"})
    succeed(hits, "CREATE VIEW v_made AS SELECT day, sum(half) AS halves FROM v_found GROUP BY day")

    assert hits.rows("SELECT * FROM v_made ORDER BY day") == [[f"2026-11-{day}", "1"] for day in (20, 21, 22)]
    assert hits.rows("SELECT count(*) FROM v_found AS f JOIN v_found g ON f.day = g.day") == [["12"]]


def test_a_view_has_its_own_database_and_its_own_names(hits: Lake) -> None:
    other = f"{hits.database}_other"
    hits.aws.client("glue").create_database(DatabaseInput={"Name": other})
    succeed(hits, f"CREATE VIEW {other}.v_hits AS WITH t0 AS (SELECT n FROM hits) SELECT n FROM t0")

    shadowed = (
        f"WITH hits AS (SELECT 7 AS n), t0 AS (SELECT 8 AS n) SELECT sum(v.n), max(t0.n) FROM {other}.v_hits v, t0"
    )

    assert hits.rows(shadowed) == [["9", "8"]]
    assert hits.rows("WITH t0 AS (SELECT 8 AS n) SELECT sum(n) FROM hits") == [["9"]]


def test_a_view_is_replaced_only_when_that_is_said_and_dropped_only_as_a_view(hits: Lake) -> None:
    succeed(hits, "CREATE VIEW v_one AS SELECT 1 AS one")

    assert "ALREADY_EXISTS: line 1:1: View already exists" in hits.error("CREATE VIEW v_one AS SELECT 2 AS one")
    assert "TABLE_ALREADY_EXISTS" in hits.error("CREATE OR REPLACE VIEW hits AS SELECT 2 AS one")
    succeed(hits, "CREATE OR REPLACE VIEW v_one AS SELECT 2 AS two")
    assert hits.rows("SELECT two FROM v_one") == [["2"]]
    assert "Did you mean DROP TABLE" in hits.error("DROP VIEW hits")
    assert "Cannot drop a view with DROP TABLE" in hits.error("DROP TABLE v_one")
    succeed(hits, "DROP VIEW v_one")
    assert "View" in hits.error("DROP VIEW v_one")
    succeed(hits, "DROP VIEW IF EXISTS v_one")


def test_views_are_shown(hits: Lake) -> None:
    succeed(hits, "CREATE VIEW v_days AS SELECT dt,\n  n FROM hits")
    succeed(hits, "CREATE VIEW other AS SELECT 1 AS one")

    assert hits.rows("SHOW VIEWS") == [["other"], ["v_days"]]
    assert hits.rows(f"SHOW VIEWS IN {hits.database} LIKE 'v_*|x'") == [["v_days"]]
    assert hits.rows("SHOW CREATE VIEW v_days") == [
        [f"CREATE VIEW {hits.database}.v_days AS"],
        ["SELECT dt,"],
        ["  n FROM hits"],
    ]
    assert hits.rows("SHOW COLUMNS IN v_days") == [["dt"], ["n"]]
    assert hits.rows("DESCRIBE v_days") == [["dt\tstring\t"], ["n\tint\t"]]
    assert "NOT_SUPPORTED" in hits.error("SHOW CREATE VIEW hits")


@pytest.mark.parametrize(
    ("columns", "reason"),
    [
        ({"n": "smallint"}, "column [n] of type integer projected from query view at position 0 cannot be coerced"),
        ({"m": "integer"}, "has a different name from column [m]"),
        ({"n": "integer", "path": "varchar"}, "stored view column count (2) does not match"),
    ],
)
def test_a_view_whose_columns_no_longer_fit_is_stale(hits: Lake, columns: dict[str, str], reason: str) -> None:
    in_glue(hits, "v_old", "SELECT n FROM hits", columns)

    error = hits.error("SELECT * FROM v_old")

    assert error.startswith("VIEW_IS_STALE: line 1:15: View 'awsdatacatalog.")
    assert "is stale or in invalid state" in error
    assert reason in error


def test_a_wider_stored_type_is_no_fault_and_decides_the_type(hits: Lake) -> None:
    in_glue(hits, "v_wide", "SELECT n FROM hits WHERE dt = '2026-11-20'", {"n": "double"})

    assert hits.rows("SELECT n FROM v_wide ORDER BY n") == [["1.0"], ["2.0"]]


@pytest.mark.parametrize(
    ("sql", "reason"),
    [
        ("SELECT n FROM gone", "INVALID_VIEW: line 1:15: Failed analyzing stored view 'awsdatacatalog."),
        ("SELECT nothing AS n FROM hits", "INVALID_VIEW: line 1:15: Failed analyzing stored view"),
        ("SELECT n FROM hits WHERE n = 'x'", "INVALID_VIEW: line 1:15: Failed analyzing stored view 'awsdatacatalog."),
        ("SELECT FROM", "INVALID_VIEW: line 1:15: Failed parsing stored view"),
        ("DROP TABLE hits", "INVALID_VIEW: line 1:15: Failed parsing stored view"),
        ("SELECT getenv('HOME') AS n", "INVALID_VIEW: line 1:15: Failed analyzing stored view"),
        ("SELECT content AS n FROM read_text('/etc/passwd')", "NOT_SUPPORTED"),
    ],
)
def test_a_view_is_held_to_what_any_query_is(hits: Lake, sql: str, reason: str) -> None:
    in_glue(hits, "v_bad", sql, {"n": "integer"})

    assert hits.error("SELECT * FROM v_bad").startswith(reason)


def test_what_is_no_view_of_athenas_is_said_to_be_none(hits: Lake) -> None:
    table = {"Name": "spark", "TableType": "VIRTUAL_VIEW", "ViewOriginalText": "SELECT 1"}
    hits.aws.client("glue").create_table(DatabaseName=hits.database, TableInput=table)

    assert hits.error("SELECT * FROM spark").startswith("HIVE_INVALID_VIEW_DATA")


def test_views_in_circles_and_too_deep_are_refused(hits: Lake) -> None:
    in_glue(hits, "v_a", "SELECT n FROM v_b", {"n": "integer"})
    in_glue(hits, "v_b", "SELECT n FROM v_a", {"n": "integer"})
    in_glue(hits, "v_0", "SELECT n FROM hits", {"n": "integer"})
    for level in range(1, 11):
        in_glue(hits, f"v_{level}", f"SELECT n FROM v_{level - 1}", {"n": "integer"})

    assert "VIEW_IS_RECURSIVE" in hits.error("SELECT * FROM v_a")
    assert hits.rows("SELECT sum(n) FROM v_9") == [["9"]]
    assert "NOT_SUPPORTED: The local Athena does not support views in views" in hits.error("SELECT * FROM v_10")
    assert "VIEW_IS_RECURSIVE" in hits.error("CREATE OR REPLACE VIEW v_0 AS SELECT n FROM v_2")


@pytest.mark.parametrize(
    ("sql", "reason"),
    [
        ("CREATE VIEW v AS SELECT n + 1 FROM hits", "MISSING_COLUMN_NAME"),
        ("CREATE VIEW v AS SELECT n, path AS n FROM hits", "DUPLICATE_COLUMN_NAME"),
        (
            "CREATE VIEW v AS SELECT now() AS t",
            "NOT_SUPPORTED: Invalid column type for column t: Unsupported",
        ),
        ("CREATE VIEW v AS SELECT nothing FROM hits", "COLUMN_NOT_FOUND"),
        ("CREATE VIEW v AS SELECT n FROM gone", "TABLE_NOT_FOUND"),
        ("CREATE VIEW nowhere.v AS SELECT 1 AS n", "SCHEMA_NOT_FOUND"),
    ],
)
def test_a_view_that_could_not_be_read_is_not_made(hits: Lake, sql: str, reason: str) -> None:
    assert hits.error(sql).startswith(reason)
    assert hits.rows("SHOW VIEWS") == []


def test_nothing_is_written_to_a_view(hits: Lake) -> None:
    succeed(hits, "CREATE VIEW v_one AS SELECT 1 AS one")

    assert "Inserting into views is not supported" in hits.error("INSERT INTO v_one SELECT 2")
    assert "TABLE_ALREADY_EXISTS" in hits.error("CREATE TABLE v_one AS SELECT 2 AS one")
    assert "is a view" in hits.error("ALTER TABLE v_one ADD PARTITION (dt = 'x')")
    assert "is a view" in hits.error("MSCK REPAIR TABLE v_one")


@pytest.mark.parametrize(
    ("sql", "partitions"),
    [
        ("SELECT path, n FROM v_hits", 3),
        ("SELECT path, n FROM v_hits WHERE dt >= '2026-11-22'", 1),
        ("SELECT path, n FROM v_hits WHERE day >= DATE '2026-11-22'", 1),
        ("WITH c AS (SELECT * FROM v_hits) SELECT path, n FROM c WHERE day = DATE '2026-11-22' AND n < 9", 1),
        ("SELECT path, n FROM (SELECT * FROM v_hits UNION ALL SELECT * FROM v_hits) WHERE dt > '2026-11-21'", 2),
        ("SELECT v.path, v.n, w.path, w.n FROM v_hits v JOIN v_hits w ON v.dt = w.dt WHERE w.dt < '2026-11-21'", 2),
        ("SELECT path, n FROM (SELECT * FROM v_hits ORDER BY n LIMIT 1) WHERE dt = '2026-11-22'", 3),
    ],
)
def test_a_condition_on_a_view_leaves_partitions_out(hits: Lake, sql: str, partitions: int) -> None:
    succeed(hits, "CREATE VIEW v_hits AS SELECT CAST(dt AS date) AS day, dt, path, n FROM hits")

    one = hits.scanned("SELECT path, n FROM hits WHERE dt = '2026-11-22'")

    assert hits.scanned(sql) == partitions * one > 0
