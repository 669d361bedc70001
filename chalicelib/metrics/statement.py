"""The DuckDB statement of a question: one pass over local Parquet files, time zones without ICU.

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

from chalicelib.domain.periods import EPOCH, Interval, boundaries, index_of
from chalicelib.metrics.cubes import CUBES
from chalicelib.metrics.metric import Kind, Metric
from chalicelib.metrics.question import Question

_MICROSECOND = timedelta(microseconds=1)


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


def bucket_expression(question: Question, column: str) -> str:
    """Write the SQL expression of a row's bucket, from 0; the row's time lies within the question's range."""
    if not question.interval.of_days or question.interval is Interval.P1D:
        return _piecewise(question.bounds, column)
    days = boundaries(question.start, question.end, Interval.P1D, question.zone)
    periods = ",".join(str(index_of(day, question.bounds)) for day in days[:-1])
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


def statement(question: Question, column: str) -> str:
    """Write the statement for a question that is not empty.

    It takes the files (a list of paths), the range's start and its end (microseconds) as ``$files``, ``$start`` and
    ``$end``, and answers rows of bucket, the dimensions of ``group_by``, value, and for a gauge the number of members
    that the value was summed over.
    """
    metric = question.metric
    bucket = bucket_expression(question, column)
    groups = "".join(f", {name}" for name in question.group_by)
    where = f"WHERE {column} >= make_timestamp($start) AND {column} < make_timestamp($end){_only(metric)}"
    source = f"FROM read_parquet($files, union_by_name = true) {where}"
    if metric.kind is Kind.COUNTER:
        return f"SELECT {bucket} AS bucket{groups}, sum({metric.measure}) AS value {source} GROUP BY ALL"
    members = ", ".join(dimension.name for dimension in CUBES[metric.cube].dimensions)
    last = (
        f"SELECT {bucket} AS bucket, {members}, arg_max({metric.measure}, {column}) AS value "
        f"{source} AND {metric.measure} IS NOT NULL GROUP BY ALL"
    )
    return f"SELECT bucket{groups}, sum(value) AS value, count(*) AS members FROM ({last}) GROUP BY ALL"  # noqa: S608


def _only(metric: Metric) -> str:
    """Write the filter of a metric; the names and values come from the registry, never from a request."""
    return "".join(f" AND CAST({column} AS VARCHAR) = '{value}'" for column, value in metric.only)
