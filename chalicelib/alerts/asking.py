"""How rules ask for numbers: the series of cubes, as far as rules need them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol
from zoneinfo import ZoneInfo

from chalicelib.alerts.groups import TooManyGroups
from chalicelib.alerts.numbers import Counted, counted
from chalicelib.domain.clock import Clock
from chalicelib.domain.periods import EPOCH, GRID, Interval
from chalicelib.metrics.metric import Metric
from chalicelib.metrics.query import SeriesQuery
from chalicelib.metrics.question import Question

MOST_POINTS: Final = 500_000
"""Groups times buckets of one question, about 100 MB: a hundred groups of quarter hours for six weeks."""
_UTC: Final = ZoneInfo("UTC")


@dataclass(frozen=True, slots=True)
class Known:
    """Up to when all of a metric is known (None: nothing is), and why its source is late, where it is."""

    watermark: datetime | None
    late: str | None = None


class Asking(Protocol):
    """Where numbers come from; :class:`SeriesAsking` is one."""

    def known(self, metric: Metric) -> Known:
        """Answer how far a metric is known. Raises ``StoreUnavailable``."""
        ...

    def ask(self, question: Question) -> list[Counted]:
        """Answer a question, up to the first bucket that is not complete.

        Raises
        ------
        RequestError, QueryFailed
            It cannot be answered.
        StoreUnavailable
            The files could not be had.
        TooManyGroups
            There are too many groups to be looked at.
        """
        ...


@dataclass(frozen=True, slots=True)
class SeriesAsking:
    """Asks the published files of cubes."""

    series: SeriesQuery
    clock: Clock

    def known(self, metric: Metric) -> Known:
        """Answer how far a metric is known. Raises ``StoreUnavailable``."""
        now = self.clock()
        end = now - (now - EPOCH) % GRID
        (standing,) = self.series.prepare(Question((metric,), end - GRID, end, Interval.PT15M, _UTC)).standings
        return Known(standing.watermark, standing.late)

    def ask(self, question: Question) -> list[Counted]:
        """Answer a question, as :meth:`Asking.ask` says."""
        buckets = self.series.stream(self.series.prepare(question)).buckets
        return list(_bounded(question, iter(counted(buckets, len(question.group_by)))))


def _bounded(question: Question, buckets: Iterator[Counted]) -> Iterator[Counted]:
    """Answer the buckets, unless there are too many groups, which all buckets have alike."""
    for place, bucket in enumerate(buckets):
        if not place and len(bucket.rows) * (len(question.bounds) - 1) > MOST_POINTS:
            raise TooManyGroups(
                f"There are {len(bucket.rows):,} groups in {len(question.bounds) - 1:,} buckets: filter to those that "
                "matter, or group by fewer dimensions."
            )
        yield bucket
