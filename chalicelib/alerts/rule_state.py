"""Where rules are kept: in the state table, each changed by one writer at a time.

Beside them stands a stamp that is another after each write, so that whoever keeps all rules in memory need not read
them again to know that they are the same. A rule that was deleted leaves its item for a while: whoever deleted it under
an old version is told so, and its id is not used anew meanwhile.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from chalicelib.alerts.rule import Rule
from chalicelib.alerts.rule_json import read_rule, write_rule
from chalicelib.domain.records import expiry
from chalicelib.domain.state import StateStore, wrote
from chalicelib.errors import RequestError

PK: Final = "alert_rule"
STAMP: Final = ("alert_stamp", "rules")
MOST: Final = 2_000
"""Rules that are kept, all people's together: what one look can go through in a minute."""
_REMEMBERED: Final = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Kept:
    """A rule as it is kept; ``rule.version`` counts its writes.

    ``request`` is a digest of what it was first made of: an ``Idempotency-Key`` may not be used for another.
    ``earlier`` is the rule before it was changed to mean something else: it knows who was told.
    """

    rule: Rule
    request: str = ""
    deleted: bool = False
    earlier: Rule | None = None

    @property
    def version(self) -> int:
        """How often it was written."""
        return self.rule.version

    @property
    def updated_at(self) -> datetime | None:
        """When people have changed it last."""
        return self.rule.updated_at

    @property
    def updated_by(self) -> str:
        """Who has changed it last."""
        return self.rule.updated_by


def read(state: StateStore, rule_id: str) -> Kept | None:
    """Read one, or None; one that was deleted lately says so. Raises ``StoreUnavailable``."""
    item = state.get(PK, rule_id)
    return None if item is None else _from_item(rule_id, item)


def every(state: StateStore, unreadable: Callable[[str, RequestError], None] | None = None) -> Iterator[Rule]:
    """Read all that are there, by id.

    Raises ``StoreUnavailable``; ``RequestError`` of one that cannot be read, unless ``unreadable`` takes it.
    """
    for item in state.query(PK):
        if item["deleted"]:
            continue
        try:
            yield _from_item(item["sk"], item).rule
        except RequestError as error:
            if unreadable is None:
                raise
            unreadable(item["sk"], error)


def write(state: StateStore, kept: Kept) -> Kept | None:
    """Write one as it has become, or for the first time; None when somebody else wrote first."""
    return _written(state, kept, {})


def delete(state: StateStore, kept: Kept, by: str, now: datetime) -> Kept | None:
    """Delete one, if it is still as it was read; None when somebody else wrote first."""
    gone = replace(kept, deleted=True, rule=replace(kept.rule, updated_at=now, updated_by=by))
    return _written(state, gone, expiry(now + _REMEMBERED))


def stamp(state: StateStore) -> int:
    """Answer what is another after each write of a rule; 0 before the first."""
    item = state.get(*STAMP)
    return 0 if item is None else int(item["version"])


def _written(state: StateStore, kept: Kept, more: Mapping[str, Any]) -> Kept | None:
    version = kept.rule.version
    if not wrote(state, PK, kept.rule.id, {**_to_item(kept), **more}, expected_version=version or None):
        return None
    # One that is faster here has read our write, or stamps after it: either way the stamp is another than before.
    wrote(state, *STAMP, {}, expected_version=stamp(state) or None)
    return replace(kept, rule=replace(kept.rule, version=version + 1))


def _to_item(kept: Kept) -> dict[str, Any]:
    rule = kept.rule
    return {
        "said": json.dumps(write_rule(rule)),
        "revision": rule.revision,
        "created_by": rule.created_by,
        "updated_by": rule.updated_by,
        "request": kept.request,
        "earlier": None if kept.earlier is None else json.dumps(write_rule(kept.earlier)),
        "deleted": kept.deleted,
        "created_at": _written_at(rule.created_at),
        "updated_at": _written_at(rule.updated_at),
    }


def _from_item(rule_id: str, item: Mapping[str, Any]) -> Kept:
    rule = replace(
        read_rule(json.loads(item["said"])),
        id=rule_id,
        revision=item["revision"],
        created_by=item["created_by"],
        updated_by=item["updated_by"],
        version=item["version"],
        created_at=_read_at(item["created_at"]),
        updated_at=_read_at(item["updated_at"]),
    )
    return Kept(rule, item["request"], item["deleted"], _earlier(rule_id, item.get("earlier")))


def _earlier(rule_id: str, said: str | None) -> Rule | None:
    """Read what a rule was before; one that could not be saved today any more costs the present one nothing."""
    if said is None:
        return None
    try:
        return replace(read_rule(json.loads(said)), id=rule_id)
    except RequestError:
        return None


def _written_at(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()


def _read_at(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
