"""Where the company and its rivals stand in search: a walk of each keyword's place, from a seed. Pure."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any

from tests.servers.company import FUTURE, HISTORY

DAY = timedelta(days=1)
ENGINE = "google.com"
PAGES = (
    (31, "https://www.acme.example", "Acme", 104, 14),
    (32, "https://rival.example/product", "Rival", 30, 6),
    (33, "other.example", "Other", 30, 40),
)
"""Id, address, brand, how many keywords are tracked, and about where it stands."""

NAMED = ("data pipeline", "etl tool")
WEIGHTS = {"data pipeline": 3, "etl tool": 2}
CURVE = tuple(map(Decimal, "0.285 0.157 0.110 0.080 0.072 0.051 0.040 0.032 0.028 0.025".split()))  # noqa: SIM905
UNRANKED = (None, 0, 101)
"""How a rank tracker says that a page is not among the hundred."""


@dataclass(frozen=True, slots=True)
class Check:
    """One keyword of one page on one day; ``said`` is what the rank tracker says of its place."""

    page: str
    brand: str
    keyword: str
    day: datetime
    said: int | None

    @property
    def position(self) -> int | None:
        """Its place, None where it is not ranked."""
        return self.said if self.said and self.said <= 100 else None


def keywords(page: int) -> Sequence[str]:
    """Answer what is tracked for a page."""
    count = next(count for i, _, _, count, _ in PAGES if i == page)
    return (*NAMED, *(f"keyword {n}" for n in range(count - len(NAMED))))


@lru_cache(maxsize=4096)
def checks(seed: int, anchor: datetime, page: int, day: datetime) -> Sequence[Check]:
    """Answer a day's checks of a page, in the order of its keywords."""
    midnight = anchor.replace(hour=0, minute=0, second=0, microsecond=0)
    if not midnight - HISTORY <= day <= midnight + FUTURE:
        return ()
    _, url, brand, _, about = next(given for given in PAGES if given[0] == page)
    found = []
    for keyword in keywords(page):
        base = random.Random(f"{seed} rank {page} {keyword}").gauss(about, about / 3)
        place = round(base + random.Random(f"{seed} rank {page} {keyword} {day}").gauss(0, 1.5))
        said = place if 1 <= place <= 60 else UNRANKED[abs(place) % len(UNRANKED)]
        found.append(Check(url, brand, keyword, day, said))
    return tuple(found)


def shares(day: Sequence[Check]) -> list[dict[str, Any]]:
    """Answer a day's shares of voice."""
    clicks = {brand: Decimal(0) for _, _, brand, _, _ in PAGES}
    for check in day:
        if check.position and check.position <= len(CURVE):
            clicks[check.brand] += WEIGHTS.get(check.keyword, 1) * CURVE[check.position - 1]
    total = sum(clicks.values())
    return [
        {
            "day_start": day[0].day,
            "brand": brand,
            "clicks": own,
            "clicks_of_all": total,
            "share": round(own / total, 9) if total else None,
            "ranked_keywords": sum(1 for check in day if check.brand == brand and check.position),
            "tracked_keywords": sum(1 for check in day if check.brand == brand),
        }
        for brand, own in clicks.items()
    ]
