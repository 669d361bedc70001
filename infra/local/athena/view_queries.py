"""Views for DuckDB: every mention of a view is a view of DuckDB's over the translated query, cast to what Glue says."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from sqlglot import exp

from infra.local.athena import information_schema, views
from infra.local.athena.binding import (
    Body,
    Reference,
    base_tables,
    bind_tables,
    catalog_tables,
    column_types,
    invalid,
    view_mentions,
)
from infra.local.athena.catalog import Catalog
from infra.local.athena.engine import Engine
from infra.local.athena.errors import QueryFailure
from infra.local.athena.files import view_sql
from infra.local.athena.guard import check
from infra.local.athena.limits import bounded
from infra.local.athena.misses import placed
from infra.local.athena.translate import Context, to_duckdb
from infra.local.athena.trino_types import duckdb_type_of, trino_type_of
from infra.local.athena.typecheck import check_types
from infra.local.athena.types import Column, identifier

#: To which types Trino casts by itself, nearest first (``io.trino.type.TypeCoercion``).
_WIDER = {
    "tinyint": ("smallint", "integer", "bigint", "real", "double", "decimal"),
    "smallint": ("integer", "bigint", "real", "double", "decimal"),
    "integer": ("bigint", "real", "double", "decimal"),
    "bigint": ("real", "double", "decimal"),
    "decimal": ("decimal", "real", "double"),
    "real": ("double",),
    "date": ("timestamp",),
}


def check_views(references: Sequence[Reference]) -> None:
    """Hold the queries of views to Trino's types, and write the conversions into them that Trino makes.

    Raises
    ------
    QueryFailure
        ``INVALID_VIEW`` around what does not fit.
    """
    for reference, body in view_mentions(references):
        try:
            check_types(body.tree, body.references)
        except QueryFailure as error:
            name = f"{views.CATALOG}.{reference.table.database}.{reference.table.name}"
            raise invalid(error, name, reference.where) from error


def create_views(engine: Engine, references: Sequence[Reference], now: dt.datetime) -> None:
    """Make the mentions of views readable; the tables below them are there already.

    Raises
    ------
    QueryFailure
        ``VIEW_IS_STALE`` when the stored columns no longer fit the query, ``INVALID_VIEW`` when it cannot be run.
    """
    for reference, body in view_mentions(references):
        table, where = reference.table, reference.where
        name = f"{views.CATALOG}.{table.database}.{table.name}"
        try:
            sql = to_duckdb(body.tree, Context(now, column_types(body.references)))
            found = _described(engine, sql)
        except QueryFailure as error:
            raise invalid(placed(error, body.tree), name, where) from error
        _require_fresh(name, where, found, body)
        columns = body.definition.columns
        inner = ", ".join(f'"c{at}"' for at in range(len(columns)))
        names = [(duckdb_type_of(column.type), identifier(column.name)) for column in columns]
        casts = ", ".join(f'CAST("c{at}" AS {kind}) AS {name}' for at, (kind, name) in enumerate(names))
        engine.create([f'CREATE VIEW "{reference.view}" AS SELECT {casts} FROM ({sql}) AS viewed({inner})'])


def describe(
    tree: exp.Query, catalog: Catalog, database: str, view: tuple[str, str], engine: Engine, now: dt.datetime
) -> tuple[Column, ...]:
    """The columns of the query of a view that is to be, in Trino's types, without reading any file.

    Raises
    ------
    QueryFailure
        When the query could not run.
    """
    with bounded():
        return _columns_of(tree.copy(), catalog, database, view, engine, now)


def _columns_of(
    tree: exp.Query, catalog: Catalog, database: str, view: tuple[str, str], engine: Engine, now: dt.datetime
) -> tuple[Column, ...]:
    check(tree)
    references = bind_tables(tree, catalog, database, (view,))
    check_views(references)
    check_types(tree, references)
    tables = [view_sql(reference, [], []) for reference in base_tables(references)]
    engine.prepare(" ".join(tables))
    engine.create(tables)
    information_schema.create(engine, [(one.view, one.table) for one in catalog_tables(references)], catalog)
    create_views(engine, references, now)
    try:
        return _described(engine, to_duckdb(tree, Context(now, column_types(references))))
    except QueryFailure as error:
        raise placed(error, tree) from error


def _described(engine: Engine, sql: str) -> tuple[Column, ...]:
    engine.prepare(sql)
    rows = engine.run(f"DESCRIBE {sql}").fetchall()
    return tuple(Column(str(row[0]).lower(), trino_type_of(str(row[1]))) for row in rows)


def _require_fresh(name: str, where: str, found: Sequence[Column], body: Body) -> None:
    """Trino's check (``StatementAnalyzer.checkViewStaleness``)."""
    stored = body.definition.columns
    problem = next(_misfits(found, stored), "")
    if problem:
        raise QueryFailure("VIEW_IS_STALE", f"{where}View '{name}' is stale or in invalid state: {problem}")


def _misfits(found: Sequence[Column], stored: Sequence[Column]) -> Iterator[str]:
    if len(found) != len(stored):
        yield (
            f"stored view column count ({len(stored)}) does not match column count derived from the view query "
            f"analysis ({len(found)})"
        )
    for at, (have, want) in enumerate(zip(found, stored, strict=False)):
        projected = f"column [{have.name}] of type {have.type} projected from query view at position {at}"
        kept = f"column [{want.name}] of type {want.type} stored in view definition"
        if have.name != want.name:
            yield f"{projected} has a different name from {kept}"
        elif not _coercible(have.type, want.type):
            yield f"{projected} cannot be coerced to {kept}"


def _coercible(have: str, want: str) -> bool:
    """Does Trino cast the one to the other by itself? Texts have no length in this engine: any fits any."""
    kinds = [kind.strip().lower().replace(", ", ",") for kind in (have, want)]
    if kinds[0] == kinds[1] or kinds[0] == "unknown":
        return True
    bare = [kind.partition("(")[0] if "(" in kind else kind for kind in kinds]
    if set(bare) <= {"varchar", "char"} or bare[0] == bare[1] == "timestamp":
        return True
    if bare[0] == bare[1] and bare[0] in ("array", "map", "row"):
        return duckdb_type_of(have) == duckdb_type_of(want)
    return bare[1] in _WIDER.get(bare[0], ())
