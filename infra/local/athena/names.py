"""The name of a table as it is written."""

from __future__ import annotations

from infra.local.athena import statement as st
from infra.local.athena.errors import malformed_query
from infra.local.athena.tokens import Cursor


def table_name(cursor: Cursor) -> st.Name:
    """``table``, ``database.table`` or ``awsdatacatalog.database.table``."""
    parts = [cursor.name()]
    while cursor.accept("."):
        parts.append(cursor.name())
    if len(parts) == 3 and parts[0] == "awsdatacatalog":
        parts = parts[1:]
    if len(parts) > 2:
        raise malformed_query(f"The catalog '{parts[0]}' does not exist")
    return st.Name(parts[0] if len(parts) == 2 else "", parts[-1])
