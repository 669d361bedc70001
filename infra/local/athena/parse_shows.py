"""SHOW and DESCRIBE as they are written."""

from __future__ import annotations

from infra.local.athena import statement as st
from infra.local.athena.errors import not_supported
from infra.local.athena.names import table_name
from infra.local.athena.tokens import Cursor


def show_tables(cursor: Cursor) -> st.ShowTables:
    """``SHOW TABLES [IN database] [[LIKE] 'pattern']``."""
    database = cursor.name() if cursor.accept("IN") or cursor.accept("FROM") else ""
    cursor.accept("LIKE")
    return st.ShowTables(database, None if cursor.done else cursor.string())


def show_databases(cursor: Cursor) -> st.ShowDatabases:
    """``SHOW {DATABASES | SCHEMAS} [LIKE 'pattern']``."""
    return st.ShowDatabases(cursor.string() if cursor.accept("LIKE") else None)


def show_table_properties(cursor: Cursor) -> st.ShowTableProperties:
    """``SHOW TBLPROPERTIES name [('key')]``."""
    name, key = table_name(cursor), None
    if cursor.accept("("):
        key = cursor.string()
        cursor.expect(")")
    return st.ShowTableProperties(name, key)


def refuse_functions(_: Cursor) -> st.Statement:
    """``SHOW FUNCTIONS``."""
    raise not_supported("SHOW FUNCTIONS")


def describe(cursor: Cursor) -> st.Describe:
    """``DESCRIBE name``; the longer forms are refused by name."""
    if cursor.word in ("EXTENDED", "FORMATTED") and cursor.word_after:
        raise not_supported(f"DESCRIBE {cursor.word}")
    name = table_name(cursor)
    if not cursor.done:
        raise not_supported("DESCRIBE of a partition or column")
    return st.Describe(name)


def show_columns(cursor: Cursor) -> st.ShowColumns:
    """``SHOW COLUMNS {FROM | IN} table [{FROM | IN} database]``."""
    if not cursor.accept("IN"):
        cursor.expect("FROM")
    name = table_name(cursor)
    if cursor.accept("IN") or cursor.accept("FROM"):
        name = st.Name(cursor.name(), name.table)
    return st.ShowColumns(name)


def show_views(cursor: Cursor) -> st.ShowViews:
    """``SHOW VIEWS [IN database] [LIKE 'pattern']``."""
    database = cursor.name() if cursor.accept("IN") or cursor.accept("FROM") else ""
    return st.ShowViews(database, cursor.string() if cursor.accept("LIKE") else None)
