"""A report of the YouTube Analytics API, read by its column names: which days it has, and the row of each. Pure.

Its traps: the order of the columns is told by ``columnHeaders``; days come in any order; whole numbers can be written
as ``12.0``; a day's views can be below zero when YouTube takes views back. Source: YouTube Analytics API, "Reports:
query", "Metrics", and its discovery document.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from chalicelib.errors import SkippableRecordError
from chalicelib.sources.base import Column, ColumnType
from chalicelib.sources.json_fields import items, text

_I, _F = ColumnType.INT64, ColumnType.FLOAT64
_EXACT = 2**53

METRICS: Mapping[str, Column] = {
    "views": Column("views", _I, "Views; YouTube takes views back later, even below zero"),
    "estimatedMinutesWatched": Column("watch_time_minutes", _F, "Minutes watched, as YouTube estimates them"),
    "averageViewDuration": Column("average_view_duration_s", _F, "Average seconds watched of a view"),
    "averageViewPercentage": Column(
        "average_view_percentage", _F, "Average share of a video watched of a view, 0 to 100"
    ),
    "subscribersGained": Column("subscribers_gained", _I, "Subscribers won"),
    "subscribersLost": Column("subscribers_lost", _I, "Subscribers lost"),
    "likes": Column("likes", _I, "Likes given, less those taken back"),
    "comments": Column("comments", _I, "Comments written"),
    "shares": Column("shares", _I, "Uses of the share button"),
}
"""YouTube's metrics and the column that each becomes; a report stops at the last day that has all of them."""


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a report: its day and its columns, or why it cannot be read."""

    raw: Any
    day: date | None = None
    columns: Mapping[str, int | float] | None = None
    problem: str = ""


def days(first: date, last: date) -> Iterator[date]:
    """Answer every day from ``first`` to ``last``, both included."""
    for ahead in range((last - first).days + 1):
        yield first + timedelta(days=ahead)


def lines(answer: Mapping[str, Any]) -> Iterator[Line]:
    """Read the rows of a report; what one row lacks costs no other row.

    Raises
    ------
    SkippableRecordError
        It is no report with a ``day`` and all of :data:`METRICS`.
    """
    places = _places(answer)
    for row in items(answer, "rows") or []:
        try:
            yield _line(row, places)
        except SkippableRecordError as error:
            yield Line(row, problem=str(error))


def _places(answer: Mapping[str, Any]) -> Mapping[str, int]:
    """Answer where each column stands in a row."""
    headers = items(answer, "columnHeaders") or []
    if not all(isinstance(header, dict) for header in headers):
        raise SkippableRecordError("columnHeaders: objects were expected")
    names = [text(header, "name") for header in headers]
    for wanted in ("day", *METRICS):
        if names.count(wanted) != 1:
            raise SkippableRecordError(f"columnHeaders: one column {wanted} was expected, not {names.count(wanted)}")
    return {name: names.index(name) for name in ("day", *METRICS)}


def _line(row: Any, places: Mapping[str, int]) -> Line:
    if not isinstance(row, list) or len(row) <= max(places.values()):
        raise SkippableRecordError("a row with a value for each column was expected")
    values = {name: row[place] for name, place in places.items()}
    columns = {column.name: _number(values[name], name, column.type) for name, column in METRICS.items()}
    return Line(row, _day(values["day"]), columns)


def _day(value: Any) -> date:
    try:
        if isinstance(value, str) and len(value) == len("2026-11-22"):
            return date.fromisoformat(value)
    except ValueError:
        pass
    raise SkippableRecordError(f"day: a date as 2026-11-22 was expected, not {str(value)[:20]!r}")


def _number(value: Any, name: str, kind: ColumnType) -> int | float:
    """Take a number exactly: a whole one may be written as 12.0."""
    if isinstance(value, bool) or not isinstance(value, int | float) or abs(value) > _EXACT:
        raise SkippableRecordError(f"{name}: a number was expected, not {str(value)[:20]!r}")
    if kind is ColumnType.FLOAT64:
        return float(value)
    if value != int(value):
        raise SkippableRecordError(f"{name}: a whole number was expected, not {value}")
    return int(value)


def missing(asked: Sequence[date], answer: Mapping[str, Any]) -> list[date]:
    """Answer the days that were asked for and have no row, oldest first. Raises as :func:`lines` does."""
    there = {line.day for line in lines(answer)}
    return [day for day in asked if day not in there]
