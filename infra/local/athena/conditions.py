"""What must be true of a table's partition keys for a row to matter: the conditions around a mention, from all levels.

A condition is followed downwards only where leaving rows out early cannot change the answer: from WHERE, HAVING and ON
through joins, subqueries, CTEs, views and set operations; through GROUP BY where it is of the keys grouped by; through
windows where it is of all their PARTITION BY. It never passes LIMIT, WITH RECURSIVE or an aggregate over everything.
The query keeps the condition; here it only says which partitions need not be read.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlglot import exp

from chalicelib.sql.scope import cte_of
from infra.local.athena.binding import Reference
from infra.local.athena.filters import determined, filters, fixed_within, is_cut, through_equalities
from infra.local.athena.lifting import calls, is_aggregate
from infra.local.athena.sources import Sources, is_recursive, joins_of, renamed, select_of, sources_of

MAX_STEPS = 300  # of one mention through the levels above it
MAX_NODES = 200  # of one condition
_VOLATILE = ("random", "rand", "uuid", "shuffle")
#: What a column is: an expression over the table's partition keys, then what it is where one of the sources on the way
#: is the optional side of an outer join and absent.
Variants = tuple[exp.Expr, ...]
Values = Mapping[str, Variants]  # columns of a source by name


@dataclass(frozen=True, slots=True)
class Condition:
    """An expression over partition keys, and the same where a source on the way is absent from an outer join's row.

    None of the latter may be true: else leaving rows out could make rows that pass.
    """

    test: exp.Expr
    when_absent: tuple[exp.Expr, ...]


@dataclass(frozen=True, slots=True)
class Every:
    """All parts must be true; without parts, anything goes."""

    parts: tuple[Need, ...] = ()


@dataclass(frozen=True, slots=True)
class Some:
    """One part must be true; without parts, nothing is needed."""

    parts: tuple[Need, ...] = ()


Need = Condition | Every | Some
ANYTHING = Every()


def needed(reference: Reference, sources: Sources) -> Need:
    """Which partitions of a mention of a table matter."""
    table = reference.table
    names = renamed(reference.node, [column.name for column in (*table.columns, *table.partition_keys)])
    if names is None:
        return ANYTHING
    keys = zip(names[len(table.columns) :], table.partition_keys, strict=True)
    return _Climb(sources).around(reference.node, {name: (exp.column(key.name, quoted=True),) for name, key in keys})


class _Climb:
    """From a mention to the levels above it."""

    def __init__(self, sources: Sources) -> None:
        self._sources = sources
        self._steps = 0

    def around(self, source: exp.Expr, values: Values) -> Need:
        """What the SELECT around a source, and those above it, want of the source."""
        self._steps += 1
        select = select_of(source)
        if select is None or not values or self._steps > MAX_STEPS:
            return ANYTHING
        here = list(filters(select, source))
        everywhere = list(filters(select, None))
        here += through_equalities(select, source, everywhere)
        if any(join.side for join in joins_of(select)):
            values = {name: (*variants, _null_of(variants[0])) for name, variants in values.items()}
        parts: list[Need] = []
        for condition in here:
            made = self._over_keys(condition, source, select, values) if condition.find(exp.Column) else None
            parts += [Condition(made[0], made[1:])] if made is not None else []
        return Every((*parts, self._above(select, source, values)))

    def _over_keys(self, node: exp.Expr, source: exp.Expr, select: exp.Select, values: Values) -> Variants | None:
        """The expression with the source's columns replaced, or nothing if it has other columns or is not constant."""
        if node.find(exp.Query, exp.Window) or next(calls(node, is_aggregate), None) is not None:
            return None
        if any(isinstance(n, exp.Anonymous) and n.name.lower() in _VOLATILE for n in node.walk()):
            return None
        arguments = {a.name.lower() for one in node.find_all(exp.Lambda) for a in one.expressions}
        for column in node.find_all(exp.Column):
            name = column.name.lower()
            if name not in values or name in arguments or not self._sources.belongs(column, source, select):
                return None
        count = min((len(variants) for variants in values.values()), default=1)
        made = tuple(_put(node, {name: variants[at] for name, variants in values.items()}) for at in range(count))
        return made if all(sum(1 for _ in one.walk()) <= MAX_NODES for one in made) else None

    def _above(self, select: exp.Select, source: exp.Expr, values: Values) -> Need:
        """What is wanted of the SELECT's own columns, if it hands its rows on one by one."""
        projections = self._sources.projections(select)
        if projections is None or is_cut(select):
            return ANYTHING
        fixed = fixed_within(select, projections)
        if fixed is None:
            return ANYTHING
        out: list[Variants | None] = []
        for _, item in projections:
            passes = all(determined(item, keys) for keys in fixed)
            out.append(self._over_keys(item, source, select, values) if passes else None)
        return self._outwards(select, out, [name for name, _ in projections])

    def _outwards(self, query: exp.Expr, columns: Sequence[Variants | None], names: Sequence[str]) -> Need:
        """Follow a query's columns to where they are used."""
        parent = query.parent
        if view := self._sources.view_of(query):
            reference, body = view
            stored = body.definition.columns
            if len(stored) != len(columns):
                return ANYTHING
            casts = [_cast_all(variants, column.type) for variants, column in zip(columns, stored, strict=True)]
            return self._into(reference.node, casts, [column.name for column in stored])
        if isinstance(parent, exp.SetOperation):
            if is_cut(parent):
                return ANYTHING
            first = self._sources.output_names(parent.this)
            sides = [self._kinds(side) for side in (parent.this, parent.expression)]
            if first is None or len(first) != len(columns) or any(len(side) != len(columns) for side in sides):
                return ANYTHING
            same = [left is not None and left == right for left, right in zip(*sides, strict=True)]
            return self._outwards(parent, [c if ok else None for c, ok in zip(columns, same, strict=True)], first)
        if isinstance(parent, exp.Subquery):
            if is_cut(parent):
                return ANYTHING
            return self._into(parent, columns, names) if select_of(parent) else self._outwards(parent, columns, names)
        if isinstance(parent, exp.CTE) and not is_recursive(parent):
            owner = parent.parent.parent if parent.parent else None
            mentions = [t for t in owner.find_all(exp.Table) if cte_of(t) is parent] if owner else []
            inner = renamed(parent, names)
            if inner is None:
                return ANYTHING
            return Some(tuple(self._into(mention, columns, inner) for mention in mentions))
        return ANYTHING

    def _into(self, source: exp.Expr, columns: Sequence[Variants | None], names: Sequence[str]) -> Need:
        called = renamed(source, names)
        if called is None or len(set(called)) != len(called):
            return ANYTHING
        pairs = zip(called, columns, strict=True)
        return self.around(source, {name: value for name, value in pairs if value is not None})

    def _kinds(self, query: exp.Expr) -> list[str | None]:
        """The types of a query's columns where they are evident; a set operation may change the others."""
        if isinstance(query, exp.Subquery):
            return self._kinds(query.this)
        if isinstance(query, exp.SetOperation):
            sides = self._kinds(query.this), self._kinds(query.expression)
            return [one if one == other else None for one, other in zip(*sides, strict=False)]
        found = self._sources.projections(query) if isinstance(query, exp.Select) else None
        if found is None or not isinstance(query, exp.Select):
            return []
        return [self._kind(item, query) for _, item in found]

    def _kind(self, node: exp.Expr, select: exp.Select) -> str | None:
        if isinstance(node, exp.Paren):
            return self._kind(node.this, select)
        if isinstance(node, exp.Literal) and node.is_string:
            return "string"
        if isinstance(node, exp.Cast):
            return {"VARCHAR": "string"}.get(node.to.sql(), node.to.sql().lower())
        if isinstance(node, exp.Anonymous) and node.name.lower() == "date":
            return "date"
        if not isinstance(node, exp.Column):
            return None
        name = node.name.lower()
        for source in sources_of(select):
            names = self._sources.names(source)
            if names is not None and name in names and self._sources.belongs(node, source, select):
                return self._kind_in(source, names.index(name))
        return None

    def _kind_in(self, source: exp.Expr, at: int) -> str | None:
        reference = self._sources.reference(source)
        if reference is not None:
            return (*reference.table.columns, *reference.table.partition_keys)[at].type.lower()
        cte = cte_of(source) if isinstance(source, exp.Table) else None
        inner = cte.this if cte is not None and not is_recursive(cte) else source.this
        kinds = self._kinds(inner) if isinstance(inner, exp.Query) else []
        return kinds[at] if at < len(kinds) else None


def _put(node: exp.Expr, values: Mapping[str, exp.Expr]) -> exp.Expr:
    """The expression with columns replaced by their values."""
    root = exp.Paren(this=node.copy())
    for column in list(root.find_all(exp.Column)):
        column.replace(exp.Paren(this=values[column.name.lower()].copy()))
    return root


def _cast_all(variants: Variants | None, kind: str) -> Variants | None:
    """As the view casts it; of the simple types only."""
    if variants is None or not re.fullmatch(
        r"(varchar|bigint|integer|smallint|tinyint|double|boolean|date)", kind.lower()
    ):
        return None
    return tuple(exp.cast(value.copy(), kind, dialect="trino") for value in variants)


def _null_of(value: exp.Expr) -> exp.Expr:
    """Null, of the value's type."""
    return exp.Case(ifs=[exp.If(this=exp.Boolean(this=False), true=value.copy())])
