"""Ways over SNS: to the operators' topic, and to everybody or one of those who subscribed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol

from chalicelib.errors import NoAnswer, NotTaken
from chalicelib.outbox import audience
from chalicelib.outbox.letter import Letter, attributes, for_sns
from chalicelib.outbox.message import OPERATORS
from chalicelib.outbox.ways import Receipt, Way

A_MINUTE: Final = 240
"""Four a second, and twice as many while two senders overlap: SNS suspends a subscription by e-mail that gets more than
ten in a second (https://docs.aws.amazon.com/sns/latest/dg/sns-email-notifications.html)."""


class Publisher(Protocol):
    """One topic; ``chalicelib.aws.sns`` has it."""

    def publish(self, subject: str, message: str, attributes: Mapping[str, Mapping[str, Any]], /) -> str:
        """Publish once and answer the topic's id of the message. Raises ``NotTaken``, ``NoAnswer``."""
        ...


class Queue(Protocol):
    """The queue of what topics have taken; ``chalicelib.aws.receipts`` has it."""

    def drain(self, write_down: Callable[[Mapping[str, str], str], None], /) -> bool:
        """Hand over marks and ids; tell whether nothing is left. Raises ``StoreUnavailable``."""
        ...


@dataclass
class TopicReceipts:
    """The receipts of all topics; knows whether they were read to their end."""

    queue: Queue
    empty: bool = False

    def drain(self, write_down: Callable[[Receipt], None]) -> bool:
        """Hand over every receipt. Raises ``StoreUnavailable``."""
        self.empty = False

        def of_marks(marks: Mapping[str, str], provider_id: str) -> None:
            if {"message_id", "day", "destination"} <= marks.keys():
                write_down(Receipt(marks["message_id"], marks["day"], marks["destination"], provider_id))

        self.empty = self.queue.drain(of_marks)
        return self.empty


@dataclass(frozen=True)
class Topics:
    """Both topics.

    Parameters
    ----------
    sms
        Tells whether an SMS may go out with this letter; asked once an attempt, and only where somebody would get one.
    """

    operators: Publisher
    notices: Publisher
    receipts: TopicReceipts
    sms: Callable[[Letter], bool]

    def to_operators(self) -> Way:
        """Answer the way to whoever runs Headwater."""
        return Way("operators", A_MINUTE, lambda letter: self._publish(self.operators, letter, (OPERATORS,), sms=False))

    def to_everybody(self) -> Way:
        """Answer the way to all who subscribed by mail or SMS to what the message is of."""
        return Way("notices", A_MINUTE, self._to_everybody)

    def to_one(self, protocol: str, subscription_id: str) -> Way:
        """Answer the way to one who subscribed by mail or SMS."""
        return Way("notices", A_MINUTE, lambda letter: self._to_one(letter, protocol, subscription_id))

    def _to_everybody(self, letter: Letter) -> str:
        sms = not self._waits(letter) and self.sms(letter)
        protocols = ("email", "sms") if sms else ("email",)
        return self._publish(self.notices, letter, tuple(audience.everybody(letter.message, protocols)), sms=sms)

    def _to_one(self, letter: Letter, protocol: str, subscription_id: str) -> str:
        if protocol == "sms" and not self._waits(letter) and not self.sms(letter):
            raise NotTaken("This month's SMS are spent.", for_good=True)
        words = (audience.only(protocol, subscription_id),)
        return self._publish(self.notices, letter, words, sms=protocol == "sms")

    def _waits(self, letter: Letter) -> bool:
        """Tell whether it cannot be known yet whether the letter was taken before."""
        return letter.doubtful and not self.receipts.empty

    def _publish(self, topic: Publisher, letter: Letter, words: tuple[str, ...], *, sms: bool) -> str:
        """Publish; one in doubt only when all receipts are read, for then the one before was not taken."""
        if self._waits(letter):
            raise NoAnswer("An attempt before may have been taken, and its receipt may still come.")
        message = letter.message
        return topic.publish(message.subject, for_sns(message, sms=sms), attributes(letter, words))
