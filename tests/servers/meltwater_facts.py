"""What the world wrote about the company: documents by search and hour, from a seed. Pure."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from tests.servers.company import FUTURE, HISTORY, HOUR

SEARCHES = {4711: 4.0, 4712: 2.5}
"""The saved searches and about how many documents each finds in an hour."""

LATEST = timedelta(hours=5)
_SOURCES = (("The Daily Byte", "news", "us"), ("Datenblatt", "news", "de"), ("dev.example", "blog", "gb"))
_KEYWORDS = ("acme", "acme pipeline", "data lake")


@dataclass(frozen=True, slots=True)
class Document:
    """One document: when it was published, how late it can be found on a bad day, and what it says."""

    search: int
    identity: str
    published_at: datetime
    delay: timedelta
    reach: int | None
    engagement: int
    sentiment: str
    source: tuple[str, str, str]
    keywords: tuple[str, ...]

    def as_answer(self) -> dict[str, Any]:
        """Answer it as Meltwater does."""
        name, kind, country = self.source
        return {
            "id": self.identity,
            "external_id": None,
            "url": f"https://press.example/{self.identity}",
            "published_date": f"{self.published_at:%Y-%m-%dT%H:%M:%S}.000Z",
            "content": {"title": f"About {self.keywords[0]}", "opening_text": "Today"},
            "source": {"name": name, "type": kind, "metrics": {} if self.reach is None else {"reach": self.reach}},
            "location": {"country_code": country},
            "enrichments": {"language_code": "de" if country == "de" else "en", "sentiment": self.sentiment},
            "matched": {"keywords": list(self.keywords), "inputs": [{"id": self.search, "type": "search"}]},
            "metrics": {"engagement": {"total": self.engagement, "likes": self.engagement}},
        }


@lru_cache(maxsize=8192)
def documents(seed: int, anchor: datetime, search: int, hour: datetime, burst: int = 0) -> Sequence[Document]:
    """Answer what a search finds in an hour, oldest first; ``burst`` sets how many."""
    if not anchor - HISTORY - HOUR <= hour <= anchor + FUTURE:
        return ()
    chance = random.Random(f"{seed} meltwater {search} {hour.isoformat()}")
    how_many = burst or round(max(0.0, chance.gauss(SEARCHES[search], 2.0)))
    seconds = sorted(chance.randrange(3600) for _ in range(how_many))
    made = (_document(chance, search, f"{hour:%Y%m%d%H}-{search}-{n}", hour, s) for n, s in enumerate(seconds))
    return tuple(made)


def _document(chance: random.Random, search: int, identity: str, hour: datetime, second: int) -> Document:
    return Document(
        search=search,
        identity=identity,
        published_at=hour + timedelta(seconds=second),
        delay=LATEST * chance.random(),
        reach=None if chance.random() < 0.1 else round(chance.lognormvariate(9, 1.5)),
        engagement=round(chance.expovariate(1 / 20)),
        sentiment=chance.choice(("positive", "neutral", "neutral", "negative", "unknown")),
        source=chance.choice(_SOURCES),
        keywords=tuple(chance.sample(_KEYWORDS, chance.randint(1, 3))),
    )
