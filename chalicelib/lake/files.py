"""Rows to files, one per table and partition, without ever holding all rows.

How a file is written is a :class:`FileFormat`: Parquet in :mod:`chalicelib.lake.writer`, a fast stand-in in the
simulation. This module needs no pyarrow.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from chalicelib.errors import IntegrityError, SkippableRecordError
from chalicelib.lake import schemas
from chalicelib.sources.base import Row, Table

CHUNK_ROWS = 50_000
"""Rows of one row group, sorted in itself."""

BUFFERED_ROWS = 100_000
"""Rows held over all open files before the fullest is written out."""


class OpenFile(Protocol):
    """A file being written."""

    def write(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Append rows as one sorted chunk."""
        ...

    def finish(self) -> bytes:
        """Close it and answer its bytes."""
        ...


class FileFormat(Protocol):
    """How files of the lake are written and read."""

    def open(self, table: Table) -> OpenFile:
        """Begin a file of a table."""
        ...

    def count_rows(self, body: bytes) -> int:
        """Read the number of rows that a finished file says it has. Raises ``IntegrityError`` for a broken file."""
        ...

    def merge(self, table: Table, bodies: Iterable[bytes]) -> bytes:
        """Write the rows of several files as one sorted file; columns that a file lacks are null."""
        ...


@dataclass(frozen=True, slots=True)
class FinishedFile:
    """One file, written and audited."""

    table: Table
    partition: str
    body: bytes
    rows: int


class PartitionedWriter:
    """Sorts rows into files by table and UTC date.

    Holds at most ``buffered_rows`` rows, plus the compressed bytes of what is written.
    """

    def __init__(
        self,
        file_format: FileFormat,
        tables: Iterable[Table],
        *,
        chunk_rows: int = CHUNK_ROWS,
        buffered_rows: int = BUFFERED_ROWS,
    ) -> None:
        self._format = file_format
        self._tables = {table.name: table for table in tables}
        self._chunk_rows, self._buffered_rows = chunk_rows, buffered_rows
        self._buffers: dict[tuple[str, str], list[dict[str, Any]]] = {}
        self._files: dict[tuple[str, str], OpenFile] = {}
        self._written: dict[tuple[str, str], int] = {}
        self._held = 0
        self.rows = 0

    def add(self, rows: Sequence[tuple[str, Row]], *, id_conflict: bool = False) -> None:
        """Take the rows of one record, all or none.

        Raises ``SkippableRecordError`` when a table is unknown or cannot hold a row; then none was taken.
        """
        placed = [(self._place(name, row), row) for name, row in rows]
        for place, row in placed:
            buffer = self._buffers.setdefault(place, [])
            buffer.append({**row, schemas.ID_CONFLICT.name: id_conflict})
            self._held += 1
            self.rows += 1
            if len(buffer) >= self._chunk_rows:
                self._flush(place)
        while self._held > self._buffered_rows:
            self._flush(max(self._buffers, key=lambda place: len(self._buffers[place])))

    def finish(self) -> Iterator[FinishedFile]:
        """Close every file, in the order of table and partition. Raises ``IntegrityError`` when rows do not add up."""
        for place in sorted(self._buffers.keys() | self._files.keys()):
            self._flush(place)
            name, partition = place
            body = self._files.pop(place).finish()
            rows = self._format.count_rows(body)
            if rows != self._written[place]:
                raise IntegrityError(f"{name}/{partition}: {self._written[place]} rows given, the file says {rows}")
            yield FinishedFile(self._tables[name], partition, body, rows)

    def _place(self, name: str, row: Row) -> tuple[str, str]:
        if name not in self._tables:
            raise SkippableRecordError(f"there is no table {name} in this stream")
        table = self._tables[name]
        schemas.check_row(table, row)
        return name, schemas.partition_of(table, row)

    def _flush(self, place: tuple[str, str]) -> None:
        rows = self._buffers.pop(place, [])
        if not rows:
            return
        if place not in self._files:
            self._files[place] = self._format.open(self._tables[place[0]])
        self._files[place].write(rows)
        self._written[place] = self._written.get(place, 0) + len(rows)
        self._held -= len(rows)
