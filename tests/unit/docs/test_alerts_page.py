"""Every example of ``docs/alerts.md`` is answered, and its words are those that there are."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from json import dumps
from pathlib import Path
from typing import Any

import pytest
import requests

from chalicelib.alerts.machine import Phase
from chalicelib.alerts.template import NAMES
from chalicelib.api.alert_schemas import CONDITION
from chalicelib.metrics.declared.downloads import DOWNLOADS
from infra.local import demo_alerts
from tests.unit.api.world import ADMIN, World
from tests.unit.docs.pages import Example, asked, examples, page
from tests.unit.metrics.published_cubes import publish

PAGE = page("alerts.md")
EXAMPLES = examples(PAGE)
START = datetime(2026, 11, 1, tzinfo=UTC)


def test_there_are_examples() -> None:
    assert len(EXAMPLES) == 6


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_is_answered(tmp_path: Path, example: Example) -> None:
    world = World(tmp_path)
    rows = [
        {"bucket_start": START + timedelta(hours=h), "version": v, "product": "p", "is_bot": False, "downloads": h % 9}
        for h in range(21 * 24)
        for v in ("3.9.0", "3.10.0")
    ]
    publish(world.store, DOWNLOADS, [{**row, "download_bytes": 1} for row in rows], {"s3_access_logs": world.now})

    answer = asked(world, example)

    assert answer.status_code in (200, 201), answer.body
    if example.path.endswith("preview"):
        assert answer.json_body["meta"]["fired"] == 1
        assert answer.json_body["results"][0]["what"] == "fired"


def test_the_rules_of_the_demo_company_are_taken_and_stay_deleted(tmp_path: Path, monkeypatch: Any) -> None:
    world = World(tmp_path)

    def post(_: requests.Session, address: str, json: Any, headers: dict[str, str], timeout: int) -> requests.Response:
        sent = {"Content-Type": "application/json", **headers}
        found = world.call("POST", address.removeprefix("x"), token=ADMIN, headers=sent, body=dumps(json).encode())
        answer = requests.Response()
        answer.status_code = found.status_code
        return answer

    monkeypatch.setattr(requests.Session, "post", post)
    for _ in range(2):
        demo_alerts.make({"api": "x", "admin_token": ADMIN})
    made = world.get("/v1/alerts").json_body["results"]
    gone = world.call("DELETE", f"/v1/alerts/{made[0]['id']}", token=ADMIN, headers={"If-Match": '"1"'})
    demo_alerts.make({"api": "x", "admin_token": ADMIN})

    assert {one["name"] for one in made} == {rule["name"] for rule in demo_alerts.RULES}
    assert gone.status_code == 204
    assert len(world.get("/v1/alerts").json_body["results"]) == len(made) - 1


def test_states_conditions_and_names_are_those_that_there_are() -> None:
    assert all(f"`{phase.value}`" in PAGE for phase in Phase)
    assert all(f"`{{{name}}}`" in PAGE for name in NAMES)
    assert all(f"| `{kind['title']}` |" in PAGE for kind in CONDITION["oneOf"])
