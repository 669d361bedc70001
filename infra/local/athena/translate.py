"""From a checked Trino tree to DuckDB's SQL."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlglot import ErrorLevel, exp
from sqlglot.errors import UnsupportedError
from sqlglot.expressions.datatypes import DType

from infra.local.athena import decimals
from infra.local.athena.errors import QueryFailure, not_supported
from infra.local.athena.functions import call, number, plus, rewrite, text
from infra.local.athena.lifting import lift, require_plain_arguments
from infra.local.athena.limits import check_copies, check_expanded
from infra.local.athena.prelude import mentions

ZONED = "zoned"
"""The mark, in a comparison's ``meta``, that the check of types knows its sides to be timestamps with time zone."""

_ZONED_CALLS = frozenset(
    ["tr_zoned", "tr_from_unixtime", "tr_at_timezone", "tr_with_timezone", "tr_parse_zoned", "tr_to_zoned"]
)
_TIME_CALLS = _ZONED_CALLS | {
    "tr_trunc",
    "tr_plus_days",
    "tr_plus_time",
    "tr_to_date",
    "tr_to_timestamp",
    "tr_round_ms",
}
_COMPARISONS = (exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.NullSafeEQ, exp.NullSafeNEQ)
_Kind = DType
_INTEGERS = (_Kind.TINYINT, _Kind.SMALLINT, _Kind.INT, _Kind.BIGINT)
_PLAIN_CASTS = (
    _Kind.DOUBLE,
    _Kind.FLOAT,
    _Kind.DECIMAL,
    _Kind.BOOLEAN,
    _Kind.ARRAY,
    _Kind.MAP,
    _Kind.STRUCT,
    _Kind.TIME,
)
_MAP_CALLS = frozenset(["map", "map_from_entries", "histogram", "map_filter", "transform_values", "transform_keys"])
_WRAPPERS = (exp.Filter, exp.Window, exp.IgnoreNulls, exp.RespectNulls, exp.WithinGroup)


@dataclass(frozen=True, slots=True)
class Context:
    """What the translation has to know.

    ``now`` is the start of the query, the same for every ``now()`` in it. ``column_types`` has the Glue type of every
    column name that has one type in the tables that the query reads.
    """

    now: dt.datetime
    column_types: Mapping[str, str] = field(default_factory=dict)

    @property
    def scales(self) -> dict[str, int]:
        """What :mod:`~infra.local.athena.decimals` wants to know of the columns."""
        found = {}
        for name, kind in self.column_types.items():
            decimal = re.fullmatch(r"decimal\(\d+(?:,\s*(\d+))?\)", kind)
            found[name] = int(decimal[1] or 0) if decimal else (decimals.WHOLE if kind.endswith("int") else -1)
        return found


def to_duckdb(tree: exp.Expr, context: Context) -> str:
    """DuckDB's SQL for a tree that :func:`infra.local.athena.guard.check` has passed.

    Raises
    ------
    QueryFailure
        For what cannot be translated rightly; it names it.
    """
    root = exp.Paren(this=tree.copy())  # something to hang replacements on
    _name_outputs(root.this)
    lift(root)
    for node in reversed(list(root.walk())):
        rule = _RULES.get(type(node))
        if rule is not None and node is not root:
            new = rule(node, context)
            if new is not node:
                check_copies(new)
                _put(new, node)
    require_plain_arguments(root)
    check_expanded(root, mentions)
    return _written(root.this)


def _put(new: exp.Expr, node: exp.Expr) -> None:
    """In the place of a node; sqlglot's own ``replace`` goes through all neighbours, which is slow for long lists."""
    parent, key, at = node.parent, node.arg_key, node.index
    if parent is None or key is None or at is None:
        node.replace(new)
        return
    parent.args[key][at] = new
    new.parent, new.arg_key, new.index = parent, key, at


def _written(node: exp.Expr) -> str:
    """DuckDB's text; what sqlglot cannot write is refused, not left out."""
    try:
        return str(
            node.sql(
                dialect="duckdb",
                identify=True,
                comments=False,
                normalize_functions=False,
                unsupported_level=ErrorLevel.RAISE,
            )
        )
    except UnsupportedError as error:
        raise not_supported(f"this: {error}") from error


def outermost_select(tree: exp.Expr) -> exp.Select | None:
    """The SELECT that names the columns of the result."""
    while not isinstance(tree, exp.Select):
        inner = tree.args.get("this")
        if not isinstance(inner, exp.Expr):
            return None
        tree = inner
    return tree


