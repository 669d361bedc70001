"""The questions that are asked first, declared once: by the dashboard's pages, and by the original contract. Pure.

They are answered ahead of time (:mod:`chalicelib.metrics.head`). A page asks in its viewer's own zone, which nobody
knows before: these are asked in the company's reporting zone, those of the contract in UTC, too, its default.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from chalicelib.domain.contract_periods import PERIODS, span
from chalicelib.domain.periods import EARLIEST, GRID, Interval, ceil
from chalicelib.domain.range_words import parse_range
from chalicelib.domain.shifts import Shift, earlier
from chalicelib.metrics import contract_questions as contract
from chalicelib.metrics.comparison import Versus, comparison
from chalicelib.metrics.metric import Kind, Metric
from chalicelib.metrics.question import Question
from chalicelib.metrics.registry import METRICS
from chalicelib.metrics.settle import settle

Known = Callable[[Metric], datetime | None]
"""Answers up to when all of a metric is known, its watermark."""

TILES: Final = (
    *("downloads", "stars", "forks", "open_pull_requests"),
    *("pushes", "pull_requests_opened", "pull_requests_merged", "issues_opened"),
)
"""The tiles of the first page, as ``dashboard/src/pages/choose-metrics.ts`` has them: a test holds both together."""
CHARTS: Final = (
    *(("downloads", "version"), ("stars", "repository"), ("forks", "repository")),
    *(("watchers", "repository"), ("open_pull_requests", "repository")),
)
"""The charts of the first page: a metric and what it is grouped by."""
HEADLINES: Final = (
    *("downloads", "stars", "page_views", "sessions", "visitors", "leads", "mqls", "opportunities"),
    *("youtube_views", "youtube_subscribers", "linkedin_followers", "x_followers"),
    *("mentions", "share_of_voice", "product_events", "active_users"),
)
"""What each part of the company is asked for first, beside the period before."""
PRESETS: Final = {"30d": 30, "90d": 90}
"""The ranges that pages begin with, by the word of them; the first is where a page opens."""
_UTC: Final = ZoneInfo("UTC")


def common_questions(now: datetime, reporting: ZoneInfo, known: Known) -> Iterator[Question]:
    """Answer every common question as it is asked now, each once, those that are asked most first."""
    told: set[tuple[str, ...]] = set()
    for question in _all(now, reporting, known):
        if question.key not in told:
            told.add(question.key)
            yield question


def _all(now: datetime, reporting: ZoneInfo, known: Known) -> Iterator[Question]:
    for preset, days in PRESETS.items():
        yield from page(now, reporting, days, known)
        yield from (_beside(METRICS[name], preset, now, reporting) for name in HEADLINES)
        if days == min(PRESETS.values()):
            for at in (reporting, _UTC):
                yield from contract_of(now, at, known(METRICS[contract.SHARES[0]]))


def page(now: datetime, at: ZoneInfo, days: int, known: Known) -> Iterator[Question]:
    """Answer what the first page asks over so many days, today being the last."""
    end = ceil(now + timedelta(microseconds=1), Interval.P1D, at)
    start = earlier(end, Shift(days=days), at)
    for name in TILES:
        whole = settle(Question((METRICS[name],), start, end, Interval.P1D, at))
        yield whole
        yield from _fairly(whole, days, known(METRICS[name]))
    for name, dimension in CHARTS:
        yield settle(Question((METRICS[name],), start, end, Interval.P1D, at, (dimension,)))


def _fairly(whole: Question, days: int, known: datetime | None) -> Iterator[Question]:
    """Answer what a tile compares: of a range that grows the part that is complete, and the same of the one before."""
    until = min(whole.end, known or whole.end)
    if until <= whole.start or (until - EARLIEST) % GRID:
        return
    step = Shift(days=days)
    yield replace(whole, start=earlier(whole.start, step, whole.zone), end=earlier(until, step, whole.zone))
    if until < whole.end and whole.metrics[0].kind is not Kind.GAUGE:
        yield replace(whole, end=until)


def _beside(metric: Metric, word: str, now: datetime, at: ZoneInfo) -> Question:
    """Ask for a metric by day over complete days, beside as many before them."""
    found = parse_range(word).at(now, Interval.P1D, at)
    assert found.start is not None
    asked = (found.start, found.end)
    compared = comparison(Versus.PREVIOUS_PERIOD, None, Interval.P1D, asked, at, found.step)
    return settle(Question((metric,), *asked, Interval.P1D, at, comparison=compared))


def contract_of(now: datetime, at: ZoneInfo, told_until: datetime | None) -> Iterator[Question]:
    """Answer what the original contract's endpoints ask where only a zone is given."""
    for names in (contract.PIPELINE, contract.TRAFFIC):
        for period in ("week", "month"):
            yield contract.in_total(names, *span(PERIODS[period], None, None, now, at), at)
    end = contract.at_present(now, at)
    yield contract.in_total(contract.FOLLOWERS, end - contract.LOOKED_BACK, end, at)
    start, end = contract.last_told(told_until or now)
    yield contract.in_total(contract.SHARES, start, end, _UTC, ("brand",), Interval.P1D)
