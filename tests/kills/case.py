"""One case: topics, queues and a table of its own, two messages in its outbox, and a sender that dies at one call.

The process is ended by SIGKILL from within, before or after the n-th call that leaves it: so every moment is met, and
none by chance. Whoever goes on afterwards is another process with a clock that has gone on.
"""

from __future__ import annotations

import json
import os
import random
import signal
import time
import urllib.request
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

from chalicelib.aws import receipts
from chalicelib.aws.receipts import ReceiptQueue
from chalicelib.aws.sns import Topic
from chalicelib.aws.state import DynamoState
from chalicelib.outbox import channels, posting, sending, slack
from chalicelib.outbox.channels import Channel, ChannelKind
from chalicelib.outbox.directory import Directory
from chalicelib.outbox.message import OPERATORS, SUBSCRIBERS, File, Kind, Message, Severity
from chalicelib.outbox.outbox import Outbox, of_days, pointers
from chalicelib.outbox.sender import Sender
from chalicelib.outbox.sending import ChannelSender
from chalicelib.outbox.topics import TopicReceipts, Topics
from tests.servers.receivers import HOOK_SECRET
from tests.servers.slack import CHANNELS, TOKEN

NEVER = 1_000_000
TO = (OPERATORS, SUBSCRIBERS, "channel:bot", "channel:hook")
FILE = File("reports/a.pdf", "a.pdf", "A")


@dataclass
class Clients:
    """boto3 clients that nobody has used yet: what is forked must not share a connection."""

    sns: Any
    sqs: Any
    dynamodb: Any


