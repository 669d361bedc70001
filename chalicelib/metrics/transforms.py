"""What may be made of a series before it is answered: sums so far, moving averages, shares and rates. Pure.

Transforms work on what was added up, bucket by bucket in the order of time, and remember no more than they need: the
same for an answer that is held in memory and for one that streams.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Hashable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from fractions import Fraction
from typing import Final

from chalicelib.metrics.metric import Kind, Metric
from chalicelib.metrics.values import Cell, Exact, exact, plus

MAX_BUCKETS: Final = 1_000


class Makes(StrEnum):
    """The transforms."""

    CUMULATIVE = "cumulative"  # the sum from the start of the range
    MOVING_AVERAGE = "moving_average"  # over so many buckets, this one the last; null until there are as many
    SHARE_OF_TOTAL = "share_of_total"  # of all groups in the same bucket
    RATE = "rate"  # over how long the bucket is


_SECONDS: Final = {"second": 1, "minute": 60, "hour": 3_600, "day": 86_400}
_FORM = re.compile(r"(cumulative|share_of_total)|moving_average:([0-9]{1,6})|rate:(second|minute|hour|day)")
FORMS: Final = ("cumulative", "moving_average:7", "share_of_total", "rate:hour")


@dataclass(frozen=True, slots=True)
class Transform:
    """One transform: of a moving average how many buckets, of a rate per what."""

    makes: Makes
    buckets: int = 0
    per: str = ""

    def __str__(self) -> str:
        """Write it as :func:`parse_transform` reads it."""
        detail = str(self.buckets) if self.buckets else self.per
        return f"{self.makes}:{detail}" if detail else self.makes.value


def parse_transform(text: str) -> Transform:
    """Read a transform. Raises ``ValueError``.

    >>> parse_transform("moving_average:7").buckets, str(parse_transform("rate:hour"))
    (7, 'rate:hour')
    """
    match = _FORM.fullmatch(text)
    if match is None:
        raise ValueError(f"There is no transform {text[:40]!r}; known are {', '.join(FORMS)}, with any number or unit.")
    if match[1]:
        return Transform(Makes(match[1]))
    if match[3]:
        return Transform(Makes.RATE, per=match[3])
    if not 2 <= int(match[2]) <= MAX_BUCKETS:
        raise ValueError(f"A moving average is over 2 to {MAX_BUCKETS:,} buckets.")
    return Transform(Makes.MOVING_AVERAGE, buckets=int(match[2]))


def refusal(transform: Transform, metric: Metric, grouped: bool) -> str | None:
    """Answer why a transform of a metric means nothing, None where it does."""
    name, kind = f"'{metric.name}'", metric.kind
    if kind is Kind.DERIVED:
        return f"{name} is an expression over other metrics: ask for those."
    if transform.makes is Makes.CUMULATIVE and kind in (Kind.GAUGE, Kind.UNIQUE):
        why = "is the last value of a period" if kind is Kind.GAUGE else "counts who was there, some of them again"
        return f"{name} {why}: its buckets do not add up."
    if transform.makes is Makes.RATE and kind is not Kind.COUNTER:
        return f"{name} is no counter: there is no rate of it."
    if transform.makes is Makes.SHARE_OF_TOTAL and kind in (Kind.UNIQUE, Kind.RATIO):
        why = "groups have members in common" if kind is Kind.UNIQUE else "ratios do not add up"
        return f"{name} has no shares: {why}."
    if transform.makes is Makes.SHARE_OF_TOTAL and not grouped:
        return "A share is one of several groups: give 'group_by'."
    return None


def unit(transform: Transform | None, metric: Metric) -> str:
    """Answer the unit of a metric's values after a transform."""
    if transform is not None and transform.makes is Makes.SHARE_OF_TOTAL:
        return "share"
    return f"{metric.unit} per {transform.per}" if transform is not None and transform.per else metric.unit


class Series:
    """Makes the values of one metric: call :meth:`value` for every bucket in the order of time, group by group."""

    def __init__(self, metric: Metric, transform: Transform | None) -> None:
        self._metric = metric
        self._transform = transform
        self._sums: dict[Hashable, Cell] = {}
        self._last: dict[Hashable, deque[Cell]] = {}

    def value(self, group: Hashable, cell: Cell, long: timedelta, total: Exact | None) -> Exact | None:
        """Answer the value of a group in the next bucket.

        Parameters
        ----------
        cell
            What was added up; None is never added to anything.
        long
            How long the bucket is.
        total
            The metric over all groups of the bucket, for a share.
        """
        if self._transform is None:
            return exact(self._metric, cell)
        if self._transform.makes is Makes.CUMULATIVE:
            return self._cumulative(group, cell)
        if self._transform.makes is Makes.MOVING_AVERAGE:
            return self._average(group, cell, self._transform.buckets)
        value = exact(self._metric, cell)
        if self._transform.makes is Makes.SHARE_OF_TOTAL:
            return None if value is None or not total else Fraction(value) / Fraction(total)
        seconds = Fraction(long // timedelta(seconds=1))
        return None if value is None else Fraction(value) * _SECONDS[self._transform.per] / seconds

    def _cumulative(self, group: Hashable, cell: Cell) -> Exact | None:
        if cell is None:
            return None
        self._sums[group] = _added(self._sums.get(group), cell)
        return exact(self._metric, self._sums[group])

    def _average(self, group: Hashable, cell: Cell, buckets: int) -> Exact | None:
        kept = self._last.setdefault(group, deque(maxlen=buckets))
        kept.append(cell)
        if len(kept) < buckets or None in kept:
            return None
        total: Cell = None
        for one in kept:
            total = _added(total, one)
        value = exact(self._metric, total)
        return value if value is None or self._metric.kind is Kind.RATIO else Fraction(value) / buckets


def _added(one: Cell, other: Cell) -> Cell:
    if one is None or other is None:
        return one or other
    return tuple(plus(a, b) for a, b in zip(one, other, strict=True))
