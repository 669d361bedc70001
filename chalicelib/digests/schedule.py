"""When a digest is due: once in each local day or week, whatever the clocks do. Pure.

Every local date has one *moment*: the wished hour of it. An hour that comes twice is its first occurrence, one that was
skipped is the instant of the jump. A digest is known by its date, so that of two who look at once both name the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from chalicelib.domain.zones import midnight, resolve, zone
from chalicelib.subscriptions.subscription import Cadence, DigestWish

LATEST: Final = {Cadence.DAILY: timedelta(hours=20), Cadence.WEEKLY: timedelta(days=3)}
"""A digest that is later than this is not sent any more: the next one is near, and says that it was not."""
_LOOKED_BACK: Final = {Cadence.DAILY: 8, Cadence.WEEKLY: 29}
"""Days before the present one of which what was missed is told."""
_DAY: Final = timedelta(days=1)


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


def moment(wish: DigestWish, day: date) -> datetime | None:
    """Answer when the digest of a local date is due (UTC), None where it has none.

    A date that never was (Apia skipped 30 December 2011) has no daily digest; a week in which the wished weekday never
    was has its digest at the jump.

    >>> moment(DigestWish(Cadence.DAILY, 2, "Europe/Paris", ()), date(2026, 3, 29)).isoformat()
    '2026-03-29T01:00:00+00:00'
    """
    at = zone(wish.zone)
    if wish.cadence is Cadence.WEEKLY:
        return resolve(datetime.combine(day, time(wish.hour)), at) if day.isoweekday() == wish.weekday else None
    return resolve(datetime.combine(day, time(wish.hour)), at) if midnight(day, at) < midnight(day + _DAY, at) else None


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
    if found is None:
        return None
    day, at = found
    if at <= confirmed_at or now - at > LATEST[wish.cadence] or _is_told(wish, day, last):
        return None
    return Due(day, at, _missed(wish, day, max(confirmed_at, changed_at), last, now))


def following(wish: DigestWish, now: datetime) -> datetime:
    """Answer when the next digest is due (UTC), after an instant."""
    today = now.astimezone(zone(wish.zone)).date()
    days = (today + _DAY * ahead for ahead in range(-1, 16))
    return next(at for day in days if (at := moment(wish, day)) is not None and at > now)


def _back(wish: DigestWish, now: datetime) -> Iterator[tuple[date, datetime]]:
    """Answer the moments that have been, latest first."""
    today = now.astimezone(zone(wish.zone)).date()
    for back in range(-1, _LOOKED_BACK[wish.cadence]):  # a local date can begin, and the one before come again
        at = moment(wish, today - _DAY * back)
        if at is not None and at <= now:
            yield today - _DAY * back, at


def _is_told(wish: DigestWish, day: date, last: Sent | None) -> bool:
    if last is None:
        return False
    same_week = wish.cadence is last.cadence is Cadence.WEEKLY and day.isocalendar()[:2] == last.day.isocalendar()[:2]
    return day <= last.day or same_week


def _missed(wish: DigestWish, day: date, since: datetime, last: Sent | None, now: datetime) -> tuple[date, ...]:
    before = (one for one, at in _back(wish, now) if one < day and at > since)
    return tuple(sorted(one for one in before if not _is_told(wish, one, last)))
