"""What was sent: the last digest of each subscriber, and those that somebody had sent at once, in the state table."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from chalicelib.digests.schedule import Sent
from chalicelib.domain.state import StateStore, wrote
from chalicelib.subscriptions.subscription import Cadence

PK: Final = "digest_sent"
NAMED_PK: Final = "digest_now"
_NAMED: Final = timedelta(days=400)
"""As long as the outbox knows a message."""
_KEPT: Final = timedelta(days=90)
"""How long it is remembered; whoever has had none for so long begins anew."""


@dataclass(frozen=True, slots=True)
class Remembered:
    """What was sent last, and the version of its item."""

    sent: Sent
    version: int


def every(state: StateStore) -> dict[str, Remembered]:
    """Answer what each subscriber was sent last. Raises ``StoreUnavailable``."""
    return {
        item["sk"]: Remembered(Sent(date.fromisoformat(item["day"]), Cadence(item["cadence"])), item["version"])
        for item in state.query(PK)
    }


def read(state: StateStore, subscription_id: str) -> Sent | None:
    """Answer what a subscriber was sent last. Raises ``StoreUnavailable``."""
    item = state.get(PK, subscription_id)
    return None if item is None else Sent(date.fromisoformat(item["day"]), Cadence(item["cadence"]))


def remember(state: StateStore, subscription_id: str, sent: Sent, before: Remembered | None, now: datetime) -> bool:
    """Remember what was sent; False where somebody else was faster. Raises ``StoreUnavailable``."""
    item = {
        "day": sent.day.isoformat(),
        "cadence": sent.cadence.value,
        "at": now.isoformat(),
        "expires_at": int((now + _KEPT).timestamp()),
    }
    return wrote(state, PK, subscription_id, item, expected_version=None if before is None else before.version)


@dataclass(frozen=True, slots=True)
class Named:
    """What somebody had sent at once, under a name: when, and a digest of what they asked."""

    at: datetime
    request: str


def named(state: StateStore, name: str, request: str, now: datetime) -> Named:
    """Note what is sent at once under a name, or answer what was noted before: the same name is the same instant.

    Raises ``StoreUnavailable``.
    """
    expires_at = int((now + _NAMED).timestamp())
    item = {"at": now.isoformat(), "request": request, "expires_at": expires_at}
    if wrote(state, NAMED_PK, name, item, expected_version=None):
        return Named(now, request)
    found = state.get(NAMED_PK, name)
    return Named(now, request) if found is None else Named(datetime.fromisoformat(found["at"]), found["request"])
