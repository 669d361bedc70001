"""Who a web visitor is for one day: a keyed hash that nobody can undo once the day's salt is gone. Pure.

In a UTC day's first :data:`LINKED` the salt of the day before still stands, and a visitor has both names: that is how a
session goes on over midnight (see :mod:`chalicelib.domain.sessions`). Then the old salt is deleted.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

GRACE = timedelta(minutes=5)
"""How late a beacon of a session that crosses midnight may be."""
LINKED = timedelta(minutes=30) + GRACE
_SALT_BYTES, _NAME_CHARACTERS = 32, 32


@dataclass(frozen=True, slots=True)
class Salts:
    """The salts that an instant needs: its day's, and the day before's while that still stands."""

    today: bytes
    before: bytes | None = None


@dataclass(frozen=True, slots=True)
class Visitor:
    """A visitor's name of the day, and of the day before in a day's first minutes."""

    name: str
    before: str | None


def days(now: datetime) -> tuple[date, date | None]:
    """Answer the days whose salts an instant needs.

    >>> days(datetime(2026, 11, 23, 0, 10, tzinfo=UTC))
    (datetime.date(2026, 11, 23), datetime.date(2026, 11, 22))
    >>> days(datetime(2026, 11, 23, 0, 35, tzinfo=UTC))[1] is None
    True
    """
    today = now.astimezone(UTC).date()
    earlier = (now - LINKED).astimezone(UTC).date()
    return today, earlier if earlier < today else None


def forgotten_at(day: date) -> datetime:
    """Answer when the salt of a day has to be gone."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(days=1) + LINKED


def name(salts: Salts, site: str, address: str, user_agent: str) -> Visitor:
    """Name a visitor of a site.

    The address goes in whole: two neighbours are two visitors. Neither it nor the user agent can be told from the name,
    not even by trying all of them, once the salt is gone.
    """
    said = json.dumps([site, address, user_agent]).encode()
    return Visitor(_digest(salts.today, said), None if salts.before is None else _digest(salts.before, said))


def _digest(salt: bytes, said: bytes) -> str:
    if len(salt) != _SALT_BYTES:
        raise ValueError(f"a salt has {_SALT_BYTES} bytes")
    return hmac.new(salt, said, hashlib.sha256).hexdigest()[:_NAME_CHARACTERS]
