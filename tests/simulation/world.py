"""One seed: a fortnight in which everything happens, then calm, then the books are checked."""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from chalicelib.ingest.inbox import Pointer, accept, accept_pointer
from chalicelib.ingest.jobs import Job, JobKind, Progress, Report
from chalicelib.ingest.pull import Pull
from chalicelib.ingest.seal import BatchLimits
from chalicelib.ingest.seen import SegmentCache
from chalicelib.lake.collect import Collection
from chalicelib.lake.compaction import heal_folders
from chalicelib.lake.log import StreamLog
from chalicelib.sources.base import Source
from tests.simulation.checks import Books
from tests.simulation.formats import JsonLines, RealParquet
from tests.simulation.jobs import BEGINNING, Desk, FakeState, MendedHistory, MendedPushes
from tests.simulation.mutants import SOUND, Mutant
from tests.simulation.outside import GRID, History, Level, Pushes, Server, SimFetcher
from tests.simulation.rollup import Rollup
from tests.simulation.scheduler import NO_FAULTS, START, Faults, Scheduler
from tests.simulation.store import FakeCatalog, FakeS3

ROUNDS = 11
SOURCES: tuple[Source, ...] = (History(), Level(), Pushes())
_RUN = timedelta(hours=2)  # a run's time budget; workers that sleep overrun it


@dataclass(frozen=True)
class Result:
    """What one seed has shown."""

    seed: int
    digest: str
    violations: tuple[str, ...]
    lost: int
    duplicated: int
    commits: int
    tally: Counter[str]

    @property
    def is_sound(self) -> bool:
        """Whether nothing was lost, doubled or broken."""
        return not self.violations and not self.lost and not self.duplicated


@dataclass
class Sent:
    """One body that somebody sends until it is accepted."""

    body: bytes
    pointer: Pointer | None = None
    accepted: bool = False


