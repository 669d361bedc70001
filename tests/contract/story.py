"""A source's life beside its vendor's test server, on one turned clock.

The real fetcher over loopback, the real pull, the real watcher; only the lake, the catalog and the state are in memory.
"""

from __future__ import annotations

import json
import random
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import uvicorn

from chalicelib.domain.freshness import Run
from chalicelib.incidents.observe import subject
from chalicelib.incidents.watch import Watch
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
from chalicelib.sources.base import Page, PullMode, PullSource, Request
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
from tests.unit.incidents.memory import Outbox as Told

ROOT = Path(__file__).parents[2]
START = datetime(2026, 11, 20, 0, 0, 20, tzinfo=UTC)
TICK = timedelta(minutes=10)
PATIENT = FetchPolicy(attempts=2, first_wait_s=0.001)
IMPATIENT = replace(PATIENT, read_timeout_s=0.05)
"""For a vendor that is slow on purpose; one that is merely on a busy machine is waited for."""

PULLED = [s for s in SOURCES.values() if isinstance(s, PullSource) and not s.name.startswith("github")]


def pulled(name: str) -> PullSource:
    """Answer a source by its name."""
    return next(source for source in PULLED if source.name == name)


@dataclass
class Counted:
    """A budget that also counts the calls of a story, the refused ones too."""

    inner: SourceBudget
    story: Story

    def set_aside(self, request: Request) -> None:
        self.inner.set_aside(request)
        self.story.calls += 1

    def settle(self, page: Page) -> None:
        self.inner.settle(page)
        self.story.ended_logins += page.status == 401

    def bearable(self) -> datetime | None:
        return self.inner.bearable()

    def unsent(self) -> None:
        self.inner.unsent()


