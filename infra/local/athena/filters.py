"""What a SELECT lets through: its conditions, what follows from them, and by what it groups and parts its rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlglot import exp

from infra.local.athena.lifting import calls, is_aggregate
from infra.local.athena.sources import Projection, alias_of, joins_of

_COMPARISONS = (exp.EQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.Between, exp.In)


def filters(select: exp.Select, source: exp.Expr | None) -> Iterator[exp.Expr]:
    """The conditions that every row of the SELECT passes; for a source also those of the join it is optional in."""
    where = select.args.get("where")
    if where is not None:
        yield from _conjuncts(where.this)
    having = select.args.get("having")
    if having is not None and select.args.get("group") is not None:
        keys = grouped_by(select, None)
        yield from (c for c in _conjuncts(having.this) if keys is not None and determined(c, keys))
    joins = joins_of(select)
    outer = [join for join in joins if join.side]
    for join in joins:
        condition = join.args.get("on")
        optional_here = source is not None and join.this is source and join.side == "LEFT" and len(outer) == 1
        if condition is not None and (not outer or optional_here):
            yield from _conjuncts(condition)


def _conjuncts(condition: exp.Expr) -> Iterator[exp.Expr]:
    if isinstance(condition, exp.Paren):
        yield from _conjuncts(condition.this)
    elif isinstance(condition, exp.And):
        yield from _conjuncts(condition.left)
        yield from _conjuncts(condition.right)
    else:
        yield condition


def through_equalities(select: exp.Select, source: exp.Expr, filters: Sequence[exp.Expr]) -> list[exp.Expr]:
    """``a.dt = b.dt`` and a comparison of ``a.dt`` say the same of ``b.dt`` (Trino's ``EqualityInference``).

    An equality in ON counts if one side is of the joined source: then a row either has it, or the other side is null
    and the comparison drops it.
    """
    equal: list[tuple[exp.Column, exp.Column]] = [pair for c in filters if (pair := _equality(c))]
    for join in joins_of(select):
        on, joined = join.args.get("on"), alias_of(join.this)
        pairs = [pair for c in (_conjuncts(on) if on is not None else ()) if (pair := _equality(c))]
        equal += [pair for pair in pairs if sum(side.table.lower() == joined for side in pair) == 1]
    own = alias_of(source)
    out: list[exp.Expr] = []
    for condition in filters:
        columns = list(condition.find_all(exp.Column))
        compared = condition.this if isinstance(condition, _COMPARISONS) else None
        if len(columns) != 1 or compared is not columns[0]:
            continue
        for pair in equal:
            for here, there in (pair, pair[::-1]):
                if here.table.lower() == own and _same(there, columns[0]):
                    made = condition.copy()
                    made.this.replace(here.copy())
                    out.append(made)
    return out


def _equality(condition: exp.Expr) -> tuple[exp.Column, exp.Column] | None:
    left, right = (condition.this, condition.expression) if isinstance(condition, exp.EQ) else (None, None)
    if isinstance(left, exp.Column) and isinstance(right, exp.Column) and left.table and right.table:
        return left, right
    return None


def _same(one: exp.Column, other: exp.Column) -> bool:
    return (one.table.lower(), one.name.lower()) == (other.table.lower(), other.name.lower())


def is_cut(query: exp.Expr) -> bool:
    """Does it depend on all rows which of them come out?"""
    return any(query.args.get(part) for part in ("limit", "offset", "fetch"))


def fixed_within(select: exp.Select, projections: Sequence[Projection]) -> list[Sequence[exp.Expr]] | None:
    """By what a SELECT groups its rows and parts its windows: only conditions on these may be applied before it."""
    joins = joins_of(select)
    shared = any(join.side for join in joins) and any(join.args.get("using") for join in joins)
    parts = [item for _, item in projections]
    order, having = select.args.get("order"), select.args.get("having")
    parts += [*(order.expressions if order else []), *([having.this] if having else [])]
    fixed: list[Sequence[exp.Expr]] = []
    aggregated = any(next(calls(part, is_aggregate), None) is not None for part in parts)
    if select.args.get("group") is not None:
        keys = grouped_by(select, projections)
        if keys is None:
            return None
        fixed.append(keys)
    elif aggregated or having is not None:
        return None
    for part in parts:
        fixed += [window.args.get("partition_by") or [] for window in part.find_all(exp.Window)]
    return None if fixed and shared else fixed  # the columns that an outer join shares are no side's own


def grouped_by(select: exp.Select, projections: Sequence[Projection] | None) -> list[exp.Expr] | None:
    """The keys of a plain GROUP BY, numbers looked up; nothing for GROUPING SETS and the like."""
    group = select.args["group"]
    if any(group.args.get(part) for part in ("grouping_sets", "cube", "rollup")) or not group.expressions:
        return None
    keys: list[exp.Expr] = []
    for key in group.expressions:
        if isinstance(key, exp.Literal) and not key.is_string:
            named = ordinal(key, projections or [])
            if named is None:
                return None
            keys.append(named)
        else:
            keys.append(key)
    return keys


def ordinal(key: exp.Expr, projections: Sequence[Projection]) -> exp.Expr | None:
    """The column that a number in GROUP BY or ORDER BY means."""
    if not isinstance(key, exp.Literal) or key.is_string or not str(key.this).isdecimal() or len(str(key.this)) > 9:
        return None
    at = int(key.this) - 1
    return projections[at][1] if 0 <= at < len(projections) else None


def determined(node: exp.Expr, keys: Sequence[exp.Expr]) -> bool:
    """Is an expression the same for all rows that agree in the keys?"""
    if any(_written(node) == _written(key) for key in keys):
        return True
    if isinstance(node, (exp.Column, exp.Star)) or is_aggregate(node):
        if not isinstance(node, exp.Column):
            return False
        return any(
            isinstance(key, exp.Column)
            and key.name.lower() == node.name.lower()
            and (not key.table or not node.table or key.table.lower() == node.table.lower())
            for key in keys
        )
    return all(determined(child, keys) for child in node.iter_expressions() if not isinstance(child, exp.DataType))


def _written(node: exp.Expr) -> str:
    return str(node.sql(dialect="trino", normalize_functions=False))
