"""Every pulled source against its vendor's test server, through every fault of the wire, on one turned clock.

The real fetcher over loopback, the real pull, the real watcher; only the lake, the catalog and the state are in memory.
``pytest -s`` prints the table. A vendor and a source that are registered are in it.
"""

from __future__ import annotations

import json
import random
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import uvicorn

from chalicelib.alerts.observe import subject
from chalicelib.alerts.watch import Watch
from chalicelib.domain.freshness import Run, RunOutcome
from chalicelib.ingest.budget import SourceBudget
from chalicelib.ingest.dispatch import is_due, may_run
from chalicelib.ingest.fetch import FetchPolicy, HttpFetcher, new_session
from chalicelib.ingest.login import Given
from chalicelib.ingest.pull import Pull
from chalicelib.ingest.runs import perform, read_run
from chalicelib.ingest.windows import settled_end
from chalicelib.lake.log import StreamLog
from chalicelib.lake.status import stream_status
from chalicelib.lake.steps import Step
from chalicelib.sources import keys
from chalicelib.sources.base import PullMode, PullSource
from chalicelib.sources.config import parse_sources
from chalicelib.sources.registry import SOURCES
from infra.local.sources import localised
from tests.servers.deliveries import Target
from tests.servers.vendor import Book, plain
from tests.servers.world import World
from tests.simulation.formats import JsonLines
from tests.simulation.scheduler import NO_FAULTS, Scheduler
from tests.simulation.store import FakeCatalog, FakeS3
from tests.unit.api.world import MemoryState

ROOT = Path(__file__).parents[2]
START = datetime(2026, 11, 20, 0, 0, 20, tzinfo=UTC)
TICK = timedelta(minutes=10)
IMPATIENT = FetchPolicy(connect_timeout_s=2, read_timeout_s=0.2, attempts=2, first_wait_s=0.001)
PULLED = [s for s in SOURCES.values() if isinstance(s, PullSource) and not s.name.startswith("github")]
FAULTS: tuple[dict[str, Any], ...] = (
    {"kind": "down"},
    {"kind": "slow", "seconds": 0.4},
    {"kind": "unavailable"},
    {"kind": "rate_limit", "seconds": 900},
    {"kind": "quota", "seconds": 3600},
    {"kind": "credentials"},
    {"kind": "forbidden"},
    {"kind": "version"},
    {"kind": "truncated"},
    {"kind": "short_gzip"},
    {"kind": "html"},
    {"kind": "clock_skew"},
)
FOR_A_PERSON = frozenset({"credentials", "forbidden", "version"})


@dataclass
class Outbox:
    """What people were told."""

    subjects: list[str] = field(default_factory=list)

    def send(self, subject: str, text: str, /) -> str:
        self.subjects.append(subject)
        return str(len(self.subjects))


class Story:
    """One source's life beside its vendor, minute by minute. ``policy`` gives up soon, so that faults cost no time."""

    policy: FetchPolicy = IMPATIENT

    def __init__(self, source: PullSource, world: World, url: str) -> None:
        self.source, self.world, self.now = source, world, START
        scheduler = Scheduler(random.Random(0), NO_FAULTS)
        self.store, self.catalog = FakeS3(scheduler), FakeCatalog(scheduler)
        self.state, self.outbox = MemoryState(), Outbox()
        self.vendor = world.vendors[source.name.partition("_")[0]]
        text = localised((ROOT / "config" / "sources.toml").read_text(), url, START - timedelta(days=2))
        self.config = parse_sources(text).section(source.name)
        self.log = StreamLog(self.store, self.catalog, source.name, self.clock)
        self.watch = Watch(self.state, self.outbox, self.clock)

    def clock(self) -> datetime:
        return self.now

    def live(self, span: timedelta) -> None:
        """Let time pass; pull when it is due, and watch twice, as a duplicate schedule would."""
        end = self.now + span
        while self.now < end:
            self.now += TICK
            self.world.clock.turn(self.now, running=False)
            if self.is_due():
                perform(self.state, self.source.name, self.clock, self.run)
            for _ in range(2):
                self.watch.run([subject(self.source, self.config, self.store, self.state)])

    def is_due(self) -> bool:
        status = stream_status(self.store, self.source.name)
        allowed = may_run(read_run(self.state, self.source.name), self.now)
        return allowed and is_due(self.source, status, waiting=False, now=self.now)

    def run(self) -> None:
        budget = SourceBudget(self.state, self.source, self.config, self.clock)
        with new_session() as session:
            patience: dict[str, Any] = {"policy": self.policy, "clock": self.clock, "jitter": lambda: 0.0}
            fetcher = HttpFetcher(session, remaining_s=lambda: 60, budget=budget, **patience)
            secret = Given(self.vendor.secret)
            start = keys.started(self.config)
            pull = Pull(self.log, self.source, self.config, fetcher, secret, JsonLines(), self.clock, start)
            pull.run(self.now + timedelta(seconds=1))
            budget.release()

    def rows(self, book: Book) -> list[tuple[Any, ...]]:
        """What the lake holds of a book's columns, in the order of its key."""
        keys = (k for location in self.catalog.tables.get(book.table, {}).values() for k in self.store.keys(location))
        lines = (json.loads(line) for key in keys for line in self.store.objects[key].body.splitlines())
        return sorted((tuple(row[column] for column in book.columns) for row in lines), key=repr)

    def books(self) -> list[tuple[Book, list[tuple[Any, ...]]]]:
        """The vendor's truth of this source's tables; of a source with a past, from its start to its watermark."""
        times = {table.name: table.time_column for table in self.source.tables}
        books = [book for book in self.vendor.ledger(self.now) if book.table in times]
        begin, end = keys.started(self.config), self.watermark()
        return [
            (
                book,
                sorted(
                    (
                        tuple(plain(row[c]) for c in book.columns)
                        for row in book.rows
                        if self.source.mode is PullMode.SNAPSHOT
                        or (begin or START) <= midnight(row[book.windowed_by or times[book.table]]) < end
                    ),
                    key=repr,
                ),
            )
            for book in books
        ]

    def watermark(self) -> datetime:
        """How far the stream has come."""
        head = self.log.recover()
        assert head is not None
        return Step.from_body(head.body).cursor

    def windows(self) -> tuple[int, int]:
        """How many windows were taken, and how many were recorded as missed."""
        commits = list(self.store.keys("ctl/commits/"))
        steps = [Step.from_body(json.loads(self.store.objects[key].body)["body"]) for key in commits]
        return len(steps), sum(len(step.missed) for step in steps)

    @property
    def run_now(self) -> Run:
        found = read_run(self.state, self.source.name)
        assert found is not None
        return found


