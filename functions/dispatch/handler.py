"""Every minute: one message per stream that has something to do; salts of web visitors go with their day."""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import cache
from typing import Any

from aws_lambda_powertools import Logger

from chalicelib.domain.clock import system_clock
from chalicelib.ingest import salts
from chalicelib.ingest.dispatch import Dispatch, Queues
from chalicelib.settings import DispatchSettings, from_env
from functions import wiring

logger = Logger(service="dispatch")


@cache
def settings() -> DispatchSettings:
    """Read the environment once."""
    return from_env(DispatchSettings, os.environ)


def handler(event: Mapping[str, Any], context: wiring.Context) -> dict[str, Any]:  # noqa: ARG001 - Lambda's signature
    """Forget the salts that are over, and send what is due."""
    over = salts.forget(wiring.state(settings().salt_table), system_clock())
    names = wiring.sources(settings().lake_bucket).enabled
    queues = Queues(
        wiring.queue(settings().pull_queue_url),
        wiring.queue(settings().seal_queue_url),
        wiring.queue(settings().rollup_queue_url),
    )
    inputs = {name: tuple(cube.inputs) for name, cube in wiring.cubes(settings().state_table).items()}
    lake, state = wiring.store(settings().lake_bucket), wiring.state(settings().state_table)
    sent = Dispatch(lake, state, queues, [wiring.source(name) for name in names], inputs, system_clock).run()
    logger.info("due", streams=sent, salts_forgotten=over)
    wiring.beat(settings().state_table, "dispatch")
    return {"sent": sent}
