"""Tiny cubes in memory for the readers' tests: Parquet files, their day level and the published manifest."""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.parquet as pq

from chalicelib.domain.objects import ObjectStore
from chalicelib.domain.zones import midnight
from chalicelib.lake import layout
from chalicelib.lake.published import CubePartition, DataFile, Published
from chalicelib.metrics.cube import Adds, Cube, CubeTable
from chalicelib.sources.base import ColumnType

Rows = list[dict[str, Any]]
TYPES = {
    ColumnType.STRING: pa.string(),
    ColumnType.BOOL: pa.bool_(),
    ColumnType.INT64: pa.int64(),
    ColumnType.DECIMAL: pa.decimal128(38, 9),
    ColumnType.TIMESTAMP: pa.timestamp("us"),
}


def day_level(cube: Cube, rows: Iterable[Mapping[str, Any]], at: ZoneInfo) -> Rows:
    """Roll 15-minute rows up to days of a zone: counters summed, gauges the last that is there, members once."""
    days: dict[tuple[Any, ...], dict[str, Any]] = {}
    for row in sorted(rows, key=lambda r: r["bucket_start"]):
        start = midnight(row["bucket_start"].astimezone(at).date(), at)
        names = {d.name: row.get(d.name) for d in cube.keys}
        day = days.setdefault((start, *names.values()), {"bucket_start": start, **names})
        for measure in cube.measures:
            value = row.get(measure.name)
            if measure.adds is Adds.SUM:
                day[measure.name] = day.get(measure.name, 0) + (value or 0)
            elif value is not None:
                day[measure.name] = value
    return list(days.values())


def publish(
    store: ObjectStore,
    cube: Cube,
    rows: Rows,
    watermarks: Mapping[str, datetime] | None = None,
    *,
    seq: int = 1,
    reporting: str = "UTC",
) -> Published:
    """Write a cube's files and its manifest; the day level has the days of the zone ``reporting``."""
    zone = ZoneInfo(reporting)
    partitions: dict[str, CubePartition] = {}
    levels = ((cube.quarter_hours, rows, ZoneInfo("UTC")), (cube.days, day_level(cube, rows, zone), zone))
    for table, level, at in levels:
        parts: dict[str, Rows] = defaultdict(list)
        for row in level:
            parts[table.partition(row["bucket_start"].astimezone(at).date())].append(row)
        for name, of in parts.items():
            location = layout.cube_folder(table.name, name, seq, "test")
            body = parquet(table, of)
            store.put(f"{location}part-0.parquet", body)
            partitions[f"{table.name}/{name}"] = CubePartition(
                location, (DataFile(f"{location}part-0.parquet", len(body)),)
            )
    now = datetime(2026, 11, 22, 12, tzinfo=UTC)
    manifest = Published(cube.name, seq, f"{seq:064x}", now, {}, watermarks or {}, partitions, reporting)
    store.put(layout.published(cube.name), manifest.to_json())
    return manifest


def parquet(table: CubeTable, rows: Rows) -> bytes:
    """Write rows as a file of the lake: UTC timestamps without a zone, zstd."""
    columns = {
        c.name: pa.array(
            [_naive(row.get(c.name)) for row in rows],
            TYPES[c.type],
        )
        for c in table.columns
    }
    buffer = io.BytesIO()
    pq.write_table(pa.table(columns), buffer, compression="zstd")
    return buffer.getvalue()


def _naive(value: Any) -> Any:
    return value.replace(tzinfo=None) if isinstance(value, datetime) else value