@dataclass
class World:
    """Everything there is under one seed."""

    seed: int
    mutant: Mutant = SOUND
    real_parquet: bool = False
    faults: Faults = field(default_factory=Faults)

    def __post_init__(self) -> None:
        self.rng = random.Random(self.seed)
        self.scheduler = Scheduler(self.rng, self.faults)
        self.format = RealParquet() if self.real_parquet else JsonLines()
        self.lake = FakeS3(self.scheduler)
        self.books = Books(self.lake, self.scheduler, self.format)
        self.lake.watch = self.books.see
        self.logs = FakeS3(self.scheduler)
        self.catalog = FakeCatalog(self.scheduler)
        self.server = Server(self.rng)
        for hour in range(0, round((START - GRID - BEGINNING) / timedelta(hours=1)), 5):
            self.server.happen(BEGINNING + timedelta(hours=hour))
        self.mends = self.rng.random() < 0.6
        self.sent: list[Sent] = []
        self.records: list[dict[str, Any]] = []
        self.store = self.mutant.store(self.lake)
        self.desk = Desk(self.rng, self.scheduler, FakeState(self.scheduler), self.store)

    def run(self) -> Result:
        """Let it all happen, then check."""
        for _ in range(ROUNDS):
            self._happen()
            for _ in range(self.rng.randint(2, 5)):
                self._start()
            for _ in range(self.rng.randint(20, 400)):
                self.scheduler.now += timedelta(seconds=self.rng.random())
                if not self.scheduler.step():
                    break
            self.books.check_readers(self.catalog)
            self.scheduler.now += timedelta(hours=self.rng.random() ** 2 * 75)
        self._calm()
        lost, duplicated = self.books.check(self)
        return Result(
            self.seed,
            self.scheduler.digest,
            tuple(self.scheduler.violations),
            lost,
            duplicated,
            len(self.books.commits),
            self.scheduler.tally,
        )

    def new_attempt(self) -> str:
        """An id, from the seed."""
        return f"{self.rng.getrandbits(64):016x}"

    def log(self, stream: str) -> StreamLog:
        """A stream's log, as one worker has it."""
        return self.mutant.log(self.store, self.catalog, stream, self.scheduler.clock)

    # What happens outside

    def _happen(self) -> None:
        for _ in range(self.rng.randint(0, 6)):
            self.scheduler.now += timedelta(seconds=self.rng.random() * 3600)
            self.server.happen(self.scheduler.now)
        if self.rng.random() < 0.15:
            self.server.generation += 1
        for _ in range(self.rng.randint(0, 5)):
            self._send()

    def _send(self) -> None:
        body = json.dumps([self._record() for _ in range(self.rng.randint(1, 4))]).encode()
        if self.rng.random() < 0.04:
            body = json.dumps([*json.loads(body), {"poison": len(self.sent)}]).encode()
        if self.sent and self.rng.random() < 0.15:
            body = self.rng.choice(self.sent).body
        sent = Sent(body)
        if self.rng.random() < 0.3:
            sent.pointer = Pointer(f"log/{len(self.sent)}", "e", len(body))
            self.logs.write(sent.pointer.key, body)
        self.sent.append(sent)
        self.scheduler.spawn(f"sender {len(self.sent)}", lambda: self._deliver(sent))

    def _deliver(self, sent: Sent) -> None:
        at = self.scheduler.clock()
        if sent.pointer:
            accept_pointer(self.store, "pushes", sent.pointer, at)
        else:
            accept(self.store, "pushes", sent.body, {"delivery": str(len(self.sent))}, at)
        sent.accepted = True

    def _record(self) -> dict[str, Any]:
        draw = self.rng.random()
        if self.records and draw < 0.15:
            return self.rng.choice(self.records)
        at = self.scheduler.now - timedelta(hours=self.rng.random() ** 3 * 120)
        number = len(self.records)
        record = {"id": f"r{number}", "at": at.isoformat(), "v": number if draw < 0.93 else "bad"}
        if self.records and draw < 0.25:
            record["id"] = self.rng.choice(self.records)["id"]
        self.records.append(record)
        return record

    # Workers

    def _start(self) -> None:
        kinds = ["history", "history", "level", "pushes", "pushes", "compact", "collect", "rollup", "ask", "job", "job"]
        kind = self.rng.choice(kinds)
        work = {
            "history": self.pull_history,
            "level": self.pull_level,
            "pushes": self.seal,
            "compact": lambda: self.compact(self.rng.choice(SOURCES)),
            "collect": lambda: self.collect(self.rng.choice(SOURCES)),
            "rollup": self.rollup,
            "ask": self.ask,
            "job": self.job,
        }[kind]
        skew = timedelta(hours=self.rng.choice([0, 0, 0, 0, -7, -2, 3, 9]))
        if kind in {"compact", "collect"}:
            skew = min(skew, timedelta(0))
        for twin in range(2 if self.rng.random() < 0.4 else 1):
            self.scheduler.spawn(f"{kind} {self.scheduler.calls}.{twin}", work, skew if twin == 0 else timedelta(0))

    def pull_history(self) -> None:
        """One run of the windowed source."""
        self._pull(History()).run(self.scheduler.clock() + _RUN)

    def pull_level(self) -> None:
        """One run of the snapshot source."""
        self._pull(Level()).run(self.scheduler.clock() + _RUN)

    def _pull(self, source: Any) -> Pull:
        return self.mutant.pull(
            self.log(source.name),
            source,
            {},
            SimFetcher(self.scheduler, self.server),
            dict,
            self.format,
            self.scheduler.clock,
            START - GRID,
            self.new_attempt,
        )

    def seal(self) -> None:
        """One run of the sealer, in small batches."""
        limits = BatchLimits(items=self.rng.randint(2, 9), size_bytes=2000)
        log, clock = self.log("pushes"), self.scheduler.clock
        self.mutant.seal(
            log, Pushes(), {}, self.logs, self.format, clock, SegmentCache(), limits, self.new_attempt
        ).run(clock() + _RUN)

    def ask(self) -> None:
        """Ask for a job, or have one cancelled."""
        draw = self.rng.random()
        if draw < 0.15:
            self.desk.cancel()
        elif draw < 0.5 and self.mends:
            self.desk.ask_replay(self.rng.choice(["history", "pushes"]))
        else:
            self.desk.ask_backfill(*self.desk.some_range())

    def job(self) -> None:
        """One run of some job."""
        self.desk.work(self._do, _RUN)

    def _do(self, job: Job, report: Report) -> Progress:
        deadline = self.scheduler.clock() + _RUN
        if job.kind is JobKind.BACKFILL:
            return self.mutant.backfill(self._pull(History()), job).run(deadline, report)
        source = MendedHistory() if job.stream == "history" else MendedPushes()
        log, clock = self.log(job.stream), self.scheduler.clock
        replay = self.mutant.replay(log, source, {}, self.format, clock, SegmentCache(), job, self.new_attempt)
        return replay.run(deadline, report)

    def compact(self, source: Source) -> None:
        """One run of the compaction of one stream."""
        log = self.log(source.name)
        self.mutant.compaction(log, source.tables, self.format, self.scheduler.clock, self.new_attempt).run(
            self.scheduler.clock() + _RUN
        )

    def collect(self, source: Source) -> None:
        """One collection of one stream."""
        Collection(self.log(source.name), source.tables, self.scheduler.clock).run()

    def rollup(self) -> None:
        """One run of the roll-up."""
        logs = {name: self.log(name) for name in ("history", "pushes")}
        Rollup(logs, self.new_attempt, self.format.count_rows).run()

    def _calm(self) -> None:
        """All sleepers wake, faults end, and everybody runs until nothing is due."""
        self.scheduler.faults = NO_FAULTS
        self.server.trouble = 0
        self.scheduler.run_out()
        self.scheduler.now += GRID
        for sent in self.sent:
            if not sent.accepted:
                self._quietly(lambda sent=sent: self._deliver(sent))
        for work in (self.pull_history, self.pull_level, self.seal):
            self._quietly(work)
        self._calm_jobs()
        for source in SOURCES:
            self._quietly(lambda source=source: self.compact(source))
            self._quietly(lambda source=source: heal_folders(self.log(source.name), source.tables, START.date()))
            self._quietly(lambda source=source: self.collect(source))
        self._quietly(self.rollup)

    def _calm_jobs(self) -> None:
        """What was asked for is done, and in a world with a mended parser all that was set aside is read again."""
        self._work_off()
        if self.mends:
            for stream in ("history", "pushes"):
                self._quietly(lambda stream=stream: self.desk.ask_replay(stream))
            self._work_off()

    def _work_off(self) -> None:
        for _ in range(20 * self.desk.asked):
            if not any(job.is_active for job in self.desk.written()):
                return
            self._quietly(self.job)
            self.scheduler.now += timedelta(minutes=1)

    def _quietly(self, work: Callable[[], object]) -> None:
        self.scheduler.spawn("calm", work)
        self.scheduler.run_out()
