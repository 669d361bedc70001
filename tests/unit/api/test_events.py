"""``POST /v1/events``: an answer for each event, and what is answered is what becomes of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from chalice.test import HTTPResponse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chalicelib.api.auth import TOKEN_PK, digest
from chalicelib.errors import StoreUnavailable
from chalicelib.ingest import inbox
from chalicelib.sources.base import Accepted
from chalicelib.sources.product_events import ProductEvents
from tests.unit.api.world import ADMIN, READ, World

SENDER = "hw_" + "e" * 43
GOOD = {"id": "e-1", "event": "opened", "user_id": "u-1"}


@pytest.fixture(autouse=True)
def sender(world: World) -> None:
    item = {"name": "web", "scope": "events", "created_at": "2026-11-01T00:00:00Z", "revoked_at": None}
    world.state.put(TOKEN_PK, digest(SENDER), item, expected_version=None)


def send(world: World, body: Any, token: str | None = SENDER, **headers: str) -> HTTPResponse:
    sent = {"Content-Type": "application/json"} | {name.replace("_", "-"): value for name, value in headers.items()}
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return world.call("POST", "/v1/events", token=token, headers=sent, body=raw)


def stored(world: World) -> list[Accepted]:
    """What the sealer will make of everything that waits, each event once."""
    items = [inbox.to_item(world.store.get(key)) for key in world.store.objects]
    outcomes = [outcome for item in items for outcome in ProductEvents().parse(item, {})]
    return list({(o.event_id, o.fingerprint): o for o in outcomes if isinstance(o, Accepted)}.values())


def test_a_batch_is_durable_and_each_event_has_its_answer(world: World) -> None:
    answer = send(world, {"source": "app", "events": [GOOD, {"id": "e-2", "event": "closed"}, GOOD]})

    assert answer.status_code == 202
    assert [(r["id"], r["status"]) for r in answer.json_body["results"]] == [
        ("e-1", "accepted"),
        ("e-2", "accepted"),
        ("e-1", "duplicate"),
    ]
    assert answer.json_body["meta"] == {"accepted": 2, "duplicate": 1, "rejected": 0}
    assert [o.rows[0][1]["sent_by"] for o in stored(world)] == ["web", "web"]


def test_bad_events_are_named_and_cost_the_good_ones_nothing(world: World) -> None:
    answer = send(world, {"events": [GOOD, {"id": "e-2"}, "opened"]})

    assert answer.status_code == 207
    assert [r["status"] for r in answer.json_body["results"]] == ["accepted", "rejected", "rejected"]
    assert "event's name" in answer.json_body["results"][1]["detail"]
    assert [o.event_id for o in stored(world)] == ['["", "e-1"]']


def test_only_bad_events_are_a_problem_and_leave_nothing(world: World) -> None:
    answer = send(world, {"events": [{"event": "opened"}, {"id": "e-2"}]})

    assert answer.status_code == 422
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert [e["parameter"] for e in answer.json_body["errors"]] == ["events[0]", "events[1]"]
    assert world.store.objects == {}


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        (b"{", {}, 400),
        ({"event": "opened"}, {}, 400),
        ({"events": []}, {}, 400),
        ({"events": [GOOD] * 1001}, {}, 413),
        ({"events": [{**GOOD, "properties": {"x": "y" * 2**20}}]}, {}, 413),
        ({"events": [GOOD]}, {"Content_Type": "text/plain"}, 415),
        ({"events": [GOOD]}, {"Idempotency_Key": "with space"}, 400),
        ({"events": [GOOD]}, {"Idempotency_Key": "k" * 201}, 400),
        ([[[]]], {"Content_Type": "application/cloudevents-batch+json"}, 422),
        ({}, {"ce-specversion": "1.0", "ce-type": "x" * 2000}, 400),
    ],
)
def test_what_cannot_be_taken_is_a_problem_and_leaves_nothing(
    world: World, body: Any, headers: Mapping[str, str], status: int
) -> None:
    answer = send(world, body, **headers)

    assert (answer.status_code, answer.headers["Content-Type"]) == (status, "application/problem+json")
    assert world.store.objects == {}


@pytest.mark.parametrize(("token", "status"), [(None, 401), (READ, 403), (SENDER, 202), (ADMIN, 202)])
def test_sending_needs_its_own_scope(world: World, token: str | None, status: int) -> None:
    assert send(world, {"events": [GOOD]}, token=token).status_code == status


def test_a_token_that_sends_reads_nothing(world: World) -> None:
    assert world.get("/v1/sources", token=SENDER).status_code == 403


def test_a_repeated_request_is_answered_the_same_and_stored_once(world: World) -> None:
    body = {"events": [{"event": "opened"}, {"event": "opened"}]}
    first = send(world, body, Idempotency_Key="k-1")
    world.store.objects.clear()  # it was sealed in between
    world.now += timedelta(hours=3)

    again = send(world, body, Idempotency_Key='"k-1"')

    assert first.json_body == again.json_body
    assert [r["id"] for r in first.json_body["results"]] == ["k-1/0", "k-1/1"]
    assert {o.rows[0][1]["received_at"] for o in stored(world)} == {world.now - timedelta(hours=3)}


def test_a_key_stands_for_one_request_of_one_sender(world: World) -> None:
    statuses = [
        send(world, {"events": [GOOD]}, Idempotency_Key="k-1").status_code,
        send(world, {"events": [{**GOOD, "event": "closed"}]}, Idempotency_Key="k-1").status_code,
        send(world, {"events": [{**GOOD, "event": "closed"}]}, token=ADMIN, Idempotency_Key="k-1").status_code,
    ]

    assert statuses == [202, 422, 202]


def test_the_same_body_under_two_keys_is_two_requests(world: World) -> None:
    for key in ("k-1", "k-2"):
        send(world, {"events": [{"event": "opened"}]}, Idempotency_Key=key)

    assert len(stored(world)) == 2


def test_cloud_events_come_in_all_three_modes(world: World) -> None:
    event = {"specversion": "1.0", "id": "1", "source": "/app", "type": "report.opened", "data": {"rows": 3}}
    send(world, event, Content_Type="application/cloudevents+json; charset=utf-8")
    send(world, [{**event, "id": "2"}], Content_Type="application/cloudevents-batch+json")
    attributes = {f"ce-{name}": value for name, value in {**event, "id": "3"}.items() if isinstance(value, str)}
    send(world, event["data"], **attributes)

    rows = [outcome.rows[0][1] for outcome in stored(world)]
    assert sorted(row["event_id"] for row in rows) == ["1", "2", "3"]
    assert {(row["event"], row["source"], row["properties"]) for row in rows} == {
        ("report.opened", "/app", '{"rows":3}')
    }


def test_a_store_that_is_away_promises_nothing(world: World) -> None:
    def put(*_args: object, **_kwargs: object) -> str:
        raise StoreUnavailable("away")

    world.store.put = put  # type: ignore[method-assign]

    assert send(world, {"events": [GOOD]}).status_code == 503


scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5)
values = st.recursive(scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner))
fields = st.sampled_from(["id", "event", "time", "sent_at", "source", "user_id", "properties", "specversion", "other"])
events = values | st.fixed_dictionaries(
    {"id": values | st.text(min_size=1, max_size=5), "event": values | st.just("opened")},
    optional={"time": values | st.just("2026-11-22T10:00:00Z"), "properties": values, "other": values},
)
batches = st.fixed_dictionaries(
    {"events": st.lists(events, max_size=6)}, optional={"sent_at": values, "source": values}
)


@given(batches, st.booleans())
@settings(max_examples=150, suppress_health_check=list(HealthCheck))
def test_accepted_is_what_is_stored_whatever_is_sent(world: World, body: Any, keyed: bool) -> None:
    world.store.objects.clear()
    world.state.items = {key: item for key, item in world.state.items.items() if key[0] == TOKEN_PK}

    answer = send(world, body, **({"Idempotency_Key": "k"} if keyed else {}))

    assert answer.status_code in {202, 207, 400, 422}
    told = answer.json_body["meta"]["accepted"] if answer.status_code < 300 else 0
    assert len(stored(world)) == told
