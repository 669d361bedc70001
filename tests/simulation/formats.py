"""Files of JSON lines: a stand-in for Parquet that is fast to write; a few seeds run on Parquet itself."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from io import BytesIO
from typing import Any

import pyarrow.parquet as pq

from chalicelib.lake.files import Columns, Packed
from chalicelib.lake.writer import Parquet
from chalicelib.sources.base import Table
from tests.servers.vendor import plain


class _Lines:
    def __init__(self) -> None:
        self._lines: list[str] = []

    def take(self, packed: list[Mapping[str, Any]]) -> None:
        self._lines.extend(json.dumps(row, default=plain, sort_keys=True) for row in packed)

    def end_chunk(self) -> None:
        """Do nothing: the lines are sorted at the end."""

    def finish(self) -> bytes:
        return "\n".join(sorted(self._lines)).encode()


class JsonLines:
    """A :class:`chalicelib.lake.files.FileFormat`."""

    def open(self, table: Table) -> _Lines:
        return _Lines()

    def pack(self, table: Table, columns: Columns) -> list[Mapping[str, Any]]:
        return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]

    def pack_if_plain(self, table: Table, columns: Columns) -> list[Packed] | None:
        """Leave every row to be looked at by itself."""
        return None

    def count_rows(self, body: bytes) -> int:
        return len(body.splitlines())

    def merge(self, table: Table, bodies: Iterable[bytes]) -> bytes:
        return b"\n".join(sorted(line for body in bodies for line in body.splitlines()))

    def rows(self, body: bytes) -> list[dict[str, Any]]:
        """Read rows back."""
        return [json.loads(line) for line in body.splitlines()]


class RealParquet(Parquet):
    """Parquet, with reading for the checks."""

    def rows(self, body: bytes) -> list[dict[str, Any]]:
        """Read rows back, as the other format does."""
        found = pq.ParquetFile(BytesIO(body)).read().to_pylist()
        return [json.loads(json.dumps(row, default=plain)) for row in found]
