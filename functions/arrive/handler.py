"""What appears in the log bucket is named in the inbox of its stream; its content is read when it is sealed."""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import cache
from typing import Any

from aws_lambda_powertools import Logger

from chalicelib.domain.clock import system_clock
from chalicelib.ingest.arrivals import pointers
from chalicelib.ingest.inbox import accept_pointer
from chalicelib.settings import ArriveSettings, from_env
from chalicelib.sources.s3_access_logs import S3AccessLogs
from functions import wiring

logger = Logger(service="arrive")


@cache
def settings() -> ArriveSettings:
    """Read the environment once."""
    return from_env(ArriveSettings, os.environ)


def handler(event: Mapping[str, Any], context: wiring.Context) -> dict[str, Any]:  # noqa: ARG001 - Lambda's signature
    """Put every object that the batch names into the inbox."""
    return wiring.each_message(event, logger, arrive)


def arrive(notification: Mapping[str, Any]) -> None:
    """Put the objects of one notification into the inbox; twice is once. Raises ``StoreUnavailable``."""
    lake = wiring.store(settings().lake_bucket)
    for pointer in pointers(notification, settings().log_bucket):
        key = accept_pointer(lake, S3AccessLogs.name, pointer, system_clock())
        logger.debug("in the inbox", key=key, log_object=pointer.key)
