"""The functions a query may use: Trino's name, and what DuckDB is told. All else is refused by name."""

from __future__ import annotations

import re
from collections.abc import Callable

from sqlglot import exp

from chalicelib.sql.functions import TRINO
from infra.local.athena.errors import QueryFailure, not_supported
from infra.local.athena.formats import from_joda, from_mysql

Arguments = list[exp.Expr]
Rule = Callable[[Arguments], exp.Expr]

SAME = frozenset(
    ["abs", "ceil", "ceiling", "floor", "sqrt", "cbrt", "exp", "ln", "log2", "log10", "power", "pow", "sin", "cos", "tan", "asin", "acos", "atan", "atan2", "pi", "degrees", "radians", "is_nan", "lower", "upper", "ltrim", "rtrim", "trim", "length", "starts_with", "chr", "translate", "nullif", "coalesce", "row_number", "rank", "dense_rank", "percent_rank", "cume_dist", "ntile", "lag", "lead", "first_value", "last_value", "nth_value", "count", "min", "max", "stddev", "stddev_pop", "stddev_samp", "variance", "var_pop", "var_samp", "corr", "covar_pop", "covar_samp", "regr_slope", "regr_intercept", "bool_and", "bool_or", "skewness", "year", "quarter", "month", "day", "hour", "minute", "second", "cardinality", "map_keys", "map_values", "array_agg", "row"]
)  # fmt: skip

RENAMED = {
    "is_nan": "isnan", "is_infinite": "isinf", "is_finite": "isfinite", "truncate": "trunc", "random": "random",
    "rand": "random", "arbitrary": "any_value", "any_value": "any_value", "every": "bool_and",
    "max_by": "arg_max_null", "min_by": "arg_min_null", "listagg": "string_agg", "regexp_like": "regexp_matches",
    "codepoint": "unicode", "levenshtein_distance": "tr_levenshtein", "lpad": "tr_lpad", "rpad": "tr_rpad", "hamming_distance": "hamming", "day_of_month": "day",
    "array_distinct": "tr_distinct", "json_parse": "tr_json_parse", "map_from_entries": "map_from_entries",
    "arrays_overlap": "list_has_any", "array_position": "tr_array_position", "sign": "tr_sign", "cosine_similarity": "list_cosine_similarity",
    "to_utf8": "encode", "from_utf8": "decode", "to_hex": "tr_hex", "from_hex": "unhex", "to_base64": "to_base64",
    "from_base64": "from_base64", "md5": "tr_md5", "sha256": "tr_sha256", "url_encode": "tr_url_encode", "repeat": "tr_repeat",
    "map_entries": "tr_map_entries", "map_concat": "map_concat", "nan": "tr_nan", "infinity": "tr_infinity", "log": "tr_log",
    "current_timezone": "tr_current_timezone", "geometric_mean": "geomean", "reverse": "tr_reverse",
    "trim_array": "tr_trim_array", "split_to_map": "tr_split_to_map", "from_base": "tr_from_base", "to_base": "tr_to_base",
    "width_bucket": "tr_width_bucket", "strpos": "tr_strpos", "is_json_scalar": "tr_is_json_scalar",
    "timezone_hour": "tr_timezone_hour", "timezone_minute": "tr_timezone_minute", "concat_ws": "concat_ws",
    "soundex": "tr_soundex",
    "ngrams": "tr_ngrams", "json_size": "tr_json_size", "human_readable_seconds": "tr_human_seconds", "luhn_check": "tr_luhn",
    "substr": "tr_substr", "substring": "tr_substr", "split_part": "tr_split_part", "split": "tr_split",
    "contains": "tr_contains", "regexp_extract": "tr_regexp_extract", "regexp_split": "string_split_regex",
    "json_extract": "json_extract", "transform": "list_transform", "filter": "list_filter", "flatten": "flatten",
    "url_extract_host": "tr_url_host", "url_extract_path": "tr_url_path", "url_extract_query": "tr_url_query",
    "url_extract_fragment": "tr_url_fragment", "url_extract_protocol": "tr_url_protocol", "url_decode": "tr_url_decode",
    "url_extract_port": "tr_url_port", "url_extract_parameter": "tr_url_parameter", "from_unixtime": "tr_from_unixtime",
    "at_timezone": "tr_at_timezone", "with_timezone": "tr_with_timezone", "from_iso8601_timestamp": "tr_parse_zoned",
    "to_iso8601": "tr_iso", "from_iso8601_date": "tr_iso_date", "date": "tr_to_date",
    "array_join": "tr_array_join", "histogram": "histogram",
}  # fmt: skip

