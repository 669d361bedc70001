"""Secrets are read by name, kept a minute, and never shown."""

from __future__ import annotations

import json
import traceback
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from chalicelib.aws.secrets import SecretStore
from chalicelib.errors import ConfigError, StoreUnavailable


class TurnableClock:
    def __init__(self) -> None:
        self.now = datetime(2026, 11, 22, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


class FailingClient:
    """A client whose every call fails with one error."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    def get_secret_value(self, **_: Any) -> Any:
        raise self._error


@pytest.fixture
def client(aws: Callable[[str], Any]) -> Any:
    return aws("secretsmanager")


def test_a_secret_is_read_under_the_prefix(client: Any) -> None:
    client.create_secret(Name="headwater/dev/github", SecretString=json.dumps({"token": "t1"}))

    assert SecretStore(client, "headwater/dev/").get("github") == {"token": "t1"}


def test_a_rotated_secret_is_in_use_after_a_minute_and_not_before(client: Any) -> None:
    client.create_secret(Name="p/github", SecretString=json.dumps({"token": "old"}))
    clock = TurnableClock()
    store = SecretStore(client, "p/", clock=clock)
    store.get("github")
    client.put_secret_value(SecretId="p/github", SecretString=json.dumps({"token": "new"}))

    clock.now += timedelta(seconds=59)
    before = store.get("github")
    clock.now += timedelta(seconds=1)
    after = store.get("github")

    assert (before["token"], after["token"]) == ("old", "new")


def test_a_refused_secret_can_be_forgotten_at_once(client: Any) -> None:
    client.create_secret(Name="p/github", SecretString=json.dumps({"token": "old"}))
    store = SecretStore(client, "p/")
    store.get("github")
    client.put_secret_value(SecretId="p/github", SecretString=json.dumps({"token": "new"}))

    store.forget("github")

    assert store.get("github")["token"] == "new"


def test_a_clock_that_steps_back_does_not_prolong_what_is_kept(client: Any) -> None:
    client.create_secret(Name="p/github", SecretString=json.dumps({"token": "old"}))
    clock = TurnableClock()
    store = SecretStore(client, "p/", clock=clock)
    store.get("github")
    client.put_secret_value(SecretId="p/github", SecretString=json.dumps({"token": "new"}))

    clock.now -= timedelta(days=1)

    assert store.get("github")["token"] == "new"


def test_a_missing_secret_is_named(client: Any) -> None:
    with pytest.raises(ConfigError, match="p/absent"):
        SecretStore(client, "p/").get("absent")


@pytest.mark.parametrize("text", ["hunter2-not-json", '["hunter2-a-list"]', '"hunter2-a-string"'])
def test_a_malformed_secret_is_named_and_its_value_never_shown(client: Any, text: str) -> None:
    client.create_secret(Name="p/github", SecretString=text)

    with pytest.raises(ConfigError, match="p/github") as caught:
        SecretStore(client, "p/").get("github")

    assert "hunter2" not in "".join(traceback.format_exception(caught.value))


def test_a_repr_shows_no_value(client: Any) -> None:
    client.create_secret(Name="p/github", SecretString=json.dumps({"token": "hunter2"}))
    store = SecretStore(client, "p/")

    store.get("github")

    assert "hunter2" not in repr(store)


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (ClientError({"Error": {"Code": "ThrottlingException", "Message": ""}}, "GetSecretValue"), StoreUnavailable),
        (ClientError({"Error": {"Code": "InternalServiceError", "Message": ""}}, "GetSecretValue"), StoreUnavailable),
        (ClientError({"Error": {"Code": "AccessDeniedException", "Message": ""}}, "GetSecretValue"), ConfigError),
        (EndpointConnectionError(endpoint_url="https://secrets.example"), StoreUnavailable),
    ],
)
def test_every_failure_becomes_one_of_our_errors(error: Exception, expected: type[Exception]) -> None:
    with pytest.raises(expected):
        SecretStore(FailingClient(error), "p/").get("github")


def test_a_failure_is_not_kept(client: Any) -> None:
    store = SecretStore(client, "p/")
    with pytest.raises(ConfigError):
        store.get("github")

    client.create_secret(Name="p/github", SecretString=json.dumps({"token": "t1"}))

    assert store.get("github") == {"token": "t1"}


def test_a_secret_is_made_changed_and_removed_for_good(aws: Callable[[str], Any]) -> None:
    store = SecretStore(aws("secretsmanager"), "headwater/dev/")

    store.keep("channel/dev/1", {"token": "one"})
    store.keep("channel/dev/1", {"token": "two"})
    assert store.get("channel/dev/1") == {"token": "two"}

    store.remove("channel/dev/1")
    store.remove("channel/dev/1")
    with pytest.raises(ConfigError):
        store.get("channel/dev/1")
