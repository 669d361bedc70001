"""Whether a value is unusual for its place in the week: a seasonal baseline that can be said in one sentence. Pure.

*412, where 120 (95 to 148) is usual for Mondays 10:00 by the last 6 weeks: 9.7 spreads above.*

What is usual, and how far values mostly are from it, :mod:`chalicelib.alerts.usual` learns from the weeks before the
value's own day. The score is the modified z-score of Iglewicz and Hoaglin (How to Detect and Handle Outliers, 1993),
who call 3.5 and more an outlier.

Counts are scored on the scale ``2 √(x + 3/8)``, on which the noise of pure counting is 1 whatever the count (Anscombe,
Biometrika 35, 1948): the spread is never taken for less. So 4 sign-ups where 1 is usual are nothing, and 400 where 100
are usual are much. Values that are no counts are scored as they are, against a spread of 0.1 % of what is usual at
least, and of 1 where all are whole.

What there is (followers, stars) is what there was before and a change, so its change is scored: were it held against
the weeks before, a day with many new ones would make every day after it unusual, too.

What was not counted yet is 0 of a counter, too: zeros before the first other number of those weeks are no history. So a
new source, or a new member of a dimension, is not unusual for being there, and what hardly ever happens has no score.

A day's place is that of its local clock: an hour that clocks skip has no values, one that comes twice has those of
both. A score depends on values before the day of its bucket alone, never on when it was asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from math import ceil, floor, isfinite, sqrt
from typing import Final
from zoneinfo import ZoneInfo

from chalicelib.alerts.rule import Anomaly
from chalicelib.alerts.usual import LEAST, Place, learn
from chalicelib.domain.periods import Interval
from chalicelib.metrics.metric import Kind, Metric

MEASURED: Final = (Interval.PT15M, Interval.PT1H, Interval.P1D)
"""Intervals that have a place in the week."""
MOST: Final = Decimal("99.99")
"""A score is not further from 0 than this: where nothing ever varied, the first change is infinitely unusual."""
_LIFTED: Final = 2.0
"""The last week may move what is usual to half of it, or to twice."""
_LEAST_SHARE: Final = 0.001
_ANSCOMBE: Final = 0.375

Value = Decimal | int | float | None


@dataclass(frozen=True, slots=True)
class Score:
    """How unusual a value is.

    Parameters
    ----------
    z
        Spreads above (below: negative) what is usual, to two decimals.
    baseline, spread
        What is usual, and how far values mostly are from it, in the metric's unit.
    low, high
        Between them a value has a score below the rule's sensitivity; of counts, both included.
    samples
        Weeks that tell what is usual.
    """

    z: Decimal
    baseline: Decimal
    spread: Decimal
    low: Decimal
    high: Decimal
    samples: int


def counts(metric: Metric) -> bool:
    """Answer whether a metric's values are counts of something that happens, so that they vary as counts do."""
    return metric.kind is Kind.UNIQUE or (metric.kind is Kind.COUNTER and metric.divisor == 1 and not metric.apart)


def stock(metric: Metric) -> bool:
    """Answer whether a metric's values are what there is, and not what happened: each is the one before, changed."""
    return metric.kind is Kind.GAUGE


def needs(anomaly: Anomaly, interval: Interval) -> timedelta:
    """Answer how long before a bucket's start values are needed to score it.

    Raises
    ------
    ValueError
        The interval is none of :data:`MEASURED`.
    """
    if interval not in MEASURED:
        raise ValueError(f"Unusual is what differs from other weeks: the interval is one of {', '.join(MEASURED)}.")
    return timedelta(weeks=anomaly.weeks, days=2)


def scores(
    values: Sequence[Value],
    starts: Sequence[datetime],
    zone: ZoneInfo,
    interval: Interval,
    anomaly: Anomaly,
    first: int,
    *,
    counted: bool,
    stock: bool = False,
) -> list[Score | None]:
    """Score the values from position ``first`` on; one that is None, or has too little history, has no score.

    Parameters
    ----------
    values, starts
        Of buckets one after another, and when each begins (UTC); from :func:`needs` before the first that is scored.
    zone, interval
        Of the buckets, whose places are those of the zone's clocks.
    counted, stock
        :func:`counts` and :func:`stock` of the metric.

    Examples
    --------
    >>> from datetime import UTC
    >>> days = [datetime(2026, 9, 7, tzinfo=UTC) + timedelta(days=i) for i in range(43)]
    >>> found = scores([100] * 42 + [160], days, ZoneInfo("UTC"), Interval.P1D, Anomaly(), 42, counted=True)
    >>> print(found[0].z, found[0].baseline, found[0].high)
    5.29 100 138
    """
    needs(anomaly, interval)
    numbers = [_number(value) for value in values]
    before = [0.0] * len(numbers) if not stock else [None, *numbers[:-1]]
    changes = [None if a is None or b is None else b - a for a, b in zip(before, numbers, strict=True)]
    places = [_place(start.astimezone(zone)) for start in starts]
    days: dict[int, dict[Place, float]] = {}
    for (day, place), number in zip(places, changes, strict=True):
        if number is not None:
            days.setdefault(day, {}).setdefault(place, number)
    models: dict[int, _Model] = {}
    found: list[Score | None] = []
    for (day, place), number, base in list(zip(places, changes, before, strict=True))[first:]:
        if day not in models:
            models[day] = _Model(_weeks(days, day, anomaly.weeks), counted and not stock)
        if number is None or base is None:
            found.append(None)
        else:
            found.append(models[day].score(number, place, anomaly, base))
    return found


