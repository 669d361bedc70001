"""``/v1/sources`` tells the truth about every source."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from chalicelib.domain.freshness import RunOutcome
from chalicelib.ingest.runs import record
from chalicelib.lake import commits, layout, published
from chalicelib.lake.published import Published
from chalicelib.lake.steps import Counts, Kind, Step
from chalicelib.sources.base import Window
from chalicelib.sources.registry import SOURCES
from tests.unit.api.world import ADMIN, World

ROOT = Path(__file__).resolve().parents[3]
STATS, LOGS, HOOKS = "github_repository_stats", "s3_access_logs", "github_webhooks"


CONFIG = b"""
[github_webhooks]
[s3_access_logs]
key_pattern = '(?P<version>x)'
silent_after_hours = 0
"""


def commit(
    world: World,
    stream: str,
    at: datetime,
    watermark: datetime,
    totals: Counts | None = None,
    last_record_at: datetime | None = None,
) -> None:
    window = Window(watermark - timedelta(hours=1), watermark)
    step = Step(window, watermark, totals=totals or Counts(), last_record_at=last_record_at)
    drafted = commits.draft(None, stream, attempt="a", kind=Kind.SEAL, committed_at=at, body=step.to_body())
    link = commits.append(world.store, drafted)
    published.advance(world.store, Published(stream, 1, link.sha256, at))


def told(world: World, name: str) -> dict[str, Any]:
    answer = world.get("/v1/sources")
    assert answer.status_code == 200
    return next(row for row in answer.json_body["results"] if row["name"] == name)


def test_a_source_that_never_ran_says_so(world: World) -> None:
    results = world.get("/v1/sources").json_body["results"]

    assert {row["name"] for row in results} == set(SOURCES)
    assert {row["state"] for row in results} == {"never_run"}
    assert {row["last_commit"] for row in results} == {None}


def test_a_source_that_is_well_tells_its_commit_watermark_and_lag(world: World) -> None:
    commit(world, HOOKS, world.now - timedelta(minutes=5), world.now - timedelta(minutes=20), Counts(9, 6, 1, 2))
    record(world.state, HOOKS, world.now - timedelta(minutes=5), RunOutcome.OK)

    source = told(world, HOOKS)

    assert (source["state"], source["kind"], source["lag_s"]) == ("ok", "arriving", 1200)
    assert source["last_commit"] == {"seq": 1, "at": "2026-11-22T12:02:30Z"}
    assert source["records"] == {"ok": 6, "rejected": 1, "duplicate": 2}
    assert source["rejected"] == 1
    assert source["last_error"] is None


def test_a_source_that_nothing_runs_any_more_is_late(world: World) -> None:
    commit(world, LOGS, world.now - timedelta(days=2), world.now - timedelta(days=2))

    assert (told(world, LOGS)["state"], told(world, LOGS)["overdue"]) == ("late", True)


def test_a_source_that_commits_and_receives_nothing_is_silent_unless_it_may_be(world: World) -> None:
    world.store.put(layout.SOURCES, CONFIG)
    for stream in (HOOKS, LOGS):
        commit(world, stream, world.now, world.now, last_record_at=world.now - timedelta(days=8))

    hooks, logs = told(world, HOOKS), told(world, LOGS)

    assert (hooks["state"], hooks["last_record_at"], hooks["overdue"]) == ("silent", "2026-11-14T12:07:30Z", False)
    assert (logs["state"], logs["last_record_at"]) == ("ok", "2026-11-14T12:07:30Z")
    assert world.get("/v1/sources").json_body["meta"]["warnings"] == []


@pytest.mark.parametrize(
    ("config", "warning"),
    [
        (None, "config/sources.toml is not in the lake bucket: deploy puts it there"),
        (b"[github_webhooks]\nsilent_after_hours = -1", "line 2: [github_webhooks] silent_after_hours: write a whole"),
        (b"[github_webhooks", "config/sources.toml is wrong; mend it and deploy"),
        (b"\xff", "config/sources.toml is wrong; mend it and deploy"),
    ],
)
def test_without_a_good_sources_file_nothing_is_called_silent_and_a_warning_says_so(
    world: World, config: bytes | None, warning: str
) -> None:
    if config is not None:
        world.store.put(layout.SOURCES, config)
    commit(world, HOOKS, world.now, world.now, last_record_at=world.now - timedelta(days=8))

    (said,) = world.get("/v1/sources").json_body["meta"]["warnings"]

    assert warning in said
    assert told(world, HOOKS)["state"] == "ok"


def test_a_source_that_fails_says_why(world: World) -> None:
    for _ in range(3):
        record(world.state, STATS, world.now, RunOutcome.FATAL, "401: the token was revoked")

    source = told(world, STATS)

    assert (source["state"], source["last_error"], source["failures"]) == ("failing", "401: the token was revoked", 3)


def test_a_source_that_asked_us_to_wait_says_until_when(world: World) -> None:
    until = world.now + timedelta(minutes=12)
    record(world.state, STATS, world.now, RunOutcome.RETRY, "429", until)

    source = told(world, STATS)

    assert source["state"] == "rate_limited"
    assert source["retry_at"] == source["next_run"] == "2026-11-22T12:19:30Z"


def test_a_recovered_source_shows_no_stale_error(world: World) -> None:
    record(world.state, STATS, world.now, RunOutcome.FATAL, "401")
    record(world.state, STATS, world.now, RunOutcome.OK)

    source = told(world, STATS)

    assert (source["last_error"], source["failures"]) == (None, 0)


def test_a_broken_log_is_a_failing_source_and_the_others_are_still_told(world: World) -> None:
    commit(world, HOOKS, world.now, world.now)
    world.store.put(layout.published(LOGS), b"not json")

    assert told(world, LOGS)["state"] == "failing"
    assert "inconsistent" in told(world, LOGS)["last_error"]
    assert told(world, HOOKS)["state"] == "ok"


def test_what_may_be_asked_of_a_source_is_what_the_api_takes(world: World) -> None:
    world.store.put(layout.SOURCES, (ROOT / "config" / "sources.toml").read_bytes())
    headers = {"Content-Type": "application/json"}
    refused = {400, 409}

    for row in world.get("/v1/sources").json_body["results"]:
        for wish, body in (("backfill", {}), ("again", {"again": True}), ("replay", {})):
            days = {} if wish == "replay" else {"from": "2026-11-01", "to": "2026-11-02"}
            path = f"/v1/sources/{row['name']}/{'replay' if wish == 'replay' else 'backfill'}"
            text = json.dumps({**days, **body}).encode()
            status = world.call("POST", path, token=ADMIN, headers=headers, body=text).status_code
            for key in [key for key in world.state.items if key[0] == "job"]:
                del world.state.items[key]
            assert row["configured"] is True
            assert (status == 202) is row["can"][wish], (row["name"], wish, status)
            assert status in {202, *refused}


def test_a_source_without_a_section_runs_not_and_takes_nothing(world: World) -> None:
    world.store.put(layout.SOURCES, CONFIG)

    hooks, stats = told(world, HOOKS), told(world, STATS)

    assert (hooks["configured"], stats["configured"]) == (True, False)
    assert set(stats["can"].values()) == {False}
    assert hooks["schedule"]["silent_after_s"] == 168 * 3600
    assert told(world, LOGS)["schedule"]["silent_after_s"] is None
    assert stats["schedule"]["every_s"] == 3600
