"""Ranges cover every touched day, and never more of them than asked for."""

from __future__ import annotations

import itertools
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.metrics.touched import Days, ranges, spill

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


@given(some_days, st.integers(0, 3))
def test_a_day_spills_into_those_after_it_only(days: set[date], spill_days: int) -> None:
    expected = {day + timedelta(days=n) for day in days for n in range(spill_days + 1)}

    assert spill(days, spill_days) == expected


def test_the_last_day_of_time_spills_nowhere() -> None:
    assert spill({date.max}, 1) == {date.max}


def test_a_range_holds_its_two_ends() -> None:
    covered = Days(date(2026, 1, 1), date(2026, 1, 3))

    assert date(2026, 1, 1) in covered
    assert date(2026, 1, 3) in covered
    assert date(2026, 1, 4) not in covered
