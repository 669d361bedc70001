"""Every example of ``docs/alerts.md`` is answered, and its words are those that there are."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from json import dumps, loads
from pathlib import Path

import pytest

from chalicelib.alerts.machine import Phase
from chalicelib.alerts.template import NAMES
from chalicelib.api.alert_schemas import CONDITION
from chalicelib.metrics.declared.downloads import DOWNLOADS
from infra.local import demo_alerts
from infra.local.places import HOST
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


def test_what_the_demo_company_has_is_what_the_api_takes(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.context = replace(world.context, webhook_private_hosts=frozenset({HOST}))
    made = [world.post_json("/v1/channels", demo_alerts.channel(f"http://{HOST}:8082"))]
    made += [world.post_json("/v1/alerts", loads(dumps(rule))) for rule in demo_alerts.RULES]

    assert [(one.status_code, one.json_body) for one in made if one.status_code != 201] == []


def test_the_rules_of_the_demo_company_are_there_once_and_stay_deleted(tmp_path: Path) -> None:
    world = World(tmp_path)
    for _ in range(2):
        demo_alerts.write(world.state, world.now - demo_alerts.AGO)
    made = world.get("/v1/alerts").json_body["results"]
    gone = world.call("DELETE", f"/v1/alerts/{made[0]['id']}", token=ADMIN, headers={"If-Match": '"1"'})
    renamed = world.call(
        "PATCH",
        f"/v1/alerts/{made[1]['id']}",
        token=ADMIN,
        headers={"If-Match": '"1"', "Content-Type": "application/json"},
        body=b'{"name": "Another name"}',
    )
    demo_alerts.write(world.state, world.now)
    left = world.get("/v1/alerts").json_body["results"]

    assert sorted(one["name"] for one in made) == sorted(rule["name"] for rule in demo_alerts.RULES)
    assert (gone.status_code, renamed.status_code) == (204, 200)
    assert sorted(one["id"] for one in left) == sorted(one["id"] for one in made[1:])


def test_states_conditions_and_names_are_those_that_there_are() -> None:
    assert all(f"`{phase.value}`" in PAGE for phase in Phase)
    assert all(f"`{{{name}}}`" in PAGE for name in NAMES)
    assert all(f"| `{kind['title']}` |" in PAGE for kind in CONDITION["oneOf"])
