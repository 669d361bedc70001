"""Hostile statements that are too large, or of characters too odd, to write down."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping


def _nested(opening: str, inner: str, closing: str, times: int) -> str:
    return "SELECT " + opening * times + inner + closing * times


def deep() -> Iterator[str]:
    """Depth where a parser, a tree walk or a planner recurses."""
    for times in (200, 1_000, 10_000):
        yield _nested("(", "1", ")", times)
        yield _nested("NOT ", "true", "", times)
        yield _nested("- ", "1", "", times)
    for times in (100, 500, 5_000):
        yield _nested("(SELECT ", "1", ")", times)
        yield _nested("CASE WHEN true THEN ", "1", " END", times)
        yield _nested("abs(", "1", ")", times)
        yield _nested("CAST(", "1", " AS bigint)", times)
        yield _nested("ARRAY[", "1", "]", times)
        yield _nested("TRY(", "1", ")", times)
        yield _nested("coalesce(1, ", "1", ")", times)
        yield "SELECT 1 FROM " + "(SELECT 1 FROM " * times + "(VALUES 1)" + ")" * times
        yield "SELECT * FROM " + "(" * times + "VALUES 1" + ")" * times
        yield "SELECT 1 WHERE " + "EXISTS (SELECT 1 WHERE " * times + "true" + ")" * times
        yield "SELECT 1 WHERE 1 IN (" + "SELECT 1 WHERE 1 IN (" * times + "1" + ")" * times + ")"
        yield "WITH a AS (" * times + "SELECT 1 AS x" + ") SELECT * FROM a" * times
        yield "SELECT CAST(NULL AS " + "array(" * times + "bigint" + ")" * times + ")"
        yield "SELECT CAST(NULL AS " + "row(x " * times + "bigint" + ")" * times + ")"
        yield "SELECT transform(ARRAY[1], x -> " * times + "1" + ")" * times
    for times in (50, 2_000):
        yield "SELECT x" + "[1]" * times + " FROM (VALUES ARRAY[1]) t(x)"
        yield "SELECT x" + ".a" * times + " FROM (VALUES 1) t(x)"
        yield "SELECT " + "if(true, " * times + "1" + ", 2)" * times
        yield "/*" * times + " SELECT 1 " + "*/" * times
        yield "UNLOAD (" * times + "SELECT 1 AS x" + ")" * times + " TO 's3://lake/u/'"
    yield "(" * 50_000
    yield ")" * 50_000
    yield "SELECT " + "[" * 50_000
    yield "SELECT " + "CASE " * 20_000
    yield "SELECT x" + "::bigint" * 5_000 + " FROM (VALUES 1) t(x)"


def wide() -> Iterator[str]:
    """Many of one thing, and long texts."""
    for times in (1_000, 14_000, 100_000):
        yield "SELECT 1 WHERE " + " AND ".join(["1 = 1"] * times)
        yield "SELECT 1 WHERE " + " OR ".join(["1 = 1"] * times)
        yield "SELECT 1 WHERE 1 IN (" + ", ".join(["1"] * times) + ")"
        yield "SELECT " + " + ".join(["1"] * times)
        yield "SELECT " + " || ".join(["'a'"] * times)
        yield "SELECT " + ", ".join(["1"] * times)
        yield "SELECT * FROM (VALUES " + ", ".join(["(1)"] * times) + ") AS t(x)"
        yield " UNION ALL ".join(["SELECT 1"] * times)
        yield "SELECT concat(" + ", ".join(["'a'"] * times) + ")"
        yield "SELECT CASE " + "WHEN true THEN 1 " * times + "END"
        yield "SELECT ARRAY[" + ", ".join(["1"] * times) + "]"
    yield "SELECT * FROM " + ", ".join(f"(VALUES 1, 2, 3) AS t{n}(x)" for n in range(60))
    yield "SELECT * FROM " + " CROSS JOIN ".join(["github_events"] * 40)
    yield "WITH " + ", ".join(f"a{n} AS (SELECT 1 AS x)" for n in range(3_000)) + " SELECT * FROM a0"
    yield (
        "WITH a0 AS (SELECT 1 AS x), "
        + ", ".join(f"a{n} AS (SELECT x FROM a{n - 1} UNION ALL SELECT x FROM a{n - 1})" for n in range(1, 40))
        + " SELECT count(*) FROM a39"
    )
    yield (
        "SELECT count(*) FROM github_events GROUP BY CUBE ("
        + ", ".join(
            ["event_id", "repository", "action", "sender", "delivery_id", "event", "payload", "id_conflict", "dt"] * 2
        )
        + ")"
    )
    yield "SELECT '" + "a" * 250_000 + "'"
    yield "SELECT '" + "a" * 1_000_000 + "'"
    yield "SELECT '" + "a" * 10_000_000 + "'"
    yield "SELECT 1" + " " * 10_000_000
    yield "SELECT 1 -- " + "x" * 1_000_000
    yield "SELECT 1 /* " + "* / " * 60_000 + " */"
    yield "SELECT " + "9" * 200_000
    yield "SELECT 1e" + "9" * 5_000
    yield "SELECT 0." + "0" * 5_000 + "1"
    yield f'SELECT 1 AS "{"a" * 200_000}"'
    yield f"SELECT {'a' * 200_000} FROM github_stars"
    yield f"SELECT {'a' * 200_000}(1)"
    yield "SELECT TIMESTAMP '2026-01-01" + " " * 60_000 + "x'"
    yield "SELECT TIMESTAMP '" + " " * 60_000 + "'"
    yield "SELECT DECIMAL '" + "9" * 60_000 + "'"
    yield "SELECT DATE '" + "9" * 60_000 + "'"
    yield "SELECT date_format(now(), '" + "%" * 50_001 + "')"
    yield "SELECT format_datetime(now(), '" + "'" * 50_000 + "')"
    yield "SELECT regexp_like('" + "a" * 5_000 + "', '" + "(a*)*" * 200 + "b')"
    yield "SELECT json_extract_scalar('{}', '$" + "[0]" * 5_000 + "')"
    yield "SELECT json_parse('" + "[" * 50_000 + "')"
    yield "SELECT json_parse('" + "[" * 20_000 + "]" * 20_000 + "')"
    yield "SELECT CAST('" + "[" * 20_000 + "' AS json)"
    yield "SELECT 'a' LIKE '" + "%a" * 5_000 + "'"
    yield "SELECT " + ";" * 100_000
    yield "SELECT 1" + "\n" * 200_000 + "FROM"
    yield "SHOW TABLES LIKE '" + "*a" * 5_000 + "b'"
    yield "SELECT " + "?, " * 10_000 + "1"


def odd_characters() -> Iterator[str]:
    """Characters that a text file or TOML does not hold."""
    yield "SELECT '\ud800'"
    yield 'SELECT 1 AS "\udfff"'
    yield "SELECT * FROM read_text('$SECRET')\ud800"
    yield "SELECT \ud83d\ude00"
    yield "SELECT '\x00'"
    yield "SELECT 1\x00; COPY (SELECT 1) TO 'x'"
    yield "SELECT 1 --\x00\nFROM read_text('$SECRET')"
    yield 'SELECT * FROM "\x00$SECRET"'
    yield "\ufeffSELECT 1"
    yield "\x00SELECT 1"
    yield "SELECT\x0b1"
    yield "SELECT\x851"
    yield "SELECT\u20281"
    yield "SELECT 1\x1a"
    yield "SELECT U&'\\D800'"
    yield "SELECT U&'\\+110000'"
    yield "SELECT U&'\\+FFFFFF'"
    yield "SELECT X'ZZ'"
    yield "SELECT X'123'"
    yield "SELECT from_utf8(X'FF')"
    yield "SELECT chr(55296)"
    yield "SELECT chr(-1)"
    yield "SELECT chr(1114112)"
    yield "SELECT 'a\x08\x08\x08'"
    yield "INSERT INTO github_stars SELECT '\ud800'"


KINDS: Mapping[str, tuple[str, str, Callable[[], Iterator[str]]]] = {
    "deep nesting": (
        "A parser that recurses runs out of stack, and takes the server along.",
        "as deep as the guard allows, and no deeper than Trino reads",
        deep,
    ),
    "large statements": (
        "A text or a list that is large makes work that is quadratic, or fills the memory.",
        "as large as the guard allows: Athena has a time limit",
        wide,
    ),
    "odd characters": (
        "Halves of surrogates, NUL and control characters end a text early or break what prints it.",
        "the odd character is in a text, or is written as a number: Trino refuses it or computes with it",
        odd_characters,
    ),
}
"""By name: why, why it is harmless where the endpoint's guard lets one in, and the statements."""
