"""Values as they are printed: rounded where digits do not help, on one line, in letters that the fonts have. Pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Container
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from chalicelib.documents.document import Column, Style
from chalicelib.documents.money import digits
from chalicelib.documents.plot import shorten

MISSING: Final = "▯"
"""Stands for a character that is not printed."""
MAX_TEXT: Final = 400
"""Characters of a cell: more would fill pages."""
NOTHING: Final = "–"
_LARGE: Final = 10**15
_RIGHT_TO_LEFT: Final = ("R", "AL", "AN")


def shown(value: Any, column: Column, currency: str) -> str:
    """Answer a value for people.

    >>> of = lambda value, style=Style.PLAIN: shown(value, Column("v", "DOUBLE", unit="leads", style=style), "EUR")
    >>> of(1234567), of(0.12345, Style.SHARE), of(Decimal("1234.5"), Style.MONEY), of(None), of(2.50004)
    ('1,234,567', '12.35%', '1,234.50 EUR', '–', '2.5')
    """
    match value:
        case None:
            return NOTHING
        case bool():
            return "yes" if value else "no"
        case str():
            return shorten(value, MAX_TEXT)
        case datetime():
            at = f"{value:%Y-%m-%d %H:%M}" if not value.second else f"{value:%Y-%m-%d %H:%M:%S}"
            return f"{at} {_offset(value)}".strip()
        case date():
            return value.isoformat()
        case _ if column.style is Style.SHARE:
            return f"{value:.2%}" if -_LARGE < value < _LARGE else f"{value * 100:.6g}%"
        case _ if column.style is Style.MONEY:
            return f"{value:,.{digits(currency)}f} {currency}".strip()
        case int():
            return f"{value:,}" if column.unit else str(value)
        case float() | Decimal():
            return _rounded(value)
        case _:
            return shorten(str(value), MAX_TEXT)


def _offset(value: datetime) -> str:
    text = value.isoformat()[19:].lstrip(".0123456789")
    return "UTC" if text == "+00:00" else text


def _rounded(value: float | Decimal) -> str:
    if not -_LARGE < value < _LARGE or (value and -0.001 < value < 0.001):
        return f"{value:.6g}"
    text = f"{value:,.4f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def printable(text: str, glyphs: Container[int]) -> str:
    """Answer a text in characters that a font has and that stand from left to right; each other one is ``▯``.

    >>> printable("a🙂é\\u05e9", {ord(c) for c in "aé\\u05e9"})
    'a▯é▯'
    """
    return "".join(
        c if ord(c) in glyphs and unicodedata.bidirectional(c) not in _RIGHT_TO_LEFT else MISSING for c in text
    )
