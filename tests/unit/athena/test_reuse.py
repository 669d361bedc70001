"""Which results may be shown again."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from infra.local.athena.dialect import parse_query
from infra.local.athena.executions import Execution
from infra.local.athena.locations import Location
from infra.local.athena.parse import parse
from infra.local.athena.reuse import is_deterministic, is_overridden, reusable
from infra.local.athena.workgroups import WorkGroup

NOW = dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
SQL = "SELECT n FROM numbers ORDER BY n LIMIT 3"


def execution(sql: str = SQL, **changed: Any) -> Execution:
    """A new execution."""
    defaults: dict[str, Any] = {"workgroup": "w", "database": "d", "catalog": "awsdatacatalog"}
    defaults |= {
        "output": Location("b", "r/"),
        "submitted": NOW,
        "statement": parse(sql, changed.get("parameters", ())),
    }
    return Execution(sql=sql, **(defaults | changed))


def ended(minutes_ago: int = 10, *, deterministic: bool = True, state: str = "SUCCEEDED", **changed: Any) -> Execution:
    """An execution that has ended some minutes ago."""
    one = execution(**changed)
    one.is_deterministic = deterministic
    one.end(state, "", NOW - dt.timedelta(minutes=minutes_ago))
    return one


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT rand()",
        "SELECT random(7)",
        "SELECT shuffle(ARRAY[1, 2])",
        "SELECT uuid()",
        "SELECT now()",
        "SELECT n FROM t WHERE day = current_date",
        "SELECT current_timestamp",
        "SELECT localtimestamp",
        "SELECT arbitrary(n) FROM t",
        "SELECT n FROM t LIMIT 3",
        "SELECT n FROM t OFFSET 3",
        "SELECT n FROM t FETCH FIRST 3 ROWS ONLY",
        "SELECT * FROM (SELECT n FROM t LIMIT 3) ORDER BY n",
        "WITH a AS (SELECT n FROM t LIMIT 1) SELECT * FROM a",
        "SELECT 1 UNION ALL SELECT 2 LIMIT 1",
    ],
)
def test_what_may_answer_differently_is_not_reused(sql: str) -> None:
    assert not is_deterministic(parse_query(sql))


@pytest.mark.parametrize(
    "sql", [SQL, "SELECT sum(n) FROM t", "SELECT 1 UNION ALL SELECT 2 ORDER BY 1 LIMIT 1", "SELECT DATE '2026-11-22'"]
)
def test_what_always_answers_the_same_may_be_reused(sql: str) -> None:
    assert is_deterministic(parse_query(sql))


def test_the_latest_alike_is_reused() -> None:
    older, newer = ended(20), ended(10)

    assert reusable(execution(), [newer, older], HOUR, lambda _: True) is newer


@pytest.mark.parametrize(
    "other",
    [
        ended(61),
        ended(state="FAILED"),
        ended(deterministic=False),
        ended(workgroup="other"),
        ended(database="other"),
        ended(catalog="other"),
        ended(output=Location("b", "elsewhere/")),
        ended(sql=SQL.lower()),
        ended(sql="SELECT n FROM numbers WHERE n < ? ORDER BY n", parameters=("3",)),
        ended(reused=ended()),
    ],
    ids=["old", "failed", "random", "workgroup", "database", "catalog", "output", "text", "parameters", "second hand"],
)
def test_what_differs_is_run_again(other: Execution) -> None:
    assert reusable(execution(), [other], HOUR, lambda _: True) is None


def test_other_parameters_are_another_query() -> None:
    sql = "SELECT n FROM numbers WHERE n < ? ORDER BY n"
    earlier = ended(sql=sql, parameters=("3",))

    assert reusable(execution(sql, parameters=("3",)), [earlier], HOUR, lambda _: True) is earlier
    assert reusable(execution(sql, parameters=("4",)), [earlier], HOUR, lambda _: True) is None


def test_a_result_that_is_gone_is_made_again() -> None:
    gone, there = ended(5), ended(10)

    assert reusable(execution(), [gone, there], HOUR, lambda one: one is not gone) is there


def test_only_queries_are_answered_so() -> None:
    assert reusable(execution("SHOW TABLES"), [ended(sql="SHOW TABLES")], HOUR, lambda _: True) is None


def test_a_result_wanted_elsewhere_than_the_workgroup_says_is_not_reused() -> None:
    free = WorkGroup("w", enabled=True, enforced=False, output="s3://b/r/", bytes_limit=None)

    assert is_overridden(free, "s3://b/mine/")
    assert not is_overridden(free, "s3://b/r")
    assert not is_overridden(free, "")
    assert not is_overridden(replace(free, enforced=True), "s3://b/mine/")
    assert not is_overridden(replace(free, output=""), "s3://b/mine/")
