"""Windows of one pull stream: a message names the stream, its log says what is left to do."""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import cache
from typing import Any

from aws_lambda_powertools import Logger

from chalicelib.aws.clients import client
from chalicelib.aws.secrets import SecretStore
from chalicelib.domain.clock import system_clock
from chalicelib.errors import ConfigError
from chalicelib.ingest.fetch import Budget, HttpFetcher, new_session
from chalicelib.ingest.pull import Pull
from chalicelib.ingest.runs import perform
from chalicelib.lake.writer import Parquet
from chalicelib.settings import PullSettings, from_env
from chalicelib.sources.base import PullSource
from chalicelib.sources.keys import started
from functions import wiring

logger = Logger(service="pull")
CALLS_A_RUN = 1000


@cache
def settings() -> PullSettings:
    """Read the environment once."""
    return from_env(PullSettings, os.environ)


@cache
def secrets() -> SecretStore:
    """Answer where the credentials are."""
    return SecretStore(client("secretsmanager"), settings().secret_prefix)


def handler(event: Mapping[str, Any], context: wiring.Context) -> dict[str, Any]:
    """Pull every stream that the batch names."""
    return wiring.each_message(event, logger, lambda message: pull(message["stream"], context))


def pull(stream: str, context: wiring.Context) -> None:
    """Run one stream and remember how it ended."""
    work = lambda: build(stream, context).run(wiring.deadline(context))  # noqa: E731
    run = perform(wiring.state(settings().state_table), stream, system_clock, work)
    wiring.log_run(logger, stream, run)


def build(stream: str, context: wiring.Context) -> Pull:
    """Put a run together. Raises ``ConfigError``."""
    source = wiring.source(stream)
    if not isinstance(source, PullSource):
        raise ConfigError(f"{stream} is not pulled: its items arrive")
    config = wiring.sources(settings().lake_bucket).section(stream)
    fetcher = HttpFetcher(
        new_session(),
        remaining_s=lambda: context.get_remaining_time_in_millis() / 1000 - 5,
        budget=Budget(int(config.get("calls_per_hour", CALLS_A_RUN))),
    )
    log = wiring.stream_log(
        settings().lake_bucket, settings().database, stream, wiring.queue(settings().rollup_queue_url)
    )
    return Pull(log, source, config, fetcher, lambda: secret(source), Parquet(), system_clock, started(config))


def secret(source: PullSource) -> Mapping[str, str]:
    """Read a source's credentials anew: this is asked for at the start, and when they were refused."""
    name = source.credential or ""
    secrets().forget(name)
    return secrets().get(name)
