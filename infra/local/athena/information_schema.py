"""``information_schema``: what Glue knows, as tables that can be queried, their columns and words as Trino has them.

Source: ``io.trino.connector.informationschema.InformationSchemaTable``. Roles, grants and the like are not there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from infra.local.athena import views
from infra.local.athena.catalog import Catalog, Table
from infra.local.athena.engine import Engine
from infra.local.athena.errors import QueryFailure, not_supported
from infra.local.athena.trino_types import trino_type
from infra.local.athena.types import Column, duckdb_type

SCHEMA = "information_schema"
_TEXT = "string"
_COLUMNS: dict[str, dict[str, str]] = {
    "schemata": {"catalog_name": _TEXT, "schema_name": _TEXT},
    "tables": {"table_catalog": _TEXT, "table_schema": _TEXT, "table_name": _TEXT, "table_type": _TEXT},
    "views": {"table_catalog": _TEXT, "table_schema": _TEXT, "table_name": _TEXT, "view_definition": _TEXT},
    "columns": {
        "table_catalog": _TEXT, "table_schema": _TEXT, "table_name": _TEXT, "column_name": _TEXT,
        "ordinal_position": "bigint", "column_default": _TEXT, "is_nullable": _TEXT, "data_type": _TEXT,
    },
}  # fmt: skip
_OTHERS = ("applicable_roles", "enabled_roles", "roles", "table_privileges", "role_authorization_descriptors")
_Row = tuple[object, ...]


def table(name: str) -> Table:
    """One of the tables.

    Raises
    ------
    QueryFailure
        ``TABLE_NOT_FOUND``; those of roles and grants are refused by name.
    """
    columns = _COLUMNS.get(name.lower())
    if columns is None and name.lower() in _OTHERS:
        raise not_supported(f"{SCHEMA}.{name.lower()}")
    if columns is None:
        missing = f"Table '{views.CATALOG}.{SCHEMA}.{name}' does not exist"
        raise QueryFailure("TABLE_NOT_FOUND", missing)
    found = tuple(Column(column, kind) for column, kind in columns.items())
    return Table(SCHEMA, name.lower(), found, (), "", "SYSTEM_TABLE", "", {})


def create(engine: Engine, mentions: Iterable[tuple[str, Table]], catalog: Catalog) -> None:
    """Make each mention (the name of DuckDB's view, and which table it is) readable, with what Glue has now."""
    known: list[Table] | None = None
    for view, of in mentions:
        if known is None:
            names = [database["Name"] for database in catalog.databases()]
            known = [one for name in sorted(names) for one in catalog.tables(name)]
            schemas = [*sorted(names), SCHEMA]
        rows = list(_rows(of.name, schemas, [*known, *map(table, _COLUMNS)]))
        columns = ", ".join(f'unnest(CAST(? AS {duckdb_type(c.type)}[])) AS "{c.name}"' for c in of.columns)
        values = [[row[at] for row in rows] for at in range(len(of.columns))]
        engine.connection.execute(f'CREATE OR REPLACE TABLE "{view}_rows" AS SELECT {columns}', values)
        engine.create([f'CREATE VIEW "{view}" AS SELECT * FROM "{view}_rows"'])


def _rows(name: str, schemas: Sequence[str], tables: Sequence[Table]) -> Iterator[_Row]:
    if name == "schemata":
        yield from ((views.CATALOG, schema) for schema in schemas)
        return
    for one in tables:
        where = (views.CATALOG, one.database, one.name)
        if name == "tables":
            yield *where, "VIEW" if one.is_view else "BASE TABLE"
        elif name == "views" and one.is_view:
            yield *where, _definition(one)
        elif name == "columns":
            for at, column in enumerate((*one.columns, *one.partition_keys)):
                yield *where, column.name, at + 1, None, "YES", _type(column.type)


def _definition(view: Table) -> str | None:
    try:
        return views.decode(view.view_text, view.name).sql
    except QueryFailure:  # a view of Hive's or Spark's
        return None


def _type(hive: str) -> str:
    """Trino's word; a type that this engine does not read stays as Glue has it."""
    try:
        return trino_type(hive)
    except QueryFailure:
        return hive
