"""What Athena computed becomes one fat, sorted, typed file a partition, beside what nobody touched.

Untouched rows are copied from the files that the cube's own commit names: those never change, so no race of the
catalog can slip another version in between.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from chalicelib.errors import IntegrityError
from chalicelib.lake.writer import ARROW_TYPES
from chalicelib.metrics.cube import BUCKET_START, Cube, CubeTable
from chalicelib.metrics.touched import Span

_ROW_GROUP = 1_000_000


def schema(table: CubeTable) -> pa.Schema:
    """Answer the Arrow schema of a cube's files."""
    return pa.schema([pa.field(column.name, ARROW_TYPES[column.type]) for column in table.columns])


def read(table: CubeTable, bodies: Iterable[bytes]) -> pa.Table:
    """Read files of a level, or what its statement gave, in the cube's types. No files: no rows.

    Raises ``IntegrityError`` when a column is missing or a value does not fit.
    """
    wanted = schema(table)
    parts = [_conform(pq.ParquetFile(pa.BufferReader(body)).read(), wanted, table.name) for body in bodies]
    return pa.concat_tables(parts) if parts else wanted.empty_table()


def computed(cube: Cube, bodies: Iterable[bytes], touched: Sequence[Span]) -> pa.Table:
    """Read what a cube's statement gave for the touched spans.

    Raises ``IntegrityError`` when a bucket has two rows for the same key, a row lies outside the spans, or a column is
    wrong: then the statement is wrong, and nothing may be published.
    """
    rows = read(cube.quarter_hours, bodies)
    if len(rows) != len(within(rows, touched)):
        raise IntegrityError(f"{cube.name}: the statement gave rows of days that were not asked for")
    if len(rows.group_by(list(cube.key)).aggregate([])) != len(rows):
        raise IntegrityError(f"{cube.name}: two rows for the same {', '.join(cube.key)}")
    return rows


def days(bodies: Iterable[bytes]) -> frozenset[date]:
    """Read the column ``day`` of what a statement of touched days gave."""
    tables = (pq.ParquetFile(pa.BufferReader(body)).read() for body in bodies)
    return frozenset(day for table in tables for day in table["day"].to_pylist() if day is not None)


def by_partition(table: CubeTable, rows: pa.Table, zone: ZoneInfo) -> dict[str, pa.Table]:
    """Split rows by the partition that their bucket lies in: by the UTC day, or that of ``zone`` for the day level."""
    names = each(rows[BUCKET_START.name], lambda at: table.partition(at.astimezone(zone).date()), pa.string())
    return {name: rows.filter(pc.equal(names, name)) for name in pc.unique(names).to_pylist()}


def merge(table: CubeTable, old: pa.Table, fresh: pa.Table, touched: Sequence[Span]) -> pa.Table:
    """Put ``fresh`` rows in the place of the ``old`` ones of the touched spans; sorted by the level's key."""
    rows = pa.concat_tables([within(old, touched, inside=False), fresh])
    return rows.sort_by([(name, "ascending") for name in table.sort_by])


def within(rows: pa.Table, spans: Sequence[Span], *, inside: bool = True) -> pa.Table:
    """Answer the rows whose buckets begin in one of the spans, or in none."""
    starts = rows[BUCKET_START.name]
    hit = pa.chunked_array([pa.repeat(False, len(rows))])
    for span in spans:
        hit = pc.or_(hit, pc.and_(pc.greater_equal(starts, _scalar(span.start)), pc.less(starts, _scalar(span.end))))
    return rows.filter(hit if inside else pc.invert(hit))


def each(column: pa.ChunkedArray, change: Callable[[Any], Any], to: pa.DataType) -> pa.ChunkedArray:
    """Answer a column whose values are changed by a function, called once for each different value."""
    encoded = column.combine_chunks().dictionary_encode()
    changed = pa.array([change(value) for value in encoded.dictionary.to_pylist()], to)
    return pa.chunked_array([changed.take(encoded.indices)])


def to_parquet(rows: pa.Table, table: CubeTable) -> bytes:
    """Write a partition's one file."""
    sink = pa.BufferOutputStream()
    sorting = [pq.SortingColumn(rows.schema.get_field_index(name)) for name in table.sort_by]
    pq.write_table(
        rows,
        sink,
        compression="zstd",
        compression_level=3,
        use_dictionary=True,
        row_group_size=_ROW_GROUP,
        sorting_columns=sorting,
    )
    return bytes(sink.getvalue())


def _scalar(instant: datetime) -> pa.Scalar:
    return pa.scalar(instant.astimezone(UTC), ARROW_TYPES[BUCKET_START.type])


def _conform(data: pa.Table, wanted: pa.Schema, name: str) -> pa.Table:
    """Cast to the declared types; engines write UTC instants with and without a zone, in 96 bits or in microseconds."""
    if missing := set(wanted.names) - set(data.schema.names):
        raise IntegrityError(f"{name}: column {', '.join(sorted(missing))} is missing")
    try:
        return pa.Table.from_arrays([_column(data[f.name], f.type) for f in wanted], schema=wanted)
    except pa.ArrowInvalid as error:
        raise IntegrityError(f"{name}: a value does not fit its column: {error}") from error


def _column(values: pa.ChunkedArray, wanted: pa.DataType) -> pa.ChunkedArray:
    if pa.types.is_timestamp(values.type) and values.type.tz is None:
        values = pc.assume_timezone(values, "UTC")
    return values.cast(wanted)
