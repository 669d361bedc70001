"""The queries that people save: in the state table, each changed by one writer at a time.

A query that was deleted leaves its item for a while: the table's writes are conditional, its deletes are not.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from chalicelib.domain.state import StateStore, wrote

PK: Final = "sql_saved"
MOST: Final = 500
"""Queries that may be saved, all people's together."""
_REMEMBERED: Final = timedelta(days=7)
_INSTANTS: Final = ("created_at", "updated_at")


@dataclass(frozen=True, slots=True)
class OwnQuery:
    """One saved query.

    Parameters
    ----------
    parameters
        Of each question mark, in order: ``name``, ``description``, ``example``.
    request
        A digest of what it was made of: an ``Idempotency-Key`` may not be used for another.
    version
        Counts its changes; 0 before it is written.
    """

    id: str
    name: str
    description: str
    sql: str
    parameters: tuple[Mapping[str, Any], ...]
    created_at: datetime
    created_by: str
    updated_at: datetime
    updated_by: str
    request: str = ""
    version: int = 0
    deleted: bool = False


def every(state: StateStore) -> Iterator[OwnQuery]:
    """Read all that are there."""
    found = (_from_item(item["sk"], item) for item in state.query(PK))
    return (query for query in found if not query.deleted)


def read(state: StateStore, query_id: str) -> OwnQuery | None:
    """Read one, or None; one that was deleted says so."""
    item = state.get(PK, query_id)
    return None if item is None else _from_item(query_id, item)


def write(state: StateStore, query: OwnQuery) -> OwnQuery | None:
    """Write one as it has become, or for the first time; None when somebody else wrote first."""
    won = wrote(state, PK, query.id, _to_item(query), expected_version=query.version or None)
    return replace(query, version=query.version + 1) if won else None


def _to_item(query: OwnQuery) -> dict[str, Any]:
    item: dict[str, Any] = {
        "name": query.name,
        "description": query.description,
        "sql": query.sql,
        "parameters": json.dumps([dict(parameter) for parameter in query.parameters]),
        "created_by": query.created_by,
        "updated_by": query.updated_by,
        "request": query.request,
        "deleted": query.deleted,
    }
    item |= {name: getattr(query, name).isoformat() for name in _INSTANTS}
    return item | ({"expires_at": int((query.updated_at + _REMEMBERED).timestamp())} if query.deleted else {})


def _from_item(query_id: str, item: Mapping[str, Any]) -> OwnQuery:
    fields = {name: value for name, value in item.items() if name not in ("sk", "expires_at")}
    fields |= {name: datetime.fromisoformat(item[name]) for name in _INSTANTS}
    return OwnQuery(**{**fields, "id": query_id, "parameters": tuple(json.loads(item["parameters"]))})
