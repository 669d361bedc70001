"""Feeds: a question that a spreadsheet asks again and again, by an address with a token that is good for nothing else.

The token is shown once; only its SHA-256 is kept.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from chalicelib.domain.state import StateStore, wrote

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


def every(state: StateStore) -> Iterator[Feed]:
    """Read all feeds, revoked ones too."""
    return (_from_item(item["sk"], item) for item in state.query(PK))


def read(state: StateStore, feed_id: str) -> Feed | None:
    """Read one, or None."""
    item = state.get(PK, feed_id)
    return None if item is None else _from_item(feed_id, item)


def write(state: StateStore, feed: Feed) -> Feed | None:
    """Write one as it has become, or for the first time; None when somebody else wrote first."""
    won = wrote(state, PK, feed.id, _to_item(feed), expected_version=feed.version or None)
    return replace(feed, version=feed.version + 1) if won else None


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
    revoked = item["revoked_at"]
    return Feed(
        id=feed_id,
        name=item["name"],
        query=json.loads(item["query"]),
        token_sha256=item["token_sha256"],
        created_at=datetime.fromisoformat(item["created_at"]),
        created_by=item["created_by"],
        request=item["request"],
        revoked_at=None if revoked is None else datetime.fromisoformat(revoked),
        version=item["version"],
    )
