"""The judgement over a source's freshness."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.domain.freshness import Cadence, Quiet, Run, RunOutcome, SourceState, assess

TEN = datetime(2026, 11, 1, 10, tzinfo=UTC)
HOURLY = Cadence(timedelta(hours=1), timedelta(minutes=5), arriving=False)
LIMIT = 5
HEARTBEAT = Cadence(timedelta(minutes=15), timedelta(hours=2), arriving=True)
OK = Run(TEN, RunOutcome.OK)


def minutes(count: int) -> timedelta:
    return timedelta(minutes=count)


def limited(until: int) -> Run:
    return Run(TEN, RunOutcome.RETRY, "429", TEN + minutes(until), failures=5)


@pytest.mark.parametrize(
    ("cadence", "after", "run", "state", "told"),
    [
        (HOURLY, minutes(125), OK, SourceState.OK, False),
        (HOURLY, minutes(126), OK, SourceState.LATE, True),
        (HEARTBEAT, minutes(30), OK, SourceState.OK, False),
        (HEARTBEAT, minutes(31), OK, SourceState.LATE, True),
        (HOURLY, minutes(1), None, SourceState.OK, False),
        (HOURLY, minutes(1), Run(TEN, RunOutcome.FATAL, "401"), SourceState.FAILING, True),
        (HOURLY, minutes(1), Run(TEN, RunOutcome.RETRY, "503", failures=1), SourceState.FAILING, False),
        (HOURLY, minutes(1), Run(TEN, RunOutcome.RETRY, "503", failures=3), SourceState.FAILING, True),
        (HOURLY, minutes(1), limited(9), SourceState.RATE_LIMITED, False),
        (HOURLY, minutes(9), limited(9), SourceState.FAILING, True),
        (HOURLY, minutes(200), limited(300), SourceState.RATE_LIMITED, True),
        (HOURLY, minutes(1), replace(limited(9), own_wait=True), SourceState.FAILING, True),
    ],
)
def test_the_state_follows_from_the_last_run_and_the_next_commit(
    cadence: Cadence, after: timedelta, run: Run | None, state: SourceState, told: bool
) -> None:
    freshness = assess(TEN + after, cadence, TEN, TEN, run)

    assert (freshness.state, freshness.told) == (state, told)


DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("quiet", "run", "committed_ago", "state", "told"),
    [
        (None, OK, minutes(1), SourceState.OK, False),
        (Quiet(TEN - DAY, DAY), OK, minutes(1), SourceState.OK, False),
        (Quiet(TEN - DAY - minutes(1), DAY), OK, minutes(1), SourceState.SILENT, True),
        (Quiet(TEN - 900 * DAY, None), OK, minutes(1), SourceState.OK, False),
        (Quiet(None, DAY), OK, minutes(1), SourceState.OK, False),
        (Quiet(TEN - 9 * DAY, DAY), OK, minutes(31), SourceState.LATE, True),
        (Quiet(TEN - 9 * DAY, DAY), Run(TEN, RunOutcome.RETRY, "503", failures=1), DAY, SourceState.FAILING, True),
        (Quiet(TEN - 9 * DAY, DAY), limited(9), minutes(1), SourceState.RATE_LIMITED, False),
    ],
)
def test_a_source_that_would_be_well_is_silent_when_nothing_has_come_for_too_long(
    quiet: Quiet | None, run: Run, committed_ago: timedelta, state: SourceState, told: bool
) -> None:
    freshness = assess(TEN, HEARTBEAT, TEN - committed_ago, TEN, run, quiet)

    assert (freshness.state, freshness.told) == (state, told)


def test_a_source_that_never_ran_nor_committed_says_so() -> None:
    freshness = assess(TEN, HOURLY, None, None, None)

    assert freshness.state is SourceState.NEVER_RUN
    assert (freshness.lag, freshness.next_run, freshness.overdue) == (None, None, False)


def test_a_first_run_that_failed_is_failing_though_nothing_was_committed() -> None:
    freshness = assess(TEN, HOURLY, None, None, Run(TEN, RunOutcome.RETRY, "no route", failures=3))

    assert freshness.state is SourceState.FAILING
    assert freshness.told


def test_the_next_run_is_when_the_source_allows_it() -> None:
    until = TEN + timedelta(hours=7)

    held = assess(TEN, HOURLY, TEN, TEN, Run(TEN, RunOutcome.RETRY, "429", until, 1))
    well = assess(TEN, HOURLY, TEN, TEN, OK)

    assert held.next_run == until
    assert well.next_run == TEN + timedelta(minutes=65)


def test_a_watermark_ahead_of_the_clock_is_no_negative_lag() -> None:
    assert assess(TEN, HOURLY, TEN, TEN + minutes(3), OK).lag == timedelta(0)


@pytest.mark.parametrize(
    ("every", "grace"), [(minutes(1), minutes(2)), (minutes(15), minutes(15)), (timedelta(days=1), minutes(60))]
)
def test_the_grace_is_one_cadence_within_two_minutes_and_an_hour(every: timedelta, grace: timedelta) -> None:
    assert Cadence(every, minutes(0), arriving=True).grace == grace
