"""Where calendars are hard: twelve zones, and the ranges that hold their edges."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from tests.recount.calendar import clocks

ZONES = (
    "Asia/Kathmandu", "Australia/Eucla", "Pacific/Chatham", "Australia/Lord_Howe", "America/St_Johns", "Pacific/Apia",
    "Africa/Cairo", "America/Santiago", "Asia/Beirut", "America/New_York", "Pacific/Kiritimati", "UTC",
)  # fmt: skip
FINE, COARSE = ("PT15M", "PT1H"), ("P1D", "P1W", "P1M", "P3M", "P1Y")
DAY = timedelta(days=1)
TURNS = (date(2024, 1, 1), date(2024, 2, 29), date(2024, 12, 30), date(2025, 1, 1), date(2011, 12, 31))
"""A year and an ISO week, a leap day, week 1 of a year that begins in the year before, and the day after the one that
Samoa left out."""
LONG = (date(2023, 12, 20), date(2025, 1, 16))
LEFT_OUT = (date(2011, 12, 24), date(2012, 1, 8))


@dataclass(frozen=True, slots=True)
class Window:
    """A range of time, from one local midnight to another, and the intervals to ask there."""

    what: str
    zone: str
    start: datetime
    end: datetime
    intervals: tuple[str, ...]


def midnight(day: date, zone: str) -> datetime:
    """The first quarter hour at which clocks show a date."""
    around = datetime(day.year, day.month, day.day, tzinfo=UTC)
    return next(at for at, local in clocks(zone, around - DAY, around + 2 * DAY) if local.date() >= day)


@cache
def changes(zone: str, year: int) -> tuple[datetime, ...]:
    """The quarter hours at which a zone's clocks have just been changed."""
    at = ZoneInfo(zone)
    found, now = [], datetime(year, 1, 1, tzinfo=UTC)
    while now.year == year:
        now += timedelta(minutes=15)
        if now.astimezone(at).utcoffset() != (now - timedelta(minutes=15)).astimezone(at).utcoffset():
            found.append(now)
    return tuple(found)


def windows(zone: str) -> Iterator[Window]:
    """The ranges that are asked in a zone: three days around every edge finely, and long ones in whole periods."""
    for change in changes(zone, 2024):
        yield _around(f"clocks change {change:%Y-%m-%d}", zone, change.astimezone(ZoneInfo(zone)).date())
    for turn in TURNS:
        yield _around(f"around {turn}", zone, turn)
    yield Window("thirteen months", zone, midnight(LONG[0], zone), midnight(LONG[1], zone), COARSE)
    yield Window("a day left out", zone, midnight(LEFT_OUT[0], zone), midnight(LEFT_OUT[1], zone), COARSE)


def _around(what: str, zone: str, day: date) -> Window:
    return Window(what, zone, midnight(day - DAY, zone), midnight(day + 2 * DAY, zone), FINE)


def edges() -> list[datetime]:
    """Every instant around which raw rows are made up: changes of clocks, and the turns in every zone."""
    found = {change for zone in ZONES for change in changes(zone, 2024)}
    return sorted(found | {midnight(turn, zone) for turn in TURNS for zone in ZONES})
