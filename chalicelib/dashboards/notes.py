"""Where people's annotations are kept: in the state table, each changed by one writer at a time.

One that was deleted leaves its item for a while: the table's writes are conditional, its deletes are not.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from chalicelib.dashboards.annotation import Annotation, Kind, Origin
from chalicelib.domain.records import Shelf, tombstone

PK: Final = "annotation"
MOST: Final = 2_000
"""Annotations that may be kept, all people's together: a list reads all of them."""
MOST_OF_ONE: Final = 500


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
    return item | tombstone(note.deleted, note.updated_at)


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


SHELF: Final = Shelf(PK, lambda note: note.annotation.id, _to_item, _from_item, re.compile(r"n_[0-9a-f]{24}"))
every, read, write = SHELF.every, SHELF.read, SHELF.write
