"""What Athena computed becomes one fat, sorted, typed file a partition, beside the days that nobody touched.

Untouched days are copied from the files that the cube's own commit names: those never change, so no race of the
catalog can slip another version in between.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from chalicelib.errors import IntegrityError
from chalicelib.lake.writer import ARROW_TYPES
from chalicelib.metrics.cube import BUCKET_START, Cube, CubeTable, Level
from chalicelib.metrics.touched import Days

_LEVEL = "level"
_ROW_GROUP = 1_000_000


@dataclass(frozen=True, slots=True)
class Packed:
    """The one file of a partition's new version."""

    body: bytes
    rows: int


def schema(table: CubeTable) -> pa.Schema:
    """Answer the Arrow schema of a cube's files."""
    return pa.schema([pa.field(column.name, ARROW_TYPES[column.type]) for column in table.columns])


def read_computed(cube: Cube, bodies: Iterable[bytes]) -> pa.Table:
    """Read what the statement gave, both levels, in the cube's types. No files: no rows.

    Raises ``IntegrityError`` when a column is missing or a value does not fit.
    """
    wanted = schema(cube.quarter_hours).insert(0, pa.field(_LEVEL, pa.string()))
    parts = [_conform(_read(body), wanted, cube.name) for body in bodies]
    return pa.concat_tables(parts) if parts else wanted.empty_table()


def of_level(computed: pa.Table, level: Level) -> pa.Table:
    """Answer the rows of one level, without the column that says so."""
    return computed.filter(pc.equal(computed[_LEVEL], level.value)).drop_columns([_LEVEL])


def by_partition(table: CubeTable, rows: pa.Table) -> dict[str, pa.Table]:
    """Split rows by the partition that their bucket lies in."""
    starts = rows[BUCKET_START.name]
    pattern = "%Y-%m" if table.partition_key == "month" else "%Y"
    names = pc.strftime(starts, format=pattern)
    return {
        f"{table.partition_key}={name}": rows.filter(pc.equal(names, name)) for name in pc.unique(names).to_pylist()
    }


def pack(table: CubeTable, old: Sequence[bytes], computed: pa.Table, touched: Sequence[Days]) -> Packed | None:
    """Write a partition's new version: ``computed`` for the touched days, the ``old`` files' rows for all others.

    Answers None when nothing is left. Raises ``IntegrityError`` when a bucket has two rows for the same dimensions or
    a computed row lies outside the touched days: then the statement is wrong, and nothing may be published.
    """
    wanted = schema(table)
    if len(computed) != len(_within(computed, touched, inside=True)):
        raise IntegrityError(f"{table.name}: the statement gave rows of days that were not asked for")
    kept = [_within(_conform(_read(body), wanted, table.name), touched, inside=False) for body in old]
    rows = pa.concat_tables([*kept, computed.cast(wanted)]).sort_by([(name, "ascending") for name in table.sort_by])
    if not len(rows):
        return None
    if len(rows.group_by(list(table.sort_by)).aggregate([])) != len(rows):
        raise IntegrityError(f"{table.name}: two rows for the same {', '.join(table.sort_by)}")
    return Packed(_written(rows, table), len(rows))


def _within(rows: pa.Table, touched: Sequence[Days], *, inside: bool) -> pa.Table:
    dates = rows[BUCKET_START.name].cast(pa.date32())  # of instants in UTC: UTC dates
    hit = pa.chunked_array([pa.repeat(False, len(rows))])
    for days in touched:
        hit = pc.or_(hit, pc.and_(pc.greater_equal(dates, days.first), pc.less_equal(dates, days.last)))
    return rows.filter(hit if inside else pc.invert(hit))


def _read(body: bytes) -> pa.Table:
    return pq.ParquetFile(pa.BufferReader(body)).read()


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


def _written(rows: pa.Table, table: CubeTable) -> bytes:
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
