"""How large the partitions of a table are, as their files stand in the store."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from chalicelib.domain.objects import ObjectStore
from chalicelib.lake import layout


def partition_sizes(store: ObjectStore, table: str, locations: Mapping[str, str]) -> dict[str, int]:
    """Answer the bytes of every partition: of its present folder, and of no older one beside it.

    Parameters
    ----------
    locations
        The folder that each partition reads.
    """
    folders: Counter[str] = Counter()
    for info in store.list(layout.table(table)):
        folders[info.key.rpartition("/")[0] + "/"] += info.size_bytes
    return {partition: folders[folder] for partition, folder in locations.items()}
