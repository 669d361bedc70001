"""How an audience grows, for every vendor's facts: a count at any instant, from a seed. Pure.

A day's gain follows the weekday and a launch; within a day it comes evenly, so a count is a whole number at any second.
"""

from __future__ import annotations

import math
import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property

from tests.servers.company import FUTURE, HISTORY, LAUNCH_BEFORE_NOW

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Growth:
    """A count that starts at ``first`` ninety days before ``anchor`` and gains about ``per_day``."""

    seed: str
    anchor: datetime
    first: int
    per_day: float
    loss: float = 0.15  # the share of a day's gain that is lost again
    start: datetime = field(init=False)

    def __post_init__(self) -> None:
        midnight = self.anchor.replace(hour=0, minute=0, second=0, microsecond=0)
        object.__setattr__(self, "start", midnight - HISTORY)

    def at(self, instant: datetime) -> int:
        """Answer the count at an instant; before the history it is the first, after the future the last."""
        days = (instant - self.start) / DAY
        whole = min(max(int(days), 0), len(self.gains) - 1)
        part = min(max(days - whole, 0.0), 1.0)
        return self._before[whole] + round(self.gains[whole] * part)

    def on(self, day: datetime) -> int:
        """Answer what a UTC day gained, losses taken off."""
        index = (day - self.start) // DAY
        return self.gains[index] if 0 <= index < len(self.gains) else 0

    @cached_property
    def gains(self) -> tuple[int, ...]:
        """What each day gains."""
        return tuple(self._gain(index) for index in range((HISTORY + FUTURE) // DAY))

    @cached_property
    def _before(self) -> tuple[int, ...]:
        counts = [self.first]
        for gain in self.gains:
            counts.append(counts[-1] + gain)
        return tuple(counts)

    def _gain(self, index: int) -> int:
        chance = random.Random(f"{self.seed} {index}")
        day = self.start + index * DAY
        since = (day - (self.anchor - LAUNCH_BEFORE_NOW)) / DAY
        excited = 1.0 + (3.0 * math.exp(-since / 4) if since >= 0 else 0.0)
        mean = self.per_day * excited * (0.6 if day.weekday() >= 5 else 1.16)
        return round(chance.gauss(mean, mean**0.5 if mean > 0 else 0) - self.loss * mean)
