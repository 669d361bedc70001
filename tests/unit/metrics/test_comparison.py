"""Comparison over equal elapsed local time: what stands beside what."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.domain.periods import Interval
from chalicelib.domain.shifts import Shift
from chalicelib.metrics.comparison import Match, Versus, comparison, differ, known_until, pair

ZONES = ["America/New_York", "Africa/Cairo", "Pacific/Apia", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC"]
NEW_YORK, UTC_ZONE = ZoneInfo("America/New_York"), ZoneInfo("UTC")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=NEW_YORK).astimezone(UTC)


SETTLED = [
    ("previous_period", None, "P1D", "2026-01-01", "2026-01-04", Shift(days=3)),
    ("previous_period", None, "P1D", "2026-02-01", "2026-03-01", Shift(months=1)),
    ("previous_period", "weekday", "P1D", "2026-02-01", "2026-03-01", Shift(days=28)),  # January has 31 days
    ("previous_period", "weekday", "P1D", "2026-03-01", "2026-04-01", Shift(days=35)),  # 28 days would overlap
    ("previous_period", "weekday", "P1D", "2026-01-01", "2026-01-04", Shift(days=7)),
    ("previous_period", None, "P1W", "2026-11-02", "2026-11-16", Shift(days=14)),
    ("previous_period", None, "P1W", "2026-11-01", "2026-12-01", Shift(days=35)),
    ("week", None, "P1D", "2026-01-01", "2026-01-04", Shift(days=7)),
    ("month", None, "P1D", "2026-01-01", "2026-01-04", Shift(months=1)),
    ("month", "weekday", "P1D", "2026-01-01", "2026-01-04", Shift(days=28)),
    ("month", None, "P1W", "2026-01-01", "2026-01-04", Shift(days=28)),
    ("year", None, "P1D", "2026-01-01", "2026-01-04", Shift(months=12)),
    ("year", "weekday", "PT1H", "2026-01-01", "2026-01-04", Shift(days=364)),
    ("year", None, "P3M", "2026-01-01", "2026-07-01", Shift(months=12)),
]


@pytest.mark.parametrize(("versus", "match", "interval", "start", "end", "shift"), SETTLED)
def test_the_step_back(versus: str, match: str | None, interval: str, start: str, end: str, shift: Shift) -> None:
    chosen = None if match is None else Match(match)

    assert comparison(Versus(versus), chosen, Interval(interval), (at(start), at(end)), UTC_ZONE).shift == shift


@pytest.mark.parametrize(
    ("end", "months", "days"), [("2026-11-27", 12, 364), ("2026-01-27", 1, 28), ("2027-01-01", 12, 371)]
)
def test_a_period_to_date_in_weeks_stands_beside_the_nearest_weeks_before(end: str, months: int, days: int) -> None:
    span = (at("2026-01-01"), at(end))

    found = comparison(Versus.PREVIOUS_PERIOD, None, Interval.P1W, span, UTC_ZONE, Shift(months=months))

    assert found.shift == Shift(days=days)


REFUSED = [
    ("week", None, "P1M", "2026-01-01", "2026-07-01"),
    ("month", None, "P3M", "2026-01-01", "2026-07-01"),
    ("year", "weekday", "P1M", "2026-01-01", "2026-07-01"),
    ("month", "date", "P1W", "2026-01-01", "2026-07-01"),
    ("previous_period", None, "P1M", "2026-01-15", "2026-07-01"),
    ("previous_period", None, "P1D", "2026-01-15T10:00", "2026-01-15T14:00"),
]


@pytest.mark.parametrize(("versus", "match", "interval", "start", "end"), REFUSED)
def test_buckets_without_counterparts_are_refused(
    versus: str, match: str | None, interval: str, start: str, end: str
) -> None:
    with pytest.raises(ValueError, match="counterparts"):
        comparison(Versus(versus), match and Match(match), Interval(interval), (at(start), at(end)), UTC_ZONE)


def test_the_last_days_of_march_have_no_counterpart_in_february() -> None:
    found = pair(at("2026-03-27"), at("2026-04-03"), Interval.P1D, UTC_ZONE, Shift(months=1))

    assert found.counterpart == (0, 1, None, None, None, 2, 3)
    assert found.before[0] == at("2026-02-27")
    assert found.before[-1] == at("2026-03-03")


def test_a_leap_day_has_none_a_year_before() -> None:
    found = pair(at("2028-02-28"), at("2028-03-02"), Interval.P1D, UTC_ZONE, Shift(months=12))

    assert found.counterpart == (0, None, 1)
    assert differ(found) == (
        "The two ranges differ in length: 3 days and 2 days. Clocks changed, or months are of unequal length."
    )


@pytest.mark.parametrize(("days", "warned"), [(1, True), (7, True), (28, False), (90, False)])
def test_the_hour_of_a_clock_change_is_warned_of_in_few_days_only(days: int, warned: bool) -> None:
    start = local("2026-03-08")

    found = pair(start, start + timedelta(days=days), Interval.P1D, NEW_YORK, Shift(days=days))

    assert found.elapsed[0] < found.elapsed[1]
    assert (differ(found) is not None) is warned


def test_a_leap_day_a_year_before_is_nobodys_counterpart() -> None:
    found = pair(at("2029-02-28"), at("2029-03-02"), Interval.P1D, UTC_ZONE, Shift(months=12))

    assert [found.before[index or 0] for index in found.counterpart] == [at("2028-02-28"), at("2028-03-01")]


def test_the_week_of_a_change_of_clocks_is_paired_by_clock_time() -> None:
    days = pair(local("2026-03-02"), local("2026-03-09"), Interval.P1D, NEW_YORK, Shift(days=7))
    spring = pair(local("2026-03-08"), local("2026-03-09"), Interval.PT1H, NEW_YORK, Shift(days=7))
    autumn = pair(local("2026-11-01"), local("2026-11-02"), Interval.PT1H, NEW_YORK, Shift(days=7))

    assert days.counterpart == tuple(range(7))
    assert days.elapsed == (timedelta(days=7, hours=-1), timedelta(days=7))
    assert spring.counterpart == (0, 1, *range(3, 24))  # nothing is compared with 02:00 of the week before
    assert autumn.counterpart == (0, 1, None, *range(2, 24))  # 01:00 came twice, and only once the week before


def test_an_unfinished_range_is_cut_where_all_is_known() -> None:
    start, end, now = at("2026-11-01"), at("2026-12-01"), at("2026-11-25T12:07")

    assert known_until(end, now, at("2026-12-24"), start) == at("2026-11-25T12:00")
    assert known_until(end, now, at("2026-11-25T11:30"), start) == at("2026-11-25T11:30")
    assert known_until(at("2026-11-03"), now, now, start) == at("2026-11-03")
    assert known_until(end, now, at("2026-10-01"), start) == known_until(end, now, None, start) == start


def test_half_a_day_is_compared_with_half_a_day() -> None:
    found = pair(at("2026-11-01"), at("2026-11-02T11:30"), Interval.P1D, UTC_ZONE, Shift(days=7))

    assert found.before == (at("2026-10-25"), at("2026-10-26"), at("2026-10-26T11:30"))
    assert found.counterpart == (0, 1)


def test_a_comparison_with_the_time_before_all_times_is_refused() -> None:
    with pytest.raises(ValueError, match="begins before 1980-01-01"):
        pair(at("1980-06-01"), at("1980-06-02"), Interval.P1D, UTC_ZONE, Shift(months=12))


SHIFTS = [Shift(days=7), Shift(days=364), Shift(months=1), Shift(months=12), Shift(days=3), Shift(days=28)]


@given(
    st.integers(0, 18 * 365 * 96),
    st.integers(1, 96 * 40),
    st.sampled_from([Interval.PT15M, Interval.PT1H, Interval.P1D]),
    st.sampled_from(SHIFTS),
    st.sampled_from(ZONES),
)
@settings(max_examples=300)
def test_a_counterpart_is_the_same_local_time_and_nobody_elses(
    quarter: int, long: int, interval: Interval, shift: Shift, zone: str
) -> None:
    start = at("2008-01-01") + timedelta(minutes=15 * quarter)
    end = start + timedelta(minutes=15 * min(long, 96 * 3 if interval is Interval.PT15M else long))

    found = pair(start, end, interval, ZoneInfo(zone), shift)

    taken = [index for index in found.counterpart if index is not None]
    assert len(set(taken)) == len(taken)
    assert taken == sorted(taken)
    for index, other in enumerate(found.counterpart):
        if other is None:
            continue
        one, before = (moment.astimezone(ZoneInfo(zone)) for moment in (found.bounds[index], found.before[other]))
        if shift.months:
            assert one.day == before.day
            assert (one.year - before.year) * 12 + one.month - before.month == shift.months
        else:
            assert (one.date() - before.date()).days == shift.days
        if interval is Interval.PT15M:
            assert (one.hour, one.minute) == (before.hour, before.minute)
        if interval is Interval.PT1H:
            assert one.hour == before.hour
