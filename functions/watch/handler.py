"""Every minute: one message per incident of a source, one on its recovery; queries that had their time are stopped."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from functools import cache
from typing import Any

from aws_lambda_powertools import Logger

from chalicelib.aws.athena import Athena
from chalicelib.aws.clients import client_as
from chalicelib.domain.clock import system_clock
from chalicelib.incidents.observe import expiry, recounted, subject
from chalicelib.incidents.watch import Watch
from chalicelib.outbox.outbox import Outbox
from chalicelib.settings import WatchSettings, from_env
from chalicelib.sources.base import PullSource
from chalicelib.sql.desk import Desk
from chalicelib.sql.record import record
from functions import wiring

logger = Logger(service="watch")


@cache
def settings() -> WatchSettings:
    """Read the environment once."""
    return from_env(WatchSettings, os.environ)


def handler(event: Mapping[str, Any], context: wiring.Context) -> dict[str, str]:  # noqa: ARG001 - Lambda's signature
    """Answer what was found, by stream."""
    lake, state = wiring.store(settings().lake_bucket), wiring.state(settings().state_table)
    config = wiring.sources(settings().lake_bucket)
    subjects = [subject(wiring.source(name), config.section(name), lake, state) for name in config.enabled]
    pulled = [name for name in config.enabled if isinstance(wiring.source(name), PullSource)]
    subjects += [expiry(wiring.source(name), lake, state) for name in pulled]
    subjects += [recounted(cube, state) for cube in wiring.cubes(settings().state_table).values()]
    found = Watch(state, Outbox(state, system_clock), system_clock).run(subjects)
    logger.info("watched", sources=found)
    desk().sweep()
    return found


@cache
def desk() -> Desk:
    """The desk of people's queries, so that none outlives its time because nobody looks."""
    given = settings()
    athena = Athena(
        client_as(given.sql_role_arn, "athena"),
        database=given.database,
        workgroup=given.sql_workgroup,
        bucket=given.results_bucket,
    )
    state = wiring.state(given.state_table)
    return Desk(state, athena, system_clock, time.sleep, lambda run: logger.info("sql", **record(run)))
