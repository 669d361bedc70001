"""Column types: Glue's names, DuckDB's names and those that Athena shows."""

from __future__ import annotations

import re
from dataclasses import dataclass

from infra.local.athena.errors import not_supported

#: The engine's representation of ``timestamp with time zone``: Trino's keeps its zone, DuckDB's does not.
ZONED = 'STRUCT(utc TIMESTAMP, "zone" VARCHAR)'

_SIMPLE = {
    "string": "VARCHAR",
    "bigint": "BIGINT",
    "int": "INTEGER",
    "integer": "INTEGER",
    "smallint": "SMALLINT",
    "tinyint": "TINYINT",
    "double": "DOUBLE",
    "float": "FLOAT",
    "boolean": "BOOLEAN",
    "timestamp": "TIMESTAMP",
    "date": "DATE",
    "binary": "BLOB",
}
_SHOWN = {
    "VARCHAR": "varchar",
    "BIGINT": "bigint",
    "HUGEINT": "bigint",
    "UINTEGER": "bigint",
    "UBIGINT": "bigint",
    "INTEGER": "integer",
    "SMALLINT": "smallint",
    "TINYINT": "tinyint",
    "DOUBLE": "double",
    "FLOAT": "float",
    "BOOLEAN": "boolean",
    "TIMESTAMP": "timestamp",
    "TIME": "time",
    "DATE": "date",
    "BLOB": "varbinary",
    "JSON": "json",
    '"NULL"': "unknown",
    "UUID": "uuid",
    ZONED: "timestamp with time zone",
}
_HIVE = {"varchar": "string", "varbinary": "binary", "integer": "int", "unknown": "string"}


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table, ``type`` as Glue spells it."""

    name: str
    type: str


def identifier(name: str) -> str:
    """A name for DuckDB, whatever is in it.

    >>> identifier('a"b')
    '"a""b"'
    """
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """A text for DuckDB, whatever is in it.

    >>> literal("it's")
    "'it''s'"
    """
    return "'" + text.replace("'", "''") + "'"


def split_top_level(text: str, separator: str = ",") -> list[str]:
    """Split where no bracket is open.

    >>> split_top_level("a:int,b:decimal(3,1),c:array<int>")
    ['a:int', 'b:decimal(3,1)', 'c:array<int>']
    """
    parts, depth, start = [], 0, 0
    for at, letter in enumerate(text):
        if letter in "<([":
            depth += 1
        elif letter in ">)]":
            depth -= 1
        elif letter == separator and depth == 0:
            parts.append(text[start:at])
            start = at + 1
    return [part.strip() for part in [*parts, text[start:]] if part.strip()]


def duckdb_type(glue: str) -> str:
    """DuckDB's name of a Glue type.

    >>> duckdb_type("array<struct<a:int,b:decimal(10,2)>>")
    'STRUCT("a" INTEGER, "b" DECIMAL(10,2))[]'

    Raises
    ------
    QueryFailure
        For a type that this engine does not know.
    """
    text = glue.strip().lower()
    if text in _SIMPLE:
        return _SIMPLE[text]
    if re.fullmatch(r"(varchar|char)\(\d+\)", text):
        return "VARCHAR"
    if decimal := re.fullmatch(r"decimal(?:\(\s*(\d+)\s*(?:,\s*(\d+)\s*)?\))?", text):
        return f"DECIMAL({decimal[1] or 10},{decimal[2] or 0})"
    if nested := re.fullmatch(r"(array|map|struct)<(.+)>", text):
        try:
            return _nested(nested[1], nested[2])
        except ValueError as error:
            raise not_supported(f"the column type '{glue}'") from error
    raise not_supported(f"the column type '{glue}'")


def _nested(kind: str, inner: str) -> str:
    if kind == "array":
        return duckdb_type(inner) + "[]"
    parts = split_top_level(inner)
    if kind == "map":
        key, value = map(duckdb_type, parts)
        return f"MAP({key}, {value})"
    fields = (part.split(":", 1) for part in parts)
    return "STRUCT(" + ", ".join(f"{identifier(name.strip())} {duckdb_type(of)}" for name, of in fields) + ")"


def shown_type(duckdb: str) -> str:
    """The type's name in ``GetQueryResults``.

    >>> shown_type("DECIMAL(38,2)"), shown_type("INTEGER[]"), shown_type("MAP(VARCHAR, BIGINT)")
    ('decimal(38,2)', 'array', 'map')
    """
    if duckdb in _SHOWN:
        return _SHOWN[duckdb]
    if duckdb.endswith("]"):
        return "array"
    if duckdb.startswith("DECIMAL"):
        return duckdb.lower()
    if duckdb.startswith("MAP("):
        return "map"
    if duckdb.startswith(("STRUCT(", "TUPLE(")):
        return "row"
    raise not_supported(f"results of DuckDB's type {duckdb}")


def glue_type(duckdb: str) -> str:
    """The Glue type of a column that this engine writes.

    >>> glue_type("STRUCT(a INTEGER, b VARCHAR[])")
    'struct<a:int,b:array<string>>'
    """
    if duckdb in (ZONED, "JSON", "TIME", "UUID"):
        raise not_supported(f"writing the type '{shown_type(duckdb)}'")
    if duckdb.endswith("[]"):
        return f"array<{glue_type(duckdb[:-2])}>"
    if duckdb.startswith("MAP("):
        key, value = split_top_level(duckdb[4:-1])
        return f"map<{glue_type(key)},{glue_type(value)}>"
    if duckdb.startswith("STRUCT("):
        fields = (part.split(" ", 1) for part in split_top_level(duckdb[7:-1]))
        return "struct<" + ",".join(f"{name.strip(chr(34))}:{glue_type(of)}" for name, of in fields) + ">"
    shown = shown_type(duckdb)
    return _HIVE.get(shown, shown)
