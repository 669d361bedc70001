"""``POST /v1/query``, and what it shares with ``GET /v1/metrics/{name}``, as a client sees them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from chalice.test import HTTPResponse
from jsonschema import Draft202012Validator

from chalicelib.api import question_schemas as schemas
from chalicelib.metrics.declared.downloads import DOWNLOADS
from chalicelib.metrics.declared.github import GITHUB
from tests.unit.api.world import READ, World
from tests.unit.metrics.published_cubes import publish

DAY = datetime(2026, 11, 10, tzinfo=UTC)
WATERMARK = datetime(2026, 11, 22, 11, 45, tzinfo=UTC)


def row(day: int, version: str | None, count: int) -> dict[str, Any]:
    names = {"bucket_start": DAY + timedelta(days=day), "version": version, "product": "headwater", "is_bot": False}
    return {**names, "downloads": count, "download_bytes": count * 1000}


ROWS = [row(day, version, day + n) for day in range(12) for n, version in enumerate(["3.9.0", "3.10.0", None])]


@pytest.fixture
def full(world: World) -> World:
    publish(world.store, DOWNLOADS, ROWS, {"s3_access_logs": WATERMARK})
    publish(world.store, GITHUB, [{"bucket_start": DAY, "repository": "a/a", "stars": 41}])
    return world


def ask(world: World, **body: Any) -> HTTPResponse:
    answer = world.post_json("/v1/query", {key.removesuffix("_"): value for key, value in body.items()}, token=READ)
    if answer.status_code == 200:
        Draft202012Validator(schemas.QUERIED).validate(answer.json_body)
    return answer


def get(world: World, **query: str) -> HTTPResponse:
    answer = world.get("/v1/metrics/downloads", **{key.removesuffix("_"): value for key, value in query.items()})
    if answer.status_code == 200:
        Draft202012Validator(schemas.SERIES).validate(answer.json_body)
    return answer


TWO_DAYS = {"from_": "2026-11-19", "to": "2026-11-21"}


def test_several_metrics_stand_side_by_side(full: World) -> None:
    body = ask(full, metrics=["downloads", "download_bytes"], **TWO_DAYS, compare="week", totals=True).json_body

    assert body["results"][0] == {
        "start": "2026-11-19T00:00:00+00:00",
        "end": "2026-11-20T00:00:00+00:00",
        "downloads": 30,
        "downloads_before": 9,
        "downloads_change": 21,
        "downloads_change_ratio": 21 / 9,
        "download_bytes": 30_000,
        "download_bytes_before": 9_000,
        "download_bytes_change": 21_000,
        "download_bytes_change_ratio": 21 / 9,
        "partial": False,
    }
    assert body["totals"][0]["downloads"] == 63
    assert [one["name"] for one in body["meta"]["metrics"]] == ["downloads", "download_bytes"]
    assert body["query"]["metrics"] == ["downloads", "download_bytes"]


def test_metrics_of_several_cubes_share_their_buckets(full: World) -> None:
    body = ask(full, metrics=["downloads", "stars"], from_="2026-11-10", to="2026-11-12").json_body

    assert [(r["downloads"], r["stars"]) for r in body["results"]] == [(3, 41), (6, None)]
    assert body["meta"]["watermark"] is None
    assert [one["watermark"] for one in body["meta"]["metrics"]] == ["2026-11-22T11:45:00Z", None]


def test_one_metric_answers_the_same_by_both_doors(full: World) -> None:
    text = 'version is "3.9.0" or version is null'
    either = {"dimension": "version", "operator": "is", "value": ["3.9.0", None]}

    one = get(full, **TWO_DAYS, filter=text, compare="week", group_by="version").json_body
    other = ask(full, metrics=["downloads"], **TWO_DAYS, filter=either, compare="week", group_by=["version"]).json_body

    values = [(r["value"], r["before"], r["change"], r["change_ratio"]) for r in one["results"]]
    beside = [[r[f"downloads{of}"] for of in ("", "_before", "_change", "_change_ratio")] for r in other["results"]]
    assert values == [tuple(row) for row in beside]
    assert [r["version"] for r in one["results"]] == ["3.9.0", None] * 2
    assert one["query"]["filter"] == other["query"]["filter"] == text
    assert one["meta"]["comparison"] == other["meta"]["metrics"][0]["comparison"]


def test_a_filter_takes_out_what_it_names(full: World) -> None:
    def total(filter_: str) -> int:
        return int(get(full, from_="2026-11-10", to="2026-11-11", filter=filter_).json_body["results"][0]["value"])

    assert total('version is "3.10.0"') == 1
    assert total('version is_not "3.10.0"') == 2  # 3.9.0 has none on the first day; what has no version counts
    assert total('version contains "3."') == 1
    assert total('not version matches "^3[.]"') == 2
    assert total('version is "%" or version is "\' OR 1=1 --"') == 0


def test_a_range_in_a_word(full: World) -> None:
    week = get(full, range="7d").json_body
    month = get(full, range="mtd", compare="previous_period").json_body

    assert (week["query"]["from"], week["query"]["to"]) == ("2026-11-15T00:00:00+00:00", "2026-11-22T00:00:00+00:00")
    assert (month["query"]["from"], month["query"]["to"]) == ("2026-11-01T00:00:00+00:00", "2026-11-23T00:00:00+00:00")
    assert month["meta"]["comparison"]["before"] == {
        "from": "2026-10-01T00:00:00+00:00",
        "to": "2026-10-22T11:45:00+00:00",
        "elapsed_s": 21 * 86_400 + 42_300,
    }


def test_all_begins_where_the_data_does(full: World) -> None:
    query = get(full, range="all", interval="P1M").json_body["query"]

    assert (query["from"], query["to"]) == ("2026-11-01T00:00:00+00:00", "2026-12-01T00:00:00+00:00")


def test_rows_come_in_the_order_that_is_asked_for(full: World) -> None:
    rows = get(full, **TWO_DAYS, group_by="version", order="-value,version").json_body["results"]
    by_name = get(full, **TWO_DAYS, group_by="version", order="-version").json_body["results"]

    assert [r["value"] for r in rows] == [12, 11, 11, 10, 10, 9]
    assert [r["version"] for r in rows] == [None, "3.10.0", None, "3.10.0", "3.9.0", "3.9.0"]
    assert [r["version"] for r in by_name] == ["3.9.0"] * 2 + ["3.10.0"] * 2 + [None] * 2


def test_pages_have_every_row_once(full: World) -> None:
    asked = {**TWO_DAYS, "group_by": "version", "order": "-value", "limit": "4"}
    whole = get(full, **{**asked, "limit": "6"}).json_body

    first = get(full, **asked)
    rest = get(full, **asked, cursor=first.json_body["meta"]["next_cursor"]).json_body

    assert first.json_body["results"] + rest["results"] == whole["results"]
    assert (first.json_body["meta"]["truncated"], rest["meta"]["truncated"]) == (True, False)
    assert rest["meta"]["next_cursor"] is whole["meta"]["next_cursor"] is None
    assert 'rel="next"' in first.headers["Link"]


def test_a_page_of_data_that_has_changed_says_begin_again(full: World) -> None:
    asked = {"metrics": ["downloads"], **TWO_DAYS, "group_by": ["version"], "limit": 4}
    cursor = ask(full, **asked).json_body["meta"]["next_cursor"]

    other = ask(full, **{**asked, "group_by": ["product"]}, cursor=cursor)
    publish(full.store, DOWNLOADS, ROWS[:9], {"s3_access_logs": WATERMARK}, seq=2)
    full.now += timedelta(seconds=5)
    later = ask(full, **asked, cursor=cursor)

    assert (other.status_code, other.json_body["errors"][0]["parameter"]) == (400, "cursor")
    assert later.status_code == 409
    assert "begin again" in later.json_body["detail"]


def test_the_most_and_the_rest(full: World) -> None:
    asked = {"metrics": ["downloads"], "from_": "2026-11-10", "to": "2026-11-12", "group_by": ["version"], "top": 1}

    rows = ask(full, **asked, interval="P1M").json_body["results"]
    alone = ask(full, **asked, interval="P1M", other=False).json_body

    assert [(r["version"], r["other"], r["downloads"]) for r in rows] == [(None, False, 5), (None, True, 4)]
    assert [(r["version"], r["downloads"]) for r in alone["results"]] == [(None, 5)]
    assert (alone["query"]["top"], alone["query"]["top_by"], alone["query"]["other"]) == (1, "downloads", False)


def test_a_late_source_is_told_and_never_a_fall(full: World) -> None:
    full.now += timedelta(days=3)

    body = get(full, range="7d", compare="week").json_body

    assert body["meta"]["late"] is True
    assert "is late: it is complete up to 2026-11-22T11:45:00Z only" in body["meta"]["warnings"][0]
    assert [(r["value"], r["change"]) for r in body["results"]][-2:] == [(None, None)] * 2


def test_a_question_is_a_304_until_something_is_another(full: World) -> None:
    asked = {"metrics": ["downloads"], **TWO_DAYS, "compare": "week"}
    headers = {"Content-Type": "application/json"}
    tag = ask(full, **asked).headers["ETag"]

    def again(**more: Any) -> int:
        import json

        body = json.dumps({key.removesuffix("_"): value for key, value in {**asked, **more}.items()}).encode()
        sent = {**headers, "If-None-Match": tag}
        return int(full.call("POST", "/v1/query", headers=sent, body=body).status_code)

    assert again() == 304
    assert {again(order=["-downloads"]), again(totals=True), again(compare="month"), again(limit=1)} == {200}


WRONG = [
    ({}, "metrics"),
    ({"metrics": []}, "metrics"),
    ({"metrics": ["downloads"] * 2}, "metrics"),
    ({"metrics": ["downlods"]}, "metrics"),
    ({"metrics": ["downloads"], "colour": 1}, "colour"),
    ({"metrics": ["downloads"], "range": "soon"}, "range"),
    ({"metrics": ["downloads"], "range": "7d", "to": "2026-11-01"}, "range"),
    ({"metrics": ["downloads"], "interval": 3}, "interval"),
    ({"metrics": ["downloads"], "group_by": "version"}, "group_by"),
    ({"metrics": ["downloads"], "filter": {"dimension": "colour", "operator": "is", "value": ""}}, "filter"),
    ({"metrics": ["downloads"], "filter": {"and": []}}, "filter"),
    ({"metrics": ["downloads"], "filter": 'version matches "("'}, "filter"),
    ({"metrics": ["downloads"], "compare": "decade"}, "compare"),
    ({"metrics": ["downloads"], "match": "date"}, "match"),
    ({"metrics": ["downloads"], "compare": "week", "interval": "P1M"}, "compare"),
    ({"metrics": ["downloads"], "transform": "share_of_total"}, "transform"),
    ({"metrics": ["downloads"], "top": 0}, "top"),
    ({"metrics": ["downloads"], "top": True}, "top"),
    ({"metrics": ["downloads"], "top_by": "downloads"}, "top_by"),
    ({"metrics": ["downloads"], "order": ["-value"]}, "order"),
    ({"metrics": ["downloads"], "limit": 20_001}, "limit"),
    ({"metrics": ["downloads"], "limit": 1, "cursor": "abc"}, "cursor"),
    ({"metrics": ["downloads"], "cursor": "abc"}, "cursor"),
    ({"metrics": ["downloads"], "totals": 1}, "totals"),
]


@pytest.mark.parametrize(("body", "named"), WRONG)
def test_a_question_that_makes_no_sense_is_refused_by_name(full: World, body: dict[str, Any], named: str) -> None:
    answer = full.post_json("/v1/query", body, token=READ)

    assert answer.status_code == 400
    assert [error["parameter"] for error in answer.json_body["errors"]] == [named]


def test_money_and_what_is_told_by_day_follow_their_rules(world: World) -> None:
    hourly = ask(world, metrics=["youtube_views"], interval="PT1H", range="24h")
    money = ask(world, metrics=["won_amount"], range="7d")

    assert hourly.status_code == 422
    assert "America/Los_Angeles" in hourly.json_body["detail"]
    assert money.json_body["query"]["group_by"] == ["currency"]
