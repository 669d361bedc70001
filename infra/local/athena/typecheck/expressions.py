"""The types of literals, names, casts and of CASE, IF and their like."""

from __future__ import annotations

from sqlglot import exp

from infra.local.athena.typecheck.coercion import castable, coercible, common_type
from infra.local.athena.typecheck.operators import one_type, require_boolean
from infra.local.athena.typecheck.scope import Analysis, Rule, Scope, within
from infra.local.athena.typecheck.signatures import casts
from infra.local.athena.typecheck.types import (
    ANY,
    BIGINT,
    BOOLEAN,
    DATE,
    DAYS,
    DOUBLE,
    INTEGER,
    JSON,
    MONTHS,
    TIMESTAMP,
    UNKNOWN,
    VARBINARY,
    ZONED,
    Type,
    decimal,
    sql_type,
    varchar,
)


def literal(node: exp.Literal) -> Type:
    """The type of a text or a number.

    >>> [str(literal(exp.Literal.number(n))) for n in ("1", "3000000000", "1.50", "0.5", "1e0")]
    ['integer', 'bigint', 'decimal(3,2)', 'decimal(1,1)', 'double']
    """
    written = str(node.this)
    if node.is_string:
        return varchar(len(written))
    if "e" in written.lower():
        return DOUBLE
    if "." in written:
        whole, _, part = written.partition(".")
        return decimal(max(1, len(whole.lstrip("0")) + len(part)), len(part))
    return INTEGER if int(written) < 2**31 else BIGINT


def _literal(node: exp.Expr, _: Scope, __: Analysis) -> Type:
    assert isinstance(node, exp.Literal)
    return literal(node)


def _column(node: exp.Expr, scope: Scope, _: Analysis) -> Type:
    assert isinstance(node, exp.Column)
    if isinstance(node.this, exp.Star):
        return ANY
    parts = [part.name.lower() for part in node.parts]
    return scope.column(parts) or ANY


def _lambda_argument(node: exp.Expr, scope: Scope, _: Analysis) -> Type:
    return scope.column([node.name.lower()]) or ANY


def _dot(node: exp.Expr, scope: Scope, at: Analysis) -> Type:
    of = at.type_of(node.this, scope)
    found = within(of, [node.expression.name.lower()])
    if found is None:
        raise at.mismatch(node.this, f"Expression {node.this.sql(dialect='trino').lower()} is not of type ROW")
    return found


def _inner(node: exp.Expr, scope: Scope, at: Analysis) -> Type:
    return at.type_of(node.this, scope)


def _case(node: exp.Expr, scope: Scope, at: Analysis) -> Type:
    operand, branches = node.this, node.args["ifs"]
    if operand is None:
        for branch in branches:
            require_boolean(branch.this, scope, at, "CASE WHEN clause")
    else:
        first = common = at.type_of(operand, scope)
        for branch in branches:
            when = at.type_of(branch.this, scope)
            found = common_type(common, when)
            if found is None:
                message = f"CASE operand type does not match WHEN clause operand type: {first} vs {when}"
                raise at.mismatch(branch.this, message)
            common = found
    default = node.args.get("default")
    results = [branch.args["true"] for branch in branches] + ([default] if default else [])
    return one_type(results, scope, at, "All CASE results")


def _if(node: exp.Expr, scope: Scope, at: Analysis) -> Type:
    require_boolean(node.this, scope, at, "IF condition")
    true, false = at.type_of(node.args["true"], scope), node.args.get("false")
    if false is None:
        return true
    other = at.type_of(false, scope)
    common = common_type(true, other)
    if common is None or not coercible(true, common) or not coercible(other, common):
        raise at.mismatch(node, f"Result types for IF must be the same: {true} vs {other}")
    return one_type([node.args["true"], false], scope, at, "IF")


def _cast(node: exp.Expr, scope: Scope, at: Analysis) -> Type:
    assert isinstance(node, exp.Cast)
    value, to = at.type_of(node.this, scope), sql_type(node.to.sql(dialect="trino"))
    if not castable(value, to, casts()):
        raise at.mismatch(node, f"Cannot cast {value} to {to}")
    return to


def _interval(node: exp.Expr, _: Scope, __: Analysis) -> Type:
    unit = node.args.get("unit")
    if unit is None and node.name.isdigit():  # sqlglot reads the 1 of INTERVAL '1' DAY + 1 so
        return literal(exp.Literal(this=node.name, is_string=False))
    if not isinstance(unit, exp.Var):
        return ANY
    return MONTHS if unit.name.upper().rstrip("S") in ("YEAR", "MONTH") else DAYS


def _always(of: Type) -> Rule:
    return lambda _, __, ___: of


def _moment(of: Type) -> Rule:
    """``CURRENT_TIMESTAMP(6)`` has so many digits."""

    def rule(node: exp.Expr, _: Scope, __: Analysis) -> Type:
        digits = node.this
        return Type(of.base, numbers=(int(digits.name),)) if isinstance(digits, exp.Literal) else of

    return rule


RULES: dict[type[exp.Expr], Rule] = {
    exp.Literal: _literal,
    exp.Null: _always(UNKNOWN),
    exp.Boolean: _always(BOOLEAN),
    exp.HexString: _always(VARBINARY),
    exp.UnicodeString: _always(Type("varchar")),
    exp.ParseJSON: _always(JSON),
    exp.CurrentDate: _always(DATE),
    exp.CurrentTimestamp: _moment(ZONED),
    exp.Localtimestamp: _moment(TIMESTAMP),
    exp.Column: _column,
    exp.Identifier: _lambda_argument,
    exp.Dot: _dot,
    exp.Paren: _inner,
    exp.Alias: _inner,
    exp.Ordered: _inner,
    exp.Try: _inner,
    exp.Case: _case,
    exp.If: _if,
    exp.Cast: _cast,
    exp.TryCast: _cast,
    exp.Interval: _interval,
}
