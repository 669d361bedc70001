"""``/v1/incidents`` tells what is in trouble, and what was, as the watcher has remembered it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from chalicelib.api.incidents import ROUTES
from chalicelib.incidents.incidents import Kind, Sight, Subject, Trouble
from chalicelib.incidents.watch import Watch
from chalicelib.outbox.outbox import Outbox
from tests.unit.api.world import World

MINUTE = timedelta(minutes=1)
Judge = Callable[[str], Trouble | None]


def subjects(judge: Judge, *names: str) -> list[Subject]:
    def of(name: str) -> Subject:
        return Subject(name, name.title(), name, lambda now, _: Sight(now, judge(name), is_well=judge(name) is None))

    return [of(name) for name in names]


def watch(world: World, judge: Judge, *names: str, minutes: int = 1) -> None:
    for _ in range(minutes):
        world.now += MINUTE
        watcher = Watch(world.state, Outbox(world.state, lambda: world.now), lambda: world.now)  # type: ignore[arg-type]
        watcher.run(subjects(judge, *names))


def shown(world: World, **query: str) -> list[dict[str, Any]]:
    answer = world.get("/v1/incidents", **query)
    assert answer.status_code == 200, answer.body
    schema = ROUTES[0].answers[0].schema
    assert schema is not None
    Draft202012Validator(schema).validate(answer.json_body)
    return list(answer.json_body["results"])


@pytest.fixture
def told(world: World) -> World:
    """One incident that is open, one that is over, one whose subject is gone, one that is well."""
    began = world.now
    bad = Trouble(Kind.FAILING, began, "boom")
    watch(world, lambda name: bad if name in {"over", "gone"} else None, "over", "gone", "well")
    watch(world, lambda name: bad if name == "open" else None, "open", "over", "well", minutes=5)
    return world


def test_open_ones_and_those_that_ended_are_listed_those_noticed_last_first(told: World) -> None:
    found = shown(told)

    assert [(one["subject"], one["state"], one["recovered"]) for one in found] == [
        ("open", "open", None),
        ("over", "closed", True),
        ("gone", "closed", False),
    ]
    assert found[0] == {
        "subject": "open",
        "title": "Open",
        "topic": "open",
        "state": "open",
        "kind": "failing",
        "summary": "Open is failing",
        "since": "2026-11-22T12:07:30Z",
        "opened_at": "2026-11-22T12:09:30Z",
        "closed_at": None,
        "recovered": None,
        "error": "boom",
        "what_to_do": found[0]["what_to_do"],
        "runbook": "/runbooks/source-failing.html",
        "told": True,
    }


@pytest.mark.parametrize(("state", "expected"), [("open", ["open"]), ("closed", ["over", "gone"])])
def test_those_of_one_state_can_be_asked_for(told: World, state: str, expected: list[str]) -> None:
    assert [one["subject"] for one in shown(told, state=state)] == expected


def test_pages_lead_through_all_of_them(told: World) -> None:
    first = told.get("/v1/incidents", limit="2").json_body
    second = told.get("/v1/incidents", limit="2", cursor=first["meta"]["next_cursor"]).json_body

    assert [one["subject"] for one in first["results"] + second["results"]] == ["open", "over", "gone"]
    assert second["meta"]["next_cursor"] is None


def test_after_thirty_days_they_are_gone(told: World) -> None:
    told.now += timedelta(days=31)

    assert [one["subject"] for one in shown(told)] == ["open"]


def test_where_all_was_always_well_nothing_is_listed(world: World) -> None:
    watch(world, lambda _: None, "well", minutes=3)

    assert shown(world) == []


def test_a_state_that_there_is_not_is_named(world: World) -> None:
    answer = world.get("/v1/incidents", state="opened")

    assert answer.status_code == 400
    assert answer.json_body["errors"][0]["suggestion"] == "open"
