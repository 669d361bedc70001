"""``/v1/sql/saved`` as a client sees it: shipped and own queries, each change of one writer at a time."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urljoin

import pytest
from jsonschema import Draft202012Validator

from chalicelib.api.saved_schemas import QUERY
from chalicelib.sql import own_queries
from chalicelib.sql.saved import shipped
from tests.unit.api.world import ADMIN, READ, SQL, World

SAVED = "/v1/sql/saved"
SINCE = {"name": "since", "description": "First day", "example": {"date": "2026-11-01"}}
QUESTION = {"name": "Leads since", "sql": "SELECT count(*) FROM v_leads WHERE created_on >= ?", "parameters": [SINCE]}


def send(world: World, method: str, path: str, body: Any = None, token: str = SQL, **headers: str) -> Any:
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    sent |= {} if body is None else {"Content-Type": "application/json"}
    return world.call(method, path, token=token, headers=sent, body=b"" if body is None else json.dumps(body).encode())


def place(answer: Any) -> str:
    """The path that an answer of `POST /v1/sql/saved` leads to."""
    return urljoin("/v1/sql/saved", answer.headers["Location"])


def save(world: World, **changed: Any) -> Any:
    answer = send(world, "POST", SAVED, {**QUESTION, **changed})
    assert answer.status_code == 201, answer.body
    return answer


def test_the_list_begins_with_what_is_shipped_and_says_how_to_ask(world: World) -> None:
    save(world)

    results = world.get(SAVED, token=SQL).json_body["results"]

    assert [(q["kind"], q["id"]) for q in results[:-1]] == [("shipped", name) for name in shipped()]
    assert (results[-1]["kind"], results[-1]["name"], results[-1]["created_by"]) == ("own", "Leads since", "sql")
    assert results[-1]["example"]["parameters"] == [{"date": "2026-11-01"}]


@pytest.mark.parametrize("name", sorted(shipped()))
def test_the_example_of_a_shipped_query_is_a_body_that_is_run(world: World, name: str) -> None:
    example = world.get(f"{SAVED}/{name}", token=SQL).json_body["example"]

    assert send(world, "POST", "/v1/sql", example).status_code == 200


def test_a_saved_query_is_read_back_with_its_version(world: World) -> None:
    saved = save(world, description="Since when")

    read = world.get(place(saved), token=ADMIN)

    assert read.json_body == saved.json_body
    assert read.headers["ETag"] == saved.headers["ETag"] == '"1"'
    Draft202012Validator(QUERY).validate(read.json_body)


def test_a_change_names_the_version_that_it_has_seen(world: World) -> None:
    path = place(save(world))

    first = send(world, "PUT", path, {**QUESTION, "name": "First"}, If_Match='"1"')
    second = send(world, "PUT", path, {**QUESTION, "name": "Second"}, If_Match='"1"')
    blind = send(world, "PUT", path, {**QUESTION, "name": "Blind"})

    assert (first.status_code, first.headers["ETag"]) == (200, '"2"')
    assert (second.status_code, blind.status_code) == (412, 428)
    assert world.get(path, token=SQL).json_body["name"] == "First"


def test_of_two_writers_at_once_one_is_told(world: World) -> None:
    path = place(save(world))
    standing = own_queries.read(world.state, path.rpartition("/")[2])
    assert standing is not None

    won = own_queries.write(world.state, standing)
    lost = own_queries.write(world.state, standing)

    assert won is not None
    assert lost is None


def test_what_was_deleted_is_gone_and_only_in_the_version_that_was_seen(world: World) -> None:
    path = place(save(world))

    stale = send(world, "DELETE", path, If_Match='"7"')
    gone = send(world, "DELETE", path, If_Match='"1"')

    assert (stale.status_code, gone.status_code) == (412, 204)
    assert world.get(path, token=SQL).status_code == 404
    assert send(world, "DELETE", path, If_Match='"2"').status_code == 404
    assert len(world.get(SAVED, token=SQL).json_body["results"]) == len(shipped())


def test_another_try_with_the_same_key_saves_once(world: World) -> None:
    first = send(world, "POST", SAVED, QUESTION, Idempotency_Key="k-1")
    again = send(world, "POST", SAVED, QUESTION, Idempotency_Key="k-1")
    other = send(world, "POST", SAVED, {**QUESTION, "name": "Another"}, Idempotency_Key="k-1")
    of_another = send(world, "POST", SAVED, QUESTION, token=ADMIN, Idempotency_Key="k-1")

    assert (first.status_code, again.status_code, other.status_code) == (201, 201, 422)
    assert first.json_body == again.json_body
    assert of_another.json_body["id"] != first.json_body["id"]
    assert len(world.get(SAVED, token=SQL).json_body["results"]) == len(shipped()) + 2


def test_a_key_does_not_bring_back_what_was_deleted(world: World) -> None:
    saved = send(world, "POST", SAVED, QUESTION, Idempotency_Key="k-1")
    send(world, "DELETE", place(saved), If_Match='"1"')

    assert send(world, "POST", SAVED, QUESTION, Idempotency_Key="k-1").status_code == 409


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_what_is_shipped_cannot_be_changed(world: World, method: str) -> None:
    answer = send(world, method, f"{SAVED}/top_pages", QUESTION if method == "PUT" else None, If_Match='"1"')

    assert answer.status_code == 409


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 81}, "name"),
        ({"name": 7}, "name"),
        ({"description": "a\x00b"}, "description"),
        ({"sql": None}, "sql"),
        ({"sql": "DELETE FROM v_leads"}, "sql"),
        ({"sql": "SELECT * FROM secrets WHERE a = ?"}, "sql"),
        ({"sql": "SELECT 1"}, "parameters"),
        ({"parameters": []}, "parameters"),
        ({"parameters": [{"name": "since"}]}, "parameters"),
        ({"parameters": [{**SINCE, "example": 0.5}]}, "parameters"),
        ({"parameters": [{**SINCE, "example": {"date": "soon"}}]}, "parameters[0]"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_what_could_not_be_run_is_not_saved(world: World, changed: dict[str, Any], named: str) -> None:
    answer = send(world, "POST", SAVED, {**QUESTION, **changed})

    assert answer.status_code == 400
    assert [error["parameter"] for error in answer.json_body["errors"]] == [named]
    assert len(world.get(SAVED, token=SQL).json_body["results"]) == len(shipped())


def test_a_query_is_bounded_and_so_is_their_number(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chalicelib.api.saved_queries.MOST", 1)
    save(world)

    assert send(world, "POST", SAVED, QUESTION).status_code == 409
    assert send(world, "POST", SAVED, {**QUESTION, "sql": f"SELECT '{'x' * 17_000}'"}).status_code == 413


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_saved_queries_are_for_who_may_ask(world: World, method: str) -> None:
    assert send(world, method, SAVED, QUESTION if method == "POST" else None, token=READ).status_code == 403


def test_an_unchanged_list_is_a_304_until_somebody_saves(world: World) -> None:
    tag = world.get(SAVED, token=SQL).headers["ETag"]
    same = world.get(SAVED, token=SQL, headers={"If-None-Match": tag})

    save(world)

    assert same.status_code == 304
    assert world.get(SAVED, token=SQL, headers={"If-None-Match": tag}).status_code == 200
