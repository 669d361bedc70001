"""The outside: a server with windows of history, one that only knows now, and senders of events."""

from __future__ import annotations

import json
import random
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any, ClassVar

from chalicelib.errors import PageTokenExpired, RetriableSourceError, SkippableRecordError
from chalicelib.sources.base import (
    Accepted,
    Column,
    ColumnType,
    Item,
    Outcome,
    Page,
    PullMode,
    PullSource,
    Rejected,
    Request,
    Table,
    Window,
)
from tests.simulation.scheduler import START, Scheduler

GRID = timedelta(hours=12)
SETTLE = timedelta(minutes=10)
PAGE_ROWS = 3

_AT = Column("at", ColumnType.TIMESTAMP, "When it happened")
_ID = Column("id", ColumnType.STRING, "Who it is")
_V = Column("v", ColumnType.INT64, "What it says")
EVENTS = Table("events", "Pulled by window", (_AT, _ID, _V), "at", ("id",))
DAYS = Table("days", "Restated by every window of the day", (_AT, _V), "at", ("at",), restated=True)
LEVELS = Table("levels", "Snapshots", (_AT, _V), "at", ("at",))
ARRIVALS = Table("arrivals", "Pushed", (_AT, _ID, _V), "at", ("id",))


class History(PullSource):
    """A pull source whose past can be asked for; each window also restates its day."""

    name: ClassVar[str] = "history"
    title: ClassVar[str] = "History"
    tables: ClassVar[tuple[Table, ...]] = (EVENTS, DAYS)
    mode: ClassVar[PullMode] = PullMode.WINDOW
    grid: ClassVar[timedelta] = GRID
    settle: ClassVar[timedelta] = SETTLE
    credential: ClassVar[str | None] = None

    def requests(self, window: Window, config: Mapping[str, Any]) -> Sequence[Request]:
        return [Request("GET", "/events", {"from": window.start.isoformat(), "to": window.end.isoformat()})]

    def authorise(self, request: Request, secret: Mapping[str, str]) -> Request:
        return request

    def judge(self, page: Page) -> None:
        if page.status == 400:
            raise PageTokenExpired("the token has expired")
        if page.status != 200:
            raise RetriableSourceError(f"status {page.status}")

    def follow(self, page: Page) -> Sequence[Request]:
        token = json.loads(page.body)["next"]
        params = {**page.request.params, "token": token}
        return (Request("GET", "/events", params),) if token else ()

    def parse(self, pages: Iterable[Page], window: Window, config: Mapping[str, Any]) -> Iterator[Outcome]:
        for page in pages:
            for record in json.loads(page.body)["events"]:
                yield to_outcome(record, EVENTS.name)
        day = window.start.replace(hour=0)
        total = round((window.end - day) / GRID)
        yield Accepted(f"day {day}", f"{total}", ((DAYS.name, {"at": day, "v": total}),))


class Level(PullSource):
    """A pull source that only knows the present level."""

    name: ClassVar[str] = "level"
    title: ClassVar[str] = "Level"
    tables: ClassVar[tuple[Table, ...]] = (LEVELS,)
    mode: ClassVar[PullMode] = PullMode.SNAPSHOT
    grid: ClassVar[timedelta] = GRID
    settle: ClassVar[timedelta] = timedelta(0)
    credential: ClassVar[str | None] = None

    def requests(self, window: Window, config: Mapping[str, Any]) -> Sequence[Request]:
        return [Request("GET", "/level", conditional=True)]

    def authorise(self, request: Request, secret: Mapping[str, str]) -> Request:
        return request

    def judge(self, page: Page) -> None:
        if page.status != 200:
            raise RetriableSourceError(f"status {page.status}")

    def parse(self, pages: Iterable[Page], window: Window, config: Mapping[str, Any]) -> Iterator[Outcome]:
        for page in pages:
            value = json.loads(page.body)["level"]
            yield Accepted(window.start.isoformat(), str(value), ((LEVELS.name, {"at": page.fetched_at, "v": value}),))


