"""Source incidents as a pure state machine: what was remembered and what is seen now give what to remember and to say.

An incident opens when a source is in trouble that a person should hear of, and closes when the source has been well
for a while. That while doubles with every incident of the last day, so that a source that comes and goes cannot send
messages without end. What is neither trouble nor well (one failed run, a rate limit that is being waited for) changes
nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from chalicelib.domain.freshness import Cadence, Freshness, Quiet, Run, RunOutcome, SourceState
from chalicelib.sources.base import Deadline

FIRST_CALM = timedelta(minutes=2)
"""How long a source has to be well before its first incident in a day is closed."""
LONGEST_CALM = timedelta(hours=6)
FLAPPING_WITHIN = timedelta(days=1)

_CREDENTIAL_WORDS = ("token", "credential", "secret", "unauthorized", "(401)")


class Kind(StrEnum):
    """What is the matter."""

    FAILING = "failing"  # runs end in errors
    CREDENTIALS = "credentials"  # the outside system refuses us, or the secret is missing
    RATE_LIMITED = "rate_limited"  # still limited, and data is overdue
    LATE = "late"  # runs end well, and yet the data does not come on
    SILENT = "silent"  # runs end well, and the outside has sent nothing for too long
    EXPIRING = "expiring"  # a person has to renew something, or had to
    STALLED = "stalled"  # nothing of ours has run when it should have
    DIFFERS = "differs"  # a cube does not say what its raw rows say


class Telling(StrEnum):
    """What an incident has to say, and whether it was said."""

    NOTHING = "nothing"
    OPENED = "opened"
    CLOSED = "closed"


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
    recount: Run | None = None  # of a cube, the last


@dataclass(frozen=True, slots=True)
class Trouble:
    """What is the matter, since when, and the source's own words for it if it had any."""

    kind: Kind
    since: datetime
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Incident:
    """What is remembered of a source.

    ``first_seen`` is when it was first looked at. ``trouble`` is that of the open incident, or of the last one.
    ``well_since`` is set while an open incident's source is well. ``opened`` are the starts of the incidents of the
    last day. ``telling`` is a message that is not known to be sent: nothing else happens before it is.
    """

    first_seen: datetime
    is_open: bool = False
    trouble: Trouble | None = None
    opened_at: datetime | None = None
    closed_at: datetime | None = None
    well_since: datetime | None = None
    opened: tuple[datetime, ...] = ()
    telling: Telling = Telling.NOTHING

    @property
    def calm(self) -> timedelta:
        """Answer how long the source has to be well before the incident closes."""
        return min(FIRST_CALM * (1 << min(max(len(self.opened) - 1, 0), 10)), LONGEST_CALM)


def step(incident: Incident, seen: Seen) -> Incident:
    """Answer what to remember after a look; its ``telling`` says which message is due now.

    The same look twice changes nothing the second time; a look from before the last incident's end opens no other.
    """
    if incident.telling is not Telling.NOTHING:
        return incident
    trouble = diagnose(seen, incident.first_seen)
    if not incident.is_open:
        return _opened(incident, trouble, seen.at) if trouble and _is_news(incident, seen) else incident
    if trouble is not None:
        return replace(incident, trouble=replace(trouble, since=_since(incident, trouble)), well_since=None)
    if not _is_well(seen):
        return replace(incident, well_since=None)
    well_since = incident.well_since or seen.at
    if seen.at - well_since < incident.calm:
        return replace(incident, well_since=well_since)
    return replace(incident, is_open=False, closed_at=seen.at, well_since=None, telling=Telling.CLOSED)


def diagnose(seen: Seen, first_seen: datetime) -> Trouble | None:
    """Say what is the matter with a source that a person should hear of, or None.

    A source that has never committed is given its first cadence, and the grace of any other, from when it was first
    looked at: a fresh deployment is no incident. So is one that has committed, but received nothing yet: it is silent
    only when it has been quiet too long since that first look as well.
    """
    if seen.deadline is not None:
        return Trouble(Kind.EXPIRING, seen.deadline.at - seen.deadline.warn_before, _words(seen.deadline, seen.at))
    if seen.recount is not None and seen.recount.outcome is RunOutcome.FATAL:
        return Trouble(Kind.DIFFERS, seen.recount.since or seen.recount.at, seen.recount.error)
    run, state = seen.run, seen.freshness.state
    overdue = seen.freshness.overdue or _never_came(seen, first_seen)
    if not (overdue or seen.freshness.told):
        return None
    if state is SourceState.SILENT and seen.quiet is not None:
        return _silent(seen, seen.quiet, first_seen)
    if state is SourceState.FAILING and run is not None:
        kind = Kind.CREDENTIALS if _is_about_credentials(run) else Kind.FAILING
        return Trouble(kind, run.since or run.at, run.error)
    if state is SourceState.RATE_LIMITED and run is not None:
        return Trouble(Kind.RATE_LIMITED, run.since or run.at, run.error)
    due = seen.freshness.next_run or first_seen
    tolerated = seen.cadence.every + seen.cadence.grace
    runs = run is not None and seen.at - run.at <= tolerated
    return Trouble(Kind.LATE if runs else Kind.STALLED, min(due, seen.at))


def _words(deadline: Deadline, now: datetime) -> str:
    ends = "ended" if now >= deadline.at else "ends"
    return f"{deadline.what} {ends} on {deadline.at:%Y-%m-%d %H:%M} UTC. {deadline.remedy}"


def _silent(seen: Seen, quiet: Quiet, first_seen: datetime) -> Trouble | None:
    since = quiet.since or first_seen
    if seen.last_record_at is None:
        since = max(since, first_seen)
    return Trouble(Kind.SILENT, since) if replace(quiet, since=since).too_long(seen.at) else None


def _opened(incident: Incident, trouble: Trouble, at: datetime) -> Incident:
    recent = tuple(start for start in incident.opened if at - start < FLAPPING_WITHIN)
    return replace(
        incident,
        is_open=True,
        trouble=trouble,
        opened_at=at,
        closed_at=None,
        well_since=None,
        opened=(*recent, at),
        telling=Telling.OPENED,
    )


def _is_news(incident: Incident, seen: Seen) -> bool:
    """Tell a look from before the last incident's end from one after it."""
    return incident.closed_at is None or seen.at > incident.closed_at


def _since(incident: Incident, trouble: Trouble) -> datetime:
    return min(incident.trouble.since, trouble.since) if incident.trouble else trouble.since


def _is_well(seen: Seen) -> bool:
    return seen.freshness.state is SourceState.OK and not seen.freshness.overdue and seen.last_commit_at is not None


def _never_came(seen: Seen, first_seen: datetime) -> bool:
    cadence = seen.cadence
    return seen.last_commit_at is None and seen.at > first_seen + cadence.every + cadence.delay + cadence.grace


def _is_about_credentials(run: Run) -> bool:
    """Read it from the words: a run keeps its error's text, and only what is fatal can be about credentials."""
    text = (run.error or "").lower()
    return run.outcome is RunOutcome.FATAL and any(word in text for word in _CREDENTIAL_WORDS)
