"""A lake in memory, and the local Athena's engine in Athena's place, for the tests of the roll-up."""

from __future__ import annotations

import hashlib
import io
import re
import warnings
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.parquet as pq

from chalicelib.aws.athena import literal
from chalicelib.domain.objects import ObjectInfo, StoredObject
from chalicelib.errors import ObjectNotFound, PreconditionFailed
from chalicelib.lake import commits, published
from chalicelib.lake.schemas import ID_CONFLICT, lake_columns, partition_of
from chalicelib.lake.steps import Kind, StagedFile, Step
from chalicelib.lake.writer import ARROW_TYPES
from chalicelib.metrics.cube import Cube
from chalicelib.metrics.rollup import Rollup
from chalicelib.sources.base import Table, Window
from chalicelib.sources.registry import SOURCES
from chalicelib.sql.views import views
from infra.local.athena.engine import Engine
from infra.local.athena.guard import check
from infra.local.athena.parse import parse
from infra.local.athena.statement import Query
from infra.local.athena.translate import Context, to_duckdb

UTC_ZONE = ZoneInfo("UTC")
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
TABLES: dict[str, tuple[str, Table]] = {
    table.name: (stream, table) for stream, source in SOURCES.items() for table in source.tables
}


class MemoryStore:
    """One bucket in memory, with exact conditional writes."""

    def __init__(self) -> None:
        self.objects: dict[str, tuple[bytes, str, Mapping[str, str]]] = {}

    def get(self, key: str) -> StoredObject:
        body, etag, metadata = self._found(key)
        return StoredObject(key, body, etag, NOW, metadata)

    def head(self, key: str) -> ObjectInfo:
        body, etag, metadata = self._found(key)
        return ObjectInfo(key, len(body), etag, NOW, metadata)

    def put(
        self,
        key: str,
        body: bytes,
        *,
        if_none_match: bool = False,
        if_match: str | None = None,
        metadata: Mapping[str, str] | None = None,
        content_type: str = "application/octet-stream",
    ) -> str:
        standing = self.objects.get(key)
        if (if_none_match and standing) or (if_match and (standing is None or standing[1] != if_match)):
            raise PreconditionFailed(key)
        etag = hashlib.md5(body, usedforsecurity=False).hexdigest()
        self.objects[key] = (body, etag, metadata or {})
        return etag

    def copy(self, source: str, target: str, *, metadata: Mapping[str, str] | None = None) -> str:
        return self.put(target, self._found(source)[0], metadata=metadata)

    def list(self, prefix: str, *, start_after: str = "") -> Iterator[ObjectInfo]:
        for key in sorted(self.objects):
            if key.startswith(prefix) and key > start_after:
                yield self.head(key)

    def delete(self, key: str) -> None:
        self.objects.pop(key, None)

    def _found(self, key: str) -> tuple[bytes, str, Mapping[str, str]]:
        if key not in self.objects:
            raise ObjectNotFound(key)
        return self.objects[key]


class MemoryCatalog:
    """Partitions in memory."""

    def __init__(self) -> None:
        self.partitions: dict[tuple[str, str], str] = {}

    def add_partitions(self, table: str, locations: Mapping[str, str]) -> None:
        for name, location in locations.items():
            self.partitions.setdefault((table, name), location)

    def set_locations(self, table: str, locations: Mapping[str, str]) -> None:
        for name, location in locations.items():
            self.partitions[table, name] = location

    def location(self, table: str, partition: str) -> str | None:
        return self.partitions.get((table, partition))


def in_duckdb(sql: str, literals: Sequence[str]) -> str:
    """Translate one Trino statement as the local Athena does, which knows what DuckDB means otherwise."""
    places = tuple(f"'0001-01-01 place {n:03}'" for n in range(len(literals)))
    translated = _translated(sql, places)
    for place, value in zip(places, literals, strict=True):
        assert place in translated
        translated = translated.replace(place, value)
    return translated


@cache
def _translated(sql: str, places: tuple[str, ...]) -> str:
    """Translate a statement once, whatever its parameters will be: that takes longer than to run it on a few rows."""
    parsed = parse(sql, places)
    assert isinstance(parsed, Query)
    check(parsed.tree)
    return to_duckdb(parsed.tree, Context(NOW))


def without_zones(table: pa.Table) -> pa.Table:
    """Glue's ``timestamp`` has no zone."""
    fields = [
        pa.field(field.name, pa.timestamp("us") if pa.types.is_timestamp(field.type) else field.type)
        for field in table.schema
    ]
    return table.cast(pa.schema(fields))


def with_views(sql: str) -> str:
    """Put the views that a statement reads before it; Athena has them in its catalog."""
    read = [view for name, view in views().items() if re.search(rf"\b{name}\b", sql)]
    return "WITH " + ", ".join(f"{view.name} AS ({view.sql})" for view in read) + " " + sql if read else sql


