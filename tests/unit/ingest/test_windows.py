"""Windows tile time: no gap, no overlap, none too early, oldest first."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta

from hypothesis import assume, given
from hypothesis import strategies as st

from chalicelib.ingest.windows import count_due, first_cursor, floor, next_window, settled_end
from chalicelib.sources.base import PullMode, Window

instants = st.integers(0, 4 * 10**15).map(lambda us: datetime(2000, 1, 1, tzinfo=UTC) + timedelta(microseconds=us))
grids = st.sampled_from([timedelta(minutes=15), timedelta(hours=1), timedelta(hours=12), timedelta(days=1)])
settles = st.timedeltas(timedelta(0), timedelta(days=2))
gaps = st.timedeltas(timedelta(0), timedelta(days=9))


@given(instants, grids, settles, gaps)
def test_history_is_tiled_oldest_first_up_to_what_has_settled(
    cursor: datetime, grid: timedelta, settle: timedelta, gap: timedelta
) -> None:
    assume(gap < grid * 60)
    now, at, count = cursor + gap, cursor, 0
    due = count_due(cursor, now, grid, settle)

    while (plan := next_window(at, now, grid, settle, PullMode.WINDOW)) is not None:
        assert plan.window == plan.fetch
        assert plan.fetch.start == at
        assert at < plan.fetch.end == floor(plan.fetch.end, grid)
        assert plan.fetch.end + settle <= now
        at, count = plan.fetch.end, count + 1

    assert count == due
    assert at == max(cursor, settled_end(now, grid, settle))


@given(instants, grids, settles, gaps)
def test_a_snapshot_takes_the_newest_window_and_records_all_missed(
    cursor: datetime, grid: timedelta, settle: timedelta, gap: timedelta
) -> None:
    assume(gap < grid * 60)
    now = cursor + gap
    plan = next_window(cursor, now, grid, settle, PullMode.SNAPSHOT)
    if plan is None:
        assert settled_end(now, grid, settle) < floor(cursor, grid) + grid
        return

    tiles = [*plan.missed, plan.fetch]
    assert tiles[0].start == cursor == plan.window.start
    assert all(left.end == right.start for left, right in itertools.pairwise(tiles))
    assert plan.fetch.end == settled_end(now, grid, settle) == plan.window.end
    assert next_window(plan.window.end, now, grid, settle, PullMode.SNAPSHOT) is None


@given(instants, grids, settles)
def test_all_clocks_see_the_same_grid(now: datetime, grid: timedelta, settle: timedelta) -> None:
    later = first_cursor(now + grid, grid, settle, None)

    assert later - first_cursor(now, grid, settle, None) == grid
    assert floor(later, grid) == later


def test_a_new_stream_begins_where_it_is_told() -> None:
    start = datetime(2026, 3, 29, 1, 30, tzinfo=UTC)  # the night in which Europe's clocks change

    assert first_cursor(start, timedelta(hours=1), timedelta(0), start).hour == 1


def test_a_clock_that_is_behind_plans_nothing() -> None:
    at = datetime(2026, 11, 22, 10, tzinfo=UTC)

    assert next_window(at, at - timedelta(hours=5), timedelta(hours=1), timedelta(0), PullMode.WINDOW) is None


def test_a_cursor_off_a_new_grid_is_brought_back_by_a_shorter_window() -> None:
    at = datetime(2026, 11, 22, 10, 45, tzinfo=UTC)
    plan = next_window(at, at + timedelta(days=1), timedelta(hours=1), timedelta(0), PullMode.WINDOW)

    assert plan is not None
    assert plan.fetch == Window(at, at + timedelta(minutes=15))
