"""CREATE VIEW and DROP VIEW as they are written.

Source: https://docs.aws.amazon.com/athena/latest/ug/create-view.html and drop-view.html.
"""

from __future__ import annotations

from infra.local.athena import statement as st
from infra.local.athena.dialect import parse_query
from infra.local.athena.names import table_name
from infra.local.athena.tokens import Cursor


def create_view(cursor: Cursor) -> st.CreateView:
    """``CREATE VIEW name AS query``."""
    return _create(cursor, or_replace=False)


def create_or_replace_view(cursor: Cursor) -> st.CreateView:
    """``CREATE OR REPLACE VIEW name AS query``."""
    return _create(cursor, or_replace=True)


def _create(cursor: Cursor, *, or_replace: bool) -> st.CreateView:
    name = table_name(cursor)
    cursor.expect("AS")
    body = cursor.rest()
    return st.CreateView(name, body.strip(), parse_query(body), or_replace)


def drop_view(cursor: Cursor) -> st.DropView:
    """``DROP VIEW [IF EXISTS] name``."""
    quiet = cursor.accept("IF", "EXISTS")
    return st.DropView(table_name(cursor), quiet)
