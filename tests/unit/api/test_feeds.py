"""``/v1/feeds`` as a spreadsheet and as an administrator see it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from chalicelib.api import export_schemas, feeds, files
from chalicelib.metrics.declared.downloads import DOWNLOADS
from tests.unit.api.world import ADMIN, READ, World
from tests.unit.metrics.published_cubes import publish

QUERY = {"metrics": ["downloads"], "range": "7d", "group_by": ["version"], "tz": "Europe/Paris"}
WISH = {"name": "board", "query": QUERY}


@pytest.fixture
def full(world: World) -> World:
    at = {"bucket_start": datetime(2026, 11, 20, tzinfo=UTC), "version": "=1", "product": None, "is_bot": False}
    publish(world.store, DOWNLOADS, [{**at, "downloads": 3, "download_bytes": 4}], {"s3_access_logs": world.now})
    return world


def read(world: World, address: str, **headers: str) -> Any:
    """Read an address that a feed was given, without any other token."""
    return world.call("GET", f"/v1/{address}", token=None, headers=headers)


def made(world: World, key: str | None = None) -> dict[str, Any]:
    headers = {"Content-Type": "application/json"} | ({"Idempotency-Key": key} if key else {})
    answer = world.call("POST", "/v1/feeds", token=ADMIN, headers=headers, body=json.dumps(WISH).encode())
    assert answer.status_code == 201
    return dict(answer.json_body)


def test_a_feed_is_made_and_read_by_its_address_alone(full: World) -> None:
    feed = made(full)

    answer = read(full, feed["address"])

    Draft202012Validator(export_schemas.NEW_FEED).validate(feed)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("text/csv")
    assert answer.body.decode().splitlines()[:2] == [
        "start,end,version,downloads,partial", "2026-11-15,2026-11-16,'=1,0,false",
    ]  # fmt: skip


def test_a_feed_has_a_limit_of_its_own(full: World) -> None:
    feed = made(full)
    full.context = replace(full.context, requests_per_minute=1)

    answers = [read(full, feed["address"]) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [200, 429]
    assert answers[0].headers["RateLimit"] == '"token";r=0;t=60'


def test_it_is_asked_anew_at_each_reading(full: World) -> None:
    feed = made(full)
    first = read(full, feed["address"])

    full.now += timedelta(days=1)
    second = read(full, feed["address"])

    assert first.body.decode().splitlines()[1].startswith("2026-11-15")
    assert second.body.decode().splitlines()[1].startswith("2026-11-16")


def test_an_unchanged_feed_is_a_304(full: World) -> None:
    feed = made(full)
    tag = read(full, feed["address"]).headers["ETag"]

    assert read(full, feed["address"], **{"If-None-Match": tag}).status_code == 304


def test_only_its_token_opens_it_and_it_opens_nothing_else(full: World) -> None:
    feed, other = made(full), made(full)
    place = f"feeds/{feed['id']}/rows.csv"

    assert read(full, place).status_code == 404
    assert read(full, f"{place}?token={other['token']}").status_code == 404
    assert read(full, f"{place}?token={READ}").status_code == 404
    assert read(full, f"feeds/nothing/rows.csv?token={feed['token']}").status_code == 404
    assert full.get("/v1/metrics/downloads", token=feed["token"]).status_code == 401
    assert full.get("/v1/feeds", token=READ).status_code == 403


def test_the_token_is_kept_nowhere(full: World) -> None:
    feed = made(full, key="k")

    kept = json.dumps([*full.state.items.values()], default=str)
    assert feed["token"] not in kept
    assert feed["token"].removeprefix("hwf_") not in kept


def test_the_same_key_is_the_same_feed_and_token(full: World) -> None:
    one, two = made(full, key="k"), made(full, key="k")

    assert one == two
    assert len(full.get("/v1/feeds", token=ADMIN).json_body["results"]) == 1


def test_feeds_are_listed_looked_at_and_revoked(full: World) -> None:
    feed = made(full)
    listed = full.get("/v1/feeds", token=ADMIN).json_body["results"]
    looked = full.get(f"/v1/feeds/{feed['id']}", token=ADMIN).json_body

    assert listed == [looked]
    assert (looked["name"], looked["query"], looked["created_by"]) == ("board", QUERY, "admin")
    assert "token" not in looked
    for _ in range(2):
        assert full.call("DELETE", f"/v1/feeds/{feed['id']}", token=ADMIN).status_code == 204
    assert read(full, feed["address"]).status_code == 404
    assert full.get(f"/v1/feeds/{feed['id']}", token=ADMIN).json_body["revoked_at"] is not None
    assert full.get("/v1/feeds/nothing", token=ADMIN).status_code == 404


def test_a_large_feed_is_a_link_and_a_larger_one_is_refused(full: World, monkeypatch: pytest.MonkeyPatch) -> None:
    feed = made(full)

    monkeypatch.setattr(feeds, "MAX_ROWS", 6)
    refused = read(full, feed["address"])
    monkeypatch.undo()
    monkeypatch.setattr(files, "INLINE_BYTES", 10)
    linked = read(full, feed["address"])

    assert (refused.status_code, linked.status_code) == (422, 303)
    assert "up to 6 rows" in refused.json_body["detail"]
    assert linked.headers["Location"].startswith("https://results/exports/answers/")


def test_more_points_than_an_answer_has_are_no_bound(full: World) -> None:
    body = {
        "name": "long",
        "query": {"metrics": ["downloads"], "from": "2010-01-01", "to": "2014-01-01", "interval": "PT1H"},
    }

    feed = full.post_json("/v1/feeds", body).json_body

    assert len(read(full, feed["address"]).body.splitlines()) == 1 + (4 * 365 + 1) * 24


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ({"query": QUERY}, ["name"]),
        ({"name": " ", "query": QUERY}, ["name"]),
        ({"name": "x"}, ["query"]),
        ({"name": "x", "query": {**QUERY, "cursor": "a"}}, ["query.cursor"]),
        ({"name": "x", "query": {**QUERY, "filter": "version is"}}, ["query.filter"]),
    ],
)
def test_what_is_wrong_is_named(full: World, body: Any, named: list[str]) -> None:
    answer = full.post_json("/v1/feeds", body)

    assert answer.status_code == 400
    assert [error["parameter"] for error in answer.json_body["errors"]] == named


def test_a_key_whose_secret_is_forgotten_shows_no_token_that_is_not_the_feed_s(full: World) -> None:
    feed = made(full, "k-1")
    again = made(full, "k-1")
    full.now += timedelta(hours=25)
    headers = {"Content-Type": "application/json", "Idempotency-Key": "k-1"}
    late = full.call("POST", "/v1/feeds", token=ADMIN, headers=headers, body=json.dumps(WISH).encode())

    assert again["token"] == feed["token"]
    assert late.status_code == 409
