"""The API's dependencies in AWS: settings from the environment, clients made when first needed."""

from __future__ import annotations

import os
from functools import cache
from typing import TYPE_CHECKING

from chalicelib.api.context import Context, SecretKeeper
from chalicelib.domain.clock import system_clock
from chalicelib.domain.objects import ObjectStore
from chalicelib.domain.queries import QueryEngine
from chalicelib.domain.result_files import ResultFiles
from chalicelib.domain.state import StateStore
from chalicelib.domain.topics import Topic
from chalicelib.errors import ConfigError
from chalicelib.settings import ApiSettings, from_env

if TYPE_CHECKING:
    from chalicelib.sql.estimate import Sizes


@cache
def from_environment() -> Context:
    """Build the context once a process. Raises ``ConfigError`` naming what is missing in the environment."""
    settings = from_env(ApiSettings, os.environ)
    return Context(
        clock=system_clock,
        allowed_origin=settings.allowed_origin,
        open_state=lambda: _state(settings),
        open_salts=lambda: _salts(settings),
        open_secrets=lambda: _secrets(settings),
        open_store=lambda: _store(settings),
        open_queries=lambda: _queries(settings),
        open_results=lambda: _results(settings),
        open_answers=lambda: _answers(settings),
        open_exports=lambda: _exports(settings),
        tell_of_export=lambda owner, export_id: _tell_of_export(settings, owner, export_id),
        tell_of_report=lambda report, run: _tell_of_report(settings, report, run),
        partition_sizes=lambda table: _partition_sizes(settings, table),
        open_notices=lambda: _notices(settings),
        site_url=settings.site_url,
        sends_html=bool(settings.ses_sender),
        database=settings.database,
        requests_per_minute=_whole(settings.requests_per_minute),
        webhook_private_hosts=frozenset(settings.webhook_private_hosts.split()),
    )


def _whole(text: str) -> int:
    try:
        return int(text)
    except ValueError as error:
        raise ConfigError("HEADWATER_REQUESTS_PER_MINUTE: a whole number is needed; 0 for no limit") from error


def _state(settings: ApiSettings) -> StateStore:
    from chalicelib.aws.clients import client
    from chalicelib.aws.state import DynamoState

    return DynamoState(client("dynamodb"), settings.state_table)


def _salts(settings: ApiSettings) -> StateStore:
    from chalicelib.aws.clients import client
    from chalicelib.aws.state import DynamoState

    return DynamoState(client("dynamodb"), settings.salt_table)


def _secrets(settings: ApiSettings) -> SecretKeeper:
    from chalicelib.aws.clients import client
    from chalicelib.aws.secrets import SecretStore

    return SecretStore(client("secretsmanager"), settings.secret_prefix)


def _store(settings: ApiSettings) -> ObjectStore:
    from chalicelib.aws.clients import client
    from chalicelib.aws.s3 import S3Store

    return S3Store(client("s3"), settings.lake_bucket)


def _answers(settings: ApiSettings) -> ObjectStore:
    from chalicelib.aws.clients import client
    from chalicelib.aws.s3 import S3Store

    return S3Store(client("s3"), settings.results_bucket)


def _queries(settings: ApiSettings) -> QueryEngine:
    from chalicelib.aws.athena import Athena
    from chalicelib.aws.clients import client_as

    athena = client_as(settings.sql_role_arn, "athena")
    return Athena(athena, database=settings.database, workgroup=settings.sql_workgroup, bucket=settings.results_bucket)


def _results(settings: ApiSettings) -> ResultFiles:
    from chalicelib.aws.clients import client_as
    from chalicelib.aws.result_files import S3Results

    return S3Results(client_as(settings.sql_role_arn, "s3"), settings.results_bucket)


def _exports(settings: ApiSettings) -> ResultFiles:
    from chalicelib.aws.clients import client
    from chalicelib.aws.result_files import S3Results

    return S3Results(client("s3"), settings.results_bucket)


def _tell_of_export(settings: ApiSettings, owner: str, export_id: str) -> None:
    from chalicelib.aws.clients import client
    from chalicelib.aws.sqs import Queue

    Queue(client("sqs"), settings.export_queue_url).send({"owner": owner, "export": export_id})


def _tell_of_report(settings: ApiSettings, report: str, run: str) -> None:
    from chalicelib.aws.clients import client
    from chalicelib.aws.sqs import Queue

    Queue(client("sqs"), settings.report_queue_url).send({"report": report, "run": run})


def _notices(settings: ApiSettings) -> Topic:
    from chalicelib.aws.clients import client
    from chalicelib.aws.subscriptions import SnsSubscriptions

    return SnsSubscriptions(client("sns"), settings.notice_topic_arn)


def _partition_sizes(settings: ApiSettings, table: str) -> Sizes:
    from chalicelib.aws.clients import client_as
    from chalicelib.aws.glue import GlueCatalog
    from chalicelib.aws.s3 import S3Store
    from chalicelib.lake.sizes import partition_sizes

    catalog = GlueCatalog(client_as(settings.sql_role_arn, "glue"), settings.database, settings.lake_bucket)
    lake = S3Store(client_as(settings.sql_role_arn, "s3"), settings.lake_bucket)
    return partition_sizes(lake, table, catalog.locations(table))
