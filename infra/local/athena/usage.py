"""Which columns of a table a query needs, so that the bytes scanned are those that Athena would scan.

A column that a subquery, CTE or view has and nobody above it uses is not read, as in Trino
(``PruneUnreferencedOutputs``). Where something is not evident, all that the query mentions count.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from sqlglot import exp

from chalicelib.sql.scope import cte_of
from infra.local.athena.binding import Reference
from infra.local.athena.filters import ordinal
from infra.local.athena.sources import Projection, Sources, alias_of, is_recursive, joins_of, sources_of

Wanted = set[int] | None  # positions of a query's columns; None is all of them


def narrow(tree: exp.Expr, references: Sequence[Reference]) -> list[Reference]:
    """The mentions of a bound query with the columns that are needed of each."""
    usage = _Usage(Sources(references))
    usage.query(tree, None)
    return [_narrowed(reference, usage.columns) for reference in references]


def _narrowed(reference: Reference, columns: dict[int, set[str]]) -> Reference:
    found = columns.get(id(reference.node))
    used = reference.columns if found is None else reference.columns & found
    body = reference.body
    if body is not None:
        body = replace(body, references=tuple(_narrowed(inner, columns) for inner in body.references))
    return replace(reference, columns=frozenset(used), body=body)


class _Usage:
    """From a query down to the tables: what is wanted of each."""

    def __init__(self, sources: Sources) -> None:
        self._sources = sources
        self._of_ctes: dict[int, Wanted] = {}
        self.columns: dict[int, set[str]] = {}

    def query(self, query: exp.Expr, wanted: Wanted) -> None:
        """Look at a query of which these columns are wanted."""
        if isinstance(query, exp.Subquery):
            self.query(query.this, wanted)
        elif isinstance(query, exp.SetOperation):
            through = wanted if isinstance(query, exp.Union) and query.args.get("distinct") is False else None
            through = None if query.args.get("order") else through
            self.query(query.this, through)
            self.query(query.expression, through)
        elif isinstance(query, exp.Select):
            self._select(query, wanted)
        with_ = query.args.get("with_")
        for cte in reversed(with_.expressions if with_ is not None else []):
            if is_recursive(cte):
                self.query(cte.this, None)
            elif id(cte) in self._of_ctes:
                self.query(cte.this, self._of_ctes[id(cte)])
            else:
                self.query(cte.this, set())

    def _select(self, select: exp.Select, wanted: Wanted) -> None:
        projections = self._sources.projections(select)
        everything = wanted is None or projections is None or select.args.get("distinct") is not None
        known = set(range(len(projections or ())))
        kept = known if everything or wanted is None else known & wanted  # a stale view may want what is not there
        expressions = list(_expressions(select, projections or [], kept))
        for expression in expressions:
            for inner in _outermost_queries(expression):
                self.query(inner, None)
        for source in sources_of(select):
            names = self._sources.names(source)
            if names is None or projections is None:
                self._want(source, None)
            else:
                shared = {part.name.lower() for join in joins_of(select) for part in join.args.get("using") or []}
                used = {name for one in expressions for name in _mentioned(one, alias_of(source))} | shared
                self._want(source, {at for at, name in enumerate(names) if name in used})

    def _want(self, source: exp.Expr, wanted: Wanted) -> None:
        reference = self._sources.reference(source)
        if reference is not None and reference.body is not None:
            self.query(reference.body.tree, wanted)
        elif reference is not None:
            table = reference.table
            names = [column.name for column in (*table.columns, *table.partition_keys)]
            self.columns[id(source)] = set(names) if wanted is None else {names[at] for at in wanted}
        elif isinstance(source, exp.Table):
            cte = cte_of(source)
            before = self._of_ctes.get(id(cte), set())
            self._of_ctes[id(cte)] = None if before is None or wanted is None else before | wanted
        elif isinstance(source, exp.Subquery):
            self.query(source.this, wanted)


def _expressions(select: exp.Select, projections: Sequence[Projection], kept: set[int]) -> Iterator[exp.Expr]:
    """All that a SELECT computes for its wanted columns."""
    names = dict(projections)
    if not projections:
        yield from select.expressions
    yield from (projections[at][1] for at in sorted(kept))
    for part in ("where", "having", "group", "order"):
        clause = select.args.get(part)
        if clause is None:
            continue
        yield clause
        if part in ("group", "order"):
            for key in clause.expressions:
                bare = key.this if isinstance(key, exp.Ordered) else key
                named = ordinal(bare, projections)
                if named is not None:
                    yield named
            yield from (names[name] for name in _mentioned(clause, "") if name in names)
    yield from (join.args["on"] for join in joins_of(select) if join.args.get("on") is not None)
    yield from (source for source in sources_of(select) if isinstance(source, exp.Unnest))


def _mentioned(node: exp.Expr, alias: str) -> Iterator[str]:
    """The names that may be columns of the source of this alias."""
    for part in node.find_all(exp.Identifier):
        column = part.parent
        of_another = isinstance(column, exp.Column) and column.table and column.table.lower() != alias
        if not of_another or (isinstance(column, exp.Column) and part is not column.this):
            yield part.name.lower()


def _outermost_queries(node: exp.Expr) -> Iterator[exp.Expr]:
    if isinstance(node, exp.Query):
        yield node
    else:
        for child in node.iter_expressions():
            yield from _outermost_queries(child)
