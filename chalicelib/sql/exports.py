"""A whole result as a file: Athena's own CSV read once, row by row, and written as people want it.

Memory stays flat: the result goes from S3 to disk, DuckDB streams it, and the file goes from disk to S3.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, Protocol

import duckdb

from chalicelib.domain.queries import ResultColumn
from chalicelib.errors import RequestError
from chalicelib.sql import workbook
from chalicelib.sql.guard import MAX_ROWS
from chalicelib.sql.runs import Run
from chalicelib.sql.values import unique_names

MAX_RESULT_BYTES: Final = 400_000_000
"""Of Athena's CSV: it and what is made of it lie on the Lambda's disk."""


class ResultFiles(Protocol):
    """The bucket of results. Methods raise ``ObjectNotFound`` and ``StoreUnavailable``."""

    def size(self, key: str) -> int | None:
        """Answer an object's size in bytes, or None when there is none."""
        ...

    def download(self, key: str, path: Path) -> None:
        """Write an object into a file."""
        ...

    def upload(self, path: Path, key: str, content_type: str) -> None:
        """Write a file into an object."""
        ...

    def link(self, key: str, filename: str, seconds: int) -> str:
        """Answer an address from which anybody may download the object for a time."""
        ...


class Format(StrEnum):
    """The files that a result can be."""

    CSV = "csv"
    PARQUET = "parquet"
    XLSX = "xlsx"


CONTENT_TYPES: Final[Mapping[Format, str]] = {
    Format.CSV: "text/csv; charset=utf-8; header=present",
    Format.PARQUET: "application/vnd.apache.parquet",
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_PLAIN: Final = {
    "tinyint": "TINYINT", "smallint": "SMALLINT", "integer": "INTEGER", "bigint": "BIGINT", "double": "DOUBLE",
    "float": "FLOAT", "real": "FLOAT", "boolean": "BOOLEAN", "date": "DATE", "timestamp": "TIMESTAMP",
}  # fmt: skip
# What a spreadsheet would take for a formula: https://owasp.org/www-community/attacks/CSV_Injection
_FORMULA: Final = re.compile(r"^[=+\-@\t\r]")


@dataclass(frozen=True, slots=True)
class _Job:
    run: Run
    columns: Sequence[ResultColumn]
    source: Path
    target: Path


def key_of(run: Run, form: Format) -> str:
    """Name the object that holds a run's result in a form, beside Athena's own."""
    return f"{run.output.removesuffix('.csv')}.export.{form.value}"


def export(files: ResultFiles, run: Run, columns: Sequence[ResultColumn], form: Format) -> str:
    """Make the file of a run's result, if it is not there yet, and answer its key.

    Raises
    ------
    RequestError
        422: the result is too large for this form; what to do instead is in the message.
    """
    key = key_of(run, form)
    if files.size(key) is not None:
        return key
    size = files.size(run.output) or 0
    if size > MAX_RESULT_BYTES:
        raise _too_large(f"The result has {size:,} bytes; files are made of up to {MAX_RESULT_BYTES:,}.")
    with TemporaryDirectory(prefix="headwater-sql-") as folder:
        job = _Job(run, columns, Path(folder) / "athenas.csv", Path(folder) / f"result.{form.value}")
        files.download(run.output, job.source)
        _WRITERS[form](job)
        files.upload(job.target, key, CONTENT_TYPES[form])
    return key


def small_text(files: ResultFiles, key: str, most_bytes: int) -> bytes | None:
    """Answer an object's bytes, or None when there are more than ``most_bytes``."""
    if (files.size(key) or 0) > most_bytes:
        return None
    with TemporaryDirectory(prefix="headwater-sql-") as folder:
        files.download(key, path := Path(folder) / "small")
        return path.read_bytes()


def _too_large(detail: str) -> RequestError:
    return RequestError(f"{detail} Aggregate further, take a part, or page through it as JSON.", status=422)


def _read(job: _Job, *, spreadsheet: bool) -> tuple[duckdb.DuckDBPyConnection, str]:
    """A connection, and the SELECT of the result's columns in their types."""
    connection = duckdb.connect(config={"threads": 1, "memory_limit": "512MB", "preserve_insertion_order": True})
    named = ", ".join(f"'c{at}': 'VARCHAR'" for at in range(len(job.columns)))
    table = (
        f"read_csv('{job.source}', header = true, delim = ',', quote = '\"', escape = '\"', nullstr = '', "
        f"allow_quoted_nulls = false, auto_detect = false, parallel = false, max_line_size = 33554432, "
        f"columns = {{{named}}})"
    )
    (rows,) = connection.execute(f"SELECT count(*) FROM {table}").fetchall()[0]  # noqa: S608 - our own names
    if rows > MAX_ROWS:
        raise _too_large(f"The result has more than {MAX_ROWS:,} rows.")
    names = unique_names(job.columns)
    if spreadsheet:
        names = tuple(f"'{name}" if _FORMULA.search(name) else name for name in names)
    listed = [
        f'{_typed(f"c{at}", column.type, spreadsheet=spreadsheet)} AS "{name.replace(chr(34), chr(34) * 2)}"'
        for at, (column, name) in enumerate(zip(job.columns, names, strict=True))
    ]
    return connection, f"SELECT {', '.join(listed)} FROM {table}"  # noqa: S608 - names are quoted


def _typed(name: str, kind: str, *, spreadsheet: bool) -> str:
    duckdb_type = kind.upper() if kind.startswith("decimal(") else _PLAIN.get(kind)
    if duckdb_type:
        return f"CAST({name} AS {duckdb_type})"
    formula = f"regexp_matches({name}, '{_FORMULA.pattern}')"
    return f"CASE WHEN {formula} THEN '''' || {name} ELSE {name} END" if spreadsheet else name


def _write_csv(job: _Job) -> None:
    connection, select = _read(job, spreadsheet=True)
    options = "FORMAT csv, HEADER true, TIMESTAMPFORMAT '%Y-%m-%dT%H:%M:%S.%g'"
    connection.execute(f"COPY ({select}) TO '{job.target}' ({options})")


def _write_parquet(job: _Job) -> None:
    connection, select = _read(job, spreadsheet=False)
    connection.execute(f"COPY ({select}) TO '{job.target}' (FORMAT parquet, COMPRESSION zstd)")


def _write_xlsx(job: _Job) -> None:
    connection, select = _read(job, spreadsheet=False)
    workbook.write(job.target, job.run, unique_names(job.columns), connection.execute(select).fetchmany)


_WRITERS: Final[Mapping[Format, Callable[[_Job], None]]] = {
    Format.CSV: _write_csv,
    Format.PARQUET: _write_parquet,
    Format.XLSX: _write_xlsx,
}
