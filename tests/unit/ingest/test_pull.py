"""One pull stream: nothing is asked twice, an outage leaves no trace in the table, a snapshot invents nothing."""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.errors import FatalSourceError, RetriableSourceError
from chalicelib.ingest.login import Given
from chalicelib.ingest.pull import Pull
from chalicelib.lake.log import StreamLog
from chalicelib.lake.steps import Step
from chalicelib.sources.base import Page, Request
from tests.simulation.formats import JsonLines
from tests.simulation.outside import GRID, History, Level, Server
from tests.simulation.scheduler import NO_FAULTS, START, Scheduler
from tests.simulation.store import FakeCatalog, FakeS3

FOREVER = START + timedelta(days=999)


@dataclass
class Asked:
    """A fetcher over the simulation's server, at a settable time; ``fail`` raises at the so-many-th question."""

    server: Server
    scheduler: Scheduler
    fail: dict[int, Exception] = field(default_factory=dict)
    requests: list[Request] = field(default_factory=list)

    def fetch(self, request: Request) -> Page:
        self.requests.append(request)
        if error := self.fail.pop(len(self.requests), None):
            raise error
        return self.server.answer(request, self.scheduler.now)


class World:
    """A server with a past, and a lake."""

    def __init__(self, source: Any, events: int = 0) -> None:
        self.scheduler = Scheduler(random.Random(0), NO_FAULTS)
        self.server = Server(random.Random(1), trouble=0)
        self.store, self.catalog = FakeS3(self.scheduler), FakeCatalog(self.scheduler)
        self.fetcher = Asked(self.server, self.scheduler)
        self.attempts = (f"{n}" for n in range(10**6))
        log = StreamLog(self.store, self.catalog, source.name, self.scheduler.clock)
        self.pull = Pull(
            log,
            source,
            {},
            self.fetcher,
            Given(),
            JsonLines(),
            self.scheduler.clock,
            START,
            lambda: next(self.attempts),
        )
        for i in range(events):
            self.server.happen(START + timedelta(hours=i))

    def rows(self, table: str) -> Counter[bytes]:
        keys = (k for location in self.catalog.tables.get(table, {}).values() for k in self.store.keys(location))
        return Counter(line for key in keys for line in self.store.objects[key].body.splitlines())

    def steps(self) -> Iterator[Step]:
        for key in self.store.keys("ctl/commits/"):
            yield Step.from_body(json.loads(self.store.objects[key].body)["body"])


def test_after_thirty_days_of_outage_the_table_is_that_of_a_run_without_and_no_page_was_asked_twice() -> None:
    steady, broken = World(History(), events=45 * 24), World(History(), events=45 * 24)
    for half_day in range(1, 90):
        steady.scheduler.now = START + half_day * GRID + timedelta(minutes=11)
        steady.pull.run(FOREVER)

    broken.scheduler.now = START + timedelta(days=5)
    broken.pull.run(FOREVER)
    broken.scheduler.now = START + timedelta(days=35)  # nothing ran for thirty days
    for _ in range(30):
        broken.fetcher.fail = {len(broken.fetcher.requests) + 7: RetriableSourceError("the network, again")}
        with pytest.raises(RetriableSourceError):
            broken.pull.run(FOREVER)
    broken.fetcher.fail = {}
    broken.scheduler.now = steady.scheduler.now
    broken.pull.run(FOREVER)

    assert broken.rows("events") == steady.rows("events")
    assert broken.rows("days") == steady.rows("days")
    assert sum(steady.rows("events").values()) > 800
    for world in (steady, broken):
        assert max(Counter(world.server.asked).values()) == 1
    assert sorted(broken.server.asked) == sorted(steady.server.asked)


def test_a_run_stops_at_its_deadline_and_the_next_one_goes_on() -> None:
    world = World(History(), events=48)
    world.scheduler.now = START + timedelta(days=3)

    assert world.pull.run(deadline=world.scheduler.now) == 0
    assert world.pull.run(FOREVER) == 5


def test_an_expired_token_begins_the_window_anew_once() -> None:
    world = World(History(), events=48)
    world.scheduler.now = START + timedelta(hours=13)
    world.fetcher.fail = {3: RetriableSourceError("stopped in the middle")}
    with pytest.raises(RetriableSourceError):
        world.pull.run(FOREVER)
    world.server.generation += 1

    world.pull.run(FOREVER)

    (step,) = world.steps()
    assert step.raw is not None
    assert step.raw.endswith("/0002/")
    assert step.counts.received == step.counts.ok + step.counts.rejected + step.counts.duplicate
    assert sum(world.rows("events").values()) + step.counts.rejected == 12


