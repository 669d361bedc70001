"""A sheet as CSV: RFC 4180, UTF-8 without a byte order mark, nothing that a spreadsheet would run.

A mark would help Excel's double click and become part of the first heading elsewhere; Excel has a format of its own.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from chalicelib.documents.document import Document, Row, Sheet
from chalicelib.documents.formulas import harmless


def write(document: Document, path: Path) -> None:
    """Write the document's one sheet, a row at a time."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)  # its lines end with CR LF, as RFC 4180 says
        writer.writerows(lines(document.only_sheet))


def lines(sheet: Sheet) -> Iterator[Row]:
    """Answer the cells of each line, headings first."""
    yield [harmless(column.name) for column in sheet.columns]
    for row in sheet.rows:
        yield [cell(value) for value in row]


def cell(value: Any) -> str | int | float | None:
    """Answer a value as a CSV holds it: exact, times as ISO 8601, unknown as nothing.

    >>> [cell(value) for value in (None, True, "-1", -1, Decimal("1E+3"), date(2026, 11, 22))]
    [None, 'true', "'-1", -1, '1000', '2026-11-22']
    """
    match value:
        case str():
            return harmless(value)
        case bool():
            return "true" if value else "false"
        case Decimal():
            return f"{value:f}"
        case datetime() | date():
            return value.isoformat()
        case None | int() | float():
            return value
        case _:
            return harmless(str(value))
