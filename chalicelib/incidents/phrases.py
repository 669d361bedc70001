"""Instants and spans as messages have them. Pure."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


def instant(at: datetime | None) -> str:
    """Write an instant for people.

    >>> instant(datetime(2026, 11, 22, 12, tzinfo=UTC)), instant(None)
    ('2026-11-22 12:00 UTC', 'never')
    """
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC" if at else "never"


def ago(at: datetime | None, now: datetime) -> str:
    """Write up to when there is data, and how long ago that is.

    >>> now = datetime(2026, 11, 22, 13, tzinfo=UTC)
    >>> ago(now - timedelta(hours=1), now), ago(None, now)
    ('2026-11-22 12:00 UTC (1 h ago)', 'nothing yet')
    """
    return f"{instant(at)} ({duration(now - at)} ago)" if at else "nothing yet"


def duration(span: timedelta) -> str:
    """Write a span for people.

    >>> duration(timedelta(days=1, hours=2, minutes=3)), duration(timedelta(seconds=59))
    ('1 d 2 h 3 min', 'under a minute')
    """
    minutes = max(int(span.total_seconds()), 0) // 60
    days, hours = minutes // 1440, minutes // 60 % 24
    parts = [f"{n} {unit}" for n, unit in ((days, "d"), (hours, "h"), (minutes % 60, "min")) if n]
    return " ".join(parts) or "under a minute"
