"""What stands: the incidents that are open now, for whoever asks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from chalicelib.domain.state import StateStore

PARTITION: Final = "incident"
"""Of the state table: one item a subject, its open incident or its last one."""


@dataclass(frozen=True, slots=True)
class Open:
    """An incident that is open.

    Parameters
    ----------
    subject
        What it is of: a source (``github_webhooks``), what has to be renewed for it (``github_webhooks/expiry``), a
        cube's recount (``recount-downloads_cube``), a queue (``queue/PullDeadLetters``), a schedule
        (``schedule/dispatch``).
    kind
        The value of a :class:`~chalicelib.incidents.incidents.Kind`.
    since
        Since when it has been so (UTC), which may be before it was noticed.
    error
        Its own words, if it had any.
    topic
        By which people subscribe: the source's, cube's, queue's or function's name.
    title
        The subject's name for people.
    opened_at
        When it was noticed.
    is_told
        Whether its message is in the outbox.
    """

    subject: str
    kind: str
    since: datetime
    error: str | None
    topic: str
    title: str
    opened_at: datetime
    is_told: bool


def open_incidents(state: StateStore) -> list[Open]:
    """Answer the open incidents, by subject. Raises ``StoreUnavailable``."""
    return [_open(item) for item in state.query(PARTITION) if item["state"] == "open"]


def _open(item: Mapping[str, Any]) -> Open:
    return Open(
        item["sk"],
        item["kind"],
        datetime.fromisoformat(item["since"]),
        item["error"],
        topic_of(item),
        item.get("title") or item["sk"],
        datetime.fromisoformat(item["opened_at"]),
        item.get("told") != "pending",
    )


def topic_of(item: Mapping[str, Any]) -> str:
    """Answer by which topic people hear of a remembered incident; items of before have none."""
    return str(item.get("topic") or item["sk"].partition("/")[0])
