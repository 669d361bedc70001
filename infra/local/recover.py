"""Point a catalog that has forgotten its partitions at the data again, from what the lake itself says.

S3 is the truth: a killed local AWS keeps its objects and loses its Glue. Tables of sources are found by their files,
the current folder of a compacted partition by its pointer, cubes by their published manifest. Doing it again changes
nothing.
"""

from __future__ import annotations

from collections.abc import Iterable

from chalicelib.domain.objects import ObjectStore
from chalicelib.lake import folders, layout, published
from chalicelib.lake.catalog import Catalog
from chalicelib.sources.base import Source


def recover_table(store: ObjectStore, catalog: Catalog, stream: str, table: str) -> int:
    """Add every partition of a source's table that has a file; answer how many there are."""
    partitions = {layout.parse_data(info.key)[1] for info in store.list(layout.table(table))}
    catalog.set_locations(table, {name: folders.current(store, stream, table, name) for name in partitions})
    return len(partitions)


def recover_cube(store: ObjectStore, catalog: Catalog, cube: str) -> int:
    """Add every partition that a cube's manifest names; answer how many there are."""
    manifest = published.read(store, cube)
    found = manifest.partitions if manifest else {}
    for table in {name.partition("/")[0] for name in found}:
        locations = {n.partition("/")[2]: part.location for n, part in found.items() if n.startswith(f"{table}/")}
        catalog.set_locations(table, locations)
    return len(found)


def recover(store: ObjectStore, catalog: Catalog, sources: Iterable[Source], cubes: Iterable[str]) -> int:
    """Everything; answer the number of partitions."""
    tables = [(source.name, table.name) for source in sources for table in source.tables]
    found = sum(recover_table(store, catalog, stream, table) for stream, table in tables)
    return found + sum(recover_cube(store, catalog, cube) for cube in cubes)
