"""Publishing, compaction, collection and status over one log."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

import pytest

from chalicelib.errors import IntegrityError
from chalicelib.lake import folders, layout, published
from chalicelib.lake.collect import Collection
from chalicelib.lake.commits import Link
from chalicelib.lake.compaction import Compaction, heal_folders
from chalicelib.lake.log import StreamLog
from chalicelib.lake.status import stream_status
from chalicelib.lake.steps import Counts, Kind, StagedFile, Step
from chalicelib.sources.base import Window
from tests.simulation.formats import JsonLines
from tests.simulation.outside import DAYS, EVENTS
from tests.simulation.scheduler import START, Scheduler
from tests.simulation.store import FakeCatalog, FakeS3

DT = layout.day(START)


@pytest.fixture
def log(scheduler: Scheduler, store: FakeS3, catalog: FakeCatalog) -> StreamLog:
    return StreamLog(store, catalog, "history", scheduler.clock)


def commit(log: StreamLog, head: Link | None, body: bytes, *, restated: bool = False) -> Link:
    seq = head.seq + 1 if head else 1
    table = DAYS.name if restated else EVENTS.name
    staged = layout.stage("history", seq, f"a{seq}", f"{table}.parquet")
    log.store.put(staged, body)
    if restated:
        key = layout.restated(layout.folder(table, DT), "history")
    else:
        key = layout.data(folders.current(log.store, "history", table, DT), "history", seq)
    file = StagedFile(staged, key, table, DT, 1, len(body), "sha", restated)
    before = Step.from_body(head.body) if head else None
    start = before.cursor if before else START
    counts = Counts(received=1, ok=1, rows=1)
    totals = before.totals + counts if before else counts
    end = start + timedelta(hours=1)
    step = Step(Window(start, end), end, counts, totals, (file,), last_record_at=end)
    return log.commit(head, Kind.PULL, step, f"a{seq}")


def lines(store: FakeS3, folder: str) -> list[str]:
    return sorted(line.decode() for key in store.keys(folder) for line in store.objects[key].body.splitlines())


def compaction(log: StreamLog, scheduler: Scheduler) -> Compaction:
    return Compaction(log, (EVENTS, DAYS), JsonLines(), scheduler.clock, lambda: "c")


FOREVER = START + timedelta(days=999)


def test_a_commit_is_visible_and_the_position_says_so(log: StreamLog, store: FakeS3, catalog: FakeCatalog) -> None:
    link = commit(log, None, b"one")

    assert lines(store, catalog.tables["events"][DT]) == ["one"]
    position = published.read(store, "history")
    assert position is not None
    assert (position.seq, position.commit_sha256) == (1, link.sha256)


def test_consumers_are_told_of_each_publish(scheduler: Scheduler, store: FakeS3, catalog: FakeCatalog) -> None:
    told: list[tuple[int, tuple[str, ...]]] = []
    log = StreamLog(
        store, catalog, "history", scheduler.clock, lambda link, step: told.append((link.seq, step.partitions))
    )

    commit(log, None, b"one")

    assert told == [(1, (f"events/{DT}",))]


def test_an_old_restatement_never_comes_over_a_newer_one(log: StreamLog, store: FakeS3) -> None:
    first = commit(log, None, b"old", restated=True)
    commit(log, first, b"new", restated=True)

    log.publish(first)

    assert lines(store, "lake/days/") == ["new"]


def test_publishing_again_is_a_no_op(log: StreamLog, store: FakeS3, catalog: FakeCatalog) -> None:
    first = commit(log, None, b"one")
    commit(log, first, b"two")
    before = {key: found.body for key, found in store.objects.items()}

    log.publish(first)

    assert {key: found.body for key, found in store.objects.items()} == before


def test_recovery_publishes_what_a_crash_left(log: StreamLog, store: FakeS3, catalog: FakeCatalog) -> None:
    link = commit(log, None, b"one")
    for key in [*store.keys("lake/"), layout.published("history")]:
        store.delete(key)
    catalog.tables.clear()

    assert log.recover() == link

    assert lines(store, catalog.tables["events"][DT]) == ["one"]


def test_a_published_commit_that_was_changed_is_noticed(log: StreamLog, store: FakeS3) -> None:
    commit(log, None, b"one")
    said = json.loads(store.objects[layout.published("history")].body)
    store.write(layout.published("history"), json.dumps({**said, "commit_sha256": "forged"}).encode())

    with pytest.raises(IntegrityError, match="not the one"):
        log.recover()


def test_staged_data_that_vanished_before_its_publish_is_noticed(log: StreamLog, store: FakeS3) -> None:
    link = commit(log, None, b"one")
    store.delete(Step.from_body(link.body).files[0].staged)
    log.publish(link)  # visible already: a zombie's second try is harmless
    store.delete(layout.published("history"))

    with pytest.raises(IntegrityError, match="not visible"):
        log.recover()


def test_a_closed_day_becomes_one_file_and_late_rows_join_it(
    log: StreamLog, store: FakeS3, catalog: FakeCatalog, scheduler: Scheduler
) -> None:
    head = commit(log, commit(log, None, b"one"), b"two")
    assert compaction(log, scheduler).run(FOREVER) == 0  # the day is not over
    scheduler.now = START + timedelta(days=3)

    assert compaction(log, scheduler).run(FOREVER) == 1

    folder = catalog.tables["events"][DT]
    assert folder == layout.folder("events", DT, 3)
    assert len(store.keys(folder)) == 1
    head = log.recover()
    assert head is not None
    assert head.commit.kind == Kind.COMPACTION
    assert Step.from_body(head.body).totals.rows == 2
    commit(log, head, b"late")
    assert lines(store, catalog.tables["events"][DT]) == ["late", "one", "two"]
    assert compaction(log, scheduler).run(FOREVER) == 1
    assert lines(store, catalog.tables["events"][DT]) == ["late", "one", "two"]


def test_a_catalog_that_points_at_a_replaced_folder_is_healed(
    log: StreamLog, catalog: FakeCatalog, scheduler: Scheduler
) -> None:
    commit(log, commit(log, None, b"one"), b"two")
    scheduler.now = START + timedelta(days=3)
    compaction(log, scheduler).run(FOREVER)
    right = catalog.tables["events"][DT]
    catalog.tables["events"][DT] = layout.folder("events", DT)

    assert heal_folders(log, [EVENTS], START.date()) == 1

    assert catalog.tables["events"][DT] == right


def test_only_what_nobody_needs_is_collected_and_only_after_a_week(
    log: StreamLog, store: FakeS3, catalog: FakeCatalog, scheduler: Scheduler
) -> None:
    commit(log, commit(log, None, b"one"), b"two")
    scheduler.now = START + timedelta(days=3)
    compaction(log, scheduler).run(FOREVER)
    collection = Collection(log, (EVENTS, DAYS), scheduler.clock)
    scheduler.now = START + timedelta(days=6)
    assert collection.run() == 0
    scheduler.now = START + timedelta(days=11)
    in_flight = layout.stage("history", 4, "x", "events.parquet")
    store.put(in_flight, b"of a commit to come")
    scheduler.now = START + timedelta(days=30)

    assert collection.run() == 3 + 2  # staged objects, and the files of the first folder

    assert store.keys("stage/") == [in_flight]
    assert lines(store, "lake/events/") == lines(store, catalog.tables["events"][DT]) == ["one", "two"]
    assert len(store.keys("ctl/commits/")) == 3


def test_the_status_is_read_from_a_few_objects_however_long_the_log(log: StreamLog, store: FakeS3) -> None:
    head = None
    for n in range(50):
        head = commit(log, head, str(n).encode())
    before = store.scheduler.calls

    status = stream_status(store, "history")

    assert store.scheduler.calls - before <= 3
    assert (status.seq, status.published_seq, status.totals.rows) == (50, 50, 50)
    assert status.watermark == status.cursor == START + timedelta(hours=50)
    assert status.last_record_at == status.quiet_since == START + timedelta(hours=50)


def test_a_stream_that_never_received_anything_is_quiet_since_its_first_commit(
    log: StreamLog, store: FakeS3, scheduler: Scheduler
) -> None:
    step = Step(Window(START, START + timedelta(hours=1)), START)
    head = log.commit(None, Kind.SEAL, step, "a1")
    scheduler.now += timedelta(hours=9)
    log.commit(head, Kind.SEAL, step.idle(), "a2")

    status = stream_status(store, "history")

    assert (status.seq, status.last_record_at) == (2, None)
    assert status.quiet_since == head.commit.committed_at < scheduler.now


def test_a_stream_without_commits_has_a_status(store: FakeS3) -> None:
    status = stream_status(store, "history")

    assert (status.seq, status.watermark, status.totals) == (0, None, Counts())


def test_a_step_is_read_back_as_it_was_written(log: StreamLog) -> None:
    link = commit(log, None, b"one")
    step = Step.from_body(link.body)

    assert Step.from_body(json.loads(json.dumps(step.to_body()))) == step
    assert step.idle().window == Window(step.window.end, step.window.end)
    assert isinstance(step.watermark, datetime)
