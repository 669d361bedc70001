"""Buckets of time, and the SQL expression of the one that a row lies in: time zones without ICU.

The bucket of a row is computed, not joined. Boundaries are cut into *runs* of equally long buckets, one run between
two changes of a zone's offset (and one for the odd day itself), so that a piecewise ``CASE`` of integer divisions
finds the bucket: the cost of a fixed offset, exact in any zone. Months and longer go through days: a list maps a day
to its period.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from chalicelib.domain.periods import EPOCH, Interval, boundaries, index_of
from chalicelib.domain.zones import is_midnight, midnight

_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Grid:
    """Boundaries of buckets, of an interval in a zone; of an empty range there is one, and no bucket."""

    bounds: tuple[datetime, ...]
    interval: Interval
    zone: ZoneInfo

    @property
    def count(self) -> int:
        """Answer how many buckets there are."""
        return len(self.bounds) - 1

    @property
    def start(self) -> datetime:
        """Answer where the first begins."""
        return self.bounds[0]

    @property
    def end(self) -> datetime:
        """Answer where the last ends."""
        return self.bounds[-1]

    @property
    def whole(self) -> Grid:
        """Answer one bucket over all of it."""
        return Grid((self.start, self.end), self.interval, self.zone) if self.count > 1 else self

    def piece(self, first: int, end: int) -> Grid:
        """Answer the buckets from one up to, without, another."""
        return Grid(self.bounds[first : end + 1], self.interval, self.zone)

    def day_of(self, at: datetime | None) -> datetime | None:
        """Answer the first instant of the day of an instant, by the clocks of the zone."""
        return None if at is None else midnight(at.astimezone(self.zone).date(), self.zone)

    def of_days(self, at: ZoneInfo) -> bool:
        """Answer whether every boundary is a midnight of a zone, so that the day level of a cube can answer."""
        inner_are = self.zone.key == at.key and self.interval.of_days
        checked = (self.start, self.end) if inner_are else self.bounds
        return all(is_midnight(bound, at) for bound in checked)


@dataclass(frozen=True, slots=True)
class Run:
    """Buckets ``index``, ``index + 1``, … of equal ``length`` from ``start`` up to ``end``."""

    index: int
    start: datetime
    end: datetime
    length: timedelta


def runs(bounds: Sequence[datetime]) -> list[Run]:
    """Cut boundaries into runs of equally long buckets."""
    found: list[Run] = []
    for index, (start, end) in enumerate(pairwise(bounds)):
        if found and found[-1].length == end - start:
            found[-1] = Run(found[-1].index, found[-1].start, end, end - start)
        else:
            found.append(Run(index, start, end, end - start))
    return found


def micros(instant: datetime) -> int:
    """Answer an instant as microseconds since 1970."""
    return (instant - EPOCH) // _MICROSECOND


def bucket_expression(grid: Grid, column: str) -> str:
    """Write the SQL expression of a row's bucket, from 0; the row's time lies within the grid."""
    if grid.count == 1:
        return "0"
    if not grid.interval.of_days or grid.interval is Interval.P1D:
        return _piecewise(grid.bounds, column)
    days = boundaries(grid.start, grid.end, Interval.P1D, grid.zone)
    periods = ",".join(str(index_of(day, grid.bounds)) for day in days[:-1])
    return f"list_extract([{periods}], {_piecewise(days, column)} + 1)"


def _piecewise(bounds: Sequence[datetime], column: str) -> str:
    at = f"epoch_us({column})"
    parts = [
        (micros(run.end), f"{run.index} + ({at} - {micros(run.start)}) // {run.length // _MICROSECOND}")
        for run in runs(bounds)
    ]
    if len(parts) == 1:
        return f"({parts[0][1]})"
    branches = " ".join(f"WHEN {at} < {end} THEN {part}" for end, part in parts)
    return f"(CASE {branches} END)"
