"""Every example of ``docs/exports.md`` is answered, and what the pages say of feeds and panels works."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from chalicelib.metrics.declared.downloads import DOWNLOADS
from tests.unit.api.world import World
from tests.unit.docs.pages import DOCS, Example, asked, examples, page
from tests.unit.metrics.published_cubes import publish

PAGE = page("exports.md")
EXAMPLES = examples(PAGE)
START = datetime(2026, 11, 1, tzinfo=UTC)


@pytest.fixture
def world(tmp_path: Path) -> World:
    world = World(tmp_path)
    rows: list[dict[str, Any]] = [
        {"bucket_start": START + timedelta(days=d), "version": v, "product": "p", "is_bot": False, "downloads": d}
        for d in range(21)
        for v in ("3.9.0", "3.10.0")
    ]
    publish(world.store, DOWNLOADS, [{**row, "download_bytes": 1} for row in rows], {"s3_access_logs": world.now})
    return world


def test_there_are_examples() -> None:
    assert len(EXAMPLES) == 4


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_is_answered(world: World, example: Example) -> None:
    answer = asked(world, example)

    assert answer.status_code in (200, 201, 202, 303), answer.body
    if example.path == "/v1/feeds":
        rows = world.call("GET", f"/v1/{answer.json_body['address']}", token=None)
        assert rows.body.decode().splitlines()[0] == "start,end,version,downloads,partial"


def test_the_target_for_grafana_gets_an_array_of_flat_objects_with_times(world: World) -> None:
    (block,) = re.findall(
        r"^```json\n(.*?)```$", (DOCS / "connect" / "grafana.md").read_text(), re.DOTALL | re.MULTILINE
    )
    target = json.loads(block)
    shown = {"${__from:date:YYYY-MM-DD}": "2026-11-03", "${__to:date:YYYY-MM-DD}": "2026-11-06"}
    params = {one["key"]: shown.get(one["value"], one["value"]) for one in target["url_options"]["params"]}

    answer = world.get(target["url"], **params)

    found = answer.json_body[target["root_selector"]]
    table = [[row[column["selector"]] for column in target["columns"]] for row in found]
    assert [column["type"] for column in target["columns"]] == ["timestamp", "string", "number"]
    assert len(table) == 6
    assert all(datetime.fromisoformat(at).utcoffset() == timedelta(hours=1) for at, _, _ in table)
    assert {(name, value) for _, name, value in table} >= {("3.10.0", 4), ("3.9.0", 2)}
