"""OpenAPI 3.1, made from the same declarations that validate requests."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from http import HTTPStatus
from typing import Any

from chalicelib import VERSION
from chalicelib.api import problems
from chalicelib.api.routes import Access, Answer, Parameter, Route

COMMON_PROBLEMS = (405, 500, 503)
TOKEN_PROBLEMS = (401, 403)

SECURITY: Mapping[Access, list[dict[str, list[str]]]] = {
    Access.PUBLIC: [],
    Access.READ: [{"token": []}],
    Access.SQL: [{"token": []}],
    Access.EVENTS: [{"token": []}],
    Access.ADMIN: [{"token": []}],
    Access.SIGNATURE: [{"githubSignature": []}],
}

SECURITY_SCHEMES = {
    "token": {
        "type": "http",
        "scheme": "bearer",
        "description": (
            "A token made by `POST /v1/tokens`. Scope `read` reads numbers, `sql` also runs SQL over the rows "
            "behind them, `events` sends product events and reads nothing, `admin` may do everything."
        ),
    },
    "githubSignature": {
        "type": "apiKey",
        "in": "header",
        "name": "X-Hub-Signature-256",
        "description": "HMAC-SHA256 of the raw body with one of the active webhook secrets.",
    },
}


def document(routes: Iterable[Route]) -> dict[str, Any]:
    """Make the whole OpenAPI document of these routes."""
    paths: dict[str, dict[str, Any]] = {}
    for route in routes:
        paths.setdefault(route.path, {})[route.method.lower()] = operation(route)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Headwater",
            "version": VERSION,
            "summary": "A company's own analytics.",
            "description": (
                "Times in are ISO 8601; a date is midnight in `tz`; ranges are half-open `[from, to)`. Times out carry "
                "an offset. Errors are `application/problem+json` (RFC 9457). Unknown parameters are refused. "
                "Answers carry an `ETag`; send it back in `If-None-Match` and an unchanged answer is a 304."
            ),
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": ".", "description": "Where this document is."}],
        "paths": paths,
        "components": {"securitySchemes": SECURITY_SCHEMES, "schemas": {"Problem": dict(problems.PROBLEM_SCHEMA)}},
    }


def operation(route: Route) -> dict[str, Any]:
    """Describe one route."""
    described: dict[str, Any] = {
        "operationId": route.name,
        "summary": route.summary,
        "description": f"{route.description}\n\nAccess: {route.access.value}.",
        "security": SECURITY[route.access],
        "responses": {**_answers(route.answers), **_problems(route)},
    }
    if route.parameters or route.headers:
        described["parameters"] = [_parameter(p) for p in (*route.parameters, *route.headers)]
    if route.body is not None:
        content = {"schema": dict(route.body.schema), "example": route.body.example}
        described["requestBody"] = {
            "required": True,
            "description": route.body.description,
            "content": {route.body.content_type: content},
        }
    return described


def _parameter(parameter: Parameter) -> dict[str, Any]:
    return {
        "name": parameter.name,
        "in": parameter.where,
        "required": parameter.required or parameter.where == "path",
        "description": parameter.description,
        "schema": dict(parameter.schema),
        "example": parameter.example,
    }


def _answers(answers: Sequence[Answer]) -> dict[str, Any]:
    described: dict[str, Any] = {}
    for answer in answers:
        described[str(answer.status)] = one = {"description": answer.description}
        if answer.schema is not None:
            content = {"schema": dict(answer.schema)} | ({} if answer.example is None else {"example": answer.example})
            one["content"] = {answer.content_type: content}  # type: ignore[assignment]
    return described


def _problems(route: Route) -> dict[str, Any]:
    protected = route.access in (Access.READ, Access.SQL, Access.EVENTS, Access.ADMIN)
    validated = (400, 414) if route.parameters else (400,)
    statuses = {*COMMON_PROBLEMS, *validated, *route.problems, *(TOKEN_PROBLEMS if protected else ())}
    content = {problems.CONTENT_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {str(s): {"description": HTTPStatus(s).phrase, "content": content} for s in sorted(statuses)}
