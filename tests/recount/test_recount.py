"""A bounded slice of ``make recount``: every metric in four zones, around an edge of each; and late data."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from chalicelib.metrics.registry import METRICS
from tests.recount.calendar import INTERVALS, periods
from tests.recount.compare import Tally, compare, is_told_by_days
from tests.recount.edges import COARSE, FINE, Window, windows
from tests.recount.lake import Asked
from tests.recount.late import Recomputed, apply, changes, hold_against_full_recompute
from tests.recount.rows import MadeUp

ROWS = 40
SLICE = ("Asia/Kathmandu", "Australia/Lord_Howe", "America/New_York", "Pacific/Apia")
"""A quarter of an hour off, a change of clocks by half an hour, one by an hour, a day that was left out."""


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asked]:
    logging.disable(logging.INFO)
    yield Asked(MadeUp(2, ROWS).tables(), tmp_path_factory.mktemp("api"))
    logging.disable(logging.NOTSET)


def slice_of(zone: str) -> Iterator[Window]:
    """The first edge of a zone finely, with a day that Samoa left out; the long range by week, month and longer."""
    every = list(windows(zone))
    yield next(window for window in every if window.intervals == FINE)
    long, left_out = (window for window in every if window.intervals == COARSE)
    yield replace(long, intervals=("P1W", "P1M", "P3M", "P1Y"))
    yield replace(left_out, intervals=("P1D",))


@pytest.mark.parametrize("zone", SLICE)
def test_every_metric_equals_a_recount_of_its_raw_rows_in_every_interval(asked: Asked, zone: str) -> None:
    tally = Tally()

    for window in slice_of(zone):
        compare(asked, window, tally)

    assert not tally.differences, tally.differences[:5]
    told = {(metric, interval) for metric, interval, _ in tally.values}
    by_days = {(name, interval) for name, metric in METRICS.items() if is_told_by_days(metric) for interval in FINE}
    assert told | by_days == {(name, interval) for name in METRICS for interval in INTERVALS}
    assert tally.refusals


def test_a_row_that_no_cube_has_seen_is_a_difference(asked: Asked) -> None:
    known = asked.lake.raw.rows["github_stars"]
    window = next(window for window in windows("UTC") if window.intervals == COARSE)
    unseen = {**known[0], "action": "created", "occurred_at": window.start + timedelta(days=40)}
    asked.lake.raw.rows["github_stars"] = [*known, unseen]
    tally = Tally()

    try:
        compare(asked, replace(window, intervals=("P1Y",)), tally, [METRICS["stars_added"], METRICS["stars_removed"]])
    finally:
        asked.lake.raw.rows["github_stars"] = known

    assert any(words.startswith("stars_added") for words in tally.differences)
    assert not any(words.startswith("stars_removed") for words in tally.differences)


def test_late_restated_and_deleted_rows_recompute_what_they_touch_and_nothing_else(tmp_path: Path) -> None:
    logging.disable(logging.INFO)
    made, found, tally = MadeUp(3, ROWS // 4), Recomputed(), Tally()
    late = Asked(made.tables(), tmp_path / "api")

    for change in list(changes(made, late.lake.raw.rows)):
        apply(late, change, found)

    hold_against_full_recompute(late, tmp_path / "anew", found)
    window = next(window for window in windows("Pacific/Chatham") if window.intervals == COARSE)
    compare(late, replace(window, intervals=("P1W", "P1Y")), tally)
    logging.disable(logging.NOTSET)
    assert not found.differences, found.differences[:5]
    assert not tally.differences, tally.differences[:5]
    assert found.partitions_that_stood_still > found.partitions > found.commits


@pytest.mark.parametrize(
    ("zone", "start", "end", "interval", "expected"),
    [
        ("Pacific/Apia", "2011-12-29T10:00", "2011-12-31T10:00", "P1D", ["29T10:00", "30T10:00"]),
        ("Africa/Cairo", "2024-04-25T22:00", "2024-04-27T21:00", "P1D", ["25T22:00", "26T21:00"]),
        ("Australia/Lord_Howe", "2024-04-06T13:00", "2024-04-06T17:30", "PT1H",
         ["06T13:00", "06T14:00", "06T15:30", "06T16:30"]),
        ("Asia/Kathmandu", "2024-12-29T18:15", "2025-01-01T18:15", "P1W", ["29T18:15"]),
    ],
)  # fmt: skip
def test_the_calendar_is_that_of_the_clocks(
    zone: str, start: str, end: str, interval: str, expected: list[str]
) -> None:
    first, last = (datetime.fromisoformat(text).replace(tzinfo=UTC) for text in (start, end))

    assert [f"{at:%dT%H:%M}" for at in periods(zone, first, last, interval)] == expected
