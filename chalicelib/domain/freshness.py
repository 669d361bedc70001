"""How fresh a source is: one pure judgement, shared by ``/v1/sources`` and by the alerts.

A source is judged by three facts: how its last run ended, whether its next commit is overdue, and whether anything has
come at all. A pull source is due
when its next window has ended and settled; an arriving source is due one heartbeat after its last commit, because it
commits at least that often, empty or not. Overdue is one more cadence (at least two minutes, at most an hour) later,
so that a single slow run is not yet "late". An arriving source commits its heartbeats although nobody outside sends
anything any more (a webhook was deleted, logging was switched off): it is silent when no record has come for longer
than its configuration allows, counted from its last record or, where none ever came, from its first commit.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

SHORTEST_GRACE = timedelta(minutes=2)
LONGEST_GRACE = timedelta(hours=1)
FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=1)
FAILURES_UNTIL_TOLD = 3
"""Runs in a row that may fail for a passing reason before a person is told; a fatal one is told at once."""


class SourceState(StrEnum):
    """The state of one source, as people see it."""

    OK = "ok"
    LATE = "late"
    SILENT = "silent"
    FAILING = "failing"
    RATE_LIMITED = "rate_limited"
    NEVER_RUN = "never_run"


class RunOutcome(StrEnum):
    """How a run ended."""

    OK = "ok"
    RETRY = "retry"
    FATAL = "fatal"


@dataclass(frozen=True, slots=True)
class Run:
    """The last run of a stream, as remembered under ``stream#{name}`` / ``run``.

    ``failures`` counts failed runs in a row, ``since`` is when the first of them (or, after a success, the first
    success) happened; ``retry_at`` is when the source said it may be asked again, or when we will (``own_wait``).
    """

    at: datetime
    outcome: RunOutcome
    error: str | None = None
    retry_at: datetime | None = None
    failures: int = 0
    since: datetime | None = None
    own_wait: bool = False


@dataclass(frozen=True, slots=True)
class Cadence:
    """How often a stream commits.

    ``every`` is a pull source's grid or an arriving source's heartbeat, ``delay`` the one's settle or the other's
    lateness; ``arriving`` says which of the two it is.
    """

    every: timedelta
    delay: timedelta
    arriving: bool

    @property
    def grace(self) -> timedelta:
        """Answer how long after it was due a commit is called overdue."""
        return max(SHORTEST_GRACE, min(self.every, LONGEST_GRACE))


@dataclass(frozen=True, slots=True)
class Quiet:
    """How long nothing has come: ``since`` the last record, or the first commit of a source that never had one.

    Both may be unknown: before the first commit nothing is counted, and without ``allowed`` any silence is allowed.
    """

    since: datetime | None
    allowed: timedelta | None

    def too_long(self, now: datetime) -> bool:
        """Answer whether it has been longer than is allowed."""
        return self.since is not None and self.allowed is not None and now - self.since > self.allowed


@dataclass(frozen=True, slots=True)
class Freshness:
    """The judgement.

    ``lag`` is how far the watermark is behind now, ``next_run`` the earliest instant at which the next commit can be
    expected (None when nothing is known), ``overdue`` whether that is long past, ``told`` whether it is serious
    enough that a person should hear of it.
    """

    state: SourceState
    lag: timedelta | None
    next_run: datetime | None
    overdue: bool
    told: bool


def due_at(cadence: Cadence, last_commit_at: datetime | None, watermark: datetime | None) -> datetime | None:
    """Answer when the next commit is due, or None when there was none yet."""
    if cadence.arriving:
        return None if last_commit_at is None else last_commit_at + cadence.every
    return None if watermark is None else watermark + cadence.every + cadence.delay


def next_try(run: Run | None) -> datetime | None:
    """Answer when a failed run may be tried again, or None when the last run did not fail.

    A source that named an instant is not asked before it. Otherwise failures wait one minute, doubled each time up to
    an hour; what needs a person is tried once an hour, so that it heals by itself when the person has acted.
    """
    if run is None or run.outcome is RunOutcome.OK:
        return None
    if run.retry_at is not None:
        return run.retry_at
    doubled = FIRST_WAIT * (1 << min(max(run.failures, 1) - 1, 10))
    return run.at + (LONGEST_WAIT if run.outcome is RunOutcome.FATAL else min(doubled, LONGEST_WAIT))


def assess(
    now: datetime,
    cadence: Cadence,
    last_commit_at: datetime | None,
    watermark: datetime | None,
    run: Run | None,
    quiet: Quiet | None = None,
) -> Freshness:
    """Judge one source at one instant.

    Parameters
    ----------
    now
        The present instant, UTC.
    cadence
        How often the stream commits.
    last_commit_at, watermark
        From the stream's log; None before its first commit.
    run
        The last run, None when there was none.
    quiet
        Since when nothing has come, None when nobody wants to know.

    Examples
    --------
    >>> from datetime import UTC
    >>> hourly = Cadence(timedelta(hours=1), timedelta(minutes=5), arriving=False)
    >>> ten = datetime(2026, 11, 1, 10, tzinfo=UTC)
    >>> assess(ten + timedelta(minutes=70), hourly, ten, ten, Run(ten, RunOutcome.OK)).state.value
    'ok'
    >>> assess(ten + timedelta(minutes=126), hourly, ten, ten, Run(ten, RunOutcome.OK)).state.value
    'late'
    >>> heartbeat, eleven = Cadence(timedelta(minutes=15), timedelta(0), arriving=True), ten + timedelta(hours=1)
    >>> quiet = Quiet(since=ten, allowed=timedelta(minutes=59))
    >>> assess(eleven, heartbeat, eleven, eleven, Run(eleven, RunOutcome.OK), quiet).state.value
    'silent'
    """
    due = due_at(cadence, last_commit_at, watermark)
    overdue = due is not None and now > due + cadence.grace
    waiting = run is not None and run.retry_at is not None and run.retry_at > now and not run.own_wait
    state = _state(run, waiting=waiting, committed=last_commit_at is not None, overdue=overdue)
    if state is SourceState.OK and quiet is not None and quiet.too_long(now):
        state = SourceState.SILENT
    instants = [at for at in (due, next_try(run)) if at is not None]
    return Freshness(
        state=state,
        lag=None if watermark is None else max(now - watermark, timedelta(0)),
        next_run=max(instants, default=None),
        overdue=overdue,
        told=overdue or state is SourceState.SILENT or (state is SourceState.FAILING and _serious(run)),
    )


def _state(run: Run | None, *, waiting: bool, committed: bool, overdue: bool) -> SourceState:
    """Answer the first state that holds, the gravest first."""
    if run is None and not committed:
        return SourceState.NEVER_RUN
    outcome = RunOutcome.OK if run is None else run.outcome
    if outcome is RunOutcome.FATAL:
        return SourceState.FAILING
    if outcome is RunOutcome.RETRY:
        return SourceState.RATE_LIMITED if waiting else SourceState.FAILING
    return SourceState.LATE if overdue else SourceState.OK


def _serious(run: Run | None) -> bool:
    """Answer whether a failing run is beyond a passing hiccup."""
    return run is not None and (run.outcome is RunOutcome.FATAL or run.failures >= FAILURES_UNTIL_TOLD)
