"""CREATE EXTERNAL TABLE, DROP TABLE, CREATE and DROP DATABASE as they are written."""

from __future__ import annotations

from infra.local.athena import statement as st
from infra.local.athena.errors import malformed_query
from infra.local.athena.locations import Location
from infra.local.athena.names import table_name
from infra.local.athena.tokens import Cursor
from infra.local.athena.types import Column


def create_external(cursor: Cursor) -> st.CreateTable:
    """``CREATE EXTERNAL TABLE``, Parquet only."""
    if_not_exists = cursor.accept("IF", "NOT", "EXISTS")
    name = table_name(cursor)
    found = columns(cursor)
    keys: tuple[Column, ...] = ()
    location, parameters = "", {}
    while not cursor.done:
        if cursor.accept("PARTITIONED", "BY"):
            keys = columns(cursor)
        elif cursor.accept("STORED", "AS"):
            cursor.expect("PARQUET")
        elif cursor.accept("LOCATION"):
            location = Location.parse(cursor.string()).uri
        elif cursor.accept("TBLPROPERTIES"):
            parameters = properties(cursor)
        elif cursor.accept("COMMENT"):
            cursor.string()
        else:
            raise cursor.mismatch("PARTITIONED BY, STORED AS PARQUET, LOCATION or TBLPROPERTIES")
    if not location:
        raise malformed_query("CREATE EXTERNAL TABLE needs a LOCATION")
    return st.CreateTable(name, found, keys, location, if_not_exists, parameters)


def columns(cursor: Cursor) -> tuple[Column, ...]:
    """``(name type [COMMENT '…'], …)``."""
    inner = Cursor(cursor.parenthesised())
    found = []
    while True:
        name = inner.name()
        found.append(Column(name, _type(inner)))
        if inner.accept("COMMENT"):
            inner.string()
        if not inner.accept(","):
            break
    inner.end()
    return tuple(found)


def _type(cursor: Cursor) -> str:
    start, depth = cursor.at, 0
    while not cursor.done:
        word = cursor.word
        if depth == 0 and word in (",", "COMMENT"):
            break
        depth += word.count("<") + word.count("(") - word.count(">") - word.count(")")
        cursor.at += 1
    if start == cursor.at:
        raise cursor.mismatch("a type")
    return "".join(token.text for token in cursor.tokens[start : cursor.at]).lower()


def properties(cursor: Cursor) -> dict[str, str]:
    """``('key' = 'value', …)``."""
    cursor.expect("(")
    found = {}
    while True:
        key = cursor.string()
        cursor.expect("=")
        found[key] = cursor.string()
        if not cursor.accept(","):
            break
    cursor.expect(")")
    return found


def create_database(cursor: Cursor) -> st.CreateDatabase:
    """``CREATE {DATABASE | SCHEMA}``."""
    quiet = cursor.accept("IF", "NOT", "EXISTS")
    name = cursor.name()
    if cursor.accept("COMMENT"):
        cursor.string()
    return st.CreateDatabase(name, quiet, Location.parse(cursor.string()).uri if cursor.accept("LOCATION") else None)


def drop_database(cursor: Cursor) -> st.DropDatabase:
    """``DROP {DATABASE | SCHEMA}``."""
    quiet = cursor.accept("IF", "EXISTS")
    name = cursor.name()
    cascade = cursor.accept("CASCADE")
    cursor.accept("RESTRICT")
    return st.DropDatabase(name, quiet, cascade)


def drop_table(cursor: Cursor) -> st.DropTable:
    """``DROP TABLE``."""
    quiet = cursor.accept("IF", "EXISTS")
    return st.DropTable(table_name(cursor), quiet)
