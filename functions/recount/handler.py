"""Every night: cubes beside their raw rows. What differs is remembered, told by ``watch``, and computed again."""

from __future__ import annotations

import os
import uuid
from collections.abc import Mapping
from functools import cache, partial
from typing import Any

from aws_lambda_powertools import Logger

from chalicelib.aws.athena import Athena
from chalicelib.aws.clients import client
from chalicelib.domain.clock import system_clock
from chalicelib.domain.freshness import RunOutcome
from chalicelib.errors import IntegrityError
from chalicelib.ingest.runs import perform
from chalicelib.metrics.cube import Cube
from chalicelib.metrics.recount import Recount
from chalicelib.settings import RecountSettings, from_env
from functions import wiring

logger = Logger(service="recount")
_RESERVE_MS = 60_000  # with less of the Lambda's time left no other cube is begun


@cache
def settings() -> RecountSettings:
    """Read the environment once."""
    return from_env(RecountSettings, os.environ)


def handler(event: Mapping[str, Any], context: wiring.Context) -> dict[str, str]:  # noqa: ARG001 - Lambda's signature
    """Answer how each cube's recount ended. Raises when there was no time for all of them, for `watch` to tell."""
    recount, state = build(context), wiring.state(settings().state_table)
    ended: dict[str, str] = {}
    cubes = wiring.cubes(settings().state_table)
    for cube in cubes.values():
        if context.get_remaining_time_in_millis() < _RESERVE_MS:
            raise TimeoutError(f"no time was left for {', '.join(sorted(cubes.keys() - ended.keys()))}")
        run = perform(state, cube.recount_stream, system_clock, partial(compare, recount, cube))
        logger.info("recounted", cube=cube.name, outcome=run.outcome.value, error=run.error)
        ended[cube.name] = run.outcome.value
    if RunOutcome.RETRY.value in ended.values():
        raise RuntimeError("some cubes could not be recounted: see the log")
    wiring.beat(settings().state_table, "recount")
    return ended


def compare(recount: Recount, cube: Cube) -> None:
    """Recount one cube. Raises ``IntegrityError`` that says which days differ, after having them computed again."""
    found = recount.run(cube, system_clock().date())
    words = found.words(cube.name) if found else None
    if found and words:
        again = [day.isoformat() for day in found.again]
        wiring.queue(settings().rollup_queue_url).send({"stream": cube.name, "again": again})
        raise IntegrityError(words)
    logger.info("the same", cube=cube.name, days=found.days if found else 0, rows=found.rows if found else 0)


def build(context: wiring.Context) -> Recount:
    """Put a recount together; a statement is stopped before the Lambda is."""
    bucket = settings().lake_bucket
    timeout_s = context.get_remaining_time_in_millis() / 1000 - 30
    database, workgroup = settings().database, settings().workgroup
    athena = Athena(client("athena"), database=database, workgroup=workgroup, bucket=bucket, timeout_s=timeout_s)
    return Recount(wiring.store(bucket), athena, lambda: uuid.uuid4().hex)
