"""Which digest a subscriber was sent last: an item each in the state table."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from chalicelib.digests.schedule import Sent
from chalicelib.domain.state import StateStore, wrote
from chalicelib.subscriptions.subscription import Cadence

PK: Final = "digest_sent"
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
