"""AWS clients, made when first asked for: a cold start pays only for those that a request needs."""

from __future__ import annotations

from functools import cache
from typing import Any

import boto3
from botocore.config import Config
from botocore.credentials import AssumeRoleCredentialFetcher, DeferredRefreshableCredentials
from botocore.session import get_session

_TIMEOUTS = {"connect_timeout": 3, "read_timeout": 20}
_RETRIES = {"mode": "standard", "total_max_attempts": 4}


@cache
def client(service: str, region: str | None = None) -> Any:
    """Answer this process's client of a service.

    Region, credentials and endpoints (``AWS_ENDPOINT_URL``, ``AWS_ENDPOINT_URL_ATHENA``) are found by botocore itself,
    the same way in AWS and in the local cloud.
    """
    return boto3.client(service, region_name=region, config=_config(service))


@cache
def client_once(service: str) -> Any:
    """Answer this process's client of a service that sends each request once: for what must not happen twice."""
    once = Config(retries={"mode": "standard", "total_max_attempts": 1}, connect_timeout=3, read_timeout=10)
    return boto3.client(service, config=once)


@cache
def client_as(role_arn: str, service: str) -> Any:
    """Answer this process's client of a service with the rights of another role, and no others of our own."""
    return _session_as(role_arn).client(service, config=_config(service))


@cache
def _session_as(role_arn: str) -> boto3.Session:
    """A session whose credentials are fetched at the first call, and anew before they expire."""
    session = get_session()
    fetcher = AssumeRoleCredentialFetcher(
        session.create_client, session.get_credentials(), role_arn, extra_args={"RoleSessionName": "headwater"}
    )
    assumed = get_session()
    assumed._credentials = DeferredRefreshableCredentials(fetcher.fetch_credentials, "assume-role")
    return boto3.Session(botocore_session=assumed)


def _config(service: str) -> Config:
    # Links are signed as requests are: botocore would still sign S3's in an older way, which new regions refuse.
    signed = {"signature_version": "s3v4"} if service == "s3" else {}
    return Config(retries=_RETRIES, max_pool_connections=32, **signed, **_TIMEOUTS)
