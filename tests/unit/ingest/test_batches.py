"""Records taken side by side are the records taken one by one: the same rows, rejects, identities and counts."""

from __future__ import annotations

import gzip
import io
import json
import random
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from unittest import mock
from zoneinfo import ZoneInfo

import pyarrow.parquet as pq
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.ingest import side_by_side
from chalicelib.ingest.identity import BatchIdentities
from chalicelib.ingest.intake import Intake
from chalicelib.lake.steps import Counts
from chalicelib.lake.writer import Parquet
from chalicelib.sources.base import Accepted, Batch, Column, ColumnType, Outcome, Rejected, Table, each_record
from chalicelib.sources.json_records import RecordForm, json_page
from tests.simulation.scheduler import NO_FAULTS, Scheduler
from tests.simulation.store import FakeS3

KINDS = {
    "id": ColumnType.STRING,
    "at": ColumnType.TIMESTAMP,
    "seen_at": ColumnType.TIMESTAMP,
    "name": ColumnType.STRING,
    "count": ColumnType.INT64,
    "share": ColumnType.FLOAT64,
    "good": ColumnType.BOOL,
}
TABLE = Table("views", "…", tuple(Column(n, k, "…") for n, k in KINDS.items()), "at", ("at", "id"))
MORE = (Column("amount", ColumnType.DECIMAL, "…"), Column("day", ColumnType.DATE, "…"))
WIDE = Table("views", "…", (*TABLE.columns, *MORE), "at", ("at", "id"))
NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)
FORM = RecordForm(TABLE, "id")
GOOD = {
    "id": "a",
    "at": "2026-11-25T10:00:00.5Z",
    "seen_at": "2026-11-25T12:00:00+02:00",
    "name": "é",
    "count": 3,
    "share": 0.25,
    "good": True,
}

instants = st.one_of(
    st.sampled_from(["2026-11-25T10:00:00.123456789Z", "2026-11-25T10:00:00", "2026-11-25", "20261125T1000Z", "soon"]),
    st.sampled_from(["2026-11-25T23:59:59.999999-11:30", "2026-11-25 10:00:00+0545", "0001-01-01T00:00:00+05:00"]),
    st.datetimes().map(lambda moment: moment.isoformat() + "+01:00"),
    st.none() | st.integers(0, 2_000_000_000),
)
floats = st.floats(allow_nan=False, allow_infinity=False)
scalars = st.none() | st.booleans() | st.integers() | floats | st.text(max_size=4) | st.just([1])
records = st.fixed_dictionaries(
    {
        "id": st.sampled_from("abcdef") | scalars,
        "at": st.just(GOOD["at"]) | instants,
        "seen_at": instants,
        "name": st.text(max_size=4) | scalars,
        "count": st.integers(-(2**64), 2**64) | scalars,
        "share": floats | st.integers(-(2**60), 2**60) | scalars,
        "good": st.booleans() | scalars,
    },
    optional={"extra": scalars},
)
nearly_good = st.builds(lambda n, change: {**GOOD, "id": f"r{n}", **change}, st.integers(0, 9), st.just({}) | records)


class Taken:
    """What came of outcomes: what is staged, counted and known."""

    def __init__(self, outcomes: Iterable[Outcome], table: Table = TABLE) -> None:
        intake, store = Intake(Parquet(), [table], BatchIdentities()), FakeS3(Scheduler(random.Random(0), NO_FAULTS))
        for outcome in outcomes:
            intake.take(outcome, "raw/…")
        files, rejected = intake.stage(store, "views", 1, "a")
        bodies = {file.partition: store.objects[file.staged].body for file in files}
        self.rows = {name: pq.ParquetFile(io.BytesIO(body)).read().to_pylist() for name, body in bodies.items()}
        lines = gzip.decompress(store.objects[rejected].body).splitlines() if rejected else []
        self.rejected: list[dict[str, Any]] = [json.loads(line) for line in lines]
        self.counts: Counts = intake.counts()
        self.good = intake.good

    def everything(self) -> tuple[Any, ...]:
        return repr(self.rows), self.rejected, self.counts, self.good


def read(*pages: list[Any]) -> list[Outcome]:
    bodies = [json.dumps({"records": page}).encode() for page in pages]
    return [outcome for body in bodies for outcome in FORM.read(json_page(body)["records"], "a page")]


@settings(max_examples=300)
@given(st.lists(st.lists(nearly_good | records, max_size=6), max_size=3))
def test_side_by_side_and_one_by_one_are_the_same(pages: list[list[dict[str, Any]]]) -> None:
    batched = read(*pages)

    assert Taken(batched).everything() == Taken(each_record(batched)).everything()


