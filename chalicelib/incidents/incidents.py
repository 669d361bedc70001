"""Incidents as a pure state machine: what was remembered and what is seen now give what to remember and to say.

An incident opens when something is in trouble that a person should hear of, and closes when it has been well for a
while. That while doubles with every incident of the last day, so that what comes and goes cannot send messages without
end. What is neither trouble nor well (one failed run, a rate limit that is being waited for) changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

FIRST_CALM = timedelta(minutes=2)
"""How long a subject has to be well before its first incident in a day is closed."""
LONGEST_CALM = timedelta(hours=6)
FLAPPING_WITHIN = timedelta(days=1)


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
    DEAD_LETTERS = "dead_letters"  # work was given up, and waits for a person
    MISSED = "missed"  # a scheduled function has not ended well when it should have


class Telling(StrEnum):
    """What an incident has to say, and is not known to have said."""

    NOTHING = "nothing"
    OPENED = "opened"
    CLOSED = "closed"
    DROPPED = "dropped"  # it is not watched any more


@dataclass(frozen=True, slots=True)
class Trouble:
    """What is the matter, since when, and the subject's own words for it if it had any."""

    kind: Kind
    since: datetime
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Sight:
    """What one look at a subject has found. Well is not the same as without trouble: it may be neither.

    ``facts`` are labels and values for people, for the message that something is the matter; ``facts_after`` for the
    one that it is over.
    """

    at: datetime
    trouble: Trouble | None
    is_well: bool
    facts: tuple[tuple[str, str], ...] = ()
    facts_after: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Subject:
    """Something to be watched.

    ``name`` is what its incidents are known by, ``title`` its name for people, ``topic`` what people choose it by.
    ``look`` is given the instant and when it was first looked at; it may raise any ``HeadwaterError``.
    """

    name: str
    title: str
    topic: str
    look: Callable[[datetime, datetime], Sight]


@dataclass(frozen=True, slots=True)
class Incident:
    """What is remembered of a subject.

    ``first_seen`` is when it was first looked at. ``trouble`` is that of the open incident, or of the last one;
    ``opened_as`` is what it was when it opened, and was told as. ``well_since`` is set while an open incident's subject
    is well. ``opened`` are the starts of the incidents of the last day. ``telling`` is a message that is not known to
    be in the outbox: nothing else happens before it is.
    """

    first_seen: datetime
    is_open: bool = False
    trouble: Trouble | None = None
    opened_as: Kind | None = None
    opened_at: datetime | None = None
    closed_at: datetime | None = None
    well_since: datetime | None = None
    opened: tuple[datetime, ...] = ()
    telling: Telling = Telling.NOTHING

    @property
    def calm(self) -> timedelta:
        """Answer how long the subject has to be well before the incident closes."""
        return min(FIRST_CALM * (1 << min(max(len(self.opened) - 1, 0), 10)), LONGEST_CALM)


def step(incident: Incident, sight: Sight) -> Incident:
    """Answer what to remember after a look; its ``telling`` says which message is due now.

    The same look twice changes nothing the second time; a look from before the last incident's end opens no other.
    """
    if incident.telling is not Telling.NOTHING:
        return incident
    trouble = sight.trouble
    if not incident.is_open:
        return _opened(incident, trouble, sight.at) if trouble and _is_news(incident, sight) else incident
    if trouble is not None:
        return replace(incident, trouble=replace(trouble, since=_since(incident, trouble)), well_since=None)
    if not sight.is_well:
        return replace(incident, well_since=None)
    well_since = incident.well_since or sight.at
    if sight.at - well_since < incident.calm:
        return replace(incident, well_since=well_since)
    return replace(incident, is_open=False, closed_at=sight.at, well_since=None, telling=Telling.CLOSED)


def drop(incident: Incident, at: datetime) -> Incident:
    """Answer what to remember of a subject that is not watched any more: an open incident ends, and says so."""
    if incident.telling is not Telling.NOTHING or not incident.is_open:
        return incident
    return replace(incident, is_open=False, closed_at=at, well_since=None, telling=Telling.DROPPED)


def _opened(incident: Incident, trouble: Trouble, at: datetime) -> Incident:
    recent = tuple(start for start in incident.opened if at - start < FLAPPING_WITHIN)
    return replace(
        incident,
        is_open=True,
        trouble=trouble,
        opened_as=trouble.kind,
        opened_at=at,
        closed_at=None,
        well_since=None,
        opened=(*recent, at),
        telling=Telling.OPENED,
    )


def _is_news(incident: Incident, sight: Sight) -> bool:
    """Tell a look from before the last incident's end from one after it."""
    return incident.closed_at is None or sight.at > incident.closed_at


def _since(incident: Incident, trouble: Trouble) -> datetime:
    return min(incident.trouble.since, trouble.since) if incident.trouble else trouble.since
