"""How far a metric is complete: by its source, by the one of several that is furthest behind, by the days of a zone."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from chalicelib.lake.published import Published
from chalicelib.metrics.registry import METRICS
from chalicelib.metrics.standing import Part

NOON, DAY = datetime(2026, 11, 2, 12, tzinfo=UTC), datetime(2026, 11, 2, tzinfo=UTC)


def part(name: str, watermarks: dict[str, datetime]) -> Part:
    return Part(METRICS[name], Published(METRICS[name].cube, 1, "", NOON, watermarks=watermarks))


@pytest.mark.parametrize(
    ("watermark", "known"),
    [
        (datetime(2026, 11, 2, tzinfo=UTC), datetime(2026, 11, 2, 8, tzinfo=UTC)),
        (datetime(2026, 7, 2, tzinfo=UTC), datetime(2026, 7, 2, 7, tzinfo=UTC)),
    ],
)
def test_a_day_of_california_is_complete_at_its_midnight_there(watermark: datetime, known: datetime) -> None:
    assert part("youtube_views", {"youtube_analytics": watermark}).watermark == known


def test_days_of_utc_and_instants_are_complete_where_the_source_is() -> None:
    assert part("share_of_voice", {"rank_tracker_positions": DAY}).watermark == DAY
    assert part("leads", {"salesforce_pipeline": NOON}).watermark == NOON


def test_of_several_sources_the_one_that_is_furthest_behind_tells_and_one_that_told_nothing_does_not_count() -> None:
    both = part("followers", {"x_accounts": NOON, "youtube_channels": DAY})

    assert (both.source, both.watermark) == ("youtube_channels", DAY)
    assert part("followers", {"x_accounts": NOON}).watermark == NOON
    assert part("followers", {}).watermark is None
    assert Part(METRICS["followers"], None).watermark is None
