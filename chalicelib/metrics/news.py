"""Whether more of a metric is good news: what a change is coloured by. Pure.

An average place of 3 is better than one of 5, and fewer visitors who leave at once are better than more.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from chalicelib.metrics.metric import Metric
from chalicelib.metrics.registry import METRICS


class Better(StrEnum):
    """What is better of a metric's values."""

    HIGHER = "higher"
    LOWER = "lower"
    NEITHER = "neither"


LOWER: Final = frozenset(
    {
        "average_position",
        "bounce_rate",
        "leads_lost",
        "negative_mentions",
        "opportunities_lost",
        "stars_removed",
        "youtube_subscribers_lost",
    }
)
"""Less of these is good news."""
NEITHER: Final = frozenset(
    {
        "downloads_bots",
        "github_events",
        "issues_opened",
        "open_issues",
        "open_pull_requests",
        "page_views_bots",
        "raw_leads",
        "tracked_keywords",
    }
)
"""More of these is no news, or good and bad at once."""


def better(metric: Metric) -> Better:
    """Answer what is better; of people's own metrics nobody knows.

    >>> better(METRICS["bounce_rate"]).value, better(METRICS["downloads"]).value
    ('lower', 'higher')
    """
    if metric.name in LOWER:
        return Better.LOWER
    return Better.NEITHER if metric.name in NEITHER or metric.name not in METRICS else Better.HIGHER
