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

MOST_GROUPS: Final = 5
"""Of one metric, the largest first."""
_SHARE: Final = Column("change_ratio", "DOUBLE", "Change in share", style=Style.SHARE)
_REST: Final = "(other)"
_UNNAMED: Final = "(none)"


@dataclass(frozen=True, slots=True)
class Figure:
    """One number over the whole range.

    Parameters
    ----------
    value, before
        None: there is none, which is never zero.
    column
        How both are shown.
    versus
        With what ``before`` is compared, in words; empty where nothing is compared.
    note
        Why there is no value, or why it can still change.
    """

    label: str
    value: Any
    column: Column
    before: Any = None
    change_ratio: float | None = None
    versus: str = ""
    note: str = ""

    @property
    def line(self) -> str:
        """Answer it in words.

        >>> Figure("Downloads", 1200, Column("v", "BIGINT", unit="downloads"), 1000, 0.2, "the week before").line
        'Downloads: 1,200 (+20.0%; the week before: 1,000)'
        >>> Figure("Stars", None, Column("v", "BIGINT", unit="stars"), note="nothing is published yet").line
        'Stars: not known (nothing is published yet)'
        """
        said = []
        if self.value is not None and self.before is not None:
            ratio = "" if self.change_ratio is None else f"{self.change_ratio:+.1%}; "
            said.append(f"{ratio}{self.versus}: {shown(self.before, self.column, self.column.currency)}")
        if self.note:
            said.append(self.note)
        value = "not known" if self.value is None else shown(self.value, self.column, self.column.currency)
        return f"{self.label}: {value}" + (f" ({'; '.join(said)})" if said else "")


def of_answer(question: Question, answer: Answer, title: str) -> Iterator[Figure]:
    """Answer the figures of a question that asks for totals: of each metric, of its largest groups where it has any."""
    columns = answer.total_columns
    places = {column.name: at for at, column in enumerate(columns)}
    groups = [places[name] for name in (*question.group_by, *(["other"] if "other" in places else []))]
    for metric, standing in zip(question.metrics, answer.meta["metrics"], strict=True):
        column = column_of(question, next(c for c in columns if c.metric == metric.name and c.role is Role.VALUE))
        note = _note(standing, answer)
        rows = answer.totals or [(None,) * len(columns)]
        told = sorted(rows, key=lambda row: _size(row[places[metric.name]]), reverse=True)[:MOST_GROUPS]
        alone = len(question.metrics) == 1
        label = title if alone else f"{title}: {column.heading}"
        for row in told:
            named = [_member(row[at], is_rest=at == places.get("other")) for at in groups if row[at] is not False]
            of = _group(question, row, places, named)
            figure = Figure(label, row[places[metric.name]], replace(column, currency=of[1] or column.currency))
            figure = replace(figure, label=f"{label}, {of[0]}" if of[0] else label, note=note)
            yield _compared(figure, metric.name, row, places, standing)


def _group(question: Question, row: Row, places: Mapping[str, int], named: Sequence[str]) -> tuple[str, str]:
    """Answer a group's name, and the currency that its values are in; a currency alone needs no name."""
    currency = str(row[places["currency"]] or "") if "currency" in question.group_by else ""
    shown_members = [name for name in named if name != currency]
    return " / ".join(dict.fromkeys(shown_members)), currency


def _member(value: Any, *, is_rest: bool) -> str:
    if is_rest:
        return _REST
    return _UNNAMED if value is None else str(value)


def _size(value: Any) -> float:
    return float("-inf") if value is None else abs(float(value))


def _compared(figure: Figure, name: str, row: Row, places: Mapping[str, int], standing: Mapping[str, Any]) -> Figure:
    if standing["comparison"] is None:
        return figure
    before, ratio = (row[places[f"{name}_{role}"]] for role in (Role.BEFORE, Role.CHANGE_RATIO))
    versus = words.VERSUS.get(standing["comparison"]["with"], "a year before")
    return replace(figure, before=before, change_ratio=ratio, versus=versus)


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
        label = title if len(numbers) == 1 else f"{title}: {column.name}"
        yield Figure(label, value, replace(column, unit=column.unit or column.name))


def _is_number(value: Any) -> bool:
    return (not isinstance(value, bool) and isinstance(value, int | float)) or hasattr(value, "as_tuple")


def summary(figures: Sequence[Figure]) -> Sheet:
    """Make the table of all figures; each number is shown in its own way."""
    compared = any(figure.versus for figure in figures)
    number = Column("value", "DOUBLE", "Value")
    columns = [Column("figure", "VARCHAR", "Figure"), number]
    if compared:
        columns += [Column("before", "DOUBLE", "Before"), Column("change", "DOUBLE", "Change")]
    noted = any(figure.note for figure in figures)
    columns += [Column("note", "VARCHAR", "Note")] if noted else []
    rows = [_row(figure, compared=compared, noted=noted) for figure in figures]
    return Sheet("Summary", tuple(columns), rows, "What each part comes to, over its whole period")


def _row(figure: Figure, *, compared: bool, noted: bool) -> Row:
    cells: list[Any] = [figure.label, Cell(figure.value, figure.column)]
    if compared:
        cells += [Cell(figure.before, figure.column), Cell(figure.change_ratio, _SHARE)]
    return [*cells, *([figure.note] if noted else [])]
