"""What a part of a report becomes: sheets, figures, what is to be said of it, or why there is nothing. Pure."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from chalicelib.documents.document import Chart, Column, Row, Sheet, Style
from chalicelib.documents.formats import Format
from chalicelib.exports import sheets as answers
from chalicelib.exports import words
from chalicelib.metrics.answer import Answer
from chalicelib.metrics.question import Question
from chalicelib.reports import figures
from chalicelib.reports.figures import Figure
from chalicelib.reports.periods import spoken
from chalicelib.reports.tables import for_people, headline

MOST_ROWS: Final = 50_000
"""Of a statement's result in a report."""
_TOO_MANY: Final = (
    f"The statement answers more than {MOST_ROWS:,} rows: aggregate further or give it a LIMIT, or take it as a file "
    "(`POST /v1/sql`)."
)
_WHOLE: Final = ("BIGINT", "INTEGER")
_NAMES: Final = re.compile(r"(^|_)(year|quarter|month|week|day|hour|id|number|seq)$")
"""Of columns whose numbers count nothing."""
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
        Of each source: up to when it is complete, None where nothing is published.
    problem
        Why there is nothing; the sheet then says so.
    """

    title: str
    sheets: Callable[[], Sequence[Sheet]]
    figures: tuple[Figure, ...] = ()
    notes: tuple[str, ...] = ()
    period: str = ""
    complete: Mapping[str, datetime | None] = field(default_factory=dict)
    problem: str = ""


def missing(title: str, why: str) -> Made:
    """Make a part that says why it is missing."""
    column = Column("missing", "VARCHAR", "Missing in this report")
    return Made(title, lambda: [Sheet(title, (column,), [(why,)])], problem=why)


def of_question(title: str, question: Question, answer: Answer, form: Format) -> Made:
    """Make the part of a question that asks for totals, of an answer whose rows can be gone through again."""
    is_whole, is_printed = not answer.meta["partial"], form is Format.PDF

    def made() -> list[Sheet]:
        found = answers.document(question, Format.XLSX, lambda: answer).sheets
        pairs = zip(found, question.metrics, strict=False)  # behind them are the totals
        told = [for_people(sheet, question, m, is_whole=is_whole, beside=is_printed) for sheet, m in pairs]
        named = [replace(sheet, title=_named(title, sheet.title, question)) for sheet in told]
        return [*named, *([_totals(title, question, found[-1])] if _has_many(question, answer) else [])]

    return Made(
        title,
        made,
        tuple(figures.of_answer(question, answer, title)),
        tuple(words.notes(answer)),
        spoken(question),
        {metric["source"]: _instant(metric["watermark"]) for metric in answer.meta["metrics"]},
    )


def _named(title: str, own: str, question: Question) -> str:
    """Name a table by its part; of several metrics by its own besides."""
    return f"{title}: {own}" if len(question.metrics) > 1 and own != title else title


def _has_many(question: Question, answer: Answer) -> bool:
    """Answer whether there are groups whose totals are not in the summary."""
    return bool(question.group_by) and len(answer.totals) > figures.MOST_GROUPS


def _totals(title: str, question: Question, sheet: Sheet) -> Sheet:
    return replace(sheet, title=f"{title}: totals", headline=headline(question))


def _instant(watermark: str | None) -> datetime | None:
    return None if watermark is None else datetime.fromisoformat(watermark)


def of_result(
    title: str,
    columns: Sequence[Column],
    rows: Callable[[], Iterator[Row]],
    complete: Mapping[str, datetime | None],
    about: str = "",
    period: str = "",
) -> Made:
    """Make the part of a statement's result; a result of one row is figures, one by time is drawn.

    ``about`` is one line of what it covers, ``period`` the period that it names.
    """
    columns = _for_readers(columns)
    chart = _chart(columns)
    by = 0 if chart is None else len(chart.by)
    drawable = [at for at, column in enumerate(columns) if chart is not None and column.name in chart.values]
    seen: set[tuple[Any, ...]] = set()
    count, only = 0, None
    for count, row in enumerate(rows(), 1):
        if count > MOST_ROWS:
            return missing(title, _TOO_MANY)
        if row[0] is not None and all(_is_drawn(row[at]) for at in drawable):
            seen.add(_place(columns, row, by))
        only = row
    told = tuple(figures.of_row(title, columns, only)) if count == 1 and only is not None else ()
    # What has no time, comes twice at one, or is no finite number cannot be drawn: then there is the table alone.
    drawn = chart if len(seen) == count > 1 else None

    def made() -> list[Sheet]:
        return [Sheet(title, tuple(columns), rows(), about, drawn)]

    notes = () if count else ("The statement has answered no rows.",)
    return Made(title, made, told, notes, period, complete)


def _for_readers(columns: Sequence[Column]) -> Sequence[Column]:
    """Write counts with their thousands parted, and decimals beside a currency as money, which they are in the lake."""
    columns = [replace(column, title=_title(column.name)) for column in columns]
    has_currency = any(column.name == "currency" and column.type == "VARCHAR" for column in columns)
    found = []
    for column in columns:
        if column.type in _WHOLE and not _NAMES.search(column.name):
            column = replace(column, unit=column.title.lower())
        elif has_currency and column.type.startswith("DECIMAL"):
            column = replace(column, style=Style.MONEY)
        found.append(column)
    return tuple(found)


def _title(name: str) -> str:
    """Write a column's name for people.

    >>> _title("engaged_seconds"), _title("GDP per head")
    ('Engaged seconds', 'GDP per head')
    """
    return name.replace("_", " ").capitalize() if name.islower() and " " not in name else name


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


def _is_drawn(value: Any) -> bool:
    return value is None or math.isfinite(value)


def _place(columns: Sequence[Column], row: Row, by: int) -> tuple[Any, ...]:
    return (row[0], *(value for value, column in zip(row, columns, strict=True) if by and column.type == "VARCHAR"))


def rows_from(source: Path, columns: Sequence[Column]) -> Callable[[], Iterator[Row]]:
    """Answer what goes through a result on the disk, as often as it is wanted."""
    from chalicelib.sql.exports import rows_of

    return lambda: rows_of(source, columns)
