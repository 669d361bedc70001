"""One arriving stream: batches are bounded, bad items cost nobody else, a heartbeat moves the watermark."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.errors import SkippableRecordError
from chalicelib.ingest.inbox import Pointer, accept, accept_pointer
from chalicelib.ingest.seal import BatchLimits, Seal
from chalicelib.ingest.seen import SegmentCache
from chalicelib.lake.log import StreamLog
from chalicelib.lake.steps import Step
from chalicelib.sources.base import Item, Outcome
from tests.simulation.formats import JsonLines
from tests.simulation.outside import Pushes
from tests.simulation.scheduler import START, Scheduler
from tests.simulation.store import FakeCatalog, FakeS3

FOREVER = START + timedelta(days=999)


@pytest.fixture
def logs(scheduler: Scheduler) -> FakeS3:
    return FakeS3(scheduler)


@pytest.fixture
def seal(scheduler: Scheduler, store: FakeS3, catalog: FakeCatalog, logs: FakeS3) -> Seal:
    log = StreamLog(store, catalog, "pushes", scheduler.clock)
    return Seal(log, Pushes(), {}, logs, JsonLines(), scheduler.clock, SegmentCache(), BatchLimits(items=10))


def records(*numbers: int, value: int = 0) -> bytes:
    return json.dumps([{"id": f"r{n}", "at": START.isoformat(), "v": value or n} for n in numbers]).encode()


def steps(store: FakeS3) -> list[Step]:
    return [Step.from_body(json.loads(store.objects[key].body)["body"]) for key in store.keys("ctl/commits/pushes/")]


def rows(store: FakeS3) -> list[dict[str, Any]]:
    lines = (line for key in store.keys("lake/") for line in store.objects[key].body.splitlines())
    return sorted((json.loads(line) for line in lines), key=lambda row: (row["id"], row["v"]))


def rejected(store: FakeS3) -> Iterator[dict[str, Any]]:
    for key in store.keys("rejected/"):
        yield from (json.loads(line) for line in gzip.decompress(store.objects[key].body).splitlines())


def test_everything_in_the_inbox_is_committed_in_bounded_batches_and_deleted(seal: Seal, store: FakeS3) -> None:
    for n in range(1, 26):
        accept(store, "pushes", records(n), {}, START)

    assert seal.run(FOREVER) == 3

    assert [len(step.consumed) for step in steps(store)] == [10, 10, 5]
    assert [row["v"] for row in rows(store)] == sorted(range(1, 26), key=lambda n: f"r{n}")
    assert store.keys("inbox/") == []


def test_a_batch_ends_when_it_has_its_bytes(seal: Seal, store: FakeS3) -> None:
    from dataclasses import replace

    for n in range(1, 80):
        accept(store, "pushes", records(n), {}, START)
    small = replace(seal, limits=BatchLimits(items=500, size_bytes=100))

    small.run(FOREVER)

    assert max(len(step.consumed) for step in steps(store)) == 32  # one read-ahead
    assert len(rows(store)) == 79


def test_redelivered_records_are_counted_not_written(seal: Seal, store: FakeS3) -> None:
    accept(store, "pushes", records(1, 2), {}, START)
    seal.run(FOREVER)
    accept(store, "pushes", records(1, 2), {"delivery": "again"}, START)
    accept(store, "pushes", records(2, 3, 3), {}, START)

    seal.run(FOREVER)

    assert len(rows(store)) == 3
    assert steps(store)[-1].totals.duplicate == 4
    assert steps(store)[-1].totals.received == 7


def test_the_same_id_with_another_content_is_kept_and_flagged(seal: Seal, store: FakeS3) -> None:
    accept(store, "pushes", records(1), {}, START)
    seal.run(FOREVER)
    accept(store, "pushes", records(1, value=9), {}, START)
    seal.run(FOREVER)

    assert [(row["v"], row["id_conflict"]) for row in rows(store)] == [(1, False), (9, True)]
    assert steps(store)[-1].counts.conflict == 1


def test_a_corrupt_item_is_set_aside_whole_and_the_others_stay(seal: Seal, store: FakeS3) -> None:
    poison = json.dumps([{"id": "r5", "at": START.isoformat(), "v": 5}, {"poison": 1}]).encode()
    for body in (records(1), b"\xff not JSON", poison, records(2)):
        accept(store, "pushes", body, {}, START)

    seal.run(FOREVER)

    assert [row["v"] for row in rows(store)] == [1, 2]
    found = list(rejected(store))
    assert {line["reason"].split(":")[0] for line in found} == {"poison", "the parser failed"}
    assert all(line["origin"].startswith("inbox/pushes/") and line["raw"] for line in found)


def test_a_pointers_content_is_read_from_the_log_bucket_with_its_key(seal: Seal, store: FakeS3, logs: FakeS3) -> None:
    seen: list[Item] = []

    class Watching(Pushes):
        def parse(self, item: Item, config: Mapping[str, Any]) -> Iterator[Outcome]:
            seen.append(item)
            return super().parse(item, config)

    from dataclasses import replace

    logs.write("access/a", records(7))
    accept_pointer(store, "pushes", Pointer("access/a", "e", 9), START)
    accept_pointer(store, "pushes", Pointer("access/gone", "e", 9), START)

    replace(seal, source=Watching()).run(FOREVER)

    assert [row["v"] for row in rows(store)] == [7]
    assert [item.attributes["key"] for item in seen] == ["access/a"]
    assert [line["reason"] for line in rejected(store)] == ["access/gone is no longer in the log bucket"]


def test_an_empty_inbox_commits_once_a_heartbeat_and_the_watermark_follows(
    seal: Seal, store: FakeS3, scheduler: Scheduler
) -> None:
    counts = []
    for hours in (0, 1, 23, 25, 26):
        scheduler.now = START + timedelta(hours=hours)
        counts.append(seal.run(FOREVER))

    assert counts == [1, 0, 0, 1, 0]
    assert steps(store)[-1].watermark == START + timedelta(hours=24, minutes=45)


def test_heartbeats_carry_forward_when_a_record_last_came(seal: Seal, store: FakeS3, scheduler: Scheduler) -> None:
    came = []
    for body in (None, records(1), None, b"nonsense", None):
        if body is not None:
            accept(store, "pushes", body, {}, scheduler.now)
            came.append(scheduler.now)
        seal.run(FOREVER)
        scheduler.now += seal.source.heartbeat

    assert [step.last_record_at for step in steps(store)] == [None, came[0], came[0], came[1], came[1]]


def test_a_clock_that_is_behind_moves_nothing_back(seal: Seal, store: FakeS3, scheduler: Scheduler) -> None:
    scheduler.now = START + timedelta(hours=9)
    seal.run(FOREVER)
    scheduler.now = START
    accept(store, "pushes", records(1), {}, START)

    seal.run(FOREVER)

    first, second = steps(store)
    assert second.window.start == second.window.end == first.window.end
    assert second.watermark == first.watermark


def test_a_batch_goes_on_after_the_last_so_no_key_waits_for_ever(seal: Seal, store: FakeS3) -> None:
    for n in range(30):
        accept(store, "pushes", records(n + 1), {}, START)
    keys = store.keys("inbox/")
    seal.run(deadline=START)
    assert seal.run(FOREVER) == 3
    assert [step.consumed[0] for step in steps(store)] == [keys[0], keys[10], keys[20]]

    accept(store, "pushes", records(99), {}, START)
    seal.run(FOREVER)

    assert store.keys("inbox/") == []


def test_parsers_that_say_so_reject_an_item(seal: Seal, store: FakeS3) -> None:
    from dataclasses import replace

    class Picky(Pushes):
        def parse(self, item: Item, config: Mapping[str, Any]) -> Iterator[Outcome]:
            raise SkippableRecordError("not today")

    accept(store, "pushes", records(1), {}, START)

    replace(seal, source=Picky()).run(FOREVER)

    assert [line["reason"] for line in rejected(store)] == ["not today"]
