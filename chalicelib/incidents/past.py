"""Incidents that are over, kept for a while."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from chalicelib.domain.state import StateStore, wrote
from chalicelib.incidents.incidents import Incident, Subject, Telling

PARTITION: Final = "incident_past"
"""Of the state table: one item an incident that is over, by the instant of its end and its subject."""
KEPT: Final = timedelta(days=30)
_LONGER: Final = timedelta(days=1)  # DynamoDB deletes when it comes to it; nobody may ask in vain for the thirtieth day


@dataclass(frozen=True, slots=True)
class Over:
    """An incident that is over. ``is_dropped``: its subject is not watched any more, whether it is well or not."""

    subject: str
    title: str
    topic: str
    kind: str
    since: datetime
    opened_at: datetime
    closed_at: datetime
    error: str | None
    is_dropped: bool


def keep(state: StateStore, subject: Subject, incident: Incident) -> None:
    """Keep an incident that has ended; twice is once. Raises ``StoreUnavailable``."""
    assert incident.trouble is not None
    assert incident.opened_at is not None
    assert incident.closed_at is not None
    item = {
        "subject": subject.name,
        "title": subject.title,
        "topic": subject.topic,
        "kind": incident.trouble.kind.value,
        "since": incident.trouble.since.isoformat(),
        "opened_at": incident.opened_at.isoformat(),
        "closed_at": incident.closed_at.isoformat(),
        "error": incident.trouble.error,
        "is_dropped": incident.telling is Telling.DROPPED,
        "expires_at": int((incident.closed_at + KEPT + _LONGER).timestamp()),
    }
    wrote(state, PARTITION, f"{incident.closed_at.isoformat()}#{subject.name}", item, expected_version=None)


def past_incidents(state: StateStore, now: datetime) -> Iterator[Over]:
    """Answer the incidents that have ended in the last 30 days, in the order of their ends.

    How many that can be is bounded: what comes and goes opens ever fewer (:attr:`Incident.calm`).
    Raises ``StoreUnavailable``.
    """
    for item in state.query(PARTITION):
        closed_at = datetime.fromisoformat(item["closed_at"])
        if now - closed_at <= KEPT:
            yield Over(
                item["subject"],
                item["title"],
                item["topic"],
                item["kind"],
                datetime.fromisoformat(item["since"]),
                datetime.fromisoformat(item["opened_at"]),
                closed_at,
                item["error"],
                item["is_dropped"],
            )
