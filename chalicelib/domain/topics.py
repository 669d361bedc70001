"""The port to a topic's subscribers, as SNS has them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class There:
    """A subscription as SNS has it; ``arn`` is empty while it waits for its confirmation."""

    arn: str


@dataclass(frozen=True, slots=True)
class Enrolled:
    """A subscription as SNS took it; ``filtered``: with the policy that was given, and not with one of before."""

    arn: str
    filtered: bool


class Topic(Protocol):
    """The topic that subscribers' messages go to.

    Every method raises ``StoreUnavailable``; :meth:`subscribe` and :meth:`filter` raise ``SubscriptionRefused``, too.
    """

    def subscribe(self, protocol: str, address: str, policy: str) -> Enrolled:
        """Subscribe an address. SNS asks an e-mail address to confirm, once more if it waits."""
        ...

    def filter(self, arn: str, policy: str) -> None:
        """Have a subscription listen to what this policy says; of mail that waits it may be refused."""
        ...

    def unsubscribe(self, arn: str) -> None:
        """End a subscription; one that is not there, or not confirmed, is no error."""
        ...

    def standing(self) -> Mapping[tuple[str, str], There]:
        """Answer every e-mail and SMS subscription by protocol and address (in small letters)."""
        ...

    def opted_out(self) -> frozenset[str]:
        """Answer the phone numbers whose owners want no SMS of this account."""
        ...
