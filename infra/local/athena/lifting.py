"""Aggregates and window functions inside other expressions are computed one level below.

DuckDB does not know the type of an aggregate when it chooses among a macro's overloads, so ``sum(x) / count(*)`` must
become ``a / b`` over a subquery that computes them. What cannot be lifted and would need it is refused afterwards by
:func:`require_plain_arguments`; it is never guessed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from sqlglot import exp

from infra.local.athena.errors import QueryFailure, not_supported
from infra.local.athena.functions import AGGREGATES

_WRAPPERS = (exp.Filter, exp.WithinGroup, exp.IgnoreNulls, exp.RespectNulls)
_BELOW = ("from_", "joins", "where", "group")


def lift(tree: exp.Expr) -> None:
    """Rewrite every SELECT of the tree that needs it, in place."""
    for select in reversed(list(tree.find_all(exp.Select))):
        windows = _nested(select, is_window)
        if windows or _nested(select, is_aggregate):
            _push_down(select, is_aggregate, _keys(select))
        if windows:
            _push_down(select, is_window, None)


def require_plain_arguments(tree: exp.Expr) -> None:
    """No call of ours may have an aggregate or window function among its arguments.

    Raises
    ------
    QueryFailure
        Says what to do instead.
    """
    for node in tree.find_all(exp.Anonymous):
        if node.name.startswith("tr_"):
            for argument in node.expressions:
                if next(calls(argument, lambda n: is_aggregate(n) or is_window(n)), None) is not None:
                    raise not_supported("this expression over an aggregate or window function: use a subquery")


def is_window(node: exp.Expr) -> bool:
    """Is it a call with OVER?"""
    return isinstance(node, exp.Window)


def is_aggregate(node: exp.Expr) -> bool:
    """Is it a call of an aggregate function, whatever it is wrapped in?"""
    while isinstance(node, _WRAPPERS):
        node = node.this
    if isinstance(node, exp.GroupConcat):
        return True
    return isinstance(node, exp.Anonymous) and node.name.lower() in AGGREGATES | {"grouping"}


def calls(node: exp.Expr, wanted: Callable[[exp.Expr], bool]) -> Iterator[exp.Expr]:
    """The outermost wanted calls below a node, not those of its subqueries."""
    if wanted(node):
        yield node
        return
    if isinstance(node, exp.Query):
        return
    if isinstance(node, exp.Window) and not _wants_windows(wanted):
        children: Iterator[exp.Expr] = _inside_window(node)
    else:
        children = node.iter_expressions()
    for child in children:
        yield from calls(child, wanted)


def _wants_windows(wanted: Callable[[exp.Expr], bool]) -> bool:
    return wanted is is_window


def _inside_window(node: exp.Window) -> Iterator[exp.Expr]:
    """A window's function is no aggregate; what it is given may be."""
    function = node.this
    while isinstance(function, _WRAPPERS):
        yield from (child for key, child in _children(function) if key != "this")
        function = function.this
    yield from function.iter_expressions()
    yield from (child for key, child in _children(node) if key != "this")


def _children(node: exp.Expr) -> Iterator[tuple[str, exp.Expr]]:
    for key, value in node.args.items():
        for item in value if isinstance(value, list) else [value]:
            if isinstance(item, exp.Expr):
                yield key, item


def _parts(select: exp.Select) -> list[exp.Expr]:
    """Where the values of a SELECT are used: its columns, HAVING, ORDER BY."""
    having, order = select.args.get("having"), select.args.get("order")
    return [*select.expressions, *([having.this] if having else []), *(order.expressions if order else [])]


def _nested(select: exp.Select, wanted: Callable[[exp.Expr], bool]) -> bool:
    """Is such a call inside another expression?"""
    for part in _parts(select):
        bare = part.unalias() if isinstance(part, exp.Alias) else part.this if isinstance(part, exp.Ordered) else part
        for found in calls(bare, wanted):
            if found is not bare:
                return True
    return False


def _keys(select: exp.Select) -> list[exp.Expr]:
    """What a SELECT groups by, ordinals looked up."""
    group = select.args.get("group")
    if group is None:
        return []
    for key in list(group.expressions):
        if isinstance(key, exp.Literal) and not key.is_string:
            key.replace(_at_position(select, str(key.this)).unalias().copy())
    keys = list(group.expressions)
    for sets in ("grouping_sets", "cube", "rollup"):
        for one in group.args.get(sets) or []:
            keys += list(one.find_all(exp.Column))
    return keys


