"""Windows of one pull stream, or a job beside it: a message names them, the log says what is left to do."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from aws_lambda_powertools import Logger

from chalicelib.aws.clients import client
from chalicelib.aws.secrets import SecretStore
from chalicelib.domain.clock import system_clock
from chalicelib.domain.state import StateStore
from chalicelib.errors import ConfigError
from chalicelib.ingest import deadlines, lease
from chalicelib.ingest.backfill import Backfill
from chalicelib.ingest.budget import SourceBudget
from chalicelib.ingest.fetch import HttpFetcher, new_session
from chalicelib.ingest.job_runs import KEEP
from chalicelib.ingest.job_runs import perform as perform_job
from chalicelib.ingest.jobs import Job, JobKind, Progress, Report
from chalicelib.ingest.ports import Budget
from chalicelib.ingest.pull import Pull
from chalicelib.ingest.replay import Replay
from chalicelib.ingest.runs import perform
from chalicelib.ingest.seen import SegmentCache
from chalicelib.lake.log import StreamLog
from chalicelib.lake.writer import Parquet
from chalicelib.settings import PullSettings, from_env
from chalicelib.sources.base import PullSource
from chalicelib.sources.keys import started
from functions import wiring

logger = Logger(service="pull")


@cache
def settings() -> PullSettings:
    """Read the environment once."""
    return from_env(PullSettings, os.environ)


@cache
def secrets() -> SecretStore:
    """Answer where the credentials are."""
    return SecretStore(client("secretsmanager"), settings().secret_prefix)


def handler(event: Mapping[str, Any], context: wiring.Context) -> dict[str, Any]:
    """Pull every stream, and go on with every job, that the batch names."""
    return wiring.each_message(event, logger, lambda message: begin(message, context))


def begin(message: Mapping[str, Any], context: wiring.Context) -> None:
    """Do what one message asks for."""
    if "job" in message:
        go_on(message["job"], context)
    else:
        pull(message["stream"], context)


def go_on(job_id: str, context: wiring.Context) -> None:
    """Do one run of a job; it says itself how it stands, and the stream's own runs are not concerned."""
    state, until = wiring.state(settings().state_table), wiring.deadline(context)

    def once(job: Job, report: Report) -> Progress:
        if job.kind is JobKind.REPLAY:
            return replay(job, report, until)
        return backfill(job, report, state, context)

    job = perform_job(state, job_id, system_clock, until + wiring.MARGIN, once)
    if job is not None:
        logger.info("job", job=job.id, stream=job.stream, state=job.state.value, done=job.done, error=job.error)


def backfill(job: Job, report: Report, state: StateStore, context: wiring.Context) -> Progress:
    """Take windows of the past, leaving a share of every allowance to the live stream."""
    source, config = pulled(job.stream)
    budget = SourceBudget(state, source, config, system_clock, KEEP)
    try:
        return Backfill(build(source, config, budget, context), job).run(wiring.deadline(context), report)
    finally:
        budget.release()


def replay(job: Job, report: Report, until: datetime) -> Progress:
    """Read records that were set aside again: of what is pulled and of what arrives."""
    config = wiring.sources(settings().lake_bucket).section(job.stream)
    source = wiring.source(job.stream)
    work = Replay(log_of(job.stream), source, config, Parquet(), system_clock, SegmentCache(), job)
    return work.run(until, report)


def pull(stream: str, context: wiring.Context) -> None:
    """Run one stream and remember how it ended."""
    state = wiring.state(settings().state_table)
    if not lease.take(state, stream, system_clock(), wiring.deadline(context) + wiring.MARGIN):
        logger.info("is being pulled already", stream=stream)
        return
    try:
        run = perform(state, stream, system_clock, lambda: work(stream, state, context))
    finally:
        lease.release(state, stream, system_clock())
    wiring.log_run(logger, stream, run)


def work(stream: str, state: StateStore, context: wiring.Context) -> None:
    """Note what a person will have to renew, pull what is due, and give back what was not spent."""
    source, config = pulled(stream)
    budget = SourceBudget(state, source, config, system_clock)
    made = build(source, config, budget, context)
    deadlines.note(state, stream, source.deadlines(made.login.secret, config))
    try:
        made.run(wiring.deadline(context))
    finally:
        budget.release()


def pulled(stream: str) -> tuple[PullSource, Mapping[str, Any]]:
    """Answer a pull source and its section. Raises ``ConfigError``."""
    source = wiring.source(stream)
    if not isinstance(source, PullSource):
        raise ConfigError(f"{stream} is not pulled: its items arrive")
    return source, wiring.sources(settings().lake_bucket).section(stream)


def build(source: PullSource, config: Mapping[str, Any], budget: Budget, context: wiring.Context) -> Pull:
    """Put a run together."""
    fetcher = HttpFetcher(
        new_session(),
        remaining_s=lambda: context.get_remaining_time_in_millis() / 1000 - 5,
        budget=budget,
        pace=source.pace,
    )
    credentials = Secret(secrets(), source.credential or "")
    return Pull(log_of(source.name), source, config, fetcher, credentials, Parquet(), system_clock, started(config))


def log_of(stream: str) -> StreamLog:
    """Answer a stream's log, which wakes the roll-up."""
    rollup = wiring.queue(settings().rollup_queue_url)
    return wiring.stream_log(settings().lake_bucket, settings().database, stream, rollup)


@dataclass(frozen=True, slots=True)
class Secret:
    """A source's secret in Secrets Manager; it is read when a run begins, and when it was refused."""

    store: SecretStore
    name: str

    def read(self) -> Mapping[str, str]:
        """Read it anew."""
        self.store.forget(self.name)
        return self.store.get(self.name)

    def write(self, secret: Mapping[str, str]) -> None:
        """Write it back."""
        self.store.put(self.name, secret)
