"""What a name means where it stands: columns of relations, names that a query gives, and what a lambda is given."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlglot import exp

from infra.local.athena.errors import QueryFailure
from infra.local.athena.typecheck.overloads import AmbiguousCall, overload
from infra.local.athena.typecheck.positions import place
from infra.local.athena.typecheck.solving import Argument, Bound
from infra.local.athena.typecheck.types import ANY, Type


@dataclass(frozen=True, slots=True)
class Field:
    """A column of a relation; ``relation`` is the name that it may be asked for by, as in ``t.x``."""

    name: str | None
    type: Type
    relation: str | None = None


Fields = tuple[Field, ...] | None
"""The columns of a relation or query; ``None`` where they are not known."""


@dataclass(frozen=True, slots=True)
class Scope:
    """The names that an expression may use. ``is_open``: there are columns that this check does not know."""

    fields: tuple[Field, ...] = ()
    parent: Scope | None = None
    is_open: bool = False
    queries: Mapping[str, Fields] = field(default_factory=dict)

    def query(self, name: str) -> Fields:
        """The columns of a query of a WITH, the nearest of that name; ``None`` too where there is none."""
        if name in self.queries:
            return self.queries[name]
        return self.parent.query(name) if self.parent else None

    def column(self, parts: Sequence[str]) -> Type | None:
        """The type of ``x``, ``t.x``, ``r.field`` or ``t.r.field``; ``None`` where no such name is known.

        >>> scope = Scope((Field("x", Type("integer"), "t"), Field("x", Type("date"), "u")))
        >>> str(scope.column(["u", "x"])), scope.column(["x"]), scope.column(["y"])
        ('date', Type(base='?', of=(), numbers=(), names=()), None)
        """
        for qualified in range(min(len(parts) - 1, 2), -1, -1):
            name, inner = parts[qualified], parts[qualified + 1 :]
            found = [each for each in self.fields if each.name == name and _is_of(each, parts[:qualified])]
            if found:
                return within(found[0].type, inner) if len(found) == 1 else ANY
        if self.is_open or self.parent is None:
            return ANY if self.is_open else None
        return self.parent.column(parts)


def _is_of(each: Field, qualifiers: Sequence[str]) -> bool:
    return not qualifiers or each.relation == qualifiers[-1]


def within(of: Type, names: Sequence[str]) -> Type | None:
    """The type of a row's field, and of the field's field; ``None`` for what is no row."""
    for name in names:
        if of == ANY:
            return ANY
        if of.base != "row":
            return None
        found = [part for part, called in zip(of.of, of.names, strict=True) if (called or "").lower() == name]
        of = found[0] if len(found) == 1 else ANY
    return of


Rule = Callable[[exp.Expr, Scope, "Analysis"], Type]


@dataclass(frozen=True, slots=True)
class Analysis:
    """One check of a query.

    ``tables`` has the columns of each mention of a table by the ``id`` of its node, ``rules`` what type a kind of
    expression has; ``conversions`` gathers what DuckDB would not convert as Trino does.
    """

    text: str
    tables: Mapping[int, Sequence[tuple[str, Type]]]
    rules: Mapping[type[exp.Expr], Rule]
    fields_of: Callable[[exp.Expr, Scope, Analysis], Fields]
    conversions: list[tuple[exp.Expr, exp.Expr, Type]] = field(default_factory=list)

    def convert(self, node: exp.Expr, to: Type, instead: exp.Expr | None = None) -> None:
        """Have a node cast, or something else in its place."""
        self.conversions.append((node, instead or node, to))

    def type_of(self, node: exp.Expr, scope: Scope) -> Type:
        """The type of an expression; ``ANY`` for what this check does not know."""
        rule = self.rules.get(type(node))
        return rule(node, scope, self) if rule else ANY

    def overload(self, name: str, given: Sequence[Argument], node: exp.Expr) -> Bound | None:
        """The overload that a call means; ``None`` where none fits."""
        try:
            return overload(name, given)
        except AmbiguousCall as several:
            raise self.failure("AMBIGUOUS_FUNCTION_CALL", node, str(several)) from several

    def failure(self, name: str, node: exp.Expr, message: str) -> QueryFailure:
        """An error at a node's place."""
        return QueryFailure(name, place(node, self.text) + message)

    def mismatch(self, node: exp.Expr, message: str) -> QueryFailure:
        """The commonest error."""
        return self.failure("TYPE_MISMATCH", node, message)
