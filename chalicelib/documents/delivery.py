"""A document into an object of the results bucket and small objects out of it, by way of the disk."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from chalicelib.documents import writing
from chalicelib.documents.document import Document
from chalicelib.documents.formats import CONTENT_TYPES, Format
from chalicelib.domain.result_files import ResultFiles


def put(files: ResultFiles, key: str, form: Format, document: Document) -> int:
    """Write a document under a key and answer its size in bytes; what was there is replaced whole.

    Raises
    ------
    RequestError
        422: more than the format holds.
    StoreUnavailable, QueryFailed
        The file could not be written, or its rows not be read.
    """
    with TemporaryDirectory(prefix="headwater-document-") as folder:
        writing.write(document, form, path := Path(folder) / f"file.{form.value}")
        files.upload(path, key, CONTENT_TYPES[form])
        return path.stat().st_size


def small_text(files: ResultFiles, key: str, most_bytes: int) -> bytes | None:
    """Answer an object's bytes, or None when there are more than ``most_bytes``."""
    if (files.size(key) or 0) > most_bytes:
        return None
    with TemporaryDirectory(prefix="headwater-document-") as folder:
        files.download(key, path := Path(folder) / "small")
        return path.read_bytes()
