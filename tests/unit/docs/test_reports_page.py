"""Every example of ``docs/reports.md`` is answered, and the demo company's reports are taken as they are."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from chalicelib.metrics.declared.downloads import DOWNLOADS
from infra.local.demo_reports import REPORTS
from tests.unit.api.world import World
from tests.unit.docs.pages import asked, examples, page
from tests.unit.metrics.published_cubes import publish

EXAMPLES = examples(page("reports.md"))


@pytest.fixture
def full(tmp_path: Path) -> World:
    world = World(tmp_path)
    at = {"bucket_start": datetime(2026, 11, 20, tzinfo=UTC), "version": "1", "product": None, "is_bot": False}
    publish(world.store, DOWNLOADS, [{**at, "downloads": 3, "download_bytes": 4}], {"s3_access_logs": world.now})
    return world


def test_the_examples_are_answered_one_after_the_other(full: World) -> None:
    statuses = [asked(full, example).status_code for example in EXAMPLES]

    assert statuses == [201, 202, 200]


@pytest.mark.parametrize("report", REPORTS, ids=lambda report: report["name"])
def test_a_report_of_the_demo_is_taken(full: World, report: Mapping[str, Any]) -> None:
    answer = full.post_json("/v1/reports", json.loads(json.dumps(report)))

    assert answer.status_code == 201, answer.json_body