rows = st.fixed_dictionaries(
    {"at": st.datetimes(timezones=st.sampled_from([UTC, None, ZoneInfo("Asia/Kathmandu")])) | st.just(NOON)},
    optional={
        "id": st.text(max_size=3) | scalars,
        "seen_at": st.just(NOON) | st.just(NOON.replace(tzinfo=None)) | scalars,
        "name": st.text(max_size=3) | scalars,
        "count": st.integers(-(2**63), 2**63 - 1) | scalars,
        "share": st.floats() | scalars,
        "good": st.booleans() | scalars,
        "amount": st.decimals() | scalars,
        "day": st.dates() | st.just(NOON) | scalars,
        "other": scalars,
    },
)
accepted = st.builds(
    lambda event_id, content, name, given_rows: Accepted(event_id, content, tuple((name, row) for row in given_rows)),
    st.sampled_from("abcdefgh"),
    st.sampled_from("xy"),
    st.sampled_from(["views", "views", "views", "nowhere"]),
    st.lists(rows, min_size=1, max_size=2),
)
rejected = st.builds(Rejected, st.just("bad"), st.just("line 1"), st.text(st.characters(codec="utf-8"), max_size=3))


@settings(max_examples=500)
@given(st.lists(accepted | rejected, max_size=12))
def test_records_put_side_by_side_are_the_same(given_outcomes: list[Outcome]) -> None:
    with mock.patch.object(side_by_side, "LEAST", 1):
        together = list(side_by_side.side_by_side(given_outcomes, [WIDE]))

    assert list(each_record(together)) == given_outcomes
    assert Taken(together, WIDE).everything() == Taken(given_outcomes, WIDE).everything()


def test_runs_of_good_records_are_put_side_by_side_a_thousand_at_the_most() -> None:
    good = [Accepted(str(n), "", (("views", {"at": NOON}),)) for n in range(1_020)]

    first, second, bad, *few = side_by_side.side_by_side([*good, Rejected("bad", "", ""), *good[:3]], [TABLE])

    assert isinstance(first, Batch)
    assert isinstance(second, Batch)
    assert isinstance(bad, Rejected)
    assert [len(first.event_ids), len(second.event_ids)] == [1_000, 20]
    assert few == good[:3]


@given(st.lists(st.builds(lambda n: {**GOOD, "id": f"r{n}"}, st.integers()), min_size=1, unique_by=lambda r: r["id"]))
@settings(max_examples=20)
def test_good_records_are_never_looked_at_one_by_one(page: list[dict[str, Any]]) -> None:
    (batch,) = read(page)
    assert isinstance(batch, Batch)

    def must_not() -> Any:
        raise AssertionError("one by one")

    assert Taken([replace(batch, one_by_one=must_not)]).counts.ok == len(page)


def test_one_bad_record_costs_none_beside_it_and_says_what_is_wrong() -> None:
    bad = [{**GOOD, "id": "b", "share": True}, {**GOOD, "id": "c", "at": None}]

    taken = Taken(read([GOOD, *bad, {**GOOD, "id": "d"}]))

    assert taken.counts == Counts(received=4, ok=2, rejected=2, duplicate=0, conflict=0, rows=2)
    assert [(line["where"], line["reason"]) for line in taken.rejected] == [
        ("a page, record 2", "share: a number was expected, not true or false"),
        ("a page, record 3", "at: a record needs one"),
    ]


def test_a_record_that_comes_again_is_a_duplicate_and_one_with_another_content_is_kept_and_flagged() -> None:
    again = dict(reversed(GOOD.items()))
    other = {**GOOD, "count": 4}

    taken = Taken(read([GOOD, {**GOOD, "id": "b"}], [again, other]))

    assert taken.counts == Counts(received=4, ok=3, rejected=0, duplicate=1, conflict=1, rows=3)
    (rows,) = taken.rows.values()
    assert [(row["id"], row["count"], row["id_conflict"]) for row in rows] == [
        ("a", 3, False),
        ("a", 4, True),
        ("b", 3, False),
    ]


def test_a_page_of_two_days_lies_in_two_partitions() -> None:
    others = [
        {**GOOD, "id": "b", "at": "2026-11-26T00:30:00+01:00"},
        {**GOOD, "id": "c", "at": "2026-11-26T00:00:00Z"},
    ]

    taken = Taken(read([GOOD, *others]))

    assert {name: [row["id"] for row in rows] for name, rows in taken.rows.items()} == {
        "dt=2026-11-25": ["a", "b"],
        "dt=2026-11-26": ["c"],
    }


def test_a_page_is_read_once_by_whoever_asks() -> None:
    body = b'{"records": [1]}'

    assert json_page(body) is json_page(body)
    assert json_page(bytes(bytearray(body))) == json_page(body)
