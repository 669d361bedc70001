"""Feeds: a question that a spreadsheet asks again and again, by an address with a token that is good for nothing else.

The token is shown once; only its SHA-256 is kept.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from chalicelib.domain.records import Shelf, fields_of

PK: Final = "feed"
MOST: Final = 200
"""Feeds that there may be, revoked ones not counted."""


@dataclass(frozen=True, slots=True)
class Feed:
    """One feed.

    Parameters
    ----------
    query
        The body of the question, as it was given: what is asked anew whenever the feed is read.
    token_sha256
        Of its token, in hex.
    request
        A digest of what it was made of: an ``Idempotency-Key`` may not be used for another.
    """

    id: str
    name: str
    query: Mapping[str, Any]
    token_sha256: str
    created_at: datetime
    created_by: str
    request: str = ""
    revoked_at: datetime | None = None
    version: int = 0


def _to_item(feed: Feed) -> dict[str, Any]:
    return {
        "name": feed.name,
        "query": json.dumps(dict(feed.query), ensure_ascii=False),
        "token_sha256": feed.token_sha256,
        "created_at": feed.created_at.isoformat(),
        "created_by": feed.created_by,
        "request": feed.request,
        "revoked_at": None if feed.revoked_at is None else feed.revoked_at.isoformat(),
    }


def _from_item(feed_id: str, item: Mapping[str, Any]) -> Feed:
    return Feed(**{**fields_of(item, ("created_at", "revoked_at")), "id": feed_id, "query": json.loads(item["query"])})


_SHELF: Final = Shelf(PK, lambda feed: feed.id, _to_item, _from_item)
every, read, write = _SHELF.every, _SHELF.read, _SHELF.write  # revoked ones too
