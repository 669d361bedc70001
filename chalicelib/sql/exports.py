"""A whole result as a file: Athena's own CSV read once, row by row, and written as people want it.

Memory stays flat: the result goes from S3 to disk, DuckDB streams it, and the file goes from disk to S3.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from chalicelib.documents import parquet_file, typed_csv, workbook
from chalicelib.documents.document import Column, Document, Sheet
from chalicelib.documents.formats import CONTENT_TYPES, Format
from chalicelib.documents.formulas import PATTERN, harmless
from chalicelib.domain.queries import ResultColumn
from chalicelib.domain.result_files import ResultFiles
from chalicelib.errors import RequestError
from chalicelib.sql.cost import usd
from chalicelib.sql.guard import MAX_ROWS
from chalicelib.sql.runs import Run
from chalicelib.sql.values import unique_names

MAX_RESULT_BYTES: Final = 400_000_000
"""Of Athena's CSV: it and what is made of it lie on the Lambda's disk."""
MAX_CELLS: Final = 2_000_000
"""Of a workbook: so many are written within the time of a request."""
_BATCH: Final = 10_000
_TYPES: Final = {
    "tinyint": "TINYINT", "smallint": "SMALLINT", "integer": "INTEGER", "bigint": "BIGINT", "double": "DOUBLE",
    "float": "FLOAT", "real": "FLOAT", "boolean": "BOOLEAN", "date": "DATE", "timestamp": "TIMESTAMP",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Job:
    run: Run
    columns: tuple[Column, ...]
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
        source, target = Path(folder) / "athenas.csv", Path(folder) / f"result.{form.value}"
        files.download(run.output, source)
        _WRITERS[form](_Job(run, typed(columns), source, target))
        files.upload(target, key, CONTENT_TYPES[form])
    return key


def _too_large(detail: str) -> RequestError:
    return RequestError(f"{detail} Aggregate further, take a part, or page through it as JSON.", status=422)


def typed(columns: Sequence[ResultColumn]) -> tuple[Column, ...]:
    """Answer the columns with names of their own, in DuckDB's types; what it has no word for stays Athena's text."""
    return tuple(
        Column(name, column.type.upper() if column.type.startswith("decimal(") else _TYPES.get(column.type, "VARCHAR"))
        for name, column in zip(unique_names(columns), columns, strict=True)
    )


def _require_rows(job: _Job) -> None:
    counted = f"SELECT count(*) FROM {typed_csv.table([job.source], len(job.columns))}"  # noqa: S608 - our own names
    with typed_csv.connect() as connection:
        (rows,) = connection.execute(counted).fetchall()[0]
    if rows > MAX_ROWS:
        raise _too_large(f"The result has more than {MAX_ROWS:,} rows.")


def _write_csv(job: _Job) -> None:
    """Write CSV from CSV within DuckDB: rows that became Python's would take five times as long."""
    listed = ", ".join(
        f"{_harmless(f'c{at}', column.type)} AS {typed_csv.identifier(harmless(column.name))}"
        for at, column in enumerate(job.columns)
    )
    select = f"SELECT {listed} FROM {typed_csv.table([job.source], len(job.columns))}"  # noqa: S608 - names are quoted
    _require_rows(job)
    with typed_csv.connect() as connection:
        options = "FORMAT csv, HEADER true, TIMESTAMPFORMAT '%Y-%m-%dT%H:%M:%S.%g'"
        connection.execute(f"COPY ({select}) TO '{job.target}' ({options})")


def _harmless(name: str, kind: str) -> str:
    if kind != "VARCHAR":
        return typed_csv.typed(name, kind)
    return f"CASE WHEN regexp_matches({name}, '{PATTERN}') THEN '''' || {name} ELSE {name} END"


def _write_parquet(job: _Job) -> None:
    _require_rows(job)
    parquet_file.copy(typed_csv.select([job.source], job.columns), job.target)


def _write_xlsx(job: _Job) -> None:
    _require_rows(job)
    sheet = Sheet("Result", job.columns, rows_of(job.source, job.columns))
    workbook.write(Document("Result", (sheet,), _facts(job.run)), job.target, max_cells=MAX_CELLS)


def rows_of(source: Path, columns: Sequence[Column]) -> Iterator[tuple[Any, ...]]:
    """Answer the rows of Athena's CSV on the disk, in their types, as they are read."""
    with typed_csv.connect() as connection:
        found = connection.execute(typed_csv.select([source], columns))
        while batch := found.fetchmany(_BATCH):
            yield from batch


def _facts(run: Run) -> tuple[tuple[str, str], ...]:
    return (
        ("Query", run.sql),
        ("Parameters", ", ".join(run.literals)),
        ("Asked by", run.by),
        ("Asked at", f"{run.submitted_at:%Y-%m-%d %H:%M:%S} UTC"),
        ("Tables", ", ".join(run.tables)),
        ("Scanned bytes", f"{run.scanned_bytes:,}"),
        ("Cost (USD)", f"{usd(run.scanned_bytes):f}"),
    )


_WRITERS: Final[Mapping[Format, Callable[[_Job], None]]] = {
    Format.CSV: _write_csv,
    Format.PARQUET: _write_parquet,
    Format.XLSX: _write_xlsx,
}
