"""Whatever comes in whatever order, late, again and contradicted: the cubes of web and product equal a recount."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from itertools import chain
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chalicelib.domain.sessions import Visit
from chalicelib.domain.sessions import sessions as visits_of
from chalicelib.metrics.cube import Cube
from chalicelib.metrics.declared import product, web, web_visits
from tests.unit.metrics.memory_lake import Lake, ordered
from tests.unit.metrics.recount import RECOUNT, midnight_in, quarter
from tests.unit.metrics.recount_web import people
from tests.unit.metrics.web_rows import product_event, web_event

Rows = list[dict[str, Any]]
each_web_cube = pytest.mark.parametrize("cube", (*web.CUBES, *web_visits.CUBES), ids=lambda cube: cube.name)
each_product_cube = pytest.mark.parametrize("cube", product.CUBES, ids=lambda cube: cube.name)
web_events = st.lists(web_event(), min_size=1, max_size=30).map(lambda found: list(chain.from_iterable(found)))
product_events = st.lists(product_event(), min_size=1, max_size=30)
zones = st.sampled_from(["UTC", "Asia/Kathmandu", "America/New_York"]).map(ZoneInfo)
SETTINGS = settings(
    max_examples=12,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture, HealthCheck.data_too_large],
)


def check(lake: Lake, cube: Cube) -> None:
    recount = RECOUNT[cube.name]
    expected = tuple(ordered(cube, recount(lake.raw.rows, floor)) for floor in (quarter, midnight_in(lake.zone)))
    assert lake.both_levels(cube) == expected


def commits(rows: Rows, random: Any) -> list[Rows]:
    """Shuffle rows and cut them into up to three commits, so that some days get rows again."""
    shuffled = list(rows)
    random.shuffle(shuffled)
    size = max(1, -(-len(rows) // 3))
    return [shuffled[n : n + size] for n in range(0, len(rows), size)]


@each_web_cube
@SETTINGS
@given(web_events, zones, st.randoms(use_true_random=False))
def test_web_cubes_equal_a_recount_after_every_commit(cube: Cube, rows: Rows, zone: ZoneInfo, random: Any) -> None:
    lake = Lake(zone=zone)

    for some in commits(rows, random):
        lake.publish("web_beacons", {"web_events": some})
        lake.rollup().run(cube)
        check(lake, cube)


@each_product_cube
@SETTINGS
@given(product_events, zones, st.randoms(use_true_random=False))
def test_product_cubes_equal_a_recount_after_every_commit(
    cube: Cube, found: list[tuple[str, Rows]], zone: ZoneInfo, random: Any
) -> None:
    lake = Lake(zone=zone)

    for table in ("product_events", "mixpanel_events"):
        for some in commits([row for of, rows in found for row in rows if of == table], random):
            lake.publish(table, {table: some})
            lake.rollup().run(cube)

    check(lake, cube)


@SETTINGS
@given(web_events, st.randoms(use_true_random=False))
def test_sessions_are_those_of_the_pure_function_up_to_the_end_of_the_next_day(rows: Rows, random: Any) -> None:
    lake = Lake()

    for some in commits(rows, random):
        lake.publish("web_beacons", {"web_events": some})
        lake.rollup().run(web_visits.SESSIONS)

    found: Counter[datetime] = Counter()
    lengths: Counter[datetime] = Counter()
    for row in lake.cube_rows(web_visits.SESSIONS.name):
        found[row["bucket_start"]] += row["sessions"]
        lengths[row["bucket_start"]] += row["session_ms"]
    assert (found, lengths) == expected_sessions(rows)


def expected_sessions(rows: Rows) -> tuple[Counter[datetime], Counter[datetime]]:
    counted = people({"web_events": rows})
    at = {row["event_id"]: row["occurred_at"] for row in counted}
    visits = [Visit(row["event_id"], row["visitor"], row["occurred_at"], row["visitor_before"]) for row in counted]
    found: Counter[datetime] = Counter()
    lengths: Counter[datetime] = Counter()
    for session in visits_of(visits):
        midnight = session.start.replace(hour=0, minute=0, second=0, microsecond=0)
        last = max(at[name] for name in session.events if at[name] < midnight + timedelta(days=2))
        found[quarter(session.start)] += 1
        lengths[quarter(session.start)] += (last - session.start) // timedelta(milliseconds=1)
    return found, lengths
