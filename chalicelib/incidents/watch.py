"""The watcher: looks at every subject, remembers its incident, and puts each message into the outbox once.

What is to be said is remembered first, by a conditional write that one of any number of twins wins; then the message is
put into the outbox, which knows it by its id and takes it once; then it is marked as told. A watcher that dies in
between leaves something to be told: the next one puts the same message again, and marks it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Protocol

from chalicelib.domain.clock import Clock
from chalicelib.domain.state import StateStore
from chalicelib.errors import HeadwaterError, PreconditionFailed
from chalicelib.incidents.incidents import Incident, Sight, Subject, Telling, drop, step
from chalicelib.incidents.items import from_item, to_item
from chalicelib.incidents.messages import message_of
from chalicelib.incidents.past import keep
from chalicelib.incidents.standing import PARTITION, topic_of
from chalicelib.outbox.message import Teller


class Each(Protocol):
    """Calls a function with each of some arguments, and answers in their order: ``map``, or one with threads."""

    def __call__(
        self, call: Callable[[Callable[[], str]], str], items: Iterable[Callable[[], str]], /
    ) -> Iterator[str]:
        """Call it."""
        ...


@dataclass(frozen=True)
class Watch:
    """Everything that watching touches."""

    state: StateStore
    teller: Teller
    clock: Clock

    def run(self, subjects: Iterable[Subject], *, are_all: bool = True, each: Each = map) -> dict[str, str]:
        """Look at every subject, and answer what happened, by name; one that cannot be seen stops no other.

        An open incident of what is not among them any more is ended, and told as such, if they ``are_all`` that there
        are. ``each`` may look at several side by side, as ``map`` does one after another. Raises ``StoreUnavailable``
        where not even the remembered incidents can be read.
        """
        items = {item["sk"]: item for item in self.state.query(PARTITION)}
        looks = {one.name: partial(self._look_at, one, items.get(one.name)) for one in subjects}
        gone = [item for name, item in items.items() if are_all and name not in looks and _is_unended(item)]
        looks |= {item["sk"]: partial(self._drop, item) for item in gone}
        return dict(zip(looks, each(self._guarded, looks.values()), strict=True))

    def _guarded(self, look: Callable[[], str]) -> str:
        try:
            return look()
        except PreconditionFailed:
            return "another watcher was faster"
        except HeadwaterError as error:  # the edge of one subject: the next minute looks again
            return f"not looked at: {type(error).__name__}: {error}"

    def _look_at(self, subject: Subject, item: Mapping[str, Any] | None) -> str:
        now = self.clock()
        before = from_item(item) if item else Incident(first_seen=now)
        sight = subject.look(now, before.first_seen)
        return self._settle(subject, item, before, step(before, sight), sight)

    def _drop(self, item: Mapping[str, Any]) -> str:
        now, before = self.clock(), from_item(item)
        sight = Sight(now, None, is_well=False)
        subject = Subject(item["sk"], item.get("title") or item["sk"], topic_of(item), lambda *_: sight)
        return self._settle(subject, item, before, drop(before, now), sight)

    def _settle(
        self, subject: Subject, item: Mapping[str, Any] | None, before: Incident, after: Incident, sight: Sight
    ) -> str:
        version = item["version"] if item else None
        if item is None or after != before:
            told = "pending" if after.telling is not Telling.NOTHING else item.get("told") if item else None
            version = self._remember(subject, after, version, told)
        if after.telling is Telling.NOTHING:
            return "open" if after.is_open else "closed"
        return self._tell(subject, after, sight, version)

    def _tell(self, subject: Subject, incident: Incident, sight: Sight, version: int | None) -> str:
        self.teller.put(message_of(subject, incident, sight))
        if incident.telling is not Telling.OPENED:
            keep(self.state, subject, incident)
        self._remember(subject, replace(incident, telling=Telling.NOTHING), version, incident.telling.value)
        return f"{incident.telling.value}: told"

    def _remember(self, subject: Subject, incident: Incident, version: int | None, told: str | None) -> int:
        item = {**to_item(incident), "title": subject.title, "topic": subject.topic, "told": told}
        self.state.put(PARTITION, subject.name, item, expected_version=version)
        return (version or 0) + 1


def _is_unended(item: Mapping[str, Any]) -> bool:
    return item["state"] == "open" or Telling(item["telling"]) is not Telling.NOTHING
