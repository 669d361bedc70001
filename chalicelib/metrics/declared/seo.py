"""Where the company and its rivals stand in search, from a rank tracker."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from chalicelib.metrics.cube import Adds, Cube, Measure
from chalicelib.metrics.metric import Kind, Metric
from chalicelib.sources.base import Column, ColumnType

SOURCE: Final = "rank_tracker_positions"

SEO = Cube(
    name="seo_cube",
    description="Where brands stand in search, and the clicks that they can expect, at the beginning of each UTC day",
    dimensions=(Column("brand", ColumnType.STRING, "The brand, as configured; null: pages of none"),),
    measures=(
        Measure(
            "clicks", Adds.SUM, "Clicks to expect of each keyword's searches: weight x click rate", ColumnType.DECIMAL
        ),
        Measure("ranked_keywords", Adds.LAST, "Keywords that are among the results"),
        Measure("tracked_keywords", Adds.LAST, "Keywords that were checked"),
        Measure("first_page_keywords", Adds.LAST, "Keywords that are among the first ten results"),
        Measure("position_sum", Adds.SUM, "The places of the keywords that are among the results, added up"),
        Measure("positions", Adds.SUM, "How many places those are"),
    ),
    inputs=MappingProxyType({SOURCE: ("rank_tracker_shares", "rank_tracker_positions")}),
)

CUBES: Final = (SEO,)


def _keywords(name: str, title: str, description: str) -> Metric:
    return Metric(name, title, "keywords", Kind.GAUGE, SEO.name, name, SOURCE, ("brand",), description, days_of="UTC")


METRICS: Final = (
    Metric(
        "share_of_voice",
        "Share of voice",
        "share",
        Kind.RATIO,
        SEO.name,
        "clicks",
        SOURCE,
        ("brand",),
        "Of the clicks that all tracked brands can expect from search in the period, the share of each. A brand's are "
        "the sum over its keywords of their weight times the click rate of their place, day by day.",
        denominator="clicks",
        over=("brand",),
        days_of="UTC",
    ),
    Metric(
        "search_clicks",
        "Expected clicks",
        "expected clicks",
        Kind.COUNTER,
        SEO.name,
        "clicks",
        SOURCE,
        ("brand",),
        "Clicks that the brands' keywords can expect: weight times the click rate of their place, the days added up. "
        "It is a figure to compare brands and days by, not a count of visitors.",
        days_of="UTC",
    ),
    _keywords("ranked_keywords", "Ranked keywords", "Keywords among the results on the last day of the period."),
    _keywords("tracked_keywords", "Tracked keywords", "Keywords checked on the last day of the period."),
    _keywords(
        "first_page_keywords",
        "Keywords on the first page",
        "Keywords among the first ten results on the last day of the period.",
    ),
    Metric(
        "average_position",
        "Average position",
        "place",
        Kind.RATIO,
        SEO.name,
        "position_sum",
        SOURCE,
        ("brand",),
        "The average place of the keywords that are among the results, 1 being the first, over the days of the period. "
        "Keywords that are not among the results are left out, so it can get better by losing them.",
        denominator="positions",
        days_of="UTC",
    ),
)
