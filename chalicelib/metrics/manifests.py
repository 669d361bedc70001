"""Which files answer a question: the cube's published manifest, kept for a moment, and its partitions by time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final

from chalicelib.domain.clock import Clock
from chalicelib.domain.objects import ObjectStore
from chalicelib.lake import published
from chalicelib.lake.published import DataFile, Published

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


def covers(partition: str) -> tuple[datetime, datetime]:
    """Answer the half-open range of time of a cube's partition.

    Examples
    --------
    >>> [t.isoformat() for t in covers("month=2026-12")]
    ['2026-12-01T00:00:00+00:00', '2027-01-01T00:00:00+00:00']
    >>> [t.year for t in covers("year=2026")]
    [2026, 2027]
    """
    key, _, value = partition.partition("=")
    start = datetime.strptime(value, {"month": "%Y-%m", "year": "%Y"}[key]).replace(tzinfo=UTC)
    following = start + timedelta(days=31 if key == "month" else 366)
    return start, following.replace(day=1, month=following.month if key == "month" else 1)


def files_between(manifest: Published, table: str, start: datetime, end: datetime) -> list[DataFile]:
    """Answer the files of a table's partitions that overlap ``[start, end)``, in the order of time."""
    found: list[DataFile] = []
    for name, partition in sorted(manifest.partitions.items()):
        of, _, key = name.partition("/")
        if of == table:
            first, last = covers(key)
            if first < end and start < last:
                found.extend(partition.files)
    return found
