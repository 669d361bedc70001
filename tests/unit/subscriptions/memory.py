"""SNS as subscriptions know it, in memory; a desk over it, and a clock that a test moves."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from chalicelib.domain.topics import Enrolled, There
from chalicelib.errors import StoreUnavailable, SubscriptionRefused
from chalicelib.outbox.audience import everybody, only
from chalicelib.outbox.message import Kind, Message, Severity
from chalicelib.subscriptions import kept
from chalicelib.subscriptions.desk import Desk, Wanted
from chalicelib.subscriptions.subscription import Protocol, Subscription, Wishes
from chalicelib.subscriptions.sync import Sync
from tests.unit.incidents.memory import MemoryState

START = datetime(2026, 11, 26, 8, tzinfo=UTC)
KEY = b"k" * 32


@dataclass
class Subscriber:
    """One subscription of the topic, as SNS has it."""

    arn: str
    policy: str
    confirmed: bool
    asked: int = 1


@dataclass
class MemoryTopic:
    """E-mail waits for its person; SMS does not. ``before`` and ``after`` are called around a call, and may raise."""

    people: dict[tuple[str, str], Subscriber] = field(default_factory=dict)
    stopped: set[str] = field(default_factory=set)
    before: Callable[[str], None] = lambda _: None
    after: Callable[[str], None] = lambda _: None
    made: int = 0

    def subscribe(self, protocol: str, address: str, policy: str) -> Enrolled:
        self.before("subscribe")
        if "refused" in address:
            raise SubscriptionRefused("SNS does not take such an address.")
        there = self.people.get((protocol, address.lower()))
        if there is None:
            self.made += 1
            there = Subscriber(f"arn:aws:sns:x:1:notices:{self.made}", policy, confirmed=protocol == "sms", asked=0)
            self.people[protocol, address.lower()] = there
        there.asked += not there.confirmed
        if there.confirmed:
            there.policy = policy
        self.after("subscribe")
        return Enrolled(there.arn, there.policy == policy)

    def filter(self, arn: str, policy: str) -> None:
        self.before("filter")
        found = [one for one in self.people.values() if one.arn == arn]
        if not found or not found[0].confirmed:
            raise SubscriptionRefused("There is none, or it waits.")
        found[0].policy = policy
        self.after("filter")

    def unsubscribe(self, arn: str) -> None:
        self.before("unsubscribe")
        self.people = {place: one for place, one in self.people.items() if one.arn != arn or not one.confirmed}
        self.after("unsubscribe")

    def standing(self) -> Mapping[tuple[str, str], There]:
        self.before("standing")
        return {place: There(one.arn if one.confirmed else "") for place, one in self.people.items()}

    def opted_out(self) -> frozenset[str]:
        self.before("opted_out")
        return frozenset(self.stopped)

    def press(self, address: str) -> None:
        """A person presses the button in SNS's mail."""
        self.people["email", address].confirmed = True

    def hears(self, protocol: str, message: Message) -> set[str]:
        """The addresses that SNS sends a message to."""
        said = {only(protocol, to.removeprefix("subscription:")) for to in message.to if to != "subscribers"}
        said |= set(everybody(message, (protocol,))) if "subscribers" in message.to else set()
        return {
            address
            for (of, address), one in self.people.items()
            if of == protocol and one.confirmed and said & set(json.loads(one.policy)["audience"])
        }


@dataclass
class Outbox:
    """Keeps messages by their ids."""

    messages: dict[str, Message] = field(default_factory=dict)
    before: Callable[[str], None] = lambda _: None

    def put(self, message: Message) -> bool:
        self.before("put")
        is_new = message.id not in self.messages
        self.messages.setdefault(message.id, message)
        return is_new

    def to_operators(self) -> list[Message]:
        """What operators are told."""
        return [message for message in self.messages.values() if message.to == ("operators",)]


class World:
    """Everything around subscriptions."""

    def __init__(self) -> None:
        self.now = START
        self.state = MemoryState()
        self.topic = MemoryTopic()
        self.outbox = Outbox()
        self.logged: list[str] = []
        self._nonces = 0
        self.desk = Desk(self.state, self.topic, self.outbox, lambda: self.now, lambda: KEY, self._nonce)
        self.suppressed: dict[str, str] = {}
        self.sync = Sync(self.state, self.desk, self.logged.append, lambda: self.suppressed)

    def _nonce(self) -> str:
        self._nonces += 1
        return f"n{self._nonces}"

    def ask(
        self, address: str = "ada@acme.example", protocol: Protocol = Protocol.EMAIL, wishes: Wishes | None = None
    ) -> Subscription:
        return self.desk.ask(Wanted(protocol, address, wishes or Wishes(), "ada"))

    def one(self, subscription: Subscription) -> Subscription:
        found = kept.read(self.state, subscription.id)
        assert found is not None
        return found

    def later(self, by: timedelta) -> Mapping[str, int]:
        """Let time pass, then look at SNS."""
        self.now += by
        return self.sync.run()


def alert(topic: str = "downloads", severity: Severity = Severity.WARNING, kind: Kind = Kind.ALERT) -> Message:
    """A message to everybody who wants it."""
    return Message("a/1", START, kind, topic, severity, "s", "t", ("subscribers",))


def down(_: str) -> None:
    """What SNS says while it is down."""
    raise StoreUnavailable("down")
