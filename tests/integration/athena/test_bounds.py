"""Many queries, long ones, large ones: nobody waits for them, nobody pays for them with their memory."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pyarrow as pa
import pytest

if TYPE_CHECKING:
    from tests.integration.athena.conftest import Lake

MB = 1024**2
PROMPTLY_S = 5
ENDLESS = "SELECT count(*) AS c FROM numbers a, numbers b, numbers c, numbers d WHERE a.n + b.n < c.n * d.n"


@pytest.fixture
def numbers(lake: Lake) -> Lake:
    """A lake with a table ``numbers`` of 0 to 999."""
    lake.table("numbers", {"n": "bigint"})
    lake.put("lake/numbers/a.parquet", pa.table({"n": list(range(1000))}))
    return lake


@pytest.fixture
def narrow(numbers: Lake, another_athena: Callable[..., Any]) -> Iterator[Lake]:
    """The lake through an Athena that runs one query at a time, with little memory."""
    with another_athena("--concurrent-queries", "1", "--memory-per-query", "256MB") as lake:
        yield lake


def state(lake: Lake, query_id: str) -> str:
    """The state of an execution now."""
    execution = lake.athena.get_query_execution(QueryExecutionId=query_id)["QueryExecution"]
    return str(execution["Status"]["State"])


def wait_for(lake: Lake, query_id: str, wanted: str) -> None:
    """Return once an execution has this state."""
    deadline = time.monotonic() + 30
    while (now := state(lake, query_id)) != wanted:
        assert time.monotonic() < deadline, f"{query_id} is {now}, not {wanted}"
        time.sleep(0.01)


def stop(lake: Lake, query_id: str) -> float:
    """Stop an execution and wait for its end; the seconds that it took."""
    began = time.monotonic()
    lake.athena.stop_query_execution(QueryExecutionId=query_id)
    status = lake.wait(query_id)["Status"]
    assert (status["State"], status["StateChangeReason"]) == ("CANCELLED", "Query cancelled by user")
    return time.monotonic() - began


def peak_memory(lake: Lake) -> int:
    """The most memory that the server of a lake has had, in bytes."""
    port = str(urlsplit(lake.athena_endpoint).port)
    for process in Path("/proc").glob("[0-9]*"):
        try:
            command = (process / "cmdline").read_text().split("\0")
            if "infra.local.athena" in command and port in command:
                status = dict(line.split(":", 1) for line in (process / "status").read_text().splitlines())
                return int(status["VmHWM"].split()[0]) * 1024
        except OSError:  # a process that has ended
            continue
    pytest.fail("the server is not there")


def generated(rows: int) -> str:
    """A FROM clause of so many rows, which are read from nowhere; its number is ``k``."""
    inner = max(1000, rows // 10_000)  # a sequence has at most 10,000 entries
    return (
        f"(SELECT a * {inner} + b AS k FROM UNNEST(sequence(0, {rows // inner - 1})) AS x(a) "
        f"CROSS JOIN UNNEST(sequence(0, {inner - 1})) AS y(b)) AS g"
    )


def test_twenty_queries_of_different_sizes_are_right_while_a_long_one_is_stopped(numbers: Lake) -> None:
    endless = numbers.start(ENDLESS)
    wait_for(numbers, endless, "RUNNING")

    ids = [
        numbers.start(f"SELECT count(*), sum(a.n + b.n) FROM numbers a, numbers b WHERE a.n < {50 * i} AND b.n < 1000")
        for i in range(20)
    ]
    took = stop(numbers, endless)
    ends = [numbers.wait(query_id)["Status"]["State"] for query_id in ids]

    assert took < PROMPTLY_S
    assert ends == ["SUCCEEDED"] * 20
    for i, query_id in enumerate(ids):
        _, row = numbers.athena.get_query_results(QueryExecutionId=query_id)["ResultSet"]["Rows"]
        count, total = (cell.get("VarCharValue") for cell in row["Data"])
        size = 50 * i
        expected = size * 499_500 + 1000 * size * (size - 1) // 2
        assert (count, total) == (str(size * 1000), str(expected) if size else None)
    listed = numbers.athena.list_query_executions(WorkGroup=numbers.workgroup)["QueryExecutionIds"]
    assert listed == [*reversed(ids), endless]


def test_a_query_that_waits_for_a_worker_is_queued_and_can_be_stopped_there(narrow: Lake) -> None:
    running = narrow.start(ENDLESS)
    wait_for(narrow, running, "RUNNING")

    stopped, waiting = narrow.start("SELECT 1 AS one"), narrow.start("SELECT 2 AS two")
    before = [state(narrow, query_id) for query_id in (stopped, waiting)]
    took = stop(narrow, stopped)

    assert before == ["QUEUED", "QUEUED"]
    assert took < PROMPTLY_S  # though no worker was free for it
    assert [state(narrow, query_id) for query_id in (running, waiting)] == ["RUNNING", "QUEUED"]
    assert stop(narrow, running) < PROMPTLY_S
    assert narrow.wait(waiting)["Status"]["State"] == "SUCCEEDED"  # the worker is free again


def test_a_query_can_be_stopped_at_any_moment(narrow: Lake) -> None:
    for delay_s in (0, 0.005, 0.01, 0.02, 0.03, 0.05, 0.1, 0.2):
        query_id = narrow.start(ENDLESS)
        time.sleep(delay_s)

        assert stop(narrow, query_id) < PROMPTLY_S, delay_s

    assert narrow.rows("SELECT 1 AS one") == [["1"]]


def test_a_result_that_is_being_written_can_be_stopped(narrow: Lake) -> None:
    query_id = narrow.start(f"SELECT k FROM {generated(10_000_000)}")
    wait_for(narrow, query_id, "RUNNING")
    time.sleep(0.5)

    assert stop(narrow, query_id) < PROMPTLY_S
    listed = narrow.aws.client("s3").list_objects_v2(Bucket=narrow.bucket, Prefix="results/")
    assert listed.get("Contents", []) == []


def test_a_large_result_takes_no_more_memory_than_a_small_one(narrow: Lake) -> None:
    def run(rows: int) -> str:
        execution = narrow.run(f"SELECT k, 'number ' || CAST(k AS varchar) AS name FROM {generated(rows)}")
        assert execution["Status"]["State"] == "SUCCEEDED", execution["Status"]
        return str(execution["QueryExecutionId"])

    run(100_000)
    small = peak_memory(narrow)
    query_id = run(3_000_000)

    last = narrow.athena.get_query_results(QueryExecutionId=query_id, NextToken="2999991")["ResultSet"]["Rows"]
    size = narrow.aws.client("s3").head_object(Bucket=narrow.bucket, Key=f"results/{query_id}.csv")["ContentLength"]
    assert [row["Data"][0]["VarCharValue"] for row in last] == [str(k) for k in range(2_999_990, 3_000_000)]
    assert size > 75 * MB
    assert peak_memory(narrow) - small < 150 * MB
    assert peak_memory(narrow) < 1024 * MB


def test_a_large_intermediate_result_goes_to_disk(narrow: Lake) -> None:
    rows = 20_000_000

    answer = narrow.rows(
        f"SELECT count(*), max(c) FROM (SELECT k % {rows - 1} AS m, count(*) AS c FROM {generated(rows)} GROUP BY 1)"
    )

    assert answer == [[str(rows - 1), "2"]]
    assert peak_memory(narrow) < 1024 * MB


def test_what_needs_more_memory_than_a_query_may_have_fails_alone(narrow: Lake) -> None:
    reason = narrow.error(
        f"SELECT cardinality(array_agg(CAST(k AS varchar) || 'xxxxxxxxxxxxxxxx')) FROM {generated(9_000_000)}"
    )

    assert reason.startswith("EXCEEDED_LOCAL_MEMORY_LIMIT")
    assert narrow.rows("SELECT 1 AS one") == [["1"]]
    assert peak_memory(narrow) < 1024 * MB
