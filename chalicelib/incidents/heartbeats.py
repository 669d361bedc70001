"""Heartbeats of what runs by the clock: when each function last ended well, and since when without a break."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from chalicelib.domain.state import StateStore, wrote

PARTITION: Final = "heartbeat"
"""Of the state table: one item a function."""
WATCHER: Final = "watch"
DISPATCHER: Final = "dispatch"
_UNBROKEN: Final = timedelta(minutes=5)
_CAUGHT_UP: Final = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Beat:
    """When a function last ended well, and since when it has done so every few minutes (of one that runs so often)."""

    at: datetime
    since: datetime


def beat(state: StateStore, function: str, at: datetime) -> Beat:
    """Note that a function has ended well; of twins, either will do. Raises ``StoreUnavailable``."""
    item = state.get(PARTITION, function)
    before = _read(item) if item else None
    if item is not None and before is not None and at <= before.at:
        return before
    unbroken = before is not None and at - before.at <= _UNBROKEN
    now = Beat(at, before.since if before is not None and unbroken else at)
    said = {"at": now.at.isoformat(), "since": now.since.isoformat()}
    wrote(state, PARTITION, function, said, expected_version=item["version"] if item else None)
    return now


def beats(state: StateStore) -> Mapping[str, Beat]:
    """Answer the heartbeats of all functions. Raises ``StoreUnavailable``."""
    return {item["sk"]: _read(item) for item in state.query(PARTITION)}


def explain_standstill(dispatcher: Beat | None, now: datetime) -> bool:
    """Tell whether the dispatcher stands still, or has until half an hour ago.

    That is told as its own; that no source runs then is the same trouble, and not another one of each source.
    """
    return dispatcher is None or now - dispatcher.at > _UNBROKEN or now - dispatcher.since < _CAUGHT_UP


def _read(item: Mapping[str, Any]) -> Beat:
    at = datetime.fromisoformat(item["at"])
    return Beat(at, datetime.fromisoformat(item["since"]) if "since" in item else at)
