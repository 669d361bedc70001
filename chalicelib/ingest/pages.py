"""Pages as received, kept for good: what ``raw/`` holds, and how a page comes back from it.

Requests are kept as they were before credentials were put on them. Cookies of an answer are not kept.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from chalicelib.errors import IntegrityError
from chalicelib.lake.commits import canonical
from chalicelib.sources.base import Page, Request

_SECRET_HEADERS = frozenset({"set-cookie", "authorization", "proxy-authorization", "cookie"})

_LEVEL = 1
"""Of gzip: a quarter of the CPU of level 6, for a tenth more bytes."""


@dataclass(frozen=True, slots=True)
class RawPage:
    """A page in ``raw/``. ``unchanged_from`` names the raw page whose body a 304 stands for; then ``page`` has none."""

    page: Page
    unchanged_from: str | None = None


def request_key(request: Request) -> str:
    """Name a request: equal names ask the same question.

    >>> request_key(Request("GET", "https://api.test/a", {"b": "2", "a": "1"}))
    'GET https://api.test/a?a=1&b=2'
    """
    query = "&".join(f"{name}={value}" for name, value in sorted(request.params.items()))
    body = f" {hashlib.sha256(request.body).hexdigest()}" if request.body else ""
    return f"{request.method} {request.url}{'?' if query else ''}{query}{body}"


def encode(raw: RawPage) -> bytes:
    """Write a page as it is kept: a line of JSON about it, and its body as it came. The same page is the same bytes."""
    page = raw.page
    fields = {
        "request": {
            "method": page.request.method,
            "url": page.request.url,
            "params": dict(page.request.params),
            "headers": dict(page.request.headers),
            "body": base64.b64encode(page.request.body).decode() if page.request.body is not None else None,
            "conditional": page.request.conditional,
        },
        "status": page.status,
        "headers": {name: value for name, value in page.headers.items() if name.lower() not in _SECRET_HEADERS},
        "fetched_at": page.fetched_at.isoformat(),
        "unchanged_from": raw.unchanged_from,
    }
    return gzip.compress(canonical(fields) + b"\n" + page.body, compresslevel=_LEVEL, mtime=0)


def decode(body: bytes) -> RawPage:
    """Read what :func:`encode` wrote. Raises ``IntegrityError``."""
    try:
        about, _, received = gzip.decompress(body).partition(b"\n")
        fields = json.loads(about)
        if "body" in fields:  # as pages were kept at first
            received = fields["body"].encode() if fields["encoding"] == "utf-8" else base64.b64decode(fields["body"])
        request, fetched_at = _decode_request(fields["request"]), datetime.fromisoformat(fields["fetched_at"])
        page = Page(request, fields["status"], fields["headers"], received, fetched_at)
        return RawPage(page, fields["unchanged_from"])
    except (ValueError, KeyError, TypeError, OSError, EOFError) as error:
        raise IntegrityError(f"not a raw page: {error}") from error


def revived(raw: RawPage, earlier: RawPage) -> Page:
    """Answer the page that a 304 stands for: the earlier body, true again at the time of the 304."""
    headers = {**earlier.page.headers, **raw.page.headers}
    return replace(earlier.page, request=raw.page.request, headers=headers, fetched_at=raw.page.fetched_at)


def _decode_request(fields: Mapping[str, Any]) -> Request:
    body = base64.b64decode(fields["body"]) if fields["body"] is not None else None
    return Request(**{**fields, "body": body})
