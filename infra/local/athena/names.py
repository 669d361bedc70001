"""The name of a table as it is written."""

from __future__ import annotations

from dataclasses import dataclass

from infra.local.athena.errors import malformed_query
from infra.local.athena.tokens import Cursor


@dataclass(frozen=True, slots=True)
class Name:
    """A table's name; an empty ``database`` means the execution's own."""

    database: str
    table: str


def table_name(cursor: Cursor) -> Name:
    """``table``, ``database.table`` or ``awsdatacatalog.database.table``."""
    parts = [cursor.name()]
    while cursor.accept("."):
        parts.append(cursor.name())
    if len(parts) == 3 and parts[0] == "awsdatacatalog":
        parts = parts[1:]
    if len(parts) > 2:
        raise malformed_query(f"The catalog '{parts[0]}' does not exist")
    return Name(parts[0] if len(parts) == 2 else "", parts[-1])