def midnight(value: date) -> datetime:
    """An instant as it is, a date at its midnight: where a row lies among the windows."""
    return value if isinstance(value, datetime) else datetime(value.year, value.month, value.day, tzinfo=UTC)


@pytest.fixture
def served() -> Iterator[tuple[World, str]]:
    world = World(7, START, token="t", target=Target(), running=False)
    options: dict[str, Any] = {"interface": "asgi3", "log_level": "critical", "access_log": False, "date_header": False}
    server = uvicorn.Server(uvicorn.Config(world.app, host="127.0.0.1", port=0, **options))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield world, f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join()


@pytest.mark.parametrize("source", PULLED, ids=lambda s: s.name)
def test_the_table_is_the_vendors_ledger_and_its_bill_the_least_possible(
    source: PullSource, served: tuple[World, str]
) -> None:
    story = Story(source, *served)

    story.live(timedelta(days=3))

    for book, truth in story.books():
        assert truth
        assert story.rows(book) == truth
    assert dict(story.vendor.bill.billed) == dict(story.vendor.minimum(story.now))
    assert story.outbox.subjects == []


@pytest.mark.parametrize("fault", FAULTS, ids=lambda f: str(f["kind"]))
@pytest.mark.parametrize("source", PULLED, ids=lambda s: s.name)
def test_a_fault_loses_nothing_doubles_nothing_and_is_told_once(
    source: PullSource, fault: Mapping[str, Any], served: tuple[World, str]
) -> None:
    story = Story(source, *served)
    story.live(source.grid * 2)
    world, before = story.world, story.windows()[0]

    if fault["kind"] == "clock_skew":  # behind by more than the fault lasts, or what it says becomes believable
        fault = {**fault, "seconds": -(source.grid * 2 + timedelta(hours=3)).total_seconds()}
    world.faults.add({**fault, "vendor": story.vendor.name})
    story.live(source.grid * 2 + timedelta(hours=2))
    during, taken = story.run_now, story.windows()[0]
    world.faults.active.clear()
    waits = max(during.retry_at or story.now, story.now) - story.now  # LinkedIn's limits end at midnight only
    story.live(waits + source.grid * 2 + timedelta(hours=6))

    windows, missed = story.windows()
    subjects = story.outbox.subjects
    for book, truth in story.books():
        rows = story.rows(book)
        each = len({tuple(line[book.columns.index(name)] for name in book.key[:-1]) for line in truth})
        lost = windows * each - len(rows) if source.mode is PullMode.SNAPSHOT else len(set(truth) - set(rows))
        row = (
            f"{source.name:<22}{fault['kind']:<13}{len(rows):>4} rows, lost {lost}, twice {len(rows) - len(set(rows))}"
        )
        print(f"\n{row}, missed {missed}, told {len(subjects)}  {during.error or ''}"[:200], end="")
        assert lost == 0
        assert set(rows) <= set(truth), "a row that the vendor never served"
        assert len(rows) == len(set(rows))
    whole = (story.now - START) // source.grid
    if source.mode is PullMode.SNAPSHOT:
        assert windows + missed in {whole, whole + 1}, "every window is there, or said to be missed"
    else:
        assert story.watermark() == settled_end(story.now, source.grid, source.settle)
    assert story.run_now.outcome is RunOutcome.OK
    assert during.outcome is not RunOutcome.OK
    assert during.error
    assert taken == before, "nothing was taken while the fault lasted"
    assert len(subjects) == 2, subjects
    assert subjects[1].endswith("has recovered")
    assert (during.outcome is RunOutcome.FATAL) == (fault["kind"] in FOR_A_PERSON)
