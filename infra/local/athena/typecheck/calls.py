"""The types of function calls, of aggregates and windows, and what their arguments must be."""

from __future__ import annotations

from collections.abc import Sequence

from sqlglot import exp

from infra.local.athena.errors import QueryFailure
from infra.local.athena.typecheck.coercion import common_type, is_comparable, is_orderable
from infra.local.athena.typecheck.operators import one_type, require_boolean
from infra.local.athena.typecheck.overloads import not_found
from infra.local.athena.typecheck.positions import place
from infra.local.athena.typecheck.scope import Analysis, Field, Rule, Scope
from infra.local.athena.typecheck.signatures import signatures
from infra.local.athena.typecheck.solving import Argument, Function, same
from infra.local.athena.typecheck.types import ANY, BIGINT, UNKNOWN, VARCHAR, Type, is_known, row

_OF_THE_FIRST = ("lag", "lead")
"""Where DuckDB takes the type of the first argument, Trino that of all."""

_WHOLE_ALREADY = ("floor", "ceil", "ceiling")
"""What changes nothing about a whole number, and what DuckDB makes a double of."""

_WHOLE = ("tinyint", "smallint", "integer", "bigint")


def _call(node: exp.Expr, scope: Scope, at: Analysis) -> Type:
    name = node.name.lower()
    if name in _FORMS:
        return _FORMS[name](node, scope, at)
    return _resolved(name, node, node.expressions, scope, at)


def _resolved(name: str, node: exp.Expr, arguments: Sequence[exp.Expr], scope: Scope, at: Analysis) -> Type:
    """The result's type of the overload that takes these arguments."""
    given = [_argument(each, scope, at) for part in arguments for each in _spread(part, node, scope, at)]
    if not signatures(name):
        return ANY
    found = at.overload(name, given, node)
    if found is None:
        where = place(node, at.text) if isinstance(node, exp.Anonymous) else ""  # as Trino: none for TRIM(…)
        raise QueryFailure("FUNCTION_NOT_FOUND", where + not_found(name, given))
    for each, have, to in zip(arguments, given, found.arguments, strict=False):
        if isinstance(have, Type) and _converts(name, have, to):
            at.convert(each, to)
    if name in _WHOLE_ALREADY and found.returns.base in _WHOLE:
        at.convert(node, found.returns, arguments[0])
    return found.returns


def _converts(name: str, have: Type, to: Type) -> bool:
    """Tell whether DuckDB has to be told of a conversion: of the elements of an array, of what lag and lead answer."""
    if have == UNKNOWN or not (is_known(have) and is_known(to)):
        return False
    of_elements = have.base == "array" and UNKNOWN not in have.of and have.of[0].base != to.of[0].base
    return of_elements or (name in _OF_THE_FIRST and not same(have, to))


def _spread(argument: exp.Expr, node: exp.Expr, scope: Scope, at: Analysis) -> Sequence[exp.Expr]:
    """The values of an argument: without DISTINCT and ORDER BY, nothing for ``*``."""
    if isinstance(argument, exp.Star):
        return ()
    if isinstance(argument, exp.Distinct):
        for each in argument.expressions:
            of = at.type_of(each, scope)
            if not is_comparable(of):
                raise at.mismatch(node, f"DISTINCT can only be applied to comparable types (actual: {of})")
        return argument.expressions
    if isinstance(argument, exp.Order):
        for each in argument.expressions:
            of = at.type_of(each.this, scope)
            if not is_orderable(of):
                raise at.mismatch(node, f"ORDER BY can only be applied to orderable types (actual: {of})")
        return _spread(argument.this, node, scope, at) if argument.this else ()
    return (argument,)


def _argument(node: exp.Expr, scope: Scope, at: Analysis) -> Argument:
    if not isinstance(node, exp.Lambda):
        return at.type_of(node, scope)

    def returns(types: Sequence[Type]) -> Type:
        names = [each.name.lower() for each in node.expressions]
        if len(names) != len(types):
            message = f"Expected a lambda that takes {len(types)} argument(s) but got {len(names)}"
            raise at.failure("INVALID_PARAMETER_USAGE", node, message)
        given = tuple(Field(name, of) for name, of in zip(names, types, strict=True))
        return at.type_of(node.this, Scope(given, scope))

    return Function(returns)


def _coalesce(node: exp.Expr, scope: Scope, at: Analysis) -> Type:
    return one_type(node.expressions, scope, at, "All COALESCE operands")


def _nullif(node: exp.Expr, scope: Scope, at: Analysis) -> Type:
    types = [at.type_of(each, scope) for each in node.expressions]
    if len(types) != 2:
        return ANY
    if common_type(*types) is None:
        raise at.mismatch(node, f"Types are not comparable with NULLIF: {types[0]} vs {types[1]}")
    return types[0]


