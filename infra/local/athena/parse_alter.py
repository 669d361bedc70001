"""ALTER TABLE and ALTER DATABASE as they are written.

Source: https://docs.aws.amazon.com/athena/latest/ug/alter-table-drop-partition.html and its neighbours.
"""

from __future__ import annotations

from infra.local.athena import statement as st
from infra.local.athena.errors import not_supported
from infra.local.athena.locations import Location
from infra.local.athena.names import table_name
from infra.local.athena.parse_tables import columns, properties
from infra.local.athena.tokens import Cursor

_OPERATORS = {"=": "=", "<": "<", "<=": "<=", ">": ">", ">=": ">=", "!=": "!=", "<>": "!="}


def alter_table(cursor: Cursor) -> st.Statement:
    """``ALTER TABLE name …``; what Athena has beyond this is refused by name."""
    name = table_name(cursor)
    if cursor.accept("ADD", "COLUMNS"):
        return st.AddColumns(name, columns(cursor))
    if cursor.accept("ADD"):
        quiet = cursor.accept("IF", "NOT", "EXISTS")
        return st.AddPartitions(name, _partitions(cursor), quiet)
    if cursor.accept("DROP"):
        quiet = cursor.accept("IF", "EXISTS")
        return st.DropPartitions(name, _filters(cursor), quiet)
    if cursor.accept("SET", "TBLPROPERTIES"):
        return st.SetTableProperties(name, properties(cursor))
    if cursor.accept("SET", "LOCATION"):
        return st.SetLocation(name, None, Location.parse(cursor.string()).uri)
    if cursor.word != "PARTITION":
        raise not_supported(f"ALTER TABLE … {cursor.word} {cursor.word_after}".rstrip())
    before = _spec(cursor)
    if cursor.accept("RENAME", "TO"):
        return st.RenamePartition(name, before, _spec(cursor))
    if cursor.accept("SET", "LOCATION"):
        return st.SetLocation(name, before, Location.parse(cursor.string()).uri)
    raise not_supported(f"ALTER TABLE … PARTITION … {cursor.word} {cursor.word_after}".rstrip())


def alter_database(cursor: Cursor) -> st.SetDatabaseProperties:
    """``ALTER {DATABASE | SCHEMA} name SET DBPROPERTIES (…)``."""
    name = cursor.name()
    cursor.expect("SET", "DBPROPERTIES")
    return st.SetDatabaseProperties(name, properties(cursor))


def _spec(cursor: Cursor) -> dict[str, str]:
    cursor.expect("PARTITION", "(")
    values: dict[str, str] = {}
    while True:
        key = cursor.name()
        cursor.expect("=")
        values[key] = cursor.literal()
        if not cursor.accept(","):
            break
    cursor.expect(")")
    return values


def _partitions(cursor: Cursor) -> tuple[st.PartitionSpec, ...]:
    found = []
    while True:
        values = _spec(cursor)
        location = Location.parse(cursor.string()).uri if cursor.accept("LOCATION") else None
        found.append(st.PartitionSpec(values, location))
        cursor.accept(",")
        if cursor.word != "PARTITION":
            return tuple(found)


def _filters(cursor: Cursor) -> tuple[tuple[st.Comparison, ...], ...]:
    found = []
    while True:
        cursor.expect("PARTITION", "(")
        comparisons = [_comparison(cursor)]
        while cursor.accept(","):
            comparisons.append(_comparison(cursor))
        cursor.expect(")")
        found.append(tuple(comparisons))
        cursor.accept(",")
        if cursor.word != "PARTITION":
            return tuple(found)


def _comparison(cursor: Cursor) -> st.Comparison:
    key, operator = cursor.name(), cursor.word
    if operator not in _OPERATORS:
        raise cursor.mismatch("a comparison")
    cursor.expect(operator)
    return st.Comparison(key, _OPERATORS[operator], cursor.literal())