def in_words(
    value: str, score: Score, write: Callable[[Decimal], str], start: datetime, zone: ZoneInfo, interval: Interval
) -> str:
    """Say a score for people; ``value`` is written with its unit, and ``write`` writes others as it is written."""
    side = "above" if score.z >= 0 else "below"
    usual = f"{write(score.baseline)} ({write(score.low)} to {write(score.high)})"
    place = place_in_words(start, zone, interval)
    return (
        f"{value}, where {usual} is usual for {place} by the last {score.samples} weeks: {abs(score.z)} spreads {side}"
    )


def too_little(anomaly: Anomaly) -> str:
    """Say why a value has no score."""
    return f"Fewer than {LEAST} of the {anomaly.weeks} weeks before have a value at this place: nothing is usual yet."


def place_in_words(start: datetime, zone: ZoneInfo, interval: Interval) -> str:
    """Say the place in the week of a bucket.

    >>> place_in_words(datetime.fromisoformat("2026-11-23T10:00Z"), ZoneInfo("UTC"), Interval.PT1H)
    'Mondays 10:00'
    """
    local = start.astimezone(zone)
    weekday = ("Mon", "Tues", "Wednes", "Thurs", "Fri", "Satur", "Sun")[local.weekday()]
    return f"{weekday}days" if interval is Interval.P1D else f"{weekday}days {local:%H:%M}"


def _place(local: datetime) -> tuple[int, Place]:
    return local.toordinal(), (local.weekday(), local.hour * 60 + local.minute)


def _weeks(days: dict[int, dict[Place, float]], day: int, count: int) -> list[dict[Place, float]]:
    """Answer the weeks that end before a day, the last one first; zeros before the first other number are left out."""
    found: list[dict[Place, float]] = [{} for _ in range(count)]
    begun = False
    for back in range(7 * count, 0, -1):
        for place, number in days.get(day - back, {}).items():
            if begun := begun or number != 0:
                found[(back - 1) // 7][place] = number
    return found


def _number(value: Value) -> float | None:
    return None if value is None or not isfinite(value) else float(value)


class _Model:
    """What is usual on one day, on the scale on which values are scored."""

    def __init__(self, weeks: Sequence[dict[Place, float]], counted: bool) -> None:
        numbers = [number for week in weeks for number in week.values()]
        self._counted = counted and all(number >= 0 for number in numbers)
        self._least = 1.0 if all(number.is_integer() for number in numbers) else 0.0
        scaled = [{place: self._of(number) for place, number in week.items()} for week in weeks]
        self._usual = learn(scaled, sqrt(_LIFTED) if self._counted else _LIFTED)

    def score(self, number: float, place: Place, anomaly: Anomaly, base: float) -> Score | None:
        """Score a number that lies above ``base``."""
        usual = self._usual.at(place)
        if usual is None:
            return None
        middle = usual.middle
        least = 1.0 if self._counted else max(self._least, _LEAST_SHARE * abs(base + middle))
        spread = max(usual.spread, least)
        reach = float(anomaly.sensitivity) * spread
        low, high = base + self._back(middle - reach), base + self._back(middle + reach)
        if self._counted:
            low, high = ceil(low), floor(high)
        one = (self._back(middle + spread) - self._back(middle - spread)) / 2
        return Score(
            _z(self._of(number) - middle, spread),
            *(self._told(base + self._back(middle)), self._told(one), self._told(low), self._told(high)),
            usual.weeks,
        )

    def _of(self, number: float) -> float:
        return 2 * sqrt(max(number + _ANSCOMBE, 0)) if self._counted else number

    def _back(self, scaled: float) -> float:
        return max(0.0, (max(scaled, 0.0) / 2) ** 2 - _ANSCOMBE) if self._counted else scaled

    def _told(self, number: float) -> Decimal:
        """Round an estimate for people: whole ones and, where it is small, three digits, of counts one decimal."""
        if abs(number) >= 100 or number == round(number):
            return Decimal(round(number))
        rounded = Decimal(f"{number:.1f}" if self._counted else f"{number:.3g}")
        return rounded if rounded else Decimal(0)


def _z(away: float, spread: float) -> Decimal:
    most = float(MOST)
    z = max(-most, min(most, away / spread)) if spread else most * ((away > 0) - (away < 0))
    return Decimal(f"{z:.2f}")
