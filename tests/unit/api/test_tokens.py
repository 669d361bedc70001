"""Tokens: how long they live, what is told of them, and that another try makes no other one."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from chalice.test import HTTPResponse

from chalicelib.api.auth import TOKEN_PK, digest
from chalicelib.api.resources import RESOURCES
from chalicelib.api.routes import Access
from chalicelib.errors import PreconditionFailed, StoreUnavailable
from tests.unit.api.world import ADMIN, READ, World


def make(world: World, body: dict[str, Any], key: str | None = None, token: str = ADMIN) -> HTTPResponse:
    headers = {"Content-Type": "application/json"} | ({} if key is None else {"Idempotency-Key": key})
    return world.call("POST", "/v1/tokens", token=token, headers=headers, body=json.dumps(body).encode())


def listed(world: World, name: str) -> dict[str, Any]:
    found: list[dict[str, Any]] = world.get("/v1/tokens", token=ADMIN).json_body["results"]
    return next(token for token in found if token["name"] == name)


def test_a_token_tells_what_it_is_for_how_it_begins_and_until_when(world: World) -> None:
    made = make(
        world, {"name": "tv", "description": "in the hall", "expires_at": "2026-12-01T00:00:00+01:00"}
    ).json_body

    told = listed(world, "tv")
    assert made["token"].startswith(told["prefix"])
    assert len(told["prefix"]) == 7
    assert (told["description"], told["expires_at"]) == ("in the hall", "2026-11-30T23:00:00Z")
    assert told == {name: value for name, value in made.items() if name != "token"}


def test_a_token_stops_at_the_very_instant_it_expires_even_where_it_was_just_found_good(world: World) -> None:
    until = world.now + timedelta(seconds=10)
    token = make(world, {"name": "short", "expires_at": until.isoformat()}).json_body["token"]
    world.now = until - timedelta(microseconds=1)
    before = world.get("/v1/metrics", token=token).status_code
    world.now = until

    assert (before, world.get("/v1/metrics", token=token).status_code) == (200, 401)
    assert listed(world, "short")["revoked_at"] is None


@pytest.mark.parametrize(
    "wrong",
    ["2026-11-01T00:00:00Z", "2026-12-01T00:00:00", "2026-12-01", "soon", 7, "2046-12-01T00:00:00Z", ["2026"]],
)
def test_an_end_that_is_past_or_without_an_offset_is_refused(world: World, wrong: object) -> None:
    answer = make(world, {"name": "x", "expires_at": wrong})

    assert answer.status_code == 400
    assert [error["parameter"] for error in answer.json_body["errors"]] == ["expires_at"]


def test_the_last_use_is_noted_once_an_hour(world: World) -> None:
    assert listed(world, "read")["last_used_at"] is None
    world.get("/v1/metrics")
    first = listed(world, "read")["last_used_at"]
    world.now += timedelta(minutes=59)
    world.get("/v1/metrics")
    second = listed(world, "read")["last_used_at"]
    world.now += timedelta(minutes=1)
    world.get("/v1/metrics")

    assert first == second == "2026-11-22T12:07:30Z"
    assert listed(world, "read")["last_used_at"] == "2026-11-22T13:07:30Z"
    assert datetime.fromisoformat(first).tzinfo is not None


@pytest.mark.parametrize("error", [PreconditionFailed("x"), StoreUnavailable("x")])
def test_a_note_that_cannot_be_written_fails_no_request(
    world: World, error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(world.state, "put", refuse)

    assert world.get("/v1/metrics").status_code == 200


def test_a_note_of_use_that_comes_between_does_not_keep_a_token_from_being_revoked(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = make(world, {"name": "x"}).json_body
    world.get("/v1/tokens", token=ADMIN)
    put, pending = world.state.put, [True]

    def once(pk: str, sk: str, item: dict[str, Any], *, expected_version: int | None) -> None:
        if pending and sk == digest(made["token"]):
            pending.clear()
            raise PreconditionFailed(sk)
        put(pk, sk, item, expected_version=expected_version)

    monkeypatch.setattr(world.state, "put", once)

    assert world.call("DELETE", f"/v1/tokens/{made['id']}", token=ADMIN).status_code == 204
    assert world.get("/v1/metrics", token=made["token"]).status_code == 401


def test_another_try_under_the_same_key_answers_the_same_token_which_is_kept_nowhere(world: World) -> None:
    first, again = make(world, {"name": "x"}, "k-1"), make(world, {"name": "x"}, "k-1")
    other = make(world, {"name": "x"}, "k-2")

    assert first.json_body == again.json_body
    assert other.json_body["token"] != first.json_body["token"]
    assert first.json_body["token"] not in repr(world.state.items)
    assert sum(token["name"] == "x" for token in world.get("/v1/tokens", token=ADMIN).json_body["results"]) == 2
    assert world.get("/v1/metrics", token=again.json_body["token"]).status_code == 200


def test_a_key_belongs_to_one_request_of_one_token_for_a_day(world: World) -> None:
    first = make(world, {"name": "x"}, "k-1").json_body["token"]
    administrator = make(world, {"name": "y", "scope": "admin"}).json_body["token"]

    assert make(world, {"name": "z"}, "k-1").status_code == 422
    assert make(world, {"name": "x"}, "k-1", token=administrator).json_body["token"] != first
    world.now += timedelta(hours=25)
    assert make(world, {"name": "z"}, "k-1").status_code == 201


def test_two_tries_at_once_make_one_token(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second reads before the first has written, and loses: it makes the first one's token."""
    get, racing = world.state.get, [True]

    def late(pk: str, sk: str) -> Any:
        if pk == "token_request" and racing:
            racing.clear()
            made.append(make(world, {"name": "x"}, "k-1").json_body)
            return None
        return get(pk, sk)

    made: list[Any] = []
    monkeypatch.setattr(world.state, "get", late)

    assert make(world, {"name": "x"}, "k-1").json_body == made[0]


