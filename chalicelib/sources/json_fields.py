"""Read JSON strictly and take typed values out of it: what is absent is None, what has another type is an error."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from math import isfinite
from typing import Any, NoReturn

from chalicelib.errors import SkippableRecordError

INT64_MAX = 2**63 - 1
_DIGITS, _DECIMALS = 38, 9  # of money in the lake
_KINDS = {
    str: "a text",
    bool: "true or false",
    int: "a number",
    float: "a number",
    Decimal: "a number",
    list: "a list",
    dict: "an object",
}


def read_object(body: bytes) -> dict[str, Any]:
    """Read one JSON object from UTF-8 bytes.

    Raises
    ------
    SkippableRecordError
        Not UTF-8, not JSON as RFC 8259 has it (NaN and Infinity are not), nested too deeply, or no object.

    Examples
    --------
    >>> read_object(b'{"stars": NaN}')
    Traceback (most recent call last):
    ...
    chalicelib.errors.SkippableRecordError: not JSON: NaN is no JSON value
    """
    value = read_value(body)
    if not isinstance(value, dict):
        raise SkippableRecordError(f"a JSON object was expected, not {_kind(value)}")
    return value


def read_value(body: bytes) -> Any:
    """Read one JSON value, whatever it is, from UTF-8 bytes. Raises as :func:`read_object` does."""
    return _read(body, float)


def read_exact(body: bytes) -> dict[str, Any]:
    """Read one JSON object whose fractions are ``Decimal``, digit by digit as they are written: money is never a float.

    Raises as :func:`read_object` does.

    >>> read_exact(b'{"Amount": 1234567890123456.78}')
    {'Amount': Decimal('1234567890123456.78')}
    """
    value = _read(body, Decimal)
    if not isinstance(value, dict):
        raise SkippableRecordError(f"a JSON object was expected, not {_kind(value)}")
    return value


def _read(body: bytes, fraction: Callable[[str], Any]) -> Any:
    try:
        return json.loads(body.decode(), parse_constant=_refuse, parse_float=fraction)
    except UnicodeDecodeError as error:
        raise SkippableRecordError(f"not UTF-8 at byte {error.start}") from error
    except (ValueError, InvalidOperation) as error:
        raise SkippableRecordError(f"not JSON: {error}") from error
    except RecursionError as error:
        raise SkippableRecordError("nested too deeply to be read") from error


def text(record: Mapping[str, Any], path: str) -> str | None:
    """Take a text.

    Examples
    --------
    >>> text({"owner": {"login": "ada"}}, "owner.login"), text({"owner": None}, "owner.login")
    ('ada', None)
    >>> text({"owner": 7}, "owner")
    Traceback (most recent call last):
    ...
    chalicelib.errors.SkippableRecordError: owner: a text was expected, not a number
    """
    value = at(record, path)
    if value is None:
        return None
    if not isinstance(value, str):
        _wrong(path, "a text", value)
    if not value.isascii() and any("\ud800" <= c <= "\udfff" for c in value):
        raise SkippableRecordError(f"{path}: half a surrogate pair, which is no text")
    return value


def whole(record: Mapping[str, Any], path: str) -> int | None:
    """Take a whole number of at most 64 bits; ``3.0`` is not one, nor is ``true``."""
    value = at(record, path)
    if value is None:
        return None
    if not isinstance(value, int) or isinstance(value, bool):
        _wrong(path, "a whole number", value)
    if not -INT64_MAX <= value <= INT64_MAX:
        raise SkippableRecordError(f"{path}: the number does not fit into 64 bits")
    return value


def digits(record: Mapping[str, Any], path: str) -> int | None:
    """Take a count that is written as a text of digits, as Google writes 64-bit numbers.

    >>> digits({"views": "1204"}, "views")
    1204
    """
    value = text(record, path)
    if value is None:
        return None
    if not (value.isascii() and value.isdigit() and len(value) <= 19 and int(value) <= INT64_MAX):
        raise SkippableRecordError(f"{path}: digits of a 64-bit count were expected")
    return int(value)


def money(record: Mapping[str, Any], path: str) -> Decimal | None:
    """Take an amount of an answer that :func:`read_exact` has read: at most nine decimals, and 38 digits in all.

    >>> money({"Amount": Decimal("24120000.50")}, "Amount"), money({"Amount": 7}, "Amount")
    (Decimal('24120000.50'), Decimal('7'))
    """
    value = at(record, path)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        _wrong(path, "an amount", value)
    amount = Decimal(value)
    _, digits, exponent = amount.as_tuple()
    assert isinstance(exponent, int)  # neither NaN nor Infinity is JSON
    if exponent < -_DECIMALS or len(digits) + exponent > _DIGITS - _DECIMALS:
        raise SkippableRecordError(f"{path}: {str(value)[:40]} has more digits than an amount can have")
    return amount


def number(record: Mapping[str, Any], path: str) -> float | None:
    """Take a number that need not be whole: a measure, never money."""
    value = at(record, path)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        _wrong(path, "a number", value)
    try:
        found = float(value)
    except OverflowError as error:
        raise SkippableRecordError(f"{path}: the number is too large") from error
    if not isfinite(found):
        raise SkippableRecordError(f"{path}: the number is too large")
    return found


def day(record: Mapping[str, Any], path: str) -> date | None:
    """Take a date, ``YYYY-MM-DD``.

    >>> day({"CloseDate": "2026-11-30"}, "CloseDate")
    datetime.date(2026, 11, 30)
    """
    value = text(record, path)
    if value is None:
        return None
    try:
        return datetime.strptime(value, "%Y-%m-%d").date()  # noqa: DTZ007 - a date has no zone
    except ValueError as error:
        raise SkippableRecordError(f"{path}: {value[:40]!r} is no date") from error


def truth(record: Mapping[str, Any], path: str) -> bool | None:
    """Take true or false."""
    value = at(record, path)
    if value is not None and not isinstance(value, bool):
        _wrong(path, "true or false", value)
    return value


def instant(record: Mapping[str, Any], path: str) -> datetime | None:
    """Take an instant: ISO 8601 with its zone, or whole seconds since 1970 (as in a push's ``pushed_at``).

    Examples
    --------
    >>> instant({"at": "2026-11-22T01:30:00+01:30"}, "at")
    datetime.datetime(2026, 11, 22, 0, 0, tzinfo=datetime.timezone.utc)
    >>> instant({"at": 0}, "at")
    datetime.datetime(1970, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)
    """
    value = at(record, path)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | str):
        _wrong(path, "an instant", value)
    try:
        moment = datetime.fromtimestamp(value, UTC) if isinstance(value, int) else datetime.fromisoformat(value)
        if moment.tzinfo is None:
            raise ValueError("it has no time zone")
        return moment.astimezone(UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise SkippableRecordError(f"{path}: {str(value)[:40]!r} is no instant with its zone") from error


def items(record: Mapping[str, Any], path: str) -> list[Any] | None:
    """Take a list."""
    value = at(record, path)
    if value is not None and not isinstance(value, list):
        _wrong(path, "a list", value)
    return value


def at(record: Mapping[str, Any], path: str) -> Any:
    """Follow a dotted path; None where a step is absent or null.

    Raises
    ------
    SkippableRecordError
        A step on the way is there and is no object.
    """
    value: Any = record
    walked: list[str] = []
    for step in path.split("."):
        if value is None:
            return None
        if not isinstance(value, Mapping):
            _wrong(".".join(walked), "an object", value)
        value = value.get(step)
        walked.append(step)
    return value


def _kind(value: Any) -> str:
    """Name a JSON value's type for a person."""
    return _KINDS.get(type(value), "null")


def _wrong(path: str, wanted: str, value: Any) -> NoReturn:
    raise SkippableRecordError(f"{path}: {wanted} was expected, not {_kind(value)}")


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no JSON value")