def _at_position(select: exp.Select, position: str) -> exp.Expr:
    if not position.isdecimal() or not 0 < int(position[:9]) <= len(select.expressions):
        raise QueryFailure("INVALID_COLUMN_REFERENCE", f"GROUP BY position {position} is not in select list")
    found: exp.Expr = select.expressions[int(position) - 1]
    return found


def _push_down(select: exp.Select, wanted: Callable[[exp.Expr], bool], keys: list[exp.Expr] | None) -> None:
    """Compute the wanted calls (and the keys; every column that is used, if ``keys`` is None) in a subquery."""
    parts = _parts(select)
    if any(part.find(exp.Query) or _has_star(part) for part in parts):
        return
    if not any(True for part in parts for _ in calls(part, wanted)):
        return
    level = _Level(select, wanted, keys)
    replaced = [level.replace(part.copy(), ordering=isinstance(part, exp.Ordered)) for part in parts]
    if level.lost:
        return
    inner = exp.Select(expressions=level.columns)
    for part in _BELOW:
        inner.set(part, select.args.get(part))
        select.set(part, None)
    having = select.args.get("having")
    count = len(select.expressions)
    names = [column.alias_or_name for column in select.expressions]
    kept = [isinstance(column, (exp.Column, exp.Dot)) for column in select.expressions]
    columns = [
        exp.alias_(new, name, quoted=True) if was_column else new
        for new, name, was_column in zip(replaced[:count], names, kept, strict=True)
    ]
    rest = replaced[count:]
    select.set("expressions", columns)
    if having is not None:
        select.set("where", exp.Where(this=rest.pop(0)))
        select.set("having", None)
    if select.args.get("order") is not None:
        select.args["order"].set("expressions", rest)
    select.set("from_", exp.From(this=exp.Subquery(this=inner, alias=exp.TableAlias(this=exp.to_identifier("lifted")))))


def _has_star(part: exp.Expr) -> bool:
    """A star other than that of ``count(*)``."""
    return any(not isinstance(star.parent, exp.Anonymous) for star in part.find_all(exp.Star))


class _Level:
    """The columns of the subquery, and the replacing of what it computes."""

    def __init__(self, select: exp.Select, wanted: Callable[[exp.Expr], bool], keys: list[exp.Expr] | None) -> None:
        self.columns: list[exp.Expr] = []
        self.lost = False
        self._wanted = wanted
        self._open = keys is None
        self._names: dict[str, str] = {}
        self._aliases = {c.alias.lower() for c in select.expressions if isinstance(c, exp.Alias)}
        for key in keys or []:
            self._name(key)
        self._key_names = {key.name.lower(): key for key in keys or [] if isinstance(key, exp.Column)}

    def _name(self, node: exp.Expr) -> str:
        written = node.sql(dialect="trino", normalize_functions=False).lower()
        if written not in self._names:
            self._names[written] = f"lifted_{len(self.columns)}"
            self.columns.append(exp.alias_(node.copy(), self._names[written], quoted=True))
        return self._names[written]

    def replace(self, node: exp.Expr, ordering: bool) -> exp.Expr:
        """The expression, as it reads over the subquery."""
        written = node.sql(dialect="trino", normalize_functions=False).lower()
        if isinstance(node, exp.Column) and ordering and not node.table and node.name.lower() in self._aliases:
            return node
        if written in self._names or self._wanted(node):
            made = exp.column(self._name(node), quoted=True)
            made.meta["stands_for"] = node.copy()  # decimals.py wants to see what it is
            return made
        if isinstance(node, exp.Column):
            same = self._key_names.get(node.name.lower())
            if self._open:
                return exp.column(self._name(node), quoted=True)
            if same is not None and not (same.table and node.table and same.table.lower() != node.table.lower()):
                return exp.column(self._name(same), quoted=True)
            self.lost = True
            return node
        own = _inside_window(node) if isinstance(node, exp.Window) and self._wanted is not is_window else None
        for child in list(node.iter_expressions() if own is None else own):
            new = self.replace(child, ordering)
            if new is not child:
                child.replace(new)
        return node
