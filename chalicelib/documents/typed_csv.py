"""Typed rows on their way through DuckDB: plain CSVs in the dialect of Athena's results, read back in their types.

Every text is quoted and an unknown value is nothing between commas, so that it differs from an empty text.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import chain, islice
from pathlib import Path
from typing import Any, Final

import duckdb

from chalicelib.documents.document import Column, Row

PIECE_ROWS: Final = 20_000
"""DuckDB holds a file that it reads in memory, so many rows are many files: 1,000,000 in 82 MB, in one file 182 MB."""


def write(folder: Path, columns: Sequence[Column], rows: Iterable[Row]) -> list[Path]:
    """Write rows into files of a folder and answer them; each has headings, and the first is there without rows too."""
    paths: list[Path] = []
    left = iter(rows)
    while (piece := list(islice(left, 1))) or not paths:
        paths.append(folder / f"{len(paths):06}.csv")
        with paths[-1].open("w", encoding="utf-8", newline="") as file:
            file.write(",".join(_quoted(column.name) for column in columns) + "\n")
            several = chain(piece, islice(left, PIECE_ROWS - 1))
            file.writelines(",".join(map(_quoted, row)) + "\n" for row in several)
    return paths


def _quoted(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case datetime() if value.tzinfo:
            return f'"{value.astimezone(UTC).isoformat(" ")}"'
        case datetime() | date():
            return f'"{value}"'
        case Decimal():
            return f"{value:f}"
        case str():
            return '"' + value.replace('"', '""') + '"'
        case _:
            return str(value)


def table(paths: Sequence[Path], width: int) -> str:
    """Write the relation that reads such files, one after the other: text columns ``c0``, ``c1``, …"""
    files = ", ".join(f"'{path}'" for path in paths)
    named = ", ".join(f"'c{at}': 'VARCHAR'" for at in range(width))
    return (
        f"read_csv([{files}], header = true, delim = ',', quote = '\"', escape = '\"', nullstr = '', "
        f"allow_quoted_nulls = false, auto_detect = false, parallel = false, max_line_size = 33554432, "
        f"columns = {{{named}}})"
    )


def select(paths: Sequence[Path], columns: Sequence[Column]) -> str:
    """Write the SELECT of all columns, under their names and in their types."""
    listed = ", ".join(
        f"{typed(f'c{at}', column.type)} AS {identifier(column.name)}" for at, column in enumerate(columns)
    )
    return f"SELECT {listed} FROM {table(paths, len(columns))}"  # noqa: S608 - names are quoted


def typed(name: str, duckdb_type: str) -> str:
    """Write a column of text in its type."""
    return name if duckdb_type == "VARCHAR" else f"CAST({name} AS {duckdb_type})"


def identifier(name: str) -> str:
    """Write a name as SQL has it, whatever is in it.

    >>> identifier('a "b"')
    '"a ""b\"""'
    """
    return '"' + name.replace('"', '""') + '"'


def connect() -> duckdb.DuckDBPyConnection:
    """Open a connection that keeps the order of rows."""
    return duckdb.connect(config={"threads": 1, "memory_limit": "512MB", "preserve_insertion_order": True})
