"""Macros that give DuckDB Trino's semantics. Only those that a statement needs are created, with those that they need.

Overloads dispatch on the bound types. ``{Z}`` is the representation of a timestamp with time zone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import pairwise
from math import prod

from sqlglot.tokenizer_core import Token, TokenType

from infra.local.athena.tokens import tokenize
from infra.local.athena.types import ZONED

_MACROS: dict[str, str] = {
    # Numbers. Integers divide to integers; decimals need their scale known (decimals.py), so unknown ones are refused.
    "tr_div": """(a, b) AS CASE WHEN typeof(a) LIKE 'DECIMAL%' OR typeof(b) LIKE 'DECIMAL%'
        THEN CAST('NOT_SUPPORTED: division of decimals whose scale is not evident, cast both sides' AS DOUBLE)
        ELSE a / b END, (a TINYINT, b TINYINT) AS CAST(a // b AS TINYINT), (a SMALLINT, b SMALLINT) AS CAST(a // b AS SMALLINT),
        (a INTEGER, b INTEGER) AS a // b, (a BIGINT, b BIGINT) AS a // b, (a HUGEINT, b HUGEINT) AS CAST(a // b AS BIGINT)""",
    "tr_array_join": """(a, s) AS array_to_string(a, s), (a, s, n) AS
        array_to_string(list_transform(a, lambda v: coalesce(CAST(v AS VARCHAR), n)), s)""",
    "tr_double": """(x) AS CASE WHEN typeof(x) LIKE 'DECIMAL%'
        THEN CAST('NOT_SUPPORTED: avg of decimals, cast to double' AS DOUBLE) ELSE CAST(x AS DOUBLE) END""",
    # An untyped overload is DuckDB's last choice, after implicit casts: where a type must not be cast on the way in,
    # the type is looked at as the row is computed.
    "tr_to_integer": """(x) AS CASE WHEN x IS NULL THEN NULL
        WHEN typeof(x) IN ('DOUBLE', 'FLOAT') THEN CAST(round(CAST(CAST(x AS VARCHAR) AS DOUBLE)) AS HUGEINT)
        WHEN typeof(x) = 'VARCHAR' AND NOT regexp_full_match(CAST(x AS VARCHAR), '[+-]?[0-9]+')
        THEN CAST('no integer: ' || CAST(x AS VARCHAR) AS HUGEINT) ELSE CAST(x AS HUGEINT) END""",
    "tr_try_integer": """(x) AS CASE WHEN x IS NULL THEN NULL
        WHEN typeof(x) IN ('DOUBLE', 'FLOAT') THEN TRY_CAST(round(TRY_CAST(CAST(x AS VARCHAR) AS DOUBLE)) AS HUGEINT)
        WHEN typeof(x) = 'VARCHAR' AND NOT regexp_full_match(CAST(x AS VARCHAR), '[+-]?[0-9]+') THEN NULL
        ELSE TRY_CAST(x AS HUGEINT) END""",
    # Text
    "tr_substr": """(s, f) AS CASE WHEN f = 0 OR abs(f) > length(s) THEN '' ELSE substr(s, f) END,
        (s, f, n) AS CASE WHEN f = 0 OR abs(f) > length(s) OR n <= 0 THEN '' ELSE substr(s, f, n) END""",
    "tr_split_part": """(s, d, i) AS CASE WHEN i < 1 THEN error('INVALID_FUNCTION_ARGUMENT: Index must be greater than zero')
        ELSE list_extract(string_split(s, d), i) END""",
    "tr_split": """(s, d) AS string_split(s, d), (s, d, n) AS CASE WHEN len(string_split(s, d)) <= n THEN string_split(s, d)
        ELSE list_append(string_split(s, d)[1:n - 1], array_to_string(string_split(s, d)[n:], d)) END""",
    "tr_to_varchar": """(x) AS CASE WHEN x IS NULL THEN NULL
        WHEN typeof(x) = 'JSON' THEN tr_json_text(TRY_CAST(CAST(x AS VARCHAR) AS JSON))
        WHEN typeof(x) IN ('DOUBLE', 'FLOAT') THEN tr_double_varchar(TRY_CAST(CAST(x AS VARCHAR) AS DOUBLE))
        WHEN typeof(x) = 'TIMESTAMP' THEN strftime(TRY_CAST(CAST(x AS VARCHAR) AS TIMESTAMP), '%Y-%m-%d %H:%M:%S.%g')
        ELSE CAST(x AS VARCHAR) END,
        (x {Z}) AS strftime(tr_local(x), '%Y-%m-%d %H:%M:%S.%g') || ' ' || x."zone" """,
    "tr_regexp_extract": """(s, p) AS CASE WHEN regexp_matches(s, p) THEN regexp_extract(s, p) END,
        (s, p, g) AS CASE WHEN regexp_matches(s, p) THEN regexp_extract(s, p, g) END""",
    "tr_regexp_replace": """(s, p) AS regexp_replace(s, p, '', 'g'),
        (s, p, r) AS regexp_replace(s, p, regexp_replace(replace(r, '\\', '\\\\'), '\\$([0-9])', '\\\\\\1', 'g'), 'g')""",
    "tr_json_scalar": """(j, p) AS CASE WHEN json_valid(j) AND json_type(j, p) NOT IN ('OBJECT', 'ARRAY', 'NULL')
        THEN json_extract_string(j, p) END""",
    # Numbers whose type is their argument's, or a wider one
    "tr_sign": """(x) AS sign(x), (x TINYINT) AS CAST(sign(x) AS TINYINT), (x SMALLINT) AS CAST(sign(x) AS SMALLINT),
        (x INTEGER) AS CAST(sign(x) AS INTEGER), (x BIGINT) AS CAST(sign(x) AS BIGINT), (x DOUBLE) AS CAST(sign(x) AS DOUBLE)""",
    "tr_widened": "(x) AS x, (x TINYINT) AS CAST(x AS BIGINT), (x SMALLINT) AS CAST(x AS BIGINT), (x INTEGER) AS CAST(x AS BIGINT)",
    # Arrays and maps. DuckDB's own list_distinct forgets nulls and the order.
    "tr_has": "(a, x) AS CASE WHEN x IS NULL THEN len(list_filter(a, lambda w: w IS NULL)) > 0 ELSE list_contains(a, x) END",
    "tr_distinct": "(a) AS list_filter(a, lambda v, i: i = 1 OR NOT tr_has(a[1:i - 1], v))",
    "tr_array_both": "(a, b) AS list_filter(a, lambda v: tr_has(b, v))",
    "tr_array_without": "(a, b) AS list_filter(a, lambda v: NOT tr_has(b, v))",
    "tr_array_max": "(a) AS CASE WHEN NOT tr_has(a, NULL) THEN list_max(a) END",
    "tr_array_min": "(a) AS CASE WHEN NOT tr_has(a, NULL) THEN list_min(a) END",
    "tr_array_position": "(a, x) AS CASE WHEN a IS NOT NULL AND x IS NOT NULL THEN CAST(coalesce(list_position(a, x), 0) AS BIGINT) END",
    "tr_part": "(p, n) AS p[n]",
    "tr_map_entries": "(m) AS list_transform(map_entries(m), lambda e: row(e.key, e.value))",
    # Trino's own bounds (SequenceFunction, RepeatFunction), and ours where Trino only runs out of memory: nothing stops
    # DuckDB inside of one value, nor counts what it takes. What is constant DuckDB computes in every branch of a CASE,
    # so the bound is in the argument as well.
    "tr_repeat": """(x, n) AS CASE WHEN n > 10000 THEN error('INVALID_FUNCTION_ARGUMENT: count argument of repeat function must be less than or equal to 10000')
        ELSE list_transform(range(least(n, 10000)), lambda i: x) END""",
    "tr_sequence": "(a, b) AS tr_steps(a, b, CASE WHEN a <= b THEN 1 ELSE -1 END), (a, b, s) AS tr_steps(a, b, s)",
    "tr_steps": """(a, b, s) AS CASE WHEN s = 0 THEN error('INVALID_FUNCTION_ARGUMENT: step must not be zero')
        WHEN (b > a AND s < 0) OR (b < a AND s > 0) THEN tr_wrong_way()
        WHEN abs((CAST(b AS HUGEINT) - a) // s) >= 10000 THEN tr_too_many()
        ELSE generate_series(a, CASE WHEN abs((CAST(b AS HUGEINT) - a) // s) < 10000 THEN b ELSE a END, s) END""",
    "tr_too_many": "() AS error('INVALID_FUNCTION_ARGUMENT: result of sequence function must not have more than 10000 entries')",
    "tr_pad_length": """(n) AS CASE WHEN n > 1000000 THEN error('NOT_SUPPORTED: The local Athena does not support padding to more than 1000000 characters')
        WHEN n < 0 THEN error('INVALID_FUNCTION_ARGUMENT: Target length must be in the range [0..2147483647]') ELSE CAST(n AS INTEGER) END""",
    "tr_lpad": "(s, n, p) AS lpad(s, tr_pad_length(n), p)",
    "tr_rpad": "(s, n, p) AS rpad(s, tr_pad_length(n), p)",
    "tr_replace": """(s, a, b) AS CASE WHEN length(s) * length(b) > 100000000 AND length(b) > length(a)
        THEN error('NOT_SUPPORTED: The local Athena does not support results of replace that may be that long')
        ELSE replace(s, a, CASE WHEN length(s) * length(b) <= 100000000 OR length(b) <= length(a) THEN b END) END""",
    "tr_levenshtein": """(a, b) AS CASE WHEN length(a) * length(b) > 100000000
        THEN error('INVALID_FUNCTION_ARGUMENT: The combined inputs for Levenshtein distance are too large')
        ELSE levenshtein(CASE WHEN length(a) * length(b) <= 100000000 THEN a END, b) END""",
    "tr_reverse": "(x) AS list_reverse(x), (x VARCHAR) AS reverse(x)",
    "tr_wrong_way": """() AS error('INVALID_FUNCTION_ARGUMENT: sequence stop value should be greater than or equal to start value'
        || ' if step is greater than zero otherwise stop should be less than or equal to start')""",
    "tr_trim_array": "(a, n) AS a[1:len(a) - n]",
    "tr_split_to_map": """(s, d, k) AS map_from_entries(list_transform(string_split(s, d),
        lambda e: row(string_split(e, k)[1], string_split(e, k)[2])))""",
    # Bytes, numbers, words
    "tr_hex": "(x) AS upper(hex(x))",
    "tr_md5": "(x) AS unhex(md5(x))",
    "tr_sha256": "(x) AS unhex(sha256(x))",
    "tr_nan": "() AS CAST('nan' AS DOUBLE)",
    "tr_infinity": "() AS CAST('inf' AS DOUBLE)",
    "tr_log": "(b, x) AS ln(x) / ln(b)",
    "tr_to_base": "(x, b) AS lower(to_base(x, b))",
    "tr_width_bucket": """(x, low, high, n) AS CASE WHEN x + low + high + n IS NULL THEN NULL
        WHEN low = high THEN error('INVALID_FUNCTION_ARGUMENT: bounds cannot equal each other')
        WHEN low > high THEN n + 1 - tr_bucket(x, high, low, n) ELSE tr_bucket(x, low, high, n) END""",
    "tr_bucket": """(x, low, high, n) AS CASE WHEN x < low THEN 0 WHEN x >= high THEN CAST(n + 1 AS BIGINT)
        ELSE CAST(floor((CAST(x AS DOUBLE) - low) / (CAST(high AS DOUBLE) - low) * n) AS BIGINT) + 1 END""",
    "tr_strpos": "(s, p) AS strpos(s, p), (s, p, n) AS tr_strpos_nth(s, p, CAST(n AS BIGINT))",
    "tr_current_timezone": "() AS 'UTC'",
    "tr_is_json_scalar": "(j) AS json_type(j) NOT IN ('OBJECT', 'ARRAY')",
    "tr_timezone_hour": "(x {Z}) AS CAST(trunc(date_diff('minute', x.utc, tr_local(x)) / 60) AS BIGINT)",
    "tr_timezone_minute": "(x {Z}) AS CAST(date_diff('minute', x.utc, tr_local(x)) % 60 AS BIGINT)",
    "tr_ngrams": "(a, n) AS list_transform(range(1, greatest(len(a) - n + 2, 2)), lambda i: a[i:i + n - 1])",
    "tr_json_array_length": """(j) AS CASE WHEN json_valid(j) AND json_type(j) = 'ARRAY'
        THEN CAST(json_array_length(j) AS BIGINT) END""",
    "tr_json_size": """(j, p) AS CASE json_type(j, p) WHEN 'OBJECT' THEN CAST(len(json_keys(j, p)) AS BIGINT)
        WHEN 'ARRAY' THEN CAST(json_array_length(j, p) AS BIGINT) WHEN NULL THEN NULL ELSE 0 END""",
    # To JSON: texts become JSON's texts. What is none of these types would be written otherwise than by Trino.
    "tr_to_json": r"""(x) AS CASE WHEN x IS NULL THEN NULL
        WHEN regexp_full_match(typeof(x), '(VARCHAR|BOOLEAN|TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT)(\[\])*')
            OR regexp_full_match(typeof(x), 'MAP\(VARCHAR, (VARCHAR|BOOLEAN|TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT)\)')
        THEN CAST(tr_json_canonical(CAST(to_json(x) AS VARCHAR)) AS JSON) WHEN typeof(x) = 'JSON' THEN CAST(x AS JSON)
        ELSE CAST('NOT_SUPPORTED: CAST to JSON of this type' AS JSON) END""",
    "tr_json_text": """(x) AS CASE json_type(x) WHEN 'NULL' THEN NULL WHEN 'VARCHAR' THEN json_extract_string(x, '$')
        WHEN 'OBJECT' THEN error('INVALID_CAST_ARGUMENT: Cannot cast to varchar')
        WHEN 'ARRAY' THEN error('INVALID_CAST_ARGUMENT: Cannot cast to varchar') ELSE CAST(x AS VARCHAR) END""",
    "tr_json_parse": "(x) AS CAST(tr_json_canonical(CAST(x AS VARCHAR)) AS JSON)",
    "tr_contains": """(a, x) AS CASE WHEN a IS NULL OR x IS NULL THEN NULL WHEN list_contains(a, x) THEN true
        WHEN len(list_filter(a, lambda v: v IS NULL)) > 0 THEN NULL ELSE false END""",
    "tr_at": """(a, i) AS CASE WHEN typeof(a) LIKE 'MAP(%' OR i IS NULL OR a IS NULL THEN a[i]
        WHEN i < 1 THEN error('INVALID_FUNCTION_ARGUMENT: Array subscript is less than 1')
        WHEN i > cardinality(a) THEN error('INVALID_FUNCTION_ARGUMENT: Array subscript out of bounds') ELSE a[i] END,
        (a, i VARCHAR) AS CASE WHEN a IS NULL OR list_contains(map_keys(a), i) THEN a[i]
        ELSE error('INVALID_FUNCTION_ARGUMENT: Key not present in map: ' || i) END""",
    # Times. A timestamp with time zone is its instant in UTC and the zone in which it is shown. The lambda gives an
    # argument a name, so that it is not copied to each of its places: calls in calls would grow by powers of six.
    "tr_zone_local": """(u, z) AS list_transform([{{'u': u, 'z': z}}], lambda p: CASE
        WHEN regexp_matches(p.z, '^[+-][0-9][0-9]:[0-9][0-9]$') THEN p.u + tr_offset(p.z)
        ELSE timezone(p.z, timezone('UTC', p.u)) END)[1]""",
    "tr_offset": "(z) AS to_minutes(CAST(z[1] || '1' AS BIGINT) * (CAST(z[2:3] AS BIGINT) * 60 + CAST(z[5:6] AS BIGINT)))",
    "tr_zoned": """(l, z) AS list_transform([{{'l': l, 'z': z}}], lambda p: CASE
        WHEN p.l IS NOT NULL AND p.z IS NOT NULL THEN {{'utc': CASE
        WHEN regexp_matches(p.z, '^[+-][0-9][0-9]:[0-9][0-9]$') THEN p.l - tr_offset(p.z)
        ELSE timezone('UTC', timezone(p.z, p.l)) END, 'zone': p.z}} END)[1]""",
    "tr_local": "(x DATE) AS CAST(x AS TIMESTAMP), (x TIMESTAMP) AS x, (x {Z}) AS tr_zone_local(x.utc, x.zone)",
    "tr_utc": "(x DATE) AS CAST(x AS TIMESTAMP), (x TIMESTAMP) AS x, (x {Z}) AS x.utc",
    "tr_at_timezone": """(x TIMESTAMP, z) AS CASE WHEN x IS NOT NULL AND z IS NOT NULL THEN {{'utc': x, 'zone': z}} END,
        (x {Z}, z) AS CASE WHEN x IS NOT NULL AND z IS NOT NULL THEN {{'utc': x.utc, 'zone': z}} END""",
    "tr_with_timezone": "(x TIMESTAMP, z) AS tr_zoned(x, z)",
    "tr_trunc": """(u, x DATE) AS CAST(date_trunc(u, x) AS DATE), (u, x TIMESTAMP) AS date_trunc(u, x),
        (u, x {Z}) AS tr_zoned(date_trunc(u, tr_local(x)), x.zone)""",
    "tr_plus_days": """(x DATE, i) AS CAST(x + i AS DATE), (x TIMESTAMP, i) AS x + i,
        (x {Z}, i) AS tr_zoned(tr_local(x) + i, x.zone)""",
    "tr_plus_time": """(x DATE, i) AS CAST(error('NOT_SUPPORTED: adding hours or less to a date') AS DATE),
        (x TIMESTAMP, i) AS x + i, (x TIME, i) AS x + i, (x {Z}, i) AS {{'utc': x.utc + i, 'zone': x.zone}}""",
    "tr_dates": """(a DATE, b DATE, i) AS list_transform(tr_instants(CAST(a AS TIMESTAMP), CAST(b AS TIMESTAMP), i), lambda d: CAST(d AS DATE)),
        (a TIMESTAMP, b TIMESTAMP, i) AS tr_instants(a, b, i)""",
    "tr_instants": """(a, b, i) AS CASE WHEN (b > a AND a + i < a) OR (b < a AND a + i > a) THEN tr_wrong_way()
        WHEN (a + i > a AND a + i * 10000 <= b) OR (a + i < a AND a + i * 10000 >= b) THEN tr_too_many()
        ELSE generate_series(a, CASE WHEN a + i > a THEN least(b, a + i * 10000) ELSE greatest(b, a + i * 10000) END, i) END""",
    "tr_diff": """(u, a DATE, b DATE) AS date_sub(u, a, b), (u, a TIMESTAMP, b TIMESTAMP) AS date_sub(u, a, b),
        (u, a {Z}, b {Z}) AS CASE WHEN u IN ('hour', 'minute', 'second', 'millisecond') THEN date_sub(u, a.utc, b.utc)
        ELSE date_sub(u, tr_local(a), tr_local(b)) END,
        (u, a TIMESTAMP, b {Z}) AS date_sub(u, a, tr_utc(b)), (u, a {Z}, b TIMESTAMP) AS date_sub(u, tr_utc(a), b)""",
    "tr_from_unixtime": """(x) AS {{'utc': make_timestamp(CAST(round(CAST(x AS DOUBLE) * 1000) AS BIGINT) * 1000), 'zone': 'UTC'}},
        (x, z) AS {{'utc': make_timestamp(CAST(round(CAST(x AS DOUBLE) * 1000) AS BIGINT) * 1000), 'zone': z}}""",
    "tr_to_date": """(x) AS CASE WHEN typeof(x) = 'VARCHAR'
        AND NOT regexp_full_match(CAST(x AS VARCHAR), '\\s*[0-9]+-[0-9][0-9]?-[0-9][0-9]?\\s*')
        THEN CAST('no date: ' || CAST(x AS VARCHAR) AS DATE) ELSE CAST(x AS DATE) END, (x DATE) AS x,
        (x TIMESTAMP) AS CAST(x AS DATE), (x {Z}) AS CAST(tr_local(x) AS DATE)""",
    "tr_to_timestamp": "(x) AS CAST(x AS TIMESTAMP), (x TIMESTAMP) AS x, (x {Z}) AS tr_local(x)",
    "tr_parse_zoned": """(s) AS list_transform([regexp_extract(trim(s),
        '^(.*?)( *[+-][0-9]{{2}}:[0-9]{{2}}| *Z| +[A-Za-z][A-Za-z0-9_+/-]*)?$', ['local', 'zone'])],
        lambda p: tr_zoned(CAST(p.local AS TIMESTAMP), CASE WHEN trim(p.zone) IN ('', 'Z') THEN 'UTC' ELSE trim(p.zone) END))[1]""",
    "tr_to_zoned": """(x) AS tr_parse_zoned(x), (x DATE) AS {{'utc': CAST(x AS TIMESTAMP), 'zone': 'UTC'}},
        (x TIMESTAMP) AS {{'utc': x, 'zone': 'UTC'}}, (x {Z}) AS x""",
    "tr_iso_date": """(x) AS CASE WHEN x IS NULL OR regexp_full_match(x, '[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}') THEN CAST(x AS DATE)
        ELSE CAST('NOT_SUPPORTED: dates by week or by day of the year' AS DATE) END""",
    "tr_iso": """(x DATE) AS CAST(x AS VARCHAR), (x TIMESTAMP) AS strftime(x, '%Y-%m-%dT%H:%M:%S.%g'),
        (x {Z}) AS strftime(tr_local(x), '%Y-%m-%dT%H:%M:%S.%g') || CASE WHEN tr_local(x) = x.utc THEN 'Z' ELSE
        (CASE WHEN tr_local(x) < x.utc THEN '-' ELSE '+' END) || lpad(CAST(abs(date_diff('minute', x.utc, tr_local(x))) // 60 AS VARCHAR), 2, '0')
        || ':' || lpad(CAST(abs(date_diff('minute', x.utc, tr_local(x))) % 60 AS VARCHAR), 2, '0') END""",
    "tr_round_ms": "(x) AS make_timestamp(((epoch_us(x) + 500) // 1000 - CASE WHEN (epoch_us(x) + 500) % 1000 < 0 THEN 1 ELSE 0 END) * 1000)",
}

