"""Results on disk: written row by row, read page by page, so that no result is ever in memory as a whole."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import IO

from infra.local.athena.results import Row, csv_line, text_line
from infra.local.athena.saved import read_csv_rows

INDEX_ROWS = 1000  # a page of GetQueryResults


@dataclass(frozen=True, slots=True)
class ResultFile:
    """A result file on disk and where its rows begin.

    Attributes
    ----------
    path
        A copy of the object in S3: CSV with its header, or text.
    rows
        How many, the header included: what GetQueryResults pages through.
    offsets
        Of every :data:`INDEX_ROWS`-th row, in bytes.
    size_bytes
        Of the file.
    is_text
        Lines of text rather than CSV.
    """

    path: Path
    rows: int
    offsets: array[int]
    size_bytes: int
    is_text: bool

    def page(self, start: int, count: int) -> list[Row]:
        """``count`` rows from ``start`` on, fewer at the end.

        Raises
        ------
        FileNotFoundError
            When the file has been evicted.
        """
        count = min(count, self.rows - start)
        if count <= 0:
            return []
        with self.path.open("rb") as file:
            file.seek(self.offsets[start // INDEX_ROWS])
            skip = start % INDEX_ROWS
            records = list(islice(_records(file, self.is_text), skip, skip + count))
        if not self.is_text:
            return list(read_csv_rows(b"".join(records).decode()))
        lines: list[Row] = [[record.decode().removesuffix("\n")] for record in records]
        return lines + [[""]] * (count - len(lines))  # an empty last line has no bytes


class ResultWriter:
    """Writes a result file row by row; use as a context, then ask for :meth:`result`."""

    def __init__(self, path: Path, is_text: bool) -> None:
        self._path = path
        self._is_text = is_text
        self._file = path.open("wb")
        self._offsets: array[int] = array("Q")
        self._rows = 0
        self._at = 0

    def __enter__(self) -> ResultWriter:
        return self

    def __exit__(self, *failed: object) -> None:
        self._file.close()
        if failed[0] is not None:
            self._path.unlink(missing_ok=True)

    def write(self, rows: Iterable[Row]) -> None:
        """Append rows. Athena ends every line of CSV, and puts a line's end only between lines of text."""
        for row in rows:
            if self._is_text:
                line = (b"\n" if self._rows else b"") + text_line(row).encode()
                begins = self._at + bool(self._rows)
            else:
                line, begins = csv_line(row).encode(), self._at
            if self._rows % INDEX_ROWS == 0:
                self._offsets.append(begins)
            self._file.write(line)
            self._at += len(line)
            self._rows += 1

    def result(self) -> ResultFile:
        """What was written, complete on disk."""
        self._file.flush()
        return ResultFile(self._path, self._rows, self._offsets, self._at, self._is_text)


def index(path: Path, is_text: bool) -> ResultFile:
    """Look through a file that somebody else has written, for instance this server before its last start."""
    offsets, at, rows, ended = array("Q"), 0, 0, False
    with path.open("rb") as file:
        for record in _records(file, is_text):
            if rows % INDEX_ROWS == 0:
                offsets.append(at)
            at += len(record)
            rows += 1
            ended = record.endswith(b"\n")
    if is_text and ended:  # the empty line after the last line's end is a row, too
        if rows % INDEX_ROWS == 0:
            offsets.append(at)
        rows += 1
    return ResultFile(path, rows, offsets, at, is_text)


def _records(file: IO[bytes], is_text: bool) -> Iterator[bytes]:
    """Lines; of CSV, lines put together where an end of line is inside quotes."""
    if is_text:
        yield from file
        return
    parts: list[bytes] = []
    open_quote = False
    for line in file:
        parts.append(line)
        open_quote ^= line.count(b'"') % 2 == 1
        if not open_quote:
            yield b"".join(parts)
            parts.clear()
