"""SHOW and DESCRIBE as they are written."""

from __future__ import annotations

from infra.local.athena import statement as st
from infra.local.athena.names import table_name
from infra.local.athena.tokens import Cursor


def show_tables(cursor: Cursor) -> st.ShowTables:
    """``SHOW TABLES [IN database] [[LIKE] 'pattern']``."""
    database = cursor.name() if cursor.accept("IN") or cursor.accept("FROM") else ""
    cursor.accept("LIKE")
    return st.ShowTables(database, None if cursor.done else cursor.string())


def show_columns(cursor: Cursor) -> st.ShowColumns:
    """``SHOW COLUMNS {FROM | IN} table``."""
    if not cursor.accept("IN"):
        cursor.expect("FROM")
    return st.ShowColumns(table_name(cursor))


def show_views(cursor: Cursor) -> st.ShowViews:
    """``SHOW VIEWS [IN database] [LIKE 'pattern']``."""
    database = cursor.name() if cursor.accept("IN") or cursor.accept("FROM") else ""
    return st.ShowViews(database, cursor.string() if cursor.accept("LIKE") else None)
