"""The salts of visitors' names, one a day: made when first needed, deleted when their day is over.

They stand in a table of their own that has no backups: what is deleted there is gone. Light: the API imports it.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime
from typing import Final

from chalicelib.domain import visitors
from chalicelib.domain.state import StateStore
from chalicelib.domain.visitors import Salts
from chalicelib.errors import PreconditionFailed, StoreUnavailable

SALT_PK: Final = "web_salt"
SALT_BYTES: Final = 32


def new_salt() -> bytes:
    """Make a salt of 256 random bits."""
    return secrets.token_bytes(SALT_BYTES)


class DailySalts:
    """The salts of the days, read once each by a process and forgotten with their day."""

    def __init__(self, state: Callable[[], StateStore], new: Callable[[], bytes] = new_salt) -> None:
        self._state = state
        self._new = new
        self._known: dict[date, bytes] = {}

    def at(self, now: datetime) -> Salts:
        """Answer the salts of an instant, making today's if nobody has. Raises ``StoreUnavailable``."""
        today, before = visitors.days(now)
        self._known = {day: salt for day, salt in self._known.items() if day in (today, before)}
        if today not in self._known:
            self._known[today] = self._today(today)
        if before is None:
            return Salts(self._known[today])
        if before not in self._known and (found := self._state().get(SALT_PK, before.isoformat())):
            self._known[before] = bytes.fromhex(found["salt"])
        return Salts(self._known[today], self._known.get(before))

    def _today(self, today: date) -> bytes:
        """Read today's salt; make it if there is none. Who is second takes what the first has made."""
        state, key = self._state(), today.isoformat()
        found = state.get(SALT_PK, key)
        if found is None:
            item = {"salt": self._new().hex(), "expires_at": int(visitors.forgotten_at(today).timestamp())}
            with suppress(PreconditionFailed):
                state.put(SALT_PK, key, item, expected_version=None)
            found = state.get(SALT_PK, key)
        if found is None:
            raise StoreUnavailable("today's salt was deleted while it was read")
        return bytes.fromhex(found["salt"])


def forget(state: StateStore, now: datetime) -> list[str]:
    """Delete the salts whose day is over; answer those days. Raises ``StoreUnavailable``."""
    over = [item["sk"] for item in state.query(SALT_PK) if _over(item["sk"], now)]
    for day in over:
        state.delete(SALT_PK, day)
    return over


def _over(day: str, now: datetime) -> bool:
    return visitors.forgotten_at(date.fromisoformat(day)) <= now.astimezone(UTC)
