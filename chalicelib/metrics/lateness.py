"""Whether a source is late: further behind than its own rhythm lets expect. Pure."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Final

from chalicelib.domain.periods import GRID
from chalicelib.sources.cadence import cadence
from chalicelib.sources.registry import SOURCES

ROLL_UP: Final = timedelta(minutes=15)
"""How long a commit may take to reach the cubes."""


@cache
def usual_lag(source: str) -> timedelta | None:
    """Answer how far the watermark of a source may be behind at most, None of a source that is not known.

    It is read once in a cadence, some time after, and called overdue after a grace; then the roll-up takes its time.

    >>> usual_lag("s3_access_logs") > timedelta(minutes=15), usual_lag("unknown")
    (True, None)
    """
    if source not in SOURCES:
        return None
    rhythm = cadence(SOURCES[source])
    return rhythm.every + rhythm.delay + rhythm.grace + ROLL_UP + (GRID if rhythm.arriving else timedelta())


def lateness(source: str, watermark: datetime | None, end: datetime, now: datetime) -> str | None:
    """Say that a source is late for a range that ends at ``end``; None where it is not, or has nothing to tell yet."""
    usual = usual_lag(source)
    if watermark is None or usual is None or watermark >= min(end, now) or now - watermark <= usual:
        return None
    said = watermark.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return (
        f"The source {source} is late: it is complete up to {said} only, {_words(now - watermark)} behind, where "
        f"{_words(usual)} is the most that is usual. What came after it is not known yet; it is no fall."
    )


def _words(length: timedelta) -> str:
    minutes = int(length / timedelta(minutes=1))
    days, minutes = divmod(minutes, 1_440)
    hours, minutes = divmod(minutes, 60)
    said = [f"{count} {unit}" for count, unit in ((days, "d"), (hours, "h"), (minutes, "min")) if count]
    return " ".join(said[:2]) or "0 min"
