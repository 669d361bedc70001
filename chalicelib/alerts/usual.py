"""What is usual at each place of the week, learnt from the weeks before, by medians alone. Pure.

A day's model is a table: a row for each of the weeks before it, a column for each place of the week (Mondays 10:00;
of days, Mondays). It is Tukey's median polish (Exploratory Data Analysis, 1977), once through: the profile is the
median of each column; the level of a row is the factor that brings the profile closest to it (least absolute
deviations, which is a weighted median), or where values may be negative what has to be added; rows are brought to one
level, and the profile is taken again. What is usual today is the profile at the level of the last week. No single week
and no single hour moves a median much, so an anomaly of last month does not become the measure of this one.

How far values are from usual differs with how much is usual, not with the hour by itself, and six weeks are too few
for the spread of one place. So it is taken of all the places where about as much is usual as here: the median of the
absolute deviations there (Leys et al., J. Exp. Soc. Psychol. 49, 2013), each value held against the other weeks'
median without itself.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from math import exp, log
from operator import itemgetter
from typing import Final

Place = tuple[int, int]
"""A weekday from 0, and a minute of the local day."""
Table = Sequence[Mapping[Place, float]]
"""The weeks before a day, the last one first."""

LEAST: Final = 3
"""Values at a place before anything is usual there: of two nobody knows which of them was not."""
CLOSEST: Final = 120
"""Deviations that a spread is taken of, at least a sixth of all that there are."""
_NORMAL: Final = 1.4826
"""A normal distribution's standard deviation over its median absolute deviation."""
_NORMAL_MEAN: Final = 1.2533
"""The same over its mean absolute deviation, for where more than half of the deviations are nothing."""


@dataclass(frozen=True, slots=True)
class Usual:
    """What is usual at a place: the middle, how far values mostly are from it, and of how many weeks."""

    middle: float
    spread: float
    weeks: int


@dataclass(frozen=True)
class Model:
    """What is usual on one day."""

    columns: Mapping[Place, Sequence[float]]
    profile: Mapping[Place, float]
    levels: Levels
    deviations: Sequence[tuple[float, float]]
    """The profile where it was, and the deviation from it; by the profile."""

    def at(self, place: Place) -> Usual | None:
        """Answer what is usual at a place, None where too few weeks tell."""
        if len(self.columns.get(place, ())) < LEAST:
            return None
        middle = self.profile[place]
        spread = self.levels.stretched(_spread(self._closest(middle)))
        return Usual(self.levels.lifted(middle), spread, len(self.columns[place]))

    def _closest(self, middle: float) -> list[float]:
        count = max(CLOSEST, len(self.deviations) // 6)
        last = max(0, len(self.deviations) - count)
        first = min(last, max(0, bisect_left(self.deviations, middle, key=itemgetter(0)) - count // 2))
        return [deviation for _, deviation in self.deviations[first : first + count]]


@dataclass(frozen=True)
class Levels:
    """The levels of weeks, the last one first: factors, or amounts that are added; None of half a week or less."""

    factors: bool
    of: Sequence[float | None]
    most: float

    def even(self, week: int, value: float) -> float:
        """Bring a value to the profile's level."""
        level = self.of[week]
        if level is None:
            return value
        return value / level if self.factors else value - level

    def lifted(self, value: float) -> float:
        """Bring what the profile has to the level of this week."""
        return value * self.now if self.factors else value + self.now

    def stretched(self, spread: float) -> float:
        """Answer a spread at the level of this week."""
        return spread * self.now if self.factors else spread

    @cached_property
    def now(self) -> float:
        """Answer the level of this week: that of the last one, and as much further as weeks mostly went."""
        last = self.of[0]
        if not self.factors:
            return (
                0.0 if last is None else last + _slope([(-at, of) for at, of in enumerate(self.of) if of is not None])
            )
        if last is None:
            return 1.0
        further = exp(_slope([(-at, log(of)) for at, of in enumerate(self.of) if of is not None]))
        return min(max(last * further, 1 / self.most), self.most)


def learn(table: Table, most: float) -> Model:
    """Learn from the weeks before a day.

    Parameters
    ----------
    most
        The factor by which this week's level may lift what is usual at most, or lower it: an outage of four days does
        not make silence usual.
    """
    rough = {place: _middle(found) for place, found in _columns(table).items()}
    factors = all(value >= 0 for week in table for value in week.values())
    levels = Levels(factors, [(_factor if factors else _amount)(week, rough) for week in table], most)
    even = [{place: levels.even(at, value) for place, value in week.items()} for at, week in enumerate(table)]
    columns = _columns(even)
    profile = {place: _middle(found) for place, found in columns.items()}
    deviations = sorted((profile[place], one) for place, found in columns.items() for one in _apart(found))
    return Model(columns, profile, levels, deviations)


def _columns(table: Table) -> dict[Place, list[float]]:
    found: dict[Place, list[float]] = {}
    for week in table:
        for place, value in week.items():
            found.setdefault(place, []).append(value)
    return {place: sorted(values) for place, values in found.items()}


def _factor(week: Mapping[Place, float], profile: Mapping[Place, float]) -> float | None:
    """Answer the factor of the profile with the least absolute deviations from a week."""
    pairs = [(value / profile[place], profile[place]) for place, value in week.items() if profile[place] > 0]
    return None if len(pairs) * 2 <= len(profile) else _weighted_middle(pairs) or None


def _amount(week: Mapping[Place, float], profile: Mapping[Place, float]) -> float | None:
    """Answer what is to be added to the profile for the same."""
    away = sorted(value - profile[place] for place, value in week.items())
    return None if len(away) * 2 <= len(profile) else _middle(away)


def _slope(points: Sequence[tuple[int, float]]) -> float:
    """Answer the median of the slopes between every two of some points; of fewer than :data:`LEAST`, none."""
    if len(points) < LEAST:
        return 0.0
    return _middle(sorted((b[1] - a[1]) / (b[0] - a[0]) for a, b in combinations(points, 2)))


def _weighted_middle(pairs: Iterable[tuple[float, float]]) -> float:
    ordered = sorted(pairs)
    half = sum(weight for _, weight in ordered) / 2
    for value, weight in ordered:
        half -= weight
        if half <= 0:
            return value
    return ordered[-1][0]


def _apart(values: Sequence[float]) -> list[float]:
    """Answer how far each of a column is from the middle of the others; of fewer than :data:`LEAST`, nothing."""
    if len(values) < LEAST:
        return []
    return [abs(value - _middle([*values[:at], *values[at + 1 :]])) for at, value in enumerate(values)]


def _spread(deviations: Sequence[float]) -> float:
    """Answer a standard deviation by the median absolute deviation, by the mean one where that is 0."""
    middle = _middle(sorted(deviations))
    return _NORMAL * middle if middle > 0 else _NORMAL_MEAN * sum(deviations) / len(deviations)


def _middle(ordered: Sequence[float]) -> float:
    half = len(ordered) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2
