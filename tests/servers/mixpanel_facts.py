"""What the product's users did, as Mixpanel took it in hour by hour, from a seed. Pure.

Most events are taken in within a minute; phones send some days later; every night a batch is imported that is dated a
year back. One in fifty is sent twice, a second apart (within one hour of the clock, for these are facts of that hour).
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from tests.servers.company import FUTURE, HISTORY, HOUR, poisson, season

PER_HOUR = 12.0
IMPORTED_AT = 3
A_YEAR = timedelta(days=365)
_NAMES = ("Page View", "Page View", "Page View", "Sign Up", "Pipeline Created", "Pipeline Run", "Export")
_SYSTEMS = ("Linux", "Mac OS X", "Windows", "iOS", None)
_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Event:
    """One event as it was taken in: when it happened (to the second), and when Mixpanel had it (to the millisecond)."""

    name: str
    who: str
    insert_id: str
    happened_at: datetime
    processed_at: datetime
    properties: tuple[tuple[str, Any], ...]
    again: bool = False  # the same event was taken in before, in this hour


@lru_cache(maxsize=4096)
def taken_in(seed: int, anchor: datetime, hour: datetime, flood: int = 0) -> Sequence[Event]:
    """Answer what was taken in during an hour, in that order; ``flood`` events more, where it is asked for."""
    if not anchor - HISTORY - HOUR <= hour <= anchor + FUTURE:
        return ()
    chance = random.Random(f"{seed} mixpanel {hour.isoformat()}")
    how_many = 1 + poisson(chance, PER_HOUR * season(hour)) + flood
    found = [e for n in range(how_many) for e in _event(chance, f"{hour:%Y%m%d%H}-{n}", hour)]
    if hour.hour == IMPORTED_AT:
        found += [_imported(chance, f"{hour:%Y%m%d%H}-old-{n}", hour) for n in range(15)]
    return tuple(sorted(found, key=lambda e: (e.processed_at, e.insert_id)))


def _event(chance: random.Random, insert_id: str, hour: datetime) -> Iterator[Event]:
    processed = hour + timedelta(milliseconds=chance.randrange(3_598_000))
    late = (
        timedelta(hours=5 * 24 * chance.random()) if chance.random() < 0.05 else timedelta(seconds=chance.randrange(60))
    )
    happened = (processed - late).replace(microsecond=0)
    properties = (("$os", chance.choice(_SYSTEMS)), ("mp_country_code", chance.choice(("US", "DE", None))))
    who = f"user-{chance.randrange(400)}"
    first = Event(chance.choice(_NAMES), who, insert_id, happened, processed, properties)
    yield first
    if chance.random() < 0.02:
        yield Event(first.name, who, insert_id, happened, processed + _SECOND, properties, again=True)


def _imported(chance: random.Random, insert_id: str, hour: datetime) -> Event:
    processed = hour + timedelta(milliseconds=chance.randrange(3_600_000))
    happened = (processed - A_YEAR - timedelta(seconds=chance.randrange(86_400))).replace(microsecond=0)
    return Event("Imported", f"user-{chance.randrange(400)}", insert_id, happened, processed, (("$import", True),))
