"""Everything that a sender touches, in memory: topics with their receipts, a Slack channel, a webhook, and deaths.

Every call goes through :attr:`World.step`, before and after it took effect; a test makes it raise :class:`Killed`, run
another sender in between, or nothing.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from chalicelib.errors import NoAnswer, NotTaken
from chalicelib.outbox import channels, sms_budget
from chalicelib.outbox.channels import Channel, ChannelKind
from chalicelib.outbox.directory import Directory
from chalicelib.outbox.letter import Letter, parts_of_sms, short_of
from chalicelib.outbox.message import Message
from chalicelib.outbox.outbox import Outbox, of_days, pointers
from chalicelib.outbox.record import Record
from chalicelib.outbox.sender import Sender
from chalicelib.outbox.topics import TopicReceipts, Topics
from chalicelib.outbox.ways import Reader
from tests.unit.outbox.memory import NOON, Clock, MemoryState

MINUTE = timedelta(minutes=1)
SITE = "https://numbers.example.com"
VISIBILITY = timedelta(seconds=60)


@dataclass
class Held:
    """A receipt in the queue; whoever has received it holds it until then."""

    marks: dict[str, str]
    provider_id: str
    hidden_until: datetime


@dataclass
class World:
    """Receivers, and what they have got."""

    clock: Clock = field(default_factory=Clock)
    state: MemoryState = field(default_factory=MemoryState)
    published: list[tuple[str, str, str, tuple[str, ...]]] = field(default_factory=list)
    queue: list[Held] = field(default_factory=list)
    slack: list[str] = field(default_factory=list)
    hook: list[str] = field(default_factory=list)
    mailed: list[tuple[str, str]] = field(default_factory=list)
    logged: list[str] = field(default_factory=list)
    readers: dict[str, Reader] = field(default_factory=dict)
    html: tuple[str, ...] = ()
    has_phones: int = 0
    budget: int = 100
    down: set[str] = field(default_factory=set)
    mute: set[str] = field(default_factory=set)
    deaf: set[str] = field(default_factory=set)
    refuses: dict[str, NotTaken] = field(default_factory=dict)
    disliked: set[str] = field(default_factory=set)
    said: list[str] = field(default_factory=list)
    slept: float = 0.0
    step: Callable[[str], None] = lambda _: None
    attempts: int = 0

    def __post_init__(self) -> None:
        self.state.step = lambda name: self.step(name)

    # ------------------------------------------------------------ what tests do

    def put(self, message: Message) -> bool:
        return Outbox(self.state, self.clock).put(message)

    def add_channel(self, name: str, kind: ChannelKind = ChannelKind.SLACK_BOT, **said: Any) -> None:
        given = {
            "enabled": True,
            "a_minute": 60,
            "created_at": NOON,
            "created_by": "ada",
            "secret": f"channel/{name}/1",
            **said,
        }
        channels.write(self.state, Channel(name=name, kind=kind, **given))

    def run(self, has_time: Callable[[], bool] = lambda: True) -> dict[str, int]:
        return self.sender().run(has_time)

    def minutes(self, count: int) -> None:
        """Senders that are started every minute, and live."""
        for _ in range(count):
            self.clock.turn(MINUTE)
            self.run()

    def records(self) -> dict[str, Record]:
        day = NOON.date()
        every = of_days(self.state, day - timedelta(days=40), day + timedelta(days=40))
        return {record.message.id: record for record in every}

    def got(self) -> Counter[tuple[str, str]]:
        """How often each receiver has got each message; a webhook's receiver tells twins by their key."""
        found = Counter((topic, message_id) for topic, message_id, _, _ in self.published)
        found += Counter(("slack", key) for key in self.slack)
        return found + Counter(("hook", key) for key in set(self.hook))

    @property
    def pending(self) -> list[str]:
        return [pointer.message_id for pointer in pointers(self.state)]

    # ------------------------------------------------------------ the parts

    def sender(self) -> Sender:
        receipts = TopicReceipts(Queue(self))
        topics = Topics(Topic(self, "operators"), Topic(self, "notices"), receipts, self._sms)
        directory = Directory(self.state, topics, self, self._mail, self._to_channel)
        return Sender(
            self.state,
            self.clock,
            directory,
            receipts,
            SITE,
            one_by_one,
            self._sleep,
            self.logged.append,
            new_id=self._new_id,
        )

    def _new_id(self) -> str:
        self.attempts += 1
        return f"attempt-{self.attempts}"

    def _sleep(self, seconds: float) -> None:
        self.slept += seconds

    def _sms(self, letter: Letter) -> bool:
        wanted = parts_of_sms(short_of(letter.message)) * self.phones(letter.message)
        return bool(wanted) and sms_budget.spend(self.state, letter.key, wanted, self.budget, self.clock())

    def take(self, name: str, took: Callable[[], str]) -> str:
        """One receiver: takes, or is down (says no, or nothing), or takes and its answer is lost."""
        self.step(f"before {name}")
        if name in self.refuses:
            raise self.refuses[name]
        if name in self.down:
            raise NotTaken(f"{name} was not reached")
        if name in self.mute:
            raise NoAnswer(f"{name} did not answer")
        found = took()
        self.step(f"after {name}")
        if name in self.deaf:
            raise NoAnswer(f"the answer of {name} was lost")
        return found

    def _mail(self, letter: Letter, reader: Reader) -> str:
        def took() -> str:
            self.mailed.append((reader.address, letter.message.id))
            return "ses-1"

        return self.take("mail", took)

    def _to_channel(self, letter: Letter, channel: Channel) -> str:
        if channel.kind is ChannelKind.SLACK_BOT:
            if letter.doubtful:
                self.step("look slack")
                if "slack" in self.down | self.mute:
                    raise NoAnswer("slack could not be asked")
                if letter.key in self.slack:
                    return letter.key
            if letter.message.id in self.disliked:
                raise NotTaken("invalid_blocks")
            self.said.append(letter.message.id)
            return self.take("slack", lambda: self._append(self.slack, letter.key))
        return self.take("hook", lambda: self._append(self.hook, letter.key))

    @staticmethod
    def _append(to: list[str], key: str) -> str:
        to.append(key)
        return key

    # ------------------------------------------------------------ readers

    def one(self, subscription_id: str, message: Message) -> Reader | None:
        return self.readers.get(subscription_id)

    def by_html_mail(self, message: Message) -> Sequence[str]:
        return self.html

    def phones(self, message: Message) -> int:
        return self.has_phones


