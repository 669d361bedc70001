"""What was counted in buckets, as rules look at it: by group, with what it is compared with. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from chalicelib.metrics.answer import Bucket, Value
from chalicelib.metrics.metric import Metric
from chalicelib.metrics.values import empty, exact, plain

Group = tuple[str | None, ...]
"""The members of a rule's ``group_by``, and of what is never added up (currencies); without any: the empty one."""


class Numbers(NamedTuple):
    """A value; where it is compared the one before, the change, and the change as a share of that."""

    value: Value
    before: Value = None
    change: Value = None
    ratio: Value = None


@dataclass(frozen=True, slots=True)
class Counted:
    """One bucket ``[start, end)``, complete: the numbers of every group that is in the answer."""

    start: datetime
    end: datetime
    rows: Mapping[Group, Numbers]


def counted(buckets: Iterable[Bucket], members: int) -> Iterable[Counted]:
    """Answer buckets up to the first that is not complete; rows begin with so many members."""
    for bucket in buckets:
        if bucket.partial:
            return
        rows = {tuple(row[:members]): Numbers(*row[members : members + 4]) for row in bucket.rows}
        yield Counted(bucket.start, bucket.end, rows)


def nothing(metric: Metric) -> Value:
    """Answer the value of a bucket in which nothing happened: 0 of what is counted, None of what is observed."""
    return plain(exact(metric, empty(metric)))


def as_decimal(value: Value) -> Decimal | None:
    """Answer a value as it is told, exactly.

    >>> as_decimal(0.1), as_decimal(3), as_decimal(None)
    (Decimal('0.1'), Decimal('3'), None)
    """
    if value is None or isinstance(value, Decimal):
        return value
    return Decimal(repr(value)) if isinstance(value, float) else Decimal(value)


def written(value: Decimal | None) -> str:
    """Write a number with all its digits; nothing where there is none.

    >>> written(Decimal("1E+3")), written(None)
    ('1000', '')
    """
    return "" if value is None else f"{value:f}"
