"""Steps back in local time: the same clock time so many months, days or hours before. Pure."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from chalicelib.domain.zones import midnight, resolve, wall_time

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Shift:
    """A step back: months by date, then days, then hours and minutes, all of the local calendar and clock."""

    months: int = 0
    days: int = 0
    time: timedelta = timedelta()

    @property
    def whole_weeks(self) -> bool:
        """Answer whether it leads from a weekday to the same weekday, whenever it is taken."""
        return not self.months and not self.time and self.days % 7 == 0


def earlier_date(day: date, months: int) -> date | None:
    """Answer the same date so many months before, None where there is none.

    >>> earlier_date(date(2026, 3, 31), 1), earlier_date(date(2026, 3, 28), 1)
    (None, datetime.date(2026, 2, 28))
    """
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, day.day) if day.day <= monthrange(year, month + 1)[1] else None


def earlier_local(local: datetime, shift: Shift) -> datetime | None:
    """Answer the local time (naive) a step before, None where its date does not exist."""
    day = earlier_date(local.date(), shift.months)
    return None if day is None else datetime.combine(day, local.time()) - shift.days * _DAY - shift.time


def earlier(instant: datetime, shift: Shift, at: ZoneInfo) -> datetime:
    """Answer the instant (UTC) a step before; where its date does not exist, the midnight that ends its month.

    Of a local time that comes twice it is the same occurrence, where both days have two.

    >>> paris = ZoneInfo("Europe/Paris")
    >>> earlier(datetime(2026, 3, 31, 10, tzinfo=UTC), Shift(months=1), paris).isoformat()
    '2026-02-28T23:00:00+00:00'
    """
    there = instant.astimezone(at)
    local = earlier_local(there.replace(tzinfo=None) if shift.time else wall_time(instant, at), shift)
    if local is None:
        first = there.date().replace(day=1)
        following = first if shift.months == 1 else earlier_date(first, shift.months - 1)
        assert following is not None
        return midnight(following, at) - shift.days * _DAY - shift.time
    first_time = resolve(local, at)
    again = local.replace(tzinfo=at, fold=1).astimezone(UTC)
    return again if there.fold and again.astimezone(at).replace(tzinfo=None) == local else first_time


def length(start: datetime, end: datetime, at: ZoneInfo) -> Shift:
    """Answer how long a range is in the local calendar: in months where it is whole ones, else days, else clock time.

    >>> utc = ZoneInfo("UTC")
    >>> length(datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC), utc).months
    3
    >>> length(datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 4, tzinfo=UTC), utc).days
    3
    """
    first, last = start.astimezone(at), end.astimezone(at)
    whole = all(midnight(edge.date(), at) == edge for edge in (first, last))
    days = (last.date() - first.date()).days
    if whole and first.day == last.day == 1:
        return Shift(months=(last.year - first.year) * 12 + last.month - first.month)
    if days > 0 and (whole or first.time() == last.time()):
        return Shift(days=days)
    between = last.replace(tzinfo=None) - first.replace(tzinfo=None)
    return Shift(time=between if between > timedelta() else end - start)
