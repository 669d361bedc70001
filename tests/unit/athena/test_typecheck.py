"""Types are checked before a query runs: refused is what Trino refuses, in its words; what is not known passes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlglot import exp

from infra.local.athena.binding import Reference
from infra.local.athena.catalog import Table
from infra.local.athena.dialect import parse_query
from infra.local.athena.errors import QueryFailure
from infra.local.athena.typecheck import check_insert, check_types
from infra.local.athena.typecheck.coercion import castable, coercible, common_type
from infra.local.athena.typecheck.signatures import casts
from infra.local.athena.typecheck.types import ANY, UNKNOWN, Type, array, read, row
from infra.local.athena.types import Column

COLUMNS = {
    "n": "bigint", "name": "string", "price": "decimal(10,2)", "at": "timestamp", "tags": "array<string>",
    "who": "struct<id:int,mail:string>", "counts": "map<string,int>", "dt": "string",
}  # fmt: skip


def types_of(sql: str) -> list[str]:
    """The types of a query's columns; ``events`` has the columns above."""
    tree = parse_query(sql)
    columns = tuple(Column(name, of) for name, of in COLUMNS.items())
    table = Table("lake", "events", columns, (), "s3://lake/events/", {}, "parquet", "")
    mentions = [node for node in tree.find_all(exp.Table) if node.name == "events"]
    references = [Reference("t0", table, node, frozenset(COLUMNS)) for node in mentions]
    return [str(field.type) for field in check_types(tree, references) or ()]


@pytest.mark.parametrize(
    ("sql", "reason"),
    [
        (
            "SELECT * FROM events WHERE dt > 20261101",
            "TYPE_MISMATCH: line 1:31: Cannot apply operator: varchar < integer",
        ),
        ("SELECT 1\nFROM events\nWHERE name = n", "TYPE_MISMATCH: line 3:12: Cannot apply operator: varchar = bigint"),
        (
            "SELECT e.at < '2026-01-01' FROM events e",
            "TYPE_MISMATCH: line 1:13: Cannot apply operator: timestamp(3) < varchar(10)",
        ),
        (
            "SELECT count(*) FROM events GROUP BY dt HAVING n",
            "TYPE_MISMATCH: line 1:48: HAVING clause must evaluate to a boolean: actual type bigint",
        ),
        ("SELECT who.mail + 1 FROM events", "TYPE_MISMATCH: line 1:17: Cannot apply operator: varchar + integer"),
        (
            "SELECT e.who.id || 'a' FROM events e",
            "FUNCTION_NOT_FOUND: line 1:17: Unexpected parameters (integer, varchar(1)) for function concat.",
        ),
        (
            "SELECT counts[1] FROM events",
            "TYPE_MISMATCH: line 1:8: Cannot use integer for subscript of map(varchar, integer)",
        ),
        (
            "SELECT transform(tags, t -> t + 1) FROM events",
            "TYPE_MISMATCH: line 1:31: Cannot apply operator: varchar + integer",
        ),
        (
            "SELECT t + 1 FROM events CROSS JOIN UNNEST(tags) AS u (t)",
            "TYPE_MISMATCH: line 1:10: Cannot apply operator: varchar + integer",
        ),
        (
            "SELECT k + v FROM events, UNNEST(counts) AS u (k, v)",
            "TYPE_MISMATCH: line 1:10: Cannot apply operator: varchar + integer",
        ),
        (
            "WITH d AS (SELECT dt AS day FROM events) SELECT day + 1 FROM d",
            "TYPE_MISMATCH: line 1:53: Cannot apply operator: varchar + integer",
        ),
        (
            "WITH d (x) AS (SELECT n FROM events) SELECT x || 'a' FROM d",
            "FUNCTION_NOT_FOUND: line 1:47: Unexpected parameters (bigint, varchar(1))",
        ),
        (
            "SELECT n FROM events WHERE n IN (SELECT name FROM events)",
            "TYPE_MISMATCH: line 1:30: Value expression and result of subquery must be",
        ),
        (
            "SELECT (SELECT max(name) FROM events) + 1",
            "TYPE_MISMATCH: line 1:39: Cannot apply operator: varchar + integer",
        ),
        (
            "SELECT n FROM events e WHERE EXISTS (SELECT 1 FROM events f WHERE f.name = e.n)",
            "TYPE_MISMATCH: line 1:74: Cannot apply operator: varchar = bigint",
        ),
        (
            "SELECT n AS x FROM events ORDER BY lower(x)",
            "FUNCTION_NOT_FOUND: line 1:36: Unexpected parameters (bigint) for function lower.",
        ),
        (
            "SELECT n FROM events GROUP BY 3",
            "INVALID_COLUMN_REFERENCE: line 1:31: GROUP BY position 3 is not in select list",
        ),
        (
            "SELECT sum(name) OVER (ORDER BY n) FROM events",
            "FUNCTION_NOT_FOUND: line 1:8: Unexpected parameters (varchar) for function sum.",
        ),
        (
            "SELECT CAST(CAST(at AS date) AS integer) FROM events",
            "TYPE_MISMATCH: line 1:8: Cannot cast date to integer",
        ),
        (
            "SELECT CASE WHEN true THEN NULL ELSE true END = 1",
            "TYPE_MISMATCH: line 1:47: Cannot apply operator: boolean = integer",
        ),
        ("SELECT (TRUE OR NULL) + 1", "TYPE_MISMATCH: line 1:23: Cannot apply operator: boolean + integer"),
        ("SELECT '(' = 1 OR ')' = 'a'", "TYPE_MISMATCH: line 1:12: Cannot apply operator: varchar(1) = integer"),
        ("SELECT count(*) * 'a' FROM events", "TYPE_MISMATCH: line 1:17: Cannot apply operator: bigint * varchar(1)"),
    ],
)
def test_a_mismatch_is_told_in_trinos_words_and_at_its_place(sql: str, reason: str) -> None:
    with pytest.raises(QueryFailure) as failed:
        types_of(sql)

    assert str(failed.value).startswith(reason)