def _name_outputs(tree: exp.Expr) -> None:
    """Expressions without a name are called ``_col0``, ``_col1``, … by their position."""
    select = outermost_select(tree)
    for at, column in enumerate(select.expressions if select else ()):
        if not isinstance(column, (exp.Alias, exp.Column, exp.Star, exp.Dot)):
            _put(exp.alias_(column.copy(), f"_col{at}", quoted=True), column)


def _call(node: exp.Expr, context: Context) -> exp.Expr:
    name = node.name.lower()
    parent = node.parent
    wrapped = isinstance(parent, _WRAPPERS) and parent.this is node
    if name == "now":
        return _now(node, context)
    new = rewrite(name, list(node.expressions))
    if wrapped and not isinstance(new, (exp.Anonymous, exp.Count)):
        raise not_supported(f"{name} with FILTER or OVER")
    return new


def is_zoned(node: exp.Expr) -> bool:
    """Is this translated expression evidently a timestamp with time zone?"""
    if isinstance(node, exp.Paren):
        return is_zoned(node.this)
    if not isinstance(node, exp.Anonymous):
        return False
    if node.name in ("tr_trunc", "tr_plus_days", "tr_plus_time"):
        return is_zoned(node.expressions[1 if node.name == "tr_trunc" else 0])
    return node.name in _ZONED_CALLS


def _comparison(node: exp.Expr, _: Context) -> exp.Expr:
    """Timestamps with time zone compare by their instant."""
    if node.meta.get(ZONED) or is_zoned(node.this) or is_zoned(node.expression):
        node.set("this", call("tr_utc", node.this.copy()))
        node.set("expression", call("tr_utc", node.expression.copy()))
    return node


def _between(node: exp.Expr, _: Context) -> exp.Expr:
    parts = ("this", "low", "high")
    if node.meta.get(ZONED) or any(is_zoned(node.args[part]) for part in parts):
        for part in parts:
            node.set(part, call("tr_utc", node.args[part].copy()))
    return node


def _divide(node: exp.Expr, context: Context) -> exp.Expr:
    left, right = node.this, node.expression
    if isinstance(right, exp.Cast) and right.to.this == _Kind.DOUBLE:
        return node
    if decimals.is_decimal(left, context.scales) or decimals.is_decimal(right, context.scales):
        if kind := decimals.quotient(left, right, context.scales):
            texts = [exp.cast(side.copy(), "VARCHAR") for side in (left, right)]
            return exp.cast(call("tr_decimal_divide", *texts, number(kind[1])), f"DECIMAL{kind}")
        if _is_double(left) or _is_double(right):
            return exp.Paren(
                this=exp.Div(this=exp.cast(left.copy(), "DOUBLE"), expression=exp.cast(right.copy(), "DOUBLE"))
            )
    return call("tr_div", left.copy(), right.copy())


def _is_double(node: exp.Expr) -> bool:
    if isinstance(node, (exp.Paren, exp.Neg)):
        return _is_double(node.this)
    return (isinstance(node, exp.Literal) and "e" in str(node.this).lower() and not node.is_string) or (
        isinstance(node, exp.Cast) and node.to.this == _Kind.DOUBLE
    )


def _ignore_nulls(node: exp.Expr, _: Context) -> exp.Expr:
    """DuckDB wants ``lag(x, 1 IGNORE NULLS)``, inside the brackets."""
    function = node.this.copy()
    if not isinstance(function, exp.Anonymous) or not function.expressions:
        raise not_supported("IGNORE NULLS here")
    last = function.expressions[-1]
    last.replace(exp.Var(this=f"{_written(last)} IGNORE NULLS"))
    return function


def _is_time(node: exp.Expr, context: Context) -> bool:
    """Is it evidently a date or a timestamp?"""
    if isinstance(node, exp.Paren):
        return _is_time(node.this, context)
    if isinstance(node, exp.Column):
        return context.column_types.get(node.name.lower(), "") in ("date", "timestamp")
    if isinstance(node, exp.Cast):
        return node.to.this in (_Kind.DATE, _Kind.TIMESTAMP, _Kind.TIMESTAMPTZ)
    return isinstance(node, exp.Anonymous) and node.name in _TIME_CALLS


def _plus(node: exp.Expr, context: Context) -> exp.Expr:
    left, right = node.this, node.expression
    if isinstance(node, exp.Sub) and not isinstance(right, exp.Interval) and _is_time(left, context):
        raise not_supported("the difference of times as an interval: use date_diff")
    if isinstance(left, exp.Interval) and isinstance(node, exp.Add):
        left, right = right, left
    if not isinstance(right, exp.Interval) or isinstance(left, exp.Interval):
        return node
    amount: exp.Expr = right.copy()
    if isinstance(node, exp.Sub):
        amount = exp.Neg(this=exp.Paren(this=amount))
    return plus(left.copy(), amount, right.text("unit"))


