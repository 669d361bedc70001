"""Which tables a query reads: every name is a CTE of the query, a table or a view in Glue, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from sqlglot import exp

from chalicelib.sql.scope import is_cte
from infra.local.athena import information_schema, views
from infra.local.athena.catalog import Catalog, Table
from infra.local.athena.errors import ApiError, QueryFailure, not_supported
from infra.local.athena.guard import check
from infra.local.athena.limits import too_large
from infra.local.athena.parse import parse
from infra.local.athena.positions import position
from infra.local.athena.statement import Query
from infra.local.athena.views import ViewDefinition

MAX_DEPTH = 10  # of views in views
MAX_NODES = 20_000  # of the queries of all views that a query needs
MAX_MENTIONS = 200  # of tables and views, those inside views counted wherever they are used
SCHEMA = "main"  # of DuckDB: a qualified name is never taken for a CTE


@dataclass(frozen=True, slots=True)
class Body:
    """The query of a view, bound by itself: its names are not those of the query around it."""

    definition: ViewDefinition
    tree: exp.Query
    references: tuple[Reference, ...]


@dataclass(frozen=True, slots=True)
class Reference:
    """One mention of a table or view in a query; it becomes DuckDB's view ``view``.

    ``node`` is the mention in the bound tree, ``columns`` the columns of the table that the query may touch, ``where``
    its place in the text; only views have a ``body``.
    """

    view: str
    table: Table
    node: exp.Table
    columns: frozenset[str]
    where: str = ""
    body: Body | None = None

    @property
    def alias(self) -> str:
        """The name by which the query calls it."""
        return str(self.node.alias).lower()


def bind_tables(
    tree: exp.Expr, catalog: Catalog, database: str, inside: tuple[tuple[str, str], ...] = ()
) -> list[Reference]:
    """Replace every table of the tree by a view of its own, in place; the bodies of views are bound below them.

    Parameters
    ----------
    tree, catalog, database
        The query, Glue, and the database of the names that have none.
    inside
        The views (database, name) that the query is part of.

    Raises
    ------
    QueryFailure
        For a table that Glue does not have, or of a kind that cannot be read; for a view that is in itself, too deep,
        or whose query is not allowed or no longer fits the tables.
    """
    return _Binder(catalog).bind(tree, database, "t", inside)


def base_tables(references: Sequence[Reference]) -> Iterator[Reference]:
    """The mentions of tables that have files, those inside views too."""
    yield from (one for one in _leaves(references) if one.table.database != information_schema.SCHEMA)


def catalog_tables(references: Sequence[Reference]) -> Iterator[Reference]:
    """The mentions of tables of ``information_schema``, those inside views too."""
    yield from (one for one in _leaves(references) if one.table.database == information_schema.SCHEMA)


def _leaves(references: Sequence[Reference]) -> Iterator[Reference]:
    for reference in references:
        if reference.body is None:
            yield reference
        else:
            yield from _leaves(reference.body.references)


def view_mentions(references: Sequence[Reference]) -> Iterator[tuple[Reference, Body]]:
    """The mentions of views, the inner ones before those that need them."""
    for reference in references:
        if reference.body is not None:
            yield from view_mentions(reference.body.references)
            yield reference, reference.body


class _Binder:
    """Binds one query and the views in it; counts what it binds."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._count = 0
        self._nodes = 0

    def bind(self, tree: exp.Expr, database: str, prefix: str, inside: tuple[tuple[str, str], ...]) -> list[Reference]:
        """Bind a tree; ``inside`` are the views around it, the outermost first."""
        mentions = [node for node in tree.find_all(exp.Table) if not is_cte(node)]
        self._count += len(mentions)
        if self._count > MAX_MENTIONS:
            raise not_supported(f"queries that mention more than {MAX_MENTIONS} tables, their views' included")
        everything = any(
            not (isinstance(star.parent, exp.Anonymous) and star.parent.name.lower() == "count")
            for star in tree.find_all(exp.Star)
        )
        mentioned = {part.name.lower() for part in tree.find_all(exp.Identifier)}
        references = []
        for at, node in enumerate(mentions):
            where = position(node)
            table = self._table(node, database, where)
            view = f"{prefix}{at}"
            body = self._body(table, where, view, inside) if table.is_view else None
            if body is None and table.database != information_schema.SCHEMA:
                table.require_readable()
            elif body is not None:
                table = replace(table, columns=body.definition.hive_columns)
            names = {column.name for column in (*table.columns, *table.partition_keys)}
            used = names if everything or node.alias_column_names else names & mentioned
            _rename(node, view)
            references.append(Reference(view, table, node, frozenset(used), where, body))
        for column in tree.find_all(exp.Column):
            column.set("db", None)
            column.set("catalog", None)
        return references

    def _table(self, node: exp.Table, database: str, where: str) -> Table:
        of = node.db or database
        if not of:
            raise QueryFailure("MISSING_SCHEMA_NAME", f"{where}Schema must be specified when session schema is not set")
        try:
            if of.lower() == information_schema.SCHEMA:
                return information_schema.table(node.name)
            return self._catalog.table(of, node.name)
        except QueryFailure as missing:
            raise QueryFailure(missing.name, f"{where}{missing.message}") from missing

    def _body(self, table: Table, where: str, prefix: str, inside: tuple[tuple[str, str], ...]) -> Body:
        """The query of a view, parsed, guarded and bound as any other."""
        name = f"{views.CATALOG}.{table.database}.{table.name}"
        if table.key in inside:
            raise QueryFailure("VIEW_IS_RECURSIVE", f"{where}View '{name}' is recursive")
        if len(inside) >= MAX_DEPTH:
            raise not_supported(f"views in views deeper than {MAX_DEPTH} (the view {name})")
        definition = views.decode(table.view_text, name)
        if definition.catalog != views.CATALOG:
            raise QueryFailure("CATALOG_NOT_FOUND", f"{where}Catalog '{definition.catalog}' not found")
        try:
            statement = parse(definition.sql)
        except ApiError as error:
            raise QueryFailure("INVALID_VIEW", f"{where}Failed parsing stored view '{name}': {error}") from error
        if not isinstance(statement, Query):
            raise QueryFailure("INVALID_VIEW", f"{where}Failed parsing stored view '{name}': it is no query")
        self._nodes += sum(1 for _ in statement.tree.walk())
        if self._nodes > MAX_NODES:
            raise too_large()
        tree: exp.Query = statement.tree.copy()
        try:
            check(tree)
            references = self.bind(tree, definition.database, f"{prefix}_", (*inside, table.key))
        except QueryFailure as error:
            raise invalid(error, name, where) from error
        return Body(definition, tree, tuple(references))


