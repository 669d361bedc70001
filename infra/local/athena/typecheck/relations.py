"""The columns of what stands behind FROM: tables, subqueries, VALUES, UNNEST and their joins."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sqlglot import exp

from infra.local.athena.typecheck.coercion import common_type
from infra.local.athena.typecheck.scope import Analysis, Field, Fields, Scope
from infra.local.athena.typecheck.types import ANY, BIGINT, BOOLEAN, UNKNOWN, Type, row


def source(select: exp.Expr, outer: Scope, at: Analysis) -> Scope:
    """The scope that the FROM of a SELECT makes."""
    begin = select.args.get("from_")
    if begin is None:
        return Scope((), outer)
    scope = _joined(Scope((), outer), relation(begin.this, outer, at))
    return _with_joins(select, scope, outer, at)


def _with_joins(node: exp.Expr, scope: Scope, outer: Scope, at: Analysis) -> Scope:
    for join in node.args.get("joins") or ():
        fields = relation(join.this, replace(scope, parent=outer), at)
        using = [name.name.lower() for name in join.args.get("using") or ()]
        scope = _using(scope, fields, using, join, at) if using else _joined(scope, fields)
        condition = join.args.get("on")
        if condition is not None:
            require_truth(condition, scope, at, "JOIN ON clause")
    return scope


def require_truth(condition: exp.Expr, scope: Scope, at: Analysis, clause: str) -> None:
    """The condition of a clause must be a boolean, or null."""
    found = at.type_of(condition, scope)
    if found not in (BOOLEAN, UNKNOWN, ANY):
        raise at.mismatch(condition, f"{clause} must evaluate to a boolean: actual type {found}")


def _joined(scope: Scope, fields: Fields) -> Scope:
    return replace(scope, fields=(*scope.fields, *(fields or ())), is_open=scope.is_open or fields is None)


def _using(scope: Scope, fields: Fields, names: Sequence[str], join: exp.Expr, at: Analysis) -> Scope:
    """The columns of USING come once, in front, of the type that both sides can become."""
    shared: list[Field] = []
    for name, node in zip(names, join.args["using"], strict=True):
        sides = [[each.type for each in side if each.name == name] for side in (scope.fields, fields or ())]
        known = sides[0][:1] + sides[1][:1] if all(len(side) == 1 for side in sides) else [ANY, ANY]
        common = common_type(*known)
        if common is None:
            raise at.mismatch(node, f"Cannot apply operator: {known[0]} = {known[1]}")
        shared.append(Field(name, common))
    rest = (each for each in (*scope.fields, *(fields or ())) if each.name not in names)
    return replace(scope, fields=(*shared, *rest), is_open=scope.is_open or fields is None)


def relation(node: exp.Expr, scope: Scope, at: Analysis) -> Fields:
    """The columns of a relation, and of what is joined to it within its brackets."""
    fields = _bare(node, scope, at)
    if not node.args.get("joins"):
        return fields
    inner = _with_joins(node, _joined(Scope((), scope), fields), scope, at)
    return None if inner.is_open else inner.fields


def _bare(node: exp.Expr, scope: Scope, at: Analysis) -> Fields:
    match node:
        case exp.Table():
            return _named(node, _table(node, scope, at))
        case exp.Values():
            return _named(node, _values(node, scope, at))
        case exp.Unnest():
            return _unnest(node, scope, at)
        case exp.Subquery() if isinstance(node.this, (exp.Table, exp.Unnest, exp.Values, exp.Subquery)):
            inner = relation(node.this, scope, at)
            return _named(node, inner) if node.args.get("alias") else inner
        case exp.Subquery():
            return _named(node, at.fields_of(node, scope, at))
        case exp.Lateral(this=exp.Subquery() as inside):
            return _named(node, at.fields_of(inside, scope, at))
    return None


def _table(node: exp.Table, scope: Scope, at: Analysis) -> Fields:
    if id(node) in at.tables:
        return tuple(Field(name.lower(), of) for name, of in at.tables[id(node)])
    return None if node.db else scope.query(node.name.lower())


def _named(node: exp.Expr, fields: Fields) -> Fields:
    """The columns under the relation's own names: ``AS t (x, y)``."""
    if fields is None:
        return None
    alias = node.args.get("alias")
    columns = [column.name.lower() for column in (alias.args.get("columns") or ())] if alias else []
    called = node.alias_or_name.lower() or None
    if columns and len(columns) != len(fields):
        return None
    names = columns or [each.name for each in fields]
    return tuple(Field(name, each.type, called) for name, each in zip(names, fields, strict=True))


def _values(node: exp.Values, scope: Scope, at: Analysis) -> Fields:
    rows = [_row_type(each, scope, at) for each in node.expressions]
    if not rows or any(each.base != "row" for each in rows):
        return None
    common: Type | None = rows[0]
    for each in rows:
        if len(each.of) != len(rows[0].of):
            raise at.mismatch(node, f"Values rows have mismatched sizes: {len(rows[0].of)} vs {len(each.of)}")
        common = common_type(each, common) if common else None
        if common is None:
            raise at.mismatch(node, f"Values rows have mismatched types: {rows[0]} vs {each}")
    return tuple(Field(None, of) for of in (common.of if common else ()))


def _row_type(node: exp.Expr, scope: Scope, at: Analysis) -> Type:
    if isinstance(node, exp.Tuple) and len(node.expressions) != 1:
        return at.type_of(node, scope)
    of = at.type_of(node.expressions[0] if isinstance(node, exp.Tuple) else node, scope)
    return of if of.base == "row" or of == ANY else row([of])


def _unnest(node: exp.Unnest, scope: Scope, at: Analysis) -> Fields:
    types: list[Type] | None = []
    for each in node.expressions:
        parts = _unnested(at.type_of(each, scope), each, at)
        types = None if types is None or parts is None else [*types, *parts]
    alias, offset = node.args.get("alias"), node.args.get("offset")
    columns = [column.name.lower() for column in (alias.args.get("columns") or ())] if alias else []
    called = alias.name.lower() if alias and alias.this else None
    if isinstance(offset, exp.Identifier):
        columns.append(offset.name.lower())
    if types is None:
        return tuple(Field(name, ANY, called) for name in columns) if columns else None
    types = [*types, *([BIGINT] if offset else [])]
    if columns and len(columns) != len(types):
        return None
    names = columns or [None] * len(types)
    return tuple(Field(name, of, called) for name, of in zip(names, types, strict=True))


def _unnested(of: Type, node: exp.Expr, at: Analysis) -> list[Type] | None:
    if of in (ANY, UNKNOWN):
        return None
    if of.base == "map":
        return list(of.of)
    if of.base != "array":
        raise at.failure("INVALID_FUNCTION_ARGUMENT", node, f"Cannot unnest type: {of}")
    if of.of[0] == ANY:
        return None
    return list(of.of[0].of) if of.of[0].base == "row" else [of.of[0]]
