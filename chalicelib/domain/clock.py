"""The clock is an argument: code that needs the time takes a :data:`Clock`, so that tests can turn it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]
"""A function without arguments that answers the present instant as an aware UTC ``datetime``."""


def system_clock() -> datetime:
    """Answer the present instant in UTC."""
    return datetime.now(UTC)


def to_millisecond(instant: datetime) -> datetime:
    """Cut an instant to the millisecond that it is in.

    Athena's timestamps have no finer parts, and it rounds what a file has of them: the last half of a day's last
    millisecond would become the day after, in which the row is not.

    >>> to_millisecond(datetime(2026, 11, 22, 23, 59, 59, 999_600, tzinfo=UTC)).isoformat(timespec="microseconds")
    '2026-11-22T23:59:59.999000+00:00'
    """
    return instant.replace(microsecond=instant.microsecond // 1000 * 1000)
