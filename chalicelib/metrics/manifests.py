"""Which files answer a question: the cube's published manifest, kept for a moment, and its partitions by time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from chalicelib.domain.clock import Clock
from chalicelib.domain.objects import ObjectStore
from chalicelib.domain.periods import Interval, next_period
from chalicelib.domain.zones import midnight, zone
from chalicelib.lake import published
from chalicelib.lake.published import DataFile, Published

_UTC = ZoneInfo("UTC")
MAX_AGE: Final = timedelta(seconds=2)
"""A page asks several questions at once; this long they share one reading of the manifest."""


class Manifests:
    """The manifests of cubes, each read at most once in :data:`MAX_AGE`."""

    def __init__(self, store: Callable[[], ObjectStore], clock: Clock, *, max_age: timedelta = MAX_AGE) -> None:
        self._store = store
        self._clock = clock
        self._max_age = max_age
        self._kept: dict[str, tuple[datetime, Published | None]] = {}

    def get(self, cube: str) -> Published | None:
        """Answer what is published of a cube, None before its first publish. Raises ``StoreUnavailable``."""
        now = self._clock()
        kept = self._kept.get(cube)
        if kept is not None and timedelta(0) <= now - kept[0] < self._max_age:
            return kept[1]
        found = published.read(self._store(), cube)
        self._kept[cube] = (now, found)
        return found


def covers(partition: str, at: ZoneInfo = _UTC) -> tuple[datetime, datetime]:
    """Answer the half-open range of time of a cube's partition: a month of UTC, a year of the reporting zone.

    Examples
    --------
    >>> [t.isoformat() for t in covers("month=2026-12")]
    ['2026-12-01T00:00:00+00:00', '2027-01-01T00:00:00+00:00']
    >>> [t.isoformat() for t in covers("year=2026", ZoneInfo("Asia/Kathmandu"))]
    ['2025-12-31T18:15:00+00:00', '2026-12-31T18:15:00+00:00']
    """
    key, _, value = partition.partition("=")
    if key == "month":
        first = date.fromisoformat(f"{value}-01")
        return midnight(first, _UTC), midnight(next_period(first, Interval.P1M), _UTC)
    first = date(int(value), 1, 1)
    return midnight(first, at), midnight(next_period(first, Interval.P1Y), at)


def files_between(manifest: Published, table: str, start: datetime, end: datetime) -> list[DataFile]:
    """Answer the files of a table's partitions that overlap ``[start, end)``, in the order of time."""
    at = zone(manifest.zone)
    found: list[DataFile] = []
    for name, partition in sorted(manifest.partitions.items()):
        of, _, key = name.partition("/")
        if of == table:
            first, last = covers(key, at)
            if first < end and start < last:
                found.extend(partition.files)
    return found