def _first(node: exp.Expr, scope: Scope, at: Analysis) -> Type:
    return [*(at.type_of(each, scope) for each in node.expressions), ANY][0]


def _row(node: exp.Expr, scope: Scope, at: Analysis) -> Type:
    return row([at.type_of(each, scope) for each in node.expressions])


def _format(node: exp.Expr, scope: Scope, at: Analysis) -> Type:
    types = [at.type_of(each, scope) for each in node.expressions]
    if types and types[0] != ANY and types[0].base != "varchar":
        message = f"Type of first argument to format() must be VARCHAR (actual: {types[0]})"
        raise at.mismatch(node.expressions[0], message)
    return VARCHAR


_FORMS: dict[str, Rule] = {
    "coalesce": _coalesce,
    "nullif": _nullif,
    "try": _first,
    "row": _row,
    "format": _format,
    "grouping": lambda node, _, __: Type("integer") if len(node.expressions) < 32 else BIGINT,
}


def _trim(node: exp.Expr, scope: Scope, at: Analysis) -> Type:
    name = {"LEADING": "ltrim", "TRAILING": "rtrim"}.get((node.args.get("position") or "").upper(), "trim")
    characters = node.args.get("expression")
    return _resolved(name, node, [node.this, *([characters] if characters else [])], scope, at)


def _substring(node: exp.Expr, scope: Scope, at: Analysis) -> Type:
    parts = (node.args.get(part) for part in ("this", "start", "length"))
    return _resolved("substr", node, [part for part in parts if part], scope, at)


def _position(node: exp.Expr, scope: Scope, at: Analysis) -> Type:
    return _resolved("strpos", node, [node.this, node.args["substr"]], scope, at)


def _listagg(node: exp.Expr, scope: Scope, at: Analysis) -> Type:
    (value,) = _spread(node.this, node, scope, at) or (None,)
    of = at.type_of(value, scope) if value is not None else ANY
    if of != ANY and of.base != "varchar":
        written = value.sql(dialect="trino") if value is not None else ""
        raise at.mismatch(node, f"Expected expression of varchar, but '{written}' has {of} type")
    return VARCHAR


def _filter(node: exp.Expr, scope: Scope, at: Analysis) -> Type:
    condition = node.expression
    require_boolean(condition.this if isinstance(condition, exp.Where) else condition, scope, at, "Filter expression")
    return at.type_of(node.this, scope)


def _window(node: exp.Expr, scope: Scope, at: Analysis) -> Type:
    for each in node.args.get("partition_by") or ():
        of = at.type_of(each, scope)
        if not is_comparable(of):
            raise at.mismatch(
                each, f"{of} is not comparable, and therefore cannot be used in window function PARTITION BY"
            )
    order, spec = node.args.get("order"), node.args.get("spec")
    for each in order.expressions if order else ():
        of = at.type_of(each.this, scope)
        if not is_orderable(of):
            raise at.mismatch(each, f"{of} is not orderable, and therefore cannot be used in window function ORDER BY")
    if spec and spec.args.get("kind") in ("ROWS", "GROUPS"):
        for side in ("start", "end"):
            _require_whole(spec.args.get(side), side, spec.args["kind"], scope, at)
    return at.type_of(node.this, scope)


def _require_whole(bound: object, side: str, kind: str, scope: Scope, at: Analysis) -> None:
    if not isinstance(bound, exp.Expr) or isinstance(bound, exp.Var):
        return
    of = at.type_of(bound, scope)
    if of != ANY and of.base not in _WHOLE and not (of.base == "decimal" and of.numbers[1] == 0):
        message = f"Window frame {kind} {side} value type must be exact numeric type with scale 0 (actual {of})"
        raise at.mismatch(bound, message)


def _lonely_lambda(node: exp.Expr, _: Scope, at: Analysis) -> Type:
    raise at.mismatch(node, "Lambda expression should always be used inside a function")


def _inner(node: exp.Expr, scope: Scope, at: Analysis) -> Type:
    return at.type_of(node.this, scope)


RULES: dict[type[exp.Expr], Rule] = {
    exp.Anonymous: _call,
    exp.Trim: _trim,
    exp.Substring: _substring,
    exp.StrPosition: _position,
    exp.GroupConcat: _listagg,
    exp.Filter: _filter,
    exp.Window: _window,
    exp.Lambda: _lonely_lambda,
    exp.IgnoreNulls: _inner,
    exp.RespectNulls: _inner,
    exp.WithinGroup: _inner,
}
