"""What a person will have to renew, remembered by every run for the watcher, who can read no secret."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from chalicelib.domain.state import StateStore
from chalicelib.errors import PreconditionFailed
from chalicelib.sources.base import Deadline

SORT_KEY = "deadlines"


def note(state: StateStore, stream: str, deadlines: Sequence[Deadline]) -> None:
    """Remember a source's deadlines, if they are others than those that are known. Raises ``StoreUnavailable``."""
    found = state.get(f"stream#{stream}", SORT_KEY)
    item = {"deadlines": [_plain(deadline) for deadline in deadlines]}
    if (found["deadlines"] if found else []) == item["deadlines"]:
        return
    try:
        state.put(f"stream#{stream}", SORT_KEY, item, expected_version=found["version"] if found else None)
    except PreconditionFailed:
        return  # another run of the same source has just noted the same


def read(state: StateStore, stream: str) -> tuple[Deadline, ...]:
    """Answer a source's deadlines, the nearest first. Raises ``StoreUnavailable``."""
    found = state.get(f"stream#{stream}", SORT_KEY)
    noted = (_deadline(item) for item in found["deadlines"]) if found else ()
    return tuple(sorted(noted, key=lambda deadline: deadline.at))


def due(deadlines: Sequence[Deadline], now: datetime) -> Deadline | None:
    """Answer the nearest deadline that a person has to hear of by now."""
    return next((deadline for deadline in deadlines if now >= deadline.at - deadline.warn_before), None)


def _plain(deadline: Deadline) -> dict[str, Any]:
    return {
        "what": deadline.what,
        "at": deadline.at.isoformat(),
        "warn_before_s": int(deadline.warn_before.total_seconds()),
        "remedy": deadline.remedy,
    }


def _deadline(item: Mapping[str, Any]) -> Deadline:
    warn_before = timedelta(seconds=int(item["warn_before_s"]))
    return Deadline(item["what"], datetime.fromisoformat(item["at"]), warn_before, item["remedy"])
