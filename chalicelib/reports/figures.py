"""Figures: what a part comes to, as numbers for a table and in words for a message. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from chalicelib.documents.document import Cell, Column, Row, Sheet, Style
from chalicelib.documents.print_text import shown
from chalicelib.exports import words
from chalicelib.exports.sheets import column_of
from chalicelib.metrics.answer import Answer, Role
from chalicelib.metrics.question import Question
from chalicelib.reports.tables import REST, UNNAMED

MOST_GROUPS: Final = 6
"""Of one metric, the largest first."""
NOTHING: Final = "there is no value in this period"
_SHARE: Final = Column("change_ratio", "DOUBLE", "Change in share", style=Style.SHARE)


@dataclass(frozen=True, slots=True)
class Figure:
    """One number over the whole range.

    Parameters
    ----------
    part, name
        The part's title, and which of its figures this is; empty where it is the only one.
    value, before
        None: there is none, which is never zero.
    column
        How both are shown.
    versus
        With what ``before`` is compared, in words; empty where nothing is compared.
    note
        Why there is no value, or why it can still change.
    period
        What it is about, in words; empty where nobody has said so.
    """

    part: str
    name: str
    value: Any
    column: Column
    before: Any = None
    change_ratio: float | None = None
    versus: str = ""
    note: str = ""
    period: str = ""

    @property
    def change(self) -> str:
        """Answer how it has changed: in percent, a share in points of them, a balance in itself; empty if unknown.

        >>> Figure("Rate", "", 0.37, Column("v", "DOUBLE", style=Style.SHARE), 0.38, -0.026).change
        '-1.0 points'
        >>> Figure("Net sentiment", "", 0.5, Column("v", "DOUBLE"), -0.25, 3.0).change
        '+0.75'
        """
        if self.value is None or self.before is None:
            return ""
        if self.column.style is Style.SHARE:
            return f"{(self.value - self.before) * 100:+.1f} points"
        if self.value < 0 or self.before < 0:  # a share of what is below zero says nothing
            return f"{float(self.value) - float(self.before):+,.4g}"
        return "" if self.change_ratio is None else f"{self.change_ratio:+.1%}"

    @property
    def said(self) -> str:
        """Answer its value in words.

        >>> Figure("Downloads", "", 1200, Column("v", "BIGINT", unit="downloads"), 1000, 0.2, "the week before").said
        '1,200 (+20.0%; the week before: 1,000)'
        >>> Figure("Stars", "", None, Column("v", "BIGINT", unit="stars"), note="nothing is published yet").said
        'not known (nothing is published yet)'
        """
        said = []
        if self.value is not None and self.before is not None:
            change = f"{self.change}; " if self.change else ""
            said.append(f"{change}{self.versus}: {shown(self.before, self.column, self.column.currency)}")
        if self.note:
            said.append(self.note)
        value = "not known" if self.value is None else shown(self.value, self.column, self.column.currency)
        return value + (f" ({'; '.join(said)})" if said else "")


def lines(title: str, told: Sequence[Figure], about: str) -> list[str]:
    """Answer the figures of a part in words, a line each; ``about`` is its period, where it has to be said.

    >>> lines("Leads", [Figure("Leads", "", 210, Column("v", "BIGINT", unit="leads"))], "October 2026")
    ['Leads (October 2026): 210']
    """
    named = f"{title} ({about})" if about else title
    if len(told) == 1 and not told[0].name:
        return [f"{named}: {told[0].said}"]
    return [f"{named}:", *(f"- {figure.name or title}: {figure.said}" for figure in told)] if told else []


def of_answer(question: Question, answer: Answer, title: str) -> Iterator[Figure]:
    """Answer the figures of a question that asks for totals: of each metric, of its largest groups where it has any."""
    columns = answer.total_columns
    places = {column.name: at for at, column in enumerate(columns)}
    for metric, standing in zip(question.metrics, answer.meta["metrics"], strict=True):
        column = column_of(question, next(c for c in columns if c.metric == metric.name and c.role is Role.VALUE))
        is_own = len(question.metrics) == 1 or metric.title == title
        figure = Figure(title, "" if is_own else column.heading, None, column, note=_note(standing, answer))
        if not answer.totals:
            yield replace(figure, note=figure.note or NOTHING)
        for row in _largest(answer.totals, places[metric.name], places):
            told = _of_group(figure, question, row, places)
            value = row[places[metric.name]]
            told = replace(told, value=value, note=told.note if told.note or value is not None else NOTHING)
            yield _compared(told, metric.name, row, places, standing, answer)


def _largest(rows: Sequence[Row], value: int, places: Mapping[str, int]) -> Sequence[Row]:
    """Answer the rows of the largest groups, the rest being the last of them; of many those of nothing are left out."""
    is_rest = [row for row in rows if "other" in places and row[places["other"]]]
    named = sorted((row for row in rows if row not in is_rest), key=lambda row: _size(row[value]), reverse=True)
    several = [row for row in named if row[value]] if len(named) > 1 else named
    return [*(several or named[:1])[: MOST_GROUPS - len(is_rest)], *is_rest]


def _of_group(figure: Figure, question: Question, row: Row, places: Mapping[str, int]) -> Figure:
    """Name a figure by its group too; a currency that stands behind the value needs no name."""
    if "other" in places and row[places["other"]]:
        return replace(figure, name=_both(figure.name, REST))
    members = {name: row[places[name]] for name in question.group_by}
    currency = str(members["currency"] or "") if figure.column.style is Style.MONEY and "currency" in members else ""
    if currency:
        del members["currency"]
    named = " / ".join(UNNAMED if member is None else str(member) for member in members.values())
    column = replace(figure.column, currency=currency or figure.column.currency)
    return replace(figure, name=_both(figure.name, named), column=column)


def _both(metric: str, group: str) -> str:
    return ", ".join(filter(None, (metric, group)))


def _size(value: Any) -> float:
    return float("-inf") if value is None else abs(float(value))


def _compared(
    figure: Figure, name: str, row: Row, places: Mapping[str, int], standing: Mapping[str, Any], answer: Answer
) -> Figure:
    if standing["comparison"] is None:
        return figure
    before, ratio = (row[places[f"{name}_{role}"]] for role in (Role.BEFORE, Role.CHANGE_RATIO))
    versus = words.VERSUS.get(standing["comparison"]["with"], "a year before")
    since = standing["comparison"]["counted_since"]
    why = "" if since is None else f"nothing was counted before {words.spoken(since, answer.zone)}"
    note = "; ".join(filter(None, (figure.note, why)))
    return replace(figure, before=before, change_ratio=ratio, versus=versus, note=note)


def _note(standing: Mapping[str, Any], answer: Answer) -> str:
    if standing["watermark"] is None:
        return f"nothing of {standing['source']} is published yet"
    if standing["partial"]:
        return f"not complete: known up to {words.spoken(standing['watermark'], answer.zone)}"
    return ""


def of_row(title: str, columns: Sequence[Column], row: Row) -> Iterator[Figure]:
    """Answer the figures of a result that has one row: its numbers."""
    numbers = [(column, value) for column, value in zip(columns, row, strict=True) if _is_number(value)]
    for column, value in numbers[:MOST_GROUPS]:
        yield Figure(title, "" if len(numbers) == 1 else column.heading, value, column)


def _is_number(value: Any) -> bool:
    return (not isinstance(value, bool) and isinstance(value, int | float)) or hasattr(value, "as_tuple")


def summary(figures: Sequence[Figure]) -> Sheet:
    """Make the table of all figures; each number is shown in its own way."""
    columns = [Column("part", "VARCHAR", "Part"), Column("figure", "VARCHAR", "Figure")]
    has_period, has_note = _is_worth("period", figures), _is_worth("note", figures)
    columns += [Column("period", "VARCHAR", "Period")] if has_period else []
    columns += [Column("value", "DOUBLE", "Value")]
    compared = any(figure.versus for figure in figures)
    columns += [Column("before", "DOUBLE", "Before"), Column("change", "DOUBLE", "Change")] if compared else []
    columns += [Column("note", "VARCHAR", "Note")] if has_note else []
    rows = [
        [
            *(figure.part, figure.name),
            *([figure.period] if has_period else []),
            *_numbers(figure, compared=compared),
            *([figure.note] if has_note else []),
        ]
        for figure in figures
    ]
    return Sheet("Summary", tuple(columns), rows, "What each part comes to, over its whole period")


def _is_worth(name: str, figures: Sequence[Figure]) -> bool:
    """Answer whether figures say something of which each has to be told by itself."""
    return len({getattr(figure, name) for figure in figures}) > 1 or (name == "note" and bool(figures[0].note))


def _numbers(figure: Figure, *, compared: bool) -> Row:
    cells: list[Any] = [Cell(figure.value, figure.column)]
    if compared:
        is_ratio = figure.change.endswith("%")
        change = Cell(figure.change_ratio, _SHARE) if is_ratio else figure.change or None
        cells += [Cell(figure.before, figure.column), change]
    return cells