_UNITS = ("millisecond", "second", "minute", "hour", "day", "week", "month", "quarter", "year")


def call(name: str, *arguments: exp.Expr) -> exp.Anonymous:
    """A call of a function of DuckDB's or of ours."""
    return exp.Anonymous(this=name, expressions=[a.copy() if a.parent else a for a in arguments])


def text(value: str) -> exp.Literal:
    """A string literal."""
    return exp.Literal.string(value)


def number(value: int) -> exp.Literal | exp.Neg:
    """An integer literal, behind a minus when it is negative."""
    return exp.Literal.number(value)


def constant(argument: exp.Expr, what: str) -> str:
    """The text of a string literal, which some functions need while the statement is read."""
    if not (isinstance(argument, exp.Literal) and argument.is_string):
        raise not_supported(f"{what} that is no literal")
    return str(argument.this)


def unit(argument: exp.Expr) -> str:
    """The unit of date functions."""
    name = constant(argument, "a unit").lower()
    if name not in _UNITS:
        raise QueryFailure("INVALID_FUNCTION_ARGUMENT", f"'{name}' is not a valid Timestamp field")
    return name


def interval(name: str, amount: exp.Expr) -> exp.Expr:
    """``amount`` of a unit."""
    if name == "quarter":
        return call("to_months", exp.Mul(this=number(3), expression=exp.Paren(this=amount.copy())))
    return call(f"to_{name}s", amount)


def plus(value: exp.Expr, amount: exp.Expr, of: str) -> exp.Expr:
    """Value and interval, by the interval's unit: a date stays a date."""
    whole_days = of.lower().rstrip("s") in ("day", "week", "month", "quarter", "year")
    return call("tr_plus_days" if whole_days else "tr_plus_time", value, amount)


def _date_add(arguments: Arguments) -> exp.Expr:
    name = unit(arguments[0])
    amount = exp.cast(arguments[1], exp.DataType.build("BIGINT" if name in ("hour", "minute", "second") else "INTEGER"))
    if name == "millisecond":
        amount = exp.cast(arguments[1], exp.DataType.build("DOUBLE"))
    return plus(arguments[2], interval(name, amount), name)


def _concat(arguments: Arguments) -> exp.Expr:
    if len(arguments) < 2:
        raise QueryFailure("INVALID_FUNCTION_ARGUMENT", "There must be two or more concatenation arguments")
    out: exp.Expr = arguments[0]
    for argument in arguments[1:]:
        out = exp.DPipe(this=out, expression=argument, safe=False)
    return exp.Paren(this=out)


def _all_or_null(name: str) -> Rule:
    def rule(arguments: Arguments) -> exp.Expr:
        missing = exp.or_(*(exp.Is(this=a.copy(), expression=exp.Null()) for a in arguments))
        return exp.Case(ifs=[exp.If(this=missing, true=exp.Null())], default=call(name, *arguments))

    return rule


def _json_path(argument: exp.Expr) -> exp.Expr:
    """``$["a"].b`` as DuckDB writes it: ``$."a".b``."""
    path = constant(argument, "a JSON path")
    if not path.startswith("$") or "*" in path or ".." in path:
        raise not_supported(f"the JSON path {path}")
    return text(re.sub(r"""\[\s*["']([^"']*)["']\s*\]""", r'."\1"', path))


