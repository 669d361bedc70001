"""Rules and how they stand, kept in memory between looks, and written so that no message is lost or doubled.

What is in memory is only ever a copy. Every write is conditional on the version that was read; who loses reads again at
the next look. A write holds the messages that it has brought about; they are put into the outbox after it, where the
same message twice is one, and are taken out of the item when they are there. Whoever dies in between leaves them in the
item, and the next one that reads it puts them there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from chalicelib.alerts import rule_state, standings
from chalicelib.alerts.catching import begin
from chalicelib.alerts.gathered import ended
from chalicelib.alerts.machine import What
from chalicelib.alerts.rule import Rule
from chalicelib.alerts.standings import Standings
from chalicelib.domain.state import StateStore
from chalicelib.errors import RequestError
from chalicelib.outbox.message import Message, Teller

AGAIN: Final = timedelta(minutes=10)
"""After so long everything is read again: a rule whose stamp was lost, messages that a process left when it died."""


@dataclass
class Keeper:
    """Keeps rules, and how they stand.

    ``log`` takes a sentence of what could not be read, and ``unreadable`` counts the rules of which that is so;
    everything is read again after ``again``.
    """

    state: StateStore
    teller: Teller
    log: Callable[[str], None]
    again: timedelta = AGAIN
    rules: Mapping[str, Rule] = field(default_factory=dict)
    unreadable: int = 0
    _kept: dict[str, Standings] = field(default_factory=dict)
    _stale: set[str] = field(default_factory=set)
    _stamp: int | None = None
    _read_at: datetime | None = None

    def refresh(self, now: datetime) -> None:
        """Read what has changed. Raises ``StoreUnavailable``."""
        stamp = rule_state.stamp(self.state)  # before the rules: one that is written meanwhile is read again
        again = self._read_at is None or not timedelta(0) <= now - self._read_at < self.again
        if stamp != self._stamp or again:
            self.unreadable = 0
            self.rules = {rule.id: rule for rule in rule_state.every(self.state, self._unreadable)}
        if again:
            self._kept = dict(standings.every(self.state))
            self._stale.clear()
            self._read_at = now
        if stamp != self._stamp or again:
            for rule_id in self._kept.keys() - self.rules.keys():
                self._forget_deleted(rule_id)
            self._stamp = stamp

    def _unreadable(self, rule_id: str, error: RequestError) -> None:
        self.unreadable += 1
        self.log(f"rule {rule_id} cannot be read: {error}; {list(error.errors)}")

    def _forget_deleted(self, rule_id: str) -> None:
        """Take away how a rule stood that is no more, and say so; one that was made a moment ago is."""
        try:
            found = rule_state.read(self.state, rule_id)
        except RequestError:  # it is there, and cannot be read: that was noticed with all others
            return
        if found is not None and not found.deleted:
            return
        self._read_again(rule_id)  # a twin may have told of it, or have taken it away
        self.tell(rule_id)
        if found is not None and (stood := self._kept.get(rule_id)) is not None:
            told = found.rule if stood.revision == found.rule.revision else found.earlier or found.rule
            message = ended(told, stood, found.rule.updated_at or stood.until, "the rule was deleted")
            if message is not None:
                self.teller.put(message)
        self.state.delete(standings.PK, rule_id)
        self._kept.pop(rule_id, None)

    def _read_again(self, rule_id: str) -> None:
        self._kept.pop(rule_id, None)
        if (read := standings.read(self.state, rule_id)) is not None:
            self._kept[rule_id] = read
        self._stale.discard(rule_id)

    def standing(self, rule: Rule, now: datetime) -> Standings | None:
        """Answer how a rule stands; None where somebody else is ahead of this look.

        Raises ``StoreUnavailable``.
        """
        if rule.id in self._stale:
            self._read_again(rule.id)
        found = self._kept.get(rule.id)
        if found is None:
            return begin(rule, now)
        if found.revision > rule.revision or (found.looked_at is not None and now < found.looked_at):
            return None
        if found.revision == rule.revision:
            return found
        return replace(begin(rule, now), version=found.version, untold=(*found.untold, *self._ended(rule, found, now)))

    def _ended(self, rule: Rule, stood: Standings, now: datetime) -> tuple[Message, ...]:
        """Say to those who were told of a rule, before it was changed, that they hear no more of that."""
        if all(one.known is What.RECOVERED for one in (stood.whole, *stood.groups.values())):
            return ()
        kept = rule_state.read(self.state, rule.id)
        told = rule if kept is None or kept.earlier is None else kept.earlier
        why = "the rule was changed, and begins anew" if rule.enabled else "the rule was switched off"
        message = ended(told, stood, rule.updated_at or now, why)
        return () if message is None else (message,)

    def keep(self, rule: Rule, before: Standings, after: Standings, now: datetime) -> int:
        """Write how a rule stands, where that is worth it, and put what is to be said into the outbox.

        Answers how many messages are new there. Raises ``StoreUnavailable``.
        """
        is_new = rule.id not in self._kept or self._kept[rule.id].revision != after.revision
        if not is_new and not after.differs(before, by_minutes=rule.look is None):
            self._kept[rule.id] = after
            return 0
        self._write(rule.id, replace(after, looked_at=now))
        return self.tell(rule.id)

    def tell(self, rule_id: str) -> int:
        """Put what a rule has left to say into the outbox. Raises ``StoreUnavailable``."""
        found = self._kept.get(rule_id)
        if found is None or not found.untold or rule_id in self._stale:
            return 0
        new = sum(self.teller.put(message) for message in found.untold)
        self._write(rule_id, replace(found, untold=()))
        return new

    def doubt(self, rule_id: str) -> None:
        """Read how a rule stands again before it is looked at again."""
        self._stale.add(rule_id)

    def _write(self, rule_id: str, wanted: Standings) -> None:
        self._stale.add(rule_id)  # until the write is known to have won
        written = standings.write(self.state, rule_id, wanted)
        if written is not None:
            self._kept[rule_id] = written
            self._stale.discard(rule_id)
