"""What a part of a report becomes: sheets, figures, what is to be said of it, or why there is nothing. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from chalicelib.documents.document import Chart, Column, Row, Sheet
from chalicelib.documents.formats import Format
from chalicelib.exports import sheets as answers
from chalicelib.exports import words
from chalicelib.metrics.answer import Answer
from chalicelib.metrics.question import Question
from chalicelib.reports import figures
from chalicelib.reports.figures import Figure
from chalicelib.reports.periods import spoken

MOST_ROWS: Final = 50_000
"""Of a statement's result in a report."""
_TOO_MANY: Final = (
    f"The statement answers more than {MOST_ROWS:,} rows: aggregate further or give it a LIMIT, or take it as a file "
    "(`POST /v1/sql`)."
)
_TIMES: Final = ("DATE", "TIMESTAMP")
_NUMBERS: Final = ("BIGINT", "INTEGER", "SMALLINT", "TINYINT", "DOUBLE", "FLOAT")
_MOST_DRAWN: Final = 8


@dataclass(frozen=True, slots=True)
class Made:
    """A part that was made.

    Parameters
    ----------
    sheets
        Makes its tables; their rows are gone through once, so whoever writes twice asks twice.
    period
        What it is about, in words; empty where it does not say.
    complete
        Of each source: up to when it is complete, in words.
    problem
        Why there is nothing; the sheet then says so.
    """

    title: str
    sheets: Callable[[], Sequence[Sheet]]
    figures: tuple[Figure, ...] = ()
    notes: tuple[str, ...] = ()
    period: str = ""
    complete: Mapping[str, str] = field(default_factory=dict)
    problem: str = ""


def missing(title: str, why: str) -> Made:
    """Make a part that says why it is missing."""
    column = Column("missing", "VARCHAR", "Missing in this report")
    return Made(title, lambda: [Sheet(title, (column,), [(why,)])], problem=why)


def of_question(title: str, question: Question, answer: Answer) -> Made:
    """Make the part of a question that asks for totals, of an answer whose rows can be gone through again."""
    is_whole = not answer.meta["partial"]

    def made() -> list[Sheet]:
        found = answers.document(question, Format.XLSX, lambda: answer).sheets
        kept = found if question.group_by else found[:-1]  # without groups the totals are the summary's
        return [_for_people(sheet, question, is_whole=is_whole) for sheet in _titled(title, question, kept)]

    complete = {metric["source"]: _complete(metric["watermark"], answer) for metric in answer.meta["metrics"]}
    return Made(
        title,
        made,
        tuple(figures.of_answer(question, answer, title)),
        tuple(words.notes(answer)),
        spoken(question),
        complete,
    )


def _complete(watermark: str | None, answer: Answer) -> str:
    return "nothing published yet" if watermark is None else words.spoken(watermark, answer.zone)


def _titled(title: str, question: Question, found: Sequence[Sheet]) -> Iterator[Sheet]:
    """Name sheets by the part; of several metrics each by its own besides."""
    for at, sheet in enumerate(found):
        is_total = at >= len(question.metrics)
        own = sheet.title if is_total or len(question.metrics) > 1 else ""
        yield replace(sheet, title=f"{title}: {own}" if own else title)


def _for_people(sheet: Sheet, question: Question, *, is_whole: bool) -> Sheet:
    """Leave out what is told in the heading already: where buckets end, and that they are complete."""
    gone = {"end"} if question.interval.of_days else set()
    gone |= {"partial"} if is_whole else set()
    kept = [at for at, column in enumerate(sheet.columns) if column.name not in gone]
    chart = sheet.chart and replace(sheet.chart, unfinished="" if is_whole else sheet.chart.unfinished)
    rows: Iterator[Row] = ([row[at] for at in kept] for row in sheet.rows)
    return replace(sheet, columns=tuple(sheet.columns[at] for at in kept), rows=rows, chart=chart)


def of_result(
    title: str, columns: Sequence[Column], rows: Callable[[], Iterator[Row]], complete: Mapping[str, str]
) -> Made:
    """Make the part of a statement's result; a result of one row is figures, one by time is drawn."""
    chart = _chart(columns)
    by = 0 if chart is None else len(chart.by)
    seen: set[tuple[Any, ...]] = set()
    count, only = 0, None
    for count, row in enumerate(rows(), 1):
        if count > MOST_ROWS:
            return missing(title, _TOO_MANY)
        seen.add(_place(columns, row, by))
        only = row
    told = tuple(figures.of_row(title, columns, only)) if count == 1 and only is not None else ()
    drawn = chart if len(seen) == count > 1 else None  # a place that comes twice would hide a number

    def made() -> list[Sheet]:
        return [Sheet(title, tuple(columns), rows(), "", drawn)]

    notes = () if count else ("The statement has answered no rows.",)
    return Made(title, made, told, notes, "", complete)


def _chart(columns: Sequence[Column]) -> Chart | None:
    """Draw what begins with a date or a time: numbers of one kind, and a line for each member where there is one text.

    Numbers of several kinds do not share an axis: a share beside a count would lie on the floor.
    """
    first, *others = columns
    numbers = [c for c in others if c.type in _NUMBERS or c.type.startswith("DECIMAL")]
    texts = [c.name for c in others if c.type == "VARCHAR"]
    if first.type not in _TIMES or not numbers or len(texts) > 1 or len(numbers) + len(texts) < len(others):
        return None
    alike = [c.name for c in numbers if c.type == numbers[0].type]
    return Chart(first.name, tuple(alike[: 1 if texts else _MOST_DRAWN]), tuple(texts))


def _place(columns: Sequence[Column], row: Row, by: int) -> tuple[Any, ...]:
    return (row[0], *(value for value, column in zip(row, columns, strict=True) if by and column.type == "VARCHAR"))


def rows_from(source: Path, columns: Sequence[Column]) -> Callable[[], Iterator[Row]]:
    """Answer what goes through a result on the disk, as often as it is wanted."""
    from chalicelib.sql.exports import rows_of

    return lambda: rows_of(source, columns)
