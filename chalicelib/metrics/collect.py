"""Old versions of a cube's partitions are deleted when nobody can be reading them any more."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from chalicelib.domain.objects import ObjectStore
from chalicelib.errors import IntegrityError
from chalicelib.lake import commits, layout, published
from chalicelib.lake.commits import Link
from chalicelib.lake.cubes import manifest
from chalicelib.metrics.cube import Cube

KEPT = timedelta(days=1)
"""A version is kept this long after another took its place: longer than any query or any API process reads on."""


def collect(store: ObjectStore, cube: Cube, now: datetime) -> int:
    """Delete what no commit of the last day names, losers' folders included, and answer how many objects that were.

    Folders above the head may belong to a run that is about to commit, and stay. Raises ``StoreUnavailable``,
    ``IntegrityError``.
    """
    head = _head(store, cube.name)
    if head is None:
        return 0
    kept = {location for link in _recent(store, head, now - KEPT) for location in _locations(link)}
    doomed = [
        found.key
        for table in cube.tables
        for found in store.list(layout.table(table.name))
        if _is_old(found.key, head.seq, kept)
    ]
    for key in doomed:
        store.delete(key)
    return len(doomed)


def _head(store: ObjectStore, cube: str) -> Link | None:
    position = published.read(store, cube)
    return commits.find_head(store, cube, commits.read(store, cube, position.seq) if position else None)


def _recent(store: ObjectStore, head: Link, since: datetime) -> Iterator[Link]:
    """Read the commits that were current at or after an instant, the newest first."""
    link = head
    yield link
    while link.commit.committed_at >= since and link.seq > 1:
        before = commits.read(store, head.commit.stream, link.seq - 1)
        if before is None:
            raise IntegrityError(f"commit {link.seq - 1} of {head.commit.stream} is gone: nothing is deleted")
        link = before
        yield link


def _locations(link: Link) -> Iterator[str]:
    return (partition.location for partition in manifest(link).partitions.values())


def _is_old(key: str, head_seq: int, kept: set[str]) -> bool:
    location, seq = layout.parse_cube_file(key)
    return seq <= head_seq and location not in kept
