"""Who one is, and the session of who signed in: only by claims that API Gateway has verified, and only ours."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.api.auth import SESSION_PK, TOKEN_PK, digest
from chalicelib.api.context import SESSIONS_PER_MINUTE
from chalicelib.api.sign_in import GROUPS, SignInSettings, caller_of, person_id
from chalicelib.errors import RequestError
from chalicelib.lake import layout
from tests.unit.api.world import ADMIN, READ, SQL, World

ISSUER, CLIENT = "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_pool", "client-1"
SETTINGS = SignInSettings(ISSUER, CLIENT)
CLAIMS = {
    "iss": ISSUER,
    "aud": CLIENT,
    "token_use": "id",
    "sub": "5f1c-0d9a",
    "email": "ada@acme.example",
    "cognito:groups": "read",
}


@pytest.fixture(autouse=True)
def _pool(world: World) -> None:
    world.store.put(layout.SIGN_IN, json.dumps({"issuer": ISSUER, "client": CLIENT}).encode())


def sign_in(
    world: World, claims: dict[str, Any] | None, headers: dict[str, str] | None = None
) -> tuple[int, dict[str, Any]]:
    """A request as API Gateway hands it over, its authorizer's claims included."""
    event = {
        "requestContext": {
            "httpMethod": "POST",
            "resourcePath": "/v1/session",
            "path": "/api/v1/session",
            "identity": {"sourceIp": "127.0.0.1"},
            **({} if claims is None else {"authorizer": {"claims": claims}}),
        },
        "headers": {"Authorization": "an.id.token", **(headers or {})},
        "multiValueQueryStringParameters": None,
        "pathParameters": None,
        "stageVariables": None,
        "body": None,
        "isBase64Encoded": False,
    }
    answer = world.app(event, None)
    return answer["statusCode"], json.loads(answer["body"] or "{}")


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


def test_who_signed_in_gets_a_token_of_an_hour_with_the_scope_of_their_mightiest_group(world: World) -> None:
    status, made = sign_in(world, {**CLAIMS, "cognito:groups": "[read sql]"})
    seen = world.get("/v1/session", token=made["token"])
    may, may_not = world.get("/v1/sql", token=made["token"]), world.get("/v1/tokens", token=made["token"])
    world.now += timedelta(hours=1)

    assert status == 201
    assert made["token"].startswith("hw_session_")
    assert seen.json_body == {name: value for name, value in made.items() if name != "token"}
    assert seen.json_body == {
        "name": "ada@acme.example",
        "scope": "sql",
        "id": person_id(ISSUER, CLAIMS["sub"]),
        "good_until": "2026-11-22T13:07:30Z",
    }
    assert (may.status_code, may_not.status_code) == (200, 403)
    assert world.get("/v1/session", token=made["token"]).status_code == 401


def test_a_person_stays_the_same_from_one_session_to_the_next_whatever_their_address_is(world: World) -> None:
    _, first = sign_in(world, CLAIMS)
    _, second = sign_in(world, {**CLAIMS, "email": "ada@new.example"})
    _, other = sign_in(world, {**CLAIMS, "sub": "another"})

    assert first["token"] != second["token"]
    assert first["id"] == second["id"] != other["id"]


@pytest.mark.parametrize(
    "claims",
    [
        None,
        {},
        {**CLAIMS, "iss": ISSUER + "x"},
        {**CLAIMS, "aud": "another-client"},
        {**CLAIMS, "token_use": "access"},
        {**CLAIMS, "sub": ""},
        *(
            {name: value for name, value in CLAIMS.items() if name != left}
            for left in ("iss", "aud", "token_use", "sub")
        ),
    ],
)
def test_without_verified_claims_of_an_id_token_of_this_site_nobody_comes_in(
    world: World, claims: dict[str, Any] | None
) -> None:
    status, problem = sign_in(world, claims)

    assert status == 401
    assert "sign in again" in problem["detail"]
    assert [key for key in world.state.items if key[0] == SESSION_PK] == []


@pytest.mark.parametrize("token", [READ, ADMIN, None, "x"])
def test_no_token_of_ours_begins_a_session(world: World, token: str | None) -> None:
    assert world.call("POST", "/v1/session", token=token).status_code == 401


