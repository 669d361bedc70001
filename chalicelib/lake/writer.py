"""Parquet as the lake writes it: an explicit schema, zstd, dictionaries, sorted row groups."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from chalicelib.errors import IntegrityError
from chalicelib.lake.files import Columns, Packed
from chalicelib.lake.schemas import DECIMAL_PRECISION, DECIMAL_SCALE, lake_columns
from chalicelib.sources.base import ColumnType, Table

ARROW_TYPES: Mapping[ColumnType, pa.DataType] = {
    ColumnType.STRING: pa.string(),
    ColumnType.INT64: pa.int64(),
    ColumnType.FLOAT64: pa.float64(),
    ColumnType.BOOL: pa.bool_(),
    ColumnType.DECIMAL: pa.decimal128(DECIMAL_PRECISION, DECIMAL_SCALE),
    ColumnType.TIMESTAMP: pa.timestamp("us", tz="UTC"),
    ColumnType.DATE: pa.date32(),
}

_FLOAT, _TIMESTAMP = ARROW_TYPES[ColumnType.FLOAT64], ARROW_TYPES[ColumnType.TIMESTAMP]
_EXACT = frozenset(
    {
        (pa.string(), _TIMESTAMP),  # refuses a text without its zone, or beyond microseconds
        (pa.int64(), _FLOAT),  # refuses what a float cannot hold
    }
)
"""Casts that change no value, or fail."""

MERGED_GROUP_ROWS = 1_000_000
"""Rows of a row group in a compacted file: few and fat is what DuckDB and Athena read fastest."""


def arrow_schema(table: Table) -> pa.Schema:
    """Answer the explicit Arrow schema of a table's files."""
    return pa.schema([pa.field(column.name, ARROW_TYPES[column.type]) for column in lake_columns(table)])


class _ParquetFile:
    """One Parquet file being written into memory, compressed row group by row group."""

    def __init__(self, table: Table) -> None:
        self._schema = arrow_schema(table)
        self._sort = [(name, "ascending") for name in table.sort_by]
        self._sink = pa.BufferOutputStream()
        self._writer = _writer(self._sink, table)
        self._held: list[pa.RecordBatch] = []

    def take(self, packed: pa.RecordBatch) -> None:
        """Hold rows as Arrow, which takes a tenth of what Python's objects do."""
        self._held.append(packed)

    def end_chunk(self) -> None:
        """Write what is held as one sorted row group."""
        held, self._held = self._held, []
        self.write_table(pa.Table.from_batches(held, self._schema))

    def write_table(self, data: pa.Table) -> None:
        """Write an Arrow table sorted."""
        self._writer.write_table(data.sort_by(self._sort) if self._sort else data, row_group_size=MERGED_GROUP_ROWS)

    def finish(self) -> bytes:
        """Close the file and answer its bytes."""
        self._writer.close()
        return bytes(self._sink.getvalue())


def _by_day(data: pa.RecordBatch, table: Table) -> list[Packed]:
    """Cut rows by the UTC date of their time column; their order within a day stays."""
    days = data[table.time_column].cast(pa.date32())
    found = days.unique()
    parts = [data] if len(found) == 1 else [data.filter(pc.equal(days, day)) for day in found]
    return [Packed(part, len(part), day.as_py()) for part, day in zip(parts, found, strict=True)]


def _plain(values: Sequence[Any], kind: pa.DataType) -> pa.Array:
    """Answer a column whose values are of its type already, or can be without loss. Raises ``ArrowException``.

    Arrow finds the one type that all values have.
    """
    found = pa.array(values)
    if found.type == kind and _says_all(values, kind):
        return found
    exact = (found.type, kind) in _EXACT or (pa.types.is_decimal128(found.type) and pa.types.is_decimal128(kind))
    if exact or pa.types.is_null(found.type):
        return found.cast(kind)
    raise pa.ArrowTypeError(f"{found.type} is not {kind}")


def _says_all(values: Sequence[Any], kind: pa.DataType) -> bool:
    """Tell whether Arrow's type is all there is to say: to it true is 1.0, and an instant without a zone is UTC's."""
    if kind == _FLOAT:
        return bool not in set(map(type, values))
    if kind == _TIMESTAMP:
        return {value.tzinfo for value in values if value is not None} == {UTC}
    return True


def _writer(sink: Any, table: Table) -> Any:
    schema = arrow_schema(table)
    sorting = [pq.SortingColumn(schema.get_field_index(name)) for name in table.sort_by]
    return pq.ParquetWriter(
        sink, schema, compression="zstd", compression_level=3, use_dictionary=True, sorting_columns=sorting or None
    )


class Parquet:
    """The :class:`~chalicelib.lake.files.FileFormat` of the lake."""

    def open(self, table: Table) -> _ParquetFile:
        """Begin a file."""
        return _ParquetFile(table)

    def pack(self, table: Table, columns: Columns) -> pa.RecordBatch:
        """Make a record batch of rows that were found to fit."""
        schema = arrow_schema(table)
        return pa.RecordBatch.from_arrays([pa.array(columns[f.name], f.type) for f in schema], schema=schema)

    def pack_if_plain(self, table: Table, columns: Columns) -> list[Packed] | None:
        """Make a record batch a day if the types that Arrow finds are those of the table."""
        if columns.keys() != {column.name for column in table.columns} or None in columns[table.time_column]:
            return None
        *fields, conflict = arrow_schema(table)
        try:
            arrays = [_plain(columns[field.name], field.type) for field in fields]
            arrays.append(pa.repeat(False, len(arrays[0])))
            return _by_day(pa.RecordBatch.from_arrays(arrays, schema=pa.schema([*fields, conflict])), table)
        except (pa.ArrowException, ValueError, OverflowError):  # among them half a surrogate, and a year 0
            return None

    def count_rows(self, body: bytes) -> int:
        """Read the footer's number of rows. Raises ``IntegrityError``."""
        try:
            return int(pq.ParquetFile(pa.BufferReader(body)).metadata.num_rows)
        except pa.ArrowInvalid as error:
            raise IntegrityError(f"not a Parquet file: {error}") from error

    def merge(self, table: Table, bodies: Iterable[bytes]) -> bytes:
        """Write several files as one. Memory: the decoded rows of one partition.

        Columns that an older file lacks are null; a column that was widened (int to float) is cast. Raises
        ``IntegrityError`` when a file has a column that the table does not know: nothing may be dropped silently.
        """
        schema = arrow_schema(table)
        merged = _ParquetFile(table)
        merged.write_table(pa.concat_tables([_conform(body, schema, table.name) for body in bodies]))
        return merged.finish()


def _conform(body: bytes, schema: pa.Schema, name: str) -> pa.Table:
    data = pq.ParquetFile(pa.BufferReader(body)).read()
    if unknown := set(data.schema.names) - set(schema.names):
        raise IntegrityError(f"a file of {name} has columns that the table does not know: {', '.join(sorted(unknown))}")
    columns = [
        data[field.name].cast(field.type) if field.name in data.schema.names else pa.nulls(len(data), field.type)
        for field in schema
    ]
    return pa.Table.from_arrays(columns, schema=schema)
