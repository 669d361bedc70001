"""What is wrong with a statement's answer is never published."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from chalicelib.errors import IntegrityError
from chalicelib.metrics import packing
from chalicelib.metrics.declared.downloads import DOWNLOADS
from chalicelib.metrics.touched import Days

TABLE = DOWNLOADS.quarter_hours
DAY = datetime(2026, 11, 22, tzinfo=UTC)
TOUCHED = (Days(date(2026, 11, 22), date(2026, 11, 22)).span,)


def rows(*given: dict[str, Any]) -> pa.Table:
    whole = {
        "bucket_start": DAY,
        "product": "app",
        "version": "1",
        "is_bot": False,
        "downloads": 1,
        "download_bytes": 2,
    }
    return pa.Table.from_pylist([{**whole, **row} for row in given], schema=packing.schema(TABLE))


def parquet(table: pa.Table) -> bytes:
    sink = io.BytesIO()
    pq.write_table(table, sink)
    return sink.getvalue()


def test_two_rows_for_one_bucket_and_version_are_refused() -> None:
    with pytest.raises(IntegrityError, match="two rows"):
        packing.computed(DOWNLOADS, [parquet(rows({}, {"downloads": 5}))], TOUCHED)


def test_a_row_of_a_day_that_was_not_asked_for_is_refused() -> None:
    with pytest.raises(IntegrityError, match="not asked for"):
        packing.computed(DOWNLOADS, [parquet(rows({"bucket_start": DAY.replace(day=23)}))], TOUCHED)


def test_touched_spans_are_replaced_and_all_else_is_kept() -> None:
    old = rows({"downloads": 7}, {"bucket_start": DAY.replace(day=21)})

    merged = packing.merge(TABLE, old, rows({"version": "2"}), TOUCHED)

    assert [(row["bucket_start"].day, row["version"]) for row in merged.to_pylist()] == [(21, "1"), (22, "2")]


def test_a_file_is_sorted_typed_and_compressed() -> None:
    given = [{"version": v, "bucket_start": DAY.replace(hour=h)} for v in "ba" for h in (2, 1)]

    body = packing.to_parquet(packing.merge(TABLE, rows(), rows(*given), TOUCHED), TABLE)

    file = pq.ParquetFile(io.BytesIO(body))
    assert [(r["version"], r["bucket_start"].hour) for r in file.read().to_pylist()] == [
        ("a", 1),
        ("a", 2),
        ("b", 1),
        ("b", 2),
    ]
    assert file.schema_arrow.field("bucket_start").type == pa.timestamp("us", tz="UTC")
    assert file.metadata.row_group(0).column(0).compression == "ZSTD"


def test_a_missing_column_is_refused() -> None:
    with pytest.raises(IntegrityError, match="version"):
        packing.read(TABLE, [parquet(rows({}).drop_columns(["version"]))])


def test_a_fraction_where_a_count_belongs_is_refused() -> None:
    table = rows({}).drop_columns(["downloads"]).append_column("downloads", pa.array([1.5]))

    with pytest.raises(IntegrityError, match="does not fit"):
        packing.read(TABLE, [parquet(table)])
