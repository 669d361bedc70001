"""What a query may be made of: node classes of sqlglot's, and no others.

One list for both doors: the SQL endpoint refuses what is not on it, and so does the local Athena. Whoever adds a class
here teaches the local Athena to translate it, and ``make oracle`` to compare it with Trino.
"""

from __future__ import annotations

from sqlglot import exp

ALLOWED: frozenset[type[exp.Expr]] = frozenset((
    # the shape of a query
    exp.Select, exp.Union, exp.Intersect, exp.Except, exp.Subquery, exp.With, exp.CTE, exp.From, exp.Join, exp.Where,
    exp.Group, exp.Having, exp.Order, exp.Ordered, exp.Limit, exp.Offset, exp.Distinct, exp.Values, exp.Tuple,
    exp.Table, exp.TableAlias, exp.Alias, exp.Star, exp.Column, exp.Identifier, exp.Unnest, exp.Cube, exp.Rollup,
    exp.GroupingSets,
    # expressions
    exp.Literal, exp.Null, exp.Boolean, exp.Paren, exp.Neg, exp.Not, exp.And, exp.Or, exp.Add, exp.Sub, exp.Mul, exp.Div,
    exp.Mod, exp.DPipe, exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.NullSafeEQ, exp.NullSafeNEQ, exp.Is, exp.In,
    exp.Between, exp.Like, exp.Escape, exp.Exists, exp.Case, exp.If, exp.Any, exp.All, exp.Cast, exp.TryCast, exp.DataType,
    exp.DataTypeParam, exp.ColumnDef, exp.Interval, exp.Var, exp.AtTimeZone, exp.Extract, exp.CurrentDate,
    exp.CurrentTimestamp, exp.Array, exp.Bracket, exp.Dot, exp.Lambda, exp.Anonymous, exp.Window, exp.WindowSpec,
    exp.Filter, exp.WithinGroup, exp.IgnoreNulls, exp.RespectNulls, exp.Trim, exp.Substring, exp.StrPosition, exp.GroupConcat,
    exp.Struct, exp.Try, exp.PropertyEQ, exp.IntervalSpan, exp.Localtimestamp, exp.ParseJSON, exp.HexString, exp.UnicodeString,
))  # fmt: skip

_FORBIDDEN_PARTS: dict[type[exp.Expr], tuple[str, ...]] = {
    exp.Select: ("laterals", "into", "qualify", "pivots", "sample", "hint", "kind", "match", "connect", "prewhere", "settings", "format", "windows", "cluster", "distribute", "sort", "locks", "options", "exclude", "operation_modifiers", "top"),
    exp.Join: ("method", "pivots", "match_condition"),
    exp.Star: ("except_", "replace", "rename", "except"),
    exp.Cast: ("format", "default", "action"),
    exp.Subquery: ("sample", "pivots", "laterals"),
    exp.Limit: ("limit_options", "expressions"),
    exp.Group: ("all", "totals"),
    exp.In: ("unnest", "field"),
}  # fmt: skip
"""Parts of nodes that other dialects have and Trino has not, or that the local Athena does not translate."""

_TABLE_PARTS = frozenset(("this", "db", "catalog", "alias", "joins"))


def unknown_part(node: exp.Expr) -> str | None:
    """Name what of a node (not of what is below it) is not on the list; None when all is.

    >>> from sqlglot import parse_one
    >>> unknown_part(parse_one("SELECT 1"))
    >>> unknown_part(parse_one("SELECT 1 QUALIFY x"))
    'QUALIFY in SELECT'
    """
    if type(node) not in ALLOWED:
        return type(node).key.upper().replace("_", " ")
    for part in _FORBIDDEN_PARTS.get(type(node), ()):
        if node.args.get(part):
            return f"{part.upper()} in {type(node).key.upper()}"
    match node:
        case exp.Distinct() if node.args.get("on") is not None:
            return "DISTINCT ON"
        case exp.Anonymous() if not isinstance(node.this, str) or isinstance(node.parent, exp.Dot):
            return "quoted or qualified function names"
        case exp.Table() if not isinstance(node.this, exp.Identifier):
            return f"the table function {node.this.sql(dialect='trino')[:80]}"
        case exp.Table() if extra := {name for name, value in node.args.items() if value} - _TABLE_PARTS:
            return f"{', '.join(sorted(extra))} of a table"
    return None
