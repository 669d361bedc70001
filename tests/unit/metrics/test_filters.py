"""Filters: text, JSON and SQL all mean what the predicate in Python means."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.metrics.filter_json import as_json, parse_filter
from chalicelib.metrics.filter_sql import Parameters, where
from chalicelib.metrics.filter_text import read_filter, write_filter
from chalicelib.metrics.filters import (
    MAX_CONDITIONS,
    MAX_DEPTH,
    MAX_VALUE,
    And,
    Condition,
    Filter,
    Not,
    Operator,
    Or,
    conditions,
    fixed,
    holds,
    without,
)

NAMES = ("version", "product", "site_2")
TEXTS = st.one_of(
    st.sampled_from(["", "a", "ab", "%", "_", "'", '"', "\\", "$v0", "é", "📈", "null", "a\nb", "A"]),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=6),
)
PATTERNS = st.sampled_from(["a", "^a", "b$", "a|b", "[a-c]+", "^$", ".", "a.*b", "\\.", "(ab)+", "a{2}"])
PLAIN = st.builds(Condition, st.sampled_from(NAMES), st.sampled_from(["is", "is_not"]).map(Operator), st.none() | TEXTS)
CONTAINS = st.builds(Condition, st.sampled_from(NAMES), st.just(Operator.CONTAINS), TEXTS)
MATCHES = st.builds(Condition, st.sampled_from(NAMES), st.just(Operator.MATCHES), PATTERNS)


def joined(inner: st.SearchStrategy[Filter]) -> st.SearchStrategy[Filter]:
    some = st.lists(inner, min_size=2, max_size=3).map(tuple)
    return st.one_of(some.map(And), some.map(Or), inner.map(Not))


FILTERS = st.recursive(st.one_of(PLAIN, CONTAINS, MATCHES), joined, max_leaves=8)
SMALL = FILTERS.filter(lambda one: len(write_filter(one)) < 2_000)
ROWS = st.lists(st.fixed_dictionaries({name: st.none() | TEXTS for name in NAMES}), max_size=6)


def found(pattern: str, text: str) -> bool:
    return re.search(pattern.replace("$", r"\Z"), text) is not None


@given(SMALL)
@settings(max_examples=300)
def test_text_and_json_are_read_as_what_was_written(one: Filter) -> None:
    try:
        assert read_filter(write_filter(one)) == one
        assert parse_filter(as_json(one)) == one
    except ValueError as error:
        assert "levels deep" in str(error)


@given(st.lists(st.sampled_from(["a", "is", "not", "and", "or", "(", ")", "null", '"x"', "contains", "is_not", "?"])))
def test_whatever_is_written_is_read_or_refused_at_a_place(words: list[str]) -> None:
    try:
        one = read_filter(" ".join(words))
    except ValueError as error:
        assert "column" in str(error) or "levels deep" in str(error)
    else:
        assert read_filter(write_filter(one)) == one


@pytest.fixture(scope="module")
def engine() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        columns = ", ".join(f"{name} VARCHAR" for name in NAMES)
        connection.execute(f"CREATE TABLE t (i INTEGER, {columns})")
        yield connection


@given(SMALL, ROWS)
@settings(max_examples=300)
def test_sql_lets_the_same_rows_through(engine: duckdb.DuckDBPyConnection, one: Filter, rows: list[Any]) -> None:
    given_values = Parameters()
    sql = f"SELECT i FROM t WHERE {where(one, given_values, str)} ORDER BY i"
    engine.execute("DELETE FROM t")
    for index, row in enumerate(rows):
        engine.execute("INSERT INTO t VALUES (?, ?, ?, ?)", [index, *(row[name] for name in NAMES)])

    passed = [index for (index,) in engine.execute(sql, given_values.values).fetchall()]

    assert passed == [index for index, row in enumerate(rows) if holds(one, row, found)]


def is_(dimension: str, value: str | None) -> Condition:
    return Condition(dimension, Operator.IS, value)


READ = [
    ('version is "3.5.0"', is_("version", "3.5.0")),
    ("version is null", is_("version", None)),
    ("version is not null", Condition("version", Operator.IS_NOT, None)),
    ('a is_not "x"', Condition("a", Operator.IS_NOT, "x")),
    ('properties.plan is "team"', Condition("properties.plan", Operator.IS, "team")),
    ('a is "1" or b is "2" and c is "3"', Or((is_("a", "1"), And((is_("b", "2"), is_("c", "3")))))),
    ('not a is "1" and b is "2"', And((Not(is_("a", "1")), is_("b", "2")))),
    ('(a is "1" or b is "2") and c is "3"', And((Or((is_("a", "1"), is_("b", "2"))), is_("c", "3")))),
    (r'  a contains "say \"hi\" \u00e9"  ', Condition("a", Operator.CONTAINS, 'say "hi" é')),
    ('a matches "^3\\\\."', Condition("a", Operator.MATCHES, "^3\\.")),
]


@pytest.mark.parametrize(("text", "meant"), READ)
def test_text_means(text: str, meant: Filter) -> None:
    assert read_filter(text) == meant


WRONG = [
    ("", "column 1: a dimension"),
    ("version", "column 8: 'is', 'is_not', 'contains' or 'matches' is expected, not the end"),
    ("version is 3", "column 12: '3' is not understood"),
    ("version is three", "column 12: a text in double quotes"),
    ('version is "3', "column 12: a text that does not end"),
    ('version is "3" or', "column 18: a dimension"),
    ('version is "3" product is "x"', "column 16: 'and', 'or' or the end is expected, not product"),
    ('(version is "3"', "column 16: 'and', 'or' or ')'"),
    ("version contains null", "column 18: a text"),
    ('version is "\\x"', "column 12:"),
    ("not " * 40 + 'a is "1"', "levels deep"),
    ("(" * 5_000 + 'a is "1"' + ")" * 5_000, "at most"),
    (" and ".join(['a is "1"'] * (MAX_CONDITIONS + 1)), f"at most {MAX_CONDITIONS} conditions"),
    (f'a is "{"x" * (MAX_VALUE + 1)}"', f"at most {MAX_VALUE} characters"),
    ('a is "\\u0000"', "NUL"),
    ('a is "\\ud800"', "Unicode"),
]


@pytest.mark.parametrize(("text", "said"), WRONG)
def test_what_is_no_filter_says_where(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=re.escape(said)):
        read_filter(text)


def test_json_takes_a_list_of_values_as_any_or_none_of_them() -> None:
    one = {"dimension": "version", "operator": "is", "value": ["3", None]}

    assert parse_filter(one) == Or((is_("version", "3"), is_("version", None)))
    assert isinstance(parse_filter({**one, "operator": "is_not"}), And)


WRONG_JSON = [
    (3, "An object is expected"),
    ({}, "A condition has"),
    ({"and": []}, "and: A list"),
    ({"and": [{"dimension": "a", "operator": "is", "value": "1"}, 3]}, "and[1]: An object"),
    ({"not": {"dimension": "a", "operator": "like", "value": "1"}}, "not.operator: One of"),
    ({"dimension": "a", "operator": "is", "value": 3}, "value: A text or null"),
    ({"dimension": 1, "operator": "is", "value": ""}, "dimension: The name"),
    ({"dimension": "a", "operator": "contains", "value": None}, "value: 'contains' needs a text"),
    ({"dimension": "a", "operator": "contains", "value": ["b"]}, "value: A list"),
]


@pytest.mark.parametrize(("body", "said"), WRONG_JSON)
def test_json_that_is_no_filter_says_where(body: Any, said: str) -> None:
    with pytest.raises(ValueError, match=re.escape(said)):
        parse_filter(body)


def test_json_that_is_too_deep_is_refused() -> None:
    body: Any = {"dimension": "a", "operator": "is", "value": "1"}
    for _ in range(5_000):
        body = {"not": body}

    with pytest.raises(ValueError, match=f"at most {MAX_DEPTH} levels"):
        parse_filter(body)


def test_a_filter_fixes_a_dimension_only_where_all_of_it_holds() -> None:
    euro, new = is_("currency", "EUR"), is_("type", "new")

    assert fixed(And((new, And((euro, new)))), "currency")
    assert not any(fixed(one, "currency") for one in (Or((euro, new)), Not(euro), new, None))


def test_conditions_on_a_dimension_are_left_out_where_they_stand_apart() -> None:
    brand, site = is_("brand", "a"), is_("site", "b")

    assert without(And((brand, site)), ["brand"]) == site
    assert without(Not(brand), ["brand"]) is None
    with pytest.raises(ValueError, match="brand and site can be joined by 'and' only"):
        without(Or((brand, site)), ["brand"])
    assert [one.dimension for one in conditions(And((brand, Not(site))))] == ["brand", "site"]
