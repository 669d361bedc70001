"""IANA time zones: names, the instants at which an offset changes, and local times that are skipped or ambiguous.

A local time that is *ambiguous* (the clock went back over it) means its first occurrence. One that was *skipped* (the
clock went forward over it) means the instant of the jump: the first one whose local time is not before it. So a day
whose midnight does not exist (Cairo, Beirut and Santiago begin summer time at 00:00) begins at the jump, and a day
that does not exist (Apia, 2011-12-30) is empty.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import pairwise
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from chalicelib.domain.nearest import NotKnown, nearest

_NAME = re.compile(r"(?!posix/|right/|localtime$|posixrules$|Factory$)[A-Za-z][A-Za-z0-9_+\-]*(/[A-Za-z0-9_+\-]+){0,2}")
_DAY = timedelta(days=1)
_SECOND = timedelta(seconds=1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@lru_cache(maxsize=64)
def zone(name: str) -> ZoneInfo:
    """Answer the time zone of an IANA name.

    Raises
    ------
    ValueError
        There is no such zone. Names that depend on the machine or count leap seconds are none.

    Examples
    --------
    >>> zone("Asia/Kathmandu").key
    'Asia/Kathmandu'
    """
    try:
        if len(name) <= 64 and _NAME.fullmatch(name):
            return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        pass
    said = f"There is no time zone {name[:64]!r}: use an IANA name such as 'Europe/Paris' or 'UTC'."
    raise NotKnown(said, nearest(name, _words()))


@lru_cache(maxsize=1)
def _words() -> dict[str, str]:
    """Answer every zone's name by itself and by its last part: 'Tokyo' is 'Asia/Tokyo'."""
    names = [name for name in sorted(available_timezones()) if _NAME.fullmatch(name)]
    return {name.rpartition("/")[2]: name for name in reversed(names)} | {name: name for name in names}


def offset(instant: datetime, at: ZoneInfo) -> timedelta:
    """Answer a zone's UTC offset at an instant."""
    found = instant.astimezone(at).utcoffset()
    assert found is not None
    return found


def resolve(local: datetime, at: ZoneInfo) -> datetime:
    """Answer the first instant (UTC) at which a zone's clocks show ``local`` (naive) or, were it skipped, the jump.

    Examples
    --------
    >>> resolve(datetime(2026, 3, 8, 2, 30), zone("America/New_York")).isoformat()
    '2026-03-08T07:00:00+00:00'
    """
    first = local.replace(tzinfo=at, fold=0).astimezone(UTC)
    if first.astimezone(at).replace(tzinfo=None) == local:
        return first
    before_the_jump = local.replace(tzinfo=at, fold=1).astimezone(UTC)
    return _change(before_the_jump, first, at)


def midnight(day: date, at: ZoneInfo) -> datetime:
    """Answer the first instant (UTC) of a local date; of a date that was skipped, that of the next."""
    return resolve(datetime.combine(day, time()), at)


def is_midnight(instant: datetime, at: ZoneInfo) -> bool:
    """Answer whether a local date of a zone begins at an instant (UTC).

    >>> is_midnight(datetime(2026, 11, 21, 18, 15, tzinfo=UTC), zone("Asia/Kathmandu"))
    True
    """
    if at.key == "UTC":  # asked most often, and told without a look at the zone
        return (instant - _EPOCH) % _DAY == timedelta(0)
    return midnight(instant.astimezone(at).date(), at) == instant


def wall_time(instant: datetime, at: ZoneInfo) -> datetime:
    """Answer the local time (naive) of an instant: midnight where a date begins, though clocks may have skipped it.

    >>> wall_time(datetime(2000, 4, 27, 22, tzinfo=UTC), zone("Africa/Cairo")).isoformat()
    '2000-04-28T00:00:00'
    """
    local = instant.astimezone(at).replace(tzinfo=None)
    return datetime.combine(local.date(), time()) if is_midnight(instant, at) else local


def transitions(start: datetime, end: datetime, at: ZoneInfo) -> Iterator[datetime]:
    """Find the instants in ``(start, end)`` at which the UTC offset changes.

    ``zoneinfo`` does not tell them, so offsets are compared day by day: no zone has changed twice within a day since
    1980.
    """
    steps = int((end - start) / _DAY) + 1
    days = [*(start + _DAY * i for i in range(steps)), end]
    for before, after in pairwise(days):
        if offset(before, at) != offset(after, at):
            change = _change(before, after, at)
            if start < change < end:
                yield change


def _change(before: datetime, after: datetime, at: ZoneInfo) -> datetime:
    """Find, to the second, the instant in ``(before, after]`` from which the offset is that of ``after``."""
    old = offset(before, at)
    low, high = 0, int((after - before) / _SECOND)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if offset(before + _SECOND * middle, at) == old else (low, middle)
    return before + _SECOND * high
