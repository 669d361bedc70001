"""Boundaries of periods: properties over zones, and the days that history made odd."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.domain.periods import (
    EARLIEST,
    EPOCH,
    GRID,
    Interval,
    boundaries,
    ceil,
    floor,
    index_of,
    parse_instant,
    parse_interval,
)
from chalicelib.domain.zones import midnight, offset, resolve, transitions, zone

ZONES = [
    "Asia/Kathmandu", "Australia/Eucla", "Pacific/Chatham", "Australia/Lord_Howe", "America/St_Johns", "Pacific/Apia",
    "Africa/Cairo", "America/Santiago", "Asia/Beirut", "America/New_York", "Pacific/Kiritimati", "UTC",
]  # fmt: skip
SPANS = {
    Interval.PT15M: timedelta(days=3),
    Interval.PT1H: timedelta(days=40),
    Interval.P1D: timedelta(days=400),
    Interval.P1W: timedelta(days=800),
    Interval.P1M: timedelta(days=2000),
    Interval.P3M: timedelta(days=4000),
    Interval.P1Y: timedelta(days=9000),
}
quarters = st.integers(0, int((datetime(2040, 1, 1, tzinfo=UTC) - EARLIEST) / GRID))
ranges = st.tuples(st.sampled_from(list(Interval)), quarters, st.floats(0, 1)).map(
    lambda t: (t[0], EARLIEST + GRID * t[1], EARLIEST + GRID * (t[1] + int(SPANS[t[0]] / GRID * t[2])))
)


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type, misc]


@pytest.mark.parametrize("name", ZONES)
@given(ranges)
@settings(max_examples=60)
def test_boundaries_tile_the_range_on_the_grid(name: str, question: tuple[Interval, datetime, datetime]) -> None:
    interval, start, end = question

    found = boundaries(start, end, interval, zone(name))

    assert found[0] == start
    assert found[-1] == end
    assert all(a < b for a, b in pairwise(found))
    assert all((b - EPOCH) % GRID == timedelta(0) for b in found)


@pytest.mark.parametrize("name", ZONES)
@given(ranges)
@settings(max_examples=60)
def test_inner_boundaries_of_days_are_the_first_instant_of_a_right_local_date(
    name: str, question: tuple[Interval, datetime, datetime]
) -> None:
    interval, start, end = question
    at = zone(name)
    aligned = {
        Interval.P1W: lambda d: d.weekday() == 0,
        Interval.P1M: lambda d: d.day == 1,
        Interval.P3M: lambda d: d.day == 1 and d.month in (1, 4, 7, 10),
        Interval.P1Y: lambda d: d.day == 1 and d.month == 1,
    }.get(interval, lambda d: True)

    for boundary in boundaries(start, end, interval, at)[1:-1]:
        local, just_before = boundary.astimezone(at), (boundary - timedelta(seconds=1)).astimezone(at)

        if interval.of_days:
            assert local.hour * 60 + local.minute == 0 or local.date() != just_before.date()
            assert aligned(local.date())
            assert just_before.date() < local.date()
        elif interval is Interval.PT1H:
            assert local.minute == 0 or local.utcoffset() != just_before.utcoffset() or name == "America/St_Johns"


@pytest.mark.parametrize("name", ZONES)
@given(st.sampled_from(list(Interval)), quarters)
@settings(max_examples=60)
def test_floor_and_ceil_are_the_boundaries_around_an_instant(name: str, interval: Interval, quarter: int) -> None:
    at, instant = zone(name), EARLIEST + GRID * quarter

    low, high = floor(instant, interval, at), ceil(instant, interval, at)

    assert low <= instant <= high
    assert (low == instant) == (high == instant)
    assert floor(low, interval, at) == low
    if low < instant:
        assert boundaries(low, high, interval, at) == (low, high)
        assert index_of(instant, (low, high)) == 0


ODD_DAYS = [
    ("America/New_York", date(2026, 3, 8), 23),
    ("America/New_York", date(2026, 11, 1), 25),
    ("Africa/Cairo", date(2026, 4, 24), 23),  # 00:00 was skipped
    ("America/Santiago", date(2026, 9, 6), 23),  # 00:00 was skipped
    ("America/Santiago", date(2026, 4, 4), 25),  # 24:00 became 23:00
    ("Asia/Beirut", date(2026, 3, 29), 23),  # 00:00 was skipped
    ("Australia/Lord_Howe", date(2026, 4, 5), 24.5),
    ("Australia/Lord_Howe", date(2026, 10, 4), 23.5),
    ("Pacific/Apia", date(2011, 12, 29), 24),
    ("Pacific/Apia", date(2011, 12, 31), 24),
    ("America/St_Johns", date(2010, 11, 7), 25),  # 00:01 became 23:01
    ("UTC", date(2024, 2, 29), 24),
]


@pytest.mark.parametrize(("name", "day", "hours"), ODD_DAYS)
def test_odd_days_have_the_length_that_their_clocks_gave_them(name: str, day: date, hours: float) -> None:
    at = zone(name)

    length = midnight(day + timedelta(days=1), at) - midnight(day, at)

    assert length == timedelta(hours=hours)


def test_a_day_that_was_skipped_has_no_bucket() -> None:
    at = zone("Pacific/Apia")

    bounds = boundaries(midnight(date(2011, 12, 29), at), midnight(date(2012, 1, 1), at), Interval.P1D, at)

    assert [b.astimezone(at).day for b in bounds] == [29, 31, 1]


def test_both_hours_have_a_bucket_where_the_clock_goes_back_by_one() -> None:
    at = zone("America/New_York")

    bounds = boundaries(utc(2026, 11, 1, 4), utc(2026, 11, 1, 8), Interval.PT1H, at)

    assert [b.astimezone(at).hour for b in bounds] == [0, 1, 1, 2, 3]


def test_lord_howe_has_an_hour_of_90_minutes_and_one_of_30() -> None:
    at = zone("Australia/Lord_Howe")

    back = boundaries(midnight(date(2026, 4, 5), at), midnight(date(2026, 4, 6), at), Interval.PT1H, at)
    forth = boundaries(midnight(date(2026, 10, 4), at), midnight(date(2026, 10, 5), at), Interval.PT1H, at)

    assert sorted({b - a for a, b in pairwise(back)}) == [timedelta(hours=1), timedelta(minutes=90)]
    assert sorted({b - a for a, b in pairwise(forth)}) == [timedelta(minutes=30), timedelta(hours=1)]


@pytest.mark.parametrize(
    ("local", "instant"),
    [
        ("2026-11-01T01:30", utc(2026, 11, 1, 5, 30)),  # ambiguous: the first
        ("2026-03-08T02:30", utc(2026, 3, 8, 7)),  # skipped: the jump
        ("2026-03-08T03:00", utc(2026, 3, 8, 7)),
    ],
)
def test_ambiguous_is_the_first_and_skipped_is_the_jump(local: str, instant: datetime) -> None:
    assert resolve(datetime.fromisoformat(local), zone("America/New_York")) == instant


def test_every_offset_of_every_zone_lies_on_the_grid() -> None:
    instants = [EARLIEST + timedelta(days=45 * i) for i in range(400)]

    off_grid = {
        name
        for name in available_timezones()
        if name not in {"localtime", "posixrules", "Factory"} and not name.startswith(("right/", "posix/"))
        if any(offset(instant, ZoneInfo(name)) % GRID for instant in instants)
    }

    assert off_grid == set()


def test_transitions_are_found_to_the_second() -> None:
    found = list(transitions(utc(2010, 1, 1), utc(2011, 1, 1), zone("America/St_Johns")))

    assert found == [utc(2010, 3, 14, 3, 31), utc(2010, 11, 7, 2, 31)]


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2026-11-01", utc(2026, 10, 31, 18, 15)),
        ("2026-11-01T06:00", utc(2026, 11, 1, 0, 15)),
        ("2026-11-01T06:00:00Z", utc(2026, 11, 1, 6)),
        ("2026-11-01T06:00:00+05:45", utc(2026, 11, 1, 0, 15)),
        ("2026-11-01T06:00:00-03:30", utc(2026, 11, 1, 9, 30)),
    ],
)
def test_instants_are_read_in_their_zone(text: str, instant: datetime) -> None:
    assert parse_instant(text, zone("Asia/Kathmandu")) == instant


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("yesterday", "ISO 8601"),
        ("2026-11-01T06:00:00 05:45", "%2B"),
        ("2026-11-01T06:07", "15-minute grid"),
        ("2026-11-01T06:00:00.5Z", "15-minute grid"),
        ("1970-01-01", "between"),
        ("9999-12-31T23:45-12:00", "ISO 8601"),
        ("", "ISO 8601"),
    ],
)
def test_what_is_no_instant_is_refused_with_the_reason(text: str, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        parse_instant(text, ZoneInfo("UTC"))


@pytest.mark.parametrize(
    "name", ["", "Mars/Base", "../etc/passwd", "right/UTC", "localtime", "UTC/", "A" * 99, "Europe"]
)
def test_what_is_no_zone_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="no time zone"):
        zone(name)


def test_an_unknown_interval_names_the_known_ones() -> None:
    with pytest.raises(ValueError, match="PT15M, PT1H, P1D"):
        parse_interval("P2D")
