"""Every hour: webhooks that GitHub failed to deliver, and log objects that no event announced."""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import cache
from typing import Any

from aws_lambda_powertools import Logger

from chalicelib.aws.clients import client
from chalicelib.aws.secrets import SecretStore
from chalicelib.domain.clock import system_clock
from chalicelib.domain.freshness import RunOutcome
from chalicelib.errors import FatalSourceError
from chalicelib.ingest.fetch import CallBudget, HttpFetcher, new_session
from chalicelib.ingest.reconcile import announce_lost_objects, redeliver_failed
from chalicelib.ingest.runs import perform
from chalicelib.settings import ReconcileSettings, from_env
from chalicelib.sources.github_webhooks import GithubWebhooks
from chalicelib.sources.s3_access_logs import S3AccessLogs
from functions import wiring

logger = Logger(service="reconcile")
CALLS_A_RUN = 500
RUN = "reconcile"


@cache
def settings() -> ReconcileSettings:
    """Read the environment once."""
    return from_env(ReconcileSettings, os.environ)


def handler(event: Mapping[str, Any], context: wiring.Context) -> None:  # noqa: ARG001 - Lambda's signature
    """Do both; one that fails does not keep the other from being done. Raises at the end, for `watch` to tell."""
    enabled = wiring.sources(settings().lake_bucket).enabled
    works = {GithubWebhooks.name: lambda: webhooks(context), S3AccessLogs.name: logs}
    state = wiring.state(settings().state_table)
    fatal = []
    for source, work in works.items():
        if source in enabled:
            run = perform(state, f"{RUN}-{source}", system_clock, work)
            wiring.log_run(logger, f"{RUN}-{source}", run)
            fatal += [run.error] if run.outcome is RunOutcome.FATAL else []
    if fatal:
        raise FatalSourceError("; ".join(map(str, fatal)))
    wiring.beat(settings().state_table, "reconcile")


def webhooks(context: wiring.Context) -> None:
    """Have failed deliveries redelivered. Raises ``FatalSourceError`` when a webhook could not be looked after."""
    config = wiring.sources(settings().lake_bucket).section(GithubWebhooks.name)
    if not config["hooks"]:
        return
    fetcher = HttpFetcher(
        new_session(),
        remaining_s=lambda: context.get_remaining_time_in_millis() / 1000 - 30,
        budget=CallBudget(CALLS_A_RUN),
    )
    secret = SecretStore(client("secretsmanager"), settings().secret_prefix).get("github")
    done = redeliver_failed(fetcher, config, secret, system_clock())
    logger.info("asked for again", deliveries=done.asked, problems=done.problems)
    if done.problems:
        raise FatalSourceError("; ".join(done.problems))


def logs() -> None:
    """Announce log objects whose event was lost."""
    prefix = wiring.sources(settings().lake_bucket).section(S3AccessLogs.name)["log_prefix"]
    lake, bucket = wiring.store(settings().lake_bucket), wiring.store(settings().log_bucket)
    found = announce_lost_objects(lake, bucket, S3AccessLogs.name, prefix, system_clock())
    logger.info("announced", log_objects=found)
