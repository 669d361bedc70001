"""What is not on the list of constructs or functions is refused by name, before DuckDB sees a word of it."""

from __future__ import annotations

from sqlglot import exp

from chalicelib.sql.constructs import unknown_part
from infra.local.athena.errors import QueryFailure, not_supported
from infra.local.athena.functions import require_known
from infra.local.athena.limits import check_depth
from infra.local.athena.positions import position

LONGEST_NUMBER = 400
"""Characters; the longest double has 309 digits, and Python reads no integer of more than 4,300."""


def check(tree: exp.Expr) -> None:
    """Refuse what the local Athena cannot do rightly or would never do.

    Raises
    ------
    QueryFailure
        Names the construct or function.
    """
    check_depth(tree)
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
            case exp.DataType():
                _check_type(node)
            case exp.Literal() if not node.is_string and len(node.name) > LONGEST_NUMBER:
                raise QueryFailure("INVALID_LITERAL", f"Invalid numeric literal: {node.name[:LONGEST_NUMBER]}…")


def _check_type(node: exp.DataType) -> None:
    for part in node.expressions:
        size = part.this if isinstance(part, exp.DataTypeParam) else None
        if size is not None and not (isinstance(size, exp.Literal) and size.name.isdecimal() and len(size.name) < 10):
            raise not_supported(f"the type {node.sql(dialect='trino')}")
    if [part.name.lower() for part in node.expressions if isinstance(part, exp.ColumnDef)] == ["utc", "zone"]:
        raise not_supported("rows of utc and zone")  # a timestamp with time zone is kept as such a one
