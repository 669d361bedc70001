"""Jobs: noted as they go, one at a time a stream, and what ends a run is how the job stands."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chalicelib.errors import ConfigError, FatalSourceError, IntegrityError, RetriableSourceError, StoreUnavailable
from chalicelib.ingest import jobs
from chalicelib.ingest.dispatch import Dispatch, Queues
from chalicelib.ingest.job_runs import NO_COMMIT_YET, cancelled, perform
from chalicelib.ingest.jobs import Job, JobKind, JobState, Progress, Report
from chalicelib.lake.log import StreamLog
from chalicelib.lake.steps import Kind, Step
from chalicelib.sources.base import Window
from tests.simulation.outside import GRID, SETTLE, History
from tests.simulation.scheduler import START, Scheduler
from tests.simulation.store import FakeCatalog, FakeS3
from tests.unit.api.world import MemoryState

NOW = datetime(2026, 3, 1, 12, 30, tzinfo=UTC)
LATER = NOW + timedelta(minutes=5)
JOB = Job("j1", JobKind.BACKFILL, "history", (Window(START - 9 * GRID, START),), NOW, by="me", notes=("a note",))


@pytest.fixture
def state() -> MemoryState:
    made = MemoryState()
    jobs.create(made, JOB)
    return made


def run(state: MemoryState, work: Callable[[Job, Report], Progress]) -> Job:
    ended = perform(state, "j1", lambda: NOW, LATER, work)
    assert ended is not None
    assert ended == jobs.read(state, "j1")
    return ended


def test_a_job_survives_the_state_table(state: MemoryState) -> None:
    assert jobs.read(state, "j1") == replace(JOB, version=1)
    assert list(jobs.every(state)) == [replace(JOB, version=1)]
    assert jobs.create(state, replace(JOB, by="you")).by == "me"
    assert jobs.read(state, "other") is None


def test_progress_is_noted_and_a_job_without_anything_left_is_done(state: MemoryState) -> None:
    def work(_job: Job, report: Report) -> Progress:
        assert report(Progress(2, 20, 7))
        noted = jobs.read(state, "j1")
        assert noted is not None
        assert (noted.state, noted.done, noted.total, noted.rows) == (JobState.RUNNING, 2, 9, 20)
        assert noted.busy_until == LATER
        return Progress(9, 90, 0)

    ended = run(state, work)

    assert (ended.state, ended.done, ended.total, ended.rows) == (JobState.DONE, 9, 9, 90)
    assert (ended.started_at, ended.finished_at, ended.busy_until) == (NOW, NOW, None)
    assert perform(state, "j1", lambda: NOW, LATER, work) is None


def test_a_job_that_is_not_finished_goes_on_with_the_next_run(state: MemoryState) -> None:
    ended = run(state, lambda _job, _report: Progress(3, 30, 6))

    assert ended.state is JobState.RUNNING
    assert ended.may_run(NOW)


def test_a_job_before_the_first_commit_waits(state: MemoryState) -> None:
    ended = run(state, lambda _job, _report: Progress(0, 0, None))

    assert (ended.state, ended.error) == (JobState.WAITING, NO_COMMIT_YET)
    assert not ended.may_run(NOW)
    assert ended.may_run(NOW + timedelta(minutes=1))


def failing(error: Exception) -> Callable[[Job, Report], Progress]:
    def work(_job: Job, report: Report) -> Progress:
        report(Progress(1, 10, 8))
        raise error

    return work


AT = NOW + timedelta(hours=7)


@pytest.mark.parametrize(
    ("error", "state_after", "retry_at"),
    [
        (RetriableSourceError("later", AT), JobState.WAITING, AT),
        (RetriableSourceError("later"), JobState.WAITING, NOW + timedelta(minutes=1)),
        (StoreUnavailable("503"), JobState.WAITING, NOW + timedelta(minutes=1)),
        (FatalSourceError("revoked"), JobState.FAILED, None),
        (ConfigError("no section"), JobState.FAILED, None),
        (IntegrityError("broken"), JobState.FAILED, None),
    ],
)
def test_what_ends_a_run_is_how_the_job_stands_and_what_was_done_stays_noted(
    state: MemoryState, error: Exception, state_after: JobState, retry_at: datetime | None
) -> None:
    ended = run(state, failing(error))

    assert (ended.state, ended.retry_at, ended.error) == (state_after, retry_at, str(error))
    assert (ended.done, ended.rows) == (1, 10)


def test_a_mistake_in_the_code_fails_the_job_and_is_raised_on(state: MemoryState) -> None:
    with pytest.raises(ZeroDivisionError):
        perform(state, "j1", lambda: NOW, LATER, failing(ZeroDivisionError("oh")))

    ended = jobs.read(state, "j1")
    assert ended is not None
    assert ended.state is JobState.FAILED


def test_failures_in_a_row_wait_longer_and_a_good_run_forgets_them(state: MemoryState) -> None:
    waits = []
    for _ in range(3):
        ended = run(state, failing(StoreUnavailable("503")))
        assert ended.retry_at is not None
        waits.append(ended.retry_at - NOW)

    assert waits == [timedelta(minutes=n) for n in (1, 2, 4)]
    assert run(state, lambda _job, _report: Progress(2, 2, 1)).failures == 0


def test_a_job_cancelled_in_mid_run_is_told_so_and_its_last_commit_still_counts(state: MemoryState) -> None:
    def work(_job: Job, report: Report) -> Progress:
        jobs.change(state, "j1", lambda job: cancelled(job, NOW))
        assert not report(Progress(1, 10, 8))
        return Progress(1, 10, 8)

    ended = run(state, work)

    assert (ended.state, ended.done, ended.finished_at) == (JobState.CANCELLED, 1, NOW)


class Sent(list[Any]):
    """A queue that remembers."""

    def send(self, message: Any) -> None:
        self.append(message)


@pytest.mark.parametrize(
    ("now", "changed", "sent"),
    [
        (START + GRID + SETTLE, {}, [{"stream": "history"}]),
        (START + SETTLE, {}, [{"stream": "history", "job": "j1"}]),
        (START + SETTLE, {"busy_until": START + GRID}, []),
        (START + SETTLE, {"retry_at": START + GRID}, []),
        (START + SETTLE, {"state": JobState.CANCELLED}, []),
    ],
)
def test_a_job_is_sent_when_its_stream_has_nothing_due(
    scheduler: Scheduler, store: FakeS3, catalog: FakeCatalog, now: datetime, changed: Any, sent: list[Any]
) -> None:
    state, pull = MemoryState(), Sent()
    jobs.create(state, replace(JOB, **changed))
    jobs.create(state, replace(JOB, id="j2", created_at=NOW + timedelta(hours=1)))
    if "state" in changed:
        jobs.change(state, "j2", lambda job: cancelled(job, NOW))
    step = Step(Window(START - GRID, START), START)
    StreamLog(store, catalog, "history", scheduler.clock).commit(None, Kind.PULL, step, "a")

    Dispatch(store, state, Queues(pull, Sent(), Sent()), [History()], {}, lambda: now).run()

    assert pull == sent