def _cast(node: exp.Expr, _: Context) -> exp.Expr:
    assert isinstance(node, exp.Cast)
    value, kind = node.this.copy(), node.to.this
    if isinstance(value, exp.Null) and kind in (*_INTEGERS, _Kind.VARCHAR, _Kind.TEXT, _Kind.DATE, *_PLAIN_CASTS):
        return node
    if not isinstance(node, exp.TryCast):
        return _cast_to(value, node.to.copy(), kind)
    if kind in _INTEGERS:
        return exp.TryCast(this=call("tr_try_integer", value), to=node.to.copy())
    if kind in (*_PLAIN_CASTS, _Kind.DATE, _Kind.TIMESTAMP):
        return exp.TryCast(this=value, to=node.to.copy())
    if kind == _Kind.JSON:
        return _cast_to(value, node.to.copy(), kind)
    return call("try", _cast_to(value, node.to.copy(), kind))


def _cast_to(value: exp.Expr, to: exp.DataType, kind: DType) -> exp.Expr:
    literal = isinstance(value, exp.Literal) and value.is_string
    if kind == _Kind.JSON:
        return call("tr_to_json", value)
    if kind in (_Kind.TIMESTAMP, _Kind.TIMESTAMPTZ):
        return _timestamp(value, to, kind, literal)
    if kind in _INTEGERS:
        return exp.cast(call("tr_to_integer", value), to)
    if kind in (_Kind.VARCHAR, _Kind.TEXT):
        made: exp.Expr = call("tr_to_varchar", value)
        return call("substr", made, number(1), number(int(to.expressions[0].name))) if to.expressions else made
    if kind == _Kind.DATE:
        return exp.cast(value, "DATE") if literal else call("tr_to_date", value)
    if kind == _Kind.DECIMAL and not to.expressions:
        to = exp.DataType.build("DECIMAL(38, 0)")
    if kind in _PLAIN_CASTS:
        return exp.Cast(this=value, to=to)
    raise not_supported(f"CAST to {to.sql(dialect='trino')}")


def _timestamp(value: exp.Expr, to: exp.DataType, kind: DType, literal: bool) -> exp.Expr:
    precision = int(to.expressions[0].name) if to.expressions else 3
    if literal:
        fraction = re.search(r"\.(\d+)", str(value.this))
        if not to.expressions or precision == len(fraction[1] if fraction else ""):  # as sqlglot reads TIMESTAMP '…'
            return timestamp_literal(str(value.this))
    if precision not in (3, 6):
        raise not_supported(f"CAST to {to.sql(dialect='trino')}; the precisions 3 and 6 are")
    if kind == _Kind.TIMESTAMPTZ:
        return call("tr_to_zoned", value)
    made = call("tr_to_timestamp", value)
    return call("tr_round_ms", made) if precision == 3 else made


def timestamp_literal(written: str) -> exp.Expr:
    """``TIMESTAMP '…'``, with or without a zone at its end."""
    found = re.fullmatch(
        r"\s*(\d{4,}-\d\d?-\d\d?(?:[ T]\d\d?:\d\d(?::\d\d(?:\.\d{1,6}(?!\d))?)?)?)\s*(.*?)\s*", written
    )
    if not found or found[2][:1] in tuple(".0123456789"):
        raise not_supported(f"the timestamp '{written}'")
    local = exp.cast(text(found[1].replace("T", " ") + (":00" if found[1].count(":") == 1 else "")), "TIMESTAMP")
    return call("tr_zoned", local, text(zone(found[2]))) if found[2] else local


def zone(written: str) -> str:
    """A zone as it is shown: an offset has no GMT before it.

    >>> zone("GMT-08:30"), zone("Europe/Berlin"), zone("+1:00")
    ('-08:30', 'Europe/Berlin', '+01:00')
    """
    if offset := re.fullmatch(r"(?:UTC|GMT|UT)?([+-])(\d\d?)(?::(\d\d))?", written):
        return f"{offset[1]}{int(offset[2]):02d}:{offset[3] or '00'}"
    try:
        ZoneInfo(written)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise QueryFailure("INVALID_LITERAL", f"'{written}' is no time zone") from error
    return written


