"""The API's structured log: one line a request, and the cause of every incident."""

from __future__ import annotations

from functools import cache

from aws_lambda_powertools.logging import Logger


@cache
def logger() -> Logger:
    """Answer the one logger, made when first asked for."""
    return Logger(service="api", use_rfc3339=True, utc=True)
