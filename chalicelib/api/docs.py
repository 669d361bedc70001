"""``GET /openapi.json`` for programs and ``GET /docs`` for people: the same declarations, twice."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from chalicelib.api.context import Context
from chalicelib.api.envelope import encode, etag, matches, not_modified
from chalicelib.api.routes import Access, Answer, Call, Handler, Reply, Route

HTML = "text/html; charset=utf-8"
PAGE_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


def _document() -> dict[str, Any]:
    from chalicelib.api.openapi import document  # only who asks for it loads every route, once
    from chalicelib.api.resources import RESOURCES

    return document(RESOURCES)


def _page() -> str:
    from chalicelib.api.page import page

    return page(_document())


def _route(name: str, path: str, summary: str, content_type: str, make: Callable[[], str]) -> Route:
    return Route(
        method="GET",
        path=path,
        name=name,
        access=Access.PUBLIC,
        summary=summary,
        description="Generated from the declarations that validate requests, so it cannot differ from them.",
        answers=(
            Answer(200, "The document.", {"type": "object" if name == "openapi" else "string"}, None, content_type),
            Answer(304, "Unchanged."),
        ),
        handler=served(content_type, make),
    )


def served(content_type: str, make: Callable[[], str]) -> Handler:
    """Make the handler of a text that is made once a process; a page of it may load and run nothing."""
    make = cache(make)

    def handler(call: Call, _context: Context) -> Reply:
        text = make()
        tag = etag(text)
        if matches(call.headers, tag):
            return not_modified(tag)
        headers = {"Content-Type": content_type, "ETag": tag, "Content-Security-Policy": PAGE_POLICY}
        return Reply(text.encode(), headers=headers)

    return handler


ROUTES = (
    _route("openapi", "/openapi.json", "OpenAPI 3.1", "application/json", lambda: encode(_document())),
    _route("docs", "/docs", "This API, for people", HTML, _page),
)
