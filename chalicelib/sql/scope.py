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
    return cte_of(node) is not None


def cte_of(node: exp.Table) -> exp.CTE | None:
    """The CTE that a name means where it stands: of the WITH around it that is nearest."""
    if node.db or node.catalog:
        return None
    wanted = node.name.lower()
    inside: exp.Expr = node
    scope = node.parent
    own_cte: exp.Expr | None = None
    while scope is not None:
        if isinstance(inside, exp.CTE):
            own_cte = inside
        visible: list[exp.CTE] = []
        if isinstance(scope, exp.With):
            visible = _before(scope, own_cte)
        elif not isinstance(inside, exp.With):
            given = scope.args.get("with_")
            visible = given.expressions if given is not None else []
        for cte in visible:
            if cte.alias.lower() == wanted:
                return cte
        inside, scope = scope, scope.parent
    return None


def _before(with_: exp.With, own: exp.Expr | None) -> list[exp.CTE]:
    """The CTEs that another one of the same WITH may read: those before it, and itself if it is recursive."""
    ctes: list[exp.CTE] = with_.expressions
    for at, cte in enumerate(ctes):
        if cte is own:
            return ctes[: at + 1] if with_.args.get("recursive") else ctes[:at]
    return ctes
