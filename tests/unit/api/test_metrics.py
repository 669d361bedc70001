"""``/v1/metrics`` and ``/adoption/downloads`` as a client sees them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from chalicelib.metrics.declared.downloads import DOWNLOADS
from chalicelib.metrics.declared.github import GITHUB
from chalicelib.metrics.registry import METRICS
from tests.unit.api.world import World
from tests.unit.metrics.published_cubes import publish

DAY = datetime(2026, 11, 20, tzinfo=UTC)
WATERMARKS = {"s3_access_logs": datetime(2026, 11, 22, 9, tzinfo=UTC)}


def row(hours: float, version: str | None, count: int, *, is_bot: bool = False) -> dict[str, Any]:
    at = DAY + timedelta(hours=hours)
    names = {"bucket_start": at, "version": version, "product": "headwater", "is_bot": is_bot}
    return {**names, "downloads": count, "download_bytes": count * 1000}


ROWS = [
    row(0, "3.9.0", 4),
    row(6.25, "3.10.0", 7),
    row(6.25, "3.9.0", 100, is_bot=True),
    row(30, "3.10.0", 1),
    row(31, None, 2),
]


@pytest.fixture
def full(world: World) -> World:
    publish(world.store, DOWNLOADS, ROWS, WATERMARKS)
    return world


def test_a_series_is_answered_in_the_envelope(full: World) -> None:
    answer = full.get("/v1/metrics/downloads", **{"from": "2026-11-20", "to": "2026-11-23"})

    assert answer.status_code == 200
    body = answer.json_body
    assert body["results"] == [
        {"start": "2026-11-20T00:00:00+00:00", "end": "2026-11-21T00:00:00+00:00", "value": 11, "partial": False},
        {"start": "2026-11-21T00:00:00+00:00", "end": "2026-11-22T00:00:00+00:00", "value": 3, "partial": False},
        {"start": "2026-11-22T00:00:00+00:00", "end": "2026-11-23T00:00:00+00:00", "value": 0, "partial": True},
    ]
    assert body["meta"]["watermark"] == "2026-11-22T09:00:00Z"
    assert body["meta"]["served_from"] == "cube"
    assert body["query"] == {
        "metric": "downloads",
        "from": "2026-11-20T00:00:00+00:00",
        "to": "2026-11-23T00:00:00+00:00",
        "interval": "P1D",
        "tz": "UTC",
        "group_by": [],
        "filter": None,
        "compare": None,
        "match": None,
        "transform": None,
        "top": None,
        "other": None,
        "totals": False,
    }


def test_days_of_another_zone_are_exact(full: World) -> None:
    asked = {"from": "2026-11-20", "to": "2026-11-21", "tz": "Asia/Kathmandu"}

    body = full.get("/v1/metrics/downloads", **asked).json_body

    assert body["results"][0] == {
        "start": "2026-11-20T00:00:00+05:45",
        "end": "2026-11-21T00:00:00+05:45",
        "value": 11,
        "partial": False,
    }


def test_groups_have_a_row_per_bucket_and_a_nameless_member_is_null_and_last(full: World) -> None:
    asked = {"from": "2026-11-20", "to": "2026-11-22", "group_by": "version"}

    rows = full.get("/v1/metrics/downloads", **asked).json_body["results"]

    assert [(r["version"], r["value"]) for r in rows] == [
        ("3.10.0", 7), ("3.9.0", 4), (None, 0), ("3.10.0", 1), ("3.9.0", 0), (None, 2),
    ]  # fmt: skip


def test_a_range_that_is_left_out_ends_with_the_present_bucket(full: World) -> None:
    query = full.get("/v1/metrics/downloads").json_body["query"]

    assert (query["from"], query["to"]) == ("2026-10-24T00:00:00+00:00", "2026-11-23T00:00:00+00:00")


def test_an_unchanged_answer_is_a_304_until_the_cube_changes(full: World) -> None:
    asked = {"from": "2026-11-20", "to": "2026-11-23"}
    tag = full.get("/v1/metrics/downloads", **asked).headers["ETag"]

    same = full.get("/v1/metrics/downloads", headers={"If-None-Match": f'"other", {tag}'}, **asked)
    other = full.get("/v1/metrics/downloads", headers={"If-None-Match": tag}, **{**asked, "interval": "PT1H"})
    publish(full.store, DOWNLOADS, ROWS[:1], WATERMARKS, seq=2)
    full.now += timedelta(seconds=5)
    later = full.get("/v1/metrics/downloads", headers={"If-None-Match": tag}, **asked)

    assert (same.status_code, same.body, same.headers["ETag"]) == (304, b"", tag)
    assert other.status_code == 200
    assert (later.status_code, later.json_body["results"][0]["value"]) == (200, 4)


def test_every_bad_parameter_is_named(full: World) -> None:
    asked = {"from": "2026-11-20T00:07", "to": "soon", "interval": "P2D", "tz": "Mars/Base", "colour": "red"}

    answer = full.get("/v1/metrics/downloads", **asked)

    assert answer.status_code == 400
    assert {e["parameter"] for e in answer.json_body["errors"]} == {"interval", "tz", "colour"}


BAD = [
    ({"from": "2026-11-20T00:07", "to": "soon"}, {"from", "to"}),
    ({"from": "2026-11-20", "to": "2026-11-20"}, {"to"}),
    ({"from": "2030-01-01"}, {"from"}),
    ({"group_by": "colour"}, {"group_by"}),
    ({"group_by": "version,version"}, {"group_by"}),
    ({"group_by": "is_bot"}, {"group_by"}),
]


@pytest.mark.parametrize(("asked", "named"), BAD)
def test_a_question_that_makes_no_sense_is_refused(full: World, asked: dict[str, str], named: set[str]) -> None:
    answer = full.get("/v1/metrics/downloads", **asked)

    assert answer.status_code == 400
    assert {e["parameter"] for e in answer.json_body["errors"]} == named


def test_a_repeated_parameter_is_refused(full: World) -> None:
    answer = full.call("GET", "/v1/metrics/downloads?tz=UTC&tz=Europe/Paris")

    assert answer.json_body["errors"] == [{"parameter": "tz", "detail": "Give this parameter once."}]


def test_an_unknown_metric_is_not_found(full: World) -> None:
    answer = full.get("/v1/metrics/happiness")

    assert answer.status_code == 404
    assert "/v1/metrics" in answer.json_body["detail"]


def test_too_many_points_are_unanswerable_and_say_what_to_do(full: World) -> None:
    answer = full.get("/v1/metrics/downloads", **{"from": "2020-01-01", "to": "2026-01-01", "interval": "PT15M"})

    assert answer.status_code == 422
    assert "longer interval" in answer.json_body["detail"]


def test_before_anything_is_published_answers_are_empty_and_say_so(world: World) -> None:
    counter = world.get("/v1/metrics/downloads", **{"from": "2026-11-20", "to": "2026-11-22"}).json_body
    gauge = world.get("/v1/metrics/stars", **{"from": "2026-11-20", "to": "2026-11-22"}).json_body
    grouped = world.get("/v1/metrics/stars", group_by="repository").json_body
    total = world.get("/adoption/downloads").json_body

    assert [r["value"] for r in counter["results"]] == [0, 0]
    assert [r["value"] for r in gauge["results"]] == [None, None]
    assert grouped["results"] == []
    assert total["downloads"] == []
    for body in (counter, gauge, grouped, total):
        assert body["meta"]["watermark"] is None
        assert body["meta"]["partial"] is True
        assert "published" in body["meta"]["warnings"][0]


def test_gauges_say_which_unit_and_kind_they_are(world: World) -> None:
    publish(world.store, GITHUB, [{"bucket_start": DAY, "repository": "a/a", "stars": 41}])

    body = world.get("/v1/metrics/stars", **{"from": "2026-11-20", "to": "2026-11-22"}).json_body

    assert [r["value"] for r in body["results"]] == [41, None]
    assert (body["meta"]["kind"], body["meta"]["unit"]) == ("gauge", "stars")


def test_the_original_contract_lists_downloads_newest_version_first(full: World) -> None:
    body = full.get("/adoption/downloads").json_body

    assert body["downloads"] == [
        {"version": "3.10.0", "dl": 8}, {"version": "3.9.0", "dl": 4}, {"version": None, "dl": 2},
    ]  # fmt: skip
    assert list(body) == ["downloads", "meta"]
    assert (body["meta"]["total"], body["meta"]["bots_excluded"]) == (14, 100)


def test_the_original_contract_takes_a_range_to_the_quarter_hour(full: World) -> None:
    asked = {"from": "2026-11-20T06:15", "to": "2026-11-20T06:30"}

    body = full.get("/adoption/downloads", **asked).json_body

    assert body["downloads"] == [{"version": "3.10.0", "dl": 7}]
    assert body["meta"]["from"] == "2026-11-20T06:15:00+00:00"
    assert body["meta"]["partial"] is False


@pytest.mark.parametrize("reporting", ["UTC", "Asia/Kathmandu", "Pacific/Kiritimati"])
@pytest.mark.parametrize("tz", ["UTC", "Asia/Kathmandu"])
def test_the_original_contract_counts_the_days_of_any_zone_whatever_the_reporting_zone(
    world: World, reporting: str, tz: str
) -> None:
    """Quarter hours and days of the reporting zone lie beside each other: each question needs the right ones."""
    rows = [
        {
            "bucket_start": DAY + timedelta(hours=n),
            "version": "1",
            "is_bot": False,
            "downloads": 2**n,
            "download_bytes": 0,
        }
        for n in range(0, 54, 6)
    ]
    publish(world.store, DOWNLOADS, rows, reporting=reporting)
    start, end = (datetime(2026, 11, day, tzinfo=ZoneInfo(tz)) for day in (20, 21))

    body = world.get("/adoption/downloads", **{"from": "2026-11-20", "to": "2026-11-21", "tz": tz}).json_body

    inside = sum(row["downloads"] for row in rows if start <= row["bucket_start"] < end)
    assert body["downloads"] == [{"version": "1", "dl": inside}]
    everything = world.get("/adoption/downloads", tz=tz).json_body
    assert everything["meta"]["total"] == sum(row["downloads"] for row in rows)


def test_the_original_contract_answers_304_too(full: World) -> None:
    tag = full.get("/adoption/downloads").headers["ETag"]

    assert full.get("/adoption/downloads", headers={"If-None-Match": tag}).status_code == 304


def test_every_metric_is_listed(world: World) -> None:
    body = world.get("/v1/metrics").json_body

    assert body["meta"]["count"] == len(body["results"])
    assert [result["name"] for result in body["results"]] == list(METRICS)
    assert {"name", "title", "unit", "kind", "better", "dimensions", "source", "description", "own"} == set(
        body["results"][0]
    )
