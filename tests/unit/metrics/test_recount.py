"""The nightly recount finds every cube that does not say what its raw rows say, and accuses no other."""

from __future__ import annotations

import io
import random
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.lake import published
from chalicelib.metrics.declared.downloads import DOWNLOADS
from chalicelib.metrics.recount import STRETCH, Recount, Recounted, stretches
from tests.unit.metrics.memory_lake import Lake
from tests.unit.metrics.rows import request

TODAY = date(2026, 11, 22)
LAST = datetime(2026, 11, 21, 20, tzinfo=UTC)


@pytest.fixture
def rolled_up(lake: Lake) -> Lake:
    lake.zone = ZoneInfo("Asia/Kathmandu")
    chance = random.Random(3)
    rows = [request(LAST - timedelta(hours=5 * n), version=chance.choice("ab"), request_id=str(n)) for n in range(300)]
    lake.publish("s3_access_logs", {"s3_access_requests": rows})
    lake.rollup().run(DOWNLOADS)
    return lake


def recount(lake: Lake) -> Recounted:
    found = Recount(lake.store, lake.engine, lake.new_attempt).run(DOWNLOADS, TODAY)
    assert found is not None
    return found


def spoil(lake: Lake, table: str, change: Any) -> None:
    """Change the first row of a level's last file, as nobody should."""
    position = published.read(lake.store, DOWNLOADS.name)
    assert position is not None
    [*_, name] = sorted(name for name in position.partitions if name.startswith(f"{table}/"))
    [file] = position.partitions[name].files
    rows = pq.read_table(io.BytesIO(lake.store.get(file.key).body))
    changed = rows.from_pylist([*rows.to_pylist()[:-1], change(rows.to_pylist()[-1])], schema=rows.schema)
    sink = io.BytesIO()
    pq.write_table(changed, sink)
    lake.store.put(file.key, sink.getvalue())


def test_a_cube_that_is_right_differs_in_no_day(rolled_up: Lake) -> None:
    found = recount(rolled_up)

    assert found.words(DOWNLOADS.name) is None
    assert STRETCH < found.days <= 2 * STRETCH
    assert found.rows > 100


@pytest.mark.parametrize(
    ("table", "where"),
    [("downloads_cube", "UTC days of quarter hours"), ("downloads_cube_day", "days of the reporting zone")],
)
def test_one_download_too_many_is_found_and_its_day_is_named(rolled_up: Lake, table: str, where: str) -> None:
    spoil(rolled_up, table, lambda row: {**row, "downloads": row["downloads"] + 1})

    words = recount(rolled_up).words(DOWNLOADS.name)

    assert words is not None
    assert f"1 {where}: 2026-11-2" in words


def test_a_day_that_differs_is_right_after_it_was_computed_again(rolled_up: Lake) -> None:
    spoil(rolled_up, "downloads_cube", lambda row: {**row, "downloads": 99})
    wrong = recount(rolled_up)

    rolled_up.rollup().run(DOWNLOADS, wrong.again)

    assert len(wrong.again) == 1
    assert recount(rolled_up).words(DOWNLOADS.name) is None


def test_what_came_since_the_cube_looked_is_no_difference(rolled_up: Lake) -> None:
    before = recount(rolled_up).days
    rolled_up.publish("s3_access_logs", {"s3_access_requests": [request(LAST - timedelta(days=3), request_id="late")]})

    found = recount(rolled_up)

    assert found.words(DOWNLOADS.name) is None
    assert found.days == before - 2  # the day of the late row and the one after it wait for the roll-up


def test_what_comes_while_the_statement_runs_is_no_difference(rolled_up: Lake) -> None:
    late = request(LAST - timedelta(days=3), request_id="late")
    compute = rolled_up.engine.unload

    def while_it_comes(sql: str, parameters: Any, prefix: str) -> object:
        rolled_up.publish("s3_access_logs", {"s3_access_requests": [late]})
        return compute(sql, parameters, prefix)

    rolled_up.engine.unload = while_it_comes  # type: ignore[method-assign]

    assert recount(rolled_up).words(DOWNLOADS.name) is None


def test_nothing_is_left_behind(rolled_up: Lake) -> None:
    before = set(rolled_up.store.objects)

    recount(rolled_up)

    assert set(rolled_up.store.objects) == before


@given(st.dates(date(2026, 1, 1), date(2026, 12, 31)), st.integers(0, 400))
def test_the_last_days_come_up_every_night_and_all_others_in_turn(first: date, age: int) -> None:
    today = first + timedelta(days=age)
    nights = [today + timedelta(days=n) for n in range(4 * (age // STRETCH) + 4)]

    seen: set[date] = set().union(*(stretches(first, night) for night in nights))

    assert {first + timedelta(days=n) for n in range(age)} <= seen
    assert all(first <= day < nights[-1] for day in seen)
    assert all(today - timedelta(days=n) in stretches(first, today) for n in range(1, min(age, STRETCH) + 1))
