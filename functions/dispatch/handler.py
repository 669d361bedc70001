"""Every minute: one message per stream that has something to do."""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import cache
from typing import Any

from aws_lambda_powertools import Logger

from chalicelib.domain.clock import system_clock
from chalicelib.ingest.dispatch import Dispatch, Queues
from chalicelib.metrics.cubes import CUBES
from chalicelib.settings import DispatchSettings, from_env
from functions import wiring

logger = Logger(service="dispatch")

CUBE_INPUTS = {cube.name: tuple(cube.inputs) for cube in CUBES.values()}


@cache
def settings() -> DispatchSettings:
    """Read the environment once."""
    return from_env(DispatchSettings, os.environ)


def handler(event: Mapping[str, Any], context: wiring.Context) -> dict[str, Any]:  # noqa: ARG001 - Lambda's signature
    """Send what is due."""
    names = wiring.sources(settings().lake_bucket).enabled
    queues = Queues(
        wiring.queue(settings().pull_queue_url),
        wiring.queue(settings().seal_queue_url),
        wiring.queue(settings().rollup_queue_url),
    )
    lake, state = wiring.store(settings().lake_bucket), wiring.state(settings().state_table)
    sent = Dispatch(lake, state, queues, [wiring.source(name) for name in names], CUBE_INPUTS, system_clock).run()
    logger.info("due", streams=sent)
    return {"sent": sent}
