"""Which days a roll-up has to compute again: pure arithmetic on UTC dates."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

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


def spill(days: Collection[date], spill_days: int) -> frozenset[date]:
    """Add to each day the days after it that it can change.

    >>> sorted(spill({date(2026, 11, 30)}, 1))
    [datetime.date(2026, 11, 30), datetime.date(2026, 12, 1)]
    """
    return frozenset(day + ONE_DAY * n for day in days for n in range(spill_days + 1) if day <= date.max - ONE_DAY * n)


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


def _cut(ordered: Sequence[date], cuts: Sequence[int]) -> Iterator[Days]:
    for begin, end in zip([0, *cuts], [*cuts, len(ordered)], strict=True):
        yield Days(ordered[begin], ordered[end - 1])
