"""The shape of an answer to a question: columns, and buckets that come in the order of time. Pure.

``SeriesQuery.answer(question)`` answers all of it at once and refuses what has too many points;
``SeriesQuery.stream(question)`` answers the same rows without that bound, ``buckets`` being an iterator that can be
gone through once and holds a bounded piece of the range at a time. Either way::

    answer = context.series.stream(question)
    answer.columns        # what a row holds, in its order: start, end, dimensions, values, partial
    for row in answer.rows():
        row               # (start, end, "3.5.0", 12, 10, 2, 0.2, False): values of Python, one for each column
    answer.totals         # rows without start and end, where the question asks for them
    answer.meta           # JSON-ready: watermarks, warnings, comparison, … of the envelope
    answer.query          # JSON-ready: the question as it was understood

A value is an ``int``, ``Decimal`` (money, exact), ``float`` (a ratio, a share, a rate) or None. Instants
carry the question's zone. A member without a name is None.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

Value = int | Decimal | float | None
Row = tuple[Any, ...]


class Holds(StrEnum):
    """What a column holds."""

    INSTANT = "instant"  # start and end, aware, in the question's zone
    TEXT = "text"  # a dimension's member, None where it has no name
    FLAG = "flag"  # partial; other, where the question puts the rest of its groups together
    NUMBER = "number"  # a value; money where ``currency`` says so, a share where the unit is ``share``


class Role(StrEnum):
    """What a column of a metric tells of it."""

    VALUE = "value"
    BEFORE = "before"  # in the period that it is compared with
    CHANGE = "change"  # value less before
    CHANGE_RATIO = "change_ratio"  # change over before, a share


@dataclass(frozen=True, slots=True)
class AnswerColumn:
    """One column: its name as in JSON, its title for people, and of a number its metric, role and unit."""

    name: str
    title: str
    holds: Holds
    metric: str | None = None
    role: Role | None = None
    unit: str | None = None


class Bucket(NamedTuple):
    """One bucket of time ``[start, end)``, UTC, with a row for each group: its members, then the values, in order."""

    start: datetime
    end: datetime
    partial: bool
    rows: Sequence[Row]


@dataclass(frozen=True)
class Answer:
    """An answered question, as this module's docstring shows it.

    ``served_from`` is ``cube``, or ``cache`` where it had been computed before.
    """

    columns: tuple[AnswerColumn, ...]
    buckets: Iterable[Bucket]
    totals: Sequence[Row]
    zone: ZoneInfo
    meta: Mapping[str, Any]
    query: Mapping[str, Any]
    served_from: str = "cube"

    def rows(self) -> Iterator[Row]:
        """Answer every row by time, then group, with a value for each of ``columns``."""
        for bucket in self.buckets:
            start, end = bucket.start.astimezone(self.zone), bucket.end.astimezone(self.zone)
            for row in bucket.rows:
                yield (start, end, *row, bucket.partial)

    @property
    def total_columns(self) -> tuple[AnswerColumn, ...]:
        """Answer what a row of ``totals`` holds: the columns but for start, end and partial."""
        return self.columns[2:-1]
