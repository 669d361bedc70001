"""Rows to files, one per table and partition, without ever holding all rows.

How a file is written is a :class:`FileFormat`: Parquet in :mod:`chalicelib.lake.writer`, a fast stand-in in the
simulation. This module needs no pyarrow.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol

from chalicelib.errors import IntegrityError, SkippableRecordError
from chalicelib.lake import schemas
from chalicelib.sources.base import Row, Table

CHUNK_ROWS = 50_000
"""Rows of one row group, sorted in itself."""

BUFFERED_ROWS = 100_000
"""Rows held over all open files before the fullest writes its row group."""

LOOSE_ROWS = 1_000
"""Rows of one file that came one by one and are held as such, before they are columns."""

Columns = Mapping[str, Sequence[Any]]
"""Rows as columns: equally long, one for each column of a file."""


@dataclass(frozen=True, slots=True)
class Packed:
    """Rows of one partition as a file format holds them in memory, and an instant or a date of one of them."""

    data: Any
    rows: int
    at: date


class OpenFile(Protocol):
    """A file being written."""

    def take(self, packed: Any) -> None:
        """Hold packed rows for the next chunk."""
        ...

    def end_chunk(self) -> None:
        """Write what is held as one sorted chunk."""
        ...

    def finish(self) -> bytes:
        """Close it and answer its bytes."""
        ...


class FileFormat(Protocol):
    """How files of the lake are written and read."""

    def open(self, table: Table) -> OpenFile:
        """Begin a file of a table."""
        ...

    def pack(self, table: Table, columns: Columns) -> Any:
        """Pack rows that were found to fit their table."""
        ...

    def pack_if_plain(self, table: Table, columns: Columns) -> list[Packed] | None:
        """Pack rows that nobody has looked at, by their UTC dates, if each of them surely fits its table exactly.

        That is the plain case: every column is there and no other, and every value is of the column's own type, or
        absent; an instant may be a text of ISO 8601 with its zone. None says nothing against the rows.
        """
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


@dataclass(slots=True)
class _Place:
    """One file: the rows that came one by one and wait to be packed, how many the next chunk has, and all."""

    table: Table
    file_format: FileFormat
    file: OpenFile
    loose: list[Row] = field(default_factory=list)
    held: int = 0
    rows: int = 0

    def add(self, row: Row) -> None:
        """Take a row."""
        self.loose.append(row)
        if len(self.loose) >= LOOSE_ROWS:
            self._pack()

    def take(self, packed: Packed) -> None:
        """Take packed rows, after the loose ones that came before them."""
        self._pack()
        self.file.take(packed.data)

    def end_chunk(self) -> int:
        """Have the file write what it holds; answer how many rows that were."""
        self._pack()
        if self.held:
            self.file.end_chunk()
        written, self.held = self.held, 0
        return written

    def _pack(self) -> None:
        if self.loose:
            names = [column.name for column in schemas.lake_columns(self.table)]
            columns = {name: [row.get(name) for row in self.loose] for name in names}
            self.file.take(self.file_format.pack(self.table, columns))
            self.loose = []


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
        self._places: dict[tuple[str, str], _Place] = {}
        self._held = 0
        self.rows = 0

    def add(self, rows: Sequence[tuple[str, Row]], *, id_conflict: bool = False) -> None:
        """Take the rows of one record, all or none.

        Raises ``SkippableRecordError`` when a table is unknown or cannot hold a row; then none was taken.
        """
        placed = [(self._checked(name, row), row) for name, row in rows]
        for (name, partition), row in placed:
            place = self._place(name, partition)
            place.add({**row, schemas.ID_CONFLICT.name: id_conflict})
            self._count(place, 1)

    def add_columns(self, name: str, columns: Columns) -> bool:
        """Take rows of one table, all or none, and answer whether they were taken.

        They are not where one of them may not fit: :meth:`add` looks at each by itself.
        """
        table = self._tables.get(name)
        parts = self._format.pack_if_plain(table, columns) if table else None
        if table is None or parts is None:
            return False
        for packed in parts:
            place = self._place(name, schemas.partition_at(table, packed.at))
            place.take(packed)
            self._count(place, packed.rows)
        return True

    def finish(self) -> Iterator[FinishedFile]:
        """Close every file, in the order of table and partition. Raises ``IntegrityError`` when rows do not add up."""
        for name, partition in sorted(self._places):
            place = self._places.pop((name, partition))
            self._held -= place.end_chunk()
            body = place.file.finish()
            rows = self._format.count_rows(body)
            if rows != place.rows:
                raise IntegrityError(f"{name}/{partition}: {place.rows} rows given, the file says {rows}")
            yield FinishedFile(place.table, partition, body, rows)

    def _checked(self, name: str, row: Row) -> tuple[str, str]:
        if name not in self._tables:
            raise SkippableRecordError(f"there is no table {name} in this stream")
        table = self._tables[name]
        schemas.check_row(table, row)
        return name, schemas.partition_of(table, row)

    def _place(self, name: str, partition: str) -> _Place:
        at = name, partition
        if at not in self._places:
            table = self._tables[name]
            self._places[at] = _Place(table, self._format, self._format.open(table))
        return self._places[at]

    def _count(self, place: _Place, rows: int) -> None:
        """Count rows that a place was given, and have chunks written where too many are held."""
        place.held += rows
        place.rows += rows
        self._held += rows
        self.rows += rows
        if place.held >= self._chunk_rows:
            self._held -= place.end_chunk()
        while self._held > self._buffered_rows:
            self._held -= max(self._places.values(), key=lambda place: place.held).end_chunk()
