"""The columns of a query, clause by clause in the order in which Trino looks at them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sqlglot import exp

from infra.local.athena.errors import not_supported
from infra.local.athena.typecheck.coercion import coercible, common_type, is_comparable, is_orderable
from infra.local.athena.typecheck.relations import require_truth, source
from infra.local.athena.typecheck.scope import Analysis, Field, Fields, Scope


def fields_of(query: exp.Expr, outer: Scope, at: Analysis) -> Fields:
    """The names and types of a query's columns; ``None`` where not all are known."""
    scope = _with(query, outer, at)
    match query:
        case exp.Select():
            return _select(query, scope, at)
        case exp.SetOperation():
            fields = _set_operation(query, scope, at)
        case exp.Subquery():
            fields = fields_of(query.this, scope, at) if isinstance(query.this, exp.Query) else None
        case _:
            return None
    _check_order(query, fields, Scope((), scope, is_open=fields is None), at)
    return fields


def _with(query: exp.Expr, outer: Scope, at: Analysis) -> Scope:
    with_ = query.args.get("with_")
    if with_ is None:
        return outer
    known: dict[str, Fields] = {}
    for cte in with_.expressions:
        scope = Scope((), outer, queries=dict(known))
        recursive = bool(with_.args.get("recursive")) and isinstance(cte.this, exp.Union)
        fields = _recursive(cte, scope, at) if recursive else fields_of(cte.this, scope, at)
        known[cte.alias.lower()] = _renamed(cte, fields)
    return Scope((), outer, queries=known)


def _renamed(cte: exp.Expr, fields: Fields) -> Fields:
    columns = cte.args["alias"].args.get("columns") or ()
    if fields is None or (columns and len(columns) != len(fields)):
        return None
    names = [column.name.lower() for column in columns] or [each.name for each in fields]
    return tuple(Field(name, each.type) for name, each in zip(names, fields, strict=True))


def _recursive(cte: exp.Expr, scope: Scope, at: Analysis) -> Fields:
    """The columns of a recursion are those of its first part; those of its step must become them."""
    union, name = cte.this, cte.alias.lower()
    base = fields_of(union.this, replace(scope, queries={**scope.queries, name: None}), at)
    step_scope = replace(scope, queries={**scope.queries, name: _renamed(cte, base)})
    step = fields_of(union.expression, step_scope, at)
    for number, (one, other) in enumerate(zip(base or (), step or (), strict=False), 1):
        if not coercible(other.type, one.type):
            raise at.mismatch(
                union.expression,
                f"recursion step relation output type ({other.type}) is not coercible to recursion base relation "
                f"output type ({one.type}) at column {number}",
            )
    return base


def _set_operation(query: exp.SetOperation, scope: Scope, at: Analysis) -> Fields:
    left, right = fields_of(query.this, scope, at), fields_of(query.expression, scope, at)
    name = type(query).__name__.upper()
    if left is None or right is None:
        return None
    if len(left) != len(right):
        raise at.mismatch(query, f"{name} query has different number of fields: {len(left)}, {len(right)}")
    found: list[Field] = []
    for number, (one, other) in enumerate(zip(left, right, strict=True), 1):
        common = common_type(one.type, other.type)
        if common is None:
            message = f"column {number} in {name} query has incompatible types: {one.type}, {other.type}"
            raise at.mismatch(query, message)
        if common.base == "timestamp with time zone" and one.type.base != other.type.base:
            raise not_supported("timestamps with and without time zone in one column: cast them")
        found.append(replace(one, type=common))
    if name != "UNION" or query.args.get("distinct"):
        for each in found:
            if not is_comparable(each.type):
                what = f"{name} DISTINCT" if name == "UNION" else name
                raise at.mismatch(query, f"Type {each.type} is not comparable and therefore cannot be used in {what}")
    return tuple(found)


def _select(query: exp.Select, scope: Scope, at: Analysis) -> Fields:
    inner = source(query, scope, at)
    where, having = query.args.get("where"), query.args.get("having")
    if where is not None:
        require_truth(where.this, inner, at, "WHERE clause")
    outputs = [_output(each, inner, at) for each in query.expressions]
    known = [output for output in outputs if output is not None]
    fields = tuple(each for output in known for each in output) if len(known) == len(outputs) else None
    _check_group(query, fields, inner, at)
    if having is not None:
        require_truth(having.this, inner, at, "HAVING clause")
    if query.args.get("distinct"):
        for each in fields or ():
            if not is_comparable(each.type):
                raise at.mismatch(query, f"DISTINCT can only be applied to comparable types (actual: {each.type})")
    _check_order(query, fields, inner, at)
    return fields


def _output(node: exp.Expr, scope: Scope, at: Analysis) -> Fields:
    """The columns that an item of a SELECT gives: several for ``*``."""
    if isinstance(node, exp.Star):
        return None if scope.is_open else scope.fields
    if isinstance(node, exp.Column) and isinstance(node.this, exp.Star):
        of = tuple(each for each in scope.fields if each.relation == node.table.lower())
        return None if scope.is_open or not of else of
    if isinstance(node, exp.Dot) and isinstance(node.expression, exp.Star):
        return None
    named = isinstance(node, (exp.Alias, exp.Column, exp.Dot))
    return (Field(node.output_name.lower() if named else None, at.type_of(node, scope)),)


def _check_group(query: exp.Select, fields: Fields, scope: Scope, at: Analysis) -> None:
    group = query.args.get("group")
    if group is None:
        return
    for key in group.expressions:
        if (number := _ordinal(key)) is not None:
            _require_position(number, key, fields, "GROUP BY", at)
            of = fields[number - 1].type if fields else None
        elif isinstance(key, (exp.Cube, exp.Rollup, exp.GroupingSets, exp.Tuple)):
            continue
        else:
            of = at.type_of(key, scope)
        if of is not None and not is_comparable(of):
            raise at.mismatch(key, f"{of} is not comparable, and therefore cannot be used in GROUP BY")


def _check_order(query: exp.Expr, fields: Fields, scope: Scope, at: Analysis) -> None:
    """ORDER BY sees the names of the result before those of what it is made of."""
    order = query.args.get("order")
    named = Scope(tuple(replace(each, relation=None) for each in fields or ()), scope, is_open=fields is None)
    for item in order.expressions if order else ():
        number = _ordinal(item.this)
        if number is not None:
            _require_position(number, item.this, fields, "ORDER BY", at)
            of = fields[number - 1].type if fields else None
        else:
            of = at.type_of(item.this, named)
        if of is not None and not is_orderable(of):
            written = item.this.sql(dialect="trino")
            raise at.mismatch(query, f"Type {of} is not orderable, and therefore cannot be used in ORDER BY: {written}")


def _ordinal(node: exp.Expr) -> int | None:
    is_number = isinstance(node, exp.Literal) and not node.is_string and node.name.isdigit()
    return int(node.name) if is_number else None


def _require_position(number: int, node: exp.Expr, fields: Sequence[Field] | None, clause: str, at: Analysis) -> None:
    if fields is not None and not 1 <= number <= len(fields):
        raise at.failure("INVALID_COLUMN_REFERENCE", node, f"{clause} position {number} is not in select list")
