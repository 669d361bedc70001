"""Counts of events that people define equal a count in plain Python, and what people write stays text."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chalicelib.lake import published
from chalicelib.metrics.own import read_count
from chalicelib.metrics.own_events import EventCount
from tests.unit.metrics.memory_lake import Lake, ordered
from tests.unit.metrics.recount import midnight_in, quarter

START = datetime(2026, 3, 8, 4, tzinfo=UTC)  # New York's clocks go forward
HOSTILE = "it's -- ? \\ ; DROP TABLE product_events /* 😀"
WORDS = ("team", "Team", "", HOSTILE, "a.b")
texts = st.sampled_from(WORDS)


def event(number: int, minutes: int, name: str, user: str | None, properties: dict[str, Any]) -> dict[str, Any]:
    at = START + timedelta(minutes=minutes)
    return {
        "event_id": f"e{number}",
        "source": "shop",
        "event": name,
        "occurred_at": at,
        "received_at": at,
        "user_id": user,
        "properties": json.dumps(properties),
    }


events = st.lists(
    st.tuples(
        st.integers(-2000, 2000),
        st.sampled_from(["signed_up", "paid", HOSTILE]),
        st.sampled_from(["ada", "bo", None]),
        st.dictionaries(st.sampled_from(["plan", "seats"]), st.one_of(texts, st.integers(0, 9))),
    ),
    max_size=30,
)
conditions = st.builds(
    lambda field, operator, value: {
        "dimension": field,
        "operator": operator,
        "value": value if value is not None or operator in ("is", "is_not") else "x",
    },
    st.sampled_from(["event", "user_id", "properties.plan", "properties.seats"]),
    st.sampled_from(["is", "is_not", "contains"]),
    st.one_of(st.none(), texts, st.sampled_from(["signed_up", "ada", "3"])),
)
trees = st.recursive(
    conditions,
    lambda inner: st.one_of(
        st.builds(lambda of: {"not": of}, inner),
        st.builds(lambda of: {"and": of}, st.lists(inner, min_size=2, max_size=3)),
        st.builds(lambda of: {"or": of}, st.lists(inner, min_size=2, max_size=3)),
    ),
    max_leaves=5,
)


def passes(tree: Any, row: dict[str, Any]) -> bool:
    """Another reading of a filter: three words, true or false."""
    match tree:
        case {"not": inner}:
            return not passes(inner, row)
        case {"and": of}:
            return all(passes(part, row) for part in of)
        case {"or": of}:
            return any(passes(part, row) for part in of)
    value, wanted = field_of(row, tree["dimension"]), tree["value"]
    if tree["operator"] == "contains":
        return value is not None and wanted in value
    return (value == wanted) == (tree["operator"] == "is")


def field_of(row: dict[str, Any], name: str) -> str | None:
    if name.startswith("properties."):
        value = json.loads(row["properties"]).get(name.removeprefix("properties."))
        return None if value is None else str(value)
    return row.get(name)


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(events, trees, st.sampled_from(["events", "people"]), st.sampled_from(["UTC", "America/New_York"]))
def test_a_count_equals_a_count_in_python(found: list[Any], tree: Any, counted: str, zone: str) -> None:
    rows = [event(number, *one) for number, one in enumerate(found)]
    count = read_count({"of": "product_events", "what": counted, "filter": tree, "by": {"plan": "properties.plan"}})
    cube = count.cube("own_test_1_cube", "A test")
    lake = Lake(zone=ZoneInfo(zone))
    for half in (rows[::2], rows[1::2]):
        lake.publish("product_events", {"product_events": half})
        lake.rollup().run(cube)

    levels = lake.both_levels(cube)

    for level, floor in zip(levels, (quarter, midnight_in(lake.zone)), strict=True):
        assert level == ordered(cube, recounted(rows, tree, counted, floor))


def recounted(rows: list[dict[str, Any]], tree: Any, counted: str, floor: Any) -> list[dict[str, Any]]:
    cells: dict[tuple[Any, ...], int] = {}
    for row in rows:
        who = row["user_id"] if counted == "people" else ""
        if passes(tree, row) and who is not None:
            key = (floor(row["occurred_at"]), field_of(row, "properties.plan"), who)
            cells[key] = cells.get(key, 0) + 1
    names = ("bucket_start", "plan")
    return [
        dict(zip(names, key, strict=False)) | ({"member": key[2]} if counted == "people" else {"events": n})
        for key, n in cells.items()
    ]


def test_events_of_mixpanel_are_not_counted_with_the_products_own(lake: Lake) -> None:
    at = {"happened_at": START, "event": "paid", "distinct_id": "ada", "event_key": "k", "properties": "{}"}
    lake.publish("mixpanel_events", {"mixpanel_events": [at]})
    lake.publish("product_events", {"product_events": [event(1, 0, "paid", "bo", {}), event(2, 1, "paid", "cy", {})]})

    for kind, expected in (("product_events", 2), ("mixpanel_events", 1)):
        cube = EventCount(kind, "events", None, {}).cube(f"own_{kind}_1_cube", "A test")
        lake.rollup().run(cube)
        assert sum(row["events"] for row in lake.cube_rows(cube.name)) == expected


def test_a_cube_of_somebodys_metric_is_in_no_catalog(lake: Lake) -> None:
    lake.publish("product_events", {"product_events": [event(1, 0, "paid", "bo", {})]})
    cube = EventCount("product_events", "events", None, {}).cube("own_paid_1_cube", "A test")

    lake.rollup().run(cube)

    assert published.read(lake.store, cube.name) is not None
    assert lake.catalog.partitions == {}


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"of": "product_event", "what": "events"}, "Did you mean 'product_events'"),
        ({"of": "product_events", "what": "persons"}, "events, people"),
        ({"of": "product_events", "by": {"Plan": "properties.plan"}}, "no name of a dimension"),
        ({"of": "product_events", "by": {"plan": "properties.pl'an"}}, "no field"),
        ({"of": "product_events", "by": {"plan": "other_fields"}}, "no field"),
        ({"of": "product_events", "by": ["plan"]}, "by:"),
        ({"of": "web_events", "filter": {"dimension": "event", "operator": "is", "value": "x"}}, "no field 'event'"),
        ({"of": "web_events", "filter": {"dimension": "kind", "operator": "=", "value": "x"}}, "filter:"),
        ({"of": "web_events", "sql": "DROP"}, "no field 'sql'"),
        ("events", "object"),
    ],
)
def test_what_cannot_be_counted_is_refused_with_what_can(given: Any, said: str) -> None:
    with pytest.raises(ValueError, match=re.escape(said)):
        read_count(given)
