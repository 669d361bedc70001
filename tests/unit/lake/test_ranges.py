"""Sets of time: whatever was pulled in whatever order, covered and gaps together are the whole, and never overlap."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.errors import IntegrityError
from chalicelib.lake import commits
from chalicelib.lake.covered import covered_by
from chalicelib.lake.ranges import gaps, merged, shared
from chalicelib.lake.steps import Kind, Step
from chalicelib.sources.base import Window
from tests.simulation.scheduler import NO_FAULTS, START, Scheduler
from tests.simulation.store import FakeS3

EPOCH = datetime(2026, 1, 1, tzinfo=UTC)
_points = st.integers(0, 40)


def _window(ends: tuple[int, int]) -> Window:
    start, end = sorted(ends)
    return Window(EPOCH + timedelta(hours=start), EPOCH + timedelta(hours=end))


_windows = st.tuples(_points, _points).map(_window)


def _hours(windows: object) -> list[datetime]:
    found = []
    for window in windows:  # type: ignore[attr-defined]
        at = window.start
        while at < window.end:
            found.append(at)
            at += timedelta(hours=1)
    return found


@given(st.lists(_windows))
def test_merged_ranges_are_the_same_hours_sorted_and_apart(windows: list[Window]) -> None:
    union = merged(windows)

    assert _hours(union) == sorted(set(_hours(windows)))
    assert all(before.end < after.start for before, after in pairwise(union))


@given(_windows, st.lists(_windows))
def test_gaps_are_just_the_hours_that_are_not_covered(wanted: Window, windows: list[Window]) -> None:
    covered = merged(windows)
    missing = list(gaps(wanted, covered))

    assert _hours(missing) == sorted(set(_hours([wanted])) - set(_hours(covered)))
    assert shared(wanted, covered) == (wanted.end - wanted.start) - timedelta(hours=len(_hours(missing)))


def test_what_a_stream_of_before_covered_has_pulled_is_read_from_its_first_commit() -> None:
    store = FakeS3(Scheduler(Random(0), NO_FAULTS))
    head = None
    for day in range(3):
        window = Window(START + timedelta(days=day), START + timedelta(days=day + 1))
        body = Step(window, window.end).to_body()
        del body["covered"], body["cursor"]
        drafted = commits.draft(head, "old", attempt=f"{day}", kind=Kind.PULL, committed_at=window.end, body=body)
        head = commits.append(store, drafted)

    assert covered_by(store, None) == ()
    assert covered_by(store, head) == (Window(START, START + timedelta(days=3)),)

    store.delete("ctl/commits/old/00000001.json")
    with pytest.raises(IntegrityError, match="no commit 1"):
        covered_by(store, head)
