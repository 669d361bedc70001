"""How a source says what may be configured for it: each key of its section, its shape, and what it is for."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, ClassVar, Protocol, runtime_checkable

Check = Callable[[Any], str | None]
"""Looks at a value and answers what should be done about it, or None when it is good."""

REQUIRED: Any = object()
"""The default of a key that has none."""


SILENT_AFTER = "silent_after_hours"
LONGEST_HOURS = 10 * 365 * 24


@dataclass(frozen=True, slots=True)
class Key:
    """One key of a source's section of ``config/sources.toml``."""

    name: str
    check: Check
    description: str
    default: Any = REQUIRED


@runtime_checkable
class Configured(Protocol):
    """What every source has beside its protocol: the keys of its section."""

    keys: ClassVar[tuple[Key, ...]]


def text(value: Any) -> str | None:
    """Accept a text that is not empty."""
    return None if isinstance(value, str) and value else "write a text between quotes"


def url(value: Any) -> str | None:
    """Accept the root of a web service.

    >>> url("ftp://example.org")
    'write an address such as "https://api.example.org", without a slash at its end'
    """
    good = isinstance(value, str) and re.fullmatch(r"https?://[^\s/?#]+(/[^\s?#]*[^\s/?#])?", value)
    return None if good else 'write an address such as "https://api.example.org", without a slash at its end'


def positive(value: Any) -> str | None:
    """Accept a whole number above zero."""
    good = isinstance(value, int) and not isinstance(value, bool) and value > 0
    return None if good else "write a whole number above zero"


def hours(value: Any) -> str | None:
    """Accept a whole number of hours up to ten years, 0 for never."""
    good = isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= LONGEST_HOURS
    return None if good else f"write a whole number of hours, at most {LONGEST_HOURS}; 0 for never"


def silent_after(default: int) -> Key:
    """Answer the key that every arriving source has: how long nothing may come before people are told."""
    return Key(
        SILENT_AFTER, hours, "hours without a single record after which the source is called silent; 0: never", default
    )


START = "start"


def day(value: Any) -> str | None:
    """Accept a date, or an instant with its zone.

    >>> day("2026-01-01")
    'write a date without quotes, such as 2026-01-01, or an instant with its zone, such as 2026-01-01T00:00:00Z'
    """
    good = isinstance(value, date) and (not isinstance(value, datetime) or value.tzinfo is not None)
    example = "such as 2026-01-01, or an instant with its zone, such as 2026-01-01T00:00:00Z"
    return None if good else f"write a date without quotes, {example}"


def first_day(value: Any) -> str | None:
    """Accept a date without a time.

    >>> first_day("2026-11-22")
    'write a date without quotes, such as 2026-01-01'
    """
    good = isinstance(value, date) and not isinstance(value, datetime)
    return None if good else "write a date without quotes, such as 2026-01-01"


def start() -> Key:
    """Answer the key that every source with a past has: where a new stream begins."""
    return Key(START, day, "where history begins, a date (midnight UTC) or an instant; without it: now", None)


def started(config: Mapping[str, Any]) -> datetime | None:
    """Answer what :func:`start` configures, in UTC.

    >>> started({"start": date(2026, 1, 1)})
    datetime.datetime(2026, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)
    """
    value = config.get(START)
    if value is None or isinstance(value, datetime):
        return value and value.astimezone(UTC)
    return datetime(value.year, value.month, value.day, tzinfo=UTC)


def repository(value: Any) -> str | None:
    """Accept a repository's full name, ``owner/name``."""
    good = isinstance(value, str) and re.fullmatch(r"[A-Za-z0-9-]+/[A-Za-z0-9._-]+", value)
    return None if good else 'write repositories as "owner/name"'


def pattern(*groups: str) -> Check:
    """Accept a regular expression that has these named groups.

    >>> pattern("version")("cli-(?P<v>.*)")
    'name the group that holds the version: (?P<version>...)'
    """

    def check(value: Any) -> str | None:
        try:
            named = re.compile(value).groupindex if isinstance(value, str) else None
        except re.error as error:
            return f"mend the regular expression: {error}"
        if named is None:
            return "write a regular expression between single quotes"
        missing = [g for g in groups if g not in named]
        return f"name the group that holds the {missing[0]}: (?P<{missing[0]}>...)" if missing else None

    return check


def list_of(check: Check, *, empty: bool = False) -> Check:
    """Accept a list whose every element is good and unlike the others."""

    def check_all(value: Any) -> str | None:
        if not isinstance(value, list) or not (value or empty):
            return "write a list between brackets" + ("" if empty else ", with at least one element")
        if len(set(map(repr, value))) < len(value):
            return "write each element once"
        return next((problem for problem in map(check, value) if problem), None)

    return check_all


def table_of(name_check: Check, value_check: Check) -> Check:
    """Accept a table ``{name = value}``, both sides good."""

    def check(value: Any) -> str | None:
        if not isinstance(value, Mapping):
            return "write a table between braces"
        problems = (p for name, v in value.items() for p in (name_check(name), value_check(v)))
        return next((problem for problem in problems if problem), None)

    return check
