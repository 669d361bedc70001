"""What a query may be made of. Anything that is not on the list is refused by name, before DuckDB sees a word of it."""

from __future__ import annotations

from sqlglot import exp

from infra.local.athena.errors import QueryFailure, not_supported
from infra.local.athena.functions import require_known

ALLOWED: tuple[type[exp.Expr], ...] = (
    # the shape of a query
    exp.Select, exp.Union, exp.Intersect, exp.Except, exp.Subquery, exp.With, exp.CTE, exp.From, exp.Join, exp.Where,
    exp.Group, exp.Having, exp.Order, exp.Ordered, exp.Limit, exp.Offset, exp.Fetch, exp.Distinct, exp.Values, exp.Tuple,
    exp.Table, exp.TableAlias, exp.Alias, exp.Star, exp.Column, exp.Identifier, exp.Unnest, exp.Cube, exp.Rollup,
    exp.GroupingSets, exp.LimitOptions,
    # expressions
    exp.Literal, exp.Null, exp.Boolean, exp.Paren, exp.Neg, exp.Not, exp.And, exp.Or, exp.Add, exp.Sub, exp.Mul, exp.Div,
    exp.Mod, exp.DPipe, exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.NullSafeEQ, exp.NullSafeNEQ, exp.Is, exp.In,
    exp.Between, exp.Like, exp.Escape, exp.Exists, exp.Case, exp.If, exp.Any, exp.All, exp.Cast, exp.TryCast, exp.DataType,
    exp.DataTypeParam, exp.ColumnDef, exp.Interval, exp.Var, exp.AtTimeZone, exp.Extract, exp.CurrentDate,
    exp.CurrentTimestamp, exp.Array, exp.Bracket, exp.Dot, exp.Lambda, exp.Anonymous, exp.Window, exp.WindowSpec,
    exp.Filter, exp.WithinGroup, exp.IgnoreNulls, exp.RespectNulls, exp.Trim, exp.Substring, exp.StrPosition, exp.GroupConcat,
    exp.Struct, exp.Try, exp.PropertyEQ, exp.IntervalSpan, exp.Localtimestamp, exp.ParseJSON, exp.HexString, exp.UnicodeString,
)  # fmt: skip


def check(tree: exp.Expr) -> None:
    """Refuse what the local Athena cannot do rightly or would never do.

    Raises
    ------
    QueryFailure
        Names the construct or function.
    """
    for node in tree.walk():
        if type(node) not in ALLOWED:
            raise not_supported(type(node).key.upper().replace("_", " "))
        if isinstance(node, exp.Select) and not node.expressions:
            raise QueryFailure("SYNTAX_ERROR", "SELECT without expressions")
        if isinstance(node, exp.Anonymous):
            if not isinstance(node.this, str):
                raise not_supported("quoted or qualified function names")
            require_known(node.name.lower())
        if isinstance(node, exp.Table):
            _check_table(node)
        _check_arguments(node)


def _check_table(node: exp.Table) -> None:
    if not isinstance(node.this, exp.Identifier):
        raise not_supported(f"the table function {node.this.sql(dialect='trino')}")
    extra = {name for name, value in node.args.items() if value} - {"this", "db", "catalog", "alias", "joins"}
    if extra:
        raise not_supported(f"{', '.join(sorted(extra))} of a table")
    catalog = node.catalog.lower()
    if catalog not in ("", "awsdatacatalog"):
        raise QueryFailure("CATALOG_NOT_FOUND", f"Catalog '{node.catalog}' not found")


#: Parts of nodes that other dialects have and Trino has not, or that this engine does not translate.
_FORBIDDEN_PARTS: dict[type[exp.Expr], tuple[str, ...]] = {
    exp.Select: ("laterals", "into", "qualify", "pivots", "sample", "hint", "kind", "match", "connect", "prewhere", "settings", "format", "windows", "cluster", "distribute", "sort", "locks", "options", "exclude", "operation_modifiers", "top"),
    exp.Join: ("method", "pivots", "match_condition"),
    exp.Star: ("except_", "replace", "rename", "except"),
    exp.Cast: ("format", "default", "action"),
    exp.Subquery: ("sample", "pivots", "laterals"),
    exp.Limit: ("limit_options", "expressions"),
    exp.Distinct: ("on",),
    exp.Group: ("all", "totals"),
    exp.Fetch: ("limit_options", "percent", "with_ties"),
    exp.In: ("unnest", "field"),
}  # fmt: skip


def _check_arguments(node: exp.Expr) -> None:
    for part in _FORBIDDEN_PARTS.get(type(node), ()):
        if node.args.get(part):
            raise not_supported(f"{part.upper()} in {type(node).key.upper()}")
    if isinstance(node, exp.Distinct) and node.args.get("on") is not None:
        raise not_supported("DISTINCT ON")
