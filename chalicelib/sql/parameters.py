"""The values for a statement's question marks: JSON in, SQL literals out, so that a value can never become SQL."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from chalicelib.errors import RequestError

MAX_PARAMETERS: Final = 100
MAX_CHARACTERS: Final = 4_096
_NO_TEXT: Final = re.compile("[\0\ud800-\udfff]")


def literals(values: Sequence[Any], marks: int) -> tuple[str, ...]:
    """Write JSON values as SQL literals.

    Parameters
    ----------
    values
        Strings, integers, decimal numbers (``Decimal``, exact), booleans, null; ``{"date": "2026-11-22"}`` and
        ``{"timestamp": "2026-11-22T10:00:00"}`` (a UTC time without an offset) for these types.
    marks
        How many question marks the statement has.

    Raises
    ------
    RequestError
        400, naming each bad value, or saying how many are needed.

    Examples
    --------
    >>> literals(["it's", 7, None, {"date": "2026-11-22"}], 4)
    ("'it''s'", '7', 'NULL', "DATE '2026-11-22'")
    """
    if len(values) != marks:
        detail = f"The statement has {marks} question marks, and {len(values)} parameters came."
        raise RequestError("The parameters do not fit.", errors=({"parameter": "parameters", "detail": detail},))
    written, errors = [], []
    for at, value in enumerate(values):
        try:
            written.append(_literal(value))
        except ValueError as error:
            errors.append({"parameter": f"parameters[{at}]", "detail": str(error)})
    if errors:
        raise RequestError("One or more parameters are wrong.", errors=tuple(errors))
    return tuple(written)


def _literal(value: Any) -> str:
    match value:
        case None:
            return "NULL"
        case bool():
            return "true" if value else "false"
        case int() if abs(value) < 2**63:
            return str(value)
        case Decimal() if value.is_finite() and len(plain := f"{value:f}") <= 40:
            return plain
        case str() if len(value) <= MAX_CHARACTERS and not _NO_TEXT.search(value):
            return "'" + value.replace("'", "''") + "'"
        case {"date": str(text)} if len(value) == 1:
            return f"DATE '{_parsed(date, text)}'"
        case {"timestamp": str(text)} if len(value) == 1:
            at = _parsed(datetime, text)
            if at.tzinfo is not None:
                raise ValueError("Times in the lake are UTC: give one without an offset.")
            return f"TIMESTAMP '{at:%Y-%m-%d %H:%M:%S}.{at.microsecond // 1000:03d}'"
        case _:
            forms = '{"date": "2026-11-22"} or {"timestamp": "2026-11-22T10:00:00"}'
            raise ValueError(f"Give text, a number, true, false, null, {forms}.")


def _parsed(kind: type[Any], text: str) -> Any:
    try:
        return kind.fromisoformat(text)
    except ValueError as error:
        raise ValueError(f"{text[:40]!r} is no {'date' if kind is date else 'time'} in ISO 8601.") from error