_NAME = re.compile(r"\btr_\w+")


def macros_for(sql: str) -> dict[str, str]:
    """The ``CREATE MACRO`` statements that a text needs, by name, dependencies first.

    >>> list(macros_for("SELECT tr_split(a, b)"))
    ['tr_split']
    """
    out: dict[str, str] = {}

    def need(text: str, seen: frozenset[str]) -> None:
        for name in dict.fromkeys(_NAME.findall(text)):
            if name in _MACROS and name not in out and name not in seen:
                body = _MACROS[name].format(Z=ZONED) if "{" in _MACROS[name] else _MACROS[name]
                need(body, seen | {name})
                out[name] = f"CREATE MACRO {name}{body}"

    need(sql, frozenset())
    return out


def python_functions_for(sql: str, known: Iterable[str]) -> set[str]:
    """Which functions written in Python a text needs, directly or through a macro."""
    text = " ".join([sql, *macros_for(sql).values()])
    return set(_NAME.findall(text)) & set(known)


@cache
def mentions(name: str) -> int:
    """How often a macro mentions an argument in the end, at most: DuckDB copies the argument to each place.

    >>> mentions("tr_log"), mentions("tr_array_both"), mentions("abs")
    (1, 2, 1)
    """
    if name not in _MACROS:
        return 1
    return max(max(_mentions(head, body), default=1) for head, body in _overloads(_MACROS[name].format(Z="ROW")))


