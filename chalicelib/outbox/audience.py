"""Who hears what, as words that a message carries and a subscription's filter names. Pure.

A message is published once to one SNS topic with the attribute ``audience``, a list of words; a subscription has the
filter policy ``{"audience": [its words]}``, and gets the message when one word is in both
(https://docs.aws.amazon.com/sns/latest/dg/string-value-matching.html). A word names protocol, kind, topic and severity
together, because a policy's words are alternatives: so "critical ones of downloads, and all of the pipeline" can be
said. Words begin with the protocol so that a budget that is spent takes the SMS away and leaves the mail.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from chalicelib.outbox.message import Kind, Message, Severity

ANY_TOPIC: Final = "*"


def word(protocol: str, kind: Kind, topic: str, severity: Severity) -> str:
    """Name everybody of a protocol who wants a kind of message, of a topic, of a severity.

    >>> word("email", Kind.ALERT, "downloads", Severity.CRITICAL)
    'email/alert/critical/downloads'
    """
    return f"{protocol}/{kind.value}/{severity.value}/{topic}"


def only(protocol: str, subscription_id: str) -> str:
    """Name one subscriber.

    >>> only("sms", "5f1c")
    'sms/subscription/5f1c'
    """
    return f"{protocol}/subscription/{subscription_id}"


def everybody(message: Message, protocols: tuple[str, ...]) -> Iterator[str]:
    """Answer the words of a message to all subscribers: those who chose its topic, and those who chose any."""
    for protocol in protocols:
        yield word(protocol, message.kind, message.topic, message.severity)
        yield word(protocol, message.kind, ANY_TOPIC, message.severity)
