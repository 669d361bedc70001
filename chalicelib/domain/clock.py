"""The clock is an argument: code that needs the time takes a :data:`Clock`, so that tests can turn it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]
"""A function without arguments that answers the present instant as an aware UTC ``datetime``."""


def system_clock() -> datetime:
    """Answer the present instant in UTC."""
    return datetime.now(UTC)
