"""How fast may be sent to one destination, over all senders there are: a leaky bucket as one number in the state.

The number is the instant (milliseconds) up to which the rate is spoken for (the 'virtual scheduling' of ITU-T I.371,
better known as GCRA).
"""

from __future__ import annotations

from datetime import datetime, timedelta

from chalicelib.domain.state import StateStore, wrote

PARTITION = "pace"
_TRIES = 10


def take(state: StateStore, name: str, a_minute: int, wanted: int, now: datetime) -> int:
    """Take the right to send up to ``wanted`` messages; answer for how many. At most a minute's are given at once.

    Raises ``StoreUnavailable``.
    """
    each, present = 60_000 / a_minute, int(now.timestamp() * 1000)
    for _ in range(_TRIES):
        item = state.get(PARTITION, name)
        spoken_for = max(item["until_ms"] if item else 0, present)
        granted = min(wanted, int((present + 60_000 - spoken_for) / each))
        if granted <= 0:
            return 0
        until = spoken_for + round(granted * each)
        kept = {"until_ms": until, "expires_at": int((now + timedelta(days=1)).timestamp())}
        if wrote(state, PARTITION, name, kept, expected_version=item["version"] if item else None):
            return granted
    return 0


def hold(state: StateStore, name: str, until: datetime) -> None:
    """Send nothing more before an instant: the other side has asked for it. Raises ``StoreUnavailable``."""
    wanted = int(until.timestamp() * 1000) + 60_000
    for _ in range(_TRIES):
        item = state.get(PARTITION, name)
        if item and item["until_ms"] >= wanted:
            return
        kept = {"until_ms": wanted, "expires_at": int((until + timedelta(days=1)).timestamp())}
        if wrote(state, PARTITION, name, kept, expected_version=item["version"] if item else None):
            return
