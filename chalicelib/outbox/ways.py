"""The ports of the sender: the ways over which letters go out, and what they tell of letters that were taken."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from chalicelib.outbox.letter import Letter
from chalicelib.outbox.message import Message


@dataclass(frozen=True, slots=True)
class Way:
    """How letters reach a destination.

    Parameters
    ----------
    name
        Letters of one name go out one after the other; those of different names do not wait for each other.
    a_minute
        How many it may be sent, over all senders.
    send
        Hands a letter over and answers the taker's id of it. Where the letter is doubtful it looks first whether it
        was taken before, if the way can tell. Raises ``NotTaken``, ``NoAnswer``.
    """

    name: str
    a_minute: int
    send: Callable[[Letter], str]


@dataclass(frozen=True, slots=True)
class Nowhere:
    """There is nobody any more behind a destination, and why."""

    reason: str


class Ways(Protocol):
    """Finds the way to a destination."""

    def find(self, to: str, message: Message) -> Way | Nowhere:
        """Answer the way of a message to a destination. Raises ``NotTaken``, ``StoreUnavailable``."""
        ...

    def channels(self) -> Sequence[str]:
        """Answer the names of the channels that are set up and switched on. Raises ``StoreUnavailable``."""
        ...

    def spread(self, message: Message) -> Sequence[str]:
        """Answer the destinations of those subscribers who are sent to one by one. Raises ``StoreUnavailable``."""
        ...


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a topic tells of a message that it has taken: whose it was, and its id there."""

    message_id: str
    day: str
    to: str
    provider_id: str


class Receipts(Protocol):
    """What topics have told and nobody has written down yet."""

    def drain(self, write_down: Callable[[Receipt], None]) -> bool:
        """Hand over every receipt, and forget those that are written down; tell whether there are surely no more.

        Raises ``StoreUnavailable``.
        """
        ...


@dataclass(frozen=True, slots=True)
class Reader:
    """One subscriber.

    ``protocol`` is ``email``, ``sms`` or ``html_email``; ``unsubscribe`` the whole address that ends the subscription.
    """

    subscription_id: str
    protocol: str
    address: str
    unsubscribe: str = ""


class Readers(Protocol):
    """The subscribers, as the sender has to know them; ``chalicelib.subscriptions`` keeps them."""

    def one(self, subscription_id: str, message: Message) -> Reader | None:
        """Answer whom a message to one subscriber is for, None where there is nobody. Raises ``StoreUnavailable``."""
        ...

    def by_html_mail(self, message: Message) -> Sequence[str]:
        """Answer the ids of those who want it as HTML mail, which no topic sends. Raises ``StoreUnavailable``."""
        ...

    def phones(self, message: Message) -> int:
        """Answer how many want it by SMS. Raises ``StoreUnavailable``."""
        ...
