"""Scores of unusual values: of what they are made, and of what they are not."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import accumulate
from random import Random
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.alerts.anomaly import MOST, Score, Value, in_words, needs, scores, too_little
from chalicelib.alerts.numbers import Counted, Numbers
from chalicelib.alerts.reading import Readings
from chalicelib.alerts.rule import Anomaly, Look, Rule
from chalicelib.domain.periods import Interval, boundaries, ceil
from chalicelib.metrics.registry import METRICS

NEW_YORK, UTC_ZONE = ZoneInfo("America/New_York"), ZoneInfo("UTC")
NOW = datetime(2026, 11, 20, tzinfo=UTC)
RULE = Anomaly()


def series(
    interval: Interval = Interval.PT1H, zone: ZoneInfo = UTC_ZONE, end: datetime = NOW, seed: int = 1
) -> tuple[list[int], tuple[datetime, ...]]:
    """Answer counts of eight weeks: 100 by day, 10 at night, a third of it on Sundays, and noise."""
    random = Random(seed)
    starts = boundaries(ceil(end - timedelta(weeks=8), interval, zone), end, interval, zone)[:-1]
    found = []
    for start in starts:
        local = start.astimezone(zone)
        level = (100 if 8 <= local.hour < 20 or interval.of_days else 10) * (1 / 3 if local.weekday() == 6 else 1)
        found.append(max(0, round(random.gauss(level, level**0.5))))
    return found, starts


def score(values: Sequence[Value], starts: Sequence[datetime], at: int = -1, rule: Anomaly = RULE) -> Score | None:
    position = range(len(values))[at]
    return scores(values, starts, UTC_ZONE, Interval.PT1H, rule, position, counted=True)[0]


def test_a_value_is_held_against_its_own_place_in_the_week() -> None:
    values, starts = series()
    at = next(i for i in range(len(starts) - 1, 0, -1) if starts[i].weekday() == 6 and starts[i].hour == 10)
    values[at] = 100  # usual on Mondays at ten, on a Sunday three times as much as usual

    sunday, monday = score(values, starts, at), score(values, starts, at + 24)

    assert sunday is not None
    assert monday is not None
    assert sunday.z > 6
    assert 25 < sunday.baseline < 42
    assert abs(monday.z) < Decimal("3.5")
    assert 85 < monday.baseline < 115


def test_between_low_and_high_a_value_is_not_called_unusual() -> None:
    values, starts = series()
    usual = score(values, starts)
    assert usual is not None

    for value, unusual in ((usual.high + 2, True), (usual.high - 2, False), (usual.low - 2, True)):
        found = score([*values[:-1], value], starts)
        assert found is not None
        assert (abs(found.z) >= RULE.sensitivity) == unusual, value


@settings(max_examples=25)
@given(st.integers(0, 300), st.integers(0, 50_000), st.integers(0, 10))
def test_only_what_came_before_its_day_counts(back: int, other: int, more: int) -> None:
    values, starts = series()
    at = len(values) - 1 - back
    changed = [value if starts[i].date() < starts[at].date() or i == at else other for i, value in enumerate(values)]
    enough = next(i for i in range(len(starts)) if starts[i] >= starts[at] - needs(RULE, Interval.PT1H))

    alone = scores(values[enough : at + 1], starts[enough : at + 1], UTC_ZONE, Interval.PT1H, RULE, -1, counted=True)
    later = scores(changed, starts, UTC_ZONE, Interval.PT1H, RULE, max(0, at - more), counted=True)

    assert later[min(more, at)] == alone[0]


def test_an_anomaly_of_last_week_is_not_the_measure_of_this_one() -> None:
    values, starts = series()
    before = score(values, starts)
    for i in (*range(-168 - 5, -168 + 5), *range(-2 * 168 - 3, -2 * 168 + 3)):
        values[i] = 4_000

    after = score(values, starts)

    assert before is not None
    assert after is not None
    assert abs(after.baseline - before.baseline) <= before.baseline / 5
    assert after.spread < 2 * before.spread


def test_what_grows_by_a_tenth_a_week_stays_usual() -> None:
    values, starts = series()
    weeks = [(start - starts[0]) / timedelta(weeks=1) for start in starts]
    grown = [round(value * 1.1**week) for value, week in zip(values, weeks, strict=True)]

    found = scores(grown, starts, UTC_ZONE, Interval.PT1H, RULE, len(grown) - 168, counted=True)

    assert sum(1 for one in found if one is None or abs(one.z) >= RULE.sensitivity) <= 2


def test_four_days_of_silence_do_not_make_silence_usual() -> None:
    values, starts = series()
    values[-24 * 5 : -24] = [0] * 24 * 4

    found = score(values, starts, -14)  # ten o'clock, after the outage

    assert found is not None
    assert abs(found.z) < Decimal("3.5") * 3  # said to be unusual at most, not a hundred spreads
    assert found.baseline > 15


RARE = [(0, 4, False), (0, 9, True), (1, 6, False), (1, 10, True), (20, 0, True), (3, 0, False)]


@pytest.mark.parametrize(("usual", "value", "unusual"), RARE)
def test_small_counts_have_the_noise_of_counting(usual: int, value: int, unusual: bool) -> None:
    _, starts = series()
    values = [*[usual] * (len(starts) - 1), value]
    values[-24 - 42 * 24] = 1  # where six weeks begin: it has happened before, if ever so rarely

    found = score(values, starts)

    assert found is not None
    assert (abs(found.z) >= RULE.sensitivity) == unusual


def test_values_that_are_no_counts_may_be_negative_and_need_a_thousandth_of_what_is_usual() -> None:
    _, starts = series()
    random = Random(2)
    profits = [Decimal(random.randrange(-100, 100)) for _ in starts[:-1]]

    many = replace(RULE, weeks=8)
    negative = scores([*profits, Decimal(-900)], starts, UTC_ZONE, Interval.PT1H, RULE, len(starts) - 1, counted=False)
    still = scores(
        [5_000] * (len(starts) - 2) + [5_017, 5_018], starts, UTC_ZONE, Interval.PT1H, RULE, -2, counted=False
    )
    (first,) = scores(
        [-0.5] + [0] * (len(starts) - 2) + [0.5], starts, UTC_ZONE, Interval.PT1H, many, -1, counted=False
    )

    assert negative[0] is not None
    assert negative[0].z < -5
    assert [one and one.z >= RULE.sensitivity for one in still] == [False, True]
    assert first is not None
    assert first.z == MOST


def test_what_there_is_is_held_against_what_there_was_just_before() -> None:
    days, midnights = series(Interval.P1D)
    followers = [6_000 + total for total in accumulate(days)]
    risen = [*followers[:-3], *(count + 400 for count in followers[-3:])]

    found = scores(risen, midnights, UTC_ZONE, Interval.P1D, RULE, -3, counted=False, stock=True)

    rise, *after = found
    assert rise is not None
    assert rise.z > 8
    assert abs(rise.baseline - followers[-3]) < 60
    assert all(one is not None and abs(one.z) < RULE.sensitivity for one in after)
    gap = [*followers[:-2], None, followers[-1]]
    assert scores(gap, midnights, UTC_ZONE, Interval.P1D, RULE, -2, counted=False, stock=True) == [None, None]


def test_what_never_changes_may_change_a_little() -> None:
    _, starts = series(Interval.P1D)
    stars = [50 + (at > 20) for at in range(len(starts) - 1)]

    found = [
        scores([*stars, 51 + more], starts, UTC_ZONE, Interval.P1D, RULE, -1, counted=False, stock=True)[0]
        for more in (0, 3, 4, -4)
    ]

    assert [one and abs(one.z) >= RULE.sensitivity for one in found] == [False, False, True, True]


def test_too_little_history_and_no_value_have_no_score() -> None:
    values, starts = series()
    young: list[Value] = [*[None] * (len(values) - 168 * 3), *values[-168 * 3 :]]

    assert score(young, starts) is None  # of two weeks before
    assert score(young, starts, rule=replace(RULE, weeks=3), at=-1) is None
    assert score([*values[-168 * 3 - 2 :]], starts[-168 * 3 - 2 :]) is not None
    assert score([*values[:-1], None], starts) is None
    assert "3 of the 6 weeks" in too_little(RULE)


def test_zeros_before_there_was_anything_are_no_history() -> None:
    values, starts = series()
    new = [0] * (len(values) - 168 * 4) + values[-168 * 4 :]
    newer = [0] * (len(values) - 168 * 2) + values[-168 * 2 :]

    known = score(new, starts)

    assert known is not None
    assert abs(known.z) < Decimal("3.5")
    assert known.samples == 3
    assert score(newer, starts) is None
    assert score([*[0] * (len(values) - 1), 50], starts) is None


@pytest.mark.parametrize("end", [datetime(2026, 11, 4, tzinfo=UTC), datetime(2026, 3, 12, tzinfo=UTC)])
def test_places_are_those_of_local_clocks_when_they_change(end: datetime) -> None:
    values, starts = series(zone=NEW_YORK, end=end)

    found = scores(values, starts, NEW_YORK, Interval.PT1H, RULE, len(values) - 72, counted=True)

    assert all(one is not None and abs(one.z) < Decimal("3.5") for one in found)
    by_day = {one.baseline > 50 for one, start in zip(found, starts[-72:], strict=True) if one and _by_day(start)}
    assert by_day == {True}


def _by_day(start: datetime) -> bool:
    local = start.astimezone(NEW_YORK)
    return 8 <= local.hour < 20 and local.weekday() != 6


@pytest.mark.parametrize("interval", [Interval.P1W, Interval.P1M, Interval.P3M, Interval.P1Y])
def test_what_has_no_place_in_the_week_is_refused(interval: Interval) -> None:
    with pytest.raises(ValueError, match="the interval is one of PT15M, PT1H, P1D"):
        needs(RULE, interval)


def test_days_and_quarter_hours_have_places_too() -> None:
    days, midnights = series(Interval.P1D, NEW_YORK)
    quarters, starts = series(Interval.PT15M)

    (day,) = scores([*days[:-1], 3 * days[-1]], midnights, NEW_YORK, Interval.P1D, RULE, len(days) - 1, counted=True)
    (quarter,) = scores([*quarters[:-1], 90], starts, UTC_ZONE, Interval.PT15M, RULE, len(quarters) - 1, counted=True)

    assert day is not None
    assert quarter is not None
    assert day.z > 5
    assert quarter.z > 5
    said = in_words("90", quarter, str, starts[-1], UTC_ZONE, Interval.PT15M)
    assert said.startswith("90, where 1")
    assert "is usual for Thursdays 23:45 by the last 6 weeks: " in said
    assert said.endswith("spreads above")


NUMBERS = (
    st.none()
    | st.integers(-50, 400)
    | st.floats(-1e30, 1e30)
    | st.sampled_from((float("nan"), float("inf")))
    | st.integers(0, 10**15)
    | st.decimals(-(10**20), 10**20)
)


@settings(max_examples=60)
@given(st.lists(NUMBERS, min_size=30, max_size=70), st.booleans(), st.booleans(), st.integers(3, 8))
def test_whatever_the_values_a_score_is_a_score(values: list[Value], counted: bool, of_stock: bool, weeks: int) -> None:
    starts = boundaries(NOW - timedelta(days=len(values)), NOW, Interval.P1D, UTC_ZONE)[:-1]
    rule = replace(RULE, weeks=weeks)

    found = scores(values, starts, UTC_ZONE, Interval.P1D, rule, 0, counted=counted, stock=of_stock)

    assert len(found) == len(values)
    assert all(one is None for one in found[:21])
    for one in found:
        if one is not None:
            assert -MOST <= one.z <= MOST
            assert one.low <= one.baseline <= one.high
            assert 3 <= one.samples <= weeks
            assert one.spread.is_finite()


def test_a_share_is_said_in_percent_throughout_and_thousands_have_commas() -> None:
    shares = Readings(
        Rule("r", "r", RULE, Look("win_rate", Interval.P1D, "UTC")), METRICS["win_rate"], (), _days(0.31, 0.35, 0.9), 49
    )
    stars = Readings(
        Rule("r", "r", RULE, Look("downloads", Interval.P1D, "UTC")),
        METRICS["downloads"],
        (),
        _days(5_100, 4_900, 9_000),
        49,
    )

    said = [one.sample(49, ()).reason for one in (shares, stars)]

    share, count = r"3\d\.\d\d%", r"[45],\d{3}"
    assert re.match(rf"90\.00%, where {share} \(\d\d\.\d\d% to \d\d\.\d\d%\) is usual for Fridays", said[0]), said[0]
    assert re.match(rf"9,000 downloads, where {count} \({count} to {count}\) is usual for Fridays", said[1]), said[1]


def _days(one: float, other: float, last: float) -> list[Counted]:
    values = [*[one, other] * 24, other, last]
    starts = [NOW + timedelta(days=at) for at in range(len(values))]
    return [Counted(at, at + timedelta(days=1), {(): Numbers(of)}) for at, of in zip(starts, values, strict=True)]
