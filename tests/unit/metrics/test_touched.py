"""Ranges cover every touched day, and never more of them than asked for."""

from __future__ import annotations

import itertools
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.metrics.touched import Days, ranges, spill, whole_days

some_days = st.sets(st.dates(date(2026, 1, 1), date(2026, 12, 31)), max_size=40)


@given(some_days, st.integers(1, 6))
def test_every_day_is_covered_by_few_ranges_that_do_not_overlap(days: set[date], most: int) -> None:
    found = ranges(days, most)

    assert all(any(day in covered for covered in found) for day in days)
    assert len(found) <= most
    assert all(a.last + timedelta(days=1) < b.first for a, b in itertools.pairwise(found))


@given(some_days)
def test_enough_ranges_cover_nothing_in_vain(days: set[date]) -> None:
    assert {day for covered in ranges(days, most=100) for day in covered} == days


@given(some_days, st.integers(0, 3), st.integers(0, 3))
def test_a_day_spills_into_its_neighbours(days: set[date], before: int, after: int) -> None:
    expected = {day + timedelta(days=n) for day in days for n in range(-before, after + 1)}

    assert spill(days, before, after) == expected


def test_the_first_and_the_last_day_of_time_spill_nowhere() -> None:
    assert spill({date.min, date.max}, 1, 1) == {
        date.min,
        date.min + timedelta(days=1),
        date.max,
        date.max - timedelta(days=1),
    }


@given(some_days, st.sampled_from(["UTC", "Asia/Kathmandu", "America/St_Johns", "Pacific/Kiritimati"]))
def test_whole_days_of_a_zone_cover_the_spans_and_begin_and_end_at_its_midnights(days: set[date], name: str) -> None:
    zone = ZoneInfo(name)
    spans = [covered.span for covered in ranges(days, most=100)]

    widened = whole_days(spans, zone)

    assert all(any(w.start <= s.start and s.end <= w.end for w in widened) for s in spans)
    assert all(a.end < b.start for a, b in itertools.pairwise(widened))
    for edge in (edge for w in widened for edge in (w.start, w.end)):
        before = edge - timedelta(seconds=1)
        assert edge.astimezone(zone).date() > before.astimezone(zone).date()


def test_a_range_holds_its_two_ends() -> None:
    covered = Days(date(2026, 1, 1), date(2026, 1, 3))

    assert date(2026, 1, 1) in covered
    assert date(2026, 1, 3) in covered
    assert date(2026, 1, 4) not in covered
