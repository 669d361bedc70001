"""What is the matter with a source or a cube, from the facts. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from chalicelib.domain.freshness import FAILURES_UNTIL_TOLD, Cadence, Freshness, Quiet, Run, RunOutcome, SourceState
from chalicelib.incidents.incidents import Kind, Sight, Trouble
from chalicelib.incidents.phrases import ago, instant
from chalicelib.sources.base import Deadline

_CREDENTIAL_WORDS = ("token", "credential", "secret", "unauthorized", "(401)")


@dataclass(frozen=True, slots=True)
class Seen:
    """One source at one instant: the facts that the judgement rests on."""

    at: datetime
    cadence: Cadence
    freshness: Freshness
    run: Run | None
    last_commit_at: datetime | None
    watermark: datetime | None
    last_record_at: datetime | None = None
    quiet: Quiet | None = None
    deadline: Deadline | None = None  # one that is near, or past


def judged(seen: Seen, first_seen: datetime) -> Sight:
    """Answer what a look at a source has found."""
    data_to = ("Data up to", ago(seen.watermark, seen.at))
    facts = (
        data_to,
        ("Last commit", instant(seen.last_commit_at)),
        ("Last record", instant(seen.last_record_at)),
        ("Next try", _next_try(seen)),
    )
    return Sight(seen.at, diagnose(seen, first_seen), is_well(seen), facts, (data_to,))


def recounted(run: Run | None, now: datetime) -> Sight:
    """Answer what a look at a cube has found: whether its last recount found what its raw rows say."""
    if run is None:
        return Sight(now, None, is_well=True)
    differs = run.outcome is RunOutcome.FATAL
    trouble = Trouble(Kind.DIFFERS, run.since or run.at, run.error) if differs else None
    return Sight(now, trouble, not differs, (("Recounted", instant(run.at)),))


def diagnose(seen: Seen, first_seen: datetime) -> Trouble | None:
    """Say what is the matter with a source that a person should hear of, or None.

    A source that has never committed is given its first cadence, and the grace of any other, from when it was first
    looked at: a fresh deployment is no incident. So is one that has committed, but received nothing yet: it is silent
    only when it has been quiet too long since that first look as well. While commits are made, data that is behind is
    no trouble, however far: it is being caught up.
    """
    if seen.deadline is not None:
        return Trouble(Kind.EXPIRING, seen.deadline.at - seen.deadline.warn_before, _words(seen.deadline, seen.at))
    run, state = seen.run, seen.freshness.state
    overdue = seen.freshness.overdue or _never_came(seen, first_seen)
    if not (overdue or seen.freshness.told):
        return None
    if state is SourceState.SILENT and seen.quiet is not None:
        return _silent(seen, seen.quiet, first_seen)
    if state is SourceState.FAILING and run is not None and not _is_passing(seen, run):
        kind = Kind.CREDENTIALS if _is_about_credentials(run) else Kind.FAILING
        return Trouble(kind, run.since or run.at, run.error)
    if _comes_on(seen):
        return None
    if state is SourceState.RATE_LIMITED and run is not None:
        return Trouble(Kind.RATE_LIMITED, run.since or run.at, run.error)
    due = seen.freshness.next_run or first_seen
    runs = run is not None and seen.at - run.at <= _tolerated(seen)
    return Trouble(Kind.LATE if runs else Kind.STALLED, min(due, seen.at))


def is_well(seen: Seen) -> bool:
    """Tell whether a source is as it should be."""
    return seen.freshness.state is SourceState.OK and not seen.freshness.overdue and seen.last_commit_at is not None


def _words(deadline: Deadline, now: datetime) -> str:
    ends = "ended" if now >= deadline.at else "ends"
    return f"{deadline.what} {ends} on {deadline.at:%Y-%m-%d %H:%M} UTC. {deadline.remedy}"


def _silent(seen: Seen, quiet: Quiet, first_seen: datetime) -> Trouble | None:
    since = quiet.since or first_seen
    if seen.last_record_at is None:
        since = max(since, first_seen)
    return Trouble(Kind.SILENT, since) if replace(quiet, since=since).too_long(seen.at) else None


def _never_came(seen: Seen, first_seen: datetime) -> bool:
    cadence = seen.cadence
    return seen.last_commit_at is None and seen.at > first_seen + cadence.every + cadence.delay + cadence.grace


def _comes_on(seen: Seen) -> bool:
    """Tell whether commits are made: then what is behind is being caught up (the past at first, an outage later)."""
    return seen.last_commit_at is not None and seen.at - seen.last_commit_at <= _tolerated(seen)


def _is_passing(seen: Seen, run: Run) -> bool:
    """Tell whether a failed run is a pause in what is being caught up: a budget that is spent each hour anew."""
    if run.outcome is RunOutcome.FATAL or not _comes_on(seen):
        return False
    commits_between = run.since is not None and seen.last_commit_at is not None and seen.last_commit_at > run.since
    return run.failures < FAILURES_UNTIL_TOLD or commits_between


def _tolerated(seen: Seen) -> timedelta:
    return seen.cadence.every + seen.cadence.grace


def _is_about_credentials(run: Run) -> bool:
    """Read it from the words: a run keeps its error's text, and only what is fatal can be about credentials."""
    text = (run.error or "").lower()
    return run.outcome is RunOutcome.FATAL and any(word in text for word in _CREDENTIAL_WORDS)


def _next_try(seen: Seen) -> str:
    planned = seen.freshness.next_run
    return instant(planned) if planned and planned > seen.at else "by itself, at most an hour from now"
