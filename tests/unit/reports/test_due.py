"""Each report that is due is made once, and what was left is taken up again."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.due import Cadence, Schedule, latest
from chalicelib.domain.records import WorkState
from chalicelib.reports import kept, runs
from chalicelib.reports.due import send_due
from chalicelib.reports.runs import FORGOTTEN, WORK_CAP
from tests.unit.api.world import MemoryState
from tests.unit.reports.room import DUE, MONDAYS, NOW, PARIS, report


def looked(state: MemoryState, now: datetime) -> list[tuple[str, str]]:
    told: list[tuple[str, str]] = []
    send_due(state, now, lambda name, run: told.append((name, run)))
    return told


def test_it_is_made_when_it_is_due_for_the_instant_at_which_it_was() -> None:
    state = MemoryState()
    kept.write(state, report())

    assert looked(state, DUE - timedelta(seconds=1)) == [("weekly-downloads", "2026-11-16")]
    assert looked(state, NOW) == [("weekly-downloads", "2026-11-23")]
    run = runs.read(state, "weekly-downloads", "2026-11-23")
    assert run is not None
    assert (run.due_at, run.submitted_at, run.zone) == (DUE, NOW, "Europe/Paris")


def test_two_that_look_at_once_make_one_run() -> None:
    state = MemoryState()
    kept.write(state, report())

    looked(state, NOW)

    assert looked(state, NOW) == []
    assert len(list(runs.every(state, "weekly-downloads"))) == 1


def test_after_an_outage_only_the_latest_is_made() -> None:
    state = MemoryState()
    kept.write(state, report(schedule=Schedule(Cadence.DAILY, 8, PARIS)))
    looked(state, NOW)

    assert looked(state, NOW + timedelta(days=5)) == [("weekly-downloads", "2026-11-28")]


def test_what_was_due_before_there_was_a_schedule_is_not_made() -> None:
    state = MemoryState()
    kept.write(state, report(since=NOW))
    kept.write(state, report("other", schedule=None))
    kept.write(state, report("off", enabled=False))
    kept.write(state, report("gone", deleted=True))

    assert looked(state, NOW) == []


def test_what_was_left_is_told_again_and_what_is_at_work_is_not() -> None:
    state = MemoryState()
    kept.write(state, report())
    looked(state, NOW)
    run = runs.read(state, "weekly-downloads", "2026-11-23")
    assert run is not None

    assert looked(state, NOW + FORGOTTEN) == [("weekly-downloads", "2026-11-23")], "nobody has begun it"
    begun = runs.update(state, replace(run, state=WorkState.RUNNING, started_at=NOW + FORGOTTEN))
    assert begun is not None
    assert looked(state, NOW + FORGOTTEN) == []
    assert looked(state, NOW + FORGOTTEN + WORK_CAP) == [("weekly-downloads", "2026-11-23")], "its maker died"
    done = runs.update(state, begun.ended(WorkState.DONE, NOW))
    assert done is not None
    assert looked(state, NOW) == [("weekly-downloads", "2026-11-23")], "nobody was told"
    runs.update(state, replace(done, told=True))
    assert looked(state, NOW) == []


@given(st.lists(st.integers(0, 60 * 24 * 30), min_size=1, max_size=40))
def test_whenever_somebody_looks_each_time_is_made_at_most_once_and_the_last_one_is(minutes: list[int]) -> None:
    state = MemoryState()
    begun = datetime(2026, 10, 20, tzinfo=UTC)
    kept.write(state, report(schedule=Schedule(Cadence.DAILY, 2, PARIS), since=begun))
    told: list[tuple[str, str]] = []
    for minute in sorted(minutes):
        now = begun + timedelta(minutes=minute)
        for name, run_id in looked(state, now):
            told.append((name, run_id))
            run = runs.read(state, name, run_id)
            assert run is not None
            runs.update(state, replace(run.ended(WorkState.DONE, now), told=True))

    assert len(set(told)) == len(told)
    due = latest(Schedule(Cadence.DAILY, 2, PARIS), begun + timedelta(minutes=max(minutes)))
    assert due is not None
    if due.at > begun:
        assert told[-1] == ("weekly-downloads", due.day.isoformat())
    else:
        assert told == []


def test_a_report_is_read_as_it_was_written() -> None:
    state = MemoryState()
    written = kept.write(state, report(schedule=replace(MONDAYS, weekday=5)))

    assert kept.read(state, "weekly-downloads") == written
    assert list(kept.every(state)) == [written]
