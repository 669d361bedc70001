"""Which names of a query mean a WITH of its own, and not a table."""

from __future__ import annotations

from sqlglot import exp


def is_cte(node: exp.Table) -> bool:
    """Does this name mean a CTE that is visible where it stands?

    A name inside a WITH means the CTEs before it, and itself only if the WITH is recursive; elsewhere it means a table.

    >>> from sqlglot import parse_one
    >>> [is_cte(table) for table in parse_one("WITH a AS (SELECT * FROM b) SELECT * FROM a").find_all(exp.Table)]
    [True, False]
    >>> [is_cte(table) for table in parse_one("WITH a AS (SELECT * FROM a) SELECT 1").find_all(exp.Table)]
    [False]
    """
    if node.db or node.catalog:
        return False
    wanted = node.name.lower()
    inside: exp.Expr = node
    scope = node.parent
    own_cte: exp.Expr | None = None
    while scope is not None:
        if isinstance(inside, exp.CTE):
            own_cte = inside
        if isinstance(scope, exp.With):
            if wanted in _before(scope, own_cte):
                return True
        elif not isinstance(inside, exp.With):
            given = scope.args.get("with_")
            if given is not None and wanted in {cte.alias.lower() for cte in given.expressions}:
                return True
        inside, scope = scope, scope.parent
    return False


def _before(with_: exp.With, own: exp.Expr | None) -> set[str]:
    """The CTEs that another one of the same WITH may read: those before it, and itself if it is recursive."""
    names: set[str] = set()
    for cte in with_.expressions:
        if own is not None and cte is own:
            return names | ({cte.alias.lower()} if with_.args.get("recursive") else set())
        names.add(cte.alias.lower())
    return names
