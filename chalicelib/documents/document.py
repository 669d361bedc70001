"""A document, as data: sheets of typed columns, rows that are iterated once, and what is to be said of them. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

Row = Sequence[Any]
"""A value a column: str, int, float, Decimal, bool, date, datetime (an aware one is shown in its own zone) or None.

Where a column holds values of several kinds (a summary), each is a :class:`Cell`.
"""


class Style(StrEnum):
    """How people see a column's values."""

    PLAIN = "plain"
    SHARE = "share"  # of 1, shown in percent
    MONEY = "money"


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    Parameters
    ----------
    name
        For machines: the heading of CSV and Parquet.
    type
        DuckDB's, which Parquet holds: ``BIGINT``, ``DOUBLE``, ``DECIMAL(38,9)``, ``VARCHAR``, ``DATE``, …
    title, unit
        For people: the heading of a sheet and of a printed table.
    currency
        Of money: an ISO 4217 code, or empty where the column of this document that is named ``currency`` has it.
    """

    name: str
    type: str
    title: str = ""
    unit: str = ""
    style: Style = Style.PLAIN
    currency: str = ""

    @property
    def heading(self) -> str:
        """Answer what people read above it.

        >>> Column("value", "BIGINT", "Downloads", "downloads").heading, Column("n", "BIGINT", "Sent", "bytes").heading
        ('Downloads', 'Sent (bytes)')
        """
        title = self.title or self.name
        return title if not self.unit or self.unit.lower() in title.lower() else f"{title} ({self.unit})"


@dataclass(frozen=True, slots=True)
class Cell:
    """A value that is shown as values of another column are; Excel and PDF know of it, CSV and Parquet do not."""

    value: Any
    column: Column


def styled(value: Any, column: Column) -> tuple[Any, Column]:
    """Answer a value of a row, and the column as whose it is shown."""
    return (value.value, value.column) if isinstance(value, Cell) else (value, column)


@dataclass(frozen=True, slots=True)
class Excerpt:
    """How many rows are printed where there are more: the first, or the ``last`` (of what is told by time)."""

    most: int
    last: bool = False

    def said(self, of: int) -> str:
        """Say of how many rows these are some.

        >>> Excerpt(60, last=True).said(2160)
        'The last 60 of 2,160 rows.'
        """
        return f"The {'last' if self.last else 'first'} {self.most:,} of {of:,} rows."


@dataclass(frozen=True, slots=True)
class Chart:
    """Which columns are drawn: ``values`` over ``x``, a line for each of them and each combination of ``by``.

    ``rest`` names a column that is true in rows of what is put together as the rest, ``unfinished`` one that is true in
    rows whose values are not complete yet: they are not drawn, for they would look like a fall.
    """

    x: str
    values: tuple[str, ...]
    by: tuple[str, ...] = ()
    rest: str = ""
    unfinished: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table.

    Parameters
    ----------
    title
        What it is; Excel's tab is named by it as far as Excel takes it.
    rows
        Iterated once.
    headline
        One line of what it covers, printed above the table; without one a sheet begins with its headings.
    excerpt
        Of a PDF: which rows are printed where there are more. All are drawn; a workbook has all. None: all rows.
    """

    title: str
    columns: tuple[Column, ...]
    rows: Iterable[Row]
    headline: str = ""
    chart: Chart | None = None
    excerpt: Excerpt | None = None

    def index(self, name: str) -> int:
        """Answer where a column is. Raises ``ValueError``."""
        return [column.name for column in self.columns].index(name)


@dataclass(frozen=True, slots=True)
class Document:
    """What is written into one file.

    Parameters
    ----------
    facts
        Pairs of a name and what it is; a name that is empty goes on with the one before.
    notes
        Sentences.
    flowing
        Of a PDF: whether sheets follow each other on a page, as far as there is room.
    """

    title: str
    sheets: tuple[Sheet, ...]
    facts: tuple[tuple[str, str], ...] = ()
    notes: tuple[str, ...] = ()
    flowing: bool = False

    @property
    def only_sheet(self) -> Sheet:
        """Answer the sheet of a document that has one, as CSV and Parquet hold. Raises ``ValueError``."""
        (sheet,) = self.sheets
        return sheet
