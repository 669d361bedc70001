"""Fakes of the ports that the watcher uses, and a source whose state a test decides."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from chalicelib.domain.freshness import Cadence, Quiet, Run, RunOutcome, assess
from chalicelib.errors import PreconditionFailed
from chalicelib.incidents.diagnosis import Seen, judged
from chalicelib.incidents.incidents import Sight, Subject
from chalicelib.incidents.watch import Watch
from chalicelib.outbox.message import Message

START = datetime(2026, 11, 22, 12, tzinfo=UTC)
HOURLY = Cadence(timedelta(hours=1), timedelta(minutes=5), arriving=False)
HEARTBEAT = Cadence(timedelta(minutes=15), timedelta(hours=2), arriving=True)
MINUTE = timedelta(minutes=1)


class MemoryState:
    """One state table with conditional writes; ``before_put`` lets a test do something in between."""

    def __init__(self) -> None:
        self.items: dict[tuple[str, str], dict[str, Any]] = {}
        self.before_put: Callable[[], None] = lambda: None
        self.puts = 0

    def get(self, pk: str, sk: str) -> Mapping[str, Any] | None:
        found = self.items.get((pk, sk))
        return dict(found) if found else None

    def put(self, pk: str, sk: str, item: Mapping[str, Any], *, expected_version: int | None) -> None:
        self.before_put()
        standing = self.items.get((pk, sk))
        if (standing["version"] if standing else None) != expected_version:
            raise PreconditionFailed(f"{pk} {sk}")
        self.puts += 1
        self.items[pk, sk] = {**item, "version": (expected_version or 0) + 1}

    def delete(self, pk: str, sk: str) -> None:
        self.items.pop((pk, sk), None)

    def query(self, pk: str) -> Iterator[Mapping[str, Any]]:
        for key in sorted(self.items):
            if key[0] == pk:
                yield {**self.items[key], "sk": key[1]}


@dataclass
class Outbox:
    """Keeps messages by their ids, each once; ``then`` is called after every put, taken or known."""

    messages: dict[str, Message] = field(default_factory=dict)
    then: Callable[[], None] = lambda: None

    def put(self, message: Message) -> bool:
        is_new = message.id not in self.messages
        self.messages.setdefault(message.id, message)
        self.then()
        return is_new

    @property
    def sent(self) -> list[tuple[str, str]]:
        return [(message.subject, message.text) for message in self.messages.values()]

    @property
    def subjects(self) -> list[str]:
        return [subject for subject, _ in self.sent]


@dataclass
class World:
    """One source, the clock, and whoever watches."""

    now: datetime = START
    cadence: Cadence = HOURLY
    run: Run | None = None
    last_commit_at: datetime | None = None
    watermark: datetime | None = None
    first_commit_at: datetime | None = None
    last_record_at: datetime | None = None
    silent_after: timedelta | None = None
    state: MemoryState = field(default_factory=MemoryState)
    outbox: Outbox = field(default_factory=Outbox)

    @staticmethod
    def nothing() -> None:
        """What a test lets happen in between, when nothing is to."""

    def watch(self) -> Watch:
        return Watch(self.state, self.outbox, lambda: self.now)

    def subject(self) -> Subject:
        return Subject("logs", "Access logs", "logs", self.look)

    def look(self, now: datetime, first_seen: datetime = START) -> Sight:
        quiet = Quiet(self.last_record_at or self.first_commit_at, self.silent_after)
        freshness = assess(now, self.cadence, self.last_commit_at, self.watermark, self.run, quiet)
        seen = Seen(
            now,
            self.cadence,
            freshness,
            self.run,
            self.last_commit_at,
            self.watermark,
            self.last_record_at,
            quiet,
        )
        return judged(seen, first_seen)

    def tick(self, span: timedelta = MINUTE, looks: int = 1) -> str:
        """Turn the clock, then look."""
        self.now += span
        return [self.watch().run([self.subject()])["logs"] for _ in range(looks)][-1]

    def succeeds(self) -> None:
        """The source has just committed everything."""
        self.last_commit_at = self.watermark = self.now
        self.first_commit_at = self.first_commit_at or self.now
        self.run = Run(self.now, RunOutcome.OK, since=self.now)

    def receives(self) -> None:
        """The source has just committed a record."""
        self.succeeds()
        self.last_record_at = self.now

    def fails(self, error: str = "boom", *, fatal: bool = False, retry_at: datetime | None = None) -> None:
        """The source's run has just failed."""
        before = self.run.failures if self.run else 0
        since = self.run.since if self.run and before else self.now
        outcome = RunOutcome.FATAL if fatal else RunOutcome.RETRY
        self.run = Run(self.now, outcome, error, retry_at, before + 1, since)
