"""How many queries one caller may have at work: places, taken before a query starts and given back when it ends.

A place is a lease until its query's time is over, so that one which nobody gives back comes free by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any, Final

from chalicelib.domain.state import StateStore
from chalicelib.errors import PreconditionFailed, RequestError, StoreUnavailable
from chalicelib.sql.runs import TIME_CAP

PK: Final = "sql_places"
AT_ONCE: Final = 3
_TRIES: Final = 8

Held = dict[str, str]
"""Until when (ISO 8601) each run holds its place."""


def take(state: StateStore, owner: str, run_id: str, now: datetime) -> None:
    """Take a place for a run; the same run twice has one. Raises ``RequestError`` 429 when all are taken."""

    def taken(held: Held) -> Held:
        standing = {one: until for one, until in held.items() if datetime.fromisoformat(until) > now}
        if run_id not in standing and len(standing) >= AT_ONCE:
            raise RequestError(f"{AT_ONCE} of your queries are at work: let one end, or cancel one.", status=429)
        return {**standing, run_id: (now + TIME_CAP).isoformat()}

    _change(state, owner, taken)


def give_back(state: StateStore, owner: str, run_id: str) -> None:
    """Give a run's place back; giving back what is not held is no error."""
    _change(state, owner, lambda held: {one: until for one, until in held.items() if one != run_id})


def held(state: StateStore, owner: str) -> tuple[str, ...]:
    """Answer the runs that hold a place of this owner's."""
    return tuple(_held(state.get(PK, owner)))


def every(state: StateStore) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Answer every owner with the runs that hold a place."""
    for item in state.query(PK):
        yield str(item["sk"]), tuple(_held(item))


def _held(item: Mapping[str, Any] | None) -> Held:
    return {} if item is None else {str(one): str(until) for one, until in item["held"].items()}


def _change(state: StateStore, owner: str, changed: Callable[[Held], Held]) -> None:
    for _ in range(_TRIES):
        item = state.get(PK, owner)
        before = _held(item)
        after = changed(before)
        if after == before:
            return
        try:
            state.put(PK, owner, {"held": after}, expected_version=None if item is None else item["version"])
        except PreconditionFailed:
            continue
        return
    raise StoreUnavailable("the places for queries could not be written: others were always faster")
