"""The files of a query: listed, fetched, and shown to DuckDB as one view per mention of a table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from urllib.parse import quote

import pyarrow.parquet as pq

from infra.local.athena.binding import Reference
from infra.local.athena.catalog import Partition, Table
from infra.local.athena.errors import QueryFailure
from infra.local.athena.locations import Location
from infra.local.athena.objects import ObjectStore, StoredObject
from infra.local.athena.pruning import NULL_VALUE
from infra.local.athena.types import duckdb_type, identifier, literal


@dataclass(frozen=True, slots=True)
class Footer:
    """What a Parquet file says of itself, by lower-case column name: compressed bytes, and the name as written."""

    bytes_by_column: Mapping[str, int]
    written_names: Mapping[str, str]
    rows: int = 0


@dataclass(frozen=True, slots=True)
class ScannedTable:
    """A mention of a table with what it will read: the partitions that matter of all ``known``, and their files."""

    reference: Reference
    files: tuple[tuple[StoredObject, Partition | None], ...]
    partitions: tuple[Partition, ...] = ()
    known: int = 0


@dataclass(frozen=True, slots=True)
class Fetched:
    """A scan whose files are here: the statement that makes its view, the rows, and the bytes of the columns read."""

    scan: ScannedTable
    view: str
    rows: int
    scanned: int


@lru_cache(maxsize=20_000)
def footer(content_name: str, path: Path) -> Footer:
    """The footer of a fetched object; ``content_name`` makes the cache right, ``path`` is where it is now."""
    del content_name
    try:
        metadata = pq.read_metadata(path)
    except (OSError, ValueError) as error:  # pyarrow's errors derive from these
        raise QueryFailure("HIVE_BAD_DATA", f"Not a Parquet file: {error}") from error
    sizes: dict[str, int] = {}
    for group in range(metadata.num_row_groups):
        for at in range(metadata.num_columns):
            chunk = metadata.row_group(group).column(at)
            top = chunk.path_in_schema.split(".")[0].lower()
            sizes[top] = sizes.get(top, 0) + chunk.total_compressed_size
    names = metadata.schema.to_arrow_schema().names
    return Footer(
        {name.lower(): sizes.get(name.lower(), 0) for name in names},
        {name.lower(): name for name in names},
        metadata.num_rows,
    )


def plan(kept: Sequence[tuple[Reference, Sequence[Partition], int]], objects: ObjectStore) -> list[ScannedTable]:
    """List what the mentions read, each table once: what is flipped or written later changes nothing in this query."""
    wanted: dict[tuple[str, str], list[Location]] = {}
    for reference, partitions, _ in kept:
        places = [place for place, _ in _places(reference.table, partitions)]
        wanted.setdefault(reference.table.key, []).extend(places)
    found: dict[Location, Sequence[StoredObject]] = {}
    for locations in wanted.values():
        found |= zip(locations, objects.list_all(locations), strict=True)
    return [
        ScannedTable(
            reference,
            tuple((stored, p) for place, p in _places(reference.table, partitions) for stored in found[place]),
            tuple(partitions),
            known,
        )
        for reference, partitions, known in kept
    ]


def _places(table: Table, partitions: Sequence[Partition]) -> list[tuple[Location, Partition | None]]:
    if not table.partition_keys:
        return [(Location.parse(table.location), None)]
    return [(Location.parse(partition.location), partition) for partition in partitions]


def local_path(folder: Path, view: str, at: int, table: Table, partition: Partition | None) -> Path:
    """Where a file is put: the folder names carry the partition's values to DuckDB."""
    place = folder / view
    for key, value in zip(table.partition_keys, partition.values if partition else (), strict=partition is not None):
        place /= f"{key.name}={NULL_VALUE if value == NULL_VALUE else quote(value, safe='')}"
    return place / f"{at:06d}.parquet"


def fetch(scans: Iterable[ScannedTable], objects: ObjectStore, folder: Path) -> list[Fetched]:
    """Fetch everything, and look at what it is."""
    out = []
    wanted: list[tuple[StoredObject, Path]] = []
    places: list[tuple[ScannedTable, list[Path]]] = []
    for scan in scans:
        table = scan.reference.table
        paths = [
            local_path(folder, scan.reference.view, at, table, partition)
            for at, (_, partition) in enumerate(scan.files)
        ]
        for path in paths:
            path.parent.mkdir(parents=True, exist_ok=True)
        wanted += [(stored, path) for (stored, _), path in zip(scan.files, paths, strict=True)]
        places.append((scan, paths))
    objects.fetch(wanted)
    for scan, paths in places:
        footers = [footer(stored.content_name, path) for (stored, _), path in zip(scan.files, paths, strict=True)]
        scanned = sum(f.bytes_by_column.get(name, 0) for f in footers for name in scan.reference.columns)
        view = view_sql(scan.reference, paths, footers)
        out.append(Fetched(scan, view, sum(f.rows for f in footers), scanned))
    return out


def view_sql(reference: Reference, paths: Sequence[Path], footers: Sequence[Footer]) -> str:
    """The view of one mention: Glue's columns in Glue's types, then the keys; null where a file lacks a column."""
    table = reference.table
    written: dict[str, str] = {}
    for one in footers:
        written.update(one.written_names)
    if not paths:
        columns = [
            f"CAST(NULL AS {duckdb_type(c.type)}) AS {identifier(c.name)}"
            for c in (*table.columns, *table.partition_keys)
        ]
        return f'CREATE VIEW "{reference.view}" AS SELECT {", ".join(columns)} WHERE false'
    columns = [_column(c.name, c.type, written) for c in table.columns]
    keys = ((identifier(key.name), duckdb_type(key.type)) for key in table.partition_keys)
    columns += [f"CAST({key} AS {kind}) AS {key}" for key, kind in keys]
    files = ", ".join(literal(str(path)) for path in paths)
    options = "union_by_name = true"
    if table.partition_keys:
        types = ", ".join(f"{literal(key.name)}: VARCHAR" for key in table.partition_keys)
        options += f", hive_partitioning = true, hive_types = {{{types}}}"
    else:
        options += ", hive_partitioning = false"
    return f'CREATE VIEW "{reference.view}" AS SELECT {", ".join(columns)} FROM read_parquet([{files}], {options})'


def _column(name: str, glue: str, written: Mapping[str, str]) -> str:
    kind = duckdb_type(glue)
    if name not in written:
        return f"CAST(NULL AS {kind}) AS {identifier(name)}"
    value = f"CAST({identifier(written[name])} AS {kind})"
    if kind == "TIMESTAMP":  # Athena's timestamps have three digits; its reader rounds what has more
        value = f"tr_round_ms({value})"
    return f"{value} AS {identifier(name)}"
