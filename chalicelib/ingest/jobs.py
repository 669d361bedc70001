"""Jobs: work that a person has asked for beside the live streams. What is done stands in the streams' chains.

The state table holds what is wanted and how far it was when somebody last looked; a run that is killed between a
commit and this note costs nothing, since the next one reads the chain. Light on purpose: the API imports it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from chalicelib.domain.records import expiry, fields_of
from chalicelib.domain.state import StateStore
from chalicelib.errors import PreconditionFailed, StoreUnavailable
from chalicelib.lake.ranges import Ranges
from chalicelib.sources.base import Window

PK = "job"
KEPT = timedelta(days=90)
"""How long a job can be looked at after it was asked for."""

_TRIES = 8
_INSTANTS = ("created_at", "retry_at", "busy_until", "started_at", "finished_at")


class JobKind(StrEnum):
    """What a job does."""

    BACKFILL = "backfill"
    REPLAY = "replay"


class JobState(StrEnum):
    """How a job stands. ``waiting``: it is tried again at ``retry_at``."""

    QUEUED = "queued"
    RUNNING = "running"
    WAITING = "waiting"
    DONE = "done"
    CANCELLED = "cancelled"
    FAILED = "failed"


ACTIVE = frozenset({JobState.QUEUED, JobState.RUNNING, JobState.WAITING})


@dataclass(frozen=True, slots=True)
class Job:
    """One job.

    Parameters
    ----------
    pieces
        Of a backfill: what is to be asked, sorted. Of a replay: at most one, a range of commit times.
    by, request
        Who asked, and a digest of the question: the same key with another question is refused.
    again
        Of a backfill: ask what has been pulled already, too.
    done, total, rows
        Windows of a backfill, commits of a replay; the rows that came of them.
    position
        Of a replay: the last commit that was looked at.
    busy_until
        Until when a run is at work: no other is sent. It saves calls; correctness does not rest on it.
    notes
        What a person should know, in words.
    """

    id: str
    kind: JobKind
    stream: str
    pieces: Ranges
    created_at: datetime
    by: str = ""
    request: str = ""
    again: bool = False
    state: JobState = JobState.QUEUED
    done: int = 0
    total: int = 0
    rows: int = 0
    position: int = 0
    failures: int = 0
    error: str | None = None
    retry_at: datetime | None = None
    busy_until: datetime | None = None
    started_at: datetime | None = None
    finished_at: datetime | None = None
    notes: tuple[str, ...] = ()
    version: int = 0

    @property
    def is_active(self) -> bool:
        """Whether there is something left to do."""
        return self.state in ACTIVE

    def may_run(self, now: datetime) -> bool:
        """Whether a run may be sent for it."""
        later = (at for at in (self.retry_at, self.busy_until) if at is not None)
        return self.is_active and all(at <= now for at in later)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a job has come, by the chain. ``left`` is None while that cannot be said.

    ``position`` and ``notes`` are a replay's: the last commit it has looked at, and what it could not do.
    """

    done: int
    rows: int
    left: int | None
    position: int = 0
    notes: tuple[str, ...] = ()


Report = Callable[[Progress], bool]
"""Notes a job's progress; answers whether to go on, False when it was cancelled."""


def create(state: StateStore, job: Job) -> Job:
    """Write a job down; the same id twice is the same job. Raises ``StoreUnavailable``."""
    try:
        state.put(PK, job.id, _to_item(job), expected_version=None)
    except PreconditionFailed:
        standing = read(state, job.id)
        if standing is None:
            raise StoreUnavailable(f"job {job.id} was there and is gone") from None
        return standing
    return replace(job, version=1)


def read(state: StateStore, job_id: str) -> Job | None:
    """Read one job, or None."""
    item = state.get(PK, job_id)
    return None if item is None else _from_item(job_id, item)


def every(state: StateStore) -> Iterator[Job]:
    """Read all jobs that are kept, oldest first."""
    for item in state.query(PK):
        yield _from_item(item["sk"], item)


def change(state: StateStore, job_id: str, update: Callable[[Job], Job]) -> Job | None:
    """Apply an update to the job as it stands; None when there is no such job. Raises ``StoreUnavailable``."""
    for _ in range(_TRIES):
        standing = read(state, job_id)
        if standing is None:
            return None
        changed = update(standing)
        if changed == standing:
            return standing
        try:
            state.put(PK, job_id, _to_item(changed), expected_version=standing.version)
        except PreconditionFailed:
            continue
        return replace(changed, version=standing.version + 1)
    raise StoreUnavailable(f"job {job_id} could not be written: others were always faster")


def first_of_each(jobs: Sequence[Job]) -> Mapping[str, Job]:
    """Answer the oldest active job of every stream: the jobs of a stream are done one after another."""
    found: dict[str, Job] = {}
    for job in sorted(jobs, key=lambda job: (job.created_at, job.id)):
        if job.is_active:
            found.setdefault(job.stream, job)
    return found


def _to_item(job: Job) -> dict[str, Any]:
    item = {name: value for name, value in asdict(job).items() if name not in ("id", "version")}
    item |= {name: value.isoformat() for name in _INSTANTS if (value := item[name]) is not None}
    item["pieces"] = [[one.start.isoformat(), one.end.isoformat()] for one in job.pieces]
    return item | {
        "kind": job.kind.value,
        "state": job.state.value,
        "notes": list(job.notes),
        **expiry(job.created_at + KEPT),
    }


def _from_item(job_id: str, item: Mapping[str, Any]) -> Job:
    fields = fields_of(item, _INSTANTS)
    fields["pieces"] = tuple(Window(*map(datetime.fromisoformat, one)) for one in item["pieces"])
    fields |= {"kind": JobKind(item["kind"]), "state": JobState(item["state"]), "notes": tuple(item["notes"])}
    return Job(id=job_id, **fields)
