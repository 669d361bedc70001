"""A rule tried on the past: what it would have told is what the series says, bucket by bucket."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from chalicelib.api.alert_schemas import PREVIEWED
from chalicelib.metrics.declared.downloads import DOWNLOADS
from tests.unit.api.world import READ, World
from tests.unit.metrics.published_cubes import publish

PREVIEW = "/v1/alerts/preview"
END = datetime(2026, 11, 22, tzinfo=UTC)
HOURLY = {"name": "Downloads", "metric": "downloads", "interval": "PT1H"}


def downloads(world: World, count: Callable[[datetime], int], days: int = 60, version: str = "1") -> None:
    hours = [END - timedelta(hours=n) for n in range(1, 24 * days + 1)]
    rows = [
        {
            "bucket_start": hour,
            "product": "app",
            "version": version,
            "is_bot": False,
            "downloads": count(hour),
            "download_bytes": 1,
        }
        for hour in sorted(hours)
    ]
    publish(world.store, DOWNLOADS, rows, {"s3_access_logs": END + timedelta(minutes=20)})


def try_on(world: World, **given: Any) -> Any:
    answer = world.post_json(PREVIEW, {**HOURLY, **given}, READ)
    assert answer.status_code == 200, answer.body
    Draft202012Validator(PREVIEWED).validate(answer.json_body)
    return answer.json_body


def level(side: str, threshold: int, recover: int | None = None) -> dict[str, Any]:
    return {"kind": "level", "side": side, "threshold": threshold, "recover": recover}


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def test_it_fires_where_the_series_reaches_the_mark(world: World) -> None:
    downloads(world, lambda hour: 500 if hour.hour == 9 and hour.day % 7 == 0 else 20)

    body = try_on(world, condition=level("high", 400), range="30d")
    series = world.get("/v1/metrics/downloads", interval="PT1H", range="30d").json_body

    [line] = body["series"]
    assert [point["value"] for point in line["points"]] == [row["value"] for row in series["results"]]
    high = [point["end"] for point in line["points"] if point["value"] >= 400]
    assert [one["at"] for one in body["results"] if one["what"] == "fired"] == high
    assert [one["what"] for one in body["results"]] == ["fired", "recovered"] * len(high)
    assert [point["end"] for point in line["points"] if point["state"] == "firing"] == high
    assert (body["meta"]["fired"], body["meta"]["firing_s"], len(high)) == (4, 4 * 3600, 4)
    assert body["meta"]["summary"] == "It would have fired 4 times in 30 days, for 4 hours in all: 8 messages."
    assert body["results"][0]["value"] == "500"
    assert "500 downloads" in body["results"][0]["subject"]


def test_holding_keeping_and_hysteresis_are_those_of_the_machine(world: World) -> None:
    shape = {9: 500, 10: 350, 11: 500, 12: 500, 13: 350, 14: 100, 15: 100}
    downloads(world, lambda hour: shape.get(hour.hour, 20) if hour.day == 20 else 20)

    given = {"condition": level("high", 400, 300), "for": "PT1H", "keep_firing_for": "PT1H"}
    body = try_on(world, **given, **{"from": "2026-11-20", "until": "2026-11-21"})

    states = [point["state"] for point in body["series"][0]["points"]]
    assert states[9:16] == ["pending", "normal", "pending", "firing", "firing", "recovering", "normal"]
    assert [(one["what"], one["at"]) for one in body["results"]] == [
        ("fired", "2026-11-20T13:00:00Z"),
        ("recovered", "2026-11-20T16:00:00Z"),
    ]


def test_what_is_repeated_and_what_is_muted_go_by_the_clock(world: World) -> None:
    downloads(world, lambda hour: 500 if hour >= at("2026-11-20T09:00+00:00") else 20)
    night = [{"from": "08:00", "until": "12:20", "tz": "UTC"}]
    days = {"from": "2026-11-20", "until": "2026-11-22"}

    body = try_on(world, condition=level("high", 400), mute=night, renotify_interval="P1D", **days)

    assert [(one["what"], one["at"]) for one in body["results"]] == [
        ("fired", "2026-11-20T12:30:00Z"),  # the mute has ended, and it is looked at every quarter of an hour
        ("still", "2026-11-21T12:30:00Z"),
    ]
    assert body["meta"]["fired"] == 1


def test_an_anomaly_has_its_history_before_the_range(world: World) -> None:
    downloads(world, lambda hour: (300 if hour.hour == 9 else 20) if hour != at("2026-11-20T15:00+00:00") else 300)

    body = try_on(world, condition={"kind": "anomaly"}, range="7d")

    points = body["series"][0]["points"]
    assert [one["start"] for one in body["results"]] == ["2026-11-20T15:00:00Z", "2026-11-20T16:00:00Z"]
    assert "usual for Fridays 15:00" in body["results"][0]["reason"]
    assert all(point["low"] <= point["value"] <= point["high"] for point in points if point["state"] == "normal")
    assert {point["usual"] for point in points if point["start"][11:13] == "09"} == {300}
    assert body["meta"]["buckets"] == len(points) == 168


def test_what_has_too_little_history_tells_nothing(world: World) -> None:
    downloads(world, lambda hour: 300 if hour == at("2026-11-20T15:00+00:00") else 20, days=14)

    body = try_on(world, condition={"kind": "anomaly"}, range="7d")

    assert body["results"] == []
    assert {point["usual"] for point in body["series"][0]["points"]} == {None}


def test_a_change_is_held_against_the_bucket_a_week_before(world: World) -> None:
    downloads(world, lambda hour: 10 if hour.day == 20 and hour.hour == 9 else 20)

    fell = {"kind": "change", "compare": "week", "side": "low", "threshold": -0.4}
    body = try_on(world, condition=fell, range="7d")

    assert [(one["what"], one["start"], one["held"]) for one in body["results"]] == [
        ("fired", "2026-11-20T09:00:00Z", "-0.5"),
        ("recovered", "2026-11-20T10:00:00Z", "0"),
    ]


def test_a_rule_that_would_not_have_fired_says_so(world: World) -> None:
    downloads(world, lambda hour: 20)

    body = try_on(world, condition=level("high", 400), range="30d")

    assert body["meta"]["summary"] == "It would not have fired in 30 days."


def test_days_are_days_when_clocks_change(world: World) -> None:
    downloads(world, lambda hour: 500)

    body = try_on(world, condition=level("high", 400), range="30d", interval="P1D", tz="America/New_York")

    assert body["meta"]["summary"] == "It would have fired once in 29 days, for 29 days in all: 1 message."
    assert body["meta"]["firing_s"] == 29 * 86_400 + 3_600  # clocks went back on the 1st; the 30th is not complete


def test_buckets_that_are_not_complete_are_not_looked_at_and_that_is_said(world: World) -> None:
    downloads(world, lambda hour: 20)

    body = try_on(world, condition=level("low", 5), **{"from": "2026-11-21", "until": "2026-11-23"})

    assert body["results"] == []  # hours that are still to come are 0
    assert body["meta"]["complete_until"] == "2026-11-22T00:00:00Z"
    assert body["meta"]["buckets"] == 24
    assert any("not complete" in said for said in body["meta"]["warnings"])


def test_what_is_not_there_yet_is_said(world: World) -> None:
    body = try_on(world, condition=level("low", 5))

    assert body["series"] == []
    assert body["meta"]["summary"] == "Nothing of this range is complete yet."


def test_each_group_by_itself(world: World) -> None:
    rows = [
        {
            "bucket_start": END - timedelta(hours=n),
            "product": "app",
            "version": version,
            "is_bot": False,
            "downloads": 500 if (version, n) in (("1", 5), ("2", 7)) else 20,
            "download_bytes": 1,
        }
        for n in range(48, 0, -1)
        for version in ("1", "2")
    ]
    publish(world.store, DOWNLOADS, rows, {"s3_access_logs": END})

    body = try_on(world, condition=level("high", 400), group_by=["version"], range="1d")

    assert [line["group"] for line in body["series"]] == [{"version": "1"}, {"version": "2"}]
    assert [(one["what"], one["group"]["version"]) for one in body["results"]] == [
        ("fired", "2"),
        ("recovered", "2"),
        ("fired", "1"),
        ("recovered", "1"),
    ]


@pytest.mark.parametrize(
    ("given", "status", "parameter"),
    [
        ({"range": "fortnight"}, 400, "range"),
        ({"range": "all"}, 422, "range"),
        ({"range": 7}, 400, "range"),
        ({"range": "7d", "from": "2026-11-01"}, 400, "range"),
        ({"from": "2026-11-09", "until": "2026-11-01"}, 400, "until"),
        ({"from": "1999-01-01", "until": "2026-11-01"}, 422, "interval"),
        ({"metric": "downlaods"}, 400, "metric"),
        ({"condition": {"kind": "incidents"}, "metric": None, "interval": None}, 422, "condition.kind"),
    ],
)
def test_what_is_wrong_is_named(world: World, given: Any, status: int, parameter: str) -> None:
    answer = world.post_json(PREVIEW, {**HOURLY, "condition": level("high", 1), **given}, READ)

    assert answer.status_code == status, answer.body
    assert answer.json_body["errors"][0]["parameter"] == parameter, answer.body


def test_nobody_reads_a_thousand_messages(world: World) -> None:
    downloads(world, lambda hour: 500 * (hour.hour % 2))

    body = try_on(world, condition=level("high", 400), range="50d", renotify_interval="PT5M")

    assert body["meta"]["fired"] == 50 * 12  # none is lost because so many are told again and again
    assert len(body["results"]) == 1_000
    assert body["meta"]["truncated"] is True
    assert body["meta"]["messages"] > 1_000
    assert "more than" in body["meta"]["summary"]


def test_a_preview_leaves_nothing_behind(world: World) -> None:
    downloads(world, lambda hour: 500)
    before = set(world.state.items)

    body = try_on(world, condition=level("high", 400))

    assert body["meta"]["fired"] == 1
    assert set(world.state.items) == before
