"""Rows become sorted Parquet files by table and day; a row that does not fit spoils nothing."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from io import BytesIO
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.errors import IntegrityError, SkippableRecordError
from chalicelib.lake import schemas
from chalicelib.lake.files import PartitionedWriter
from chalicelib.lake.writer import Parquet, arrow_schema
from chalicelib.sources.base import Column, ColumnType, Table

ALL = Table(
    "everything",
    "One column of each type",
    (*tuple(Column(f"c_{kind}", kind, "…") for kind in ColumnType), Column("at", ColumnType.TIMESTAMP, "When")),
    "at",
    ("c_string", "at"),
)
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
FULL: dict[str, Any] = {
    "c_string": "é",
    "c_int64": 2**63 - 1,
    "c_float64": 0.1,
    "c_bool": True,
    "c_decimal": Decimal("12345678901234567890123456789.123456789"),
    "c_timestamp": NOON + timedelta(microseconds=1),
    "c_date": date(2024, 2, 29),
    "at": NOON,
}


def read(body: bytes) -> list[dict[str, Any]]:
    return pq.ParquetFile(BytesIO(body)).read().to_pylist()


def written(*rows: dict[str, Any], **options: int) -> dict[str, bytes]:
    writer = PartitionedWriter(Parquet(), [ALL], **options)
    for row in rows:
        writer.add([("everything", row)])
    return {done.partition: done.body for done in writer.finish()}


def test_every_type_comes_back_exactly() -> None:
    (body,) = written(FULL).values()

    assert read(body) == [{**FULL, "id_conflict": False}]


def test_what_a_row_lacks_is_null() -> None:
    (body,) = written({"at": NOON}).values()

    assert read(body) == [{**dict.fromkeys(FULL), "at": NOON, "id_conflict": False}]


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("c_string", 1),
        ("c_int64", "1"),
        ("c_int64", 1.0),
        ("c_int64", True),
        ("c_int64", 2**63),
        ("c_float64", "0.1"),
        ("c_float64", 2**53 + 1),
        ("c_bool", 0),
        ("c_decimal", 1.5),
        ("c_decimal", Decimal("0.0000000001")),
        ("c_decimal", Decimal("1e30")),
        ("c_decimal", Decimal("NaN")),
        ("c_timestamp", datetime(2026, 1, 1)),  # noqa: DTZ001 - a naive one is the point
        ("c_date", NOON),
        ("at", None),
        ("unknown", 1),
    ],
)
def test_a_row_that_would_be_changed_is_refused_and_the_others_stay(column: str, value: Any) -> None:
    writer = PartitionedWriter(Parquet(), [ALL])
    writer.add([("everything", FULL)])

    with pytest.raises(SkippableRecordError, match=column):
        writer.add([("everything", FULL), ("everything", {**FULL, column: value})])

    (done,) = writer.finish()
    assert done.rows == 1


def test_rows_of_a_record_are_taken_all_or_none() -> None:
    writer = PartitionedWriter(Parquet(), [ALL])

    with pytest.raises(SkippableRecordError, match="no table"):
        writer.add([("everything", FULL), ("nothing", FULL)])

    assert list(writer.finish()) == []


def test_the_partition_is_the_date_in_utc() -> None:
    kathmandu = datetime(2026, 11, 23, 2, tzinfo=timezone(timedelta(hours=5, minutes=45)))

    assert list(written({"at": kathmandu})) == ["dt=2026-11-22"]


def test_files_are_sorted_compressed_and_say_so() -> None:
    rows = [{"at": NOON + timedelta(seconds=i), "c_string": "abc"[i % 3]} for i in range(9)]

    (body,) = written(*rows).values()

    found = pq.ParquetFile(BytesIO(body))
    assert [row["c_string"] for row in read(body)] == list("aaabbbccc")
    column = found.metadata.row_group(0).column(0)
    assert column.compression == "ZSTD"
    assert "RLE_DICTIONARY" in column.encodings
    assert found.metadata.row_group(0).sorting_columns[0].column_index == 0


@settings(max_examples=50)
@given(st.lists(st.tuples(st.integers(0, 4), st.integers())), st.integers(1, 7), st.integers(1, 20))
def test_no_row_is_lost_however_small_the_buffers(given_rows: list[tuple[int, int]], chunk: int, buffered: int) -> None:
    rows = [{"at": NOON + timedelta(days=day), "c_int64": v} for day, v in given_rows if -(2**63) <= v < 2**63]

    files = written(*rows, chunk_rows=chunk, buffered_rows=buffered)

    found = sorted((row["at"], row["c_int64"]) for body in files.values() for row in read(body))
    assert found == sorted((row["at"], row["c_int64"]) for row in rows)


def test_files_of_older_shapes_are_merged_without_loss() -> None:
    old = pa.table({"at": pa.array([NOON], pa.timestamp("us", tz="UTC")), "c_float64": pa.array([3], pa.int64())})
    sink = BytesIO()
    pq.write_table(old, sink)
    (new,) = written(FULL).values()

    merged = Parquet().merge(ALL, [sink.getvalue(), new])

    assert Parquet().count_rows(merged) == 2
    assert sorted((row["c_float64"], row["c_string"]) for row in read(merged)) == [(0.1, "é"), (3.0, None)]
    assert pq.ParquetFile(BytesIO(merged)).schema_arrow.equals(arrow_schema(ALL))


def test_merging_refuses_to_drop_a_column() -> None:
    sink = BytesIO()
    pq.write_table(pa.table({"gone": [1]}), sink)

    with pytest.raises(IntegrityError, match="gone"):
        Parquet().merge(ALL, [sink.getvalue()])


def test_a_broken_file_is_an_integrity_error() -> None:
    with pytest.raises(IntegrityError):
        Parquet().count_rows(b"not Parquet")


def test_glue_and_arrow_have_the_same_columns() -> None:
    glue = schemas.glue_columns(ALL)

    assert [name for name, _, _ in glue] == arrow_schema(ALL).names
    assert {name: kind for name, kind, _ in glue}["c_decimal"] == "decimal(38,9)"
    assert all(comment for _, _, comment in glue)


def test_the_hash_of_a_schema_changes_with_its_columns_only() -> None:
    wider = Table(ALL.name, "other words", ALL.columns[1:], ALL.time_column, ())

    assert schemas.schema_hash([ALL]) == schemas.schema_hash([Table(ALL.name, "…", ALL.columns, "at", ())])
    assert schemas.schema_hash([ALL]) != schemas.schema_hash([wider])
