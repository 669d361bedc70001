"""The watcher: looks at every source, remembers its incident, and sends each message once.

A message is *claimed* before it is sent, by the conditional write that remembers it as not yet told; one of any number
of twins wins that write and sends. It is marked as told afterwards. A watcher that dies in between leaves a claim; when
the claim is older than any watcher can live, the next one claims and sends again. So a crash in that moment can tell
people twice, and never not at all: of the two, silence is the worse.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Protocol

from chalicelib.domain.clock import Clock
from chalicelib.domain.state import StateStore
from chalicelib.errors import HeadwaterError, PreconditionFailed
from chalicelib.incidents import messages
from chalicelib.incidents.incidents import Incident, Seen, Telling, step
from chalicelib.incidents.items import from_item, to_item
from chalicelib.incidents.standing import PARTITION

CLAIM = timedelta(minutes=3)
"""Longer than the watcher's Lambda may run: whoever claimed before that is dead, or has failed."""


class Notifier(Protocol):
    """Tells people; ``chalicelib.aws.sns`` does."""

    def send(self, subject: str, text: str, /) -> str:
        """Send a message and answer its id. Raises ``StoreUnavailable``."""
        ...


@dataclass(frozen=True, slots=True)
class Subject:
    """A source to be watched: its name, its title for people, and how to look at it."""

    stream: str
    title: str
    look: Callable[[datetime], Seen]


@dataclass(frozen=True)
class Watch:
    """Everything that watching touches."""

    state: StateStore
    notifier: Notifier
    clock: Clock

    def run(self, subjects: Iterable[Subject]) -> dict[str, str]:
        """Look at every source, and answer what happened, by stream; one that cannot be seen stops no other."""
        return {subject.stream: self._guarded(subject) for subject in subjects}

    def _guarded(self, subject: Subject) -> str:
        try:
            return self.look_at(subject)
        except PreconditionFailed:
            return "another watcher was faster"
        except HeadwaterError as error:  # the edge of one source: the next minute looks again
            return f"not looked at: {type(error).__name__}: {error}"

    def look_at(self, subject: Subject) -> str:
        """Look at one source. Raises ``PreconditionFailed`` when another watcher was faster, ``StoreUnavailable``."""
        now = self.clock()
        item = self.state.get(PARTITION, subject.stream)
        before = from_item(item) if item else Incident(first_seen=now)
        seen = subject.look(now)
        if item and before.telling is not Telling.NOTHING:
            if now - datetime.fromisoformat(item["claimed_at"]) < CLAIM:
                return f"{before.telling.value}: being told"
            return self._tell(subject, before, seen, item["version"])
        after = step(before, seen)
        version = item["version"] if item else None
        if after.telling is not Telling.NOTHING:
            return self._tell(subject, after, seen, version)
        if item is None or after != before:
            self.state.put(PARTITION, subject.stream, _item(after, item), expected_version=version)
        return "open" if after.is_open else "closed"

    def _tell(self, subject: Subject, incident: Incident, seen: Seen, version: int | None) -> str:
        claim = {**to_item(incident), "told": "pending", "claimed_at": seen.at.isoformat(), "message_id": None}
        self.state.put(PARTITION, subject.stream, claim, expected_version=version)
        write = messages.opened if incident.telling is Telling.OPENED else messages.closed
        message = write(subject.stream, subject.title, incident, seen)
        message_id = self.notifier.send(message.subject, message.text)
        told = {
            **to_item(replace(incident, telling=Telling.NOTHING)),
            "told": incident.telling.value,
            "told_at": self.clock().isoformat(),
            "message_id": message_id,
        }
        self.state.put(PARTITION, subject.stream, told, expected_version=(version or 0) + 1)
        return f"{incident.telling.value}: told"


def _item(incident: Incident, before: Mapping[str, Any] | None) -> dict[str, Any]:
    """Carry along what was told last."""
    kept = {name: before[name] for name in ("told", "told_at", "message_id") if name in before} if before else {}
    return {**to_item(incident), **kept}
