"""OpenAPI 3.1, made from the same declarations that validate requests."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from chalicelib import VERSION
from chalicelib.api import problems
from chalicelib.api.openapi_answers import HEADERS, TOKEN_ACCESS, problem_responses, responses
from chalicelib.api.routes import Access, Parameter, Route, Schema

Resources = Mapping[str, Sequence[Route]]

TAGS: Final[Mapping[str, str]] = {
    "metrics": "What is counted, over time, by dimension, in any time zone.",
    "pipeline": "Leads and opportunities, as the dashboards of old ask for them.",
    "awareness": "Web traffic, followers and share of voice, as the dashboards of old ask for them.",
    "adoption": "Downloads, as the dashboards of old ask for them.",
    "dashboards": "The pages of the site, and those that people arrange for themselves and each other.",
    "preferences": "What a person wants of the site.",
    "annotations": "What happened that numbers do not tell: releases, campaigns, incidents, notes.",
    "exports": "Whole answers of any size as files.",
    "alerts": "Rules by which people are told, and what each has told.",
    "feeds": "A question by an address of its own, for spreadsheets.",
    "subscriptions": "Who is told what, by e-mail and SMS; links of messages act without a login.",
    "digests": "What is told every morning or every week: looked at, and sent at once.",
    "reports": "Documents of several parts, made by the clock or at once, and sent.",
    "channels": "Where messages go besides mail and SMS: Slack and signed webhooks.",
    "messages": "What people were told, and whether it came.",
    "shared": "Files by the links in messages.",
    "sources": "Where the numbers come from, and how fresh they are.",
    "incidents": "What of Headwater itself is in trouble, and what was.",
    "catalog": "What there is to select from with SQL.",
    "sql": "Any question, in SQL, over everything that is stored.",
    "saved_queries": "Queries that come with Headwater, and those that people save for each other.",
    "events": "What your own product tells.",
    "beacons": "What visitors of your web sites do, without cookies.",
    "webhooks": "What others tell when it happens.",
    "tokens": "Who may ask and who may change: made, listed, revoked.",
    "sessions": "Who one is; signing in and out.",
    "backfills": "Have the past of a source pulled.",
    "replays": "Have what was set aside read again.",
    "jobs": "What takes longer, how far it is, and an end to it.",
    "health": "Is it up.",
    "docs": "This description, for programs and for people.",
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
    "feedToken": {
        "type": "apiKey",
        "in": "query",
        "name": "token",
        "description": "A feed's own token, made by `POST /v1/feeds`: it reads that feed and nothing else.",
    },
    "signIn": {
        "type": "apiKey",
        "in": "header",
        "name": "Authorization",
        "description": "An ID token of the company's user pool, as its sign-in page gave it; verified by API Gateway.",
    },
    "githubSignature": {
        "type": "apiKey",
        "in": "header",
        "name": "X-Hub-Signature-256",
        "description": "HMAC-SHA256 of the raw body with one of the active webhook secrets.",
    },
}


def document(resources: Resources) -> dict[str, Any]:
    """Make the whole OpenAPI document of these resources; each is a tag."""
    paths: dict[str, dict[str, Any]] = {}
    for tag, routes in resources.items():
        for route in routes:
            paths.setdefault(route.path, {})[route.method.lower()] = operation(route, tag)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Headwater",
            "version": VERSION,
            "summary": "A company's own analytics.",
            "description": (
                "Times in are ISO 8601; a date is midnight in `tz`; ranges are half-open `[from, to)`. Times out carry "
                "an offset. Errors are `application/problem+json` (RFC 9457) and name each bad parameter, with the "
                "near name where there is one. Unknown parameters are refused. Answers carry an `ETag`; send it back "
                "in `If-None-Match` and an unchanged answer is a 304. Lists have pages: go on with `meta.next_cursor`, "
                'or with `Link: …; rel="next"`. What makes something takes an `Idempotency-Key`: another try under the '
                "same key, also at the same time, makes nothing more and is answered as the first; with another body "
                "it is a 422. `RateLimit` tells what is left of a token's requests."
            ),
            "contact": {"name": "Whoever runs this deployment"},
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": ".", "description": "Where this document is."}],
        "tags": [{"name": tag, "description": TAGS.get(tag, tag)} for tag in sorted(resources, key=_order)],
        "security": [{"token": []}],
        "paths": paths,
        "components": {
            "securitySchemes": SECURITY_SCHEMES,
            "schemas": {"Problem": dict(problems.PROBLEM_SCHEMA)},
            "headers": dict(HEADERS),
            "responses": problem_responses(),
        },
    }


def _order(tag: str) -> int:
    """Answer where a tag stands: as in :data:`TAGS`, and what is not there at the end."""
    return list(TAGS).index(tag) if tag in TAGS else len(TAGS)


def operation(route: Route, tag: str) -> dict[str, Any]:
    """Describe one route."""
    described: dict[str, Any] = {
        "operationId": route.name,
        "tags": [tag],
        "summary": route.summary,
        "description": f"{route.description}\n\nAccess: {route.access.value}.",
        "security": _security(route.access),
        "responses": responses(route),
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


def _security(access: Access) -> list[dict[str, list[str]]]:
    if access is Access.SIGNATURE:
        return [{"githubSignature": []}]
    if access is Access.FEED:
        return [{"feedToken": []}]
    if access is Access.SIGN_IN:
        return [{"signIn": []}]
    return [{"token": []}] if access in TOKEN_ACCESS else []


def _parameter(parameter: Parameter) -> dict[str, Any]:
    return {
        "name": parameter.name,
        "in": parameter.where,
        "required": parameter.required or parameter.where == "path",
        "description": parameter.description,
        "schema": dict(parameter.schema),
        "example": json.loads(parameter.example) if _is_literal(parameter.schema) else parameter.example,
    }


def _is_literal(schema: Schema) -> bool:
    """Answer whether a value is no text in JSON, though it is one in a URL."""
    return schema.get("type") in ("integer", "boolean")
