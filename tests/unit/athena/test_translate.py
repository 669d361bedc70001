"""Trino's meaning kept in DuckDB: each statement with what Trino answers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.local.athena.engine import Engine
from infra.local.athena.errors import ApiError, QueryFailure
from infra.local.athena.guard import check
from infra.local.athena.parse import parse
from infra.local.athena.statement import Query
from infra.local.athena.translate import Context, to_duckdb
from infra.local.athena.values import printer

NOW = dt.datetime(2026, 11, 22, 10, 30, tzinfo=dt.UTC)


@pytest.fixture
def answer() -> Iterator[object]:
    """Run a query as the server does, without tables."""

    def run(sql: str) -> list[list[str | None]]:
        statement = parse(sql)
        assert isinstance(statement, Query)
        check(statement.tree)
        text = to_duckdb(statement.tree, Context(NOW))
        engine = Engine(Path("unused"), 1, "300MB")
        try:
            engine.prepare(text)
            result = engine.run(text)
            shows = [printer(str(column[1])) for column in result.description]
            rows = result.fetchall()
        finally:
            engine.close()
        return [[None if v is None else show(v) for v, show in zip(row, shows, strict=True)] for row in rows]

    return run


CASES = {
    # numbers
    "SELECT 7 / 2": "3",
    "SELECT -7 / 2": "-3",
    "SELECT 7 / 2e0": "3.5",
    "SELECT sum(x) / count(*) FROM (VALUES 1, 2, 4) t(x)": "2",
    "SELECT 1.00 / 3": "0.33",
    "SELECT CAST(10 AS decimal(10,4)) / CAST(3 AS decimal(5,2))": "3.3333",
    "SELECT 2.0 / 3": "0.7",
    "SELECT -2.0 / 3": "-0.7",
    "SELECT 1e0 / 0": "Infinity",
    "SELECT 5 % 3": "2",
    "SELECT -5 % 3": "-2",
    "SELECT CAST(2.5e0 AS bigint)": "3",
    "SELECT CAST(-2.5e0 AS integer)": "-3",
    "SELECT round(2.5e0)": "3.0",
    "SELECT avg(x) FROM (VALUES 1, 2) t(x)": "1.5",
    "SELECT sum(x) FROM (VALUES 1, 2) t(x)": "3",
    "SELECT TRY(1 / 0)": None,
    "SELECT try_cast('x' AS bigint)": None,
    "SELECT try_cast('12' AS integer)": "12",
    "SELECT try_cast('1.5' AS integer)": None,
    "SELECT CAST(1e10 AS varchar)": "1.0E10",
    "SELECT greatest(1, 2, NULL)": None,
    "SELECT count_if(x > 1) FROM (VALUES 1, 2, 3) t(x)": "2",
    "SELECT approx_distinct(x) FROM (VALUES 1, 2, 2) t(x)": "2",
    "SELECT approx_percentile(x, 0.5) FROM (VALUES 1, 2, 9) t(x)": "2",
    "SELECT sum(x) FROM (VALUES 1.5, 2.25) t(x)": "3.75",
    "SELECT sum(x) FROM (VALUES 1.5e0, 2e0) t(x)": "3.5",
    "SELECT sum(x) OVER () FROM (VALUES 1.5e0) t(x)": "1.5",
    "SELECT CAST(sum(x) AS varchar) FROM (VALUES 1.5e0, 2e0) t(x)": "3.5E0",
    "SELECT CAST(max(x) AS bigint) FROM (VALUES '1', '2') t(x)": "2",
    "SELECT CAST(max(x) AS bigint) FROM (VALUES 1.5e0, 2.5e0) t(x)": "3",
    "SELECT date_diff('day', min(d), max(d)) FROM (VALUES DATE '2026-01-01', DATE '2026-01-03') t(d)": "2",
    "SELECT date_trunc('month', max(d)) FROM (VALUES DATE '2026-01-01', DATE '2026-01-03') t(d)": "2026-01-01",
    "SELECT sum(x) * 1e0 / count(*) FROM (VALUES 1, 2) t(x)": "1.5",
    "SELECT at_timezone(CAST(NULL AS timestamp), 'UTC')": None,
    "SELECT MAP(ARRAY[ARRAY[1]], ARRAY[2])": "{[1]=2}",
    "SELECT max(url_extract_host(x)) FROM (VALUES '', 'https://a.example/b') t(x)": "a.example",
    "SELECT cardinality(array_agg(x)) FROM (VALUES 1, 2) t(x)": "2",
    "SELECT cardinality(sequence(1, 10000))": "10000",
    "SELECT cardinality(sequence(DATE '2000-01-01', DATE '2026-01-01', INTERVAL '1' DAY))": "9498",
    "SELECT k FROM (VALUES (1, 5), (2, 6)) t(k, x) GROUP BY k HAVING sum(x) / count(*) > 5": "2",
    "SELECT sum(sum(x)) OVER () / 2 FROM (VALUES (1, 5), (1, 6)) t(k, x) GROUP BY k": "5",
    "SELECT CAST(5 AS varchar)": "5",
    "SELECT CAST(1.10 AS varchar)": "1.10",
    "SELECT CAST(9007199254740993 AS varchar)": "9007199254740993",
    "SELECT CAST(CAST(9007199254740993 AS varchar) AS bigint)": "9007199254740993",
    "SELECT CAST(9007199254740993 AS bigint)": "9007199254740993",
    "SELECT CAST(9007199254740993.4 AS bigint)": "9007199254740993",
    "SELECT CAST(true AS varchar)": "true",
    "SELECT CAST(true AS integer)": "1",
    "SELECT CAST(NULL AS varchar)": None,
    "SELECT CAST(DATE '2026-01-05' AS varchar)": "2026-01-05",
    "SELECT CAST(now() AS varchar)": "2026-11-22 10:30:00.000 UTC",
    "SELECT CAST(date_add('day', 1, DATE '2026-01-05') AS varchar)": "2026-01-06",
    "SELECT CAST(CAST('1.25' AS decimal(4,2)) AS varchar)": "1.25",
    "SELECT CAST(CAST(0.1e0 AS real) AS varchar)": "1.0E-1",
    "SELECT CAST(DATE '2026-01-05' AS timestamp)": "2026-01-05 00:00:00.000",
    "SELECT DATE '2026-01-05' = TIMESTAMP '2026-01-05 00:00:00'": "true",
    "SELECT 100.0 * count_if(x > 1) / count(*) FROM (VALUES 1, 2, 3) t(x)": "66.7",
    "SELECT ROW(1, 'a', NULL)": "{field0=1, field1=a, field2=null}",
    "SELECT date_diff('minute', TIMESTAMP '2026-11-22 10:00:00', now())": "30",
    # text
    "SELECT 'a' || NULL": None,
    "SELECT concat('a', NULL)": None,
    "SELECT concat('a', 'b', 'c')": "abc",
    "SELECT substr('hello', -3)": "llo",
    "SELECT substr('hello', 0)": "",
    "SELECT split_part('a,b', ',', 3)": None,
    "SELECT split('a,b,c', ',')": "[a, b, c]",
    "SELECT split('a,b,c', ',', 2)": "[a, b,c]",
    "SELECT contains(split('a,b', ','), 'b')": "true",
    "SELECT contains(ARRAY[1, NULL], 2)": None,
    "SELECT regexp_extract('v1.2.3', 'v(\\d+)\\.(\\d+)', 2)": "2",
    "SELECT regexp_extract('none', '(\\d+)', 1)": None,
    "SELECT regexp_like('1a 2b', '\\d+b')": "true",
    "SELECT regexp_replace('1a 2b', '(\\d)([ab])', '$2$1')": "a1 b2",
    "SELECT url_extract_host('https://www.example.com:8080/a/b?x=1')": "www.example.com",
    "SELECT url_extract_path('https://www.example.com/a/b?x=1')": "/a/b",
    "SELECT url_extract_parameter('https://e.com/?x=1&y=a%20b', 'y')": "a b",
    "SELECT json_extract_scalar('{\"a\": {\"b\": 1}}', '$.a.b')": "1",
    "SELECT json_extract_scalar('{\"a\": {\"b\": 1}}', '$.a')": None,
    "SELECT json_extract_scalar('{\"a b\": \"x\"}', '$[\"a b\"]')": "x",
    "SELECT json_extract_scalar('no json', '$.a')": None,
    "SELECT if(1 > 2, 'x')": None,
    "SELECT CASE WHEN NULL THEN 1 ELSE 2 END": "2",
    # times
    "SELECT date_trunc('week', DATE '2026-11-22')": "2026-11-16",
    "SELECT date_trunc('week', TIMESTAMP '2026-11-22 10:00:00')": "2026-11-16 00:00:00.000",
    "SELECT date_trunc('quarter', DATE '2026-11-22')": "2026-10-01",
    "SELECT date_add('month', 1, DATE '2026-01-31')": "2026-02-28",
    "SELECT date_add('minute', 15, TIMESTAMP '2026-11-22 23:50:00')": "2026-11-23 00:05:00.000",
    "SELECT date_add('week', -1, DATE '2026-01-01')": "2025-12-25",
    "SELECT date_diff('day', DATE '2026-01-01', DATE '2026-11-22')": "325",
    "SELECT date_diff('hour', TIMESTAMP '2026-01-01 01:59:00', TIMESTAMP '2026-01-01 02:01:00')": "0",
    "SELECT date_diff('month', DATE '2026-01-31', DATE '2026-02-28')": "1",
    "SELECT date_diff('second', TIMESTAMP '2026-01-01 00:00:10', TIMESTAMP '2026-01-01 00:00:00')": "-10",
    "SELECT DATE '2026-01-31' + INTERVAL '1' DAY": "2026-02-01",
    "SELECT TIMESTAMP '2026-01-31 00:00:00' - INTERVAL '15' MINUTE": "2026-01-30 23:45:00.000",
    "SELECT from_unixtime(1764000000)": "2025-11-24 16:00:00.000 UTC",
    "SELECT from_unixtime(1764000000) AT TIME ZONE 'Asia/Kathmandu'": "2025-11-24 21:45:00.000 Asia/Kathmandu",
    "SELECT date_trunc('day', from_unixtime(1764000000) AT TIME ZONE 'Asia/Kathmandu')":
        "2025-11-24 00:00:00.000 Asia/Kathmandu",
    "SELECT CAST(from_unixtime(1764010800) AT TIME ZONE 'Asia/Tokyo' AS date)": "2025-11-25",
    "SELECT hour(at_timezone(from_unixtime(0), 'America/New_York'))": "19",
    "SELECT CAST(d || ' 00:00:00 America/Los_Angeles' AS timestamp with time zone) FROM (VALUES ('2026-11-02')) AS t (d)":
        "2026-11-02 00:00:00.000 America/Los_Angeles",
    "SELECT CAST(CAST(d || ' 00:00 Asia/Kathmandu' AS timestamp with time zone) AT TIME ZONE 'UTC' AS timestamp) "
    "FROM (VALUES ('2026-11-02'), (NULL)) AS t (d) WHERE d IS NOT NULL": "2026-11-01 18:15:00.000",
    "SELECT CAST(d AS timestamp with time zone) FROM (VALUES CAST(NULL AS varchar)) AS t (d)": None,
    "SELECT count_if(x > 1) FROM (VALUES 1, 2, NULL) AS t (x)": "1",
    "SELECT count_if(x > 1) FROM (VALUES CAST(NULL AS integer)) AS t (x)": "0",
    "SELECT count_if(x > 1) FILTER (WHERE x < 3) FROM (VALUES 1, 2, 3) AS t (x)": "1",
    "SELECT count_if(x > 1) OVER () FROM (VALUES 2) AS t (x)": "1",
    "SELECT to_unixtime(TIMESTAMP '1970-01-02 00:00:00')": "86400.0",
    "SELECT to_unixtime(from_unixtime(1.5))": "1.5",
    "SELECT now()": "2026-11-22 10:30:00.000 UTC",
    "SELECT current_date": "2026-11-22",
    "SELECT now() > TIMESTAMP '2026-11-22 10:29:00'": "true",
    "SELECT date_format(TIMESTAMP '2026-01-05 06:07:08', '%Y-%m-%d %H:%i:%s')": "2026-01-05 06:07:08",
    "SELECT format_datetime(TIMESTAMP '2026-01-05 06:07:08', 'yyyy-MM-dd''T''HH:mm:ss')": "2026-01-05T06:07:08",
    "SELECT date_parse('2026-01-05', '%Y-%m-%d')": "2026-01-05 00:00:00.000",
    "SELECT day_of_week(DATE '2026-11-22')": "7",
    "SELECT week(DATE '2027-01-01')": "53",
    "SELECT year_of_week(DATE '2027-01-01')": "2026",
    "SELECT CAST(TIMESTAMP '2026-01-05 06:07:08.25' AS varchar)": "2026-01-05 06:07:08.250",
    "SELECT to_iso8601(from_unixtime(0))": "1970-01-01T00:00:00.000Z",
    # arrays, maps, windows
    "SELECT element_at(ARRAY[1, 2], 3)": None,
    "SELECT element_at(map(ARRAY['a'], ARRAY[1]), 'b')": None,
    "SELECT ARRAY[1, 2][2]": "2",
    "SELECT cardinality(ARRAY[1, 2])": "2",
    "SELECT sequence(1, 3)": "[1, 2, 3]",
    "SELECT reduce(ARRAY[1, 2, 3], 0, (s, x) -> s + x, s -> s)": "6",
    "SELECT transform(ARRAY[1, 2], x -> x * 2)": "[2, 4]",
    "SELECT filter(ARRAY[1, 2], x -> x > 1)": "[2]",
    "SELECT array_sort(ARRAY[2, NULL, 1])": "[1, 2, null]",
    "SELECT array_join(ARRAY[1, NULL, 2], '-')": "1-2",
    "SELECT array_agg(x ORDER BY x DESC) FROM (VALUES 1, 3, 2) t(x)": "[3, 2, 1]",
    "SELECT max_by(a, b) FROM (VALUES ('x', 1), ('y', 2)) t(a, b)": "y",
    "SELECT max_by(a, b) FROM (VALUES ('x', 1), (NULL, 2)) t(a, b)": None,
    "SELECT map(ARRAY['a'], ARRAY[1])": "{a=1}",
    "SELECT x FROM (VALUES 2, NULL, 1) t(x) ORDER BY x DESC LIMIT 1": "2",
}  # fmt: skip


@pytest.mark.parametrize(("sql", "expected"), CASES.items(), ids=CASES.keys())
def test_answers_as_trino(sql: str, expected: str | None, answer) -> None:  # type: ignore[no-untyped-def]
    assert answer(sql) == [[expected]]


TABLES = {
    "SELECT x, n FROM UNNEST(ARRAY['a', 'b']) WITH ORDINALITY AS t(x, n)": [["a", "1"], ["b", "2"]],
    "SELECT g, x FROM (VALUES (1, ARRAY[5, 6]), (2, NULL)) q(g, a) CROSS JOIN UNNEST(a) AS t(x)": [["1", "5"], ["1", "6"]],
    "SELECT d FROM UNNEST(sequence(DATE '2026-01-30', DATE '2026-02-01', INTERVAL '1' DAY)) AS t(d)": [
        ["2026-01-30"], ["2026-01-31"], ["2026-02-01"],
    ],
    "SELECT x, lag(x) OVER (ORDER BY x), row_number() OVER (ORDER BY x DESC) FROM (VALUES 1, 2) t(x) ORDER BY x": [
        ["1", None, "2"], ["2", "1", "1"],
    ],
    "SELECT x FROM (VALUES 2, NULL, 1) t(x) ORDER BY x": [["1"], ["2"], [None]],
    "SELECT lag(x) IGNORE NULLS OVER (ORDER BY o) FROM (VALUES (1, 5), (2, NULL), (3, 7)) t(o, x) ORDER BY o": [
        [None], ["5"], ["5"],
    ],
    "SELECT last_value(x) IGNORE NULLS OVER (ORDER BY o) FROM (VALUES (1, 5), (2, NULL)) t(o, x) ORDER BY o": [["5"], ["5"]],
    "SELECT lower(x) AS x, count(*) FROM (VALUES 'A', 'a') t(x) GROUP BY x ORDER BY 1": [["a", "1"], ["a", "1"]],
    "SELECT k, sum(x) FROM (VALUES ('a', 1), ('b', 2)) t(k, x) GROUP BY GROUPING SETS ((k), ()) ORDER BY k": [
        ["a", "1"], ["b", "2"], [None, "3"],
    ],
    "SELECT k, v FROM UNNEST(map(ARRAY['a', 'b'], ARRAY[1, 2])) AS t(k, v)": [["a", "1"], ["b", "2"]],
    "SELECT g, sum(x) / count(*) AS mean FROM (VALUES (1, 5), (1, 6), (2, 9)) t(g, x) GROUP BY g ORDER BY mean DESC": [
        ["2", "9"], ["1", "5"],
    ],
    "SELECT t.g + 1, date_trunc('day', max(t.at)) FROM (VALUES (1, TIMESTAMP '2026-01-01 10:00:00')) t(g, at) GROUP BY 1": [
        ["2", "2026-01-01 00:00:00.000"],
    ],
    "SELECT x, date_diff('day', lag(d) OVER (ORDER BY d), d) FROM (VALUES (1, DATE '2026-01-01'), (2, DATE '2026-01-04'))"
    " t(x, d) ORDER BY x": [["1", None], ["2", "3"]],
    "WITH a AS (SELECT 1 AS x), b AS (SELECT x + 1 AS x FROM a) SELECT * FROM a UNION ALL SELECT * FROM b": [["1"], ["2"]],
}  # fmt: skip


@pytest.mark.parametrize(("sql", "expected"), TABLES.items(), ids=TABLES.keys())
def test_answers_rows_as_trino(sql: str, expected: list[list[str | None]], answer) -> None:  # type: ignore[no-untyped-def]
    assert answer(sql) == expected


FAILURES = {
    "SELECT 1 / 0": "DIVISION_BY_ZERO",
    "SELECT 1 % 0": "DIVISION_BY_ZERO",
    "SELECT 1.0 / 0": "DIVISION_BY_ZERO",
    "SELECT CAST('x' AS bigint)": "INVALID_CAST_ARGUMENT",
    "SELECT CAST('1.5' AS integer)": "INVALID_CAST_ARGUMENT",
    "SELECT CAST(300 AS tinyint)": "NUMERIC_VALUE_OUT_OF_RANGE",
    "SELECT ARRAY[1][2]": "INVALID_FUNCTION_ARGUMENT",
    "SELECT map(ARRAY['a'], ARRAY[1])['b']": "INVALID_FUNCTION_ARGUMENT",
    "SELECT DATE '2026-01-02' - DATE '2026-01-01'": "NOT_SUPPORTED",
    "SELECT x FROM (VALUES 1, 1) t(x) ORDER BY x FETCH FIRST 1 ROWS WITH TIES": "NOT_SUPPORTED",
    "SELECT x, count(*) FROM (VALUES 1, 1) t(x) GROUP BY ALL": "NOT_SUPPORTED",
    "SELECT x / y FROM (SELECT 1.5 + z AS x, 2 AS y FROM (VALUES 1) q(z)) r": "NOT_SUPPORTED",
    "SELECT nothing": "COLUMN_NOT_FOUND",
    "SELECT no_such_function(1)": "FUNCTION_NOT_FOUND",
    "SELECT date_trunc('decade', DATE '2026-01-01')": "INVALID_FUNCTION_ARGUMENT",
    "SELECT date_parse('x', '%Y')": "INVALID",
}


@pytest.mark.parametrize(("sql", "name"), FAILURES.items(), ids=FAILURES.keys())
def test_fails_as_trino(sql: str, name: str, answer) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises((QueryFailure, ApiError), match=name):
        answer(sql)
