"""A message to people, as data: what it says, whom it is for, and what it is known by. Pure.

Whoever has something to say makes a message and puts it into the outbox; the sender alone sends. The id is made of what
is told (``alert/<rule>/<bucket>/fired``), never of chance or the present: the same thing said twice is one message.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final, Protocol

SITE: Final = "https://headwater.invalid"
"""Stands for the address of the site in texts and links; the sender, who knows it, writes it in."""
OPERATORS: Final = "operators"
"""Destination: whoever runs Headwater (the topic that alarms go to as well)."""
SUBSCRIBERS: Final = "subscribers"
"""Destination: everybody who has subscribed to the message's kind, topic and severity."""


def to_subscription(subscription_id: str) -> str:
    """Name one subscriber as a destination."""
    return f"subscription:{subscription_id}"


def to_channel(name: str) -> str:
    """Name a channel that somebody set up (Slack, a webhook) as a destination."""
    return f"channel:{name}"


class Kind(StrEnum):
    """What a message is; people subscribe by it."""

    ALERT = "alert"  # a rule fires, or has recovered
    INCIDENT = "incident"  # something of Headwater itself is in trouble, or well again
    DIGEST = "digest"
    REPORT = "report"
    NOTICE = "notice"  # of the sending itself: a channel is given up, a subscription bounces


class Severity(StrEnum):
    """How much a message matters."""

    INFO = "info"
    WARNING = "warning"
    CRITICAL = "critical"

    @property
    def rank(self) -> int:
        """Answer 0, 1 or 2."""
        return list(Severity).index(self)


@dataclass(frozen=True, slots=True)
class File:
    """A file in the bucket of results that goes with a message: uploaded where that can be, else linked in the text."""

    key: str
    filename: str
    title: str


@dataclass(frozen=True, slots=True)
class Message:
    """One message.

    Parameters
    ----------
    id
        What it is known by: 1 to 300 characters of ``A-Z a-z 0-9 / : . _ -``.
    at
        The instant (UTC) that it is about: the end of the bucket, the start of the incident, when the digest was due.
        Fixed by what is told, so that the same message always has the same.
    topic
        By which people choose: a rule's topic, a report's name, a source.
    subject, text
        Plain text for people, which say what to do next.
    short
        One line for a phone; the subject where it is empty.
    html
        The same as ``text`` for mail programs, where that is offered.
    link
        Where more is to be seen: :data:`SITE` and a path.
    to
        Destinations: :data:`OPERATORS`, :data:`SUBSCRIBERS`, :func:`to_subscription`, :func:`to_channel`.
    unsubscribe
        Of a message to one subscriber: the address (:data:`SITE` and a path) that ends the subscription by one POST.
    """

    id: str
    at: datetime
    kind: Kind
    topic: str
    severity: Severity
    subject: str
    text: str
    to: tuple[str, ...]
    short: str = ""
    html: str = ""
    link: str = ""
    files: tuple[File, ...] = ()
    unsubscribe: str = ""


class Teller(Protocol):
    """Where messages are put; :class:`chalicelib.outbox.outbox.Outbox` is one."""

    def put(self, message: Message) -> bool:
        """Put a message there, to be sent by the sender; False when it was there already. Raises ``StoreUnavailable``.

        The same id twice is one message, whoever puts it there and however often.
        """
        ...
