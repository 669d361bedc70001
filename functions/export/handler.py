"""Exports, worked off from their queue: each message names one, the state table says what is asked."""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from aws_lambda_powertools import Logger

from chalicelib.aws.clients import client
from chalicelib.aws.result_files import S3Results
from chalicelib.domain.clock import system_clock
from chalicelib.exports.work import Work
from chalicelib.metrics.own_state import Metrics
from chalicelib.metrics.query import SeriesQuery
from chalicelib.settings import ExportSettings, from_env
from functions import wiring

logger = Logger(service="export")

_CUBES = Path("/tmp/headwater-cubes")  # noqa: S108 - a Lambda's only disk; copies are named by key


@cache
def settings() -> ExportSettings:
    """Read the environment once."""
    return from_env(ExportSettings, os.environ)


@cache
def work() -> Work:
    """Put the work together once a process: what it has read of cubes stays."""
    series = SeriesQuery(lambda: wiring.store(settings().lake_bucket), system_clock, _CUBES)
    results = S3Results(client("s3"), settings().results_bucket)
    state = wiring.state(settings().state_table)
    return Work(state, results, series, lambda: Metrics(lambda: state), system_clock)


def handler(event: Mapping[str, Any], context: wiring.Context) -> dict[str, Any]:  # noqa: ARG001 - Lambda's signature
    """Make the file of each message; those that fail come again."""
    return wiring.each_message(event, logger, make)


def make(message: Mapping[str, Any]) -> None:
    """Make the file of one export."""
    ended = work().do(message["owner"], message["export"])
    if ended is not None:
        said = {"export": ended.id, "state": ended.state.value, "format": ended.form.value}
        logger.info("export", extra={**said, "size_bytes": ended.size_bytes, "error": ended.error})
