"""What a digest is about: the last complete local day, or ISO week, and those before it for the spark line. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from chalicelib.domain.periods import GRID, Interval, boundaries, floor, period_start
from chalicelib.domain.zones import midnight
from chalicelib.subscriptions.subscription import Cadence

SPARK: Final = {Cadence.DAILY: 14, Cadence.WEEKLY: 12}
"""Buckets of a spark line, the told one being the last."""
_INTERVALS: Final = {Cadence.DAILY: Interval.P1D, Cadence.WEEKLY: Interval.P1W}


@dataclass(frozen=True, slots=True)
class Period:
    """The buckets of a digest in a zone: ``bounds`` (UTC) cut them, the last two being those of what it is about."""

    cadence: Cadence
    zone: ZoneInfo
    bounds: tuple[datetime, ...]

    @property
    def interval(self) -> Interval:
        """Answer how long a bucket is."""
        return _INTERVALS[self.cadence]

    @property
    def start(self) -> datetime:
        """Answer where what it is about begins."""
        return self.bounds[-2]

    @property
    def end(self) -> datetime:
        """Answer where it ends, exclusive."""
        return self.bounds[-1]

    @property
    def unit(self) -> str:
        """Answer what a bucket is called.

        >>> period(Cadence.WEEKLY, date(2026, 11, 26), ZoneInfo("UTC")).unit
        'week'
        """
        return "day" if self.cadence is Cadence.DAILY else "week"

    def label(self, start: datetime) -> str:
        """Name the bucket that begins at an instant.

        >>> of = period(Cadence.DAILY, date(2026, 11, 26), ZoneInfo("Asia/Kolkata"))
        >>> of.label(of.start)
        'Wed 25 Nov 2026'
        """
        day = start.astimezone(self.zone).date()
        if self.cadence is Cadence.DAILY:
            return f"{day:%a} {day.day} {day:%b %Y}"
        year, week, _ = day.isocalendar()
        return f"week {week} of {year}, from {day:%a} {day.day} {day:%b}"


def period(cadence: Cadence, day: date, zone: ZoneInfo) -> Period:
    """Answer what the digest of a local date is about: the day, or the ISO week, that was complete when it began.

    >>> [at.isoformat() for at in period(Cadence.WEEKLY, date(2026, 11, 26), ZoneInfo("UTC")).bounds[-2:]]
    ['2026-11-16T00:00:00+00:00', '2026-11-23T00:00:00+00:00']
    """
    interval = _INTERVALS[cadence]
    end = midnight(period_start(day, interval), zone)
    first = floor(end - GRID, interval, zone).astimezone(zone).date()
    start = midnight(first - (SPARK[cadence] - 1) * timedelta(days=interval.shortest.days), zone)
    return Period(cadence, zone, boundaries(start, end, interval, zone))
