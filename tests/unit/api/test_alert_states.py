"""How a rule stands, as a client reads it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from chalicelib.alerts import standings
from chalicelib.alerts.machine import Phase, Reading, Sample, Standing, What
from chalicelib.alerts.standings import Standings
from chalicelib.api.alert_schemas import GIVEN_EXAMPLE
from tests.unit.api.world import World

TEN = datetime(2026, 11, 22, 10, tzinfo=UTC)
NINE = TEN - timedelta(hours=1)
FIRING = Standing(
    until=TEN,
    phase=Phase.FIRING,
    since=NINE,
    began=NINE - timedelta(hours=1),
    sample=Sample(NINE, TEN, Reading.BREACH, value="87"),
    known=What.FIRED,
    told_at=NINE,
    count=1,
)
WELL = Standing(until=TEN)


def made(world: World, **changed: Any) -> str:
    answer = world.post_json("/v1/alerts", {**GIVEN_EXAMPLE, **changed})
    assert answer.status_code == 201, answer.body
    return str(answer.json_body["id"])


def stand(world: World, rule: str, one: Standings) -> None:
    assert standings.write(world.state, rule, one) is not None


def test_a_rule_that_nobody_has_looked_at_says_so(world: World) -> None:
    state = world.get(f"/v1/alerts/{made(world)}").json_body["state"]

    assert state["phase"] is None
    assert state["groups"] == []


def test_the_worst_group_is_how_it_stands_and_those_that_are_well_are_counted(world: World) -> None:
    rule = made(world, group_by=["version"])
    pending = Standing(until=TEN, phase=Phase.PENDING, since=TEN)
    groups = {("1",): WELL, ("2",): pending, ("3",): FIRING, (None,): WELL}
    stand(world, rule, Standings(1, TEN, WELL, ("version",), groups, late="github is late"))

    state = world.get(f"/v1/alerts/{rule}").json_body["state"]

    assert (state["phase"], state["since"], state["told"], state["told_at"]) == (
        "firing",
        "2026-11-22T09:00:00Z",
        "fired",
        "2026-11-22T09:00:00Z",
    )
    assert (state["looked_at_until"], state["next_bucket_ends"]) == ("2026-11-22T10:00:00Z", "2026-11-22T11:00:00Z")
    assert state["late"] == "github is late"
    assert state["counts"] == {"normal": 2, "pending": 1, "firing": 1}
    assert [(one["group"], one["phase"], one["value"]) for one in state["groups"]] == [
        ({"version": "3"}, "firing", "87"),
        ({"version": "2"}, "pending", None),
    ]


def test_a_rule_that_cannot_be_evaluated_says_why(world: World) -> None:
    rule = made(world)
    whole = replace(WELL, blind=Phase.ERROR, since=NINE)
    stand(world, rule, Standings(1, TEN, whole, (), {(): WELL}, failing_since=NINE, failure="no such metric"))

    state = world.get(f"/v1/alerts/{rule}").json_body["state"]

    assert (state["phase"], state["error"]) == ("error", "no such metric")


def test_a_changed_rule_has_not_been_looked_at(world: World) -> None:
    rule = made(world)
    stand(world, rule, Standings(1, TEN, WELL, (), {(): FIRING}))
    sent = {"Content-Type": "application/json", "If-Match": '"1"'}

    world.call("PATCH", f"/v1/alerts/{rule}", token="hw_" + "a" * 43, headers=sent, body=b'{"for": "PT9H"}')

    assert world.get(f"/v1/alerts/{rule}").json_body["state"]["phase"] is None


def test_rules_are_listed_by_how_they_stand(world: World) -> None:
    quiet, loud, new = made(world, name="quiet"), made(world, name="loud"), made(world, name="new")
    stand(world, quiet, Standings(1, TEN, WELL, (), {(): WELL}))
    stand(world, loud, Standings(1, TEN, WELL, (), {(): FIRING}))

    def listed(**query: str) -> list[tuple[str, Any]]:
        found = world.get("/v1/alerts", headers=None, token="hw_" + "r" * 43, **query).json_body["results"]
        return [(one["id"], one["state"]["phase"]) for one in found]

    assert listed() == [(loud, "firing"), (new, None), (quiet, "normal")]
    assert listed(phase="firing") == [(loud, "firing")]
    assert world.get("/v1/alerts", phase="fireing").status_code == 400
