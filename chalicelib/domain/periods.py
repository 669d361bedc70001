"""Periods: the seven intervals and their exact boundaries in any time zone.

Everything is half-open and on the 15-minute UTC grid, on which every UTC offset since 1980 lies. Weeks are ISO weeks
(from Monday). Days, weeks, months, quarters and years begin at local midnight (``zones`` tells what that is when it
was skipped or came twice), so a day can have 23 or 25 hours.

An hour is a clock hour: it begins when local clocks show a full hour, or when they jump into another one. Where the
clock goes back by an hour, both hours have a bucket; where it goes back by half an hour (Lord Howe), the hour lasts
90 minutes. St John's changed its clocks at 00:01 until 2011: the odd minute counts to the hour that follows.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from zoneinfo import ZoneInfo

from chalicelib.domain.nearest import NotKnown, nearest
from chalicelib.domain.zones import midnight, offset, resolve, transitions

GRID = timedelta(minutes=15)
HOUR = timedelta(hours=1)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
EARLIEST = datetime(1980, 1, 1, tzinfo=UTC)
"""From here on every zone's offset is a whole number of quarter hours: Pacific/Kiritimati was the last to come, from
-10:40 in October 1979 (tzdata 2026f)."""
LATEST = datetime(2200, 1, 1, tzinfo=UTC)

_WORDS = {
    "PT15M": "PT15M", "15m": "PT15M", "15min": "PT15M", "PT15": "PT15M", "quarterhour": "PT15M",
    "PT1H": "PT1H", "hour": "PT1H", "hourly": "PT1H", "1h": "PT1H", "P1H": "PT1H", "PT60M": "PT1H",
    "P1D": "P1D", "day": "P1D", "daily": "P1D", "1d": "P1D", "PT24H": "P1D",
    "P1W": "P1W", "week": "P1W", "weekly": "P1W", "1w": "P1W", "P7D": "P1W",
    "P1M": "P1M", "month": "P1M", "monthly": "P1M", "1mo": "P1M", "P30D": "P1M",
    "P3M": "P3M", "quarter": "P3M", "quarterly": "P3M", "1q": "P3M", "P1Q": "P3M",
    "P1Y": "P1Y", "year": "P1Y", "yearly": "P1Y", "annual": "P1Y", "1y": "P1Y", "P12M": "P1Y",
}  # fmt: skip
"""What people write for an interval: for the question whether they meant it, never read as one."""
_REMEMBERED = 5_000
"""Boundaries of a range that is remembered: 128 of them take some 40 MB at most."""
_LOST_PLUS = re.compile(r"[T ]\d\d:?\d\d(:?\d\d(\.\d+)?)? \d\d:?\d\d$")


class Interval(StrEnum):
    """The intervals of a series, as ISO 8601 durations."""

    PT15M = "PT15M"
    PT1H = "PT1H"
    P1D = "P1D"
    P1W = "P1W"
    P1M = "P1M"
    P3M = "P3M"
    P1Y = "P1Y"

    @property
    def shortest(self) -> timedelta:
        """Answer a lower bound of most of its periods' lengths, to judge how many there will be."""
        return _SHORTEST[self]

    @property
    def of_days(self) -> bool:
        """Answer whether its periods are whole local days."""
        return self not in (Interval.PT15M, Interval.PT1H)


_SHORTEST = {
    Interval.PT15M: GRID,
    Interval.PT1H: HOUR,
    Interval.P1D: timedelta(days=1),
    Interval.P1W: timedelta(days=7),
    Interval.P1M: timedelta(days=28),
    Interval.P3M: timedelta(days=90),
    Interval.P1Y: timedelta(days=365),
}


def parse_interval(text: str) -> Interval:
    """Read an interval. Raises ``ValueError`` that names the seven."""
    try:
        return Interval(text)
    except ValueError:
        said = f"There is no interval {text[:16]!r}; known are {', '.join(Interval)}."
        raise NotKnown(said, nearest(text, _WORDS)) from None


def parse_instant(text: str, at: ZoneInfo) -> datetime:
    """Read an ISO 8601 date (its local midnight), local time, or instant with an offset, as UTC.

    Raises
    ------
    ValueError
        It is none of these, not on the 15-minute grid, or outside of :data:`EARLIEST` to :data:`LATEST`.

    Examples
    --------
    >>> parse_instant("2026-11-01", ZoneInfo("Asia/Kathmandu")).isoformat()
    '2026-10-31T18:15:00+00:00'
    """
    try:
        given = datetime.fromisoformat(text)
        instant = given.astimezone(UTC) if given.tzinfo else resolve(given, at)
    except (ValueError, OverflowError) as error:
        hint = " A '+' in a URL is written '%2B'." if _LOST_PLUS.search(text) else ""
        raise ValueError(f"{text[:40]!r} is no ISO 8601 date or time, such as 2026-11-01T09:15:00Z.{hint}") from error
    if not EARLIEST <= instant <= LATEST:
        raise ValueError(f"Times lie between {EARLIEST:%Y-%m-%d} and {LATEST:%Y-%m-%d}.")
    if (instant - EPOCH) % GRID:
        raise ValueError("Times lie on the 15-minute grid: minute 00, 15, 30 or 45 and no seconds.")
    return instant


