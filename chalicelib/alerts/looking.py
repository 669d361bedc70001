"""What a rule asks: a question over whole buckets, and when there is a next one. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from chalicelib.alerts.rule import Change, Look, Rule
from chalicelib.domain.faults import fault
from chalicelib.domain.nearest import one_of
from chalicelib.domain.periods import EPOCH, GRID, Interval, boundaries, floor
from chalicelib.domain.shifts import Shift
from chalicelib.domain.zones import zone
from chalicelib.errors import RequestError
from chalicelib.metrics.comparison import Comparison, comparison
from chalicelib.metrics.metric import Metric
from chalicelib.metrics.question import Question
from chalicelib.metrics.settle import settle

_STEPS: Final[Mapping[Interval, Shift]] = {
    Interval.PT15M: Shift(time=timedelta(minutes=15)),
    Interval.PT1H: Shift(time=timedelta(hours=1)),
    Interval.P1D: Shift(days=1),
    Interval.P1W: Shift(days=7),
    Interval.P1M: Shift(months=1),
    Interval.P3M: Shift(months=3),
    Interval.P1Y: Shift(months=12),
}
"""From a bucket to the one before it."""
_TRIED: Final = datetime(2026, 3, 2, tzinfo=UTC)
"""When a rule is tried by: any bucket is as good."""


def check(rule: Rule, metrics: Mapping[str, Metric]) -> None:
    """Hold what a rule looks at against the metrics that there are.

    Raises
    ------
    RequestError
        400, 422 naming the field: no such metric or dimension, a comparison without counterparts.
    """
    if rule.look is None:
        return
    try:
        metric = metrics[one_of(rule.look.metric, metrics, "metric")]
    except ValueError as error:
        raise RequestError("One or more fields are wrong.", errors=(fault("metric", error),)) from error
    start = first_bucket(_TRIED, rule.look)
    question(rule, metric, start, bucket_end(start, rule.look))


def question(rule: Rule, metric: Metric, start: datetime, end: datetime) -> Question:
    """Ask for the buckets of a range that begins and ends with one.

    Raises
    ------
    RequestError
        400, 422: a dimension that there is not, an interval that the source does not tell, no counterparts.
    """
    look = rule.look
    assert look is not None
    at = zone(look.zone)
    compared = _comparison(rule.condition, look, (start, end), at) if isinstance(rule.condition, Change) else None
    asked = Question((metric,), start, end, look.interval, at, look.group_by, look.where, compared)
    return settle(asked)


def _comparison(change: Change, look: Look, span: tuple[datetime, datetime], at: ZoneInfo) -> Comparison:
    """Compare each bucket by itself: the period before it is the bucket before it, however many are asked at once."""
    try:
        return comparison(change.versus, change.match, look.interval, span, at, _STEPS[look.interval])
    except ValueError as error:
        raise RequestError("One or more fields are wrong.", errors=(fault("condition.compare", error),)) from error


def first_bucket(since: datetime, look: Look) -> datetime:
    """Answer the start of the first bucket that ends after an instant: the one that the instant is in."""
    on_grid = since - (since - EPOCH) % GRID
    return floor(on_grid, look.interval, zone(look.zone))


def bucket_end(start: datetime, look: Look) -> datetime:
    """Answer the end of the bucket that begins at an instant."""
    return _bucket_end(start, look.interval, look.zone)


@lru_cache(maxsize=4_096)
def _bucket_end(start: datetime, interval: Interval, name: str) -> datetime:
    reach = start + 2 * interval.shortest + timedelta(days=4)
    return boundaries(start, reach, interval, zone(name))[1]


def ends(start: datetime, until: datetime, look: Look, most: int) -> tuple[datetime, ...]:
    """Answer the ends of the buckets that begin at ``start`` or later and end at ``until`` or before, ``most`` of them.

    >>> from chalicelib.alerts.rule import Look
    >>> hourly, nine = Look("downloads", Interval.PT1H, "UTC"), datetime(2026, 11, 26, 9, tzinfo=UTC)
    >>> [end.hour for end in ends(nine, nine + timedelta(minutes=150), hourly, 5)]
    [10, 11]
    """
    if bucket_end(start, look) > until:
        return ()
    reach = min(until, start + 2 * most * look.interval.shortest + timedelta(days=4))
    on_grid = reach - (reach - EPOCH) % GRID
    last = floor(on_grid, look.interval, zone(look.zone))
    return boundaries(start, last, look.interval, zone(look.zone))[1 : most + 1]
