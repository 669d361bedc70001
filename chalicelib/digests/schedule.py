"""Which digest a subscriber is due: the latest of the calendar's, once, and what was missed before it. Pure.

A digest is known by its local date, so that of two who look at once both name the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from chalicelib.domain import due as calendar
from chalicelib.domain.due import Schedule
from chalicelib.domain.zones import zone
from chalicelib.subscriptions.subscription import Cadence, DigestWish

LATEST: Final = {Cadence.DAILY: timedelta(hours=20), Cadence.WEEKLY: timedelta(days=3)}
"""A digest that is later than this is not sent any more: the next one is near, and says that it was not."""
LOOKED_BACK: Final = {Cadence.DAILY: timedelta(days=8), Cadence.WEEKLY: timedelta(days=29)}
"""How far back what was missed is told."""
_TICK: Final = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Sent:
    """The digest that a subscriber was sent last: its date, and of which cadence it was."""

    day: date
    cadence: Cadence


@dataclass(frozen=True, slots=True)
class Due:
    """A digest that is to be sent now.

    Parameters
    ----------
    day
        The local date that it is known by.
    at
        The instant (UTC) at which it was due.
    missed
        Dates before it whose digests were due and not sent, oldest first.
    """

    day: date
    at: datetime
    missed: tuple[date, ...] = ()


def message_id(subscription_id: str, day: date) -> str:
    """Name the message of a digest.

    >>> message_id("5f1c", date(2026, 11, 26))
    'digest/5f1c/2026-11-26'
    """
    return f"digest/{subscription_id}/{day.isoformat()}"


def due(wish: DigestWish, confirmed_at: datetime, changed_at: datetime, last: Sent | None, now: datetime) -> Due | None:
    """Answer the digest that is to be sent now, None where there is none.

    Only the latest can be: older ones are not sent late. Who wishes for a digest after its hour gets that of the
    present day within :data:`LATEST`.

    Parameters
    ----------
    confirmed_at
        Since when there may be any.
    changed_at
        Since when the wish may be as it is: what was due before is not missed.
    last
        The one that was sent last.
    """
    found = next(_back(wish, now), None)
    if found is None or found.at <= confirmed_at or now - found.at > LATEST[wish.cadence]:
        return None
    if _is_told(wish, found.day, last):
        return None
    return Due(found.day, found.at, _missed(wish, found.day, max(confirmed_at, changed_at), last, now))


def following(wish: DigestWish, now: datetime) -> datetime | None:
    """Answer when the next digest is due (UTC), after an instant."""
    found = calendar.following(_schedule(wish), now)
    return None if found is None else found.at


def _schedule(wish: DigestWish) -> Schedule:
    return Schedule(calendar.Cadence(wish.cadence.value), wish.hour, zone(wish.zone), wish.weekday)


def _back(wish: DigestWish, now: datetime) -> Iterator[calendar.Due]:
    """Answer what was due, the latest first."""
    schedule = _schedule(wish)
    found = calendar.latest(schedule, now)
    while found is not None and now - found.at < LOOKED_BACK[wish.cadence]:
        yield found
        found = calendar.latest(schedule, found.at - _TICK)


def _is_told(wish: DigestWish, day: date, last: Sent | None) -> bool:
    if last is None:
        return False
    same_week = wish.cadence is last.cadence is Cadence.WEEKLY and day.isocalendar()[:2] == last.day.isocalendar()[:2]
    return day <= last.day or same_week


def _missed(wish: DigestWish, day: date, since: datetime, last: Sent | None, now: datetime) -> tuple[date, ...]:
    before = (one.day for one in _back(wish, now) if one.day < day and one.at > since)
    return tuple(sorted(one for one in before if not _is_told(wish, one, last)))
