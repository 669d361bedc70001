"""Parquet as the lake writes it: an explicit schema, zstd, dictionaries, sorted row groups."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from chalicelib.errors import IntegrityError
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

    def write(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Write rows as one sorted row group."""
        columns = [pa.array([row.get(field.name) for row in rows], field.type) for field in self._schema]
        self.write_table(pa.Table.from_arrays(columns, schema=self._schema))

    def write_table(self, data: pa.Table) -> None:
        """Write an Arrow table sorted."""
        self._writer.write_table(data.sort_by(self._sort) if self._sort else data, row_group_size=MERGED_GROUP_ROWS)

    def finish(self) -> bytes:
        """Close the file and answer its bytes."""
        self._writer.close()
        return bytes(self._sink.getvalue())


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
