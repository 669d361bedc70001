"""How a rule stands, all its groups together, and where that is kept: one item a rule.

One write holds both how the rule stands after some buckets and the messages that this has brought about: whoever dies
after it leaves them for the next one to put into the outbox, where the same message twice is one.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, Final

from chalicelib.alerts.machine import Phase, Reading, Sample, Standing, What
from chalicelib.alerts.numbers import Group
from chalicelib.domain.state import StateStore, wrote
from chalicelib.outbox.message import Kind, Message, Severity

PK: Final = "alert_state"
_LONG_AGO: Final = datetime(1970, 1, 1, tzinfo=UTC)
_WORDS: Final = ("id", "topic", "subject", "text", "short", "link")


@dataclass(frozen=True, slots=True)
class Standings:
    """How a rule stands.

    Parameters
    ----------
    revision
        The rule's, to which this belongs.
    until
        Up to here its buckets are looked at.
    names
        The dimensions of its groups.
    groups
        Those that are there, or not well.
    whole
        Of looking itself: whether the rule can be evaluated.
    late
        Why nothing newer is known, where the source is late.
    failing_since, failure
        Since when it cannot be evaluated, and why.
    looked_at
        When this was written: a look from before it is ignored.
    untold
        Messages that may not be in the outbox yet.
    """

    revision: int
    until: datetime
    whole: Standing
    names: tuple[str, ...] = ()
    groups: Mapping[Group, Standing] = field(default_factory=dict)
    late: str = ""
    failing_since: datetime | None = None
    failure: str = ""
    looked_at: datetime | None = None
    untold: tuple[Message, ...] = ()
    version: int = 0

    @property
    def plain(self) -> bool:
        """Answer whether all is well, and nobody believes otherwise."""
        return self.whole.plain and all(standing.plain for standing in self.groups.values())

    def differs(self, other: Standings, *, by_minutes: bool) -> bool:
        """Answer whether it is worth a write: what only says that it was looked at is not.

        ``by_minutes``: its groups are looked at every minute, not by buckets.
        """
        return _worth(self, by_minutes) != _worth(other, by_minutes)


def _worth(one: Standings, by_minutes: bool) -> Standings:
    groups = {group: _still(standing) for group, standing in one.groups.items()} if by_minutes else one.groups
    until = _LONG_AGO if by_minutes else one.until
    return replace(one, until=until, whole=_still(one.whole), groups=groups, looked_at=None, version=0)


def _still(standing: Standing) -> Standing:
    return replace(standing, until=_LONG_AGO, sample=None)


def read(state: StateStore, rule_id: str) -> Standings | None:
    """Read how a rule stands; None before its first look. Raises ``StoreUnavailable``."""
    item = state.get(PK, rule_id)
    return None if item is None else from_item(item)


def every(state: StateStore) -> Iterator[tuple[str, Standings]]:
    """Read how all rules stand, by id. Raises ``StoreUnavailable``."""
    return ((item["sk"], from_item(item)) for item in state.query(PK))


def write(state: StateStore, rule_id: str, standings: Standings) -> Standings | None:
    """Write how a rule stands; None when somebody else wrote first. Raises ``StoreUnavailable``."""
    won = wrote(state, PK, rule_id, to_item(standings), expected_version=standings.version or None)
    return replace(standings, version=standings.version + 1) if won else None


def to_item(standings: Standings) -> dict[str, Any]:
    """Write it as an item of the state."""
    return {
        "revision": standings.revision,
        "until": standings.until.isoformat(),
        "names": list(standings.names),
        "groups": [{"of": list(group), **_standing(one)} for group, one in standings.groups.items()],
        "whole": _standing(standings.whole),
        "late": standings.late,
        "failing_since": _at(standings.failing_since),
        "failure": standings.failure,
        "looked_at": _at(standings.looked_at),
        "untold": [_message(one) for one in standings.untold],
    }


def from_item(item: Mapping[str, Any]) -> Standings:
    """Read what :func:`to_item` wrote."""
    return Standings(
        revision=item["revision"],
        until=datetime.fromisoformat(item["until"]),
        names=tuple(item["names"]),
        groups={tuple(one["of"]): _read_standing(one) for one in item["groups"]},
        whole=_read_standing(item["whole"]),
        late=item["late"],
        failing_since=_read_at(item["failing_since"]),
        failure=item["failure"],
        looked_at=_read_at(item["looked_at"]),
        untold=tuple(_read_message(one) for one in item["untold"]),
        version=item["version"],
    )


def _standing(one: Standing) -> dict[str, Any]:
    return {
        "until": one.until.isoformat(),
        "phase": one.phase.value,
        "blind": None if one.blind is None else one.blind.value,
        "since": _at(one.since),
        "turned": _at(one.turned),
        "began": _at(one.began),
        "sample": None if one.sample is None else _sample(one.sample),
        "known": one.known.value,
        "told_at": _at(one.told_at),
        "count": one.count,
    }


def _read_standing(item: Mapping[str, Any]) -> Standing:
    return Standing(
        until=datetime.fromisoformat(item["until"]),
        phase=Phase(item["phase"]),
        blind=None if item["blind"] is None else Phase(item["blind"]),
        since=_read_at(item["since"]),
        turned=_read_at(item["turned"]),
        began=_read_at(item["began"]),
        sample=None if item["sample"] is None else _read_sample(item["sample"]),
        known=What(item["known"]),
        told_at=_read_at(item["told_at"]),
        count=item["count"],
    )


def _sample(one: Sample) -> list[str]:
    return [one.start.isoformat(), one.at.isoformat(), one.reading.value, one.value, one.before, one.held, one.reason]


def _read_sample(parts: list[str]) -> Sample:
    start, at, reading, *words = parts
    return Sample(datetime.fromisoformat(start), datetime.fromisoformat(at), Reading(reading), *words)


def _message(one: Message) -> str:
    """Write a message of an alert, which has neither files nor HTML."""
    words = {name: getattr(one, name) for name in _WORDS}
    more = {"at": one.at.isoformat(), "kind": one.kind.value, "severity": one.severity.value, "to": list(one.to)}
    return json.dumps({**words, **more}, ensure_ascii=False)


def _read_message(text: str) -> Message:
    said = json.loads(text)
    return Message(
        **{name: said[name] for name in _WORDS},
        at=datetime.fromisoformat(said["at"]),
        kind=Kind(said["kind"]),
        severity=Severity(said["severity"]),
        to=tuple(said["to"]),
    )


def _at(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()


def _read_at(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