def test_an_old_token_without_the_newer_fields_works_and_is_listed(world: World) -> None:
    assert world.get("/v1/metrics", token=READ).status_code == 200
    assert (listed(world, "read")["prefix"], listed(world, "read")["expires_at"]) == (None, None)
    assert world.state.items[TOKEN_PK, digest(READ)]["scope"] == "read"


WRITES = ("POST", "PUT", "PATCH", "DELETE")
ASKS = {"query", "make_export", "preview_alert", "preview_digest", "subscribe"}
"""Routes that are POST because a question does not fit a URL, and change nothing but what the reader has of its own.

Nothing comes of a subscription without the yes of the person whose address it is.
"""


OWN = {"make_dashboard", "change_dashboard", "delete_dashboard", "change_preferences"}
OWN |= {"annotate", "change_annotation", "delete_annotation"}
"""Routes by which readers keep what is theirs: only an administrator may change or delete somebody else's."""


def test_what_a_reader_may_call_changes_nothing_but_their_own() -> None:
    routes = [route for declared in RESOURCES.values() for route in declared if route.access is Access.READ]

    assert {route.name for route in routes if route.method in WRITES and route.name not in ASKS} == OWN


NAMED_BY_THEIR_CONTENT = {"receive_github_webhook", "receive_beacons", "explain_sql", "query"}
NAMED_BY_THEIR_CONTENT |= {"preview_alert", "preview_digest", "snooze_alert", "redrive_message"}
"""POST routes without the header: deliveries and beacons bring ids of their own; the others make nothing.

A rule that is snoozed, or a message that is sent again, twice is so once.
"""


def test_every_post_that_makes_something_takes_an_idempotency_key() -> None:
    posts = [route for declared in RESOURCES.values() for route in declared if route.method == "POST"]
    by_name = [r for r in posts if r.access is not Access.LINK]  # a link acts once by itself
    without = {r.name for r in by_name if "Idempotency-Key" not in {header.name for header in r.headers}}

    assert without - NAMED_BY_THEIR_CONTENT == set()


def test_a_token_that_was_put_there_by_hand_is_good(world: World) -> None:
    del world.state.items[TOKEN_PK, digest(READ)]["version"]

    assert [world.get("/v1/metrics").status_code for _ in range(2)] == [200, 200]
