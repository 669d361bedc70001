"""Backfills: what was not pulled is pulled once, the live stream is not moved, and a killed run costs nothing."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any, ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.errors import FatalSourceError, RetriableSourceError
from chalicelib.ingest import backfilling
from chalicelib.ingest.backfill import Backfill
from chalicelib.ingest.jobs import Job, JobKind, Progress
from chalicelib.ingest.windows import floor
from chalicelib.lake.ranges import gaps, merged
from chalicelib.lake.steps import Kind, Step
from chalicelib.sources.base import Table, Window
from tests.simulation.outside import DAYS, EVENTS, GRID, History
from tests.simulation.scheduler import START
from tests.unit.ingest.test_pull import FOREVER, World

NOW = START + timedelta(days=10, minutes=11)


class Events(History):
    """Only what happened; nothing is restated."""

    tables: ClassVar[tuple[Table, ...]] = (EVENTS,)

    def parse(self, pages: Any, window: Window, config: Any) -> Any:
        return (o for o in super().parse(pages, window, config) if not _is_day(o))


class Days(History):
    """Only the restated table."""

    tables: ClassVar[tuple[Table, ...]] = (DAYS,)
    grid: ClassVar[timedelta] = timedelta(days=1)

    def parse(self, pages: Any, window: Window, config: Any) -> Any:
        return (o for o in super().parse(pages, window, config) if _is_day(o))


def _is_day(outcome: Any) -> bool:
    return getattr(outcome, "event_id", "").startswith("day ")


def job(start: datetime, end: datetime, *, again: bool = False, name: str = "j1") -> Job:
    return Job(name, JobKind.BACKFILL, "history", (Window(start, end),), NOW, again=again)


class Reports(list[Progress]):
    """Notes every report; says no after ``stop`` of them."""

    stop = 10**6

    def __call__(self, progress: Progress) -> bool:
        self.append(progress)
        return len(self) < self.stop


@pytest.fixture
def world() -> World:
    """A stream that began on the sixth day of ten, and is up to date."""
    made = World(Events(), events=10 * 24)
    made.pull = replace(made.pull, start=START + timedelta(days=5))
    made.scheduler.now = NOW
    made.pull.run(FOREVER)
    made.fetcher.requests.clear()
    return made


def last(world: World) -> tuple[str, Step]:
    commit = json.loads(world.store.objects[world.store.keys("ctl/commits/")[-1]].body)
    return commit["kind"], Step.from_body(commit["body"])


def asked(world: World) -> list[tuple[str, str]]:
    return [(r.params["from"], r.params["to"]) for r in world.fetcher.requests if "token" not in r.params]


def test_a_backfill_takes_the_past_once_and_moves_neither_cursor_nor_watermark(world: World) -> None:
    _, before = last(world)
    reports = Reports()

    done = Backfill(world.pull, job(START, NOW)).run(FOREVER, reports)

    kind, after = last(world)
    assert kind == Kind.BACKFILL
    assert (after.cursor, after.watermark, after.last_record_at) == (
        before.cursor,
        before.watermark,
        before.last_record_at,
    )
    assert done == Progress(done=10, rows=done.rows, left=0)
    assert [r.done for r in reports] == list(range(11))
    assert [r.left for r in reports] == list(range(10, -1, -1))
    everything = World(Events(), events=10 * 24)
    everything.scheduler.now = NOW
    everything.pull.run(FOREVER)
    assert world.rows("events") == everything.rows("events")
    assert max(Counter(asked(world)).values()) == 1
    assert after.covered == (Window(START, before.cursor),)


def test_a_second_backfill_of_the_same_range_asks_nothing(world: World) -> None:
    Backfill(world.pull, job(START, NOW)).run(FOREVER, Reports())
    world.fetcher.requests.clear()

    done = Backfill(world.pull, job(START, NOW, name="j2")).run(FOREVER, Reports())

    assert done == Progress(0, 0, 0)
    assert world.fetcher.requests == []


def test_the_live_stream_goes_on_where_it_was(world: World) -> None:
    Backfill(world.pull, job(START, START + timedelta(days=2))).run(FOREVER, Reports())
    world.scheduler.now = NOW + timedelta(days=1)
    world.server.happen(NOW)

    assert world.pull.run(FOREVER) == 2

    assert [step.window.start for step in world.steps()][-2] == START + timedelta(days=10)
    assert last(world)[1].covered == (
        Window(START, START + timedelta(days=2)),
        Window(START + timedelta(days=5), START + timedelta(days=11)),
    )


def test_a_failure_keeps_what_is_committed_and_the_next_run_asks_for_the_rest_only(world: World) -> None:
    world.fetcher.fail = {12: FatalSourceError("revoked")}
    with pytest.raises(FatalSourceError):
        Backfill(world.pull, job(START, NOW)).run(FOREVER, Reports())
    before = len(asked(world))

    done = Backfill(world.pull, job(START, NOW)).run(FOREVER, Reports())

    assert done.done == 10
    assert len(set(asked(world))) == 10
    assert before < 10


def test_a_cancelled_backfill_stops_and_what_is_committed_stays(world: World) -> None:
    reports = Reports()
    reports.stop = 4

    done = Backfill(world.pull, job(START, NOW)).run(FOREVER, reports)

    assert (done.done, done.left) == (3, 7)
    assert last(world)[1].mark("j1") is not None


def test_a_backfill_gives_way_to_live_windows_and_to_its_deadline(world: World) -> None:
    assert Backfill(world.pull, job(START, NOW)).run(world.scheduler.now, Reports()).done == 0

    world.scheduler.now = NOW + GRID

    assert Backfill(world.pull, job(START, NOW)).run(FOREVER, Reports()) == Progress(0, 0, 10)


def test_before_the_first_commit_nothing_is_known_and_nothing_is_done() -> None:
    world = World(Events(), events=5)
    world.scheduler.now = NOW

    assert Backfill(world.pull, job(START, NOW)).run(FOREVER, Reports()) == Progress(0, 0, None)
    assert world.fetcher.requests == []


def test_a_restated_source_is_asked_again_on_demand_with_fresh_pages_and_nothing_doubles() -> None:
    world = World(Days(), events=24)
    world.scheduler.now = NOW
    world.pull.run(FOREVER)
    rows = world.rows("days")
    world.fetcher.requests.clear()
    world.fetcher.fail = {3: RetriableSourceError("the network")}
    world.scheduler.now = NOW + timedelta(minutes=1)
    again = replace(job(START, START + timedelta(days=2), again=True), created_at=world.scheduler.now)

    with pytest.raises(RetriableSourceError):
        Backfill(world.pull, again).run(FOREVER, Reports())
    done = Backfill(world.pull, again).run(FOREVER, Reports())

    assert done == Progress(done=2, rows=2, left=0)
    assert world.rows("days") == rows
    assert sorted(set(asked(world))) == sorted(
        (str((START + timedelta(days=d)).isoformat()), str((START + timedelta(days=d + 1)).isoformat())) for d in (0, 1)
    )
    assert world.store.keys("raw/history/20260301T000000Z-20260302T000000Z/0002/") != []
    assert world.store.keys("raw/history/20260301T000000Z-20260302T000000Z/0003/") == []


HOUR = timedelta(hours=1)
_hours = st.integers(0, 400).map(lambda n: START + n * HOUR)


@given(_hours, _hours, st.lists(st.tuples(_hours, _hours)), _hours, st.sampled_from([Events(), Days(), History()]))
def test_windows_never_pass_the_cursor_nor_what_is_covered_and_miss_nothing(
    one: datetime, two: datetime, ranges: list[tuple[datetime, datetime]], cursor: datetime, source: History
) -> None:
    covered = merged(Window(*sorted(pair)) for pair in ranges)
    wanted = backfilling.cut(source, Window(*sorted((one, two))), NOW + timedelta(days=30), cursor).range
    parts = backfilling.pieces(source, wanted, covered, again=False)
    known = () if backfilling.is_restated(source) else covered

    found = list(backfilling.windows(source, parts, known, cursor, None))

    assert all(window.start < window.end <= cursor for window in found)
    assert all(window.end - window.start <= backfilling.step(source) for window in found)
    assert all(a.end <= b.start for a, b in pairwise(found))
    taken = merged(found)
    if not backfilling.is_restated(source):
        assert all(list(gaps(window, covered)) == [window] for window in found)
    by = backfilling.unit(source)
    for gap in gaps(wanted, covered):
        missed = list(gaps(gap, taken))
        if source.tables == (EVENTS, DAYS):  # a day whose end is pulled is left out
            missed = [m for m in missed if floor(m.end, by) > m.start]
        assert missed == []


def test_a_range_is_widened_to_the_grid_and_cut_at_the_cursor_and_says_so() -> None:
    given_range = Window(START + 7 * HOUR, START + 100 * HOUR)

    wanted = backfilling.cut(Events(), given_range, NOW, START + timedelta(days=3))

    assert wanted.range == Window(START, START + timedelta(days=3))
    assert len(wanted.notes) == 2
    assert "widened" in wanted.notes[0]
    assert "live stream" in wanted.notes[1]
