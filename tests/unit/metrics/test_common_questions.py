"""The common questions: few, each once, answerable at any time in any zone; the page's tiles are the page's own."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.periods import GRID
from chalicelib.metrics.common_questions import CHARTS, PRESETS, TILES, common_questions, page
from chalicelib.metrics.registry import METRICS

ROOT = Path(__file__).parents[3]
ZONES = ("UTC", "Asia/Kathmandu", "America/New_York", "Australia/Lord_Howe", "Africa/Cairo", "Pacific/Kiritimati")
MOST = 150
instants = st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
zones = st.sampled_from(ZONES).map(ZoneInfo)
behind = st.none() | st.timedeltas(timedelta(), timedelta(days=100))


@given(instants, zones, behind)
def test_they_are_few_each_once_and_may_be_asked(now: datetime, zone: ZoneInfo, lag: timedelta | None) -> None:
    known = None if lag is None else now - lag

    found = list(common_questions(now, zone, lambda _: known))

    assert len({question.key for question in found}) == len(found) <= MOST
    for question in found:
        question.require_few_buckets()
        assert question.start < question.end
        assert all((edge - datetime(2000, 1, 1, tzinfo=UTC)) % GRID == timedelta() for edge in question.bounds)


@given(instants, zones)
def test_a_page_ends_with_today_and_a_tile_is_compared_up_to_what_is_known(now: datetime, zone: ZoneInfo) -> None:
    known = now - (now - datetime(2000, 1, 1, tzinfo=UTC)) % GRID

    found = [one for one in page(now, zone, 30, lambda _: known) if one.metrics == (METRICS["downloads"],)]

    whole, before, complete, by_version = found
    today = now.astimezone(zone).date()
    assert (whole.end - timedelta(seconds=1)).astimezone(zone).date() == today
    assert whole.start.astimezone(zone).date() == today - timedelta(days=29)
    assert by_version.bounds == whole.bounds
    assert complete.end == known
    assert abs((before.end - before.start) - (known - whole.start)) <= timedelta(hours=1)  # clocks may have changed
    assert before.end.astimezone(zone).date() == known.astimezone(zone).date() - timedelta(days=30)


def test_the_tiles_and_charts_are_those_of_the_dashboard() -> None:
    source = (ROOT / "dashboard/src/pages/choose-metrics.ts").read_text()
    lists = dict(re.findall(r"const (\w+) = (\[.*\]);", source))
    named = {name: tuple(re.findall(r"'(\w+)'", text)) for name, text in lists.items()}
    ranges = (ROOT / "dashboard/src/time/range.ts").read_text()
    presets = {word: int(days) for word, days in re.findall(r"'(\d+d)': (\d+)", ranges)}

    assert (*named["HEADLINES"], *named["ACTIVITY"]) == TILES
    assert (("downloads", "version"), *((name, "repository") for name in named["GAUGES"])) == CHARTS
    assert PRESETS.items() <= presets.items()