@dataclass
class RawTables:
    """The rows that upstream has made visible, by table."""

    rows: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))

    def arrow(self, name: str) -> pa.Table:
        _, table = TABLES[name]
        rows = [{ID_CONFLICT.name: False, **row} for row in self.rows[name]]
        known = lake_columns(table)
        columns = [pa.array([row.get(c.name) for row in rows], ARROW_TYPES[c.type]) for c in known]
        days = pa.array([partition_of(table, row).removeprefix("dt=") for row in rows], pa.string())
        return pa.Table.from_arrays([*columns, days], names=[*(column.name for column in known), "dt"])


class DuckEngine:
    """Runs the Trino statements over the raw tables, and counts the raw rows that it was let to read."""

    def __init__(self, store: MemoryStore, raw: RawTables) -> None:
        self.store, self.raw = store, raw
        self.calls: list[tuple[str, ...]] = []
        self.before_write: Callable[[], None] = lambda: None
        self._engine: Engine | None = None

    def unload(self, sql: str, parameters: Sequence[str], prefix: str) -> object:
        assert not list(self.store.list(prefix)), "UNLOAD wants an empty folder"
        self.calls.append(tuple(parameters))
        sql = with_views(sql)
        translated = in_duckdb(sql, [literal(value) for value in parameters])
        engine = self._engine = self._engine or Engine(Path("no-files"), threads=1, memory="1GB")
        for name in set(re.findall(r"\w+", sql)):
            if name in TABLES:
                engine.connection.register(name, without_zones(self.raw.arrow(name)))
        engine.prepare(translated)
        with warnings.catch_warnings():  # DuckDB would rather not be asked for Arrow in this way
            warnings.simplefilter("ignore")
            result = engine.run(translated).to_arrow_table()
        self.before_write()
        self._write(result, prefix)
        return None

    def _write(self, result: pa.Table, prefix: str) -> None:
        """Write as Athena does: several files, not sorted, none when there are no rows."""
        for number, offset in enumerate(range(0, len(result), 50)):
            sink = io.BytesIO()
            pq.write_table(result.slice(offset, 50), sink, use_deprecated_int96_timestamps=number % 2 == 0)
            self.store.put(f"{prefix}{number}", sink.getvalue())


@dataclass
class Lake:
    """Upstream streams and the roll-up over them."""

    store: MemoryStore = field(default_factory=MemoryStore)
    catalog: MemoryCatalog = field(default_factory=MemoryCatalog)
    raw: RawTables = field(default_factory=RawTables)
    attempts: int = 0
    zone: ZoneInfo = UTC_ZONE

    def __post_init__(self) -> None:
        self.engine = DuckEngine(self.store, self.raw)

    def rollup(self) -> Rollup:
        return Rollup(self.store, self.catalog, self.engine, lambda: NOW, self.new_attempt, self.zone)

    def new_attempt(self) -> str:
        self.attempts += 1
        return f"a{self.attempts}"

    def publish(
        self,
        stream: str,
        rows: Mapping[str, Sequence[Mapping[str, Any]]],
        *,
        kind: Kind = Kind.SEAL,
        watermark: datetime = NOW,
        visible: bool = True,
    ) -> int:
        """Commit rows of a stream's tables, as the sealer would."""
        head = commits.find_head(self.store, stream)
        seq = head.seq + 1 if head else 1
        files = tuple(self._file(stream, seq, name, day) for name, day in self._days(rows))
        step = Step(window=Window(watermark - timedelta(minutes=15), watermark), watermark=watermark, files=files)
        link = commits.append(
            self.store,
            commits.draft(head, stream, attempt=f"u{seq}", kind=kind, committed_at=NOW, body=step.to_body()),
        )
        if kind != Kind.COMPACTION:
            for name, added in rows.items():
                assert TABLES[name][0] == stream
                self.raw.rows[name] += [dict(row) for row in added]
        if visible:
            published.advance(self.store, published.Published(stream, link.seq, link.sha256, NOW))
        return seq

    def cube_rows(self, table: str) -> list[dict[str, Any]]:
        """Read a cube's level through its manifest, as the API does."""
        position = published.read(self.store, table.removesuffix("_day"))
        assert position is not None
        files = [
            file.key
            for name, partition in sorted(position.partitions.items())
            if name.startswith(f"{table}/")
            for file in partition.files
        ]
        return [row for key in files for row in pq.read_table(io.BytesIO(self.store.get(key).body)).to_pylist()]

    def both_levels(self, cube: Cube) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        return ordered(cube, self.cube_rows(cube.name)), ordered(cube, self.cube_rows(f"{cube.name}_day"))

    @staticmethod
    def _days(rows: Mapping[str, Sequence[Mapping[str, Any]]]) -> Iterable[tuple[str, str]]:
        return sorted({(name, partition_of(TABLES[name][1], row)) for name, added in rows.items() for row in added})

    @staticmethod
    def _file(stream: str, seq: int, table: str, partition: str) -> StagedFile:
        return StagedFile("staged", f"lake/{table}/{partition}/v/{stream}-{seq}.parquet", table, partition, 1, 1, "")


def ordered(cube: Cube, rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Sort rows by the cube's key."""
    return sorted((dict(row) for row in rows), key=lambda row: [str(row[name]) for name in cube.key])
