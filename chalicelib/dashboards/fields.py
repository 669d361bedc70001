"""Fields of a dashboard, read one by one; each raises ``ValueError`` that says what is needed. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from chalicelib.domain.periods import parse_instant
from chalicelib.domain.range_words import parse_range
from chalicelib.domain.zones import zone

_ID: Final = re.compile(r"[A-Za-z0-9_-]{1,40}")
_TARGET: Final = re.compile(r"[0-9]{1,15}(\.[0-9]{1,6})?")
_LINES: Final = "\n\t"


def text_of(given: Any, most: int, least: int = 0, over: str = _LINES) -> str:
    """Read a text of people's in any script, emoji and all; ``over`` are the control characters that it may have."""
    if not isinstance(given, str) or len(given) > most or len(given.strip()) < least:
        raise ValueError(f"A text of {least} to {most:,} characters is needed.")
    if any(unicodedata.category(one) in ("Cc", "Cs") and one not in over for one in given):
        raise ValueError("Control characters and half characters cannot be shown: leave them out.")
    return given


def line_of(given: Any, most: int, least: int = 0) -> str:
    """Read a text of one line.

    >>> line_of(" Downloads ", 300)
    'Downloads'
    """
    return text_of(given, most, least, "").strip()


def id_of(given: Any) -> str:
    """Read the id of a widget."""
    if not isinstance(given, str) or not _ID.fullmatch(given):
        raise ValueError("1 to 40 letters, digits, '_' and '-' are needed.")
    return given


def whole_number(given: Any, most: int) -> int:
    """Read a whole number from 1 on."""
    if not isinstance(given, int) or isinstance(given, bool) or not 1 <= given <= most:
        raise ValueError(f"A whole number from 1 to {most:,} is needed.")
    return given


def target_of(given: Any) -> str:
    """Read the full mark of a gauge: a decimal above zero, as text.

    >>> target_of("100.5")
    '100.5'
    """
    if not isinstance(given, str) or not _TARGET.fullmatch(given) or Decimal(given) == 0:
        raise ValueError('A number above 0 is needed, as text: "100.5", with at most 6 digits behind the point.')
    return given


def range_of(given: Any) -> str | dict[str, str]:
    """Read a range: a word such as ``30d``, or the days (or instants) from and to.

    >>> range_of({"from": "2026-01-01", "to": "2026-02-01"})
    {'from': '2026-01-01', 'to': '2026-02-01'}
    """
    if isinstance(given, str):
        parse_range(given)
        return given
    if (
        not isinstance(given, Mapping)
        or set(given) != {"from", "to"}
        or not all(isinstance(i, str) for i in given.values())
    ):
        raise ValueError('A word such as "30d" is needed, or {"from": …, "to": …}, each a date.')
    start, end = (parse_instant(given[name], zone("UTC")) for name in ("from", "to"))
    if end <= start:
        raise ValueError("The range must end after it starts.")
    return {"from": given["from"], "to": given["to"]}


def zone_of(given: Any) -> str:
    """Read the name of a time zone."""
    if not isinstance(given, str):
        raise ValueError("The name of a time zone is needed, such as 'Europe/Paris'.")
    return zone(given).key
