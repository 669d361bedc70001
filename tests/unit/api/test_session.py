"""Who one is."""

from __future__ import annotations

from datetime import timedelta

import pytest

from chalicelib.api.auth import digest
from tests.unit.api.world import ADMIN, READ, SQL, World


@pytest.mark.parametrize(("token", "scope"), [(READ, "read"), (SQL, "sql"), (ADMIN, "admin")])
def test_a_token_of_any_scope_is_told_whose_it_is(world: World, token: str, scope: str) -> None:
    answer = world.get("/v1/session", token=token)

    assert answer.status_code == 200
    assert answer.json_body == {"name": scope, "scope": scope, "id": digest(token)[:16], "good_until": None}
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_token_that_sends_events_only_is_told_so_too(world: World) -> None:
    made = world.post_json("/v1/tokens", {"name": "product", "scope": "events"}).json_body

    assert world.get("/v1/session", token=made["token"]).json_body["scope"] == "events"


def test_a_token_is_told_until_when_it_works(world: World) -> None:
    until = world.now + timedelta(days=1)
    made = world.post_json("/v1/tokens", {"name": "short", "expires_at": until.isoformat()}).json_body
    seen = world.get("/v1/session", token=made["token"]).json_body
    world.now = until

    assert seen == {"name": "short", "scope": "read", "id": made["id"], "good_until": "2026-11-23T12:07:30Z"}
    assert world.get("/v1/session", token=made["token"]).status_code == 401


def test_without_a_token_nobody_is_anybody(world: World) -> None:
    assert world.get("/v1/session", token=None).status_code == 401
