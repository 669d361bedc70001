"""Which tables a query reads: every name is a CTE of the query or a table in Glue, and nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlglot import exp

from chalicelib.sql.scope import is_cte
from infra.local.athena.catalog import Catalog, Table
from infra.local.athena.errors import QueryFailure


@dataclass(frozen=True, slots=True)
class Reference:
    """One mention of a table in a query; it becomes the view ``view``.

    ``node`` is the mention in the bound tree, ``columns`` the columns of the table that the query may touch.
    """

    view: str
    table: Table
    node: exp.Table
    columns: frozenset[str]

    @property
    def alias(self) -> str:
        """The name by which the query calls it."""
        return str(self.node.alias).lower()


def bind_tables(tree: exp.Expr, catalog: Catalog, database: str) -> list[Reference]:
    """Replace every table of the tree by a view of its own, in place.

    Raises
    ------
    QueryFailure
        For a table that Glue does not have, or of a kind that cannot be read.
    """
    mentions = [node for node in tree.find_all(exp.Table) if not is_cte(node)]
    everything = any(
        not (isinstance(star.parent, exp.Anonymous) and star.parent.name.lower() == "count")
        for star in tree.find_all(exp.Star)
    )
    mentioned = {part.name.lower() for part in tree.find_all(exp.Identifier)}
    references = []
    for at, node in enumerate(mentions):
        where = node.db or database
        if not where:
            raise QueryFailure("MISSING_SCHEMA_NAME", f"Schema must be specified for the table '{node.name}'")
        table = catalog.table(where, node.name)
        table.require_readable()
        names = {column.name for column in (*table.columns, *table.partition_keys)}
        alias = node.alias or node.name
        view = f"t{at}"
        node.set("this", exp.to_identifier(view, quoted=True))
        node.set("db", None)
        node.set("catalog", None)
        alias_node = node.args.get("alias") or exp.TableAlias()
        alias_node.set("this", exp.to_identifier(alias, quoted=True))
        node.set("alias", alias_node)
        used = names if everything or alias_node.args.get("columns") else names & mentioned
        references.append(Reference(view, table, node, frozenset(used)))
    for column in tree.find_all(exp.Column):
        column.set("db", None)
        column.set("catalog", None)
    return references


def column_types(references: Sequence[Reference]) -> dict[str, str]:
    """The Glue type of each column name that has the same type wherever it occurs."""
    found: dict[str, set[str]] = {}
    for reference in references:
        for column in (*reference.table.columns, *reference.table.partition_keys):
            found.setdefault(column.name, set()).add(column.type.lower())
    return {name: types.pop() for name, types in found.items() if len(types) == 1}