@dataclass
class Case:
    """Where one case happens."""

    name: str
    ours: Clients
    world: str
    topics: list[str] = field(default_factory=list)
    queues: dict[str, str] = field(default_factory=dict)
    expected: Counter[str] = field(default_factory=Counter)

    def make(self, seed: int) -> None:
        """Make its places, and put what the seed says into its outbox."""
        self.ours.dynamodb.create_table(
            TableName=self.name,
            KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
            AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in ("pk", "sk")],
            BillingMode="PAY_PER_REQUEST",
        )
        self.topics = [self.ours.sns.create_topic(Name=f"{self.name}-{n}")["TopicArn"] for n in ("alerts", "notices")]
        for queue, visibility in (("receipts", 1), ("people", 30)):
            self.queues[queue] = self._queue(queue, visibility)
        chance, state = random.Random(seed), DynamoState(self.ours.dynamodb, self.name)
        for channel, kind in (("bot", ChannelKind.SLACK_BOT), ("hook", ChannelKind.WEBHOOK)):
            channels.write(state, self._channel(channel, kind))
        for number in range(2):
            to = tuple(chance.sample(TO, k=chance.randint(1, 4) if number else 4))
            files = (FILE,) if "channel:bot" in to and chance.random() < 0.5 else ()
            Outbox(state, now).put(self._message(f"{self.name}/{number}", to, files))
            self.expected.update(to)

    def _queue(self, name: str, visibility: int) -> str:
        sqs = self.ours.sqs
        url: str = sqs.create_queue(QueueName=f"{self.name}-{name}", Attributes={"VisibilityTimeout": str(visibility)})[
            "QueueUrl"
        ]
        arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        allowed = {
            "Effect": "Allow",
            "Principal": {"Service": "sns.amazonaws.com"},
            "Action": "sqs:SendMessage",
            "Resource": arn,
        }
        policy = json.dumps({"Version": "2012-10-17", "Statement": [allowed]})
        sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy})
        for topic in self.topics:
            self.ours.sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)
        return url

    def _channel(self, name: str, kind: ChannelKind) -> Channel:
        api = f"{self.world}/slack/api/"
        return Channel(
            name, kind, True, 600, now(), "ada", f"channel/{name}/1", slack_channel=CHANNELS[0], base_url=api
        )

    @staticmethod
    def _message(name: str, to: tuple[str, ...], files: tuple[File, ...]) -> Message:
        return Message(name, now(), Kind.ALERT, "downloads", Severity.WARNING, name, "It fell.", to, files=files)

    def sender(self, clients: Clients, ahead: timedelta) -> Sender:
        """Put a sender together whose clock is ahead."""
        queue = TopicReceipts(ReceiptQueue(clients.sqs, self.queues["receipts"]))
        topics = Topics(Topic(clients.sns, self.topics[0]), Topic(clients.sns, self.topics[1]), queue, lambda _: False)
        secrets = SimpleNamespace(get=self._secret)
        to_channels = ChannelSender(secrets, lambda _: b"%PDF-1.7", frozenset({"127.0.0.1"}), now, quiet)
        readers = SimpleNamespace(one=lambda *_: None, by_html_mail=lambda _: (), phones=lambda _: 0)
        state = DynamoState(clients.dynamodb, self.name)
        directory = Directory(state, topics, readers, None, to_channels.send)
        return Sender(state, lambda: now() + ahead, directory, queue, "https://site.example", map, quiet, quiet)

    def _secret(self, name: str) -> Mapping[str, str]:
        if name.startswith("channel/bot/"):
            return {"token": TOKEN}
        return {"url": f"{self.world}/hooks/{self.name}", "signing_secret": HOOK_SECRET}

    # ------------------------------------------------------------ a process

    def run(self, clients: Clients, die_at: int, ahead: timedelta, runs: int = 1) -> tuple[bool, int]:
        """Run a sender in a process of its own; tell whether it was killed, and how many calls it made."""
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(reading)
            try:
                calls = self._child(clients, die_at, ahead, runs)
                os.write(writing, str(calls).encode())
            finally:
                os._exit(0)
        os.close(writing)
        with os.fdopen(reading) as said:
            text = said.read()
        _, status = os.waitpid(child, 0)
        killed = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
        assert killed or text, "a sender ended otherwise than by our kill"
        return killed, int(text or 0)

    def _child(self, clients: Clients, die_at: int, ahead: timedelta, runs: int) -> int:
        calls = 0

        def step(*_: Any, **__: Any) -> None:
            nonlocal calls
            calls += 1
            if calls == die_at:
                os.kill(os.getpid(), signal.SIGKILL)

        receipts._WAIT_S = 0  # type: ignore[misc] # the local SQS has one server, whose answer is the whole truth
        for client in (clients.sns, clients.sqs, clients.dynamodb):
            client.meta.events.register("before-send", step)
            client.meta.events.register("after-call", step)
        slack._asked = around(slack._asked, step)
        sending.post = around(posting.post, step)  # type: ignore[attr-defined]
        for _ in range(runs):
            self.sender(clients, ahead).run(lambda: True)
        return calls

    # ------------------------------------------------------------ what came of it

    def got(self) -> Counter[tuple[str, str]]:
        """How often each receiver has got each message."""
        found: Counter[tuple[str, str]] = Counter()
        sqs, url = self.ours.sqs, self.queues["people"]
        while messages := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
            for message in messages:
                said = json.loads(message["Body"])
                found[said["TopicArn"].rpartition("-")[2], said["MessageAttributes"]["message_id"]["Value"]] += 1
                sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        for message in ask(f"{self.world}/slack/messages")["messages"]:
            if f"{self.name}/" in message["text"]:
                found["slack", message["metadata"]["event_payload"]["id"]] += 1
        for message in ask(f"{self.world}/hooks/{self.name}")["messages"]:
            found["hook", message["id"]] += 1
        return found

    def problems(self) -> list[str]:
        """What is not as it should be: each delivery once at its receiver, all done, no receipt left."""
        names = {"alerts": OPERATORS, "notices": SUBSCRIBERS, "slack": "channel:bot", "hook": "channel:hook"}
        got, state = self.got(), DynamoState(self.ours.dynamodb, self.name)
        by_receiver = Counter(names[receiver] for receiver, _ in got)
        today = now().date()
        steps = {
            one.step.value for record in of_days(state, today - timedelta(days=1), today) for one in record.deliveries
        }
        said = []
        if twice := [key for key, count in got.items() if count != 1]:
            said.append(f"twice: {twice}")
        if by_receiver != self.expected:
            said.append(f"expected {dict(self.expected)}, got {dict(by_receiver)}")
        if steps != {"sent"}:
            said.append(f"deliveries are {steps}")
        if left := pointers(state):
            said.append(f"pointers left: {[pointer.message_id for pointer in left]}")
        return said

    def threads(self) -> Counter[str]:
        """How often each file is in the thread of a message of this case."""
        messages = ask(f"{self.world}/slack/messages")["messages"]
        mine = {message["ts"] for message in messages if f"{self.name}/" in message["text"]}
        return Counter(
            f"{message['thread_ts']} {file['name']}"
            for message in messages
            if message.get("thread_ts") in mine
            for file in message.get("files", ())
        )


def around(call: Callable[..., Any], step: Callable[[], None]) -> Callable[..., Any]:
    """Count a call before it is made and after it took effect, whether well or not."""

    def counted(*given: Any, **named: Any) -> Any:
        step()
        try:
            return call(*given, **named)
        finally:
            step()

    return counted


def ask(url: str) -> Any:
    with urllib.request.urlopen(url, timeout=20) as answer:
        return json.load(answer)


def now() -> datetime:
    return datetime.now(UTC)


def quiet(*_: Any) -> None:
    """Nothing is told, and nobody waits."""


def settle() -> None:
    """Wait until receipts that a dead sender held are visible again."""
    time.sleep(1.1)