def _round(arguments: Arguments) -> exp.Expr:
    return call("round", *arguments)


def _regexp_replace(arguments: Arguments) -> exp.Expr:
    if len(arguments) == 3 and isinstance(arguments[2], exp.Lambda):
        raise not_supported("regexp_replace with a function")
    return call("tr_regexp_replace", *arguments)


def _array_sort(arguments: Arguments) -> exp.Expr:
    if len(arguments) > 1:
        raise not_supported("array_sort with a comparator")
    return call("list_sort", arguments[0], text("ASC"), text("NULLS LAST"))


def _sequence(arguments: Arguments) -> exp.Expr:
    step = arguments[2] if len(arguments) > 2 else None
    if isinstance(step, exp.Interval):
        return call("tr_dates", *arguments)
    return call("tr_sequence", *arguments)


def _map(arguments: Arguments) -> exp.Expr:
    return call("map", *arguments)


def _element_at(arguments: Arguments) -> exp.Expr:
    return exp.Bracket(this=exp.Paren(this=arguments[0]), expressions=[arguments[1]], offset=1)


def _reduce(arguments: Arguments) -> exp.Expr:
    if len(arguments) != 4 or not all(isinstance(a, exp.Lambda) for a in arguments[2:]):
        raise not_supported("reduce without two functions")
    items, start, step, finish = arguments
    name = finish.expressions[0].name
    folded = call("list_reduce", items, step, start)

    def put(node: exp.Expr) -> exp.Expr:
        return exp.Paren(this=folded.copy()) if isinstance(node, exp.Identifier) and node.name == name else node

    result: exp.Expr = finish.this.copy().transform(put)
    return result


def _match(every: bool, negate: bool = False) -> Rule:
    def rule(arguments: Arguments) -> exp.Expr:
        answers = call("list_transform", *arguments)
        out: exp.Expr = call("list_bool_and" if every else "list_bool_or", answers)
        return exp.Not(this=out) if negate else out

    return rule


