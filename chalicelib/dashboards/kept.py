"""Where people's dashboards are kept: in the state table, each changed by one writer at a time.

A dashboard is two items: what lists show of it, which is small, and its widgets, which can be large. The widgets of
each version are written first, under a name of their own; the dashboard then names them, if it is still as its writer
has seen it. So a reader sees one version whole, and a list of a thousand dashboards reads no widgets.

Widgets that no dashboard names (any more) are taken away a day later, wherever their writer has died: a note of each
write stands before it, and :func:`sweep` goes through the notes. No writer takes as long, and no reader.

What was deleted leaves its item for a while: the table's writes are conditional, its deletes are not.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from chalicelib.domain.records import Shelf, fields_of, tombstone
from chalicelib.domain.state import StateStore
from chalicelib.errors import StoreUnavailable

PK: Final = "dashboard"
WRITES: Final = "dashboard_write"
LEFT: Final = timedelta(days=1)
"""So long widgets that nobody names are left alone: somebody may be about to name them, or to read them."""
MOST: Final = 1_000
"""Dashboards that may be kept, all people's together."""
MOST_OF_ONE: Final = 100
"""Dashboards that one person may keep: nobody takes all the room."""
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


def read_content(state: StateStore, kept: Kept) -> dict[str, Any]:
    """Read the widgets of a version and all else that people gave, whoever has changed the dashboard since.

    Raises
    ------
    StoreUnavailable
        They are not there: the version was read a day ago.
    """
    item = state.get(_content_of(kept.id), kept.revision)
    if item is None:
        raise StoreUnavailable(f"the widgets of {kept.id} are not there")
    content: dict[str, Any] = json.loads(item["content"])
    return content


def write(state: StateStore, kept: Kept, content: Mapping[str, Any], revision: str, now: datetime) -> Kept | None:
    """Write one as it has become, or for the first time; None when somebody else wrote first.

    Parameters
    ----------
    revision
        Names the widgets of this version, and the note of this write; nobody used it before.
    """
    _note(state, kept.id, revision, [revision, kept.revision], now)
    said = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    state.put(_content_of(kept.id), revision, {"content": said}, expected_version=None)
    return _SHELF.write(state, replace(kept, revision=revision))


def delete(state: StateStore, kept: Kept, note: str, now: datetime) -> Kept | None:
    """Delete one; None when somebody wrote since it was read. ``note`` names the note of it, as nothing did before."""
    _note(state, kept.id, note, [kept.revision], now)
    return _SHELF.write(state, replace(kept, deleted=True))


def sweep(state: StateStore, now: datetime, has_time: Callable[[], bool]) -> int:
    """Take away the widgets that writes of a day ago and more have left unnamed; answer how many writes those were.

    It can be cut short anywhere: what is left is swept the next time.
    """
    swept = 0
    for note in state.query(WRITES):
        if now - datetime.fromisoformat(note["at"]) < LEFT:
            continue
        if not has_time():
            break
        standing = read(state, note["dashboard"])
        named = None if standing is None or standing.deleted else standing.revision
        for revision in note["revisions"]:
            if revision != named:
                state.delete(_content_of(note["dashboard"]), revision)
        state.delete(WRITES, note["sk"])
        swept += 1
    return swept


def _note(state: StateStore, dashboard_id: str, name: str, revisions: Iterable[str], now: datetime) -> None:
    """Note which widgets may be left unnamed by a write that comes now."""
    item = {"dashboard": dashboard_id, "revisions": [one for one in revisions if one], "at": now.isoformat()}
    state.put(WRITES, name, item, expected_version=None)


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
