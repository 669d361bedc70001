"""What a subscription listens to: the words of its filter policy. Pure.

The same words decide for SNS, which filters by itself, and for mail that we send to subscribers one by one.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from typing import Final

from chalicelib.outbox.audience import ANY_TOPIC, everybody, only, word
from chalicelib.outbox.message import Kind, Message, Severity
from chalicelib.subscriptions.subscription import Protocol, State, Subscription, Wishes

MOST_WORDS: Final = 150
"""Of one filter policy (https://docs.aws.amazon.com/sns/latest/dg/subscription-filter-policy-constraints.html)."""


def words(subscription: Subscription) -> tuple[str, ...]:
    """Answer what a subscription listens to: always what is for it alone, and what it wants once it is confirmed.

    SNS itself holds its mail back until that is confirmed, and sends what it wants from that moment on. It would send
    SMS at once; of these, one that waits has to hear nothing but our own request to confirm.
    """
    protocol = subscription.protocol.value
    alone = only(protocol, subscription.id)
    held_back = subscription.state is State.PENDING and subscription.protocol is Protocol.EMAIL
    if subscription.state is not State.CONFIRMED and not held_back:
        return (alone,)
    return (alone, *_wanted(protocol, subscription.wishes))


def count(wishes: Wishes) -> int:
    """Answer how many words wishes need, once they are confirmed; at most :data:`MOST_WORDS` can be had."""
    return 1 + sum(1 for _ in _wanted("", wishes))


def policy(subscription: Subscription) -> str:
    """Write the filter policy, as SNS takes it."""
    return json.dumps({"audience": list(words(subscription))}, separators=(",", ":"))


def mark(subscription: Subscription) -> str:
    """Mark the filter policy: another policy has another mark."""
    return hashlib.sha256(policy(subscription).encode()).hexdigest()[:16]


def wants(subscription: Subscription, message: Message) -> bool:
    """Answer whether a message to all subscribers is for this one."""
    if subscription.state is not State.CONFIRMED:
        return False
    said = everybody(message, (subscription.protocol.value,))
    return not frozenset(words(subscription)).isdisjoint(said)


def _wanted(protocol: str, wishes: Wishes) -> Iterator[str]:
    severe = [severity for severity in Severity if severity.rank >= wishes.least.rank]
    for kind, topics in ((Kind.ALERT, wishes.alerts), (Kind.INCIDENT, wishes.incidents)):
        for topic in _topics(topics):
            yield from (word(protocol, kind, topic, severity) for severity in severe)
    for topic in _topics(wishes.reports):
        yield from (word(protocol, Kind.REPORT, topic, severity) for severity in Severity)


def _topics(named: tuple[str, ...]) -> tuple[str, ...]:
    return (ANY_TOPIC,) if ANY_TOPIC in named else tuple(dict.fromkeys(named))