SPECIAL: dict[str, Rule] = {
    "concat": _concat,
    "greatest": _all_or_null("greatest"),
    "least": _all_or_null("least"),
    "mod": lambda a: exp.Mod(this=exp.Paren(this=a[0]), expression=exp.Paren(this=a[1])),
    "round": _round,
    "replace": lambda a: call("tr_replace", *(a if len(a) == 3 else [*a, text("")])),
    "regexp_replace": _regexp_replace,
    "regexp_extract_all": lambda a: call("regexp_extract_all", *a),
    "regexp_count": lambda a: call("len", call("regexp_extract_all", *a)),
    "json_extract_scalar": lambda a: call("tr_json_scalar", a[0], _json_path(a[1])),
    "json_extract": lambda a: call("json_extract", a[0], _json_path(a[1])),
    "json_format": lambda a: exp.cast(a[0], exp.DataType.build("VARCHAR")),
    "json_array_length": lambda a: call("tr_json_array_length", *a),
    "date_trunc": lambda a: call("tr_trunc", text(unit(a[0])), a[1]),
    "date_add": _date_add,
    "date_diff": lambda a: call("tr_diff", text(unit(a[0])), a[1], a[2]),
    "date_format": lambda a: call("strftime", call("tr_local", a[0]), text(from_mysql(constant(a[1], "a pattern")))),
    "date_parse": lambda a: call("strptime", a[0], text(from_mysql(constant(a[1], "a pattern"), parsing=True))),
    "format_datetime": lambda a: call("strftime", call("tr_local", a[0]), text(from_joda(constant(a[1], "a pattern")))),
    "parse_datetime": lambda a: call(
        "tr_to_zoned", call("strptime", a[0], text(from_joda(constant(a[1], "a pattern"))))
    ),
    "to_unixtime": lambda a: exp.Paren(
        this=exp.Div(this=call("epoch_us", call("tr_utc", a[0])), expression=exp.cast(number(1000000), "DOUBLE"))
    ),
    "day_of_week": lambda a: call("isodow", call("tr_local", a[0])),
    "dow": lambda a: call("isodow", call("tr_local", a[0])),
    "day_of_year": lambda a: call("dayofyear", call("tr_local", a[0])),
    "doy": lambda a: call("dayofyear", call("tr_local", a[0])),
    "week": lambda a: call("week", call("tr_local", a[0])),
    "week_of_year": lambda a: call("week", call("tr_local", a[0])),
    "year_of_week": lambda a: call("isoyear", call("tr_local", a[0])),
    "yow": lambda a: call("isoyear", call("tr_local", a[0])),
    "millisecond": lambda a: exp.Mod(this=call("millisecond", call("tr_local", a[0])), expression=number(1000)),
    "last_day_of_month": lambda a: call("last_day", call("tr_local", a[0])),
    "count_if": lambda a: call("count", call("nullif", a[0], exp.false())),  # DuckDB's own is null where all are
    "approx_distinct": lambda a: exp.Count(this=exp.Distinct(expressions=[a[0].copy()])),
    "approx_percentile": lambda a: _percentile(a),
    "array_sort": _array_sort,
    "array_max": lambda a: call("tr_array_max", *a),
    "array_min": lambda a: call("tr_array_min", *a),
    "array_union": lambda a: call("tr_distinct", call("list_concat", *a)),
    "array_intersect": lambda a: call("tr_array_both", call("tr_distinct", a[0]), a[1]),
    "array_except": lambda a: call("tr_array_without", call("tr_distinct", a[0]), a[1]),
    "grouping": lambda a: exp.cast(call("grouping", *a), "INTEGER"),
    "array_remove": lambda a: exp.Case(
        ifs=[exp.If(this=exp.Is(this=a[1].copy(), expression=exp.Null()), true=exp.Null())],
        default=call("list_filter", a[0], _differs(a[1])),
    ),
    "slice": lambda a: call("list_slice", a[0], a[1], exp.Sub(this=exp.Add(this=a[1], expression=a[2]), expression=number(1))),
    "sequence": _sequence,
    "map": _map,
    "element_at": _element_at,
    "reduce": _reduce,
    "any_match": _match(every=False),
    "all_match": _match(every=True),
    "none_match": _match(every=False, negate=True),
    "sum": lambda a: call("sum", *a),
    "avg": lambda a: call("avg", call("tr_double", *a)),
    "e": lambda _: call("exp", number(1)),
    "bitwise_and": lambda a: exp.Paren(this=exp.BitwiseAnd(this=_bigint(a[0]), expression=_bigint(a[1]))),
    "bitwise_or": lambda a: exp.Paren(this=exp.BitwiseOr(this=_bigint(a[0]), expression=_bigint(a[1]))),
    "bitwise_xor": lambda a: call("xor", _bigint(a[0]), _bigint(a[1])),
    "bitwise_not": lambda a: exp.BitwiseNot(this=_bigint(a[0])),
    "zip": lambda a: _zip(a),
    "zip_with": lambda a: _over_pairs("list_transform", call("list_zip", a[0], a[1]), a[2]),
    "map_filter": lambda a: call("map_from_entries", _over_pairs("list_filter", call("tr_map_entries", a[0]), a[1])),
    "transform_values": lambda a: _mapped(a, key=False),
    "transform_keys": lambda a: _mapped(a, key=True),
    "bitwise_and_agg": lambda a: call("bit_and", _bigint(a[0])),
    "bitwise_or_agg": lambda a: call("bit_or", _bigint(a[0])),
    "map_agg": lambda a: call("map_from_entries", call("list", call("row", *a))),
    "try": lambda a: call("try", *a),
}  # fmt: skip

