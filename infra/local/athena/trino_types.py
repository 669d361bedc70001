"""Trino's names of types, and Hive's of the same: views and ``information_schema`` speak Trino's."""

from __future__ import annotations

import re

from infra.local.athena.errors import not_supported
from infra.local.athena.typecheck.types import glue_type as glue_type_of
from infra.local.athena.typecheck.types import is_known
from infra.local.athena.types import ZONED, duckdb_type, glue_type, split_top_level

_HIVE = {"varchar": "string", "integer": "int", "real": "float", "varbinary": "binary"}
_SAME = frozenset(["bigint", "smallint", "tinyint", "double", "boolean", "date"])
_WITHOUT_HIVE = {
    ZONED: "timestamp(3) with time zone", "JSON": "json", "TIME": "time(3)", '"NULL"': "unknown", "UUID": "uuid",
}  # fmt: skip


def trino_type(hive: str) -> str:
    """Trino's name of a Glue type.

    >>> trino_type("array<struct<a:int,b:decimal(10,2)>>"), trino_type("string"), trino_type("timestamp")
    ('array(row(a integer, b decimal(10,2)))', 'varchar', 'timestamp(3)')
    """
    found = glue_type_of(hive)
    if not is_known(found):
        raise not_supported(f"the column type '{hive}'")
    return str(found)


def hive_type(trino: str) -> str:
    """Glue's name of a Trino type.

    >>> hive_type("array(row(a integer, b decimal(10,2)))"), hive_type("varchar"), hive_type("timestamp(3)")
    ('array<struct<a:int,b:decimal(10,2)>>', 'string', 'timestamp')

    Raises
    ------
    QueryFailure
        For a type that Hive lacks, such as ``json``.
    """
    text = trino.strip().lower()
    if text in _SAME or re.fullmatch(r"(varchar|char)\(\d+\)", text):
        return text
    if re.fullmatch(r"decimal\(\d+\s*(,\s*\d+)?\)", text):
        return text.replace(" ", "")
    if re.fullmatch(r"timestamp(\([0-6]\))?", text):
        return "timestamp"
    if text in _HIVE:
        return _HIVE[text]
    if nested := re.fullmatch(r"(array|map|row)\((.*)\)", text):
        parts = split_top_level(nested[2])
        if nested[1] != "row":
            return f"{nested[1]}<{','.join(map(hive_type, parts))}>"
        fields = (part.partition(" ")[::2] for part in parts)
        return f"struct<{','.join(f'{name.strip(chr(34))}:{hive_type(of)}' for name, of in fields)}>"
    raise not_supported(f"the type '{trino}' as Hive's")


def duckdb_type_of(trino: str) -> str:
    """What DuckDB calls a Trino type.

    >>> duckdb_type_of("map(varchar, bigint)"), duckdb_type_of("json")
    ('MAP(VARCHAR, BIGINT)', 'JSON')
    """
    for duckdb, name in _WITHOUT_HIVE.items():
        if re.sub(r"\(\d\)", "", name) == re.sub(r"\(\d\)", "", trino.strip().lower()) and name != "unknown":
            return duckdb
    return duckdb_type(hive_type(trino))


def trino_type_of(duckdb: str) -> str:
    """What Trino calls a type of DuckDB's; texts have no length here.

    >>> trino_type_of("STRUCT(a INTEGER, b VARCHAR[])"), trino_type_of("TIMESTAMP")
    ('row(a integer, b array(varchar))', 'timestamp(3)')
    """
    return _WITHOUT_HIVE[duckdb] if duckdb in _WITHOUT_HIVE else trino_type(glue_type(duckdb))
