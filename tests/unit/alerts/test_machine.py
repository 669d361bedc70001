"""The state machine: no way past recovery, nothing said without a change or a due reminder, nothing twice."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.alerts.machine import Phase, Reading, Sample, Standing, What, advance, announce
from chalicelib.alerts.muting import muted
from chalicelib.alerts.rule import Level, Look, MuteWindow, Rule, Side, When
from chalicelib.domain.periods import Interval

START = datetime(2026, 11, 23, tzinfo=UTC)
HOUR = timedelta(hours=1)
B, C, M, N, E, X = (
    Reading.BREACH,
    Reading.CLEAR,
    Reading.BETWEEN,
    Reading.NO_DATA,
    Reading.ERROR,
    Reading.NOTHING,
)
RULE = Rule("r1", "Many", Level(Side.HIGH, Decimal(100)), Look("downloads", Interval.PT1H, "UTC"))
HOURS = st.integers(0, 4).map(lambda count: count * HOUR)
RULES = st.builds(
    lambda hold, keep, renotify, no_data, error: replace(
        RULE, hold=hold, keep_firing=keep, renotify=renotify, on_no_data=no_data, on_error=error
    ),
    HOURS,
    HOURS,
    st.none() | st.integers(1, 30).map(lambda count: count * HOUR),
    st.sampled_from(When),
    st.sampled_from(When),
)
READINGS = st.lists(st.sampled_from(Reading), min_size=1, max_size=60)


def sample(index: int, reading: Reading) -> Sample:
    return Sample(START + index * HOUR, START + (index + 1) * HOUR, reading, "1")


def samples(readings: Iterable[Reading]) -> list[Sample]:
    return [sample(index, reading) for index, reading in enumerate(readings)]


@dataclass
class Run:
    """A rule over buckets, announced after each."""

    standings: list[Standing]
    said: list[tuple[int, What]]


def run(rule: Rule, readings: Iterable[Reading], asleep: frozenset[int] = frozenset()) -> Run:
    standing, found = Standing(START), Run([Standing(START)], [])
    for index, one in enumerate(samples(readings)):
        standing = advance(standing, rule, one)
        standing, what = announce(standing, rule, one.at, index in asleep)
        found.standings.append(standing)
        found.said += [] if what is None else [(index, what)]
    return found


def phases(rule: Rule, *readings: Reading) -> list[str]:
    return [standing.shown.value for standing in run(rule, readings).standings[1:]]


@pytest.mark.parametrize(
    ("hold", "keep", "readings", "expected"),
    [
        (0, 0, (C, B, B, C), "normal firing firing normal"),
        (2, 0, (B, B, B, B), "pending pending firing firing"),
        (2, 0, (B, C, B, B, B), "pending normal pending pending firing"),
        (2, 0, (B, M, B, B, B), "pending normal pending pending firing"),
        (2, 0, (B, N, B), "pending no_data firing"),
        (2, 0, (B, N, N, C), "pending no_data no_data normal"),
        (0, 2, (B, C, C, C), "firing recovering recovering normal"),
        (0, 2, (B, C, B, C, C, C), "firing recovering firing recovering recovering normal"),
        (0, 2, (B, C, M, C, C, C), "firing recovering firing recovering recovering normal"),
        (0, 2, (B, N, C, C, C), "firing no_data recovering recovering normal"),
        (0, 0, (B, M, M, C, M), "firing firing firing normal normal"),
        (0, 0, (N, X, B, E, B), "no_data normal firing error firing"),
    ],
)
def test_phases_follow_the_values(hold: int, keep: int, readings: tuple[Reading, ...], expected: str) -> None:
    rule = replace(RULE, hold=hold * HOUR, keep_firing=keep * HOUR)

    assert " ".join(phases(rule, *readings)) == expected


@pytest.mark.parametrize(
    ("wish", "readings", "expected"),
    [
        (When.TELL, (B, N, N, B), "firing no_data no_data firing"),
        (When.FIRE, (C, N, C), "normal firing normal"),
        (When.OK, (B, N), "firing normal"),
        (When.KEEP, (B, N, C, N), "firing firing normal normal"),
    ],
)
def test_what_is_not_known_is_taken_as_the_rule_says(wish: When, readings: tuple[Reading, ...], expected: str) -> None:
    of_errors = tuple(E if reading is N else reading for reading in readings)

    assert " ".join(phases(replace(RULE, on_no_data=wish), *readings)) == expected
    assert " ".join(phases(replace(RULE, on_error=wish), *of_errors)) == expected.replace("no_data", "error")


@given(RULES, READINGS, st.data())
def test_buckets_that_come_again_or_late_change_nothing(
    rule: Rule, readings: list[Reading], data: st.DataObject
) -> None:
    once = run(rule, readings)
    standing = Standing(START)
    for index, one in enumerate(samples(readings)):
        for back in data.draw(st.lists(st.integers(0, index), max_size=3)):
            earlier = sample(back, data.draw(st.sampled_from(Reading)))
            standing = standing if back == index else advance(standing, rule, earlier)
        standing = advance(
            advance(standing, rule, one), rule, replace(one, reading=data.draw(st.sampled_from(Reading)))
        )

    last = once.standings[-1]
    assert replace(standing, known=last.known, told_at=last.told_at, count=last.count) == last


@given(RULES, READINGS)
def test_no_path_skips_recovery_or_the_wait_before_it_fires(rule: Rule, readings: list[Reading]) -> None:
    standings = run(rule, readings).standings
    for before, after in pairwise(standings):
        if before.phase.active and after.phase is Phase.NORMAL and rule.keep_firing:
            assert before.phase is Phase.RECOVERING
            assert before.turned is not None
            assert after.until - before.turned >= rule.keep_firing
        if not before.phase.active and after.phase.active and rule.hold:
            assert before.phase is Phase.PENDING
            assert before.turned is not None
            assert after.until - before.turned >= rule.hold
        if after.phase is Phase.RECOVERING:
            assert before.phase.active


@given(RULES, READINGS)
def test_what_fires_was_bad_for_long_enough_and_what_recovers_well(rule: Rule, readings: list[Reading]) -> None:
    as_taken = {N: rule.on_no_data, E: rule.on_error}
    plain = {When.FIRE: B, When.OK: C}
    taken = [plain.get(as_taken[one], X) if one in as_taken else one for one in readings]
    standings = run(rule, readings).standings
    for index, (before, after) in enumerate(pairwise(standings)):
        if after.phase is Phase.FIRING and not before.phase.active:
            least = index - int(rule.hold / HOUR)
            assert taken[index] is B
            assert not {C, M} & set(taken[max(least, 0) : index])
        if before.phase.active and after.phase is Phase.NORMAL:
            least = index - int(rule.keep_firing / HOUR)
            assert taken[index] is C
            assert not {B, M} & set(taken[max(least, 0) : index])


@given(RULES, READINGS, st.frozensets(st.integers(0, 59)))
def test_nothing_is_said_without_a_change_or_a_due_reminder(
    rule: Rule, readings: list[Reading], asleep: frozenset[int]
) -> None:
    found = run(rule, readings, asleep)
    known, told_at = What.RECOVERED, None
    for index, what in found.said:
        now = START + (index + 1) * HOUR
        assert index not in asleep
        if what is What.STILL:
            assert known is What.FIRED
            assert told_at is not None
            assert rule.renotify is not None
            assert now - told_at >= rule.renotify
        else:
            assert what is not known
            known = what
        told_at = now
    assert found.standings[-1].known is known
    assert found.standings[-1].count == len(found.said)


@given(RULES, READINGS)
def test_after_a_look_people_know_what_is_so(rule: Rule, readings: list[Reading]) -> None:
    for standing in run(rule, readings).standings:
        assert standing.known is standing.owed
        if standing.told_at is not None:
            assert announce(standing, rule, standing.told_at, False) == (standing, None)


def test_what_still_is_so_when_people_wake_is_said_then() -> None:
    assert run(RULE, (B, B, B, C), frozenset({0, 1})).said == [(2, What.FIRED), (3, What.RECOVERED)]
    assert run(RULE, (B, B, C, C), frozenset({0, 1})).said == []
    assert run(RULE, (B, C, C), frozenset({1})).said == [(0, What.FIRED), (2, What.RECOVERED)]


@pytest.mark.parametrize(
    ("start", "until", "weekdays", "hours"),
    [
        (time(9), time(11), (1,), {9, 10}),
        (time(22), time(2), (1,), {22, 23, 24, 25}),
        (time(0), time(0), (2,), set(range(24, 48))),
        (time(12), time(12), (1,), set(range(12, 36))),
    ],
)
def test_mute_windows_go_by_the_clock(start: time, until: time, weekdays: tuple[int, ...], hours: set[int]) -> None:
    rule = replace(RULE, mute=(MuteWindow(weekdays, start, until, "UTC"),))

    assert {hour for hour in range(72) if muted(rule, START + hour * HOUR)} == hours


def test_a_mute_window_keeps_its_hours_when_clocks_change() -> None:
    rule = replace(RULE, mute=(MuteWindow((7,), time(9), time(10), "Europe/Paris"),))
    winter, summer = datetime(2026, 3, 22, 8, 30, tzinfo=UTC), datetime(2026, 3, 29, 7, 30, tzinfo=UTC)

    assert muted(rule, winter)
    assert muted(rule, summer)
    assert not muted(rule, winter - HOUR)
    assert not muted(rule, summer + HOUR)


def test_a_snooze_ends() -> None:
    rule = replace(RULE, snoozed_until=START)

    assert muted(rule, START - HOUR)
    assert not muted(rule, START)