def _zone_of(node: exp.Expr) -> exp.Expr:
    return text(zone(str(node.this))) if isinstance(node, exp.Literal) and node.is_string else node


def _now(_: exp.Expr, context: Context) -> exp.Expr:
    return call("tr_at_timezone", exp.cast(text(_milliseconds(context)), "TIMESTAMP"), text("UTC"))


def _milliseconds(context: Context) -> str:
    return context.now.replace(tzinfo=None).isoformat(" ", "milliseconds")


def _subscript(node: exp.Expr, _: Context) -> exp.Expr:
    return call("tr_at", node.this.copy(), node.expressions[0].copy())


def _unicode(node: exp.Expr, _: Context) -> exp.Expr:
    """``U&'\\00e9'``: four digits of a character, or six behind a plus."""

    def character(found: re.Match[str]) -> str:
        if found[1] == "\\":
            return "\\"
        code = int(found[2] or found[3], 16)
        if not code or code > 0x10FFFF or 0xD800 <= code < 0xE000:
            raise QueryFailure("SYNTAX_ERROR", f"Invalid escaped character: {found[0]}")
        return chr(code)

    if node.args.get("escape"):
        raise not_supported("UESCAPE")
    return text(re.sub(r"\\(\\|\+([0-9a-fA-F]{6})|([0-9a-fA-F]{4}))", character, str(node.this)))


def _extract(node: exp.Expr, _: Context) -> exp.Expr:
    return rewrite(node.this.name.lower(), [node.expression.copy()])


def _unnest(node: exp.Expr, context: Context) -> exp.Expr:
    """``UNNEST(a, b) WITH ORDINALITY AS t(x, y, n)`` as a lateral subquery; the shorter arrays are filled with null."""
    assert isinstance(node, exp.Unnest)
    arrays = [argument.copy() for argument in node.expressions]
    alias = node.args.get("alias")
    offset = node.args.get("offset")
    columns: list[exp.Expr] = [column.copy() for column in (alias.args.get("columns") or [])] if alias else []
    if isinstance(offset, exp.Identifier):
        columns.append(offset.copy())
    out: list[exp.Expr] = []
    lengths: list[exp.Expr] = []
    for array in arrays:
        if _is_map(array, context):
            out += [call("unnest", call("map_keys", array)), call("unnest", call("map_values", array.copy()))]
            lengths.append(call("coalesce", call("cardinality", array.copy()), number(0)))
        else:
            out.append(call("unnest", array))
            lengths.append(call("coalesce", call("len", array.copy()), number(0)))
    if offset:
        out.append(call("unnest", call("generate_series", number(1), call("greatest", *lengths))))
    if columns and len(columns) != len(out):
        raise not_supported("UNNEST of rows, or of maps whose type is not evident")
    named = [exp.alias_(item, f"c{at}", quoted=True) for at, item in enumerate(out)]
    table = exp.TableAlias(
        this=alias.this.copy() if alias and alias.this else exp.to_identifier("unnested"), columns=columns
    )
    return exp.Subquery(this=exp.Select(expressions=named), alias=table)


def _is_map(node: exp.Expr, context: Context) -> bool:
    if isinstance(node, exp.Column):
        return context.column_types.get(node.name.lower(), "").startswith("map<")
    return isinstance(node, exp.Anonymous) and node.name.lower() in _MAP_CALLS


_RULES: dict[type[exp.Expr], Callable[[exp.Expr, Context], exp.Expr]] = {
    exp.Anonymous: _call,
    exp.Div: _divide,
    exp.Add: _plus,
    exp.Sub: _plus,
    exp.Cast: _cast,
    exp.TryCast: _cast,
    exp.Between: _between,
    exp.Bracket: _subscript,
    exp.Extract: _extract,
    exp.Unnest: _unnest,
    exp.IgnoreNulls: _ignore_nulls,
    exp.RespectNulls: lambda node, _: node.this.copy(),
    exp.ParseJSON: lambda node, _: call("tr_json_parse", node.this.copy()),
    exp.HexString: lambda node, _: call("unhex", text(str(node.this))),
    exp.UnicodeString: _unicode,
    exp.AtTimeZone: lambda node, _: call("tr_at_timezone", node.this.copy(), _zone_of(node.args["zone"].copy())),
    exp.CurrentTimestamp: _now,
    exp.Localtimestamp: lambda _, context: exp.cast(text(_milliseconds(context)), "TIMESTAMP"),
    exp.CurrentDate: lambda _, context: exp.cast(text(context.now.date().isoformat()), "DATE"),
    **dict.fromkeys(_COMPARISONS, _comparison),
}
