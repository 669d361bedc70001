"""awswrangler, unmodified: only ``AWS_ENDPOINT_URL_ATHENA`` tells it where Athena is."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import awswrangler as wr
import pandas as pd
import pytest

from tests.integration.athena.conftest import ROWS

if TYPE_CHECKING:
    from tests.integration.athena.conftest import Lake


@pytest.mark.parametrize(
    "how",
    [{"ctas_approach": False}, {"ctas_approach": True}, {"ctas_approach": False, "unload_approach": True}],
    ids=["plain", "ctas", "unload"],
)
def test_it_reads_the_same_rows_in_all_its_ways(filled: Lake, how: dict[str, Any]) -> None:
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


@pytest.mark.parametrize(
    "how", [{"ctas_approach": True}, {"ctas_approach": False, "unload_approach": True}], ids=["ctas", "unload"]
)
def test_it_leaves_nothing_behind_when_it_is_told_so(filled: Lake, how: dict[str, Any]) -> None:
    frame = wr.athena.read_sql_query(
        "SELECT n FROM facts",
        database=filled.database,
        workgroup=filled.workgroup,
        s3_output=f"s3://{filled.bucket}/wr/",
        keep_files=False,
        **how,
    )

    left = filled.aws.client("s3").list_objects_v2(Bucket=filled.bucket, Prefix="wr/").get("Contents", [])
    assert len(frame) == ROWS
    assert [one["Key"] for one in left] == []
    assert filled.rows("SHOW TABLES") == [["facts"]]


def test_it_reads_in_chunks(filled: Lake) -> None:
    chunks = wr.athena.read_sql_query(
        "SELECT n FROM facts ORDER BY n",
        database=filled.database,
        workgroup=filled.workgroup,
        ctas_approach=False,
        chunksize=1000,
    )

    assert [len(chunk) for chunk in chunks] == [1000, 1000, 500]


def test_it_passes_parameters(filled: Lake) -> None:
    frame = wr.athena.read_sql_query(
        "SELECT count(*) AS c FROM facts WHERE n < ? AND name <> ?",
        database=filled.database,
        workgroup=filled.workgroup,
        ctas_approach=False,
        params=["10", "'it''s'"],
        paramstyle="qmark",
    )

    assert frame["c"].tolist() == [9]


def test_it_tells_why_a_query_failed(filled: Lake) -> None:
    with pytest.raises(wr.exceptions.QueryFailed, match="TABLE_NOT_FOUND"):
        wr.athena.read_sql_query(
            "SELECT * FROM nowhere", database=filled.database, workgroup=filled.workgroup, ctas_approach=False
        )


def test_it_starts_waits_and_reads_the_results_of_an_execution(filled: Lake) -> None:
    query_id = wr.athena.start_query_execution(
        "SELECT max(n) AS most FROM facts", database=filled.database, workgroup=filled.workgroup
    )

    execution = wr.athena.wait_query(query_id)

    assert execution["Status"]["State"] == "SUCCEEDED"
    assert wr.athena.get_query_results(query_id)["most"].tolist() == [ROWS - 1]
    assert wr.athena.get_query_columns_types(query_id) == {"most": "bigint"}


def test_it_has_an_earlier_result_reused(filled: Lake) -> None:
    def ask() -> Any:
        return wr.athena.read_sql_query(
            "SELECT sum(n) AS total FROM facts",
            database=filled.database,
            workgroup=filled.workgroup,
            ctas_approach=False,
            result_reuse_configuration={"ResultReuseByAgeConfiguration": {"Enabled": True, "MaxAgeInMinutes": 5}},
        )

    first, second = ask(), ask()

    assert first["total"].tolist() == second["total"].tolist() == [sum(range(ROWS))]
    scanned = [frame.query_metadata["Statistics"]["DataScannedInBytes"] for frame in (first, second)]
    assert scanned[0] > 0
    assert scanned[1] == 0


def test_prepared_statements(filled: Lake) -> None:
    names = {"statement_name": "below", "workgroup": filled.workgroup}
    wr.athena.create_prepared_statement(sql="SELECT 1 AS c", **names)
    wr.athena.create_prepared_statement(sql="SELECT count(*) AS c FROM facts WHERE n < ?", mode="update", **names)

    with pytest.raises(wr.exceptions.AlreadyExists):
        wr.athena.create_prepared_statement(sql="SELECT 2 AS c", mode="error", **names)
    frame = wr.athena.read_sql_query(
        "EXECUTE below USING 7", database=filled.database, workgroup=filled.workgroup, ctas_approach=False
    )

    assert frame["c"].tolist() == [7]
    listed = wr.athena.list_prepared_statements(workgroup=filled.workgroup)
    assert [one["StatementName"] for one in listed] == ["below"]
    wr.athena.delete_prepared_statement(**names)
    assert wr.athena.list_prepared_statements(workgroup=filled.workgroup) == []


def test_saved_queries(filled: Lake) -> None:
    query_id = filled.athena.create_named_query(
        Name="most", Database=filled.database, QueryString="SELECT max(n) AS most FROM facts"
    )["NamedQueryId"]

    assert wr.athena.get_named_query_statement(query_id) == "SELECT max(n) AS most FROM facts"


def test_it_describes_a_table_and_lists_the_executions(filled: Lake) -> None:
    frame = wr.athena.describe_table("facts", database=filled.database, workgroup=filled.workgroup)

    assert frame["Column Name"].tolist() == ["name", "n", "share", "ok", "at", "day", "price", "dt"]
    assert frame["Partition"].tolist() == [False] * 7 + [True]
    assert frame["Type"].tolist()[-2:] == ["decimal(10,2)", "string"]
    assert len(wr.athena.list_query_executions(workgroup=filled.workgroup)) == 1


def test_its_catalog_finds_the_table(filled: Lake) -> None:
    assert [table["Name"] for table in wr.catalog.get_tables(database=filled.database)] == ["facts"]
    assert wr.catalog.get_table_types(database=filled.database, table="facts")["price"] == "decimal(10,2)"


def test_it_repairs_a_table(filled: Lake) -> None:
    assert wr.athena.repair_table("facts", database=filled.database, workgroup=filled.workgroup) == "SUCCEEDED"


def test_it_stops_a_query(filled: Lake) -> None:
    query_id = filled.start("SELECT count(*) FROM facts a, facts b, facts c WHERE a.n + b.n < c.n")

    wr.athena.stop_query_execution(query_id)

    with pytest.raises(wr.exceptions.QueryCancelled, match="Query cancelled by user"):
        wr.athena.wait_query(query_id)
