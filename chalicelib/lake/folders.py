"""Which folder of a compacted partition is current: a small object per partition that moves only to a higher ``seq``.

Glue cannot refuse a stale write, this can. A run that was stopped for long and wakes to point the catalog at an old
folder reads the pointer again afterwards and sets the catalog right; :func:`heal` does it for one that died in between.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime

from chalicelib.domain.objects import ObjectStore
from chalicelib.errors import ObjectNotFound, PreconditionFailed, StoreUnavailable, WriteConflict
from chalicelib.lake import layout
from chalicelib.lake.catalog import Catalog
from chalicelib.lake.commits import canonical

_TRIES = 8


def current(store: ObjectStore, stream: str, table: str, partition: str) -> str:
    """Answer the folder into which the next commit publishes. Exact once all commits below it are published."""
    return layout.folder(table, partition, _read(store, stream, table, partition)[0])


def since(store: ObjectStore, stream: str, table: str, partition: str) -> datetime | None:
    """Answer when the current folder became current, by the store's clock; None for a first folder."""
    return _read(store, stream, table, partition)[2]


def flip(store: ObjectStore, catalog: Catalog, stream: str, seq: int, partitions: Iterable[str]) -> None:
    """Make the folder of ``seq`` the current one of partitions (``"table/dt=…"``), unless a newer one is."""
    for name in partitions:
        table, _, partition = name.partition("/")
        _raise_to(store, stream, table, partition, seq)
        heal(store, catalog, stream, table, partition)


def heal(store: ObjectStore, catalog: Catalog, stream: str, table: str, partition: str) -> None:
    """Set the catalog to the pointer, and look again: the pointer may have moved while the catalog was asked."""
    folder = current(store, stream, table, partition)
    while True:
        if catalog.location(table, partition) != folder:
            catalog.set_locations(table, {partition: folder})
        latest = current(store, stream, table, partition)
        if latest == folder:
            return
        folder = latest


def _read(store: ObjectStore, stream: str, table: str, partition: str) -> tuple[int, str | None, datetime | None]:
    try:
        found = store.get(layout.folder_pointer(stream, table, partition))
    except ObjectNotFound:
        return 0, None, None
    return int(json.loads(found.body)["seq"]), found.etag, found.modified_at


def _raise_to(store: ObjectStore, stream: str, table: str, partition: str, seq: int) -> None:
    for _ in range(_TRIES):
        standing, etag, _ = _read(store, stream, table, partition)
        if standing >= seq:
            return
        try:
            store.put(
                layout.folder_pointer(stream, table, partition),
                canonical({"seq": seq, "folder": layout.folder(table, partition, seq)}),
                if_none_match=etag is None,
                if_match=etag,
                content_type="application/json",
            )
        except (PreconditionFailed, WriteConflict, StoreUnavailable):
            continue
        return
    raise StoreUnavailable(f"the folder of {table}/{partition} could not be moved to {seq} in {_TRIES} tries")
