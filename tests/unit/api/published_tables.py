"""Commits of a source's tables with real files, published or not, for what reads them through the API."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import pyarrow.parquet as pq

from chalicelib.domain.objects import ObjectStore
from chalicelib.lake import commits, layout, published
from chalicelib.lake.steps import Counts, Kind, StagedFile, Step
from chalicelib.sources.base import Window
from tests.unit.sql.rows_lake import arrow

AT = datetime(2026, 11, 22, 6, tzinfo=UTC)
Files = Mapping[tuple[str, str], Sequence[Mapping[str, Any]]]
"""Rows by table and partition."""


def commit(
    store: ObjectStore, stream: str, files: Files, *, watermark: datetime = AT, visible: bool = True, folder: int = 0
) -> int:
    """Append a commit with these rows; ``folder`` is that of the last compaction, or of this one; answer its seq."""
    head = commits.find_head(store, stream)
    seq = head.seq + 1 if head else 1
    staged = []
    for (table, partition), rows in files.items():
        key = layout.data(layout.folder(table, partition, folder), stream, seq)
        body = parquet(table, rows)
        store.put(key, body)
        staged.append(StagedFile(key, key, table, partition, len(rows), len(body), ""))
    rows_before = Step.from_body(head.body).totals.rows if head else 0
    kind = Kind.COMPACTION if folder == seq else Kind.PULL
    added = 0 if kind is Kind.COMPACTION else sum(map(len, files.values()))
    step = Step(Window(watermark, watermark), watermark, totals=Counts(rows=rows_before + added), files=tuple(staged))
    link = commits.append(
        store, commits.draft(head, stream, attempt=f"a{seq}", kind=kind, committed_at=AT, body=step.to_body())
    )
    if visible:
        published.advance(store, published.Published(stream, seq, link.sha256, AT))
    return seq


def parquet(table: str, rows: Sequence[Mapping[str, Any]]) -> bytes:
    """A file of a table: all columns but the partition key."""
    found = arrow(table, rows)
    sink = io.BytesIO()
    pq.write_table(found.select(found.column_names[:-1]), sink, compression="zstd")
    return sink.getvalue()
