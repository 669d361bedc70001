"""A result as an Excel workbook: typed cells, no formulas, and a sheet that says what was asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import xlsxwriter

from chalicelib.errors import RequestError
from chalicelib.sql.cost import usd
from chalicelib.sql.runs import Run

MAX_CELLS: Final = 2_000_000
"""So many are written within the time of a request."""
MAX_ROWS: Final = 1_048_575
"""Excel's rows, without the one of names."""
_MAX_TEXT: Final = 32_767  # Excel's, of a cell
_EXACT_DIGITS: Final = 15  # that Excel keeps of a number
_BATCH: Final = 10_000

Fetch = Callable[[int], Sequence[Sequence[Any]]]


def write(path: Path, run: Run, names: Sequence[str], fetch: Fetch) -> None:
    """Write the workbook, a batch of rows at a time.

    Numbers that Excel would round are written as text, and text is never taken for a formula.

    Raises
    ------
    RequestError
        422: more rows, cells or text than Excel, or a request's time, can hold.
    """
    book = xlsxwriter.Workbook(
        str(path), {"constant_memory": True, "remove_timezone": True, "nan_inf_to_errors": False}
    )
    forms: dict[type, Any] = {
        date: book.add_format({"num_format": "yyyy-mm-dd"}),
        datetime: book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss.000"}),
    }
    sheet = book.add_worksheet("Result")
    sheet.freeze_panes(1, 0)
    sheet.write_row(0, 0, list(names), book.add_format({"bold": True, "bottom": 1}))
    sheet.set_column(0, max(0, len(names) - 1), 18)
    row = 0
    while batch := fetch(_BATCH):
        _require_room(row + len(batch), len(names))
        for values in batch:
            row += 1
            for column, value in enumerate(values):
                if value is not None:
                    _write_cell(sheet, row, column, value, forms)
    sheet.autofilter(0, 0, max(1, row), max(0, len(names) - 1))
    _write_about(book, run, row)
    book.close()


def _require_room(rows: int, columns: int) -> None:
    if rows > MAX_ROWS or rows * columns > MAX_CELLS:
        detail = f"A workbook takes {MAX_ROWS:,} rows and {MAX_CELLS:,} cells; take CSV or Parquet for this result."
        raise RequestError(detail, status=422)


def _write_cell(sheet: Any, row: int, column: int, value: Any, forms: Mapping[type, Any]) -> None:
    match value:
        case bool():
            sheet.write_boolean(row, column, value)
        case datetime() | date():
            # Excel's days begin in 1900; earlier ones stay text
            if value.year >= 1900:
                sheet.write_datetime(row, column, value, forms[type(value)])
            else:
                sheet.write_string(row, column, value.isoformat())
        case int() | Decimal() if len(Decimal(value).normalize().as_tuple().digits) <= _EXACT_DIGITS:
            sheet.write_number(row, column, value)
        case float() if value - value == 0:
            sheet.write_number(row, column, value)
        case _:
            text = value if isinstance(value, str) else str(value)
            if len(text) > _MAX_TEXT:
                detail = (
                    f"Row {row} has a text of {len(text):,} characters; Excel takes {_MAX_TEXT:,}: use CSV or Parquet."
                )
                raise RequestError(detail, status=422)
            sheet.write_string(row, column, text)


def _write_about(book: Any, run: Run, rows: int) -> None:
    sheet = book.add_worksheet("About")
    sheet.set_column(0, 0, 20)
    sheet.set_column(1, 1, 100)
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    said = {
        "Query": run.sql[:_MAX_TEXT],
        "Parameters": ", ".join(run.literals)[:_MAX_TEXT],
        "Asked by": run.by,
        "Asked at": f"{run.submitted_at:%Y-%m-%d %H:%M:%S} UTC",
        "Tables": ", ".join(run.tables),
        "Rows": str(rows),
        "Scanned bytes": f"{run.scanned_bytes:,}",
        "Cost (USD)": f"{usd(run.scanned_bytes):f}",
    }
    for at, (name, value) in enumerate(said.items()):
        sheet.write_string(at, 0, name, wrapped)
        sheet.write_string(at, 1, value, wrapped)
