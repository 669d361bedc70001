"""The Python client against the deployed API, through the gateway and the edge: what only they can break."""

from __future__ import annotations

from uuid import uuid4

import pytest
from headwater_client import Client, InvalidRequest, NotAllowed, NotFound

pytestmark = pytest.mark.deployed


@pytest.fixture
def client(endpoints: dict[str, str]) -> Client:
    return Client(endpoints["api"], endpoints["token"])


@pytest.fixture
def administrator(endpoints: dict[str, str]) -> Client:
    return Client(endpoints["api"], endpoints["admin_token"])


def test_an_unchanged_answer_is_a_304_and_the_token_s_limit_is_told(client: Client) -> None:
    first, second = client.list_metrics(), client.list_metrics()

    assert first == second
    assert client.last.status == 304
    client.get_series("downloads", range="7d")
    assert client.last.headers["ratelimit"].startswith('"token";r=')
    assert client.last.headers["ratelimit-policy"].startswith('"token";q=')


def test_a_mistake_comes_back_with_what_was_meant(client: Client) -> None:
    with pytest.raises(InvalidRequest) as wrong:
        client.get_series("downloads", tz="Kathmandu")
    with pytest.raises(NotFound) as absent:
        client.get_series("downlods")
    with pytest.raises(NotFound) as nowhere:
        client.call("GET", "/v1/metricz")

    assert wrong.value.suggestions == {"tz": "Asia/Kathmandu"}
    assert absent.value.suggestions == {"name": "downloads"}
    assert nowhere.value.suggestions == {"path": "/v1/metrics"}


def test_a_token_is_made_once_used_and_revoked(
    client: Client, administrator: Client, endpoints: dict[str, str]
) -> None:
    key = uuid4().hex
    made = administrator.make_token(name="e2e client", idempotency_key=key)
    again = administrator.make_token(name="e2e client", idempotency_key=key)
    used = Client(endpoints["api"], made["token"]).list_metrics()
    ids = {token["id"] for token in administrator.iter_tokens(limit=1)}
    administrator.revoke_token(made["id"])

    assert made["token"] == again["token"]
    assert used["results"]
    assert made["id"] in ids
    with pytest.raises(NotAllowed):
        client.make_token(name="x")
