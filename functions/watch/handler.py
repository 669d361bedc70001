"""Every minute: one message per incident, one on its recovery; what else outlives its time is brought to its end.

Queries that had theirs are stopped, and subscriptions become what their people have made of them at SNS.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Mapping
from functools import cache, partial
from secrets import token_urlsafe
from typing import Any

from aws_lambda_powertools import Logger

from chalicelib.aws.athena import Athena
from chalicelib.aws.clients import client, client_as
from chalicelib.aws.secrets import SecretStore
from chalicelib.aws.sqs import read_letters
from chalicelib.aws.subscriptions import SnsSubscriptions
from chalicelib.aws.suppressed import suppressed
from chalicelib.domain.clock import system_clock
from chalicelib.domain.state import StateStore
from chalicelib.errors import ConfigError, HeadwaterError
from chalicelib.incidents import heartbeats, observe, queues, schedules
from chalicelib.incidents.incidents import Subject
from chalicelib.incidents.watch import Watch
from chalicelib.outbox.outbox import Outbox
from chalicelib.settings import WatchSettings, from_env
from chalicelib.sources.base import PullSource
from chalicelib.sql.desk import Desk
from chalicelib.sql.record import record
from chalicelib.subscriptions.desk import Desk as SubscriptionDesk
from chalicelib.subscriptions.sync import Sync
from functions import wiring

logger = Logger(service="watch")

Beats = Mapping[str, heartbeats.Beat]


@cache
def settings() -> WatchSettings:
    """Read the environment once."""
    return from_env(WatchSettings, os.environ)


def handler(event: Mapping[str, Any], context: wiring.Context) -> dict[str, str]:  # noqa: ARG001 - Lambda's signature
    """Answer what was found, by subject."""
    state = wiring.state(settings().state_table)
    heartbeats.beat(state, heartbeats.WATCHER, system_clock())
    beats = heartbeats.beats(state)
    data, are_all = what_is_configured(state, beats)
    watch, subjects = Watch(state, Outbox(state, system_clock), system_clock), [*of_ours(beats), *data]
    found = watch.run(subjects, are_all=are_all, each=wiring.in_threads)
    logger.info("watched", found=found)
    desk().sweep()
    try:
        if became := subscriptions().run():
            logger.info("subscriptions", became=became)
    except HeadwaterError:  # the next minute looks again; what was watched is watched
        logger.exception("subscriptions could not be looked at")
    return found


def what_is_configured(state: StateStore, beats: Beats) -> tuple[list[Subject], bool]:
    """Answer what is watched of data, and whether it is all.

    A mistake in the configuration does not keep ours from being watched: so people hear of it, by the letters of those
    that cannot work for it.
    """
    try:
        return [*of_data(state, beats)], True
    except ConfigError:
        logger.exception("no source is watched: the configuration is wrong")
        return [], False


def of_data(state: StateStore, beats: Beats) -> Iterator[Subject]:
    """Answer the sources, what has to be renewed for them, and the recounts of cubes. Raises ``ConfigError``."""
    lake = wiring.store(settings().lake_bucket)
    config = wiring.sources(settings().lake_bucket)
    is_told = partial(heartbeats.explain_standstill, beats.get(heartbeats.DISPATCHER))
    for name in config.enabled:
        source = wiring.source(name)
        yield observe.subject(source, config.section(name), lake, state, is_told)
        if isinstance(source, PullSource):
            yield observe.expiry(source, lake, state)
    for cube in wiring.cubes(settings().state_table).values():
        yield observe.recounted(cube, state)


def of_ours(beats: Beats) -> Iterator[Subject]:
    """Answer the queues of given-up work, and what runs by the clock."""
    given = queues.addresses(settings().dead_letters)
    letters = {name: cache(partial(read_letters, client("sqs"), url)) for name, url in given.items()}
    for name, read in letters.items():
        yield queues.subject(queues.QUEUES[name], read)
    for schedule in schedules.SCHEDULES.values():
        failing = lambda: queues.failing(letters[queues.FAILED_INVOCATIONS]())  # noqa: E731
        yield schedules.subject(schedule, beats.get(schedule.function), beats[heartbeats.WATCHER].since, failing)


@cache
def subscriptions() -> Sync:
    """What looks at subscriptions at SNS."""
    given, state = settings(), wiring.state(settings().state_table)
    secrets = SecretStore(client("secretsmanager"), given.secret_prefix)
    topic = SnsSubscriptions(client("sns"), given.notice_topic_arn)
    asks = SubscriptionDesk(
        state=state,
        topic=topic,
        teller=Outbox(state, system_clock),
        clock=system_clock,
        key=lambda: str(secrets.get("links")["key"]).encode(),
        new_nonce=partial(token_urlsafe, 12),
    )
    bounced = partial(suppressed, client("sesv2")) if given.ses_sender else dict
    return Sync(state, asks, logger.warning, bounced)


@cache
def desk() -> Desk:
    """The desk of people's queries, so that none outlives its time because nobody looks."""
    given = settings()
    athena = Athena(
        client_as(given.sql_role_arn, "athena"),
        database=given.database,
        workgroup=given.sql_workgroup,
        bucket=given.results_bucket,
    )
    state = wiring.state(given.state_table)
    return Desk(state, athena, system_clock, time.sleep, lambda run: logger.info("sql", **record(run)))