def invalid(error: QueryFailure, view: str, where: str = "") -> QueryFailure:
    """What is wrong inside a view, told from outside; what is refused by name stays that."""
    if error.name in ("NOT_SUPPORTED", "VIEW_IS_RECURSIVE", "INVALID_VIEW", "VIEW_IS_STALE", "STACK_OVERFLOW"):
        return error
    return QueryFailure("INVALID_VIEW", f"{where}Failed analyzing stored view '{view}': {error.message}")


def _rename(node: exp.Table, view: str) -> None:
    alias = node.alias or node.name
    alias_node = node.args.get("alias") or exp.TableAlias()
    alias_node.set("this", exp.to_identifier(alias, quoted=True))
    node.set("alias", alias_node)
    node.set("this", exp.to_identifier(view, quoted=True))
    node.set("db", exp.to_identifier(SCHEMA, quoted=True))
    node.set("catalog", None)


def column_types(references: Sequence[Reference]) -> dict[str, str]:
    """The Glue type of each column name that has the same type wherever it occurs."""
    found: dict[str, set[str]] = {}
    for reference in references:
        for column in (*reference.table.columns, *reference.table.partition_keys):
            found.setdefault(column.name, set()).add(column.type.lower())
    return {name: types.pop() for name, types in found.items() if len(types) == 1}
