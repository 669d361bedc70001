"""What several Lambdas build the same way: clients and stores from settings, made once a process, at first use."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Protocol, TypeVar
from zoneinfo import ZoneInfo

from aws_lambda_powertools import Logger

from chalicelib.aws.clients import client
from chalicelib.aws.glue import GlueCatalog
from chalicelib.aws.s3 import S3Store
from chalicelib.aws.sqs import Queue, batch_response, received
from chalicelib.aws.state import DynamoState
from chalicelib.domain import zones
from chalicelib.domain.clock import Clock, system_clock
from chalicelib.domain.freshness import Run, RunOutcome
from chalicelib.errors import ConfigError, ObjectNotFound
from chalicelib.incidents import heartbeats
from chalicelib.lake import layout
from chalicelib.lake.commits import Link
from chalicelib.lake.log import StreamLog
from chalicelib.lake.steps import Step
from chalicelib.metrics.cube import Cube
from chalicelib.metrics.cubes import CUBES
from chalicelib.metrics.own_state import own_cubes
from chalicelib.sources.base import Source
from chalicelib.sources.config import SourcesConfig, parse_sources
from chalicelib.sources.registry import SOURCES

T = TypeVar("T")
R = TypeVar("R")

MARGIN = timedelta(seconds=60)
"""Time kept back from a Lambda's own, in which the window or batch that has begun is brought to its end."""

_THREADS = 16


class Context(Protocol):
    """What we use of Lambda's context."""

    def get_remaining_time_in_millis(self) -> int:
        """Answer how long this invocation may still run."""
        ...


@cache
def store(bucket: str) -> S3Store:
    """Answer a bucket."""
    return S3Store(client("s3"), bucket)


@cache
def state(table: str) -> DynamoState:
    """Answer the state table."""
    return DynamoState(client("dynamodb"), table)


def beat(table: str, function: str) -> None:
    """Note that a scheduled function has ended well, for ``watch`` to see. Raises ``StoreUnavailable``."""
    heartbeats.beat(state(table), function, system_clock())


def cubes(table: str) -> dict[str, Cube]:
    """Answer every cube there is now: those that come with Headwater, and those of people's metrics."""
    return {**CUBES, **own_cubes(state(table))}


@cache
def queue(url: str) -> Queue:
    """Answer a queue."""
    return Queue(client("sqs"), url)


@cache
def _threads() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(_THREADS)


def in_threads(call: Callable[[T], R], items: Iterable[T], /) -> Iterator[R]:
    """Make independent calls on the store side by side."""
    return _threads().map(call, items)


def stream_log(bucket: str, database: str, stream: str, tell: Queue | None = None) -> StreamLog:
    """Answer a stream's log; ``tell`` is woken after every publish."""

    def on_published(link: Link, step: Step) -> None:
        if tell is not None and step.partitions:
            tell.send({"stream": stream, "seq": link.seq, "partitions": list(step.partitions)})

    catalog = GlueCatalog(client("glue"), database, bucket)
    return StreamLog(store(bucket), catalog, stream, system_clock, on_published, in_threads)


def sources(bucket: str) -> SourcesConfig:
    """Read what is configured. Raises ``ConfigError``."""
    try:
        return parse_sources(store(bucket).get(layout.SOURCES).body.decode())
    except ObjectNotFound as error:
        raise ConfigError(f"{layout.SOURCES} is not in the lake bucket: deploy puts it there") from error


def reporting_zone(name: str) -> ZoneInfo:
    """Read the company's own zone. Raises ``ConfigError``."""
    try:
        return zones.zone(name)
    except ValueError as error:
        raise ConfigError(f"HEADWATER_REPORTING_ZONE: {error}") from error


def source(name: str) -> Source:
    """Answer a registered source. Raises ``ConfigError``."""
    try:
        return SOURCES[name]
    except KeyError as error:
        raise ConfigError(f"there is no source {name}") from error


def deadline(context: Context, clock: Clock = system_clock) -> datetime:
    """Answer until when new windows or batches may be begun."""
    return clock() + timedelta(milliseconds=context.get_remaining_time_in_millis()) - MARGIN


def each_message(event: Mapping[str, Any], logger: Logger, do: Callable[[Mapping[str, Any]], object]) -> dict[str, Any]:
    """Do each message of a batch by itself, and report those that have to come again."""
    failed = []
    for message in received(event):
        if message.body is None:
            logger.error("not a JSON object, dropped", message_id=message.message_id)
            continue
        try:
            do(message.body)
        except Exception:
            # The outermost edge: whatever went wrong with one message, the others of the batch are done, and this
            # one comes again until the queue gives it up to its dead-letter queue, and `watch` tells of that.
            logger.exception("failed, comes again", message_id=message.message_id)
            failed.append(message.message_id)
    return batch_response(failed)


def log_run(logger: Logger, stream: str, run: Run) -> None:
    """Log how a run ended."""
    level = logger.info if run.outcome is RunOutcome.OK else logger.warning
    level("run", stream=stream, outcome=run.outcome.value, error=run.error, failures=run.failures)
