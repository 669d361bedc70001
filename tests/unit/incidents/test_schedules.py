"""A function that has not ended well when it should have is told once; what is told otherwise, or never ran, is not."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.incidents.heartbeats import WATCHER, Beat, beat, beats, explain_standstill
from chalicelib.incidents.schedules import SCHEDULES, Schedule, subject
from tests.unit.incidents.memory import MINUTE, START, World

DISPATCH = SCHEDULES["dispatch"]
TOLERATED = DISPATCH.every + DISPATCH.grace


def looked(world: World, given_up: datetime | None = None, schedule: Schedule = DISPATCH) -> str:
    """One minute later, what a look says."""
    world.now += MINUTE
    failing = {schedule.function: given_up} if given_up else {}
    since = beat(world.state, WATCHER, world.now).since
    watched = subject(schedule, beats(world.state).get(schedule.function), since, lambda: failing)
    return world.watch().run([watched])[f"schedule/{schedule.function}"]


def runs(world: World, minutes: int) -> None:
    for _ in range(minutes):
        beat(world.state, "dispatch", world.now)
        looked(world)


def test_what_runs_says_nothing(world: World) -> None:
    runs(world, 30)

    assert world.outbox.sent == []


def test_what_stands_still_is_told_once_after_its_grace_and_once_when_it_runs_again(world: World) -> None:
    runs(world, 3)
    last = world.now - MINUTE
    while world.now - last < TOLERATED:
        looked(world)
    quiet = list(world.outbox.sent)
    for _ in range(20):
        looked(world)
    during = list(world.outbox.subjects)
    runs(world, 5)

    assert quiet == []
    assert during == ["[Headwater] The dispatcher has missed its schedule"]
    assert f"Ended well:  {last:%Y-%m-%d %H:%M} UTC" in world.outbox.sent[0][1]
    assert "/runbooks/schedule-missed.html" in world.outbox.sent[0][1]
    assert world.outbox.subjects[1:] == ["[Headwater] The dispatcher has recovered"]


def test_a_fresh_deployment_is_given_its_first_run(world: World) -> None:
    recount = SCHEDULES["recount"]
    for _ in range(3):
        looked(world, schedule=recount)
    quiet = list(world.outbox.sent)
    for _ in range(25 * 12 + 2):
        world.now += 4 * MINUTE
        looked(world, schedule=recount)

    assert quiet == []
    assert world.outbox.subjects == ["[Headwater] The recount of cubes has missed its schedule"]


def test_what_was_given_up_since_the_last_good_run_is_told_by_its_queue_and_not_again(world: World) -> None:
    runs(world, 3)
    for _ in range(60):
        looked(world, given_up=START + 5 * MINUTE)
    told_by_the_queue = list(world.outbox.sent)
    for _ in range(3):
        looked(world, given_up=START)

    assert told_by_the_queue == []
    assert world.outbox.subjects == ["[Headwater] The dispatcher has missed its schedule"]


def test_after_everything_stood_still_nothing_is_overdue_for_that(world: World) -> None:
    runs(world, 3)
    world.now += timedelta(hours=9)
    looked(world)
    looked(world)
    runs(world, 3)

    assert world.outbox.sent == []


@given(st.lists(st.integers(0, 500), min_size=1, max_size=12))
def test_the_last_of_any_order_of_heartbeats_is_kept(minutes: list[int]) -> None:
    world = World()

    for minute in minutes:
        beat(world.state, "dispatch", START + minute * MINUTE)

    assert beats(world.state)["dispatch"].at == START + max(minutes) * MINUTE


@given(st.lists(st.integers(1, 12), min_size=1, max_size=12))
def test_it_is_unbroken_since_the_last_break_of_more_than_five_minutes(gaps: list[int]) -> None:
    world = World()
    expected = found = beat(world.state, WATCHER, world.now)

    for gap in gaps:
        world.now += gap * MINUTE
        expected = Beat(world.now, world.now if gap > 5 else expected.since)
        found = beat(world.state, WATCHER, world.now)

    assert found == expected == beats(world.state)[WATCHER]


@pytest.mark.parametrize(
    ("at", "since", "explained"), [(0, 40, False), (5, 40, False), (6, 40, True), (0, 30, False), (0, 29, True)]
)
def test_a_dispatcher_that_stands_still_explains_it_and_for_half_an_hour_after(
    at: int, since: int, explained: bool
) -> None:
    dispatcher = Beat(START - at * MINUTE, START - since * MINUTE)

    assert explain_standstill(dispatcher, START) is explained
    assert explain_standstill(None, START)


def test_a_heartbeat_of_before_is_read(world: World) -> None:
    world.state.put("heartbeat", "dispatch", {"at": START.isoformat()}, expected_version=None)

    assert beats(world.state) == {"dispatch": Beat(START, START)}
