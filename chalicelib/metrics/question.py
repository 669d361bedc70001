"""A time-series question, as data: validated, canonical, and what an answer is cached by."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from chalicelib.domain.periods import EPOCH, Interval, boundaries
from chalicelib.errors import RequestError
from chalicelib.metrics.metric import Metric

MAX_POINTS = 20_000
"""Points in one answer: about 3 MB, safely below the 6 MB that a Lambda may answer."""
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Question:
    """What is asked: one metric over ``[start, end)`` (UTC), by interval in a zone, by the dimensions ``group_by``."""

    metric: Metric
    start: datetime
    end: datetime
    interval: Interval
    zone: ZoneInfo
    group_by: tuple[str, ...] = ()

    @cached_property
    def bounds(self) -> tuple[datetime, ...]:
        """Answer the boundaries of its buckets. Raises ``RequestError`` when there are too many."""
        refuse_too_many(int((self.end - self.start) / self.interval.shortest / 1.2))
        bounds = boundaries(self.start, self.end, self.interval, self.zone)
        refuse_too_many(len(bounds) - 1)
        return bounds

    @cached_property
    def by_utc_day(self) -> bool:
        """Answer whether every boundary is a UTC midnight, so that the day level of the cube can answer."""
        return self.interval.of_days and all((b - EPOCH) % _DAY == timedelta(0) for b in self.bounds)

    def key(self) -> tuple[str, ...]:
        """Answer what tells this question from others."""
        return (
            self.metric.name,
            self.start.isoformat(),
            self.end.isoformat(),
            self.interval.value,
            self.zone.key,
            *self.group_by,
        )


def refuse_too_many(points: int) -> None:
    """Raise ``RequestError`` when an answer would have more points than :data:`MAX_POINTS`."""
    if points > MAX_POINTS:
        raise RequestError(
            f"This would be about {points:,} points; at most {MAX_POINTS:,} are answered at once. "
            "Ask for a longer interval, a shorter range or fewer groups.",
            status=422,
            errors=({"parameter": "interval", "detail": "Too fine for this range."},),
        )
