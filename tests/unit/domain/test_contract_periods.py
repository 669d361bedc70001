"""The contract's periods: the last complete one, the one that is given, and its dates."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from chalicelib.domain.contract_periods import PERIODS, before, later, parse_period, span, written
from chalicelib.domain.periods import Interval, floor
from chalicelib.domain.zones import zone

ZONES = [
    "Asia/Kathmandu", "Australia/Eucla", "Pacific/Chatham", "Australia/Lord_Howe", "America/St_Johns", "Pacific/Apia",
    "Africa/Cairo", "America/Santiago", "Asia/Beirut", "America/New_York", "Pacific/Kiritimati", "UTC",
]  # fmt: skip
quarters = st.integers(0, 30 * 366 * 96).map(lambda n: datetime(2000, 1, 1, tzinfo=UTC) + n * timedelta(minutes=15))
zones = st.sampled_from(ZONES).map(zone)
periods = st.sampled_from(list(PERIODS.values()))
NOW = datetime(2026, 11, 26, 5, 20, tzinfo=UTC)  # a Thursday


@pytest.mark.parametrize(
    ("period", "expected"),
    [
        ("hour", ("26-11-2026", "26-11-2026")),
        ("day", ("25-11-2026", "26-11-2026")),
        ("week", ("16-11-2026", "23-11-2026")),
        ("month", ("01-10-2026", "01-11-2026")),
        ("quarter", ("01-07-2026", "01-10-2026")),
        ("year", ("01-01-2025", "01-01-2026")),
    ],
)
def test_without_a_range_it_is_the_last_complete_period(period: str, expected: tuple[str, str]) -> None:
    utc = zone("UTC")

    assert tuple(written(edge, utc) for edge in span(PERIODS[period], None, None, NOW, utc)) == expected


def test_the_contracts_own_example_is_a_month_from_its_start_on() -> None:
    utc = zone("UTC")
    start = datetime(2016, 6, 6, tzinfo=UTC)

    assert [written(edge, utc) for edge in span(Interval.P1M, start, None, NOW, utc)] == ["06-06-2016", "06-07-2016"]
    assert [written(edge, utc) for edge in span(Interval.P1M, None, datetime(2016, 7, 6, tzinfo=UTC), NOW, utc)] == [
        "06-06-2016",
        "06-07-2016",
    ]


@given(quarters, periods, zones)
def test_the_last_complete_period_is_one_of_the_calendar_and_ends_by_now(
    now: datetime, period: Interval, at: ZoneInfo
) -> None:
    start, end = span(period, None, None, now, at)

    assert start < end <= now
    assert floor(start, period, at) == start
    assert floor(end - timedelta(minutes=15), period, at) == start
    assert floor(now, period, at) == end


@example(datetime(2000, 4, 27, 22, tzinfo=UTC), Interval.P1D, zone("Africa/Cairo"))  # a day that began at one o'clock
@example(datetime(2000, 4, 28, 21, tzinfo=UTC), Interval.P1D, zone("Africa/Cairo"))
@given(quarters, periods, zones)
def test_a_start_of_the_calendar_leads_to_the_next_one(now: datetime, period: Interval, at: ZoneInfo) -> None:
    start, end = span(period, None, None, now, at)

    if period is not Interval.PT1H:  # a clock hour may have 90 minutes; an hour later is 60
        assert later(start, period, at) == end
        assert before(end, period, at) == start


def test_the_end_of_a_long_month_leads_to_the_end_of_a_short_one() -> None:
    at = zone("Asia/Kathmandu")
    last = datetime(2026, 1, 30, 18, 15, tzinfo=UTC)  # midnight of the 31st

    assert [written(later(last, period, at), at) for period in (Interval.P1M, Interval.P3M, Interval.P1Y)] == [
        "01-03-2026",
        "01-05-2026",
        "31-01-2027",
    ]


def test_what_is_no_period_is_told_with_those_that_are() -> None:
    with pytest.raises(ValueError, match="month"):
        parse_period("monht")
