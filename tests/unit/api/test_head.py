"""After the head has looked, a cold API answers what pages and the contract ask without reading a single cube."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from chalice.test import HTTPResponse

from chalicelib.dashboards.first_questions import ALSO, first_questions
from chalicelib.metrics.head import Head
from chalicelib.metrics.query import SeriesQuery
from chalicelib.metrics.stored import StoredAnswers
from tests.page_requests import CONTRACT, PAGES, Request, page
from tests.unit.api.test_contract import CONFIG
from tests.unit.api.world import READ, World
from tests.unit.metrics.every_cube import publish_all
from tests.unit.metrics.memory_lake import MemoryStore

KNOWN = datetime(2026, 11, 22, 9, 45, tzinfo=UTC)
BRAND = "Acme"
"""The first brand of the configuration."""


@pytest.fixture(params=["UTC", "Asia/Kathmandu", "America/New_York"])
def cold(request: pytest.FixtureRequest, world: World, tmp_path: Path) -> tuple[World, str]:
    """A cold API beside what a head of the zone has kept; cubes have 100 days of rows."""
    zone, results = request.param, MemoryStore()
    publish_all(world.store, KNOWN, days=100, reporting=zone)
    world.store.put("config/sources.toml", CONFIG.encode())
    stored = StoredAnswers(lambda: results, pytest.fail)
    series = SeriesQuery(lambda: world.store, lambda: world.now, tmp_path / "head", stored)
    at = ZoneInfo(zone)
    head = Head(series, lambda: first_questions(world.now, at, BRAND, series.watermark), pytest.fail)
    look = head.look(lambda: True)
    assert look.computed == look.questions
    world.context = replace(world.context, open_answers=lambda: results, cache_folder=tmp_path / "cold")
    return world, zone


def asked(world: World, zone: str) -> Iterator[tuple[Request, HTTPResponse]]:
    """Ask everything that is asked first, as pages and clients do."""
    pages = [request for name in PAGES for request in page(name, zone, BRAND)]
    for request in [*pages, *page(PAGES[0], zone, BRAND, ALSO)]:
        yield request, world.post_json(request.path, request.body, READ)
    for path in CONTRACT:
        for query in ({}, {"tz": zone}):
            yield Request(path, query), world.get(path, **query)


def test_everything_that_is_asked_first_is_answered_from_what_was_kept(cold: tuple[World, str], tmp_path: Path) -> None:
    world, zone = cold

    answers = list(asked(world, zone))

    assert len(answers) > 80
    assert all(answer.status_code == 200 for _, answer in answers)
    assert [one.target for one, answer in answers if meta(answer)["served_from"] != "cache"] == []
    assert not (tmp_path / "cold").exists()  # not one file of a cube was fetched


def test_an_answer_that_was_kept_is_what_a_process_computes_itself(cold: tuple[World, str], tmp_path: Path) -> None:
    world, zone = cold
    kept = {one.target: answer.json_body for one, answer in asked(world, zone)}
    world.context = replace(world.context, open_answers=None, cache_folder=tmp_path / "other")

    computed = {one.target: answer.json_body for one, answer in asked(world, zone)}

    assert kept.keys() == computed.keys()
    for target, body in kept.items():
        assert without(body) == without(computed[target]), target


def meta(answer: HTTPResponse) -> dict[str, Any]:
    found: dict[str, Any] = answer.json_body.get("meta") or json.loads(answer.headers["Headwater-Meta"])
    return found


def without(body: dict[str, Any]) -> dict[str, Any]:
    """Leave out what tells where an answer came from."""
    told = {k: v for k, v in body.get("meta", {}).items() if k not in ("served_from", "computed_at")}
    return {**body, "meta": told}
