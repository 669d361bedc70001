"""Results shown again: nothing is scanned, until something is different."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pytest

if TYPE_CHECKING:
    from tests.integration.athena.conftest import Lake

SQL = "SELECT n FROM numbers ORDER BY n"
AGE: dict[str, Any] = {"ResultReuseByAgeConfiguration": {"Enabled": True, "MaxAgeInMinutes": 60}}


@pytest.fixture
def numbers(lake: Lake) -> Lake:
    """A lake with a table ``numbers``."""
    lake.table("numbers", {"n": "bigint"})
    lake.put("lake/numbers/a.parquet", pa.table({"n": [1, 2, 3]}))
    return lake


def run(lake: Lake, sql: str = SQL, *parameters: str, **request: Any) -> dict[str, Any]:
    """A query that allows an earlier result, to its end."""
    body = {"QueryString": sql, "WorkGroup": lake.workgroup, "QueryExecutionContext": {"Database": lake.database}}
    body |= {"ExecutionParameters": list(parameters)} if parameters else {}
    started = lake.athena.start_query_execution(**(body | {"ResultReuseConfiguration": AGE} | request))
    execution = lake.wait(started["QueryExecutionId"])
    assert execution["Status"]["State"] == "SUCCEEDED", execution["Status"]
    return execution


def is_reused(execution: dict[str, Any]) -> bool:
    """Was an earlier result shown?"""
    return bool(execution["Statistics"]["ResultReuseInformation"]["ReusedPreviousResult"])


def test_an_earlier_result_is_shown_without_a_scan(numbers: Lake) -> None:
    first = run(numbers)
    numbers.put("lake/numbers/b.parquet", pa.table({"n": [4]}))

    second = run(numbers)

    assert (is_reused(first), is_reused(second)) == (False, True)
    assert first["Statistics"]["DataScannedInBytes"] > 0
    assert second["Statistics"]["DataScannedInBytes"] == 0
    assert second["ResultConfiguration"]["OutputLocation"] == first["ResultConfiguration"]["OutputLocation"]
    assert second["ResultReuseConfiguration"] == AGE
    results = [
        numbers.athena.get_query_results(QueryExecutionId=one["QueryExecutionId"])["ResultSet"]
        for one in (first, second)
    ]
    assert results[0] == results[1]
    assert numbers.rows(SQL) == [["1"], ["2"], ["3"], ["4"]]  # who does not allow it gets the truth of now


@pytest.mark.parametrize(
    "request_",
    [
        {"ResultReuseConfiguration": {"ResultReuseByAgeConfiguration": {"Enabled": True, "MaxAgeInMinutes": 0}}},
        {"ResultReuseConfiguration": {"ResultReuseByAgeConfiguration": {"Enabled": False}}},
        {"QueryString": f"{SQL} LIMIT 3"},
        {"QueryExecutionContext": {"Database": "default"}, "QueryString": "SELECT 1 AS n ORDER BY 1"},
    ],
    ids=["age", "not enabled", "another text", "another database"],
)
def test_what_differs_is_run_again(numbers: Lake, request_: dict[str, Any]) -> None:
    run(numbers)
    run(numbers, "SELECT 1 AS n ORDER BY 1")

    assert not is_reused(run(numbers, **request_))


def test_parameters_and_prepared_statements_count(numbers: Lake) -> None:
    sql = "SELECT n FROM numbers WHERE n > ? ORDER BY n"
    run(numbers, sql, "1")
    numbers.run(f"PREPARE above FROM {sql}")
    run(numbers, "EXECUTE above USING 1")

    assert is_reused(run(numbers, sql, "1"))
    assert not is_reused(run(numbers, sql, "2"))
    assert is_reused(run(numbers, "EXECUTE above USING 1"))
    assert not is_reused(run(numbers, "EXECUTE above USING 2"))


@pytest.mark.parametrize("sql", ["SELECT n FROM numbers LIMIT 1", "SELECT random() AS r", "SELECT current_date AS d"])
def test_what_is_not_deterministic_is_run_again(numbers: Lake, sql: str) -> None:
    run(numbers, sql)

    assert not is_reused(run(numbers, sql))


def test_a_result_whose_file_is_gone_is_made_again(numbers: Lake) -> None:
    first = run(numbers)
    numbers.aws.client("s3").delete_object(Bucket=numbers.bucket, Key=f"results/{first['QueryExecutionId']}.csv")

    assert not is_reused(run(numbers))
    assert is_reused(run(numbers))


def test_another_workgroup_or_another_place_has_no_part_in_it(make_lake: Callable[..., Lake]) -> None:
    one, other = make_lake(), make_lake()
    sql = "SELECT 1 AS one"
    place = {"ResultConfiguration": {"OutputLocation": f"s3://{one.bucket}/mine/"}}
    for lake in (one, other):
        run(lake, sql, QueryExecutionContext={"Database": "default"})
    run(one, sql, **place)

    assert not is_reused(run(one, sql, **place))
    assert not is_reused(run(make_lake(), sql, QueryExecutionContext={"Database": "default"}))
