"""Every view shows what plain Python counts from the raw rows, in the columns and types that it documents."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import sqlglot
from sqlglot import exp

from chalicelib.sql import guard
from chalicelib.sql.views import parse, views
from tests.unit.sql.recount import RECOUNTS
from tests.unit.sql.rows_lake import COLUMNS, RowsLake, in_order, lake
from tests.unit.sql.story import Story

SEEDS = range(4)
TRINO = {"string": "varchar"}
AGAIN = {"web_events": "event_id", "mixpanel_events": "event_key", "github_events": "event_id"}
each_view = pytest.mark.parametrize("name", sorted(views()))


@cache
def story(seed: int) -> Story:
    return Story(seed)


@pytest.fixture(scope="module", params=SEEDS)
def told(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Any, RowsLake]]:
    rows = story(request.param).rows
    with lake(rows, tmp_path_factory.mktemp("engine")) as opened:
        yield rows, opened


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RowsLake]:
    with lake({}, tmp_path_factory.mktemp("engine")) as opened:
        yield opened


@each_view
def test_the_view_shows_what_plain_python_counts(told: tuple[Any, RowsLake], name: str) -> None:
    rows, opened = told
    names = [column.name for column in views()[name].columns]

    expected = [{column: row[column] for column in names} for row in RECOUNTS[name](rows)]

    assert expected
    assert in_order(opened.view(name).rows) == in_order(expected)


def test_the_rows_hold_what_the_views_hide() -> None:
    """Else the comparison would show nothing."""
    told = [story(seed).rows for seed in SEEDS]
    contradicted = {table for rows in told for table, of in rows.items() if any(row.get("id_conflict") for row in of)}
    assert contradicted >= {t for v in views().values() for t in v.inputs} - {"downloads_cube", "github_cube"}
    for table, identity in AGAIN.items():
        for rows in told:
            good = [row[identity] for row in rows[table] if not row["id_conflict"]]
            assert len(set(good)) < len(good), f"nothing of {table} came twice"
    assert all(any(row["is_deleted"] for row in rows["salesforce_leads"]) for rows in told)
    assert all(any(row["is_bot"] for row in rows["web_events"]) for rows in told)


@each_view
def test_the_view_has_the_columns_that_it_documents_in_their_types(empty: RowsLake, name: str) -> None:
    documented = {c.name: TRINO.get(c.type, c.type) for c in views()[name].columns}

    assert list(documented.items()) == list(empty.view(name).types.items())
    assert all(len(column.description) > 3 for column in views()[name].columns), "a column without words"


@each_view
def test_the_view_reads_the_tables_that_it_names(name: str) -> None:
    checked = guard.check(views()[name].sql, database="lake", names=COLUMNS.keys())

    assert checked.tables == tuple(sorted(views()[name].inputs))
    assert "*" not in checked.columns, "a view names its columns"


@each_view
def test_its_example_runs_and_may_be_asked(empty: RowsLake, name: str) -> None:
    example = views()[name].example

    assert guard.check(example, database="lake", names=views().keys()).tables == (name,)
    empty.query(example)


@each_view
def test_measures_have_a_unit(name: str) -> None:
    counted = ("bigint", "double", "decimal(38,9)")
    bare = [c.name for c in views()[name].columns if c.type in counted and not c.unit]

    assert set(bare) <= {"number", "release_id"}, "what is no identity and is a number has a unit"


def prunes(name: str) -> bool:
    return views()[name].filtering.startswith("by day, for example")


@each_view
def test_a_view_that_says_so_prunes_by_day(name: str) -> None:
    """``day`` comes from the partition key alone, and every window below it is within one partition.

    Trino pushes a filter below a window only where it concerns what the window is partitioned by
    (``PredicatePushDown.visitWindow``), and prunes partitions by expressions of partition keys alone.
    """
    if not prunes(name):
        assert "nothing prunes" in views()[name].filtering or "The cube is small" in views()[name].filtering
        return
    tree = sqlglot.parse_one(views()[name].sql, read="trino")
    days = [one for select in tree.find_all(exp.Select) for one in select.expressions if one.alias == "day"]

    assert days
    assert {one.this.sql("trino") for one in days} == {"CAST(dt AS DATE)"}
    for window in tree.find_all(exp.Window):
        assert "dt" in {column.name for column in window.args["partition_by"]}
    for select in tree.find_all(exp.Select):
        if group := select.args.get("group"):
            assert "dt" in {column.name for column in group.expressions}


def test_a_view_without_its_documentation_is_refused() -> None:
    with pytest.raises(ValueError, match="Purpose"):
        parse("v_x", "-- Purpose: something\nSELECT 1 AS n\n")
    with pytest.raises(ValueError, match="no column and no parameter"):
        parse("v_x", "-- Purpose: something\n-- Columns:\n-- n\nSELECT 1 AS n\n")


def test_every_view_is_recounted() -> None:
    assert set(RECOUNTS) == set(views())


NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def hour(n: float) -> datetime:
    return NOON + timedelta(hours=n)


def shown(tmp_path: Path, view: str, table: str, rows: list[dict[str, Any]], *columns: str) -> list[tuple[Any, ...]]:
    given = [{"id_conflict": False, **row} for row in rows]
    with lake({table: given}, tmp_path) as opened:
        return sorted(tuple(row[c] for c in columns) for row in opened.view(view).rows)


def test_a_lead_that_came_back_from_the_bin_is_shown_as_its_last_version_says(tmp_path: Path) -> None:
    versions = [
        {"record_id": "A", "modified_at": hour(2), "is_deleted": False, "status": "back"},
        {"record_id": "A", "modified_at": hour(1), "is_deleted": True, "status": "binned"},
        {"record_id": "A", "modified_at": hour(3), "is_deleted": True, "status": "no", "id_conflict": True},
        {"record_id": "B", "modified_at": hour(1), "is_deleted": False, "status": "new"},
        {"record_id": "B", "modified_at": hour(30), "is_deleted": True, "status": "new"},
    ]

    versions.append({"record_id": "C", "modified_at": hour(1), "is_deleted": None, "status": "untold"})

    found = shown(tmp_path, "v_leads", "salesforce_leads", versions, "lead_id", "status")

    assert found == [("A", "back"), ("C", "untold")]


def test_a_stay_in_a_stage_ends_when_the_stage_changes_and_not_when_the_amount_does(tmp_path: Path) -> None:
    words = [(0, "Offer"), (24, "Offer"), (36, "Talks"), (48, "Offer")]
    changes = [
        {"object": "opportunity", "record_id": "O", "change_id": f"{n}", "changed_at": hour(n), "to_status": word}
        for n, word in words
    ]

    found = shown(
        tmp_path, "v_opportunity_stages", "salesforce_stage_changes", changes, "entered_at", "stage", "days_in_stage"
    )

    assert found == [(hour(0), "Offer", 1.5), (hour(36), "Talks", 0.5), (hour(48), "Offer", None)]


@pytest.mark.parametrize(("deleted_last", "count"), [(False, 1), (True, 0)])
def test_stages_of_a_deleted_opportunity_are_gone_and_back_when_it_is(
    tmp_path: Path, deleted_last: bool, count: int
) -> None:
    versions = [
        {"record_id": "O", "modified_at": hour(n), "is_deleted": deleted, "id_conflict": False}
        for n, deleted in ((1, not deleted_last), (2, deleted_last))
    ]
    change = {"record_id": "O", "change_id": "1", "changed_at": hour(0), "to_status": "Offer", "to_step": "opportunity"}
    rows = {
        "salesforce_opportunities": versions,
        "salesforce_stage_changes": [{**change, "object": "opportunity", "id_conflict": False}],
    }

    with lake(rows, tmp_path) as opened:
        assert len(opened.view("v_opportunity_stages").rows) == count
        assert len(opened.view("v_pipeline_steps").rows) == count


def test_a_visit_over_midnight_is_two_and_says_so(tmp_path: Path) -> None:
    events = [
        {"event_id": "a", "occurred_at": hour(11.9), "visitor": "day 1"},
        {"event_id": "b", "occurred_at": hour(12.1), "visitor": "day 2", "visitor_before": "day 1"},
        {"event_id": "c", "occurred_at": hour(12.5), "visitor": "day 2"},
        {"event_id": "d", "occurred_at": hour(13.0), "visitor": "day 2"},
    ]
    rows = [{"kind": "view", "site": "acme", "is_bot": False, "received_at": e["occurred_at"], **e} for e in events]

    found = shown(
        tmp_path, "v_web_sessions", "web_events", rows, "day", "session_id", "page_views", "began_before_midnight"
    )

    assert found == [
        (date(2026, 11, 20), "a", 1, False),
        (date(2026, 11, 21), "b", 2, True),
        (date(2026, 11, 21), "d", 1, False),
    ]


def test_an_event_that_was_sent_again_is_there_once_and_another_content_is_not(tmp_path: Path) -> None:
    event = {"source": "app", "event_id": "1", "occurred_at": hour(0), "properties": "{}"}
    rows = [
        {**event, "received_at": hour(1)},
        {**event, "received_at": hour(900)},
        {**event, "received_at": hour(2), "properties": '{"n": 1}', "id_conflict": True},
        {**event, "received_at": hour(3), "source": "phone"},
    ]

    found = shown(tmp_path, "v_product_events", "product_events", rows, "source", "properties")

    assert found == [("app", "{}"), ("phone", "{}")]


def test_a_document_that_two_searches_found_is_one_mention(tmp_path: Path) -> None:
    rows = [
        {"document_id": "d", "search_id": search, "published_at": hour(0), "reach": reach}
        for search, reach in (("9", 7), ("12", 5))
    ]

    assert shown(tmp_path, "v_mentions", "meltwater_mentions", rows, "searches", "reach") == [("12,9", 5)]
