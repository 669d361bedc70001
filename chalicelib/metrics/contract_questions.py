"""What the original contract's endpoints ask, said once: their metrics, and the ranges that they take. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from chalicelib.domain.contract_periods import PERIODS, span
from chalicelib.domain.periods import Interval, ceil, floor
from chalicelib.metrics.question import Question
from chalicelib.metrics.registry import METRICS
from chalicelib.metrics.settle import settle

PIPELINE: Final = ("raw_leads", "mqls", "inquiries", "opportunities")
TRAFFIC: Final = ("sessions", "new_visitors", "returning_visitors", "blog_viewers")
FOLLOWERS: Final = ("youtube_views_total", "youtube_subscribers", "linkedin_followers", "x_followers")
SHARES: Final = ("search_clicks",)

LOOKED_BACK: Final = timedelta(days=7)
"""An account at which nobody has looked for so long is not counted any more."""
TOLD_WITHIN: Final = timedelta(days=31)
"""Where no range is given, the shares are those of the last day that has any; no older day is looked for."""
_UTC: Final = ZoneInfo("UTC")


def in_total(
    names: Sequence[str],
    start: datetime,
    end: datetime,
    at: ZoneInfo,
    group_by: tuple[str, ...] = (),
    interval: Interval = Interval.P1Y,
) -> Question:
    """Ask metrics for one value over a range, each as it adds up. Raises ``RequestError``."""
    metrics = tuple(METRICS[name] for name in names)
    return settle(Question(metrics, start, end, interval, at, group_by, totals=True))


def at_present(now: datetime, at: ZoneInfo) -> datetime:
    """Answer the end of the range of followers as they stand now."""
    return ceil(now, Interval.PT15M, at)


def last_told(until: datetime) -> tuple[datetime, datetime]:
    """Answer the whole UTC days in which the last one with shares is looked for: of what was told until an instant."""
    end = floor(until, Interval.P1D, _UTC)
    return end - TOLD_WITHIN, end


def asked_first(now: datetime, at: ZoneInfo, told_until: datetime | None) -> Iterator[Question]:
    """Answer what the original contract's endpoints ask where only a zone is given."""
    for names in (PIPELINE, TRAFFIC):
        for period in ("week", "month"):
            yield in_total(names, *span(PERIODS[period], None, None, now, at), at)
    end = at_present(now, at)
    yield in_total(FOLLOWERS, end - LOOKED_BACK, end, at)
    start, end = last_told(told_until or now)
    yield in_total(SHARES, start, end, _UTC, ("brand",), Interval.P1D)
