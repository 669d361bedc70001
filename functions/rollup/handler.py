"""A stream has moved: the cubes that it feeds are brought up to date."""

from __future__ import annotations

import os
import uuid
from collections.abc import Mapping
from functools import cache
from typing import Any

from aws_lambda_powertools import Logger

from chalicelib.aws.athena import Athena
from chalicelib.aws.clients import client
from chalicelib.aws.glue import GlueCatalog
from chalicelib.aws.sqs import batch_response, received
from chalicelib.domain.clock import system_clock
from chalicelib.metrics.rollup import Rollup
from chalicelib.metrics.wake import Moved, roll_up
from chalicelib.settings import RollupSettings, from_env
from functions import wiring

logger = Logger(service="rollup")

_RESERVE_MS = 90_000  # with less of the Lambda's time left no further look is begun


@cache
def settings() -> RollupSettings:
    """Read the environment once."""
    return from_env(RollupSettings, os.environ)


def handler(event: Mapping[str, Any], context: wiring.Context) -> dict[str, Any]:
    """Answer which messages failed; they come again, and after too many tries go to the dead-letter queue."""
    messages = {message.message_id: Moved.read(message.body) for message in received(event)}
    failed = roll_up(
        build(context),
        messages,
        wiring.cubes(settings().state_table),
        has_time=lambda: context.get_remaining_time_in_millis() > _RESERVE_MS,
        tell=_tell,
    )
    return batch_response(failed)


def _tell(sentence: str, facts: dict[str, Any]) -> None:
    (logger.error if "error" in facts else logger.info)(sentence, extra=facts)


def build(context: wiring.Context) -> Rollup:
    """Put a roll-up together; a statement is stopped before the Lambda is."""
    bucket, database = settings().lake_bucket, settings().database
    timeout_s = context.get_remaining_time_in_millis() / 1000 - 30
    athena = Athena(
        client("athena"), database=database, workgroup=settings().workgroup, bucket=bucket, timeout_s=timeout_s
    )
    catalog = GlueCatalog(client("glue"), database, bucket)
    zone = wiring.reporting_zone(settings().reporting_zone)
    return Rollup(wiring.store(bucket), catalog, athena, system_clock, lambda: uuid.uuid4().hex, zone)
