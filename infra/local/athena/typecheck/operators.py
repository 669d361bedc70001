"""The types of operators and predicates, and what Trino says where they do not fit.

The texts are those of Trino 435's ``ExpressionAnalyzer`` and ``OperatorNotFoundException``; ``tests/oracle`` compares.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlglot import exp

from infra.local.athena.translate import ZONED
from infra.local.athena.typecheck.coercion import coercible, common_type, is_comparable, is_orderable
from infra.local.athena.typecheck.overloads import not_found
from infra.local.athena.typecheck.scope import Analysis, Rule, Scope
from infra.local.athena.typecheck.types import (
    ANY,
    BIGINT,
    BOOLEAN,
    DAYS,
    INTEGER,
    MONTHS,
    UNKNOWN,
    VARCHAR,
    Type,
    array,
    row,
)

_ARITHMETIC: dict[type[exp.Expr], tuple[str, str]] = {
    exp.Add: ("$add", "+"), exp.Sub: ("$subtract", "-"), exp.Mul: ("$multiply", "*"), exp.Div: ("$divide", "/"),
    exp.Mod: ("$modulus", "%"),
}  # fmt: skip
_COMPARISONS: dict[type[exp.Expr], str] = {
    exp.EQ: "=", exp.NEQ: "=", exp.LT: "<", exp.GT: "<", exp.LTE: "<=", exp.GTE: "<=",
}  # fmt: skip


def require_boolean(node: exp.Expr, scope: Scope, at: Analysis, what: str) -> None:
    """A condition must be one."""
    found = at.type_of(node, scope)
    if not coercible(found, BOOLEAN):
        raise at.mismatch(node, f"{what} must evaluate to a boolean (actual: {found})")


def one_type(nodes: Sequence[exp.Expr], scope: Scope, at: Analysis, what: str) -> Type:
    """The type that all of several expressions can become: of a CASE's results, an array's elements, …"""
    types = [at.type_of(node, scope) for node in nodes]
    of: Type = UNKNOWN
    for node, each in zip(nodes, types, strict=True):
        common = common_type(of, each)
        if common is None or not coercible(each, common):
            listed = ", ".join(dict.fromkeys(map(str, types)))
            raise at.mismatch(
                node,
                f"{what} must be the same type or coercible to a common type. Cannot find common type between {of} and "
                f"{each}, all types (without duplicates): [{listed}]",
            )
        of = common
    if of.base == "timestamp with time zone":
        for node, each in zip(nodes, types, strict=True):
            if each.base in ("date", "timestamp"):
                at.convert(node, of)
    return of


def _arithmetic(node: exp.Expr, scope: Scope, at: Analysis) -> Type:
    name, sign = _ARITHMETIC[type(node)]
    left, right = at.type_of(node.this, scope), at.type_of(node.expression, scope)
    found = at.overload(name, [left, right], node)
    if found is None:
        raise at.mismatch(node, f"Cannot apply operator: {left} {sign} {right}")
    return found.returns


def _negation(node: exp.Expr, scope: Scope, at: Analysis) -> Type:
    of = at.type_of(node.this, scope)
    found = at.overload("$negation", [of], node)
    if found is None:
        raise at.mismatch(node, f"Cannot negate {of}")
    return found.returns


def _concatenation(node: exp.Expr, scope: Scope, at: Analysis) -> Type:
    given = [at.type_of(node.this, scope), at.type_of(node.expression, scope)]
    found = at.overload("concat", given, node)
    if found is None:
        raise at.failure("FUNCTION_NOT_FOUND", node, not_found("concat", given))
    return found.returns


def _comparison(node: exp.Expr, scope: Scope, at: Analysis) -> Type:
    if isinstance(node.expression, (exp.Any, exp.All)):
        return _with_subquery(node, node.expression.this, scope, at)
    sign = _COMPARISONS[type(node)]
    left, right = at.type_of(node.this, scope), at.type_of(node.expression, scope)
    if type(node) in (exp.GT, exp.GTE):  # a > b is b < a
        left, right = right, left
    common = common_type(left, right)
    fits = common is not None and (is_comparable(common) if sign == "=" else is_orderable(common))
    if common is None or not fits:
        if type(node) in (exp.GT, exp.GTE):
            left, right = right, left
        raise at.mismatch(node, f"Cannot apply operator: {left} {sign} {right}")
    _mark(node, common)
    return BOOLEAN


def _mark(node: exp.Expr, common: Type) -> None:
    """Say that a comparison goes by the instant."""
    if common.base == "timestamp with time zone":
        node.meta[ZONED] = True


def _distinct_from(node: exp.Expr, scope: Scope, at: Analysis) -> Type:
    left, right = at.type_of(node.this, scope), at.type_of(node.expression, scope)
    common = common_type(left, right)
    if common is None or not is_comparable(common):
        raise at.mismatch(node, f"Cannot check if {left} is distinct from {right}")
    _mark(node, common)
    return BOOLEAN


def _logical(node: exp.Expr, scope: Scope, at: Analysis) -> Type:
    for side in (node.this, node.expression):
        require_boolean(side, scope, at, "Logical expression term")
    return BOOLEAN


def _not(node: exp.Expr, scope: Scope, at: Analysis) -> Type:
    require_boolean(node.this, scope, at, "Value of logical NOT expression")
    return BOOLEAN


def _is(node: exp.Expr, scope: Scope, at: Analysis) -> Type:
    at.type_of(node.this, scope)
    return BOOLEAN


def _like(node: exp.Expr, scope: Scope, at: Analysis) -> Type:
    parts = (node.this, "Left side of LIKE expression"), (node.expression, "Pattern for LIKE expression")
    for part, what in parts:
        _require_text(part, scope, at, what, may_be_char=part is node.this)
    return BOOLEAN


def _escape(node: exp.Expr, scope: Scope, at: Analysis) -> Type:
    at.type_of(node.this, scope)
    _require_text(node.expression, scope, at, "Escape for LIKE expression", may_be_char=False)
    return BOOLEAN


def _require_text(node: exp.Expr, scope: Scope, at: Analysis, what: str, *, may_be_char: bool) -> None:
    of = at.type_of(node, scope)
    if not coercible(of, VARCHAR) and not (may_be_char and of.base == "char"):
        raise at.mismatch(node, f"{what} must evaluate to a varchar (actual: {of})")


def _between(node: exp.Expr, scope: Scope, at: Analysis) -> Type:
    value, low, high = (at.type_of(node.args[part], scope) for part in ("this", "low", "high"))
    common = common_type(value, low)
    common = None if common is None else common_type(common, high)
    if common is None or not is_orderable(common):
        raise at.mismatch(node, f"Cannot check if {value} is BETWEEN {low} and {high}")
    _mark(node, common)
    return BOOLEAN


def _in(node: exp.Expr, scope: Scope, at: Analysis) -> Type:
    query = node.args.get("query")
    if query is not None:
        return _with_subquery(node, query, scope, at)
    one_type([node.this, *node.expressions], scope, at, "IN value and list items")
    return BOOLEAN


def _with_subquery(node: exp.Expr, query: exp.Expr, scope: Scope, at: Analysis) -> Type:
    value, fields = at.type_of(node.this, scope), at.fields_of(query, scope, at)
    if fields is None or value == ANY:
        return BOOLEAN
    rows = row([each.type for each in fields], [each.name for each in fields])
    wanted = value if value.base == "row" or value == UNKNOWN else row([value])
    common = common_type(wanted, rows)
    if common is None:
        raise at.mismatch(node, f"Value expression and result of subquery must be of the same type: {wanted} vs {rows}")
    return BOOLEAN


def _exists(node: exp.Expr, scope: Scope, at: Analysis) -> Type:
    at.fields_of(node.this, scope, at)
    return BOOLEAN


def _subquery(node: exp.Expr, scope: Scope, at: Analysis) -> Type:
    fields = at.fields_of(node, scope, at)
    if fields is None:
        return ANY
    return fields[0].type if len(fields) == 1 else row([each.type for each in fields], [each.name for each in fields])


def _array(node: exp.Expr, scope: Scope, at: Analysis) -> Type:
    return array(one_type(node.expressions, scope, at, "All ARRAY elements"))


def _tuple(node: exp.Expr, scope: Scope, at: Analysis) -> Type:
    return row([at.type_of(each, scope) for each in node.expressions])


def _subscript(node: exp.Expr, scope: Scope, at: Analysis) -> Type:
    of, by = at.type_of(node.this, scope), [at.type_of(each, scope) for each in node.expressions]
    if len(by) != 1:
        return ANY
    if of.base == "row":
        return _part_of_row(node.expressions[0], of, by[0], at)
    found = at.overload("$subscript", [of, by[0]], node)
    if found is None:
        raise at.mismatch(node, f"Cannot use {by[0]} for subscript of {of}")
    return found.returns


def _part_of_row(index: exp.Expr, of: Type, by: Type, at: Analysis) -> Type:
    if not isinstance(index, exp.Literal) or index.is_string or "." in index.name:
        raise at.failure("EXPRESSION_NOT_CONSTANT", index, "Subscript expression on ROW requires a constant index")
    if by != INTEGER:
        raise at.mismatch(index, f"Subscript expression on ROW requires integer index, found {by}")
    wanted = int(index.name)
    if not 1 <= wanted <= len(of.of):
        message = f"Subscript index out of bounds: {wanted}, max value is {len(of.of)}"
        if wanted < 1:
            message = f"Invalid subscript index: {wanted}. ROW indices start at 1"
        raise at.failure("INVALID_FUNCTION_ARGUMENT", index, message)
    return of.of[wanted - 1]


def _at_time_zone(node: exp.Expr, scope: Scope, at: Analysis) -> Type:
    of = at.type_of(node.this, scope)
    if of == ANY:
        return ANY
    kind = of.base.partition(" ")[0]
    if kind not in ("time", "timestamp"):
        message = f"Type of value must be a time or timestamp with or without time zone (actual {of})"
        raise at.mismatch(node.this, message)
    return Type(f"{kind} with time zone", numbers=of.numbers)


_DATES = ("date", "timestamp", "timestamp with time zone")
_TIMES = ("time", "time with time zone", "timestamp", "timestamp with time zone")
_PARTS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("YEAR", "MONTH"), (*_DATES, MONTHS.base)),
    "DAY": (*_DATES, DAYS.base),
    **dict.fromkeys(("HOUR", "MINUTE", "SECOND"), (*_TIMES, DAYS.base)),
    **dict.fromkeys(("TIMEZONE_HOUR", "TIMEZONE_MINUTE"), ("time with time zone", "timestamp with time zone")),
}


def _extract(node: exp.Expr, scope: Scope, at: Analysis) -> Type:
    of, part = at.type_of(node.expression, scope), node.this.name.upper()
    if of != ANY and of.base not in _PARTS.get(part, _DATES):
        raise at.mismatch(node.expression, f"Cannot extract {part} from {of}")
    return BIGINT


RULES: dict[type[exp.Expr], Rule] = {
    **dict.fromkeys(_ARITHMETIC, _arithmetic),
    **dict.fromkeys(_COMPARISONS, _comparison),
    **dict.fromkeys((exp.NullSafeEQ, exp.NullSafeNEQ), _distinct_from),
    **dict.fromkeys((exp.And, exp.Or), _logical),
    exp.Neg: _negation,
    exp.DPipe: _concatenation,
    exp.Not: _not,
    exp.Is: _is,
    exp.Like: _like,
    exp.Escape: _escape,
    exp.Between: _between,
    exp.In: _in,
    exp.Exists: _exists,
    exp.Subquery: _subquery,
    exp.Array: _array,
    exp.Tuple: _tuple,
    exp.Bracket: _subscript,
    exp.AtTimeZone: _at_time_zone,
    exp.Extract: _extract,
}
