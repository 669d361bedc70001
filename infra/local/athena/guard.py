"""What is not on the list of constructs or functions is refused by name, before DuckDB sees a word of it."""

from __future__ import annotations

from sqlglot import exp

from chalicelib.sql.constructs import unknown_part
from infra.local.athena.errors import QueryFailure, not_supported
from infra.local.athena.functions import require_known
from infra.local.athena.positions import position


def check(tree: exp.Expr) -> None:
    """Refuse what the local Athena cannot do rightly or would never do.

    Raises
    ------
    QueryFailure
        Names the construct or function.
    """
    for node in tree.walk():
        if unknown := unknown_part(node):
            raise not_supported(unknown)
        match node:
            case exp.Select() if not node.expressions:
                raise QueryFailure("SYNTAX_ERROR", "SELECT without expressions")
            case exp.Anonymous():
                require_known(node.name.lower(), position(node))
            case exp.Table() if node.catalog.lower() not in ("", "awsdatacatalog"):
                raise QueryFailure("CATALOG_NOT_FOUND", f"{position(node)}Catalog '{node.catalog}' not found")
