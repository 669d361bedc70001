"""Problems: every error an API client sees, as RFC 9457 ``application/problem+json``, mapped in this one place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any
from uuid import uuid4

from chalicelib.api.routes import Reply, Schema
from chalicelib.errors import (
    HeadwaterError,
    QueryThrottled,
    RequestError,
    RetriableSourceError,
    StoreUnavailable,
    WriteConflict,
)

CONTENT_TYPE = "application/problem+json"
RETRY_AFTER_S = 5

SLUGS: Mapping[int, str] = {
    400: "invalid-request",
    401: "not-authenticated",
    403: "not-allowed",
    404: "not-found",
    405: "method-not-allowed",
    409: "conflict",
    410: "gone",
    412: "changed-meanwhile",
    413: "too-large",
    414: "query-too-long",
    415: "unsupported-media-type",
    422: "unanswerable",
    428: "precondition-needed",
    429: "too-many-requests",
    500: "internal-error",
    503: "try-again-later",
}
"""The stable name of each problem: ``type`` is ``urn:headwater:problem:{slug}``."""

PROBLEM_SCHEMA: Schema = {
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "format": "uri", "description": "What kind of problem: stable, for programs."},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "What is wrong and what to do, for people."},
        "instance": {"type": "string", "description": "The incident's identity; quote it when you ask for help."},
        "errors": {
            "type": "array",
            "description": "One entry per bad parameter.",
            "items": {
                "type": "object",
                "required": ["parameter", "detail"],
                "properties": {
                    "parameter": {"type": "string"},
                    "detail": {"type": "string"},
                    "suggestion": {
                        "type": "string",
                        "description": "What was probably meant, where something is near.",
                    },
                    "line": {"type": "integer", "description": "Of a text: where, from 1."},
                    "column": {"type": "integer"},
                },
            },
        },
    },
}


def problem(
    status: int, detail: str, *, errors: Sequence[Mapping[str, str | int]] = (), instance: str | None = None
) -> Reply:
    """Make the answer for one problem, with the headers that its status asks for."""
    body: dict[str, Any] = {
        "type": f"urn:headwater:problem:{SLUGS.get(status, 'error')}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
    }
    if instance is not None:
        body["instance"] = instance
    if errors:
        body["errors"] = list(errors)
    headers = {"Content-Type": CONTENT_TYPE, "Cache-Control": "no-store"}
    if status == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = 'Bearer realm="headwater"'
    if status in (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE):
        headers["Retry-After"] = str(RETRY_AFTER_S)
    return Reply(body, status, headers)


def from_error(error: HeadwaterError) -> Reply:
    """Map an error of our own tree to a problem; nothing of its message leaks unless it was written for the client."""
    if isinstance(error, RequestError):
        reply = problem(error.status, error.detail, errors=error.errors)
        return Reply(reply.body, reply.status, {**reply.headers, **error.headers})
    if isinstance(error, StoreUnavailable | WriteConflict | QueryThrottled | RetriableSourceError):
        return problem(503, "A service behind this one is busy or away. Nothing was lost; please try again.")
    return incident()


def incident() -> Reply:
    """Make the answer for what the client cannot mend: its ``instance`` is in our log beside the cause."""
    return problem(
        500,
        "Something went wrong on our side and was logged. Please quote the instance if you ask about it.",
        instance=f"urn:uuid:{uuid4()}",
    )
