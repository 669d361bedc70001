"""From DuckDB's rows to a series: every bucket of every group present, marked where it is not complete yet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

from chalicelib.metrics.metric import Kind
from chalicelib.metrics.question import Question, refuse_too_many

Group = tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class Series:
    """An answered question.

    ``rows`` are JSON-ready, one per bucket and group, by time, then group. ``watermark`` is how far the source is
    complete, None when nothing is published; buckets that end after it are partial.
    """

    rows: list[dict[str, Any]]
    watermark: datetime | None
    computed_at: datetime
    partial: bool
    warnings: tuple[str, ...] = field(default=())


def fill(question: Question, found: Iterable[Sequence[Any]], watermark: datetime | None, now: datetime) -> Series:
    """Make the series of what was found: tuples of bucket, group's members, value and (a gauge) how many it sums."""
    width = len(question.group_by)
    gauge = question.metric.kind is Kind.GAUGE
    values: dict[tuple[int, Group], int | None] = {}
    members: dict[tuple[int, Group], int] = {}
    for row in found:
        where = (row[0], tuple(row[1 : width + 1]))
        values[where] = row[width + 1]
        members[where] = row[width + 2] if gauge else 1
    groups = _groups(question, (group for _, group in values))
    refuse_too_many((len(question.bounds) - 1) * len(groups))
    rows = _rows(question, groups, values, watermark)
    return Series(
        rows,
        watermark,
        now,
        partial=watermark is None or question.end > watermark,
        warnings=tuple(_warnings(question, groups, members)),
    )


def _groups(question: Question, seen: Iterable[Group]) -> list[Group]:
    """Answer the groups in order, those without a name last; a question without ``group_by`` has one, always."""
    if not question.group_by:
        return [()]
    return sorted(set(seen), key=lambda group: [(name is None, name or "") for name in group])


def _rows(
    question: Question,
    groups: Sequence[Group],
    values: dict[tuple[int, Group], int | None],
    watermark: datetime | None,
) -> list[dict[str, Any]]:
    empty = 0 if question.metric.kind is Kind.COUNTER else None
    stamps = [stamp(bound, question) for bound in question.bounds]
    named = [(group, dict(zip(question.group_by, group, strict=True))) for group in groups]
    rows: list[dict[str, Any]] = []
    for index, (start, end) in enumerate(pairwise(stamps)):
        partial = watermark is None or question.bounds[index + 1] > watermark
        rows.extend(
            {"start": start, "end": end, **names, "value": values.get((index, group), empty), "partial": partial}
            for group, names in named
        )
    return rows


def stamp(instant: datetime, question: Question) -> str:
    """Write an instant with the offset of the question's zone."""
    return instant.isoformat() if question.zone.key == "UTC" else instant.astimezone(question.zone).isoformat()


def _warnings(question: Question, groups: Sequence[Group], members: dict[tuple[int, Group], int]) -> Iterable[str]:
    if question.metric.kind is not Kind.GAUGE:
        return
    for group in groups:
        counts = [count for (_, of), count in members.items() if of == group]
        if counts and min(counts) < max(counts):
            short = sum(count < max(counts) for count in counts)
            of = f" of {'/'.join(str(name) for name in group)}" if group else ""
            yield (
                f"In {short} buckets{of} fewer than {max(counts)} members were observed: their value is the sum of "
                f"those that were. Group by {', '.join(question.metric.dimensions)} to see each."
            )


def no_data(question: Question, now: datetime) -> Series:
    """Answer a question about a metric of which nothing was published yet."""
    series = fill(question, (), None, now)
    said = f"No data has been published for '{question.metric.name}' yet."
    return Series(series.rows, None, now.astimezone(UTC), partial=True, warnings=(said,))
