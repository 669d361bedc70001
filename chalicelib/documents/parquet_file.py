"""A sheet as Parquet, by DuckDB: values in their types, zstd; through plain CSVs on disk, so that memory stays flat."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from chalicelib.documents import typed_csv
from chalicelib.documents.document import Document

ROW_GROUP: Final = 20_480
"""Rows that are in memory at once."""


def write(document: Document, path: Path) -> None:
    """Write the document's one sheet."""
    sheet = document.only_sheet
    with TemporaryDirectory(prefix="headwater-document-") as folder:
        pieces = typed_csv.write(Path(folder), sheet.columns, sheet.rows)
        copy(typed_csv.select(pieces, sheet.columns), path)


def copy(select: str, path: Path) -> None:
    """Write what a SELECT answers."""
    options = f"FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {ROW_GROUP}"
    with typed_csv.connect() as connection:
        connection.execute(f"COPY ({select}) TO '{path}' ({options})")
