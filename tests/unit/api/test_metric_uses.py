"""What asks for a metric is told before it is deleted."""

from __future__ import annotations

import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from chalicelib.api.metric_uses import KINDS, ROUTES
from chalicelib.api.resources import RESOURCES
from tests.unit.api.world import ADMIN, READ, World


def make(world: World, path: str, body: Any) -> Any:
    headers = {"Content-Type": "application/json"}
    answer = world.call("POST", path, token=ADMIN, headers=headers, body=json.dumps(body).encode())
    assert answer.status_code == 201, answer.body
    return answer.json_body


def uses(world: World, name: str, **query: str) -> list[tuple[str, str]]:
    answer = world.get(f"/v1/metrics/{name}/uses", token=READ, **query)
    assert answer.status_code == 200
    schema = ROUTES[0].answers[0].schema
    assert schema is not None
    Draft202012Validator(schema).validate(answer.json_body)
    return [(one["kind"], one["name"]) for one in answer.json_body["results"]]


def example(name: str) -> Any:
    return next(r.body.example for of in RESOURCES.values() for r in of if r.name == name and r.body is not None)


@pytest.fixture
def world(world: World) -> World:
    texts = {"unit": "x", "description": "x"}
    make(world, "/v1/metrics", {"name": "mine", "title": "Mine", **texts, "expression": "leads / 2"})
    make(world, "/v1/metrics", {"name": "spare", "title": "Spare", **texts, "expression": "10 * leads"})
    return world


def test_everything_that_asks_for_it_is_told(world: World) -> None:
    question = {"metrics": ["mine"]}
    widget = {"id": "w1", "kind": "line", "title": "", "width": 6, "height": 2, "question": question}
    make(world, "/v1/dashboards", {**example("make_dashboard"), "name": "Mine too", "widgets": [widget]})
    report = {"name": "weekly", "title": "Weekly", "format": "pdf", "parts": [{"title": "x", "query": question}]}
    make(world, "/v1/reports", {**example("make_report"), **report})
    rule = {**example("make_alert"), "name": "Watches mine", "metric": "mine"}
    make(world, "/v1/alerts", {name: rule[name] for name in rule if name not in ("filter", "group_by")})

    found = uses(world, "mine")

    assert found == [("alert", "Watches mine"), ("dashboard", "Mine too"), ("report", "Weekly")]
    assert {kind for kind, _ in found} | {"metric"} == set(KINDS)


def test_what_nothing_asks_for_says_so_and_seeded_pages_count(world: World) -> None:
    assert uses(world, "spare") == []
    assert ("metric", "Mine") in uses(world, "leads")
    assert any(kind == "dashboard" for kind, _ in uses(world, "downloads"))


def test_pages_go_on_where_the_last_one_ended(world: World) -> None:
    first = world.get("/v1/metrics/leads/uses", token=READ, limit="1").json_body
    rest = uses(world, "leads", cursor=first["meta"]["next_cursor"])

    assert [(one["kind"], one["name"]) for one in first["results"]] + rest == uses(world, "leads")


def test_a_metric_that_there_is_not_is_named_with_one_that_there_is(world: World) -> None:
    answer = world.get("/v1/metrics/mime/uses", token=READ)

    assert (answer.status_code, answer.json_body["errors"][0]["suggestion"]) == (404, "mine")
