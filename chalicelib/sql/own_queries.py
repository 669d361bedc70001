"""The queries that people save: in the state table, each changed by one writer at a time.

A query that was deleted leaves its item for a while: the table's writes are conditional, its deletes are not.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from chalicelib.domain.records import Shelf, fields_of, tombstone

PK: Final = "sql_saved"
MOST: Final = 500
"""Queries that may be saved, all people's together."""
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
    return item | tombstone(query.deleted, query.updated_at)


def _from_item(query_id: str, item: Mapping[str, Any]) -> OwnQuery:
    fields = fields_of(item, _INSTANTS)
    return OwnQuery(**{**fields, "id": query_id, "parameters": tuple(json.loads(item["parameters"]))})


SHELF: Final = Shelf(PK, lambda query: query.id, _to_item, _from_item)
every, read, write = SHELF.every, SHELF.read, SHELF.write
