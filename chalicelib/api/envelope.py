"""The envelope of answers, their ``ETag`` and how they become JSON."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final

from chalicelib.api.routes import Reply
from chalicelib.metrics.values import number

CACHE_CONTROL = "private, no-cache"
NO_STORE: Final[Mapping[str, str]] = {"Cache-Control": "no-store"}


def encode(body: Any) -> str:
    """Encode to compact JSON; instants become ISO 8601, money a number where a double holds it, else a text."""
    return json.dumps(body, separators=(",", ":"), ensure_ascii=False, default=_plain, allow_nan=False)


def _plain(value: Any) -> int | float | str | None:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Decimal):
        return number(value)
    raise TypeError(f"no JSON for {type(value).__name__}")


def instant(value: datetime | None) -> str | None:
    """Write an instant in UTC as ``2026-11-22T10:15:08Z``."""
    return None if value is None else value.astimezone(UTC).isoformat().replace("+00:00", "Z")


def etag(*parts: object) -> str:
    """Make a weak entity tag of what an answer depends on; weak, because ``computed_at`` may differ."""
    digest = hashlib.sha256(json.dumps(parts, sort_keys=True, default=str).encode()).hexdigest()
    return f'W/"{digest[:32]}"'


def matches(headers: Mapping[str, str], tag: str) -> bool:
    """Answer whether ``If-None-Match`` names this tag (weak comparison, RFC 9110 section 13.1.2)."""
    given = headers.get("if-none-match", "")
    opaque = tag.removeprefix("W/")
    return given.strip() == "*" or any(one.strip().removeprefix("W/") == opaque for one in given.split(","))


def not_modified(tag: str) -> Reply:
    """Answer 304: what the client has is current."""
    return Reply(b"", 304, {"ETag": tag, "Cache-Control": CACHE_CONTROL})


def tagged(headers: Mapping[str, str], body: Any) -> Reply:
    """Answer a body under a tag of its own, or 304 where the client has it already."""
    tag = etag(body)
    return (
        not_modified(tag)
        if matches(headers, tag)
        else Reply(body, headers={"ETag": tag, "Cache-Control": CACHE_CONTROL})
    )
