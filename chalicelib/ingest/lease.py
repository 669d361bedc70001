"""Who pulls a stream just now: a note with an end, so that a dispatcher does not pay for the same windows twice.

It saves calls, and nothing else rests on it: two runs that both believe to be alone are told apart by the commit log. A
run that is killed holds its lease until the end that it named, which is when its Lambda would have ended anyway.
"""

from __future__ import annotations

from datetime import datetime

from chalicelib.domain.state import StateStore, wrote
from chalicelib.errors import PreconditionFailed

SORT_KEY = "lease"


def is_held(state: StateStore, stream: str, now: datetime) -> bool:
    """Answer whether somebody pulls the stream. Raises ``StoreUnavailable``."""
    found = state.get(_key(stream), SORT_KEY)
    return found is not None and now < datetime.fromisoformat(found["until"])


def take(state: StateStore, stream: str, now: datetime, until: datetime) -> bool:
    """Take the lease; answer whether it was free. Raises ``StoreUnavailable``."""
    found = state.get(_key(stream), SORT_KEY)
    if found is not None and now < datetime.fromisoformat(found["until"]):
        return False
    version = found["version"] if found else None
    return wrote(state, _key(stream), SORT_KEY, {"until": until.isoformat()}, expected_version=version)


def release(state: StateStore, stream: str, now: datetime) -> None:
    """Give back a lease that was taken; one that has run out may be another's by now, and is left to it."""
    found = state.get(_key(stream), SORT_KEY)
    if found is None or now >= datetime.fromisoformat(found["until"]):
        return
    try:
        state.put(_key(stream), SORT_KEY, {"until": now.isoformat()}, expected_version=found["version"])
    except PreconditionFailed:
        return


def _key(stream: str) -> str:
    return f"stream#{stream}"
