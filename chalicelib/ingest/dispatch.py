"""Which streams are due now.

The schedule only asks; what is to be done comes from the logs, so a schedule that fell silent for a month costs nothing
but time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chalicelib.domain.clock import Clock
from chalicelib.domain.freshness import Run, next_try
from chalicelib.domain.objects import ObjectStore
from chalicelib.domain.state import StateStore
from chalicelib.ingest import jobs, lease
from chalicelib.ingest.ports import Queue
from chalicelib.ingest.runs import read_run
from chalicelib.ingest.windows import count_due
from chalicelib.lake import layout, published
from chalicelib.lake.status import StreamStatus, stream_status
from chalicelib.sources.base import ArrivingSource, PullSource, Source


@dataclass(frozen=True, slots=True)
class Queues:
    """Where messages go."""

    pull: Queue
    seal: Queue
    rollup: Queue


def may_run(run: Run | None, now: datetime) -> bool:
    """Tell whether a stream may be tried again after its last run."""
    instant = next_try(run)
    return instant is None or now >= instant


def is_due(source: Source, status: StreamStatus, *, waiting: bool, now: datetime) -> bool:
    """Tell whether a stream has something to do: a settled window, something in the inbox, or a heartbeat."""
    if status.seq == 0 or status.cursor is None or status.published_seq < status.seq:
        return True
    if isinstance(source, PullSource):
        return count_due(status.cursor, now, source.grid, source.settle) > 0
    return waiting or now >= status.cursor + source.heartbeat


@dataclass(frozen=True)
class Dispatch:
    """What dispatching needs. ``cubes`` names the input streams of every cube."""

    store: ObjectStore
    state: StateStore
    queues: Queues
    sources: Sequence[Source]
    cubes: Mapping[str, Sequence[str]]
    clock: Clock

    def run(self) -> list[str]:
        """Send one message per due stream, per job that may go on, and per cube that lags; answer whose they are."""
        sent = []
        waiting = jobs.first_of_each(list(jobs.every(self.state)))
        for source in self.sources:
            if not may_run(read_run(self.state, source.name), self.clock()):
                continue  # what the live stream waits for, its jobs wait for too
            if isinstance(source, PullSource) and lease.is_held(self.state, source.name, self.clock()):
                continue  # it is being pulled: a twin would ask, and pay, for the same windows
            due, job = self._due(source), waiting.get(source.name)
            if due:
                queue = self.queues.pull if isinstance(source, PullSource) else self.queues.seal
                queue.send({"stream": source.name})
                sent.append(source.name)
            if job and job.may_run(self.clock()) and (not due or isinstance(source, ArrivingSource)):
                self.queues.pull.send({"stream": source.name, "job": job.id})
                sent.append(job.id)
        for message in self.lagging():
            self.queues.rollup.send(message)
            sent.append(message["stream"])
        return sent

    def _due(self, source: Source) -> bool:
        waiting = isinstance(source, ArrivingSource) and _any(self.store.list(layout.inbox(source.name)))
        return is_due(source, stream_status(self.store, source.name), waiting=waiting, now=self.clock())

    def lagging(self) -> Iterator[dict[str, Any]]:
        """Wake the roll-ups whose inputs have moved: notifications may be lost, the logs are not."""
        woken = set()
        for cube, inputs in self.cubes.items():
            position = published.read(self.store, cube)
            seen = position.inputs if position else {}
            for stream in inputs:
                upstream = published.read(self.store, stream)
                if upstream and upstream.seq > seen.get(stream, 0) and stream not in woken:
                    woken.add(stream)
                    yield {"stream": stream, "seq": upstream.seq, "partitions": []}


def _any(found: Iterable[object]) -> bool:
    return next(iter(found), None) is not None
