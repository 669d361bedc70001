"""Reports: every few minutes those that are due go into the queue; each message of the queue is a run to be made."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, Final

from aws_lambda_powertools import Logger

from chalicelib.aws.athena import Athena
from chalicelib.aws.clients import client, client_as
from chalicelib.aws.result_files import S3Results
from chalicelib.aws.secrets import SecretStore
from chalicelib.domain.clock import system_clock
from chalicelib.metrics.own_state import Metrics
from chalicelib.metrics.query import SeriesQuery
from chalicelib.outbox.outbox import Outbox
from chalicelib.reports.due import send_due
from chalicelib.reports.making import Maker, StillAtWork
from chalicelib.reports.work import Work
from chalicelib.settings import ReportSettings, from_env
from chalicelib.sql.desk import Desk
from chalicelib.sql.record import record
from functions import wiring

logger = Logger(service="report")

AGAIN_S: Final = 60
"""After so long it is looked again whether a statement has ended."""
_CUBES = Path("/tmp/headwater-cubes")  # noqa: S108 - a Lambda's only disk; copies are named by key


@cache
def settings() -> ReportSettings:
    """Read the environment once."""
    return from_env(ReportSettings, os.environ)


@cache
def secrets() -> SecretStore:
    """The store of the key that signs links."""
    return SecretStore(client("secretsmanager"), settings().secret_prefix)


def key() -> bytes:
    """Answer the key that signs links. Raises ``ConfigError``, ``StoreUnavailable``."""
    return str(secrets().get("links")["key"]).encode()


@cache
def engine() -> Athena:
    """Athena, with the rights of those who may only read."""
    given = settings()
    athena = client_as(given.sql_role_arn, "athena")
    return Athena(athena, database=given.database, workgroup=given.sql_workgroup, bucket=given.results_bucket)


@cache
def desk() -> Desk:
    """The desk at which statements are handed in, as people's are."""
    state = wiring.state(settings().state_table)
    return Desk(state, engine(), system_clock, time.sleep, lambda run: logger.info("sql", extra=record(run)))


@cache
def maker() -> Maker:
    """What makes parts; what it has read of cubes stays."""
    given = settings()
    state = wiring.state(given.state_table)
    return Maker(
        state=state,
        store=lambda: wiring.store(given.lake_bucket),
        series=SeriesQuery(lambda: wiring.store(given.lake_bucket), system_clock, _CUBES),
        metrics=lambda: Metrics(lambda: state),
        desk=desk,
        engine=engine,
        results=lambda: S3Results(client_as(given.sql_role_arn, "s3"), given.results_bucket),
        database=given.database,
        clock=system_clock,
        warn=logger.warning,
    )


@cache
def work() -> Work:
    """Put the work together once a process."""
    state = wiring.state(settings().state_table)
    results = S3Results(client("s3"), settings().results_bucket)
    return Work(state, results, maker(), Outbox(state, system_clock), key, system_clock)


def handler(event: Mapping[str, Any], context: wiring.Context) -> dict[str, Any]:
    """Make the run of each message; without messages, find what is due."""
    if "Records" in event:
        until = wiring.deadline(context)
        return wiring.each_message(event, logger, lambda message: make(message, until))
    state, queue = wiring.state(settings().state_table), wiring.queue(settings().report_queue_url)
    found = send_due(state, system_clock(), lambda report, run: queue.send({"report": report, "run": run}))
    logger.info("due", extra={"runs": [f"{run.report}/{run.id}" for run in found]})
    wiring.beat(settings().state_table, "report")
    return {"due": len(found)}


def make(message: Mapping[str, Any], until: datetime) -> None:
    """Make one run; while a statement of it is at work, its message comes again by itself."""
    try:
        ended = work().do(message["report"], message["run"], until)
    except StillAtWork as waiting:
        logger.info(str(waiting))
        wiring.queue(settings().report_queue_url).send(message, delay_s=AGAIN_S)
        return
    if ended is not None:
        told = {"report": ended.report, "run": ended.id, "state": ended.state.value, "size_bytes": ended.size_bytes}
        logger.info("report", extra={**told, "problems": list(ended.problems), "error": ended.error})