class Story:
    """One source's life beside its vendor, minute by minute. ``policy`` asks again at once: faults cost no time."""

    policy: FetchPolicy = PATIENT

    def __init__(self, source: PullSource, world: World, url: str) -> None:
        self.source, self.world, self.now = source, world, START
        self.calls = self.ended_logins = 0
        self.reachable = True
        scheduler = Scheduler(random.Random(0), NO_FAULTS)
        self.store, self.catalog = FakeS3(scheduler), FakeCatalog(scheduler)
        self.state, self.outbox = MemoryState(), Told()
        self.vendor = world.vendors[source.name.partition("_")[0]]
        text = localised((ROOT / "config" / "sources.toml").read_text(), url, START - timedelta(days=2))
        self.config = parse_sources(text).section(source.name)
        self.log = StreamLog(self.store, self.catalog, source.name, self.clock)
        self.watch = Watch(self.state, self.outbox, self.clock)

    def clock(self) -> datetime:
        return self.now

    def live(self, span: timedelta, *, tick: timedelta = TICK, dispatched: bool = True) -> None:
        """Let time pass; pull when it is due, and watch twice, as a duplicate schedule would.

        ``dispatched`` is False where it is our own schedule that stands still: nothing is pulled, the watcher goes on.
        """
        end = self.now + span
        while self.now < end:
            self.now += tick
            self.world.clock.turn(self.now, running=False)
            if dispatched and self.is_due():
                perform(self.state, self.source.name, self.clock, self.run)
            for _ in range(2):
                self.watch.run([subject(self.source, self.config, self.store, self.state)])

    def is_due(self) -> bool:
        status = stream_status(self.store, self.source.name)
        allowed = may_run(read_run(self.state, self.source.name), self.now)
        return allowed and is_due(self.source, status, waiting=False, now=self.now)

    def run(self) -> None:
        budget = Counted(SourceBudget(self.state, self.source, self.config, self.clock), self)
        with new_session() as session:
            patience: dict[str, Any] = {"policy": self.policy, "clock": self.clock, "jitter": lambda: 0.0}
            fetcher = HttpFetcher(session, remaining_s=lambda: 60, budget=budget, **patience)
            secret = Given(self.vendor.secret)
            start = keys.started(self.config)
            config = self.config if self.reachable else elsewhere(self.config)
            pull = Pull(self.log, self.source, config, fetcher, secret, JsonLines(), self.clock, start)
            try:
                pull.run(self.now + timedelta(seconds=1))
            finally:
                budget.inner.release()

    def records(self, table: str) -> list[dict[str, Any]]:
        """Every row of a table that its readers see."""
        keys = (k for location in self.catalog.tables.get(table, {}).values() for k in self.store.keys(location))
        return [json.loads(line) for key in keys for line in self.store.objects[key].body.splitlines()]

    def rows(self, book: Book) -> list[tuple[Any, ...]]:
        """What the lake holds of a book's columns, in order."""
        return ordered(tuple(row[column] for column in book.columns) for row in self.records(book.table))

    def books(self) -> list[tuple[Book, list[tuple[Any, ...]]]]:
        """The vendor's truth of this source's tables; of a source with a past, from its start to its watermark."""
        times = {table.name: table.time_column for table in self.source.tables}
        books = [book for book in self.vendor.ledger(self.now) if book.table in times]
        begin, end = keys.started(self.config) or START, self.watermark()

        def wanted(book: Book, row: Mapping[str, Any]) -> bool:
            return (
                self.source.mode is PullMode.SNAPSHOT
                or begin <= midnight(row[book.windowed_by or times[book.table]]) < end
            )

        return [
            (book, ordered(tuple(plain(row[c]) for c in book.columns) for row in book.rows if wanted(book, row)))
            for book in books
        ]

    def watermark(self) -> datetime:
        """How far the stream has come."""
        head = self.log.recover()
        assert head is not None
        return Step.from_body(head.body).cursor

    def unaccounted(self) -> int:
        """How many windows are neither taken nor said to be missed; of a source with a past, not reached yet."""
        if self.source.mode is PullMode.WINDOW:
            settled = settled_end(self.now, self.source.grid, self.source.settle)
            return (settled - self.watermark()) // self.source.grid
        windows, missed = self.windows()
        whole = (self.now - START) // self.source.grid
        return 0 if windows + missed in {whole, whole + 1} else whole - windows - missed

    def windows(self) -> tuple[int, int]:
        """How many windows were taken, and how many were recorded as missed."""
        steps = self.steps()
        return len(steps), sum(len(step.missed) for step in steps)

    def steps(self) -> list[Step]:
        """Every commit of the log."""
        commits = list(self.store.keys("ctl/commits/"))
        return [Step.from_body(json.loads(self.store.objects[key].body)["body"]) for key in commits]

    @property
    def run_now(self) -> Run:
        found = read_run(self.state, self.source.name)
        assert found is not None
        return found


def midnight(value: date) -> datetime:
    """An instant as it is, a date at its midnight: where a row lies among the windows."""
    return value if isinstance(value, datetime) else datetime(value.year, value.month, value.day, tzinfo=UTC)


def ordered(rows: Iterable[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Sort rows, whatever is absent in them."""
    return sorted(rows, key=repr)


def elsewhere(config: Mapping[str, Any]) -> dict[str, Any]:
    """The same section with its vendor where nobody listens: the network is down."""
    nobody = "http://127.0.0.1:9"
    return {name: nobody + urlsplit(value).path if name.endswith("_url") else value for name, value in config.items()}


def lost(story: Story, book: Book, truth: list[tuple[Any, ...]]) -> int:
    """How many rows of the truth are not in the lake; of snapshots, those of the moments that were taken."""
    rows = story.rows(book)
    if story.source.mode is not PullMode.SNAPSHOT:
        return len(set(truth) - set(rows))
    each = len({tuple(line[book.columns.index(name)] for name in book.key[:-1]) for line in truth})
    return story.windows()[0] * each - len(rows)


@contextmanager
def outside_world(seed: int = 7) -> Iterator[tuple[World, str]]:
    """A world of its own on a free port, with its address."""
    world = World(seed, START, token="t", target=Target(), running=False)
    options: dict[str, Any] = {"interface": "asgi3", "log_level": "critical", "access_log": False, "date_header": False}
    server = uvicorn.Server(uvicorn.Config(world.app, host="127.0.0.1", port=0, **options))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    try:
        yield world, f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()
