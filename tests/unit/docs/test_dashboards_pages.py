"""Every example of ``docs/dashboards.md`` and ``docs/annotations.md`` is answered, and their bounds are the code's."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from json import dumps
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import requests

from chalicelib.api import dashboards as api
from chalicelib.dashboards import annotation, kept, notes, releases, widgets
from chalicelib.dashboards.seeded import ORDER
from infra.local import demo_dashboards
from tests.unit.api.world import READ, World

DOCS = Path(__file__).resolve().parents[3] / "docs"
DASHBOARDS, ANNOTATIONS = ((DOCS / f"{name}.md").read_text() for name in ("dashboards", "annotations"))
EXAMPLE = re.compile(r"^```http\n(GET|POST|PUT) (\S+?)(\?.*?)?\n(.*?)```$", re.DOTALL | re.MULTILINE)
EXAMPLES = EXAMPLE.findall(DASHBOARDS + ANNOTATIONS)


def send(world: World, method: str, path: str, body: str = "", **headers: str) -> Any:
    sent = {"Content-Type": "application/json"} if body else {}
    return world.call(method, path, headers={**sent, **headers}, body=body.encode())


def test_all_examples_are_tried() -> None:
    assert len(EXAMPLES) == (DASHBOARDS + ANNOTATIONS).count("```http") == 4


@pytest.mark.parametrize(("method", "path", "query", "body"), EXAMPLES)
def test_an_example_is_answered(tmp_path: Path, method: str, path: str, query: str, body: str) -> None:
    headers = {"If-Match": '"0"'} if method == "PUT" else {}

    answer = send(World(tmp_path), method, path + quote(query, safe="?&="), body, **headers)

    assert answer.status_code in (200, 201), answer.body


def test_the_fault_that_is_shown_is_one(tmp_path: Path) -> None:
    [shown] = [json.loads(one) for one in re.findall(r"^```json\n(.*?)```$", DASHBOARDS, re.DOTALL | re.MULTILINE)]
    fine = [{"id": f"w{at}", "kind": "alerts"} for at in range(3)]
    wrong = {"id": "w3", "kind": "line", "question": {"metrics": ["downlaods"]}}

    answer = send(World(tmp_path), "POST", "/v1/dashboards", dumps({"name": "x", "widgets": [*fine, wrong]}))

    [told] = answer.json_body["errors"]
    begin, _, end = shown["detail"].partition("…")
    assert {**told, "detail": shown["detail"]} == shown
    assert told["detail"].startswith(begin.strip())
    assert told["detail"].endswith(end)


def test_pages_kinds_and_bounds_are_those_that_there_are() -> None:
    assert all(f"| `{name}` |" in DASHBOARDS for name in ORDER)
    assert all(f"`{kind}`" in DASHBOARDS for kind in widgets.Kind)
    assert all(f"`{kind}`" in ANNOTATIONS for kind in annotation.Kind)
    assert all(f"`{name}`" in DASHBOARDS for name in (*widgets.QUESTION, *widgets.WIDGET))
    assert f"may keep {kept.MOST_OF_ONE}, all together {kept.MOST:,}" in DASHBOARDS
    assert f"at most {api.MAX_BYTES // 1_000} KB" in DASHBOARDS
    assert f"may keep {notes.MOST_OF_ONE}, all together {notes.MOST:,}" in ANNOTATIONS
    assert f"{releases.MOST_FILES} at most" in ANNOTATIONS


def test_what_the_demo_company_has_is_taken_and_stays_deleted(tmp_path: Path, monkeypatch: Any) -> None:
    world, now = World(tmp_path), datetime(2026, 11, 22, 10, tzinfo=UTC)

    def post(_: requests.Session, address: str, json: Any, headers: dict[str, str], timeout: int) -> requests.Response:
        answer = requests.Response()
        answer.status_code = send(world, "POST", address.removeprefix("x"), dumps(json), **headers).status_code
        return answer

    monkeypatch.setattr(requests.Session, "post", post)
    for _ in range(2):
        demo_dashboards.make({"api": "x", "token": READ}, now)
    [own] = [one for one in world.get("/v1/dashboards").json_body["results"] if not one["seeded"]]
    gone = send(world, "DELETE", f"/v1/dashboards/{own['id']}", **{"If-Match": '"1"'})
    demo_dashboards.make({"api": "x", "token": READ}, datetime(2026, 11, 23, 10, tzinfo=UTC))
    noted = world.get("/v1/annotations", range="90d", tz="UTC").json_body["results"]

    assert own["name"] == demo_dashboards.DASHBOARD["name"]
    assert gone.status_code == 204
    assert [one["id"] for one in world.get("/v1/dashboards").json_body["results"]] == list(ORDER)
    assert {one["title"] for one in noted} == {one["title"] for one in demo_dashboards.written_down(now)}
