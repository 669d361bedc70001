"""Sets of time as sorted, disjoint half-open ranges: what of a source has been pulled, and what has not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta

from chalicelib.sources.base import Window

Ranges = tuple[Window, ...]


def merged(ranges: Iterable[Window]) -> Ranges:
    """Answer the union: sorted, ranges that touch made one, empty ones left out.

    >>> from datetime import UTC, datetime
    >>> at = lambda hour: datetime(2026, 11, 22, hour, tzinfo=UTC)
    >>> [(r.start.hour, r.end.hour) for r in merged([Window(at(5), at(6)), Window(at(1), at(3)), Window(at(3), at(4))])]
    [(1, 4), (5, 6)]
    """
    found: list[Window] = []
    for one in sorted(ranges, key=lambda window: window.start):
        if one.start >= one.end:
            continue
        if found and one.start <= found[-1].end:
            found[-1] = Window(found[-1].start, max(found[-1].end, one.end))
        else:
            found.append(one)
    return tuple(found)


def gaps(wanted: Window, covered: Ranges) -> Iterator[Window]:
    """Answer the parts of a range that are not in ``covered``, which is sorted and disjoint.

    >>> from datetime import UTC, datetime
    >>> at = lambda hour: datetime(2026, 11, 22, hour, tzinfo=UTC)
    >>> found = gaps(Window(at(0), at(9)), (Window(at(1), at(4)), Window(at(5), at(12))))
    >>> [(r.start.hour, r.end.hour) for r in found]
    [(0, 1), (4, 5)]
    """
    start = wanted.start
    for one in covered:
        if one.end <= start:
            continue
        if one.start >= wanted.end:
            break
        if one.start > start:
            yield Window(start, one.start)
        start = one.end
    if start < wanted.end:
        yield Window(start, wanted.end)


def shared(wanted: Window, covered: Ranges) -> timedelta:
    """Answer how much of a range is in ``covered``."""
    return (wanted.end - wanted.start) - sum((gap.end - gap.start for gap in gaps(wanted, covered)), timedelta())
