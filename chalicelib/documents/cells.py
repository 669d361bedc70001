"""One cell of an Excel sheet: typed where Excel holds the value exactly, else as text, and never a formula."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from chalicelib.documents.document import Column, Style
from chalicelib.documents.money import digits
from chalicelib.errors import RequestError

MAX_TEXT: Final = 32_767
"""Characters that a cell takes."""
_EXACT_DIGITS: Final = 15  # that Excel keeps of a number
_CURRENCY: Final = re.compile(r"[A-Z]{3}")
_TIME: Final = "yyyy-mm-dd hh:mm:ss"


class CellFormats:
    """The number formats of one workbook, each made when first needed."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._made: dict[str, Any] = {}

    def of(self, value: Any, column: Column, currency: str) -> Any:
        """Answer the format of a value, None where Excel's own will do."""
        if isinstance(value, str):
            return self._kept("lines", {"text_wrap": True, "valign": "top"}) if "\n" in value else None
        code = number_format(value, column, currency)
        left = {"align": "left"} if isinstance(value, date) else {}
        return self._kept(code, {"num_format": code, **left}) if code else None

    def _kept(self, name: str, how: dict[str, Any]) -> Any:
        if name not in self._made:
            self._made[name] = self._book.add_format(how)
        return self._made[name]


def number_format(value: Any, column: Column, currency: str) -> str:
    """Write Excel's format code of a value.

    >>> number_format(0.25, Column("v", "DOUBLE", style=Style.SHARE), "")
    '0.00%'
    >>> number_format(Decimal(7), Column("v", "DECIMAL(38,9)", style=Style.MONEY), "JPY")
    '#,##0 [$JPY]'
    """
    match value:
        case datetime():
            return f"{_TIME}.000" if value.microsecond else _TIME
        case date():
            return "yyyy-mm-dd"
        case _ if column.style is Style.SHARE:
            return "0.00%"
        case _ if column.style is Style.MONEY:
            point = f".{'0' * places}" if (places := digits(currency)) else ""
            return f"#,##0{point}" + (f" [${currency}]" if _CURRENCY.fullmatch(currency) else "")
        case int() if column.unit:  # a count, not the number of a year
            return "#,##0"
        case float() if column.unit:  # Excel's own would show as many digits as fit
            return "#,##0.00##"
        case _:
            return ""


def write_cell(sheet: Any, row: int, at: int, value: Any, form: Any) -> None:
    """Write one value.

    Raises
    ------
    RequestError
        422: a text that is longer than Excel takes.
    """
    match value:
        case None:
            return
        case bool():
            sheet.write_boolean(row, at, value)
        case datetime() | date():
            # Excel's days begin in 1900; earlier ones stay text
            if value.year >= 1900:
                sheet.write_datetime(row, at, value, form)
            else:
                sheet.write_string(row, at, value.isoformat(), form)
        case int() | Decimal() if _is_exact(value):
            sheet.write_number(row, at, value, form)
        case float() if value - value == 0:
            sheet.write_number(row, at, value, form)
        case _:
            _write_text(sheet, row, at, value if isinstance(value, str) else str(value), form)


def _is_exact(value: int | Decimal) -> bool:
    if isinstance(value, int) and -(10**_EXACT_DIGITS) < value < 10**_EXACT_DIGITS:
        return True
    return len(Decimal(value).normalize().as_tuple().digits) <= _EXACT_DIGITS


def _write_text(sheet: Any, row: int, at: int, text: str, form: Any) -> None:
    if len(text) > MAX_TEXT:
        detail = f"Row {row} has a text of {len(text):,} characters; Excel takes {MAX_TEXT:,}: use CSV or Parquet."
        raise RequestError(detail, status=422)
    sheet.write_string(row, at, text, form)