def test_a_failing_window_stays_open_and_moves_nothing() -> None:
    world = World(History(), events=48)
    world.scheduler.now = START + timedelta(days=3)
    world.fetcher.fail = {1: FatalSourceError("revoked")}

    with pytest.raises(FatalSourceError):
        world.pull.run(FOREVER)

    assert list(world.steps()) == []
    assert world.store.keys("lake/") == []


def test_an_answer_from_before_the_window_had_settled_is_refused_and_not_kept() -> None:
    world = World(History(), events=48)
    ahead = replace(world.pull, clock=lambda: START + timedelta(hours=20))
    world.scheduler.now = START + timedelta(hours=11)

    with pytest.raises(RetriableSourceError, match="clock"):
        ahead.run(FOREVER)

    assert world.store.keys("raw/") == []


def test_a_snapshot_records_what_it_missed_and_asks_only_for_now() -> None:
    world = World(Level())
    for hours in (13, 13 + 5 * 12, 13 + 6 * 12):
        world.scheduler.now = START + timedelta(hours=hours)
        world.pull.run(FOREVER)

    missed = [len(step.missed) for step in world.steps()]
    assert missed == [0, 4, 0]
    assert sum(world.rows("levels").values()) == 3
    assert len(world.server.asked) == 3


def test_an_unchanged_answer_costs_a_304_and_is_a_row_all_the_same() -> None:
    world = World(Level())
    for hours in (13, 25, 37):
        world.scheduler.now = START + timedelta(hours=hours)
        world.pull.run(FOREVER)

    sent = [request.headers.get("if-none-match") for request in world.fetcher.requests]
    assert sent == [None, '"1"', '"1"']
    rows = [json.loads(line) for line in world.rows("levels")]
    assert sorted((row["at"][:13], row["v"]) for row in rows) == [
        ("2026-03-01T13", 1),
        ("2026-03-02T01", 1),
        ("2026-03-02T13", 1),
    ]


def test_a_snapshot_that_was_taken_in_time_is_committed_though_its_run_was_killed() -> None:
    world = World(Level())
    world.scheduler.now = START + timedelta(hours=13)
    doomed = replace(world.pull, file_format=None)  # type: ignore[arg-type]
    with pytest.raises(AttributeError):
        doomed.run(FOREVER)
    world.scheduler.now = START + timedelta(hours=13 + 36)

    world.pull.run(FOREVER)

    first, second = world.steps()
    assert first.missed == ()
    assert len(second.missed) == 2
    assert sum(world.rows("levels").values()) == 2
    assert len(world.server.asked) == 2


def test_credentials_rotated_in_mid_run_are_read_again() -> None:
    class Locked(Level):
        credential = "level"

        def authorise(self, request: Request, secret: Any) -> Request:
            return replace(request, headers={**request.headers, "authorization": secret["token"]})

    class Door(Asked):
        def fetch(self, request: Request) -> Page:
            page = super().fetch(request)
            return page if request.headers["authorization"] == "new" else replace(page, status=401)

    world = World(Locked())

    class Rotated:
        def __init__(self) -> None:
            self.tokens = iter(["old", "new"])

        def read(self) -> dict[str, str]:
            return {"token": next(self.tokens)}

        def write(self, secret: Any) -> None:
            raise AssertionError("there is nothing to renew with")

    door = Door(world.server, world.scheduler)
    pull = replace(world.pull, fetcher=door, credentials=Rotated())
    world.scheduler.now = START + timedelta(hours=13)

    assert pull.run(FOREVER) == 1
    raw = "".join(str(found.body) for found in world.store.objects.values())
    assert "authorization" not in raw


def test_a_catching_up_run_that_was_killed_goes_on_with_the_window_that_it_had_begun() -> None:
    class Coarse(History):
        span = timedelta(days=2)

    world = World(Coarse(), events=40)
    world.scheduler.now = START + timedelta(hours=25)
    world.fetcher.fail[3] = RetriableSourceError("killed")
    with pytest.raises(RetriableSourceError):
        world.pull.run(FOREVER)
    world.scheduler.now = START + timedelta(hours=49)

    assert world.pull.run(FOREVER) == 2

    assert [step.window.end - START for step in world.steps()] == [timedelta(days=1), timedelta(days=2)]
    keys = [(r.params["from"], r.params.get("token")) for r in world.fetcher.requests]
    assert max(Counter(keys).values()) == 2, "only the request that failed is asked again"
    assert len(keys) == len(set(keys)) + 1
