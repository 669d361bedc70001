"""Where people's dashboards are kept: in the state table, each changed by one writer at a time.

A dashboard is two items: what lists show of it, which is small, and its widgets, which can be large. The widgets of
each version are written first, under a name of their own; the dashboard then names them, if it is still as its writer
has seen it. So a reader sees one version whole, and a list of a thousand dashboards reads no widgets.

What was deleted leaves its item for a while: the table's writes are conditional, its deletes are not.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from chalicelib.domain.records import Shelf, fields_of, tombstone
from chalicelib.domain.state import StateStore
from chalicelib.errors import StoreError, StoreUnavailable

PK: Final = "dashboard"
MOST: Final = 1_000
"""Dashboards that may be kept, all people's together."""
MOST_OF_ONE: Final = 100
"""Dashboards that one person may keep: nobody takes all the room."""
_TRIES: Final = 3
_INSTANTS: Final = ("created_at", "updated_at")


@dataclass(frozen=True, slots=True)
class Kept:
    """What lists show of a dashboard.

    Parameters
    ----------
    owner_id, owner_name
        Who made it: an id that stays the same, and a name for people.
    revision
        Names its widgets.
    request
        A digest of what it was made of: an ``Idempotency-Key`` may not be used for another.
    version
        Counts its changes; 0 before it is written.
    """

    id: str
    name: str
    description: str
    widget_count: int
    owner_id: str
    owner_name: str
    created_at: datetime
    updated_at: datetime
    updated_by: str
    revision: str = ""
    request: str = ""
    version: int = 0
    deleted: bool = False


def read_content(state: StateStore, kept: Kept) -> tuple[Kept, dict[str, Any]]:
    """Read a dashboard's widgets and all else that people gave: of this version, or of the one that stands now.

    One that was deleted meanwhile says so, and has nothing.

    Raises
    ------
    StoreUnavailable
        It changes faster than it can be read.
    """
    for _ in range(_TRIES):
        if kept.deleted:
            return kept, {}
        item = state.get(_content_of(kept.id), kept.revision)
        if item is not None and "content" in item:
            return kept, json.loads(item["content"])
        kept = read(state, kept.id) or kept  # somebody changed it meanwhile
    raise StoreUnavailable(f"the widgets of {kept.id} are not there")


def write(state: StateStore, kept: Kept, content: Mapping[str, Any], revision: str, now: datetime) -> Kept | None:
    """Write one as it has become, or for the first time; None when somebody else wrote first.

    Parameters
    ----------
    revision
        Names the widgets of this version; nobody used it before.
    """
    said = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    state.put(_content_of(kept.id), revision, {"content": said}, expected_version=None)
    written = _SHELF.write(state, replace(kept, revision=revision))
    _clear(state, kept.id, revision if written is None else kept.revision, now)
    return written


def delete(state: StateStore, kept: Kept, now: datetime) -> Kept | None:
    """Delete one; None when somebody wrote since it was read."""
    written = _SHELF.write(state, replace(kept, deleted=True))
    if written is not None:
        _clear(state, kept.id, kept.revision, now)
    return written


def _clear(state: StateStore, dashboard_id: str, revision: str, now: datetime) -> None:
    """Take away widgets that no dashboard names. It is for the room alone: no request fails for it."""
    if revision:
        with suppress(StoreError):
            state.put(_content_of(dashboard_id), revision, tombstone(True, now), expected_version=1)


def _content_of(dashboard_id: str) -> str:
    return f"dashboard_content:{dashboard_id}"


def _to_item(kept: Kept) -> dict[str, Any]:
    item: dict[str, Any] = {
        "name": kept.name,
        "description": kept.description,
        "widget_count": kept.widget_count,
        "owner_id": kept.owner_id,
        "owner_name": kept.owner_name,
        "updated_by": kept.updated_by,
        "revision": kept.revision,
        "request": kept.request,
        "deleted": kept.deleted,
    }
    item |= {name: getattr(kept, name).isoformat() for name in _INSTANTS}
    return item | tombstone(kept.deleted, kept.updated_at)


def _from_item(dashboard_id: str, item: Mapping[str, Any]) -> Kept:
    return Kept(**{**fields_of(item, _INSTANTS), "id": dashboard_id})


_SHELF: Final = Shelf(PK, lambda kept: kept.id, _to_item, _from_item, re.compile(r"d_[0-9a-f]{24}"))
every, read = _SHELF.every, _SHELF.read
