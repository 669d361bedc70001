"""Every metric's file has the numbers of its JSON to the last digit, whatever is made of it."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from chalicelib.metrics.registry import METRICS
from tests.fuzz.seeded import Seeded
from tests.unit.api.world import World

RANGE = {"from": "2026-11-19", "to": "2026-11-23", "tz": "Asia/Kathmandu"}
FORMS: dict[str, dict[str, str]] = {
    "plain": {},
    "compared": {"compare": "week"},
    "so far": {"transform": "cumulative"},
    "averaged": {"transform": "moving_average:2"},
    "rate": {"transform": "rate:hour"},
    "share": {"transform": "share_of_total"},
}


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    return Seeded(tmp_path_factory.mktemp("every")).world


def numbers(rows: list[dict[str, Any]], columns: list[str]) -> Iterator[list[Decimal | None]]:
    for row in rows:
        yield [None if row[name] is None else Decimal(str(row[name])) for name in columns]


@pytest.mark.parametrize("form", FORMS)
def test_parquet_has_the_numbers_of_the_json(world: World, form: str) -> None:
    compared = 0
    for name, metric in METRICS.items():
        asked = {"metrics": [name], **RANGE, "group_by": list(metric.dimensions[:1]), **FORMS[form]}
        answer = world.post_json("/v1/query", asked)
        if answer.status_code == 400:  # a transform that means nothing for this kind of metric
            assert answer.json_body["errors"][0]["parameter"] == "transform"
            continue
        assert answer.status_code == 200, answer.body
        file = world.post_json("/v1/query", {**asked, "format": "parquet"})
        path = Path(world.results.folder / file.headers["Location"].removeprefix("https://results/").partition("?")[0])
        found = duckdb.read_parquet(str(path))
        columns = [column for column in found.columns if column.startswith(name)]
        rows = [dict(zip(found.columns, row, strict=True)) for row in found.fetchall()]
        assert list(numbers(rows, columns)) == list(numbers(answer.json_body["results"], columns)), name
        compared += len(rows)
    assert compared > len(METRICS)
