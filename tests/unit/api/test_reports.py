"""``/v1/reports`` as an administrator and a reader see it, and files by the links that people are sent."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from chalice.test import HTTPResponse
from jsonschema import Draft202012Validator

from chalicelib.api import report_schemas as schemas
from chalicelib.api.report_runs import MAX_AT_WORK
from chalicelib.domain.links import Purpose, sign
from chalicelib.domain.records import WorkState
from chalicelib.metrics.declared.downloads import DOWNLOADS
from chalicelib.outbox import channels
from chalicelib.outbox.channels import Channel, ChannelKind
from chalicelib.outbox.message import SITE
from chalicelib.outbox.sharing import address
from chalicelib.reports import kept, runs
from chalicelib.reports.report import Asked
from tests.unit.api.world import ADMIN, READ, SQL, World
from tests.unit.metrics.published_cubes import publish

GIVEN = schemas.GIVEN_EXAMPLE
NAME = GIVEN["name"]
KEY = b"k" * 64


@pytest.fixture
def full(world: World) -> World:
    at = {"bucket_start": datetime(2026, 11, 20, tzinfo=UTC), "version": "1", "product": None, "is_bot": False}
    publish(world.store, DOWNLOADS, [{**at, "downloads": 3, "download_bytes": 4}], {"s3_access_logs": world.now})
    return world


def send(
    world: World, method: str, path: str, body: Any, token: str = ADMIN, headers: Mapping[str, str] | None = None
) -> HTTPResponse:
    sent = {"Content-Type": "application/json", **(headers or {})}
    return world.call(method, path, token=token, headers=sent, body=json.dumps(body).encode())


def made(world: World, **changed: Any) -> HTTPResponse:
    return send(world, "POST", "/v1/reports", {**GIVEN, **changed})


def faults(answer: HTTPResponse) -> dict[str, str]:
    return {one["parameter"]: one["detail"] for one in answer.json_body["errors"]}


def test_a_report_is_made_and_found(full: World) -> None:
    answer = made(full)

    assert answer.status_code == 201
    assert answer.headers["Location"] == "reports/weekly-downloads"
    Draft202012Validator(schemas.REPORT).validate(answer.json_body)
    assert {name: answer.json_body[name] for name in GIVEN} == GIVEN
    assert answer.json_body["next_at"] == "2026-11-23T07:00:00Z"
    found = full.get(f"/v1/reports/{NAME}")
    assert found.json_body == answer.json_body
    assert found.headers["ETag"] == answer.headers["ETag"]
    assert full.get("/v1/reports").json_body["results"] == [answer.json_body]


def test_the_example_has_the_shape_of_what_is_answered(full: World) -> None:
    assert made(full).json_body.keys() == schemas.REPORT_EXAMPLE.keys()
    run = send(full, "POST", f"/v1/reports/{NAME}/runs", {"send": True}).json_body
    assert run.keys() == schemas.RUN_EXAMPLE.keys()
    Draft202012Validator(schemas.RUN).validate(run)


def test_only_admins_make_reports_and_readers_see_them(full: World) -> None:
    for token in (READ, SQL):
        assert send(full, "POST", "/v1/reports", GIVEN, token).status_code == 403
        assert full.get("/v1/reports", token=token).status_code == 200
    made(full)
    assert send(full, "POST", f"/v1/reports/{NAME}/runs", {}, SQL).status_code == 403


def test_every_wrong_field_is_named_from_its_part_on(full: World) -> None:
    parts = [
        {"title": "One", "query": {"metrics": ["downlods"], "rnage": "7d"}},
        {"title": "Two", "sql": "SELECT * FROM secrets"},
        {"title": "Three", "saved_query": "top_page"},
        {"title": "Four", "sql": "SELECT 1 AS n WHERE 1 = ?"},
    ]
    answer = made(full, parts=parts, to=["channel:tem"])

    assert answer.status_code == 400
    found = faults(answer)
    assert found.keys() == {
        "to", "parts[0].query.metrics", "parts[0].query.rnage", "parts[1].sql", "parts[2].saved_query",
        "parts[3].parameters",
    }  # fmt: skip
    assert "Did you mean 'downloads'?" in found["parts[0].query.metrics"]
    assert "Did you mean 'top_pages'?" in found["parts[2].saved_query"]
    assert list(kept.every(full.state)) == []


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", "Weekly downloads"),
        ("name", "a" * 61),
        ("title", " "),
        ("format", "csv"),
        ("parts", []),
        ("parts", [GIVEN["parts"][0]] * 21),
        ("parts", [GIVEN["parts"][0]] * 2),
        ("parts[0]", [{"title": "x"}]),
        ("parts[0]", [{"title": "x", "sql": "SELECT 1", "query": {}}]),
        ("parts[0].title", [{"query": GIVEN["parts"][0]["query"]}]),
        ("parts[0].query.from", [{"title": "x", "query": {"metrics": ["downloads"], "from": "soon"}}]),
        ("parts[0].query.interval", [{"title": "x", "query": {"metrics": ["downloads"], "interval": "PT1S"}}]),
        ("parts[0].query.order", [{"title": "x", "query": {"metrics": ["downloads"], "order": ["start"]}}]),
        ("parts[0].parameters", [{"title": "x", "sql": "SELECT 1 WHERE 1 = ?", "parameters": [1.5]}]),
        ("schedule.hour", {"cadence": "daily", "hour": 24}),
        ("schedule.cadence", {"cadence": "hourly", "hour": 1}),
        ("schedule.zone", {"cadence": "daily", "hour": 1, "zone": "Europe/Pari"}),
        ("schedule.day", {"cadence": "weekly", "hour": 1, "day": 3}),
        ("schedule.weekday", {"cadence": "monthly", "hour": 1, "weekday": 3}),
        ("schedule.weekday", {"cadence": "weekly", "hour": 1, "weekday": 8}),
        ("to", []),
        ("to", ["everybody"]),
        ("enabled", "yes"),
    ],
)
def test_a_wrong_field_is_refused_by_its_name(full: World, field: str, value: Any) -> None:
    top = field.partition("[")[0].partition(".")[0]
    answer = made(full, **{top: value})

    assert answer.status_code == 400
    assert field in faults(answer)


def test_a_question_of_too_many_points_is_refused_before_it_is_kept(full: World) -> None:
    query = {"metrics": ["downloads"], "from": "2020-01-01", "to": "2026-01-01", "interval": "PT15M"}
    answer = made(full, parts=[{"title": "x", "query": query}])

    assert answer.status_code == 422
    assert "parts[0].query.interval" in faults(answer)


def test_a_channel_that_is_there_may_be_named(full: World) -> None:
    channel = Channel("team", ChannelKind.WEBHOOK, True, 60, full.now, "ada", "s")
    channels.write(full.state, channel)

    assert made(full, to=["channel:team", "subscribers"]).json_body["to"] == ["channel:team", "subscribers"]


def test_another_try_makes_no_second_one_and_a_namesake_is_refused(full: World) -> None:
    key = {"Idempotency-Key": "k"}

    first, again = (send(full, "POST", "/v1/reports", GIVEN, headers=key) for _ in range(2))
    other = send(full, "POST", "/v1/reports", {**GIVEN, "title": "Other"}, headers=key)

    assert (first.status_code, again.status_code, other.status_code) == (201, 201, 422)
    assert again.json_body == first.json_body
    assert made(full).status_code == 409


def test_a_change_takes_what_is_given_and_names_what_it_has_seen(full: World) -> None:
    tag = {"If-Match": made(full).headers["ETag"]}
    full.now += timedelta(hours=1)

    without = send(full, "PATCH", f"/v1/reports/{NAME}", {"title": "New"})
    changed = send(full, "PATCH", f"/v1/reports/{NAME}", {"title": "New", "schedule": None}, headers=tag)
    late = send(full, "PATCH", f"/v1/reports/{NAME}", {"title": "Newer"}, headers=tag)

    assert (without.status_code, changed.status_code, late.status_code) == (428, 200, 412)
    assert (changed.json_body["title"], changed.json_body["schedule"], changed.json_body["next_at"]) == (
        "New", None, None,
    )  # fmt: skip
    assert changed.json_body["parts"] == GIVEN["parts"]
    renamed = send(full, "PATCH", f"/v1/reports/{NAME}", {"name": "x"}, headers={"If-Match": changed.headers["ETag"]})
    assert renamed.status_code == 400


def test_what_was_due_while_it_was_off_is_not_made_when_it_is_switched_on(full: World) -> None:
    tag = made(full, enabled=False).headers["ETag"]
    full.now += timedelta(days=2)

    changed = send(full, "PATCH", f"/v1/reports/{NAME}", {"enabled": True}, headers={"If-Match": tag})
    report = kept.read(full.state, NAME)
    assert report is not None
    assert report.due(full.now) is None
    titled = send(full, "PATCH", f"/v1/reports/{NAME}", {"title": "x"}, headers={"If-Match": changed.headers["ETag"]})
    assert titled.status_code == 200
    after = kept.read(full.state, NAME)
    assert after is not None
    assert after.since == report.since, "a title is no new time"


def test_a_report_whose_metric_is_gone_can_still_be_switched_off(full: World) -> None:
    made(full)
    report = kept.read(full.state, NAME)
    assert report is not None
    gone = replace(report.content, parts=(Asked("Old", {"metrics": ["no_more"]}),), to=("channel:old",))
    written = kept.write(full.state, replace(report, content=gone))
    assert written is not None

    tag = {"If-Match": f'"{written.version}"'}
    off = send(full, "PATCH", f"/v1/reports/{NAME}", {"enabled": False}, headers=tag)
    worse = send(
        full, "PATCH", f"/v1/reports/{NAME}", {"to": ["channel:other"]}, headers={"If-Match": off.headers["ETag"]}
    )

    assert (off.status_code, worse.status_code) == (200, 400)
    assert off.json_body["enabled"] is False


def test_a_deleted_report_is_gone_and_its_name_is_free_again(full: World) -> None:
    tag = made(full).headers["ETag"]

    gone = full.call("DELETE", f"/v1/reports/{NAME}", token=ADMIN, headers={"If-Match": tag})

    assert gone.status_code == 204
    assert full.get(f"/v1/reports/{NAME}").status_code == 404
    assert full.get("/v1/reports").json_body["results"] == []
    assert made(full).status_code == 201


def test_a_near_name_is_told(full: World) -> None:
    made(full)

    assert "Did you mean 'weekly-downloads'?" in full.get("/v1/reports/weekly-download").json_body["detail"]


def test_making_it_now_tells_the_queue_once_under_a_key(full: World) -> None:
    made(full)
    key = {"Idempotency-Key": "k"}

    first, again = (send(full, "POST", f"/v1/reports/{NAME}/runs", {"send": True}, headers=key) for _ in range(2))
    other = send(full, "POST", f"/v1/reports/{NAME}/runs", {}, headers=key)

    assert (first.status_code, again.status_code, other.status_code) == (202, 202, 422)
    assert first.json_body == again.json_body
    assert first.headers["Location"] == f"runs/{first.json_body['id']}"
    assert set(full.told_of_reports) == {(NAME, first.json_body["id"])}
    (run,) = runs.every(full.state, NAME)
    assert (run.due_at, run.send, run.by, run.told) == (full.now, True, "admin", False)


def test_only_so_many_are_at_work_at_once(full: World) -> None:
    made(full)

    statuses = [send(full, "POST", f"/v1/reports/{NAME}/runs", {}).status_code for _ in range(MAX_AT_WORK + 1)]

    assert statuses == [202] * MAX_AT_WORK + [429]


def done(world: World) -> runs.Run:
    send(world, "POST", f"/v1/reports/{NAME}/runs", {})
    (run,) = runs.every(world.state, NAME)
    ended = replace(run, told=True, size_bytes=4, lines=("Downloads: 3",)).ended(WorkState.DONE, world.now)
    written = runs.update(world.state, ended)
    assert written is not None
    path = world.results.folder / run.key
    path.parent.mkdir(parents=True)
    path.write_bytes(b"%PDF")
    return written


def test_a_run_that_is_done_has_a_link_and_a_file(full: World) -> None:
    made(full)
    run = done(full)

    seen = full.get(f"/v1/reports/{NAME}/runs/{run.id}")
    file = full.get(f"/v1/reports/{NAME}/runs/{run.id}/file")
    listed = full.get(f"/v1/reports/{NAME}/runs")

    Draft202012Validator(schemas.RUN).validate(seen.json_body)
    assert seen.json_body["link"].startswith(f"https://results/{run.key}")
    assert (file.status_code, file.headers["Location"]) == (303, seen.json_body["link"])
    assert [one["id"] for one in listed.json_body["results"]] == [run.id]
    assert listed.json_body["results"][0]["link"] is None


def test_a_run_that_is_not_done_has_no_file_and_one_that_was_left_is_told_again(full: World) -> None:
    made(full)
    run = send(full, "POST", f"/v1/reports/{NAME}/runs", {}).json_body
    full.told_of_reports.clear()

    early = full.get(f"/v1/reports/{NAME}/runs/{run['id']}")
    assert (early.headers["Retry-After"], full.told_of_reports) == ("5", [])
    assert full.get(f"/v1/reports/{NAME}/runs/{run['id']}/file").status_code == 409
    full.now += runs.FORGOTTEN
    full.get(f"/v1/reports/{NAME}/runs/{run['id']}")
    assert full.told_of_reports == [(NAME, run["id"])]
    assert full.get(f"/v1/reports/{NAME}/runs/other").status_code == 404


def shared(world: World, token: str, **headers: str) -> HTTPResponse:
    return world.call("GET", f"/v1/shared/{token}", token=None, headers=headers)


def link_to(world: World, key: str, days: int = 14) -> str:
    link = address(KEY, key, "weekly.pdf", world.now + timedelta(days=days))
    return link.removeprefix(f"{SITE}/api/v1/shared/")


def test_a_link_leads_to_its_file_without_a_token(full: World) -> None:
    made(full)
    run = done(full)
    token = link_to(full, run.key)

    answer = shared(full, token)
    head = full.call("HEAD", f"/v1/shared/{token}", token=None)

    assert (answer.status_code, head.status_code) == (303, 303)
    assert answer.headers["Location"] == f"https://results/{run.key}?name=weekly.pdf&for=900"
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("broken", ["", "x", "first", "last", "surrogate"])
def test_a_link_that_was_changed_is_refused(full: World, broken: str) -> None:
    made(full)
    good = link_to(full, done(full).key)
    token = {"first": "X" + good[1:], "last": good[:-2] + "AA", "surrogate": good + "%ED%A0%80"}.get(broken, broken)

    answer = shared(full, token or ".")

    assert answer.status_code == 403
    assert "not complete or was changed" in answer.json_body["detail"]


def test_a_link_that_is_too_old_or_whose_file_is_gone_says_so(full: World) -> None:
    made(full)
    run = done(full)
    token = link_to(full, run.key, days=1)
    Path(full.results.folder / run.key).unlink()

    gone = shared(full, token)
    full.now += timedelta(days=1, seconds=1)
    old = shared(full, token)

    assert (gone.status_code, old.status_code) == (410, 410)
    assert "kept no longer" in gone.json_body["detail"]
    assert "too old" in old.json_body["detail"]


def test_people_get_a_page_and_nothing_of_the_request_in_it(full: World) -> None:
    answer = shared(full, "<script>", Accept="text/html,*/*")

    assert answer.status_code == 403
    assert answer.headers["Content-Type"].startswith("text/html")
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert b"script" not in answer.body


@pytest.mark.parametrize("key", ["exports/own/e1.csv", "athena/1.csv", "sql/1.csv"])
def test_a_signed_link_to_anything_else_leads_nowhere(full: World, key: str) -> None:
    assert shared(full, link_to(full, key)).status_code == 403
    other = sign(KEY, Purpose.UNSUBSCRIBE, "reports/a.pdf", "n", full.now + timedelta(days=1))
    assert shared(full, other).status_code == 403
