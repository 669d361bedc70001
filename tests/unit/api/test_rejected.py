"""What a source had to set aside: told to those who look after it, page by page, never interpreted."""

from __future__ import annotations

import gzip
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from chalicelib.api.rejected import ROUTES
from chalicelib.lake import commits, layout
from chalicelib.lake.steps import Kind, Step
from chalicelib.sources.base import Window
from tests.unit.api.world import ADMIN, READ, World

STREAM = "product_events"
AT = datetime(2026, 11, 22, 10, 15, tzinfo=UTC)
PATH = f"/v1/sources/{STREAM}/rejected"


@pytest.fixture
def world(world: World) -> World:
    """A stream of two commits, of which the second has set three records aside."""
    head = None
    for name in ("a", "b"):
        body = Step(Window(AT, AT), AT).to_body()
        head = commits.append(
            world.store,
            commits.draft(head, STREAM, attempt=name, kind=Kind.SEAL, committed_at=AT, body=body),
        )
    set_aside(world, 2, ["<img src=x onerror=alert(1)>", "second", "x" * 3_000])
    return world


def set_aside(world: World, seq: int, raws: list[str]) -> None:
    item = {"attributes": {}, "received_at": AT.isoformat()}
    rest = {"reason": "event: the event's name is missing", "where": "", "origin": "inbox/o", "encoding": "utf-8"}
    lines = [json.dumps({**rest, "raw": raw, "ordinal": place, "item": item}) for place, raw in enumerate(raws)]
    world.store.put(layout.rejected(STREAM, seq), gzip.compress("\n".join(lines).encode()))


def test_records_are_told_as_their_schema_says_and_as_they_came(world: World) -> None:
    answer = world.get(PATH, token=ADMIN)

    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    schema = ROUTES[0].answers[0].schema
    assert schema is not None
    Draft202012Validator(schema).validate(answer.json_body)
    first, _, long = answer.json_body["results"]
    assert (first["id"], first["record"], first["at"]) == (
        "2-0-0",
        "<img src=x onerror=alert(1)>",
        "2026-11-22T10:15:00Z",
    )
    assert (first["obstacle"], first["replayed_at"], first["where"]) == (None, None, None)
    assert (len(long["record"]), long["record_is_cut"]) == (2_000, True)


def test_pages_follow_one_another_to_the_end(world: World) -> None:
    set_aside(world, 1, ["of before"])
    found: list[Any] = []
    query: dict[str, str] = {"limit": "2"}
    for _ in range(3):
        page = world.get(PATH, token=ADMIN, **query).json_body
        found += [one["id"] for one in page["results"]]
        if (cursor := page["meta"]["next_cursor"]) is None:
            break
        query["cursor"] = cursor

    assert found == ["2-0-0", "2-1-0", "2-2-0", "1-0-0"]


def test_only_an_administrator_sees_what_people_have_sent(world: World) -> None:
    assert world.get(PATH, token=READ).status_code == 403
    assert world.get(PATH, token=None).status_code == 401


def test_a_cursor_of_another_source_and_a_source_that_there_is_not_are_refused(world: World) -> None:
    cursor = world.get(PATH, token=ADMIN, limit="1").json_body["meta"]["next_cursor"]

    elsewhere = world.get("/v1/sources/github_webhooks/rejected", token=ADMIN, cursor=cursor)
    unknown = world.get("/v1/sources/product_event/rejected", token=ADMIN)

    assert (elsewhere.status_code, elsewhere.json_body["errors"][0]["parameter"]) == (400, "cursor")
    assert (unknown.status_code, unknown.json_body["errors"][0]["suggestion"]) == (404, STREAM)


def test_a_damaged_log_hides_nothing(world: World) -> None:
    world.store.put(layout.commit(STREAM, 2), b"{}")

    answer = world.get(PATH, token=ADMIN)

    assert [one["window"] for one in answer.json_body["results"]] == [None, None, None]