def _overloads(macro: str) -> Iterator[tuple[list[Token], list[Token]]]:
    """Each overload's tokens: those of its parameters, and those of what it computes."""
    tokens = tokenize(macro)
    depth, starts = 0, []
    for at, token in enumerate(tokens):
        if depth == 0 and token.text == "(" and (at == 0 or tokens[at - 1].text == ","):
            starts.append(at)
        depth += {"(": 1, ")": -1}.get(_symbol(token), 0)
    for start, end in pairwise([*starts, len(tokens)]):
        closing = next(at for at in range(start, end) if _symbol(tokens[at]) == ")")
        yield tokens[start:closing], tokens[closing + 2 : end]  # without AS


def _mentions(head: Sequence[Token], body: Sequence[Token]) -> Iterator[int]:
    """For each parameter: its places, each as often as the calls around it mention it in turn."""
    names = [after.text for before, after in pairwise(head) if before.text in ("(", ",")]
    for name in names:
        calls: list[int] = []
        found, last = 0, ""
        for token in body:
            if _symbol(token) == "(":
                calls.append(mentions(last))
            elif _symbol(token) == ")":
                calls.pop()
            elif _symbol(token) == name:
                found += prod(calls)
            last = token.text
        yield max(found, 1)


def _symbol(token: Token) -> str:
    return "" if token.token_type == TokenType.STRING else token.text