def period_start(day: date, interval: Interval) -> date:
    """Answer the first date of the period of days that ``day`` is in.

    Examples
    --------
    >>> period_start(date(2027, 1, 2), Interval.P1W).isoformat()
    '2026-12-28'
    """
    if interval is Interval.P1W:
        return day - timedelta(days=day.weekday())
    if interval is Interval.P1M:
        return day.replace(day=1)
    if interval is Interval.P3M:
        return day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)
    if interval is Interval.P1Y:
        return day.replace(month=1, day=1)
    return day


def next_period(day: date, interval: Interval) -> date:
    """Answer the first date of the period after the one that begins at ``day``."""
    if interval in (Interval.P1D, Interval.P1W):
        return day + interval.shortest
    months = {Interval.P1M: 1, Interval.P3M: 3, Interval.P1Y: 12}[interval]
    years, month = divmod(day.month - 1 + months, 12)
    return day.replace(year=day.year + years, month=month + 1)


def floor(instant: datetime, interval: Interval, at: ZoneInfo) -> datetime:
    """Answer the start of the period that an instant is in.

    Examples
    --------
    >>> floor(datetime(2026, 11, 1, 12, tzinfo=UTC), Interval.P1D, ZoneInfo("Asia/Kathmandu")).isoformat()
    '2026-10-31T18:15:00+00:00'
    """
    if interval.of_days:
        first = period_start(instant.astimezone(at).date(), interval)
        while (start := midnight(first, at)) > instant:  # the local date came twice around a midnight
            first = period_start(first - timedelta(days=1), interval)
        return _last_not_after(start, instant, interval, at)
    if interval is Interval.PT15M:
        return instant - (instant - EPOCH) % GRID
    return max((b for b in _hours(instant - 3 * HOUR, instant + GRID, at) if b <= instant), default=instant)


def _last_not_after(start: datetime, instant: datetime, interval: Interval, at: ZoneInfo) -> datetime:
    """Step on from a period's start while the next one also begins at or before the instant."""
    for boundary in _days(start, instant + timedelta(microseconds=1), interval, at):
        start = boundary
    return start


def ceil(instant: datetime, interval: Interval, at: ZoneInfo) -> datetime:
    """Answer the first boundary at or after an instant."""
    start = floor(instant, interval, at)
    if start == instant:
        return instant
    reach = instant + interval.shortest + timedelta(days=4)
    return next(iter(_inner(instant, reach, interval, at)))


def boundaries(start: datetime, end: datetime, interval: Interval, at: ZoneInfo) -> tuple[datetime, ...]:
    """Answer the boundaries (UTC) that cut ``[start, end)`` into periods, ``start`` and ``end`` included.

    The first and last periods are cut off where the range begins or ends within one. ``start`` and ``end`` lie on the
    15-minute grid; of an empty range there is one boundary. Those of long ranges are not remembered.
    """
    few = (end - start) / interval.shortest <= _REMEMBERED
    return (_remembered if few else _cut)(start, end, interval, at)


def _cut(start: datetime, end: datetime, interval: Interval, at: ZoneInfo) -> tuple[datetime, ...]:
    return (start,) if end <= start else (start, *_inner(start, end, interval, at), end)


_remembered = lru_cache(maxsize=128)(_cut)


def index_of(instant: datetime, bounds: tuple[datetime, ...]) -> int:
    """Answer which period of ``bounds`` an instant within them is in, from 0."""
    return bisect_right(bounds, instant) - 1


def _inner(start: datetime, end: datetime, interval: Interval, at: ZoneInfo) -> Iterator[datetime]:
    """Answer the boundaries strictly between two instants."""
    if interval.of_days:
        return _days(start, end, interval, at)
    if interval is Interval.PT1H:
        return iter(_hours(start, end, at))
    first = start + GRID - (start - EPOCH) % GRID
    return (first + GRID * i for i in range(-((first - end) // GRID)))


def _days(start: datetime, end: datetime, interval: Interval, at: ZoneInfo) -> Iterator[datetime]:
    """Answer the starts of periods of days strictly between two instants; a skipped day has none of its own."""
    day = period_start(start.astimezone(at).date(), interval)
    last = start
    while (boundary := midnight(day, at)) < end:
        if boundary > last:
            yield boundary
            last = boundary
        day = next_period(day, interval)


def _hours(start: datetime, end: datetime, at: ZoneInfo) -> list[datetime]:
    """Answer the starts of clock hours strictly between two instants."""
    found: set[datetime] = set()
    changes = list(transitions(start, end, at))
    for since, until in zip([start, *changes], [*changes, end], strict=True):
        ahead = offset(since, at)
        first = since + (-(since + ahead - EPOCH)) % HOUR
        found.update(first + HOUR * i for i in range(-((first - until) // HOUR)))
    found.update(change - (change - EPOCH) % GRID for change in changes if _enters_another_hour(change, at))
    return sorted(b for b in found if start < b < end)


def _enters_another_hour(change: datetime, at: ZoneInfo) -> bool:
    """Answer whether the clock hour after a change of the offset is another than before it."""
    before = change + offset(change - timedelta(seconds=1), at)
    after = change + offset(change, at)
    return (before - timedelta(seconds=1) - EPOCH) // HOUR != (after - EPOCH) // HOUR
