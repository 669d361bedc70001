"""The inbox of one arriving stream becomes commits."""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import cache
from typing import Any

from aws_lambda_powertools import Logger

from chalicelib.domain.clock import system_clock
from chalicelib.errors import ConfigError
from chalicelib.ingest.runs import perform
from chalicelib.ingest.seal import Seal
from chalicelib.ingest.seen import SegmentCache
from chalicelib.lake.writer import Parquet
from chalicelib.settings import SealSettings, from_env
from chalicelib.sources.base import ArrivingSource
from functions import wiring

logger = Logger(service="seal")


@cache
def settings() -> SealSettings:
    """Read the environment once."""
    return from_env(SealSettings, os.environ)


@cache
def segments(stream: str) -> SegmentCache:  # noqa: ARG001 - one cache a stream
    """Answer the identity segments of a stream that this process has read already."""
    return SegmentCache()


def handler(event: Mapping[str, Any], context: wiring.Context) -> dict[str, Any]:
    """Seal every stream that the batch names."""
    return wiring.each_message(event, logger, lambda message: seal(message["stream"], context))


def seal(stream: str, context: wiring.Context) -> None:
    """Run one stream and remember how it ended."""
    work = lambda: build(stream).run(wiring.deadline(context))  # noqa: E731
    run = perform(wiring.state(settings().state_table), stream, system_clock, work)
    wiring.log_run(logger, stream, run)


def build(stream: str) -> Seal:
    """Put a run together. Raises ``ConfigError``."""
    source = wiring.source(stream)
    if not isinstance(source, ArrivingSource):
        raise ConfigError(f"{stream} is not sealed: it is pulled")
    config = wiring.sources(settings().lake_bucket).section(stream)
    log = wiring.stream_log(
        settings().lake_bucket, settings().database, stream, wiring.queue(settings().rollup_queue_url)
    )
    logs = wiring.store(settings().log_bucket)
    return Seal(log, source, config, logs, Parquet(), system_clock, segments(stream))
