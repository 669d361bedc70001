"""Followers that the company's organisations won on LinkedIn, day by day, from a seed. Pure."""

from __future__ import annotations

import random
from datetime import date
from functools import cache

ORGANISATIONS = {"urn:li:organization:910001": (5_870, 12.0), "urn:li:organization:910002": (640, 1.5)}
"""Followers when the history begins, and how many come in a day."""


@cache
def gains(seed: int, urn: str, day: date) -> tuple[int, int]:
    """Answer the organic and the paid gain of a day: fewer at weekends; campaigns run in every third week."""
    chance = random.Random(f"{seed} linkedin {urn} {day}")
    mean = ORGANISATIONS[urn][1] * (0.5 if day.weekday() >= 5 else 1.2)
    organic = max(0, round(chance.gauss(mean, mean**0.5)))
    paid = max(0, round(chance.gauss(mean / 2, 1))) if day.isocalendar().week % 3 == 0 else 0
    return organic, paid
