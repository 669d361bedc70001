"""Three answers about a metric as the numbers of a digest. Pure.

A counter answers zero where it has no rows, also from before anything was counted: what ends by the first row that
there is was not counted, and is None.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from chalicelib.digests.told import Against, Numbers
from chalicelib.metrics.answer import Answer, Bucket
from chalicelib.metrics.metric import Metric
from chalicelib.metrics.top import order
from chalicelib.metrics.values import empty, telling

_Of = tuple[Any, ...]
"""A group: nothing, or the currency, None where it has no name."""
_UNNAMED: Final = "no currency"


@dataclass(frozen=True, slots=True)
class Beside:
    """The bucket that is told beside an earlier one: what was answered, and when the earlier one ends (UTC)."""

    answer: Answer
    ends: datetime

    def is_counted(self, since: datetime) -> bool:
        """Answer whether the earlier one was counted, and all of it where that makes a difference."""
        (told,) = self.answer.meta["metrics"]
        return self.ends > since and told["comparison"]["counted_since"] is None


def merged(metric: Metric, first: datetime | None, line: Answer, before: Beside, year: Beside) -> list[Numbers]:
    """Answer the numbers of each currency, in order; of what is not told by currency there is one.

    Parameters
    ----------
    first
        The instant (UTC) of the first row that is read for the metric, None where there is none.
    line
        The buckets of the spark line.
    """
    (told,), (again,) = before.answer.buckets, year.answer.buckets
    since = told.start if first is None else first
    members = len(line.total_columns) - 1
    buckets = list(line.buckets)
    nothing = telling(metric)(empty(metric))
    near, far = _rows(told, members), _rows(again, members)
    each = [_rows(bucket, members) for bucket in buckets]
    absent = (nothing, nothing, nothing, None)  # zero, or not known

    def of(group: _Of) -> Numbers:
        value, *beside = near.get(group, absent)
        far_off = far.get(group, absent)[1:]
        spark = (
            rows.get(group, absent)[0] if _is_known(bucket, since) else None
            for bucket, rows in zip(buckets, each, strict=True)
        )
        return Numbers(
            value if told.end > since else None,
            _counted(beside) if before.is_counted(since) else Against(),
            _counted(far_off) if year.is_counted(since) else Against(),
            tuple(spark),
            "".join(name or _UNNAMED for name in group),
        )

    found = [of(group) for group in sorted({*near, *far, *(group for rows in each for group in rows)}, key=order)]
    return [one for one in found if not _is_idle(one)] or found[:1]


def _counted(told: Sequence[Any]) -> Against:
    value, change, ratio = told
    return Against(value, change, ratio, counted=True)


def _is_idle(one: Numbers) -> bool:
    """Answer whether there is nothing but zero of a currency."""
    return bool(one.currency) and not any((one.value, one.before.value, one.year.value, *one.spark))


def _is_known(bucket: Bucket, since: datetime) -> bool:
    return not bucket.partial and bucket.end > since


def _rows(bucket: Bucket, members: int) -> Mapping[_Of, Sequence[Any]]:
    """Answer the values of each group of a bucket."""
    return {tuple(row[:members]): row[members:] for row in bucket.rows}
