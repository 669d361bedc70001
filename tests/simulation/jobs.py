"""Backfills and replays in the simulated world: asked for through the API's own planning, run by anybody, any time."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from chalicelib.api import backfills
from chalicelib.api.context import Context
from chalicelib.errors import PreconditionFailed, RequestError
from chalicelib.ingest import jobs
from chalicelib.ingest.job_runs import cancelled, perform
from chalicelib.ingest.jobs import Job, JobKind, Progress, Report
from chalicelib.sources.base import Item, Outcome, Page, Rejected, Window
from tests.simulation.outside import ARRIVALS, EVENTS, GRID, History, Pushes, to_outcome
from tests.simulation.scheduler import START, Scheduler

BEGINNING = START - 14 * GRID
"""What happened from here on can be asked for; the live stream begins a grid before ``START``."""


def mended(record: Mapping[str, Any]) -> dict[str, Any]:
    """Answer what a mended parser reads in a record without a number: one that is its own."""
    if isinstance(record["v"], int):
        return dict(record)
    return {**record, "v": -round(datetime.fromisoformat(record["at"]).timestamp())}


class MendedHistory(History):
    """Reads every event."""

    def parse(self, pages: Iterable[Page], window: Window, config: Mapping[str, Any]) -> Iterator[Outcome]:
        for outcome in super().parse(pages, window, config):
            bad = isinstance(outcome, Rejected)
            yield to_outcome(mended(json.loads(outcome.raw)), EVENTS.name) if bad else outcome


class MendedPushes(Pushes):
    """Reads every record, of poisoned bodies too."""

    def parse(self, item: Item, config: Mapping[str, Any]) -> Iterator[Outcome]:
        for record in records_of(item.body):
            yield to_outcome(record, ARRIVALS.name)


def records_of(body: bytes) -> Iterator[dict[str, Any]]:
    """Answer what the mended parser reads in a body."""
    for record in json.loads(body):
        if "poison" in record:
            yield {"id": f"p{record['poison']}", "at": START.isoformat(), "v": 0}
        else:
            yield mended(record)


@dataclass
class FakeState:
    """The state table: every write on the condition of a version."""

    scheduler: Scheduler
    items: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)

    def get(self, pk: str, sk: str) -> Mapping[str, Any] | None:
        """Read one item."""
        return self.scheduler.call(f"state get {sk}", lambda: self.items.get((pk, sk)))

    def put(self, pk: str, sk: str, item: Mapping[str, Any], *, expected_version: int | None) -> None:
        """Write one item."""

        def effect() -> None:
            standing = self.items.get((pk, sk))
            if (standing["version"] if standing else None) != expected_version:
                raise PreconditionFailed(f"{sk} is another version")
            self.items[pk, sk] = {**item, "version": (expected_version or 0) + 1}

        self.scheduler.call(f"state put {sk}", effect)

    def query(self, pk: str) -> Iterator[Mapping[str, Any]]:
        """Read all items of a key."""
        found = self.scheduler.call(f"state query {pk}", lambda: sorted(self.items.items()))
        return iter([{**item, "sk": sk} for (of, sk), item in found if of == pk])


@dataclass
class _Quiet:
    """The state as the checker sees it."""

    state: FakeState

    def get(self, pk: str, sk: str) -> Mapping[str, Any] | None:
        return self.state.items.get((pk, sk))


@dataclass
class Desk:
    """Where jobs are asked for, cancelled and run."""

    rng: random.Random
    scheduler: Scheduler
    state: FakeState
    store: Any
    asked: int = 0

    def ask_backfill(self, start: datetime, end: datetime) -> None:
        """Ask for a range as the API does."""
        context = Context(clock=self.scheduler.clock, open_store=lambda: self.store)
        question = backfills.Question(Window(start, end), again=False)
        try:
            self._write(backfills.plan(History(), question, context, self.scheduler.clock()))
        except RequestError:
            return

    def ask_replay(self, stream: str) -> None:
        """Ask for a replay of all that is set aside."""
        self._write(Job("", JobKind.REPLAY, stream, (), self.scheduler.clock()))

    def _write(self, job: Job) -> None:
        self.asked += 1
        fields = {name: getattr(job, name) for name in Job.__slots__}
        jobs.create(self.state, Job(**{**fields, "id": f"j{self.asked}"}))

    def written(self) -> list[Job]:
        """Answer all jobs, without a call that could fail."""
        return [jobs.read(_Quiet(self.state), name) for _, name in self.state.items]  # type: ignore[misc,arg-type]

    def some_range(self) -> tuple[datetime, datetime]:
        """Answer a range of the past, off the grid, perhaps into the live stream's."""
        hours = round((self.scheduler.now - BEGINNING) / timedelta(hours=1)) + 1
        start = BEGINNING + timedelta(hours=self.rng.randrange(hours))
        return start, start + timedelta(hours=self.rng.randint(1, 120))

    def cancel(self) -> None:
        """Cancel some job."""
        if active := [job for job in jobs.every(self.state) if job.is_active]:
            chosen = self.rng.choice(active)
            jobs.change(self.state, chosen.id, lambda job: cancelled(job, self.scheduler.clock()))

    def work(self, do: Callable[[Job, Report], Progress], run: timedelta) -> None:
        """Do one run of some job, whoever else is at it."""
        if active := [job for job in jobs.every(self.state) if job.is_active]:
            chosen = self.rng.choice(active)
            perform(self.state, chosen.id, self.scheduler.clock, self.scheduler.clock() + run, do)
