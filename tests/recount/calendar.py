"""A calendar of its own, for checking: periods found by looking at a zone's clocks at every quarter hour.

Nothing of ``chalicelib`` is used. A period of days begins at the first instant at which clocks show a date of it. A
clock hour begins at a full hour, or where clocks jump into another hour.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

QUARTER = timedelta(minutes=15)
OUTSIDE = datetime(1, 1, 1, tzinfo=UTC)
"""Where instants go that lie in no period."""
INTERVALS = ("PT15M", "PT1H", "P1D", "P1W", "P1M", "P3M", "P1Y")

_NAMES: dict[str, Callable[[datetime], tuple[int, ...]]] = {
    "P1D": lambda local: (local.year, local.month, local.day),
    "P1W": lambda local: tuple(local.isocalendar()[:2]),
    "P1M": lambda local: (local.year, local.month),
    "P3M": lambda local: (local.year, (local.month + 2) // 3),
    "P1Y": lambda local: (local.year,),
}


@cache
def clocks(zone: str, start: datetime, end: datetime) -> tuple[tuple[datetime, datetime], ...]:
    """Every quarter hour of a range, and what the clocks of a zone show then."""
    at, shown = ZoneInfo(zone), []
    while start < end:
        shown.append((start, start.astimezone(at)))
        start += QUARTER
    return tuple(shown)


@cache
def periods(zone: str, start: datetime, end: datetime, interval: str) -> tuple[datetime, ...]:
    """The instants at which the periods of ``[start, end)`` begin; the first is cut off where the range begins."""
    if interval == "PT15M":
        return tuple(at for at, _ in clocks(zone, start, end))
    if interval == "PT1H":
        return tuple(_hours(zone, start, end))
    name, begun = _NAMES[interval], list[datetime]()
    latest: tuple[int, ...] = (0,)
    for at, local in clocks(zone, start, end):
        if name(local) > latest:  # a date that comes a second time, when clocks go back over midnight, is no new one
            begun.append(at)
            latest = name(local)
    return tuple(begun)


def _hours(zone: str, start: datetime, end: datetime) -> list[datetime]:
    begun, before = [], None
    for at, local in clocks(zone, start, end):
        hour = (local.date(), local.hour)
        if hour != before or local.minute == 0:
            begun.append(at)
        before = hour
    return begun


def floor_of(begun: tuple[datetime, ...], end: datetime) -> Callable[[datetime], datetime]:
    """Answer the function that tells in which of these periods, the last up to ``end``, an instant lies."""

    def floor(at: datetime) -> datetime:
        return begun[bisect_right(begun, at) - 1] if begun[0] <= at < end else OUTSIDE

    return floor
