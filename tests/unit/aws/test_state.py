"""No update of the state table is ever lost, and a lost answer is not taken for a lost race."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from chalicelib.aws.state import DynamoState
from chalicelib.errors import PreconditionFailed, StoreError, StoreUnavailable


@pytest.fixture
def client(aws: Callable[[str], Any]) -> Any:
    client = aws("dynamodb")
    client.create_table(
        TableName="state",
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
        AttributeDefinitions=[{"AttributeName": n, "AttributeType": "S"} for n in ("pk", "sk")],
        BillingMode="PAY_PER_REQUEST",
    )
    return client


@pytest.fixture
def state(client: Any) -> DynamoState:
    return DynamoState(client, "state")


def test_what_was_put_is_read_back_with_its_version(state: DynamoState) -> None:
    item = {"s": "x", "i": 2**53 + 1, "b": True, "n": None, "l": [1, "a", None], "m": {"deep": [{"i": 3}]}}

    state.put("incident", "s3", item, expected_version=None)

    assert state.get("incident", "s3") == {**item, "version": 1}
    assert type(state.get("incident", "s3")["i"]) is int  # type: ignore[index]


def test_an_absent_item_is_none(state: DynamoState) -> None:
    assert state.get("incident", "absent") is None


def test_each_write_counts_the_version_up(state: DynamoState) -> None:
    state.put("p", "s", {"a": 1}, expected_version=None)
    state.put("p", "s", {"a": 2}, expected_version=1)
    state.put("p", "s", {"b": 3}, expected_version=2)

    assert state.get("p", "s") == {"b": 3, "version": 3}


@pytest.mark.parametrize("expected_version", [None, 1, 3])
def test_a_write_that_saw_another_version_is_refused(state: DynamoState, expected_version: int | None) -> None:
    state.put("p", "s", {"a": 1}, expected_version=None)
    state.put("p", "s", {"a": 2}, expected_version=1)

    with pytest.raises(PreconditionFailed):
        state.put("p", "s", {"a": "mine"}, expected_version=expected_version)

    assert state.get("p", "s") == {"a": 2, "version": 2}


def test_a_write_to_an_absent_item_that_expects_one_is_refused(state: DynamoState) -> None:
    with pytest.raises(PreconditionFailed):
        state.put("p", "s", {"a": 1}, expected_version=1)


def test_twins_that_write_the_same_item_have_one_winner(client: Any) -> None:
    first, second = DynamoState(client, "state"), DynamoState(client, "state")
    first.put("p", "s", {"a": 1}, expected_version=None)

    with pytest.raises(PreconditionFailed):
        second.put("p", "s", {"a": 1}, expected_version=None)


class LosesOneAnswer:
    """A client whose first write takes effect and is then sent again, as the SDK does when no answer came."""

    def __init__(self, client: Any) -> None:
        self._client = client

    def put_item(self, **request: Any) -> Any:
        self._client.put_item(**request)
        return self._client.put_item(**request)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)


def test_a_write_whose_answer_was_lost_and_that_was_sent_again_has_won(client: Any) -> None:
    state = DynamoState(LosesOneAnswer(client), "state")

    state.put("p", "s", {"a": 1}, expected_version=None)

    assert state.get("p", "s") == {"a": 1, "version": 1}


def test_a_query_reads_every_page_in_order(state: DynamoState) -> None:
    padding = "x" * 60_000  # 1 MB is a page: 30 such items are two
    for n in range(30):
        state.put("big", f"{n:03d}", {"n": n, "padding": padding}, expected_version=None)
    state.put("other", "000", {"n": -1}, expected_version=None)

    found = list(state.query("big"))

    assert [(item["sk"], item["n"], item["version"]) for item in found] == [(f"{n:03d}", n, 1) for n in range(30)]


@pytest.mark.parametrize("name", ["pk", "sk", "version", "write_id"])
def test_the_stores_own_names_cannot_be_used(state: DynamoState, name: str) -> None:
    with pytest.raises(ValueError, match=name):
        state.put("p", "s", {name: "x"}, expected_version=None)


class Failing:
    def __init__(self, error: Exception) -> None:
        self._error = error

    def get_item(self, **_: Any) -> Any:
        raise self._error


def client_error(code: str, status: int = 400) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": ""}, "ResponseMetadata": {"HTTPStatusCode": status}}, "x")  # type: ignore[typeddict-item]


def cases() -> Iterator[tuple[Exception, type[Exception]]]:
    yield client_error("ThrottlingException"), StoreUnavailable
    yield client_error("Anything", 503), StoreUnavailable
    yield EndpointConnectionError(endpoint_url="https://dynamodb.example"), StoreUnavailable
    yield client_error("ValidationException"), StoreError


@pytest.mark.parametrize(("error", "expected"), list(cases()))
def test_every_failure_becomes_one_of_our_errors(error: Exception, expected: type[Exception]) -> None:
    with pytest.raises(expected):
        DynamoState(Failing(error), "state").get("p", "s")


def test_what_is_deleted_is_gone_and_may_be_deleted_again(state: DynamoState) -> None:
    state.put("salt", "2026-11-22", {"salt": "aa"}, expected_version=None)

    for _ in range(2):
        state.delete("salt", "2026-11-22")

    assert state.get("salt", "2026-11-22") is None
