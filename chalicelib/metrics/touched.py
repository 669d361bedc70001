"""Which days a roll-up has to compute again: pure arithmetic on UTC dates, and on whole days of the reporting zone."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from chalicelib.domain.periods import Interval, ceil, floor

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, order=True)
class Days:
    """A range of UTC days, both ends included."""

    first: date
    last: date

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and self.first <= day <= self.last

    def __iter__(self) -> Iterator[date]:
        return (self.first + ONE_DAY * n for n in range((self.last - self.first).days + 1))

    @property
    def span(self) -> Span:
        """Answer its instants.

        >>> Days(date(2026, 11, 30), date(2026, 11, 30)).span.end.isoformat()
        '2026-12-01T00:00:00+00:00'
        """
        start, last = (datetime.combine(day, time(), UTC) for day in (self.first, self.last))
        return Span(start, last + ONE_DAY)


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open range of instants, UTC."""

    start: datetime
    end: datetime


def spill(days: Collection[date], before: int, after: int) -> frozenset[date]:
    """Add to each day those before and after it that it can change.

    >>> sorted(spill({date(2026, 11, 30)}, 0, 1))
    [datetime.date(2026, 11, 30), datetime.date(2026, 12, 1)]
    """
    ordinals = {day.toordinal() + n for day in days for n in range(-before, after + 1)}
    return frozenset(date.fromordinal(n) for n in ordinals if date.min.toordinal() <= n <= date.max.toordinal())


def ranges(days: Collection[date], most: int = 4) -> tuple[Days, ...]:
    """Cover days by at most ``most`` ranges, leaving out the widest gaps; a day too many is computed in vain, no more.

    >>> [(str(r.first), str(r.last)) for r in ranges({date(2026, 1, 1), date(2026, 1, 2), date(2026, 3, 1)})]
    [('2026-01-01', '2026-01-02'), ('2026-03-01', '2026-03-01')]
    """
    ordered = sorted(days)
    if not ordered:
        return ()
    gaps = [n for n in range(1, len(ordered)) if ordered[n] - ordered[n - 1] > ONE_DAY]
    widest = sorted(gaps, key=lambda n: ordered[n] - ordered[n - 1], reverse=True)[: most - 1]
    return tuple(_cut(ordered, sorted(widest)))


def whole_days(spans: Iterable[Span], zone: ZoneInfo) -> tuple[Span, ...]:
    """Widen spans to whole days of a zone, and join those that meet.

    >>> [widened] = whole_days([Days(date(2026, 11, 30), date(2026, 11, 30)).span], ZoneInfo("Asia/Kathmandu"))
    >>> widened.start.isoformat(), widened.end.isoformat()
    ('2026-11-29T18:15:00+00:00', '2026-12-01T18:15:00+00:00')
    """
    joined: list[Span] = []
    for span in sorted(spans):
        start, end = floor(span.start, Interval.P1D, zone), ceil(span.end, Interval.P1D, zone)
        if joined and start <= joined[-1].end:
            joined[-1] = Span(joined[-1].start, max(end, joined[-1].end))
        else:
            joined.append(Span(start, end))
    return tuple(joined)


def _cut(ordered: Sequence[date], cuts: Sequence[int]) -> Iterator[Days]:
    return (Days(ordered[begin], ordered[end - 1]) for begin, end in pairwise([0, *cuts, len(ordered)]))
