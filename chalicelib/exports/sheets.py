"""An answer as a document: a table of all metrics for programs, a sheet for each for people. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

from chalicelib.documents.document import Chart, Column, Document, Row, Sheet, Style
from chalicelib.documents.formats import Format
from chalicelib.exports import words
from chalicelib.metrics.answer import Answer, AnswerColumn, Holds, Role
from chalicelib.metrics.cubes import CUBES
from chalicelib.metrics.filters import Condition, Operator, conjuncts
from chalicelib.metrics.metric import Kind, Metric
from chalicelib.metrics.question import Question
from chalicelib.metrics.transforms import Makes
from chalicelib.sources.base import ColumnType

Ask = Callable[[], Answer]
"""Answers the same question over the same data whenever it is called; rows are gone through once."""

_CURRENCY: Final = "currency"
_DIVIDED: Final = (Makes.MOVING_AVERAGE, Makes.SHARE_OF_TOTAL, Makes.RATE)
_WHOLE: Final = (Format.CSV, Format.PARQUET)
_DRAWN: Final = (Role.VALUE, Role.BEFORE)


def document(question: Question, form: Format, ask: Ask) -> Document:
    """Make the document of a question's answer.

    CSV and Parquet hold one table of all metrics. Excel and PDF have a sheet for each, which goes through the answer
    for itself, and the totals, where they are asked for.
    """
    answer = ask()
    said = tuple(words.facts(question, answer)), tuple(words.notes(answer))
    if form in _WHOLE:
        sheets = [_sheet(question, answer.columns, ask, words.title(question))]
    else:
        sheets = [_of_metric(question, metric, answer.columns, ask) for metric in question.metrics]
        if question.totals:
            sheets.append(_totals(question, answer))
    return Document(f"Headwater: {words.title(question)}", tuple(sheets), *said)


def _of_metric(question: Question, metric: Metric, columns: Sequence[AnswerColumn], ask: Ask) -> Sheet:
    own = [column for column in columns if column.metric in (None, metric.name)]
    # A line for each group is as much as can be read: what was before is then in the table only.
    drawn = (Role.VALUE,) if question.group_by else _DRAWN
    values = tuple(column.name for column in own if column.role in drawn)
    rest = "other" if any(column.name == "other" for column in own) else ""
    return _sheet(
        question, own, ask, metric.title, Chart("start", values, question.group_by, rest, unfinished="partial")
    )


def _sheet(
    question: Question, columns: Sequence[AnswerColumn], ask: Ask, title: str, chart: Chart | None = None
) -> Sheet:
    made = tuple(column_of(question, column) for column in columns)
    return Sheet(title, made, _rows(question, columns, ask), words.headline(question), chart)


def _rows(question: Question, columns: Sequence[AnswerColumn], ask: Ask) -> Iterator[Row]:
    """Answer some columns of every row; dates where the buckets are days."""
    answer = ask()
    places = [answer.columns.index(column) for column in columns]
    times = (
        [at for at, column in enumerate(columns) if column.holds is Holds.INSTANT] if words.in_days(question) else []
    )
    for row in answer.rows():
        picked = [row[at] for at in places]
        for at in times:
            picked[at] = picked[at].date()
        yield picked


def _totals(question: Question, answer: Answer) -> Sheet:
    columns = tuple(column_of(question, column) for column in answer.total_columns)
    return Sheet("Totals", columns, answer.totals, words.headline(question))


def column_of(question: Question, column: AnswerColumn) -> Column:
    """Answer how a column of an answer stands in a document."""
    match column.holds:
        case Holds.INSTANT:
            kind = "DATE" if words.in_days(question) else "TIMESTAMP WITH TIME ZONE"
            return Column(column.name, kind, f"{column.title} (exclusive)" if column.name == "end" else column.title)
        case Holds.TEXT:
            return Column(column.name, "VARCHAR", column.title)
        case Holds.FLAG:
            return Column(column.name, "BOOLEAN", column.title)
        case Holds.NUMBER:
            return number_column(question, column)


def number_column(question: Question, column: AnswerColumn) -> Column:
    """Answer how a column of numbers is written: as a share, as money, or with its unit."""
    metric = next(one for one in question.metrics if one.name == column.metric)
    unit = column.unit or ""
    if unit == "share":
        return Column(column.name, "DOUBLE", column.title, style=Style.SHARE)
    if _CURRENCY in metric.apart and not _is_divided(question, metric):
        return Column(
            column.name, _type(question, metric), column.title, style=Style.MONEY, currency=_only_currency(question)
        )
    return Column(column.name, _type(question, metric), column.title, unit)


def _type(question: Question, metric: Metric) -> str:
    """Answer what holds a metric's values to their last digit: what was divided is a double."""
    if _is_divided(question, metric):
        return "DOUBLE"
    types = {measure.name: measure.type for measure in (metric.own or CUBES[metric.cube]).measures}
    return "DECIMAL(38,9)" if types.get(metric.measure) is ColumnType.DECIMAL else "BIGINT"


def _is_divided(question: Question, metric: Metric) -> bool:
    made = question.transform is not None and question.transform.makes in _DIVIDED
    return made or metric.kind in (Kind.RATIO, Kind.DERIVED) or metric.divisor != 1


def _only_currency(question: Question) -> str:
    """Answer the currency that the question filters to, which then is no column."""
    found: list[Any] = [
        part.value
        for part in conjuncts(question.where)
        if isinstance(part, Condition) and part.dimension == _CURRENCY and part.operator is Operator.IS
    ]
    return str(found[0] or "") if found else ""
