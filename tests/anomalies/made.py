"""Labelled series by a seed: what an analytics company counts, with what happens to it.

Each series has a level, a day and a week of its profile, growth, noise, and nuisances that are nobody's anomaly (a week
of vacation in which less happens; growth; a season that moves by an hour). What adds up (followers) is made of what
comes to it in each bucket, and that is what is unusual. Into both halves the same kinds of anomalies are put, at random
places, about one a week:

spike
    1 to 3 buckets of twice to five times as much.
dip
    A quarter of a day (of days: one) of a fifth to a half.
shift
    One to two days at 1.7 times or half of the level.
silence
    A sixth of a day (of days: one) of nothing at all.
season
    A day whose hours are turned by twelve (of days: a Sunday that looks like a Monday, or the other way).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from math import cos, exp, pi, sqrt
from random import Random
from zoneinfo import ZoneInfo

from chalicelib.domain.periods import Interval, boundaries
from tests.anomalies.labelled import Labelled, Window

WEEKS = 26
LEARNT, TUNED = 6, 16
FOLLOWERS = 6_000
ZONE = ZoneInfo("America/New_York")
BEGAN = datetime(2026, 1, 5, 5, tzinfo=UTC)


@dataclass(frozen=True)
class Profile:
    """What one kind of series is like; ``noise`` is of the level, beside that of counting."""

    interval: Interval
    level: float
    night: float = 0.15
    weekend: float = 0.4
    noise: float = 0.08
    growth: float = 0.01
    counted: bool = True
    burst: float = 0.0
    stock: bool = False


PROFILES: Mapping[str, Profile] = {
    "page views an hour, many": Profile(Interval.PT1H, 2_000),
    "sign-ups an hour, few": Profile(Interval.PT1H, 6, noise=0.1),
    "errors an hour, rare": Profile(Interval.PT1H, 0.6, night=0.6, weekend=0.9),
    "views a quarter hour": Profile(Interval.PT15M, 90, noise=0.12),
    "requests an hour, in bursts": Profile(Interval.PT1H, 300, noise=0.25, burst=0.01),
    "downloads a day, many": Profile(Interval.P1D, 9_000, weekend=0.35, noise=0.06),
    "leads a day, few": Profile(Interval.P1D, 25, weekend=0.3, noise=0.1),
    "growing by 6 % a week": Profile(Interval.PT1H, 150, growth=0.06),
    "revenue an hour, no count": Profile(Interval.PT1H, 500, noise=0.2, counted=False),
    "followers, which add up": Profile(Interval.P1D, 40, weekend=0.5, noise=0.3, growth=0.0, stock=True),
    "a rate, without a season": Profile(Interval.PT1H, 0.04, night=1, weekend=1, noise=0.15, counted=False),
}


def every(seed: int) -> Iterator[Labelled]:
    """Answer one series of each profile."""
    for at, (name, profile) in enumerate(PROFILES.items()):
        yield make(name, profile, Random(f"{seed} {at}"))


def make(name: str, profile: Profile, random: Random) -> Labelled:
    """Answer one series."""
    end = (BEGAN.astimezone(ZONE) + timedelta(weeks=WEEKS)).astimezone(UTC)
    starts = boundaries(BEGAN, end, profile.interval, ZONE)[:-1]
    a_week = round(len(starts) / WEEKS)
    expected = [_expected(profile, start.astimezone(ZONE), random.random()) for start in starts]
    _nuisances(profile, starts, expected, random)
    windows = list(_windows(starts, expected, random, a_week))
    values = [_noisy(profile, level, random) for level in expected]
    if profile.stock:
        values = [*accumulate(values, initial=FOLLOWERS)][1:]
    return Labelled(
        name,
        values,
        starts,
        ZONE,
        profile.interval,
        profile.counted and not profile.stock,
        windows,
        LEARNT * a_week,
        TUNED * a_week,
        a_week,
        profile.stock,
    )


def _expected(profile: Profile, local: datetime, chance: float) -> float:
    growth = exp(profile.growth * (local.replace(tzinfo=None) - datetime(2026, 1, 5)) / timedelta(weeks=1))  # noqa: DTZ001
    by_week = profile.weekend if local.weekday() >= 5 else 1.0 - 0.05 * abs(local.weekday() - 2)
    by_day = 1.0
    if not profile.interval.of_days:
        hour = local.hour + local.minute / 60
        by_day = profile.night + (1 - profile.night) * (1 - cos(2 * pi * (hour - 3) / 24)) / 2
    burst = 1.0 + 1.5 * (chance / profile.burst) if chance < profile.burst else 1.0
    return profile.level * growth * by_week * by_day * burst


def _nuisances(profile: Profile, starts: tuple[datetime, ...], expected: list[float], random: Random) -> None:
    """Change what is expected for reasons that nobody calls an anomaly."""
    a_week = round(len(starts) / WEEKS)
    vacation = random.randrange(8, WEEKS - 2) * a_week
    for i in range(vacation, vacation + a_week):
        expected[i] *= 0.85
    if not profile.interval.of_days:
        hour = a_week // 168
        since = random.randrange(18, 22) * a_week
        expected[since + hour :] = expected[since:-hour]


def _windows(starts: tuple[datetime, ...], expected: list[float], random: Random, a_week: int) -> Iterator[Window]:
    """Put anomalies in, two days or more apart, each kind in its turn."""
    day = max(1, a_week // 7)
    kinds: list[tuple[str, Callable[[int], int]]] = [
        ("spike", lambda at: _times(expected, at, 1 if day == 1 else random.choice((1, 2, 3)), random.uniform(2, 5))),
        ("dip", lambda at: _times(expected, at, max(1, day // 4), random.uniform(0.2, 0.5))),
        ("shift", lambda at: _times(expected, at, random.choice((day, 2 * day)), random.choice((1.7, 0.5)))),
        ("silence", lambda at: _times(expected, at, max(1, day // 6), 0.0)),
        ("season", lambda at: _turned(expected, starts, at, day)),
    ]
    at, turn = LEARNT * a_week // 2, 0
    while (at := at + int(random.uniform(3, 7) * day)) < len(starts) - 4 * day:
        kind, put = kinds[turn % len(kinds)]
        turn += 1
        end = put(at)
        if end > at:
            yield Window(at, end, kind)
            at = end + day


def _times(expected: list[float], at: int, count: int, factor: float) -> int:
    for i in range(at, at + count):
        expected[i] *= factor
    return at + count


def _turned(expected: list[float], starts: tuple[datetime, ...], at: int, day: int) -> int:
    if day == 1:
        weekday = starts[at].astimezone(ZONE).weekday()
        other = at - 1 if weekday == 6 else at - weekday - 1
        expected[at] = expected[other - 1] if weekday == 6 else expected[other]
        return at + 1
    expected[at : at + day] = [*expected[at + day // 2 : at + day], *expected[at : at + day // 2]]
    return at + day


def _noisy(profile: Profile, level: float, random: Random) -> int | float:
    varied = level * max(0.0, random.gauss(1, profile.noise))
    if not profile.counted:
        return round(varied, 4)
    return poisson(varied, random)


def poisson(mean: float, random: Random) -> int:
    """Answer a count of that mean; of a large one by a normal distribution."""
    if mean > 60:
        return max(0, round(random.gauss(mean, sqrt(mean))))
    limit, count, product = exp(-mean), 0, random.random()
    while product > limit:
        count += 1
        product *= random.random()
    return count
