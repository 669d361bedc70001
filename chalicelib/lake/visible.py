"""Which files of a table readers see: they follow from one listing, up to what is published."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from chalicelib.domain.objects import ObjectStore
from chalicelib.lake import layout
from chalicelib.lake.published import DataFile, Published


@dataclass(frozen=True, slots=True)
class VisibleFile:
    """One file that readers see; ``partition`` is ``dt=2026-11-22``, ``month=2026-11``."""

    partition: str
    file: DataFile


def table_files(store: ObjectStore, position: Published, table: str) -> Iterator[VisibleFile]:
    """Answer the files of a table that readers see, oldest partition first.

    Of each partition: the folder of the last compaction that is published, and in it what published commits have put
    there.
    """
    folders: dict[str, dict[int, list[DataFile]]] = {}
    for info in store.list(layout.table(table)):
        _, partition, folder, seq = layout.parse_data(info.key)
        if folder <= position.seq and (seq is None or seq <= position.seq):
            folders.setdefault(partition, {}).setdefault(folder, []).append(DataFile(info.key, info.size_bytes))
    for partition, by_folder in sorted(folders.items()):
        yield from (VisibleFile(partition, file) for file in by_folder[max(by_folder)])
