"""EXPLAIN tells what a query would read, and reads it not."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pyarrow as pa
import pytest
from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from tests.integration.athena.conftest import Lake

SQL = "SELECT max(n) FROM v_hits WHERE day = DATE '2026-11-21'"


@pytest.fixture
def hits(lake: Lake) -> Lake:
    """A lake with a table of three days, and a view of it."""
    lake.table("hits", {"path": "string", "n": "bigint"}, {"dt": "string"})
    for day in ("2026-11-20", "2026-11-21", "2026-11-22"):
        lake.put(f"lake/hits/dt={day}/data.parquet", pa.table({"path": ["/a", "/b"], "n": [1, 2]}))
        lake.partition("hits", [day], f"s3://{lake.bucket}/lake/hits/dt={day}/")
    made = lake.run("CREATE VIEW v_hits AS SELECT *, CAST(dt AS date) AS day FROM hits")
    assert made["Status"]["State"] == "SUCCEEDED"
    return lake


def test_the_text_plan_tells_partitions_files_and_bytes(hits: Lake) -> None:
    execution = hits.run(f"EXPLAIN {SQL}")
    lines = [row[0] for row in hits.rows(f"EXPLAIN {SQL}")]

    assert (execution["StatementType"], execution["SubstatementType"]) == ("UTILITY", "EXPLAIN")
    assert execution["Statistics"]["DataScannedInBytes"] == 0
    assert lines[:3] == [
        f"Scan awsdatacatalog.{hits.database}.hits AS hits",
        "    1 of 3 partitions by dt",
        f"    1 files, 2 rows, {hits.scanned(SQL)} bytes in the columns [n]",
    ]
    assert lines[3] == f"View awsdatacatalog.{hits.database}.v_hits AS v_hits"
    assert any("AGGREGATE" in str(line) for line in lines)


def test_the_io_plan_has_trinos_shape(hits: Lake) -> None:
    plan = json.loads("\n".join(str(row[0]) for row in hits.rows(f"EXPLAIN (TYPE IO, FORMAT JSON) {SQL}")))

    estimate = {"outputRowCount": 2, "outputSizeInBytes": hits.scanned(SQL)}
    day = {"value": "2026-11-21", "bound": "EXACTLY"}
    domain = {"nullsAllowed": False, "ranges": [{"low": day, "high": day}]}
    assert plan == {
        "inputTableColumnInfos": [
            {
                "table": {"catalog": "awsdatacatalog", "schemaTable": {"schema": hits.database, "table": "hits"}},
                "constraint": {
                    "none": False,
                    "columnConstraints": [{"columnName": "dt", "type": "varchar", "domain": domain}],
                },
                "estimate": estimate,
            }
        ],
        "estimate": estimate,
    }


def test_a_query_is_validated_without_its_files(hits: Lake) -> None:
    hits.aws.client("s3").delete_object(Bucket=hits.bucket, Key="lake/hits/dt=2026-11-21/data.parquet")
    hits.put("lake/hits/dt=2026-11-20/broken.parquet", pa.table({"n": ["no number"]}))

    assert hits.rows(f"EXPLAIN (TYPE VALIDATE) {SQL}") == [["true"]]
    assert "COLUMN_NOT_FOUND: line 1:32" in hits.error("EXPLAIN (TYPE VALIDATE) SELECT x FROM hits")


@pytest.mark.parametrize(
    ("sql", "what"),
    [
        ("EXPLAIN ANALYZE SELECT 1", "EXPLAIN ANALYZE"),
        ("EXPLAIN (FORMAT GRAPHVIZ) SELECT 1", "GRAPHVIZ"),
        ("EXPLAIN CREATE TABLE t AS SELECT 1 AS one", "EXPLAIN of what is no query"),
    ],
)
def test_other_explanations_are_refused_by_name(hits: Lake, sql: str, what: str) -> None:
    with pytest.raises(ClientError, match=f"NOT_SUPPORTED: The local Athena does not support .*{what}"):
        hits.start(sql)
