"""Where people's annotations are kept: in the state table, each changed by one writer at a time.

One that was deleted leaves its item for a while: the table's writes are conditional, its deletes are not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from chalicelib.dashboards.annotation import Annotation, Kind, Origin
from chalicelib.domain.state import StateStore, wrote

PK: Final = "annotation"
MOST: Final = 2_000
"""Annotations that may be kept, all people's together: a list reads all of them."""
MOST_OF_ONE: Final = 500
_ID: Final = re.compile(r"n_[0-9a-f]{24}")
_REMEMBERED: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Note:
    """An annotation as it is kept; ``version`` counts its changes, 0 before it is written.

    ``request`` is a digest of what it was made of: an ``Idempotency-Key`` may not be used for another.
    """

    annotation: Annotation
    owner_id: str
    updated_at: datetime
    updated_by: str
    request: str = ""
    version: int = 0
    deleted: bool = False


def every(state: StateStore) -> Iterator[Note]:
    """Read all that are there."""
    found = (_from_item(item["sk"], item) for item in state.query(PK))
    return (note for note in found if not note.deleted)


def read(state: StateStore, note_id: str) -> Note | None:
    """Read one, or None; one that was deleted says so."""
    item = state.get(PK, note_id) if _ID.fullmatch(note_id) else None
    return None if item is None else _from_item(note_id, item)


def write(state: StateStore, note: Note) -> Note | None:
    """Write one as it has become, or for the first time; None when somebody else wrote first."""
    won = wrote(state, PK, note.annotation.id, _to_item(note), expected_version=note.version or None)
    return replace(note, version=note.version + 1) if won else None


def _to_item(note: Note) -> dict[str, Any]:
    said = note.annotation
    item: dict[str, Any] = {
        "at": said.at.isoformat(),
        "until": None if said.until is None else said.until.isoformat(),
        "title": said.title,
        "kind": said.kind.value,
        "metric_sources": list(said.metric_sources),
        "url": said.url,
        "created_by": said.created_by,
        "owner_id": note.owner_id,
        "updated_at": note.updated_at.isoformat(),
        "updated_by": note.updated_by,
        "request": note.request,
        "deleted": note.deleted,
    }
    return item | ({"expires_at": int((note.updated_at + _REMEMBERED).timestamp())} if note.deleted else {})


def _from_item(note_id: str, item: Mapping[str, Any]) -> Note:
    until = item["until"]
    annotation = Annotation(
        note_id,
        at=datetime.fromisoformat(item["at"]),
        until=None if until is None else datetime.fromisoformat(until),
        title=item["title"],
        kind=Kind(item["kind"]),
        metric_sources=tuple(item["metric_sources"]),
        url=item["url"],
        origin=Origin.PEOPLE,
        created_by=item["created_by"],
    )
    return Note(
        annotation,
        owner_id=item["owner_id"],
        updated_at=datetime.fromisoformat(item["updated_at"]),
        updated_by=item["updated_by"],
        request=item["request"],
        version=item["version"],
        deleted=item["deleted"],
    )