class Pushes:
    """An arriving source: an item holds several records."""

    name: ClassVar[str] = "pushes"
    title: ClassVar[str] = "Pushes"
    tables: ClassVar[tuple[Table, ...]] = (ARRIVALS,)
    lateness: ClassVar[timedelta] = timedelta(minutes=5)
    heartbeat: ClassVar[timedelta] = timedelta(days=1)

    def parse(self, item: Item, config: Mapping[str, Any]) -> Iterator[Outcome]:
        records = json.loads(item.body)
        for record in records:
            if "poison" in record:
                raise SkippableRecordError("poison")
            outcome = to_outcome(record, ARRIVALS.name)
            yield replace(outcome, raw=f"[{outcome.raw}]") if isinstance(outcome, Rejected) else outcome


def to_outcome(record: Mapping[str, Any], table: str) -> Outcome:
    """Read one record; one without a number is bad."""
    if not isinstance(record["v"], int):
        return Rejected("v is no number", record["id"], json.dumps(record))
    row = {"at": datetime.fromisoformat(record["at"]), "id": record["id"], "v": record["v"]}
    return Accepted(record["id"], str(record["v"]), ((table, row),))


@dataclass
class Server:
    """What the outside system knows; its clock is the true one."""

    rng: random.Random
    events: list[dict[str, Any]] = field(default_factory=list)
    levels: list[tuple[datetime, int]] = field(default_factory=lambda: [(START - timedelta(days=99), 1)])
    generation: int = 0
    asked: list[str] = field(default_factory=list)
    trouble: float = 0.03

    def happen(self, now: datetime) -> None:
        """Something happens."""
        number = len(self.events)
        good = self.rng.random() > 0.05
        self.events.append({"id": f"e{number}", "at": now.isoformat(), "v": number if good else "bad"})
        if self.rng.random() < 0.3:
            self.levels.append((now, number))

    def level(self, at: datetime) -> int:
        """The level at an instant."""
        return self.levels[bisect_right(self.levels, at, key=lambda entry: entry[0]) - 1][1]

    def answer(self, request: Request, now: datetime) -> Page:
        """Answer, or fail as servers do."""
        self.asked.append(f"{request.url}?{sorted(request.params.items())}")
        headers = {"date": format_datetime(now.replace(microsecond=0).astimezone(UTC), usegmt=True)}
        if self.rng.random() < self.trouble:
            return Page(request, self.rng.choice([429, 500, 503]), headers, b"", now)
        if request.url == "/level":
            value = self.level(now)
            headers["etag"] = f'"{value}"'
            if request.headers.get("if-none-match") == headers["etag"]:
                return Page(request, 304, headers, b"", now)
            return Page(request, 200, headers, json.dumps({"level": value}).encode(), now)
        return self._events(request, headers, now)

    def _events(self, request: Request, headers: dict[str, str], now: datetime) -> Page:
        generation, _, offset = request.params.get("token", f"{self.generation}:0").partition(":")
        if int(generation) != self.generation:
            return Page(request, 400, headers, b"", now)
        start, end = request.params["from"], request.params["to"]
        found = [event for event in self.events if start <= event["at"] < end]
        at = int(offset)
        # A page may begin with the last record of the one before, as when something was inserted meanwhile.
        begin = at - 1 if at and self.rng.random() < 0.2 else at
        onward = f"{self.generation}:{at + PAGE_ROWS}" if at + PAGE_ROWS < len(found) else None
        body = json.dumps({"events": found[begin : at + PAGE_ROWS], "next": onward}).encode()
        return Page(request, 200, headers, body, now)


@dataclass
class SimFetcher:
    """Asks the server by way of the scheduler, so that a call can be lost like any other."""

    scheduler: Scheduler
    server: Server

    def fetch(self, request: Request) -> Page:
        """Ask."""
        return self.scheduler.call(f"ask {request.url}", lambda: self.server.answer(request, self.scheduler.now))
