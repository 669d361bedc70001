"""A statement is started once, waited for, and its failure says what kind of failure it is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from chalicelib.aws.athena import Athena
from chalicelib.errors import QueryFailed, QueryThrottled


class ScriptedAthena:
    """Answers as Athena's API does: each look at an execution gives the next of the scripted states."""

    def __init__(
        self, *states: str, status: dict[str, Any] | None = None, pages: Sequence[dict[str, Any]] = ()
    ) -> None:
        self.states = list(states)
        self.status = status or {}
        self.pages = list(pages)
        self.started: list[dict[str, Any]] = []
        self.stopped: list[str] = []

    def start_query_execution(self, **request: Any) -> dict[str, Any]:
        self.started.append(request)
        return {"QueryExecutionId": "q1"}

    def get_query_execution(self, **_: Any) -> dict[str, Any]:
        state = self.states.pop(0) if len(self.states) > 1 else self.states[0]
        statistics = {"DataScannedInBytes": 1234, "EngineExecutionTimeInMillis": 56}
        return {"QueryExecution": {"Status": {"State": state, **self.status}, "Statistics": statistics}}

    def stop_query_execution(self, **request: Any) -> dict[str, Any]:
        self.stopped.append(request["QueryExecutionId"])
        return {}

    def get_query_results(self, **request: Any) -> dict[str, Any]:
        return self.pages[int(request.get("NextToken", 0))]


def athena(client: Any, sleeps: list[float] | None = None, **kwargs: Any) -> Athena:
    sleep: Callable[[float], None] = (sleeps if sleeps is not None else []).append
    return Athena(client, database="lake_db", workgroup="wg", bucket="lake", sleep=sleep, **kwargs)


def page(*rows: Sequence[str | None], token: str | None = None) -> dict[str, Any]:
    cells = [{"Data": [{} if cell is None else {"VarCharValue": cell} for cell in row]} for row in rows]
    info = {"ColumnInfo": [{"Name": "name"}, {"Name": "n"}]}
    return {"ResultSet": {"Rows": cells, "ResultSetMetadata": info}, **({"NextToken": token} if token else {})}


def test_an_unload_names_target_format_and_parameters() -> None:
    client = ScriptedAthena("SUCCEEDED")

    stats = athena(client).unload("SELECT 1 WHERE dt = ?", ["2026-11-22"], "stage/c/1/")

    [request] = client.started
    assert request["QueryString"] == (
        "UNLOAD (\nSELECT 1 WHERE dt = ?\n) TO 's3://lake/stage/c/1/' WITH (format = 'PARQUET', compression = 'ZSTD')"
    )
    assert request["ExecutionParameters"] == ["'2026-11-22'"]
    assert request["QueryExecutionContext"] == {"Database": "lake_db"}
    assert request["WorkGroup"] == "wg"
    assert (stats.scanned_bytes, stats.engine_ms) == (1234, 56)


def test_the_same_unload_has_the_same_token_and_another_folder_has_another() -> None:
    client = ScriptedAthena("SUCCEEDED")
    for prefix in ("a/", "a/", "b/"):
        athena(client).unload("SELECT 1", (), prefix)

    tokens = [request["ClientRequestToken"] for request in client.started]

    assert tokens[0] == tokens[1] != tokens[2]
    assert 32 <= len(tokens[0]) <= 128
    assert "ExecutionParameters" not in client.started[0]


def test_waiting_backs_off_up_to_two_seconds() -> None:
    sleeps: list[float] = []

    athena(ScriptedAthena(*["QUEUED"] * 3, *["RUNNING"] * 9, "SUCCEEDED"), sleeps).unload("SELECT 1", (), "p/")

    assert sleeps[0] == pytest.approx(0.1)
    assert sleeps == sorted(sleeps)
    assert max(sleeps) == pytest.approx(2.0)


@pytest.mark.parametrize(
    ("state", "error", "expected"),
    [
        ("FAILED", {"AthenaError": {"ErrorCategory": 2, "Retryable": False}}, QueryFailed),
        ("FAILED", {"AthenaError": {"ErrorCategory": 1, "Retryable": True}}, QueryThrottled),
        ("FAILED", {}, QueryFailed),
        ("CANCELLED", {}, QueryFailed),
    ],
)
def test_a_failure_carries_athenas_reason(state: str, error: dict[str, Any], expected: type[Exception]) -> None:
    client = ScriptedAthena(state, status={"StateChangeReason": "COLUMN_NOT_FOUND: line 1:8", **error})

    with pytest.raises(expected, match="COLUMN_NOT_FOUND"):
        athena(client).unload("SELECT x", (), "p/")


def test_a_statement_that_takes_too_long_is_stopped() -> None:
    client = ScriptedAthena("RUNNING")

    with pytest.raises(QueryFailed, match="stopped"):
        athena(client, timeout_s=5).unload("SELECT 1", (), "p/")

    assert client.stopped == ["q1"]


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (ClientError({"Error": {"Code": "TooManyRequestsException", "Message": ""}}, "x"), QueryThrottled),
        (ClientError({"Error": {"Code": "InvalidRequestException", "Message": "line 1:1"}}, "x"), QueryFailed),
        (EndpointConnectionError(endpoint_url="https://athena.example"), QueryThrottled),
    ],
)
def test_what_athena_does_not_take_is_one_of_our_errors(error: Exception, expected: type[Exception]) -> None:
    client = ScriptedAthena("SUCCEEDED")

    def refuse(**_: Any) -> dict[str, Any]:
        raise error

    client.start_query_execution = refuse  # type: ignore[method-assign]

    with pytest.raises(expected):
        athena(client).unload("SELECT 1", (), "p/")


def test_rows_are_read_over_all_pages_without_the_header() -> None:
    pages = [page(["name", "n"], ["a", "1"], token="1"), page(["name", "2"], [None, "3"])]

    rows = athena(ScriptedAthena("SUCCEEDED", pages=pages)).select("SELECT name, n FROM t")

    assert rows == [{"name": "a", "n": "1"}, {"name": "name", "n": "2"}, {"name": None, "n": "3"}]


def test_more_rows_than_allowed_are_an_error_and_not_cut_off() -> None:
    pages = [page(["name", "n"], ["a", "1"], ["b", "2"], ["c", "3"])]

    with pytest.raises(QueryFailed, match="more than 2 rows"):
        athena(ScriptedAthena("SUCCEEDED", pages=pages)).select("SELECT name, n FROM t", max_rows=2)
