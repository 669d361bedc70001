"""Any number of further statements, the same for the same seed: queries and attacks, cut up and put together."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache

from tests.attacks.children import Attack
from tests.attacks.corpus import hostile, legitimate

_TOKEN = re.compile(r"\s+|'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|\w+|--[^\n]*|/\*|\*/|<>|<=|>=|->|\|\||.", re.DOTALL)
_SLOW = ("bombs", "deep nesting", "large statements")
_LONGEST = 4_000

_FRAMES = (
    "SELECT {e} FROM {t}",
    "SELECT {e}, {e} AS x FROM {t} WHERE {e} = {e}",
    "SELECT * FROM {t} AS a JOIN {t} AS b ON {e}",
    "WITH a AS (SELECT {e} AS x FROM {t}) SELECT x, {e} FROM a WHERE {e} IS NOT NULL",
    "WITH {n} AS (SELECT * FROM {t}) SELECT {e} FROM {n}",
    "SELECT {e} FROM {t} GROUP BY {e} HAVING {e} ORDER BY {e} LIMIT 5",
    "SELECT CASE WHEN {e} THEN {e} ELSE {e} END FROM {t}",
    "SELECT sum({e}) OVER (PARTITION BY {e} ORDER BY {e}) FROM {t}",
    "SELECT {e} FROM {t} UNION ALL SELECT {e} FROM {t}",
    "SELECT x FROM UNNEST(ARRAY[{e}, {e}]) AS {n}(x), {t}",
    "SELECT transform(ARRAY[{e}], {n} -> {e}) FROM {t}",
    "SELECT CAST({e} AS {y}), TRY_CAST({e} AS {y}), TRY({e}) FROM {t}",
    "SELECT (SELECT {e} FROM {t} LIMIT 1), EXISTS (SELECT 1 FROM {t} WHERE {e})",
    "SELECT {f}({e}), {f}({e}, {e}), {f}({e}, {e}, {e}) FROM {t}",
    "SELECT {f}({f}({e}), {e}) AS {n} FROM {t} WHERE dt = '2026-11-21' AND {e}",
    "SELECT {e} AS {n} FROM {t} AS {n}",
    "UNLOAD (SELECT {e} AS x FROM {t}) TO 's3://lake/u/' WITH (format = 'PARQUET')",
    "CREATE TABLE made AS SELECT {e} AS {n} FROM {t}",
    "INSERT INTO github_stars (event_id, dt) SELECT {e}, {e} FROM {t}",
    "SELECT {e} FROM {t} /* {e} */ -- {e}\n WHERE {e}",
)
_EXPRESSIONS = (
    "1", "0", "-1", "1.5", "1e300", "9223372036854775807", "NULL", "true", "''", "'a'", "'%'", "'2026-11-21'", "'$SECRET'", "action",
    "repository", "occurred_at", "event_id", "dt", "*", "now()", "current_date", "DATE '2026-11-21'", "TIMESTAMP '2026-11-21 10:00:00'",
    "TIMESTAMP '2026-11-21 10:00:00 Europe/Berlin'", "INTERVAL '1' DAY", "ARRAY[1, 2]", "ARRAY['a', NULL]", "MAP(ARRAY['a'], ARRAY[1])",
    "ROW(1, 'a')", "X'00FF'", "U&'\\0027'", "json_parse('{\"a\": [1]}')", "split('a,b', ',')", "count(*)", "max(action)", "sum(1)",
    "x", "x -> x", "(a, b) -> a", "?", "$1", "\"a\"\"b\"", "`a`", "read_text('$SECRET')", "getenv('HEADWATER_CANARY')",
    "current_setting('temp_directory')", "tr_utc(now())", "(SELECT word FROM vault.secrets)", "(SELECT max(action) FROM github_stars)",
    "1 / 0", "1 + 'a'", "a.b.c", "action || action", "action LIKE 'c%'", "NOT true", "1 IN (1, 2)", "1 BETWEEN 0 AND 2",
    "occurred_at + INTERVAL '1' HOUR", "row_number() OVER ()", "lag(action) IGNORE NULLS OVER (ORDER BY event_id)", "\"$path\"",
)  # fmt: skip
_TABLES = (
    "github_stars", "github_stars AS s", "lake.github_issues", "web_events", "product_events", "downloads_cube_day", "(VALUES 1, 2) AS v(x)",
    "UNNEST(ARRAY[1, 2]) AS u(x)", "(SELECT action, event_id FROM github_stars) AS q", "unpublished", "vault.secrets", "a", "\"unpublished\"",
    "read_text('$SECRET')", "read_csv('$SECRET')", "glob('$SECRET_FOLDER/*')", "'$SECRET'", "\"$SECRET\"", "\"$OTHER_QUERY\"",
    "read_parquet('$URL/x')", "duckdb_settings()", "information_schema.tables", "\"github_stars$partitions\"", "TABLE(query('SELECT 1'))",
    "LATERAL (SELECT 1 AS x) AS l", "github_stars TABLESAMPLE BERNOULLI (10)", "t0", "pruning", "sqlite_master", "default.x",
)  # fmt: skip
_NAMES = (
    "x", "a", "unpublished", "\"unpublished\"", "\"a\"\"b\"", "\"; DROP TABLE x; --\"", "tr_utc", "item_", "lifted", "t0", "\"\"", "\u0430",
    "dt",
)  # fmt: skip
_TYPES = (
    "bigint", "varchar", "varchar(2)", "double", "decimal(10, 2)", "date", "timestamp", "timestamp(6) with time zone", "boolean", "json",
    "ARRAY(bigint)", "MAP(varchar, bigint)", "ROW(a bigint)", "nonsense", "varbinary", "time", "uuid", "interval day to second",
)  # fmt: skip


def statements(count: int, seed: int = 1) -> Iterator[Attack]:
    """Generate statements.

    Examples
    --------
    >>> list(statements(20)) == list(statements(20)), list(statements(20)) == list(statements(20, seed=2))
    (True, False)
    """
    for number in range(count):
        chance = random.Random(f"{seed} {number}")
        name, make = chance.choices(list(_WAYS), weights=[5, 3, 1, 3, 1])[0]
        yield Attack(f"generated: {name}", make(chance)[:_LONGEST])


@cache
def _queries() -> tuple[str, ...]:
    return tuple(sql for queries in legitimate().values() for _, sql in queries)


@cache
def _attacks() -> tuple[str, ...]:
    return tuple(a.sql for kind in hostile() if kind.name not in _SLOW for a in kind.attacks if len(a.sql) < _LONGEST)


@cache
def _words() -> tuple[str, ...]:
    found = {token for sql in (*_queries(), *_attacks()) for token in _TOKEN.findall(sql) if token.strip()}
    return tuple(sorted(found))


@cache
def _functions() -> tuple[str, ...]:
    calls = re.compile(r"\b(\w+)\(")
    return tuple(sorted({name for sql in (*_queries(), *_attacks()) for name in calls.findall(sql)}))


def _tokens_changed(sql: str, chance: random.Random) -> str:
    tokens = _TOKEN.findall(sql)
    for _ in range(chance.choice((1, 1, 1, 2, 3))):
        at = chance.randrange(len(tokens)) if tokens else 0
        match chance.randrange(5):
            case 0:
                del tokens[at : at + chance.randint(1, 3)]
            case 1:
                tokens.insert(at, f" {chance.choice(_words())} ")
            case 2:
                tokens[at : at + 1] = [chance.choice(_words())]
            case 3:
                tokens[at : at + 1] = [chance.choice((*_EXPRESSIONS, *_TABLES))]
            case _:
                other = chance.randrange(len(tokens)) if tokens else 0
                tokens[at : at + 1], tokens[other : other + 1] = tokens[other : other + 1], tokens[at : at + 1]
    return "".join(tokens)


def _kind_of(token: str) -> str:
    if token[:1] in "'\"":
        return token[0]
    return "number" if token.isdigit() else "word" if token.isidentifier() and token.islower() else "sign"


@cache
def _like(kind: str) -> tuple[str, ...]:
    return tuple(word for word in _words() if _kind_of(word) == kind)


def _likes_changed(chance: random.Random) -> str:
    """A column for a column, a number for a number, mostly out of the same query: what is still read well."""
    tokens = _TOKEN.findall(chance.choice(_queries()))
    places = [at for at, token in enumerate(tokens) if _kind_of(token) != "sign"]
    for at in chance.sample(places, min(len(places), chance.randint(1, 3))):
        kind = _kind_of(tokens[at])
        own = [token for token in tokens if _kind_of(token) == kind]
        tokens[at] = chance.choice(own if chance.random() < 0.7 else _like(kind))
    return "".join(tokens)


def _query_changed(chance: random.Random) -> str:
    return _tokens_changed(chance.choice(_queries()), chance)


def _attack_changed(chance: random.Random) -> str:
    return _tokens_changed(chance.choice(_attacks()), chance)


def _bytes_changed(chance: random.Random) -> str:
    letters = list(chance.choice((_queries(), _attacks())[chance.randrange(2)]))
    odd: Sequence[str] = "'\"`;()[]{}$?\\/*-\n\r\t\0\u200b\u202e\uff1b\ud800é%_.,:@#!~^&|<>=+"
    for _ in range(chance.randint(1, 6)):
        at = chance.randrange(len(letters)) if letters else 0
        letters[at : at + chance.randrange(2)] = [chance.choice(odd)] * chance.randrange(3)
    return "".join(letters)


def _recombined(chance: random.Random) -> str:
    def fill(found: re.Match[str]) -> str:
        return chance.choice({"e": _EXPRESSIONS, "t": _TABLES, "n": _NAMES, "y": _TYPES, "f": _functions()}[found[1]])

    return re.sub(r"\{([etnyf])\}", fill, chance.choice(_FRAMES))


_WAYS: Sequence[tuple[str, Callable[[random.Random], str]]] = (
    ("queries with like words", _likes_changed),
    ("queries with other words", _query_changed),
    ("other letters", _bytes_changed),
    ("parts put together", _recombined),
    ("attacks with other words", _attack_changed),
)
