"""Every query that comes with Headwater answers what plain Python counts, and may be asked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import pytest

from chalicelib.sql import guard
from chalicelib.sql.catalog import entries
from chalicelib.sql.parameters import literals
from chalicelib.sql.saved import ShippedQuery, parse, shipped
from chalicelib.sql.views import views
from tests.unit.sql.recount_saved import SAVED
from tests.unit.sql.rows_lake import RowsLake, in_order, lake
from tests.unit.sql.story import Story

SEEDS = range(4)
each_query = pytest.mark.parametrize("name", sorted(shipped()))
PERIOD: Mapping[str, Any] = {"first_day": {"date": "2026-11-19"}, "last_day": {"date": "2026-11-21"}}
LONG: Mapping[str, Any] = {"first_day": {"date": "2026-09-01"}, "last_day": {"date": "2027-03-31"}}
PARTS: Mapping[str, Mapping[str, Any]] = {
    "pipeline_by_stage_and_month": LONG,
    "pull_request_hours": LONG,
    "funnel_to_first_value": {**PERIOD, "within_days": 1},
    "sources_without_new_rows": {"since": "2026-11-20", "today": {"date": "2026-11-26"}},
}
"""Values that leave something out."""


@pytest.fixture(scope="module", params=SEEDS)
def told(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Any, RowsLake]]:
    rows = Story(request.param).rows
    with lake(rows, tmp_path_factory.mktemp("engine")) as opened:
        yield rows, opened


def values(query: ShippedQuery) -> dict[str, Any]:
    """A value for each parameter, as a caller gives it."""
    given = {parameter.name: parameter.example for parameter in query.parameters}
    return given | {name: value for name, value in PARTS.get(query.id, PERIOD).items() if name in given}


def plain(value: Any) -> Any:
    return date.fromisoformat(value["date"]) if isinstance(value, dict) else value


@each_query
def test_the_query_answers_what_plain_python_counts(told: tuple[Any, RowsLake], name: str) -> None:
    rows, opened = told
    query = shipped()[name]
    given = values(query)

    found = opened.query(query.sql, literals([given[mark] for mark in query.marks], len(query.marks))).rows

    expected = SAVED[name](rows, {parameter: plain(value) for parameter, value in given.items()})
    columns = list(found[0]) if found else []
    assert in_order(rounded(found)) == in_order(rounded([{c: row[c] for c in columns} for row in expected]))
    assert found or name in MAY_BE_EMPTY


MAY_BE_EMPTY = frozenset({"release_effect_on_downloads", "days_in_stage"})
"""Some seeds tell nothing of them."""


def rounded(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Means and rates, whose last digit depends on the order of adding."""
    return [{n: round(v, 9) if isinstance(v, float) else v for n, v in row.items()} for row in rows]


@pytest.mark.parametrize("name", sorted(MAY_BE_EMPTY))
def test_what_some_seeds_do_not_tell_others_do(name: str) -> None:
    query = shipped()[name]
    given = {parameter: plain(value) for parameter, value in values(query).items()}

    assert any(SAVED[name](Story(seed).rows, given) for seed in SEEDS)


@each_query
def test_the_query_may_be_asked_with_its_examples(name: str) -> None:
    query = shipped()[name]

    checked = guard.check(query.sql, database="lake", names=entries().keys())

    assert checked.parameters == len(literals(query.examples, len(query.marks)))
    assert name == "sources_without_new_rows" or set(checked.tables) <= set(views())
    assert "ORDER BY" in query.sql, "the same question has the same answer"


def test_every_query_is_recounted() -> None:
    assert set(SAVED) == set(shipped())
    assert len(SAVED) >= 12


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("SELECT 1", "Title, Purpose, Answer"),
        ("-- Title: a\n-- Purpose: b\n-- Answer: c\nSELECT ? /* day */", "question marks are day"),
        (
            "-- Title: a\n-- Purpose: b\n-- Answer: c\n-- Parameters:\n--   day  date  A day\nSELECT ? /* day */",
            "example",
        ),
    ],
)
def test_a_query_that_does_not_say_what_it_is_is_refused(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        parse("x", text)
