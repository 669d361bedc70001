"""A document into a file, in whatever format: each writer is loaded when it is first needed."""

from __future__ import annotations

from pathlib import Path

from chalicelib.documents.document import Document
from chalicelib.documents.formats import Format


def write(document: Document, form: Format, path: Path) -> None:
    """Write a document; CSV and Parquet hold one sheet.

    Raises
    ------
    RequestError
        422: more than the format holds; what to do instead is in the message.
    """
    match form:
        case Format.CSV:
            from chalicelib.documents import csv_file

            csv_file.write(document, path)
        case Format.PARQUET:
            from chalicelib.documents import parquet_file

            parquet_file.write(document, path)
        case Format.XLSX:
            from chalicelib.documents import workbook

            workbook.write(document, path)
        case Format.PDF:
            from chalicelib.documents import report

            report.write(document, path)