@dataclass
class Topic:
    """One topic: what it takes, it tells the queue."""

    world: World
    name: str

    def publish(self, subject: str, message: str, attributes: Mapping[str, Mapping[str, Any]]) -> str:
        world = self.world

        def took() -> str:
            values = {name: one["StringValue"] for name, one in attributes.items()}
            world.published.append((self.name, values["message_id"], message, tuple(json.loads(values["audience"]))))
            provider_id = f"sns-{len(world.published)}"
            world.queue.append(Held(values, provider_id, world.clock()))
            return provider_id

        return world.take(self.name, took)


@dataclass
class Queue:
    """The queue of receipts, with SQS's visibility time-out."""

    world: World

    def drain(self, write_down: Callable[[Mapping[str, str], str], None]) -> bool:
        world = self.world
        while ready := [held for held in world.queue if held.hidden_until <= world.clock()]:
            held = ready[0]
            held.hidden_until = world.clock() + VISIBILITY
            world.step("received a receipt")
            write_down(held.marks, held.provider_id)
            world.step("before a receipt is deleted")
            if held in world.queue:
                world.queue.remove(held)
            world.step("after a receipt is deleted")
        return not world.queue


def one_by_one(call: Callable[[Any], Counter[str]], items: Iterable[Any]) -> Iterator[Counter[str]]:
    return map(call, items)
