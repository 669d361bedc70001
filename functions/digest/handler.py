"""Every five minutes: the digests that are due are made and put into the outbox."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any

from aws_lambda_powertools import Logger

from chalicelib.aws.clients import client
from chalicelib.aws.result_files import S3Results
from chalicelib.aws.secrets import SecretStore
from chalicelib.digests.work import Work
from chalicelib.domain.clock import system_clock
from chalicelib.metrics.own_state import Metrics
from chalicelib.metrics.query import SeriesQuery
from chalicelib.outbox.outbox import Outbox
from chalicelib.settings import DigestSettings, from_env
from functions import wiring

logger = Logger(service="digest")

_CUBES = Path("/tmp/headwater-cubes")  # noqa: S108 - a Lambda's only disk; copies are named by key
_RESERVE_MS = 45_000  # with less of the Lambda's time left no other digest is begun


@cache
def settings() -> DigestSettings:
    """Read the environment once."""
    return from_env(DigestSettings, os.environ)


@cache
def work() -> Work:
    """Put it together once a process: what it has read of cubes stays."""
    state = wiring.state(settings().state_table)
    secrets = SecretStore(client("secretsmanager"), settings().secret_prefix)
    return Work(
        state,
        S3Results(client("s3"), settings().results_bucket),
        SeriesQuery(lambda: wiring.store(settings().lake_bucket), system_clock, _CUBES),
        lambda: Metrics(lambda: state),
        Outbox(state, system_clock),
        lambda: secrets.get("links")["key"].encode(),
        system_clock,
        logger.warning,
    )


def handler(event: Mapping[str, Any], context: wiring.Context) -> dict[str, int]:  # noqa: ARG001 - Lambda's signature
    """Answer what was done. What a digest fails of, operators are told by a message of its own."""
    look = work().look(lambda: context.get_remaining_time_in_millis() > _RESERVE_MS)
    (logger.warning if look.failed or look.left else logger.info)("digests", extra=asdict(look))
    wiring.beat(settings().state_table, "digest")
    return asdict(look)
