"""The periods of the original contract: an hour, a day, a week, a month, a quarter or a year, and how it writes dates.

The contract writes ``start: 06-06-2016, end: 06-07-2016`` under ``/pipeline/{week|month}``. Day first, that is a month,
from 6 June to 6 July; month first, it would be a single day, which is neither. So dates are written day first, and
``end`` is the day on which the next period begins. Pure.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import Final
from zoneinfo import ZoneInfo

from chalicelib.domain.nearest import one_of
from chalicelib.domain.periods import GRID, HOUR, Interval, floor, next_period
from chalicelib.domain.shifts import Shift, earlier
from chalicelib.domain.zones import midnight, resolve, wall_time

PERIODS: Final[Mapping[str, Interval]] = MappingProxyType(
    {
        "hour": Interval.PT1H,
        "day": Interval.P1D,
        "week": Interval.P1W,
        "month": Interval.P1M,
        "quarter": Interval.P3M,
        "year": Interval.P1Y,
    }
)
"""Every period by its name in the path."""

_MONTHS: Final = {Interval.P1M: 1, Interval.P3M: 3, Interval.P1Y: 12}
_DAYS: Final = {Interval.P1D: 1, Interval.P1W: 7}


def parse_period(text: str) -> Interval:
    """Read a period. Raises ``ValueError`` that names the six.

    >>> parse_period("week").value
    'P1W'
    """
    return PERIODS[one_of(text, PERIODS, "period")]


def span(
    period: Interval, start: datetime | None, end: datetime | None, now: datetime, at: ZoneInfo
) -> tuple[datetime, datetime]:
    """Answer the range of a question: what is given of it, and a period's length for what is not.

    Of nothing given it is the last complete period of the calendar: the ISO week before this one, the month before.

    Examples
    --------
    >>> utc = ZoneInfo("UTC")
    >>> given = datetime(2016, 6, 6, tzinfo=utc)
    >>> [written(edge, utc) for edge in span(Interval.P1M, given, None, given, utc)]
    ['06-06-2016', '06-07-2016']
    """
    if start is not None:
        return start, end or later(start, period, at)
    if end is not None:
        return before(end, period, at), end
    this = floor(now, period, at)
    return floor(this - GRID, period, at), this


def later(instant: datetime, period: Interval, at: ZoneInfo) -> datetime:
    """Answer the same local time a period later; where its date does not exist, the midnight that ends its month.

    >>> later(datetime(2026, 1, 31, tzinfo=ZoneInfo("UTC")), Interval.P1M, ZoneInfo("UTC")).isoformat()
    '2026-03-01T00:00:00+00:00'
    """
    if period not in _MONTHS:
        return _days_later(instant, period, at)
    local = wall_time(instant, at)
    years, month = divmod(local.month - 1 + _MONTHS[period], 12)
    first = date(local.year + years, month + 1, 1)
    if local.day > monthrange(first.year, first.month)[1]:
        return midnight(next_period(first, Interval.P1M), at)
    return resolve(datetime.combine(first.replace(day=local.day), local.time()), at)


def before(instant: datetime, period: Interval, at: ZoneInfo) -> datetime:
    """Answer the same local time a period before; where its date does not exist, the midnight that ends its month."""
    if period is Interval.PT1H:
        return instant - HOUR
    return earlier(instant, Shift(months=_MONTHS.get(period, 0), days=_DAYS.get(period, 0)), at)


def _days_later(instant: datetime, period: Interval, at: ZoneInfo) -> datetime:
    if period is Interval.PT1H:
        return instant + HOUR
    local = wall_time(instant, at)
    return resolve(local + timedelta(days=_DAYS[period]), at)


def written(instant: datetime, at: ZoneInfo) -> str:
    """Write the local day of an instant as the contract does: day, month, year.

    >>> written(datetime(2016, 7, 6, tzinfo=ZoneInfo("UTC")), ZoneInfo("UTC"))
    '06-07-2016'
    """
    return f"{instant.astimezone(at):%d-%m-%Y}"