@pytest.mark.parametrize(
    ("sql", "types"),
    [
        ("SELECT * FROM (SELECT n, price FROM events)", ["bigint", "decimal(10,2)"]),
        ("SELECT e.*, 1 FROM (SELECT n FROM events) e", ["bigint", "integer"]),
        ("SELECT price * 2, price / 3, n / 2e0 FROM events", ["decimal(20,2)", "decimal(10,2)", "double"]),
        (
            "SELECT sum(price), avg(n), max(at), count(*) FROM events",
            ["decimal(38,2)", "double", "timestamp(3)", "bigint"],
        ),
        ("SELECT * FROM (VALUES (1, NULL), (2.5, 'ab')) t (x, y)", ["decimal(11,1)", "varchar(2)"]),
        ("SELECT 1 UNION SELECT n FROM events", ["bigint"]),
        (
            "SELECT * FROM (VALUES (1, 'a')) a (k, x) JOIN (VALUES (1.5, 2)) b (k, y) USING (k)",
            ["decimal(11,1)", "varchar(1)", "integer"],
        ),
        ("WITH RECURSIVE t (i) AS (VALUES 1 UNION ALL SELECT i + 1 FROM t WHERE i < 3) SELECT i FROM t", ["integer"]),
        ("SELECT t, o FROM events CROSS JOIN UNNEST(tags) WITH ORDINALITY AS u (t, o)", ["varchar", "bigint"]),
        ("SELECT who, who.id, e.who.mail FROM events e", ["row(id integer, mail varchar)", "integer", "varchar"]),
        ("SELECT reduce(tags, 0, (s, t) -> s + 1, s -> s * 2e0) FROM events", ["double"]),
        ("SELECT lag(n, 1, 0) OVER (ORDER BY at), ntile(4) OVER (ORDER BY n) FROM events", ["bigint", "bigint"]),
    ],
)
def test_the_types_of_a_result_are_known(sql: str, types: list[str]) -> None:
    assert types_of(sql) == types


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT nobody.knows + 1, lower(x), x = 'a', CASE WHEN x THEN 1 ELSE y END FROM elsewhere",
        "SELECT transform(x, v -> v || 'a'), x[1], x + INTERVAL '1' DAY FROM elsewhere",
        "SELECT n FROM events, elsewhere WHERE foreign_column > 1",
        "SELECT sum(x), max_by(x, y) FROM elsewhere GROUP BY z HAVING sum(x) > 'a'",
        "SELECT * FROM elsewhere UNION SELECT 1",
        "SELECT k FROM elsewhere CROSS JOIN UNNEST(m) AS u (k, v) WHERE k = 1 AND v = 'a'",
    ],
)
def test_what_is_not_known_passes(sql: str) -> None:
    types_of(sql)


def test_conversions_that_duckdb_would_not_make_are_written_into_the_query() -> None:
    tree = parse_query("SELECT lag(x, 1, 0.5) OVER (ORDER BY x), floor(x) FROM (VALUES 1) t (x)")

    check_types(tree)

    lagged, floored = (column.sql(dialect="trino") for column in tree.selects)
    assert lagged.startswith("LAG(CAST(x AS DECIMAL(11, 1)), CAST(1 AS BIGINT), CAST(0.5 AS DECIMAL(11, 1)))")
    assert floored == "CAST(x AS INTEGER)"


def test_rows_are_inserted_only_into_columns_that_hold_them() -> None:
    columns = [Column("n", "bigint"), Column("dt", "string")]

    check_insert(check_types(parse_query("SELECT 7, 'a'")), columns)
    check_insert(check_types(parse_query("SELECT NULL, NULL")), columns)
    check_insert(check_types(parse_query("SELECT 7.5, 'a'")), columns)
    with pytest.raises(QueryFailure) as failed:
        check_insert(check_types(parse_query("SELECT 'a', 7")), columns)

    assert str(failed.value) == (
        "TYPE_MISMATCH: line 1:1: Insert query has mismatched column types: "
        "Table: [bigint, varchar], Query: [varchar(1), integer]"
    )


WRITTEN = (
    "tinyint integer bigint real double boolean varchar date json unknown varbinary decimal(5,2) decimal(38,10) "
    "varchar(2) varchar(7) char(3) time(3) timestamp(0) timestamp(6)"
)
PLAIN = st.sampled_from([*map(read, WRITTEN.split()), read("timestamp(3) with time zone")])
TYPES = st.recursive(
    PLAIN, lambda inner: st.builds(array, inner) | st.lists(inner, min_size=1, max_size=3).map(row), max_leaves=4
)


@given(TYPES, TYPES)
def test_a_common_type_is_one_for_both_whichever_comes_first(one: Type, other: Type) -> None:
    common = common_type(one, other)

    assert common == common_type(other, one)
    if common is not None:
        assert coercible(one, common)
        assert coercible(other, common)


@given(TYPES)
def test_a_type_is_itself_written_and_read_and_goes_with_what_is_not_known(of: Type) -> None:
    assert read(of.signature) == of
    assert coercible(of, of)
    assert castable(of, of, casts())
    assert coercible(UNKNOWN, of)
    assert coercible(ANY, of)
    assert coercible(of, ANY)
