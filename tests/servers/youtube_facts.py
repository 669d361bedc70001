"""What each day of the company's channels came to, from a seed. Pure.

YouTube first counts too much, then takes views back: a day's numbers change at each of the seven midnights (Pacific)
after it is first shown, and are final then.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

PACIFIC = ZoneInfo("America/Los_Angeles")
READY_AFTER = timedelta(hours=40)
RESTATED_FOR = timedelta(days=7)
CHANNELS = {"UCacmeacmeacmeacmeacme01": 2_040, "UCacmeacmeacmeacmeacme02": 540}
"""Views of an average day."""


@dataclass(frozen=True, slots=True)
class Day:
    """A channel's day, final."""

    views: int
    minutes: int
    seconds_a_view: int
    percentage: float
    gained: int
    lost: int
    likes: int
    comments: int
    shares: int


def ends(day: date) -> datetime:
    """Answer when a day of California ends."""
    after = day + timedelta(days=1)
    return datetime(after.year, after.month, after.day, tzinfo=PACIFIC).astimezone(UTC)


def ready(day: date) -> datetime:
    """Answer when the report of a day has all metrics."""
    return ends(day) + READY_AFTER


@cache
def final(seed: int, channel: str, day: date) -> Day:
    """Answer what a day came to in the end: fewer at weekends, more after a video, which comes every ninth day."""
    chance = random.Random(f"{seed} youtube {channel} {day}")
    excited = 1.0 + 1.6 / (1 + day.toordinal() % 9)
    views = round(chance.gauss(1, 0.08) * CHANNELS[channel] * excited * (0.8 if day.weekday() >= 5 else 1.08))
    seconds = chance.randint(140, 260)
    gained = round(views * chance.uniform(0.011, 0.02))
    return Day(
        views,
        round(views * seconds / 60),
        seconds,
        round(chance.uniform(28, 52), 2),
        gained,
        round(gained * chance.uniform(0.05, 0.25)),
        round(views * chance.uniform(0.02, 0.05)),
        round(views * chance.uniform(0.002, 0.006)),
        round(views * chance.uniform(0.003, 0.01)),
    )


def shown(seed: int, channel: str, day: date, now: datetime, more: int = 0) -> Day:
    """Answer what YouTube shows of a day at an instant; ``more`` are views that it has found since."""
    truth = final(seed, channel, day)
    step = (RESTATED_FOR - min(max(now - ready(day), timedelta()), RESTATED_FOR)) // timedelta(days=1)
    views = truth.views + round(truth.views * 0.012 * step) + more
    return replace(truth, views=views, minutes=round(views * truth.seconds_a_view / 60))
