"""Lambda: a stream has moved; bring the cubes that it feeds up to date."""

from __future__ import annotations

import os
import uuid
from collections.abc import Mapping
from typing import Any

from aws_lambda_powertools import Logger

from chalicelib.aws.athena import Athena
from chalicelib.aws.clients import client
from chalicelib.aws.glue import GlueCatalog
from chalicelib.aws.s3 import S3Store
from chalicelib.aws.sqs import batch_response, received
from chalicelib.domain.clock import system_clock
from chalicelib.metrics.rollup import Rollup
from chalicelib.metrics.wake import roll_up
from chalicelib.settings import RollupSettings, from_env

_RESERVE_MS = 120_000  # of the Lambda's time: one more look may take this long

logger = Logger(service="rollup")


def handler(event: Mapping[str, Any], context: Any) -> dict[str, Any]:
    """Answer which messages failed; they come again, and after too many tries go to the dead-letter queue."""
    settings = from_env(RollupSettings, os.environ)
    streams = {message.message_id: (message.body or {}).get("stream") for message in received(event)}
    failed = roll_up(
        _rollup(settings),
        streams,
        has_time=lambda: context.get_remaining_time_in_millis() > _RESERVE_MS,
        tell=lambda sentence, facts: logger.info(sentence, extra=facts),
    )
    return batch_response(failed)


def _rollup(settings: RollupSettings) -> Rollup:
    bucket = settings.lake_bucket
    return Rollup(
        store=S3Store(client("s3"), bucket),
        catalog=GlueCatalog(client("glue"), settings.database, bucket),
        engine=Athena(client("athena"), database=settings.database, workgroup=settings.workgroup, bucket=bucket),
        clock=system_clock,
        new_attempt=lambda: uuid.uuid4().hex,
    )
