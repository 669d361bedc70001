"""A question's tables as people read them: without what the heading says, groups side by side. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, Final

from chalicelib.documents.document import Chart, Column, Row, Sheet
from chalicelib.domain.periods import Interval
from chalicelib.exports import words
from chalicelib.metrics.answer import Role
from chalicelib.metrics.metric import Metric
from chalicelib.metrics.question import Question
from chalicelib.reports.periods import spoken

BESIDE: Final = 6
"""So many groups stand side by side."""
REST: Final = "(other)"
UNNAMED: Final = "(none)"
_STARTS: Final = {
    Interval.P1D: "Day",
    Interval.P1W: "Week from",
    Interval.P1M: "Month from",
    Interval.P3M: "Quarter from",
    Interval.P1Y: "Year from",
}
_ROLES: Final = {Role.BEFORE: "Before", Role.CHANGE: "Change", Role.CHANGE_RATIO: "Change in %"}


def headline(question: Question) -> str:
    """Answer one line of what a table covers; the last day of its period is in it."""
    return words.headline(question).replace(words.period(question), spoken(question), 1)


def for_people(sheet: Sheet, question: Question, metric: Metric, *, is_whole: bool, beside: bool) -> Sheet:
    """Make the table of one metric.

    Parameters
    ----------
    is_whole
        Whether no bucket can change any more: then nothing is said of each.
    beside
        Whether groups stand side by side where there are few: easier to read, harder to filter.
    """
    gone = {"end"} if question.interval.of_days else set()
    gone |= {"partial"} if is_whole else set()
    kept = [at for at, column in enumerate(sheet.columns) if column.name not in gone]
    columns = tuple(_named(sheet.columns[at], question, metric) for at in kept)
    chart = sheet.chart and replace(sheet.chart, unfinished="" if is_whole else sheet.chart.unfinished)
    rows: Iterator[Row] = ([row[at] for at in kept] for row in sheet.rows)
    made = replace(sheet, columns=columns, rows=rows, chart=chart, headline=headline(question))
    return _beside(made, question, metric) if beside and _is_one(question) else made


def _named(column: Column, question: Question, metric: Metric) -> Column:
    """Name a column as briefly as it can be under a heading that names the metric."""
    if column.name == "start":
        return replace(column, title=_STARTS.get(question.interval, column.title))
    for role, title in _ROLES.items():
        if column.name == f"{metric.name}_{role}":
            return replace(column, title=title, unit=title.lower())  # what is in a title is not said again
    return column


def _is_one(question: Question) -> bool:
    return len(question.group_by) == 1 and question.comparison is None


def _beside(sheet: Sheet, question: Question, metric: Metric) -> Sheet:
    """Put groups side by side; a sheet with too many of them stays as it is."""
    places = {column.name: at for at, column in enumerate(sheet.columns)}
    rows = list(sheet.rows)
    found = dict.fromkeys(_member(row, places, question) for row in rows)
    members = sorted(found, key=lambda member: member[0])
    if not 0 < len(members) <= BESIDE:
        return replace(sheet, rows=rows)
    at, start = {member: n for n, member in enumerate(members)}, places["start"]
    lines: dict[Any, list[Any]] = {}
    for row in rows:
        line = lines.setdefault(row[start], [row[start], *[None] * len(members), False])
        line[1 + at[_member(row, places, question)]] = row[places[metric.name]]
        line[-1] = line[-1] or ("partial" in places and row[places["partial"]])
    value = sheet.columns[places[metric.name]]
    columns = [sheet.columns[start], *(_group(value, n, name, question) for n, (_, name) in enumerate(members))]
    chart = Chart("start", tuple(column.name for column in columns[1:]))
    if "partial" in places:
        columns, chart = [*columns, sheet.columns[places["partial"]]], replace(chart, unfinished="partial")
    told: Sequence[Row] = [line if "partial" in places else line[:-1] for line in lines.values()]
    return replace(sheet, columns=tuple(columns), rows=told, chart=chart)


def _member(row: Row, places: dict[str, int], question: Question) -> tuple[bool, str]:
    """Answer whether a row is of the rest, which comes last, and the name of its group."""
    if "other" in places and row[places["other"]]:
        return True, REST
    named = row[places[question.group_by[0]]]
    return False, UNNAMED if named is None else str(named)


def _group(value: Column, at: int, name: str, question: Question) -> Column:
    """Make the column of a group; a currency is that of its values."""
    currency = name if question.group_by[0] == "currency" and name != UNNAMED else value.currency
    return replace(value, name=f"group_{at}", title=name, unit=name.lower(), currency=currency)
