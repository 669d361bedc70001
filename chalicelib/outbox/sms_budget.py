"""How many SMS a calendar month (UTC) may have: what is over it goes by mail alone, and the operators are told once."""

from __future__ import annotations

from datetime import datetime, timedelta

from chalicelib.domain.state import StateStore, wrote

PARTITION = "sms_budget"
_TRIES = 10
_PAID = timedelta(days=40)


def month_of(now: datetime) -> str:
    """Name the month.

    >>> from datetime import UTC
    >>> month_of(datetime(2026, 11, 30, 23, tzinfo=UTC))
    '2026-11'
    """
    return f"{now:%Y-%m}"


def spend(state: StateStore, key: str, wanted: int, budget: int, now: datetime) -> bool:
    """Take the right to send a letter as SMS; False where the month has not so many left.

    A letter (``key``) pays once, however often it is tried; where a crash comes in between, twice at worst.

    Raises ``StoreUnavailable``.
    """
    paid = f"paid {key}"
    if state.get(PARTITION, paid) is not None:
        return True
    if not _counted(state, wanted, budget, now):
        return False
    wrote(state, PARTITION, paid, {"expires_at": int((now + _PAID).timestamp())}, expected_version=None)
    return True


def _counted(state: StateStore, wanted: int, budget: int, now: datetime) -> bool:
    for _ in range(_TRIES):
        item = state.get(PARTITION, month_of(now))
        spent = item["spent"] if item else 0
        if spent + wanted > budget:
            return False
        kept = {"spent": spent + wanted, "expires_at": int((now + timedelta(days=400)).timestamp())}
        version = item["version"] if item else None
        if wrote(state, PARTITION, month_of(now), kept, expected_version=version):
            return True
    return False
