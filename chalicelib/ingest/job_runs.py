"""Runs of jobs: one at a time a stream, noted as they go; how a run ended is how the job stands."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from chalicelib.domain.clock import Clock
from chalicelib.domain.freshness import Run, RunOutcome, next_try
from chalicelib.domain.state import StateStore
from chalicelib.errors import ConfigError, FatalSourceError, HeadwaterError, IntegrityError, RetriableSourceError
from chalicelib.ingest import jobs
from chalicelib.ingest.jobs import Job, JobState, Progress, Report

KEEP = 0.2
"""The share of every allowance that a backfill leaves for the live stream."""

MAX_NOTES = 50

_FATAL = (FatalSourceError, ConfigError, IntegrityError)
NO_COMMIT_YET = "The stream has not made its first commit yet; the job begins after it."

Work = Callable[[Job, Report], Progress]
"""Does what can be done of a job in one run, reporting after each step."""


def perform(state: StateStore, job_id: str, clock: Clock, busy_until: datetime, work: Work) -> Job | None:
    """Do one run of a job and note how it ended; None when there is nothing to do for it any more.

    Our own errors end a run: what can pass is tried again, what a person has to mend fails the job. What is no error of
    ours is a mistake in the code: it fails the job and is raised on. What was committed stays, always.
    """
    job = jobs.change(state, job_id, lambda standing: _begun(standing, clock(), busy_until))
    if job is None or not job.is_active:
        return None

    def report(progress: Progress) -> bool:
        noted = jobs.change(state, job_id, lambda standing: _noted(standing, progress))
        return noted is not None and noted.is_active

    try:
        progress = work(job, report)
    except _FATAL as error:
        ended = partial(_ended, state=JobState.FAILED, now=clock(), error=str(error))
    except HeadwaterError as error:
        retry_at = error.retry_at if isinstance(error, RetriableSourceError) else None
        ended = partial(_waiting, now=clock(), error=str(error), retry_at=retry_at)
    except Exception as error:
        mistake = f"a mistake in the code: {type(error).__name__}: {error}"
        jobs.change(state, job_id, partial(_ended, state=JobState.FAILED, now=clock(), error=mistake))
        raise
    else:
        ended = partial(_after, progress=progress, now=clock())
    return jobs.change(state, job_id, ended)


def cancelled(job: Job, now: datetime) -> Job:
    """Answer a job that is not to go on; one that has ended stays as it is."""
    return replace(job, state=JobState.CANCELLED, finished_at=now, retry_at=None) if job.is_active else job


def _begun(job: Job, now: datetime, busy_until: datetime) -> Job:
    if not job.is_active:
        return job
    return replace(
        job, state=JobState.RUNNING, started_at=job.started_at or now, busy_until=busy_until, retry_at=None, error=None
    )


def _noted(job: Job, progress: Progress) -> Job:
    """Note progress, whatever the job's state: a cancelled job's last commit counts too."""
    if progress.done < job.done:
        return job  # a twin has noted more
    total = job.total if progress.left is None else progress.done + progress.left
    notes = tuple(dict.fromkeys((*job.notes, *progress.notes)))[:MAX_NOTES]
    position = max(job.position, progress.position)
    return replace(job, done=progress.done, rows=progress.rows, total=total, position=position, notes=notes)


def _after(job: Job, progress: Progress, now: datetime) -> Job:
    job = replace(_noted(job, progress), busy_until=None, failures=0)
    if not job.is_active:
        return job
    if progress.left == 0:
        return _ended(job, JobState.DONE, now, None)
    if progress.left is None:
        return replace(job, state=JobState.WAITING, error=NO_COMMIT_YET, retry_at=now + timedelta(minutes=1))
    return job


def _waiting(job: Job, now: datetime, error: str, retry_at: datetime | None) -> Job:
    if not job.is_active:
        return replace(job, busy_until=None)
    failures = job.failures + 1
    again = next_try(Run(now, RunOutcome.RETRY, error, retry_at, failures))
    return replace(job, state=JobState.WAITING, error=error, retry_at=again, failures=failures, busy_until=None)


def _ended(job: Job, state: JobState, now: datetime, error: str | None) -> Job:
    if not job.is_active:
        return replace(job, busy_until=None)
    return replace(job, state=state, error=error, retry_at=None, busy_until=None, finished_at=now)
