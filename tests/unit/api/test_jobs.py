"""Backfills and replays are asked for, looked at and cancelled; what cannot be done is refused with what to do."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar
from urllib.parse import urljoin

import pytest
from chalice.test import HTTPResponse
from jsonschema import Draft202012Validator

from chalicelib.api import schemas
from chalicelib.api.jobs import MAX_ACTIVE
from chalicelib.ingest import jobs
from chalicelib.ingest.jobs import JobState
from chalicelib.lake import commits, layout
from chalicelib.lake.steps import Kind, Step
from chalicelib.sources import keys
from chalicelib.sources.base import Table, Window
from chalicelib.sources.registry import SOURCES
from tests.simulation.outside import DAYS, EVENTS, History, Level
from tests.unit.api.world import ADMIN, READ, World

LIVE = Window(datetime(2026, 11, 10, tzinfo=UTC), datetime(2026, 11, 22, tzinfo=UTC))


class Events(History):
    """Grows only."""

    name: ClassVar[str] = "sim_events"
    tables: ClassVar[tuple[Table, ...]] = (EVENTS,)
    keys: ClassVar[tuple[keys.Key, ...]] = ()


class Days(History):
    """Restated."""

    name: ClassVar[str] = "sim_days"
    tables: ClassVar[tuple[Table, ...]] = (DAYS,)
    keys: ClassVar[tuple[keys.Key, ...]] = ()


class Levels(Level):
    """Only now."""

    name: ClassVar[str] = "sim_levels"
    keys: ClassVar[tuple[keys.Key, ...]] = ()


@pytest.fixture
def world(world: World) -> World:
    known = {source.name: source for source in (Events(), Days(), Levels())}
    known |= {name: SOURCES[name] for name in ("s3_access_logs", "product_events", "github_webhooks")}
    world.context = replace(world.context, open_sources=lambda: known)
    logs = "[s3_access_logs]\nkey_pattern = '(?P<version>x)'\n"
    toml = f"[sim_events]\n[sim_days]\n[sim_levels]\n[product_events]\n{logs}"
    world.store.put(layout.SOURCES, toml.encode())
    for name in ("sim_events", "sim_days"):
        body = Step(LIVE, LIVE.end, covered=(LIVE,)).to_body()
        drafted = commits.draft(None, name, attempt="a", kind=Kind.PULL, committed_at=LIVE.end, body=body)
        commits.append(world.store, drafted)
    return world


def ask(world: World, source: str, body: Any, key: str | None = None, kind: str = "backfill") -> HTTPResponse:
    headers = {"Content-Type": "application/json"} | ({} if key is None else {"Idempotency-Key": key})
    path = f"/v1/sources/{source}/{kind}"
    return world.call("POST", path, token=ADMIN, headers=headers, body=json.dumps(body).encode())


def test_a_backfill_is_a_job_with_an_address_of_what_is_not_pulled_yet(world: World) -> None:
    answer = ask(world, "sim_events", {"from": "2026-11-08T05:00:00Z", "to": "2026-11-12"})

    assert answer.status_code == 202
    Draft202012Validator(schemas.JOB).validate(answer.json_body)
    assert answer.json_body["state"] == "queued"
    assert answer.json_body["ranges"] == [{"from": "2026-11-08T00:00:00Z", "to": "2026-11-10T00:00:00Z"}]
    assert answer.json_body["total"] == 4
    assert len(answer.json_body["notes"]) == 2
    assert answer.headers["Retry-After"] == "5"
    place = urljoin("/v1/sources/sim_events/backfill", answer.headers["Location"])
    assert world.get(place, token=ADMIN).json_body == answer.json_body
    listed = world.get("/v1/jobs", token=ADMIN).json_body
    Draft202012Validator(schemas.JOBS).validate(listed)
    assert listed["results"] == [answer.json_body]


def test_a_range_that_is_pulled_already_is_done_at_once_and_says_so(world: World) -> None:
    answer = ask(world, "sim_events", {"from": "2026-11-11", "to": "2026-11-12"}).json_body

    assert (answer["state"], answer["ranges"], answer["total"]) == ("done", [], 0)
    assert "already" in answer["notes"][0]
    assert answer["finished_at"] is not None


def test_what_comes_after_the_live_cursor_is_left_to_the_live_stream(world: World) -> None:
    answer = ask(world, "sim_events", {"from": "2026-11-21", "to": "2027-01-01"}).json_body

    assert answer["state"] == "done"
    assert any("live stream" in note for note in answer["notes"])


def test_only_a_restated_source_is_asked_again(world: World) -> None:
    wanted = {"from": "2026-11-11", "to": "2026-11-13", "again": True}

    again, doubled = ask(world, "sim_days", wanted), ask(world, "sim_events", wanted)

    assert (again.status_code, again.json_body["total"], again.json_body["again"]) == (202, 4, True)
    assert doubled.status_code == 409
    assert "events" in doubled.json_body["detail"]


REFUSED = [
    ("sim_levels", {"from": "2026-11-01", "to": "2026-11-02"}, 400, "only now can be asked"),
    ("product_events", {"from": "2026-11-01", "to": "2026-11-02"}, 400, "send it again"),
    ("s3_access_logs", {"from": "2026-11-01", "to": "2026-11-02"}, 400, "every hour"),
    ("github_webhooks", {"from": "2026-11-01", "to": "2026-11-02"}, 409, "no section"),
    ("nothing", {"from": "2026-11-01", "to": "2026-11-02"}, 404, "no source"),
    ("sim_events", {"from": "2026-11-02", "to": "2026-11-02"}, 400, "wrong"),
    ("sim_events", {"from": "yesterday", "to": 3, "again": "yes", "more": 1}, 400, "wrong"),
    ("sim_events", {"from": "1981-01-01", "to": "2026-11-02"}, 400, "too long"),
]


@pytest.mark.parametrize(("source", "body", "status", "says"), REFUSED)
def test_what_cannot_be_done_is_refused_with_what_to_do(
    world: World, source: str, body: Any, status: int, says: str
) -> None:
    answer = ask(world, source, body)

    assert answer.status_code == status
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert says in answer.json_body["detail"]
    assert world.get("/v1/jobs", token=ADMIN).json_body["results"] == []


def test_every_bad_field_is_named(world: World) -> None:
    answer = ask(world, "sim_events", {"from": "yesterday", "to": 3, "again": "yes", "more": 1})

    assert [error["parameter"] for error in answer.json_body["errors"]] == ["more", "from", "to", "again"]


def test_the_same_key_is_the_same_job_and_with_another_range_it_is_refused(world: World) -> None:
    wanted = {"from": "2026-11-01", "to": "2026-11-02"}

    first, second = (ask(world, "sim_events", wanted, "k-1").json_body for _ in range(2))
    other = ask(world, "sim_events", {**wanted, "to": "2026-11-03"}, "k-1")

    assert first == second
    assert other.status_code == 422
    assert len(world.get("/v1/jobs", token=ADMIN).json_body["results"]) == 1


def test_a_cancelled_job_stays_cancelled_and_an_ended_one_as_it_is(world: World) -> None:
    made = ask(world, "sim_events", {"from": "2026-11-01", "to": "2026-11-02"}).json_body
    done = ask(world, "sim_events", {"from": "2026-11-11", "to": "2026-11-12"}).json_body

    first, second = (world.call("DELETE", f"/v1/jobs/{job['id']}", token=ADMIN).json_body for job in (made, done))

    assert (first["state"], second["state"]) == ("cancelled", "done")
    found = jobs.read(world.state, made["id"])
    assert found is not None
    assert found.state is JobState.CANCELLED


def test_there_is_an_end_to_how_many_jobs_may_wait(world: World) -> None:
    for day in range(MAX_ACTIVE):
        made = ask(world, "sim_events", {"from": f"2026-10-{day + 1:02d}", "to": f"2026-10-{day + 2:02d}"})
        assert made.status_code == 202

    assert ask(world, "sim_events", {"from": "2026-09-01", "to": "2026-09-02"}).status_code == 429


def test_a_replay_is_a_job_over_all_commits_or_a_range_of_them(world: World) -> None:
    every = ask(world, "product_events", {}, kind="replay")
    some = ask(world, "sim_events", {"from": "2026-11-01"}, kind="replay")

    assert (every.status_code, every.json_body["ranges"]) == (202, [])
    assert some.json_body["ranges"] == [{"from": "2026-11-01T00:00:00Z", "to": "2026-11-22T12:07:30Z"}]
    Draft202012Validator(schemas.JOB).validate(some.json_body)


def test_a_replay_of_a_restated_source_is_refused_with_what_to_do(world: World) -> None:
    answer = ask(world, "sim_days", {}, kind="replay")

    assert answer.status_code == 409
    assert "'again': true" in answer.json_body["detail"]


ROUTES = [
    ("POST", "/v1/sources/sim_events/backfill"),
    ("POST", "/v1/sources/sim_events/replay"),
    ("GET", "/v1/jobs"),
    ("GET", "/v1/jobs/x"),
    ("DELETE", "/v1/jobs/x"),
]


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_only_an_admin_may(world: World, method: str, path: str) -> None:
    assert world.call(method, path, token=READ).status_code == 403
    assert world.call(method, path, token=None).status_code == 401


@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_a_job_that_is_not_there_is_a_404(world: World, method: str) -> None:
    assert world.call(method, "/v1/jobs/x", token=ADMIN).status_code == 404


def test_a_replay_has_to_end_after_it_starts(world: World) -> None:
    later = (world.now + timedelta(days=1)).date().isoformat()

    assert ask(world, "sim_events", {"from": later}, kind="replay").status_code == 400
