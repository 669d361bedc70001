"""An incident as an item of the state table, and back. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from chalicelib.incidents.incidents import Incident, Kind, Telling, Trouble


def to_item(incident: Incident) -> dict[str, Any]:
    """Write an incident as strings, lists and None."""
    trouble = incident.trouble
    return {
        "first_seen": incident.first_seen.isoformat(),
        "state": "open" if incident.is_open else "closed",
        "kind": trouble.kind.value if trouble else None,
        "since": trouble.since.isoformat() if trouble else None,
        "error": trouble.error if trouble else None,
        "opened_as": incident.opened_as.value if incident.opened_as else None,
        "opened_at": _written(incident.opened_at),
        "closed_at": _written(incident.closed_at),
        "well_since": _written(incident.well_since),
        "opened": [start.isoformat() for start in incident.opened],
        "telling": incident.telling.value,
    }


def from_item(item: Mapping[str, Any]) -> Incident:
    """Read what :func:`to_item` wrote; further names are ignored. Items of before have no ``opened_as``."""
    trouble = None
    if item["kind"]:
        trouble = Trouble(Kind(item["kind"]), datetime.fromisoformat(item["since"]), item["error"])
    opened_as = item.get("opened_as") or item["kind"]
    return Incident(
        first_seen=datetime.fromisoformat(item["first_seen"]),
        is_open=item["state"] == "open",
        trouble=trouble,
        opened_as=Kind(opened_as) if opened_as else None,
        opened_at=_read(item["opened_at"]),
        closed_at=_read(item["closed_at"]),
        well_since=_read(item["well_since"]),
        opened=tuple(datetime.fromisoformat(start) for start in item["opened"]),
        telling=Telling(item["telling"]),
    )


def _written(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def _read(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
