"""Who may call what, and the life of a token."""

from __future__ import annotations

from datetime import timedelta

import pytest

from chalicelib.api.auth import TOKEN_PK, digest
from chalicelib.api.resources import RESOURCES
from chalicelib.api.routes import Access
from tests.unit.api.world import ADMIN, READ, World

PROTECTED = [
    (route.method, route.path.replace("{name}", "downloads").replace("{id}", "0" * 16), route.access)
    for routes in RESOURCES.values()
    for route in routes
    if route.access in (Access.TOKEN, Access.READ, Access.ADMIN)
]
WRONG = [None, "", "x", "hw_" + "z" * 43, READ + "x", READ.upper(), "hw_ä" + "z" * 30, "z" * 5000]


@pytest.mark.parametrize(("method", "path", "access"), PROTECTED)
@pytest.mark.parametrize("token", WRONG)
def test_without_a_good_token_a_protected_route_is_a_401(
    world: World, method: str, path: str, access: Access, token: str | None
) -> None:
    answer = world.call(method, path, token=token)

    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize(("method", "path", "access"), [p for p in PROTECTED if p[2] is Access.ADMIN])
def test_a_reader_may_not_administer(world: World, method: str, path: str, access: Access) -> None:
    answer = world.call(method, path, token=READ)

    assert answer.status_code == 403
    assert "admin" in answer.json_body["detail"]


def test_an_administrator_may_read(world: World) -> None:
    assert world.get("/v1/metrics", token=ADMIN).status_code == 200


def test_a_token_is_looked_up_once_in_a_while(world: World) -> None:
    for _ in range(5):
        world.get("/v1/metrics")
    before = world.state.reads
    world.now += timedelta(seconds=16)
    world.get("/v1/metrics")

    assert (before, world.state.reads) == (1, 2)


def test_a_token_that_was_revoked_elsewhere_stops_within_seconds(world: World) -> None:
    world.get("/v1/metrics")
    world.state.items[TOKEN_PK, digest(READ)]["revoked_at"] = "2026-11-22T12:00:00Z"
    world.now += timedelta(seconds=16)

    assert world.get("/v1/metrics").status_code == 401


def test_a_token_is_made_used_listed_and_revoked(world: World) -> None:
    made = world.post_json("/v1/tokens", {"name": "dashboard", "scope": "read"})
    token = made.json_body["token"]
    used = world.get("/v1/metrics", token=token)
    listed = world.get("/v1/tokens", token=ADMIN)
    gone = world.call("DELETE", f"/v1/tokens/{made.json_body['id']}", token=ADMIN)
    again = world.call("DELETE", f"/v1/tokens/{made.json_body['id']}", token=ADMIN)
    after = world.get("/v1/metrics", token=token)

    assert (made.status_code, used.status_code, gone.status_code, again.status_code) == (201, 200, 204, 204)
    assert after.status_code == 401
    assert token not in listed.body.decode()
    assert digest(token) not in listed.body.decode()
    assert "dashboard" in [t["name"] for t in listed.json_body["results"]]


def test_only_the_hash_of_a_token_is_stored(world: World) -> None:
    token = world.post_json("/v1/tokens", {"name": "x"}).json_body["token"]

    assert token not in repr(world.state.items)
    assert (TOKEN_PK, digest(token)) in world.state.items


BODIES = [
    ({}, {"name"}),
    ({"name": ""}, {"name"}),
    ({"name": "x" * 81}, {"name"}),
    ({"name": "a\nb"}, {"name"}),
    ({"name": 1, "scope": "root"}, {"name", "scope"}),
    ({"name": "x", "scope": ["read"]}, {"scope"}),
    ({"name": "x", "colour": 1}, {"colour"}),
]


@pytest.mark.parametrize(("body", "named"), BODIES)
def test_a_bad_body_names_its_fields(world: World, body: object, named: set[str]) -> None:
    answer = world.post_json("/v1/tokens", body)

    assert answer.status_code == 400
    assert {e["parameter"] for e in answer.json_body["errors"]} == named


@pytest.mark.parametrize(
    ("content_type", "body", "status"),
    [
        ("text/plain", b"{}", 415),
        ("application/json", b"{", 400),
        ("application/json", b"[]", 400),
        ("application/json", b"[" * 10_000, 400),
        ("application/json", b"{" + b" " * 20_000 + b"}", 413),
    ],
)
def test_what_is_no_small_json_object_is_refused(world: World, content_type: str, body: bytes, status: int) -> None:
    answer = world.call("POST", "/v1/tokens", token=ADMIN, headers={"Content-Type": content_type}, body=body)

    assert answer.status_code == status


@pytest.mark.parametrize("wanted", ["0" * 16, "0", "", "../" * 4])
def test_revoking_what_is_not_there_is_not_found(world: World, wanted: str) -> None:
    if wanted and "/" not in wanted:
        assert world.call("DELETE", f"/v1/tokens/{wanted}", token=ADMIN).status_code == 404
