"""A question, as data: validated, canonical, and what an answer is cached by."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Final
from zoneinfo import ZoneInfo

from chalicelib.domain.periods import Interval, boundaries
from chalicelib.errors import RequestError
from chalicelib.metrics.comparison import Comparison
from chalicelib.metrics.filter_text import write_filter
from chalicelib.metrics.filters import Filter
from chalicelib.metrics.metric import Metric
from chalicelib.metrics.transforms import Transform

MAX_POINTS = 20_000
"""Points in one answer: about 3 MB, safely below the 6 MB that a Lambda may answer."""
MAX_BUCKETS: Final = 400_000
"""Buckets of any answer, streamed ones too: eleven years of quarter hours."""
MAX_METRICS: Final = 10
MAX_TOP: Final = 100


@dataclass(frozen=True, slots=True)
class Top:
    """The ``count`` groups of which ``by`` is the most over the whole range; ``other`` puts the rest together."""

    count: int
    by: str
    other: bool = True


@dataclass(frozen=True)
class Question:
    """What is asked: metrics over ``[start, end)`` (UTC), by interval in a zone, by the dimensions ``group_by``.

    ``where`` keeps some rows, ``comparison`` puts an earlier range beside, ``transform`` is made of every metric,
    ``top`` keeps some groups, and ``totals`` asks for one value over the whole range too. ``notes`` are what a reader
    of the answer should know of how it was understood.
    """

    metrics: tuple[Metric, ...]
    start: datetime
    end: datetime
    interval: Interval
    zone: ZoneInfo
    group_by: tuple[str, ...] = ()
    where: Filter | None = None
    comparison: Comparison | None = None
    transform: Transform | None = None
    top: Top | None = None
    totals: bool = False
    notes: tuple[str, ...] = ()

    @cached_property
    def bounds(self) -> tuple[datetime, ...]:
        """Answer the boundaries of its buckets."""
        return boundaries(self.start, self.end, self.interval, self.zone)

    def require_few_buckets(self, most: int = MAX_POINTS) -> None:
        """Raise ``RequestError`` when there are more buckets than an answer may have points."""
        refuse_too_many(int((self.end - self.start) / self.interval.shortest / 1.2), most)
        refuse_too_many(len(self.bounds) - 1, most)

    @cached_property
    def key(self) -> tuple[str, ...]:
        """Answer what tells this question from others."""
        return (
            ",".join(metric.key for metric in self.metrics),
            self.start.isoformat(),
            self.end.isoformat(),
            self.interval.value,
            self.zone.key,
            ",".join(self.group_by),
            "" if self.where is None else write_filter(self.where),
            "" if self.comparison is None else repr(self.comparison),
            "" if self.transform is None else str(self.transform),
            "" if self.top is None else repr(self.top),
            str(self.totals),
        )


def refuse_too_many(points: int, most: int = MAX_POINTS) -> None:
    """Raise ``RequestError`` when an answer would have more points than it may."""
    if points > most:
        raise RequestError(
            f"This would be about {points:,} points; at most {most:,} are answered at once. "
            "Ask for a longer interval, a shorter range or fewer groups, for the groups with the most (`top`), or for "
            "all of it as a file (`POST /v1/exports`).",
            status=422,
            errors=({"parameter": "interval", "detail": "Too fine for this range."},),
        )
