"""The API's dependencies in AWS: settings from the environment, clients made when first needed."""

from __future__ import annotations

import os
from functools import cache

from chalicelib.api.context import Context, SecretReader
from chalicelib.domain.clock import system_clock
from chalicelib.domain.objects import ObjectStore
from chalicelib.domain.state import StateStore
from chalicelib.settings import ApiSettings, from_env


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
    )


def _state(settings: ApiSettings) -> StateStore:
    from chalicelib.aws.clients import client
    from chalicelib.aws.state import DynamoState

    return DynamoState(client("dynamodb"), settings.state_table)


def _salts(settings: ApiSettings) -> StateStore:
    from chalicelib.aws.clients import client
    from chalicelib.aws.state import DynamoState

    return DynamoState(client("dynamodb"), settings.salt_table)


def _secrets(settings: ApiSettings) -> SecretReader:
    from chalicelib.aws.clients import client
    from chalicelib.aws.secrets import SecretStore

    return SecretStore(client("secretsmanager"), settings.secret_prefix)


def _store(settings: ApiSettings) -> ObjectStore:
    from chalicelib.aws.clients import client
    from chalicelib.aws.s3 import S3Store

    return S3Store(client("s3"), settings.lake_bucket)
