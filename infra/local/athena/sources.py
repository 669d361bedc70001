"""What the sources of a bound query are, and their columns: tables, views, CTEs, subqueries."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlglot import exp

from chalicelib.sql.scope import cte_of
from infra.local.athena.binding import Body, Reference

Projection = tuple[str, exp.Expr]  # a column of a SELECT: its name in lower case, and what it is


def select_of(source: exp.Expr) -> exp.Select | None:
    """The SELECT that has this as a source in FROM or JOIN."""
    clause = source.parent
    if isinstance(clause, (exp.From, exp.Join)) and clause.this is source and isinstance(clause.parent, exp.Select):
        return clause.parent
    return None


def sources_of(select: exp.Select) -> list[exp.Expr]:
    """What stands in FROM and JOIN."""
    from_ = select.args.get("from_")
    first = [from_.this] if from_ is not None else []
    return [*first, *(join.this for join in joins_of(select))]


def joins_of(select: exp.Select) -> list[exp.Join]:
    """The joins of a SELECT."""
    return list(select.args.get("joins") or [])


def alias_of(source: exp.Expr) -> str:
    """The name by which the columns of a source are called."""
    return str(source.alias_or_name).lower()


def renamed(source: exp.Expr, names: Sequence[str]) -> list[str] | None:
    """The names of a source's columns, as its alias calls them: ``AS t(a, b)``."""
    alias = source.args.get("alias")
    given = [column.name.lower() for column in (alias.args.get("columns") or [])] if alias is not None else []
    if not given:
        return list(names)
    return given if len(given) == len(names) else None


class Sources:
    """The mentions of one query, those inside views included, and what they have.

    Everything here answers ``None`` where it is not evident.
    """

    def __init__(self, references: Sequence[Reference]) -> None:
        self._by_node: dict[int, Reference] = {}
        self._by_body: dict[int, tuple[Reference, Body]] = {}
        for reference in _all(references):
            self._by_node[id(reference.node)] = reference
            if reference.body is not None:
                self._by_body[id(reference.body.tree)] = reference, reference.body

    def view_of(self, query: exp.Expr) -> tuple[Reference, Body] | None:
        """The mention of the view whose whole query this is."""
        return self._by_body.get(id(query))

    def reference(self, node: exp.Expr) -> Reference | None:
        """The mention that this node is."""
        return self._by_node.get(id(node))

    def names(self, source: exp.Expr) -> list[str] | None:
        """The columns of a source, in order."""
        found: list[str] | None = None
        if isinstance(source, exp.Table):
            reference = self._by_node.get(id(source))
            if reference is not None:
                table = reference.table
                found = [column.name for column in (*table.columns, *table.partition_keys)]
            else:
                cte = cte_of(source)
                inner = self.output_names(cte.this) if cte is not None and not is_recursive(cte) else None
                found = renamed(cte, inner) if cte is not None and inner is not None else None
        elif isinstance(source, exp.Subquery):
            found = self.output_names(source.this)
        elif isinstance(source, (exp.Unnest, exp.Values)):
            alias = source.args.get("alias")
            columns = [c.name.lower() for c in (alias.args.get("columns") or [])] if alias is not None else []
            offset = source.args.get("offset")
            return [*columns, *([offset.name.lower()] if isinstance(offset, exp.Identifier) else [])] or None
        return None if found is None else renamed(source, found)

    def output_names(self, query: exp.Expr) -> list[str] | None:
        """The names of a query's columns: those of its first SELECT."""
        while isinstance(query, (exp.SetOperation, exp.Subquery)):
            query = query.this
        found = self.projections(query) if isinstance(query, exp.Select) else None
        return None if found is None else [name for name, _ in found]

    def projections(self, select: exp.Select) -> list[Projection] | None:
        """The columns of a SELECT, its stars written out."""
        out: list[Projection] = []
        for at, item in enumerate(select.expressions):
            if item.is_star and not isinstance(item, (exp.Anonymous, exp.Alias)):
                starred = self._starred(select, item)
                if starred is None:
                    return None
                out += starred
            elif isinstance(item, exp.Alias):
                out.append((item.alias.lower(), item.this))
            else:
                out.append((item.name.lower() if isinstance(item, (exp.Column, exp.Dot)) else f"_col{at}", item))
        return out

    def _starred(self, select: exp.Select, star: exp.Expr) -> list[Projection] | None:
        if any(join.args.get("using") for join in joins_of(select)):
            return None  # the shared columns come once, and first
        of = star.table.lower() if isinstance(star, exp.Column) else ""
        wanted = [source for source in sources_of(select) if not of or alias_of(source) == of]
        out: list[Projection] = []
        for source in wanted:
            names = self.names(source)
            if names is None or (len(wanted) > 1 and not alias_of(source)):
                return None
            out += [(name, exp.column(name, table=alias_of(source) or None)) for name in names]
        return out if wanted else None

    def belongs(self, column: exp.Column, source: exp.Expr, select: exp.Select) -> bool:
        """Is this, in a SELECT, evidently a column of this source? The caller knows that the source has such a column.

        A column that a JOIN has in USING belongs to both sides: where a row of a side takes part, the values are its.
        """
        if column.table:
            return bool(column.table.lower() == alias_of(source))
        name = column.name.lower()
        if any(
            name == part.name.lower()
            for join in select.args.get("joins") or []
            for part in join.args.get("using") or []
        ):
            return True
        others = [self.names(other) for other in sources_of(select) if other is not source]
        return all(names is not None and name not in names for names in others)


def is_recursive(cte: exp.Expr) -> bool:
    """Is it of a WITH RECURSIVE?"""
    return bool(cte.parent and cte.parent.args.get("recursive"))


def _all(references: Sequence[Reference]) -> Iterator[Reference]:
    for reference in references:
        yield reference
        if reference.body is not None:
            yield from _all(reference.body.references)
