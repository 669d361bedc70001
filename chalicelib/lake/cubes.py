"""Commits of a cube: the same chain, whose body is the whole manifest (a few entries a month, so it stays small).

A roll-up does::

    head = recover(store, catalog, cube)                       # publishes what a crash left; None: nothing yet
    seen = manifest(head).inputs                               # {"s3_access_logs": 977}
    ... writes files under layout.cube_folder(table, partition, next_seq(head), attempt) ...
    commit_cube(store, catalog, cube, head, CubeChange(...), attempt=attempt, now=clock())

and plans anew on ``CommitLost``. Losing files lie in a folder of their own attempt, where nobody reads.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain.objects import ObjectStore
from chalicelib.errors import IntegrityError
from chalicelib.lake import commits, published
from chalicelib.lake.catalog import Catalog
from chalicelib.lake.commits import Link
from chalicelib.lake.published import UTC, CubePartition, Published

KIND = "cube"


@dataclass(frozen=True, slots=True)
class CubeChange:
    """What one roll-up run changes: partitions by ``"{table}/{partition}"``, and what of its inputs it has seen.

    A partition that became empty is given with no files. ``zone`` is the one whose days the day level has.
    """

    partitions: Mapping[str, CubePartition]
    inputs: Mapping[str, int]
    watermarks: Mapping[str, datetime]
    zone: str = UTC


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a cube's commit says: all partitions, and which of them it changed."""

    partitions: Mapping[str, CubePartition]
    inputs: Mapping[str, int]
    watermarks: Mapping[str, datetime]
    changed: tuple[str, ...]
    zone: str = UTC


def next_seq(head: Link | None) -> int:
    """The ``seq`` that a commit after ``head`` would have."""
    return head.seq + 1 if head else 1


def manifest(head: Link | None) -> Manifest:
    """Read a cube's commit; an empty manifest before the first."""
    if head is None:
        return Manifest({}, {}, {}, ())
    if head.commit.kind != KIND:
        raise IntegrityError(f"commit {head.seq} of {head.commit.stream} is a {head.commit.kind}, not a cube's")
    body = head.body
    return Manifest(
        {name: CubePartition.from_dict(part) for name, part in body["partitions"].items()},
        body["inputs"],
        {name: datetime.fromisoformat(at) for name, at in body["watermarks"].items()},
        tuple(body["changed"]),
        body.get("zone", UTC),
    )


def commit_cube(
    store: ObjectStore,
    catalog: Catalog,
    cube: str,
    head: Link | None,
    change: CubeChange,
    *,
    attempt: str,
    now: datetime,
) -> Published:
    """Commit a roll-up after ``head`` and publish it. Raises ``CommitLost``, ``StoreUnavailable``."""
    before = manifest(head)
    body = {
        "partitions": {name: part.to_dict() for name, part in {**before.partitions, **change.partitions}.items()},
        "inputs": {**before.inputs, **change.inputs},
        "watermarks": {k: v.isoformat() for k, v in {**before.watermarks, **change.watermarks}.items()},
        "changed": sorted(change.partitions),
        "zone": change.zone,
    }
    drafted = commits.draft(head, cube, attempt=attempt, kind=KIND, committed_at=now, body=body)
    return publish(store, catalog, commits.append(store, drafted))


def recover(store: ObjectStore, catalog: Catalog, cube: str) -> Link | None:
    """Publish whatever is committed and not visible yet; answer the head. Raises ``IntegrityError``."""
    position = published.read(store, cube)
    start = commits.read(store, cube, position.seq) if position else None
    if position and (start is None or start.sha256 != position.commit_sha256):
        raise IntegrityError(f"commit {position.seq} of {cube} is not the one that was published")
    head = start
    for link in commits.following(store, cube, start):
        publish(store, catalog, link)
        head = link
    return head


def publish(store: ObjectStore, catalog: Catalog, link: Link) -> Published:
    """Point the catalog at a commit's folders, then move the position. Idempotent, and safe for a zombie.

    A run that was stopped for long between its two steps may point the catalog back; so the position is read last, and
    the catalog set to what stands there.
    """
    said = manifest(link)
    _point(catalog, {name: said.partitions[name] for name in said.changed})
    target = Published(
        link.commit.stream,
        link.seq,
        link.sha256,
        link.commit.committed_at,
        said.inputs,
        said.watermarks,
        said.partitions,
        said.zone,
    )
    standing = published.advance(store, target)
    if standing.seq != link.seq:
        _point(catalog, {name: standing.partitions[name] for name in said.changed})
    return standing


def _point(catalog: Catalog, partitions: Mapping[str, CubePartition]) -> None:
    by_table: dict[str, dict[str, str]] = defaultdict(dict)
    for name, partition in sorted(partitions.items()):
        table, _, key = name.partition("/")
        by_table[table][key] = partition.location
    for table, locations in by_table.items():
        catalog.set_locations(table, locations)