@pytest.mark.parametrize("groups", [None, "", "[]", "readers", "[administrators]", "us-east-1_pool_Okta", "READ"])
def test_who_is_in_no_group_is_told_what_to_do(world: World, groups: str | None) -> None:
    status, problem = sign_in(world, {**CLAIMS, "cognito:groups": groups})

    assert status == 403
    assert "in none of the groups read, sql, admin: ask whoever looks after Headwater" in problem["detail"]


@given(
    st.lists(st.sampled_from([*GROUPS, "events", "Okta", "reader"]), max_size=6), st.sampled_from(["{}", "[{}]", " "])
)
def test_the_mightiest_group_counts_however_api_gateway_writes_the_list(groups: list[str], form: str) -> None:
    said: object = list(groups) if form == " " else form.format(("," if form == "{}" else " ").join(groups))
    known = [group for group in GROUPS if group in groups]
    try:
        found = caller_of({**CLAIMS, "cognito:groups": said}, SETTINGS).scope
    except RequestError as error:
        assert (error.status, known) == (403, [])
        return
    assert found == known[0]


def test_signing_out_ends_the_session_and_no_other(world: World) -> None:
    (_, first), (_, second) = sign_in(world, CLAIMS), sign_in(world, CLAIMS)

    ended = world.call("DELETE", "/v1/session", token=first["token"])

    assert ended.status_code == 204
    assert world.get("/v1/session", token=first["token"]).status_code == 401
    assert world.call("DELETE", "/v1/session", token=first["token"]).status_code == 401
    assert world.get("/v1/session", token=second["token"]).status_code == 200


def test_an_api_token_is_no_session_and_stays(world: World) -> None:
    answer = world.call("DELETE", "/v1/session", token=READ)

    assert answer.status_code == 409
    assert "DELETE /v1/tokens/{id}" in answer.json_body["detail"]
    assert world.get("/v1/session", token=READ).status_code == 200


def test_sessions_are_not_among_the_api_tokens_and_only_their_hash_is_kept(world: World) -> None:
    _, made = sign_in(world, CLAIMS)
    item = world.state.items[SESSION_PK, digest(made["token"])]

    assert made["token"] not in repr(world.state.items)
    assert {pk for pk, _ in world.state.items} >= {SESSION_PK, TOKEN_PK}
    assert "ada@acme.example" not in [t["name"] for t in world.get("/v1/tokens", token=ADMIN).json_body["results"]]
    assert item["expires_at"] == int((world.now + timedelta(hours=1)).timestamp())


def test_the_use_of_a_session_is_not_noted(world: World) -> None:
    _, made = sign_in(world, CLAIMS)
    world.get("/v1/metrics", token=made["token"])

    assert world.state.items[SESSION_PK, digest(made["token"])]["version"] == 1


def test_another_try_under_the_same_key_is_the_same_session(world: World) -> None:
    key = {"Idempotency-Key": "k-1"}
    (_, first), (_, again) = sign_in(world, CLAIMS, key), sign_in(world, CLAIMS, key)
    _, other = sign_in(world, {**CLAIMS, "sub": "another"}, key)

    assert first == again
    assert other["token"] != first["token"]


def test_a_person_who_signs_in_in_a_loop_is_stopped_and_nobody_else(world: World) -> None:
    statuses = [sign_in(world, CLAIMS)[0] for _ in range(SESSIONS_PER_MINUTE + 1)]
    other, _ = sign_in(world, {**CLAIMS, "sub": "another"})
    world.now += timedelta(minutes=1)

    assert statuses == [201] * SESSIONS_PER_MINUTE + [429]
    assert (other, sign_in(world, CLAIMS)[0]) == (201, 201)


@pytest.mark.parametrize("said", [None, b"", b"[]", b'{"issuer": ""}', b'{"issuer": "a", "client": 7}'])
def test_where_the_pool_is_not_known_nobody_comes_in(world: World, said: bytes | None) -> None:
    world.store.objects.pop(layout.SIGN_IN)
    if said is not None:
        world.store.put(layout.SIGN_IN, said)

    assert sign_in(world, CLAIMS)[0] == 500
