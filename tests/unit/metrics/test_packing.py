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
from chalicelib.metrics.cube import Level
from chalicelib.metrics.declared.downloads import DOWNLOADS
from chalicelib.metrics.touched import Days

TABLE = DOWNLOADS.quarter_hours
DAY = datetime(2026, 11, 22, tzinfo=UTC)
TOUCHED = (Days(date(2026, 11, 22), date(2026, 11, 22)),)


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


def test_two_rows_for_one_bucket_and_version_are_refused() -> None:
    with pytest.raises(IntegrityError, match="two rows"):
        packing.pack(TABLE, [], rows({}, {"downloads": 5}), TOUCHED)


def test_a_row_of_a_day_that_was_not_asked_for_is_refused() -> None:
    with pytest.raises(IntegrityError, match="not asked for"):
        packing.pack(TABLE, [], rows({"bucket_start": DAY.replace(day=23)}), TOUCHED)


def test_touched_days_are_replaced_and_all_others_kept() -> None:
    old = packing.pack(
        TABLE, [], rows({"downloads": 7}, {"bucket_start": DAY.replace(day=21)}), (Days(date.min, date.max),)
    )
    assert old is not None

    packed = packing.pack(TABLE, [old.body], rows({"version": "2"}), TOUCHED)

    assert packed is not None
    found = pq.read_table(io.BytesIO(packed.body)).to_pylist()
    assert [(row["bucket_start"].day, row["version"]) for row in found] == [(21, "1"), (22, "2")]


def test_a_partition_that_lost_its_last_row_is_empty() -> None:
    old = packing.pack(TABLE, [], rows({}), TOUCHED)
    assert old is not None

    assert packing.pack(TABLE, [old.body], rows(), TOUCHED) is None


def test_a_file_is_sorted_typed_and_compressed() -> None:
    given = [{"version": v, "bucket_start": DAY.replace(hour=h)} for v in "ba" for h in (2, 1)]
    packed = packing.pack(TABLE, [], rows(*given), TOUCHED)
    assert packed is not None

    file = pq.ParquetFile(io.BytesIO(packed.body))

    assert [(r["version"], r["bucket_start"].hour) for r in file.read().to_pylist()] == [
        ("a", 1),
        ("a", 2),
        ("b", 1),
        ("b", 2),
    ]
    assert file.schema_arrow.field("bucket_start").type == pa.timestamp("us", tz="UTC")
    assert file.metadata.row_group(0).column(0).compression == "ZSTD"
    assert packed.rows == file.metadata.num_rows == 4


def test_a_missing_column_is_refused() -> None:
    sink = io.BytesIO()
    pq.write_table(rows({}), sink)

    with pytest.raises(IntegrityError, match="level"):
        packing.read_computed(DOWNLOADS, [sink.getvalue()])


def test_a_fraction_where_a_count_belongs_is_refused() -> None:
    sink = io.BytesIO()
    table = rows({}).drop_columns(["downloads"]).append_column("downloads", pa.array([1.5]))
    pq.write_table(table.append_column("level", pa.array([Level.DAY.value])), sink)

    with pytest.raises(IntegrityError, match="does not fit"):
        packing.read_computed(DOWNLOADS, [sink.getvalue()])
