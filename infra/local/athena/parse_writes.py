"""UNLOAD, CREATE TABLE AS and INSERT INTO as they are written."""

from __future__ import annotations

from infra.local.athena import statement as st
from infra.local.athena.dialect import parse_query
from infra.local.athena.locations import Location
from infra.local.athena.names import table_name
from infra.local.athena.tokens import Cursor


def unload(cursor: Cursor) -> st.Unload:
    """``UNLOAD (query) TO 's3://…' WITH (…)``."""
    inner = cursor.parenthesised()
    cursor.expect("TO")
    target = cursor.string()
    return st.Unload(parse_query(inner), Location.parse(target).uri, _options(cursor))


def _options(cursor: Cursor) -> dict[str, object]:
    """``WITH (name = 'text' | 3 | true | ARRAY['a', …], …)``; none is fine."""
    found: dict[str, object] = {}
    if not cursor.accept("WITH"):
        return found
    cursor.expect("(")
    while True:
        name = cursor.name()
        cursor.expect("=")
        if cursor.accept("ARRAY"):
            cursor.expect("[")
            items = [cursor.string()]
            while cursor.accept(","):
                items.append(cursor.string())
            cursor.expect("]")
            found[name] = tuple(items)
        elif cursor.word in ("TRUE", "FALSE"):
            found[name] = cursor.name() == "true"
        else:
            found[name] = cursor.literal()
        if not cursor.accept(","):
            break
    cursor.expect(")")
    return found


def create_table_as(cursor: Cursor) -> st.CreateTableAs:
    """``CREATE TABLE name WITH (…) AS query [WITH NO DATA]``."""
    if_not_exists = cursor.accept("IF", "NOT", "EXISTS")
    name = table_name(cursor)
    options = _options(cursor)
    cursor.expect("AS")
    words, with_data = [token.text.upper() for token in cursor.tokens[-3:]], True
    if words == ["WITH", "NO", "DATA"]:
        with_data = False
        cursor.drop(3)
    elif words[-2:] == ["WITH", "DATA"]:
        cursor.drop(2)
    body = cursor.rest()
    return st.CreateTableAs(name, parse_query(body), options, if_not_exists, with_data)


def insert_into(cursor: Cursor) -> st.InsertInto:
    """``INSERT INTO name [(columns)] query``."""
    name = table_name(cursor)
    columns: tuple[str, ...] = ()
    if cursor.word == "(" and not _is_query(cursor):
        cursor.expect("(")
        columns = tuple(_names(cursor))
    return st.InsertInto(name, columns, parse_query(cursor.rest()))


def _is_query(cursor: Cursor) -> bool:
    return cursor.word_after in ("SELECT", "WITH", "VALUES", "(")


def _names(cursor: Cursor) -> list[str]:
    found = [cursor.name()]
    while cursor.accept(","):
        found.append(cursor.name())
    cursor.expect(")")
    return found
