"""Values as Athena prints them."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from infra.local.athena.errors import QueryFailure, not_supported
from infra.local.athena.types import ZONED, split_top_level

Printer = Callable[[object], str]


def double_text(value: float) -> str:
    """A double as Java prints it, and so Trino.

    >>> double_text(1e10), double_text(0.1), double_text(100.0), double_text(1e-5), double_text(float("nan"))
    ('1.0E10', '0.1', '100.0', '1.0E-5', 'NaN')
    """
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    if value == 0 or 1e-3 <= abs(value) < 1e7:
        text = format(Decimal(repr(value)), "f")
        return text if "." in text else text + ".0"
    return _scientific(value)


def double_varchar(value: float) -> str:
    """A double as Trino casts it to a text: always with its exponent.

    >>> double_varchar(100.0), double_varchar(0.1), double_varchar(-0.0), double_varchar(float("nan"))
    ('1.0E2', '1.0E-1', '-0E0', 'NaN')
    """
    if math.isnan(value) or math.isinf(value):
        return double_text(value)
    if value == 0:
        return "-0E0" if math.copysign(1, value) < 0 else "0E0"
    return _scientific(value)


def _scientific(value: float) -> str:
    """A double that is neither zero nor infinite, one digit before the point."""
    sign, digits, exponent = Decimal(repr(value)).as_tuple()
    written = "".join(map(str, digits)).rstrip("0")
    return f"{'-' if sign else ''}{written[0]}.{written[1:] or '0'}E{len(digits) - 1 + int(exponent)}"


def timestamp_text(value: dt.datetime) -> str:
    """A timestamp with three digits of fraction, six if it has them.

    >>> timestamp_text(dt.datetime(2026, 11, 22, 10, 0, 0, 250000))
    '2026-11-22 10:00:00.250'
    """
    value = _in_range(value)
    return value.isoformat(" ", "milliseconds" if value.microsecond % 1000 == 0 else "microseconds")


def _in_range(value: object) -> dt.datetime:
    """Python's times are of the years 1 to 9999; DuckDB hands over others as texts."""
    if not isinstance(value, dt.datetime):
        raise not_supported("times before the year 1 or after 9999")
    return value


def zoned_text(value: dict[str, object]) -> str:
    """A timestamp with its zone.

    >>> zoned_text({"utc": dt.datetime(2026, 1, 1), "zone": "Asia/Kathmandu"})
    '2026-01-01 05:45:00.000 Asia/Kathmandu'
    """
    utc, zone = value["utc"], str(value["zone"])
    return f"{timestamp_text(_local(_in_range(utc), zone))} {zone}"


def _local(utc: dt.datetime, zone: str) -> dt.datetime:
    try:
        if zone[:1] in ("+", "-"):
            offset = dt.timedelta(hours=int(zone[1:3]), minutes=int(zone[4:6]))
            return utc + offset if zone[0] == "+" else utc - offset
        return utc.replace(tzinfo=dt.UTC).astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:  # OSError: the name of a folder of zones
        raise QueryFailure("NOT_SUPPORTED", f"Time zone not supported: {zone}") from error
    except OverflowError as error:
        raise not_supported("times before the year 1 or after 9999") from error


def printer(duckdb_type: str) -> Printer:
    """The function that prints values of a type of DuckDB's; it is never given null."""
    simple: dict[str, Callable[..., str]] = {
        "DOUBLE": double_text,
        "FLOAT": float_text,
        "BOOLEAN": lambda value: "true" if value else "false",
        "TIMESTAMP": timestamp_text,
        "TIME": lambda value: value.isoformat("milliseconds"),
        "BLOB": lambda value: value.hex(" "),
        ZONED: zoned_text,
    }
    if duckdb_type in simple:
        return simple[duckdb_type]
    if duckdb_type.startswith("DECIMAL") and duckdb_type.endswith(")"):
        return lambda value: format(value, "f")
    if duckdb_type.startswith("INTERVAL"):
        raise not_supported("intervals in results")
    return _nested(duckdb_type) or str


def _nested(duckdb_type: str) -> Printer | None:
    if duckdb_type.endswith("]"):
        item = or_null(printer(duckdb_type[: duckdb_type.rindex("[")]))
        return lambda value: "[" + ", ".join(map(item, value)) + "]"  # type: ignore[call-overload]
    if duckdb_type.startswith("MAP("):
        key, of = (or_null(printer(part)) for part in split_top_level(duckdb_type[4:-1]))
        nested = _nested(split_top_level(duckdb_type[4:-1])[0]) is not None
        return lambda value: "{" + ", ".join(f"{key(k)}={of(v)}" for k, v in _entries(value, nested)) + "}"
    if duckdb_type.startswith("TUPLE("):
        plain = [or_null(printer(of)) for of in split_top_level(duckdb_type[6:-1])]
        return lambda value: _row_text(value, plain)
    if duckdb_type.startswith("STRUCT("):
        types = [part.split(" ", 1)[-1] for part in split_top_level(duckdb_type[7:-1])]
        printers = [or_null(printer(of)) for of in types]
        return lambda value: _row_text(value, printers)
    return None


def _entries(value: Any, nested: bool) -> Iterable[tuple[object, object]]:
    """The entries of a map; one whose keys cannot be a dictionary's comes as two lists."""
    return zip(value["key"], value["value"], strict=True) if nested else value.items()


def _row_text(value: object, printers: list[Printer]) -> str:
    """``{a=1, b=x}``; the fields of a row without names are called field0, field1, … as in Athena."""
    items = value.items() if isinstance(value, dict) else ((f"field{at}", v) for at, v in enumerate(value))  # type: ignore[arg-type,var-annotated]
    return "{" + ", ".join(f"{name}={of(v)}" for (name, v), of in zip(items, printers, strict=True)) + "}"


def or_null(of: Printer) -> Printer:
    """Inside arrays, maps and rows null is a word."""
    return lambda value: "null" if value is None else of(value)


def float_text(value: float) -> str:
    """A 32-bit float has the shortest digits that give it back as such; DuckDB hands it over as a double.

    >>> float_text(0.10000000149011612)
    '0.1'
    """
    for digits in range(1, 10):
        short = float(f"{value:.{digits}g}")
        if abs(short - value) <= abs(value) * 2**-25:
            return double_text(short)
    return double_text(value)
