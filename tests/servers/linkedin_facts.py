"""Followers that the company's organisations won on LinkedIn, day by day, from a seed. Pure."""

from __future__ import annotations

import random
from datetime import date
from functools import cache

ORGANISATIONS = {"urn:li:organization:910001": (5_870, 12.0), "urn:li:organization:910002": (640, 1.5)}
"""Followers when the history begins, and how many come in a day."""

SEGMENTS = {
    ("followerCountsBySeniority", "seniority", "seniority"): {"urn:li:seniority:3": 0.31, "urn:li:seniority:4": 0.27},
    ("followerCountsByFunction", "function", "function"): {"urn:li:function:8": 0.44, "urn:li:function:13": 0.12},
    ("followerCountsByGeoCountry", "geo_country", "geo"): {"urn:li:geo:106693272": 0.2, "urn:li:geo:103644278": 0.25},
}
"""LinkedIn's lists, their facets, the field that names a segment, and each segment's share of the followers."""


@cache
def gains(seed: int, urn: str, day: date) -> tuple[int, int]:
    """Answer the organic and the paid gain of a day: fewer at weekends; campaigns run in every third week."""
    chance = random.Random(f"{seed} linkedin {urn} {day}")
    mean = ORGANISATIONS[urn][1] * (0.5 if day.weekday() >= 5 else 1.2)
    organic = max(0, round(chance.gauss(mean, mean**0.5)))
    paid = max(0, round(chance.gauss(mean / 2, 1))) if day.isocalendar().week % 3 == 0 else 0
    return organic, paid