AGGREGATES = frozenset(
    [
        "count",
        "min",
        "max",
        "sum",
        "avg",
        "stddev",
        "stddev_pop",
        "stddev_samp",
        "variance",
        "var_pop",
        "var_samp",
        "corr",
        "covar_pop",
        "covar_samp",
        "regr_slope",
        "regr_intercept",
        "bool_and",
        "bool_or",
        "skewness",
        "array_agg",
        "arbitrary",
        "any_value",
        "every",
        "count_if",
        "max_by",
        "min_by",
        "listagg",
        "approx_distinct",
        "approx_percentile",
        "histogram",
        "map_agg",
        "geometric_mean",
        "bitwise_and_agg",
        "bitwise_or_agg",
    ]
)


def _percentile(arguments: Arguments) -> exp.Expr:
    if len(arguments) != 2:
        raise not_supported("approx_percentile with weights or accuracy")
    return call("quantile_disc", call("tr_widened", arguments[0]), arguments[1])


def _zip(arguments: Arguments) -> exp.Expr:
    item = exp.to_identifier("item_")
    parts = [call("tr_part", item.copy(), number(n)) for n in range(1, len(arguments) + 1)]
    return call(
        "list_transform", call("list_zip", *arguments), exp.Lambda(this=call("row", *parts), expressions=[item])
    )


def _over_pairs(function: str, pairs: exp.Expr, body: exp.Expr) -> exp.Expr:
    """A function of two arguments over a list of pairs: its arguments become the pair's parts."""
    pair, found = _of_pair(body, function)
    return call(function, pairs, exp.Lambda(this=found, expressions=[pair]))


def _of_pair(body: exp.Expr, what: str) -> tuple[exp.Identifier, exp.Expr]:
    """A function of two arguments as one of a pair: the name of the pair, and what it computes."""
    if not isinstance(body, exp.Lambda) or len(body.expressions) != 2:
        raise not_supported(f"{what} without a function of two arguments")
    pair, names = exp.to_identifier("pair_"), [argument.name for argument in body.expressions]

    def put(node: exp.Expr) -> exp.Expr:
        if not isinstance(node, exp.Identifier) or node.name not in names:
            return node
        return call("tr_part", pair.copy(), number(names.index(node.name) + 1))

    return pair, body.this.copy().transform(put)


def _mapped(arguments: Arguments, *, key: bool) -> exp.Expr:
    """``transform_keys`` and ``transform_values``."""
    pair, made = _of_pair(arguments[1], "this")
    kept = call("tr_part", pair.copy(), number(2 if key else 1))
    entry = exp.Lambda(this=call("row", *((made, kept) if key else (kept, made))), expressions=[pair])
    return call("map_from_entries", call("list_transform", call("tr_map_entries", arguments[0]), entry))


def _bigint(value: exp.Expr) -> exp.Expr:
    return exp.cast(value.copy() if value.parent else value, "BIGINT")


def _differs(value: exp.Expr) -> exp.Lambda:
    name = exp.to_identifier("v")
    return exp.Lambda(this=exp.NEQ(this=name.copy(), expression=exp.Paren(this=value.copy())), expressions=[name])


def known(name: str) -> bool:
    """Is this function in the allow-list?

    >>> known("date_trunc"), known("read_csv"), known("getenv")
    (True, False, False)
    """
    return name in SAME or name in RENAMED or name in SPECIAL or name == "now"


def require_known(name: str, where: str = "") -> None:
    """Refuse by name what is not in the allow-list; ``where`` is its place in the text."""
    if known(name):
        return
    if name in TRINO:
        raise not_supported(f"the function {name}")
    raise QueryFailure("FUNCTION_NOT_FOUND", f"{where}Function '{name}' not registered")


def rewrite(name: str, arguments: Arguments) -> exp.Expr:
    """DuckDB's expression for a call of an allowed function."""
    require_known(name)
    try:
        if name in SPECIAL:
            return SPECIAL[name](arguments)
    except IndexError as error:
        raise QueryFailure("FUNCTION_NOT_FOUND", f"Unexpected parameters for function {name}") from error
    if name in ("year", "quarter", "month", "day", "hour", "minute", "second", "day_of_month"):
        return call(RENAMED.get(name, name), call("tr_local", *arguments))
    return call(RENAMED.get(name, name), *arguments)
