"""``/v1/exports`` as a client sees it."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from chalicelib.api import export_schemas
from chalicelib.api.exports import MAX_AT_WORK
from chalicelib.exports import jobs
from chalicelib.exports.work import Work
from chalicelib.metrics.declared.downloads import DOWNLOADS
from chalicelib.metrics.own_state import Metrics
from tests.unit.api.world import ADMIN, READ, World
from tests.unit.metrics.published_cubes import publish

QUERY = {"metrics": ["downloads"], "range": "30d", "interval": "PT15M", "tz": "Europe/Paris"}
JSON = {"Content-Type": "application/json"}


@pytest.fixture
def full(world: World) -> World:
    at = {"bucket_start": datetime(2026, 11, 20, tzinfo=UTC), "version": "1", "product": None, "is_bot": False}
    publish(world.store, DOWNLOADS, [{**at, "downloads": 3, "download_bytes": 4}], {"s3_access_logs": world.now})
    return world


def post(world: World, body: Any, key: str | None = None, token: str = READ) -> Any:
    headers = JSON | ({"Idempotency-Key": key} if key else {})
    return world.call("POST", "/v1/exports", token=token, headers=headers, body=json.dumps(body).encode())


def worked_off(world: World) -> None:
    metrics = Metrics(lambda: world.state)
    work = Work(world.state, world.results, world.context.series, lambda: metrics, world.context.clock)
    for owner, export_id in world.told_of:
        work.do(owner, export_id)


def test_an_export_is_asked_for_made_and_fetched(full: World) -> None:
    asked = post(full, {"query": QUERY, "format": "csv"})

    assert asked.status_code == 202
    assert asked.headers["Location"] == f"exports/{asked.json_body['id']}"
    assert asked.headers["Retry-After"] == "5"
    assert (asked.json_body["state"], asked.json_body["link"]) == ("queued", None)
    worked_off(full)
    done = full.get(f"/v1/{asked.headers['Location']}")
    assert (done.json_body["state"], done.json_body["filename"]) == (
        "done", "headwater-downloads-2026-10-23-to-2026-11-21.csv",
    )  # fmt: skip
    Draft202012Validator(export_schemas.EXPORT).validate(done.json_body)
    path = full.results.folder / done.json_body["link"].removeprefix("https://results/").partition("?")[0]
    assert path.stat().st_size == done.json_body["size_bytes"]
    assert "for=900" in done.json_body["link"]
    listed = full.get("/v1/exports").json_body["results"]
    assert [(one["id"], one["state"], one["link"]) for one in listed] == [(asked.json_body["id"], "done", None)]


def test_the_same_key_is_the_same_export(full: World) -> None:
    one, two = (post(full, {"query": QUERY, "format": "xlsx"}, key="k") for _ in range(2))
    other = post(full, {"query": QUERY, "format": "csv"}, key="k")

    assert one.json_body == two.json_body
    assert len(set(full.told_of)) == 1
    assert (other.status_code, other.json_body["errors"][0]["parameter"]) == (422, "Idempotency-Key")


def test_one_that_the_queue_does_not_know_is_told_again_when_somebody_looks(full: World) -> None:
    made = post(full, {"query": QUERY, "format": "csv"}).json_body
    full.get(f"/v1/exports/{made['id']}")
    assert len(full.told_of) == 1

    full.now += jobs.FORGOTTEN
    full.get(f"/v1/exports/{made['id']}")

    assert len(full.told_of) == 2


def test_exports_are_their_owners_own(full: World) -> None:
    made = post(full, {"query": QUERY, "format": "csv"}).json_body

    assert full.get(f"/v1/exports/{made['id']}", token=ADMIN).status_code == 404
    assert full.get("/v1/exports", token=ADMIN).json_body["results"] == []


def test_one_that_does_not_end_has_failed(full: World) -> None:
    made = post(full, {"query": QUERY, "format": "csv"}).json_body
    full.now += jobs.TIME_CAP + timedelta(minutes=1)

    found = full.get(f"/v1/exports/{made['id']}").json_body

    assert found["state"] == "failed"
    assert "ask again" in found["error"]


def test_no_token_has_all_the_workers(full: World) -> None:
    for _ in range(MAX_AT_WORK):
        assert post(full, {"query": QUERY, "format": "csv"}).status_code == 202

    assert post(full, {"query": QUERY, "format": "csv"}).status_code == 429


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ({"format": "csv"}, ["query"]),
        ({"query": QUERY}, ["format"]),
        ({"query": QUERY, "format": "json"}, ["format"]),
        ({"query": QUERY, "format": "csv", "fromat": 1}, ["fromat"]),
        ({"query": {**QUERY, "order": ["start"], "limit": 3}, "format": "csv"}, ["query.order", "query.limit"]),
        ({"query": {**QUERY, "metrics": ["downlods"]}, "format": "csv"}, ["query.metrics"]),
        ({"query": {**QUERY, "interval": "P2D"}, "format": "csv"}, ["query.interval"]),
        ({"query": {**QUERY, "group_by": ["nothing"]}, "format": "csv"}, ["query.group_by"]),
    ],
)
def test_what_is_wrong_is_named(full: World, body: Any, named: list[str]) -> None:
    answer = post(full, body)

    assert answer.status_code == 400
    assert [error["parameter"] for error in answer.json_body["errors"]] == named
    assert full.told_of == []
