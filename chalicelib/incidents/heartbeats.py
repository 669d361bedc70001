"""Heartbeats of what runs by the clock: when each function last ended well, and since when the watcher watches."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from chalicelib.domain.state import StateStore, wrote

PARTITION: Final = "heartbeat"
"""Of the state table: one item a function."""
WATCHER: Final = "watch"
_UNBROKEN: Final = timedelta(minutes=5)


def beat(state: StateStore, function: str, at: datetime) -> None:
    """Note that a function has ended well; of twins, either will do. Raises ``StoreUnavailable``."""
    standing = state.get(PARTITION, function)
    if standing is None or datetime.fromisoformat(standing["at"]) < at:
        item = {"at": at.isoformat()}
        wrote(state, PARTITION, function, item, expected_version=standing["version"] if standing else None)


def beats(state: StateStore) -> Mapping[str, datetime]:
    """Answer when each function last ended well. Raises ``StoreUnavailable``."""
    return {item["sk"]: datetime.fromisoformat(item["at"]) for item in state.query(PARTITION) if item["sk"] != WATCHER}


def watching_since(state: StateStore, now: datetime) -> datetime:
    """Answer since when the watcher has looked without a break, and note that it looks now.

    Where everything stood still (the local cloud was off, the whole account was), nothing is overdue for that alone.
    Raises ``StoreUnavailable``.
    """
    standing = state.get(PARTITION, WATCHER)
    since = now
    if standing is not None and now - datetime.fromisoformat(standing["at"]) <= _UNBROKEN:
        since = datetime.fromisoformat(standing["since"])
    item = {"at": now.isoformat(), "since": since.isoformat()}
    wrote(state, PARTITION, WATCHER, item, expected_version=standing["version"] if standing else None)
    return since
