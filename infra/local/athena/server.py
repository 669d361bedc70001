"""AWS JSON 1.1 over HTTP: the operation is in ``X-Amz-Target``, an error in ``__type``."""

from __future__ import annotations

import json
import logging
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from infra.local.athena.catalog import Catalog
from infra.local.athena.errors import ApiError, QueryFailure, malformed_query
from infra.local.athena.executions import Executions
from infra.local.athena.objects import ObjectStore
from infra.local.athena.operations import Operations, utc_now
from infra.local.athena.prepared import PreparedStatements
from infra.local.athena.runner import Runner
from infra.local.athena.settings import Settings
from infra.local.athena.workgroups import WorkGroups

TARGET = "AmazonAthena."
log = logging.getLogger(__name__)


def build(settings: Settings) -> Starlette:
    """The ASGI application, wired to the local AWS."""
    objects = ObjectStore(
        _client(settings, "s3", settings.s3_endpoint), settings.cache_dir / "objects", settings.cache_bytes
    )
    catalog = Catalog(_client(settings, "glue", settings.glue_endpoint))
    workgroups = WorkGroups(_client(settings, "athena", settings.workgroup_endpoint))
    prepared = PreparedStatements(workgroups)
    runner = Runner(settings, catalog, objects, utc_now, prepared)
    operations = Operations(Executions(), runner, workgroups, prepared, catalog, objects, utc_now)

    async def handle(request: Request) -> Response:
        return await run_in_threadpool(
            answer, operations, request.headers.get("x-amz-target", ""), await request.body()
        )

    async def health(_: Request) -> Response:
        return _json(200, {"status": "ok"})

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        yield
        runner.close()

    return Starlette(routes=[Route("/", handle, methods=["POST"]), Route("/health", health)], lifespan=lifespan)


def answer(operations: Operations, target: str, body: bytes) -> Response:
    """One request."""
    try:
        if not target.startswith(TARGET):
            raise ApiError("UnknownOperationException", f"X-Amz-Target must start with {TARGET}")
        asked = _read(body)
        if not isinstance(asked, dict):
            raise ApiError("SerializationException", "The body must be a JSON object")
        return _json(200, operations.call(target.removeprefix(TARGET), asked))
    except ApiError as error:
        return _error(error)
    except QueryFailure as failure:  # what is refused while the statement is read
        return _error(malformed_query(str(failure)))
    except (ClientError, BotoCoreError) as error:
        log.warning("the local AWS failed: %s", error)
        return _json(500, {"__type": "InternalServerException", "Message": f"The local AWS failed: {error}"})


def _read(body: bytes) -> Any:
    try:
        return json.loads(body or b"{}")
    except (ValueError, RecursionError) as error:  # no JSON, no UTF-8, or brackets without an end
        raise ApiError("SerializationException", "The body is not JSON") from error


def _error(error: ApiError) -> Response:
    body = {"__type": error.kind, "Message": error.message, **error.fields}
    return _json(400, body | ({"AthenaErrorCode": error.code, "ErrorCode": error.code} if error.code else {}))


def _json(status: int, body: dict[str, Any]) -> Response:
    return Response(
        json.dumps(body, default=_timestamp),
        status,
        {"x-amzn-RequestId": str(uuid.uuid4())},
        media_type="application/x-amz-json-1.1",
    )


def _timestamp(value: Any) -> float:
    """Times are seconds since 1970 in this protocol."""
    return float(value.timestamp())


def _client(settings: Settings, service: str, endpoint: str) -> Any:
    session = boto3.Session(settings.access_key, settings.secret_key, region_name=settings.region)
    config = Config(
        max_pool_connections=64, retries={"max_attempts": 4, "mode": "standard"}, s3={"addressing_style": "path"}
    )
    return session.client(service, endpoint_url=endpoint, config=config)
