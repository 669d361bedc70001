"""When something that comes daily, weekly or monthly at a local hour is due: reports and digests. Pure.

What is due is known by its local date, so each is due once, whatever the clocks do: an hour that is skipped is the
instant of the jump, also where that begins the next date (Nuuk skips 23 o'clock), and one that comes twice is its first
occurrence. A date that does not exist (Apia, 2011-12-30) is no day; what comes weekly or monthly comes at the jump.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from chalicelib.domain.zones import midnight, resolve

_DAY = timedelta(days=1)


class Cadence(StrEnum):
    """How often something comes."""

    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"


@dataclass(frozen=True, slots=True)
class Schedule:
    """When something comes.

    Parameters
    ----------
    hour
        Of the local day, 0 to 23.
    weekday
        1 (Monday) to 7: of what comes weekly.
    day
        1 to 31: of what comes monthly; the last day of a month that has no such day.
    """

    cadence: Cadence
    hour: int
    zone: ZoneInfo
    weekday: int = 1
    day: int = 1


@dataclass(frozen=True, slots=True)
class Due:
    """One time at which something is due: its local date, by which it is known, and the instant (UTC)."""

    day: date
    at: datetime


def latest(schedule: Schedule, now: datetime) -> Due | None:
    """Answer what was due last, at ``now`` or before.

    >>> from datetime import UTC
    >>> monday = Schedule(Cadence.WEEKLY, 8, ZoneInfo("Europe/Paris"))
    >>> latest(monday, datetime(2026, 11, 26, 12, tzinfo=UTC))
    Due(day=datetime.date(2026, 11, 23), at=datetime.datetime(2026, 11, 23, 7, 0, tzinfo=datetime.timezone.utc))
    """
    today = now.astimezone(schedule.zone).date()
    found = (_due(schedule, day) for day in _days(schedule, today, -1))
    return next((due for due in found if due is not None and due.at <= now), None)


def following(schedule: Schedule, now: datetime) -> Due | None:
    """Answer what is due next, after ``now``."""
    today = now.astimezone(schedule.zone).date()
    found = (_due(schedule, day) for day in _days(schedule, today, 1))
    return next((due for due in found if due is not None and due.at > now), None)


def _due(schedule: Schedule, day: date) -> Due | None:
    zone = schedule.zone
    if schedule.cadence is Cadence.DAILY and midnight(day, zone) == midnight(day + _DAY, zone):
        return None
    return Due(day, resolve(datetime.combine(day, time(schedule.hour)), zone))


def _days(schedule: Schedule, today: date, step: int) -> Iterator[date]:
    """Answer dates from about today on, backwards or forwards: enough that one of them is on the other side of now."""
    match schedule.cadence:
        case Cadence.DAILY:
            return (today + _DAY * step * i for i in range(-1, 4))
        case Cadence.WEEKLY:
            monday = today - _DAY * today.weekday()
            return (monday + _DAY * (7 * step * i + schedule.weekday - 1) for i in range(-1, 4))
        case Cadence.MONTHLY:
            return (_of_month(today, step * i, schedule.day) for i in range(-1, 4))


def _of_month(today: date, months: int, day: int) -> date:
    year, month = divmod(today.year * 12 + today.month - 1 + months, 12)
    return date(year, month + 1, min(day, monthrange(year, month + 1)[1]))
