"""AWS clients, made when first asked for: a cold start pays only for those that a request needs."""

from __future__ import annotations

from functools import cache
from typing import Any

import boto3
from botocore.config import Config

_TIMEOUTS = {"connect_timeout": 3, "read_timeout": 20}
_RETRIES = {"mode": "standard", "total_max_attempts": 4}


@cache
def client(service: str, region: str | None = None) -> Any:
    """Answer this process's client of a service.

    Region, credentials and endpoints (``AWS_ENDPOINT_URL``, ``AWS_ENDPOINT_URL_ATHENA``) are found by botocore itself,
    the same way in AWS and in the local cloud.
    """
    return boto3.client(
        service, region_name=region, config=Config(retries=_RETRIES, max_pool_connections=32, **_TIMEOUTS)
    )
