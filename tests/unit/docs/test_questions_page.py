"""Every example of ``docs/questions.md`` is a question that is answered."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from chalicelib.metrics.declared.downloads import DOWNLOADS
from tests.unit.api.world import READ, World
from tests.unit.docs.pages import Example, asked, examples, page
from tests.unit.metrics.published_cubes import publish

EXAMPLES = examples(page("questions.md"))


def test_there_are_examples_of_both_doors() -> None:
    assert {method for method, *_ in EXAMPLES} == {"GET", "POST"}


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_is_answered(tmp_path: Path, example: Example) -> None:
    world = World(tmp_path)
    start = datetime(2026, 11, 1, tzinfo=UTC)
    rows = [
        {"bucket_start": start + timedelta(days=d), "version": v, "product": "p", "is_bot": False, "downloads": d}
        for d in range(21)
        for v in ("3.9.0", "3.10.0")
    ]
    publish(world.store, DOWNLOADS, [{**row, "download_bytes": 1} for row in rows], {"s3_access_logs": world.now})

    answer = asked(world, example, READ)

    assert answer.status_code == 200, answer.body
    assert answer.json_body["results"]
