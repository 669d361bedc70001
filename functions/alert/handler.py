"""Every minute: alert rules with a new complete bucket are evaluated; what is to be said goes into the outbox."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any

from aws_lambda_powertools import Logger

from chalicelib.alerts.asking import SeriesAsking
from chalicelib.alerts.catching import OpenIncident
from chalicelib.alerts.evaluate import Evaluator
from chalicelib.alerts.keeper import Keeper
from chalicelib.domain.clock import system_clock
from chalicelib.incidents.standing import open_incidents
from chalicelib.metrics.own_state import Metrics
from chalicelib.metrics.query import SeriesQuery
from chalicelib.outbox.outbox import Outbox
from chalicelib.settings import AlertSettings, from_env
from functions import wiring

logger = Logger(service="alert")

_CUBES = Path("/tmp/headwater-cubes")  # noqa: S108 - a Lambda's only disk; copies are named by key
_RESERVE_MS = 15_000  # with less of the Lambda's time left nothing else is begun


@cache
def settings() -> AlertSettings:
    """Read the environment once."""
    return from_env(AlertSettings, os.environ)


@cache
def evaluator() -> Evaluator:
    """Put it together once a process: rules, how they stand and files of cubes stay."""
    state = wiring.state(settings().state_table)
    series = SeriesQuery(lambda: wiring.store(settings().lake_bucket), system_clock, _CUBES)
    return Evaluator(
        Keeper(state, Outbox(state, system_clock), logger.error),
        SeriesAsking(series, system_clock),
        lambda: Metrics(lambda: state),
        lambda: [OpenIncident(one.subject, one.kind, one.since, one.error or "") for one in open_incidents(state)],
        system_clock,
        logger.error,
    )


def handler(event: Mapping[str, Any], context: wiring.Context) -> dict[str, int]:  # noqa: ARG001 - Lambda's signature
    """Answer what was done. Raises when some rules could not be looked at, so that people hear of it."""
    look = evaluator().look(lambda: context.get_remaining_time_in_millis() > _RESERVE_MS)
    (logger.warning if look.failed or look.left else logger.info)("alerts", extra=asdict(look))
    if look.failed:
        raise RuntimeError(f"{look.failed} of {look.rules} rules could not be looked at: see the log")
    wiring.beat(settings().state_table, "alert")
    return asdict(look)
