"""What may be sent to one subscriber."""

from __future__ import annotations

from chalicelib.domain.state import StateStore
from chalicelib.outbox.message import Kind, Message
from chalicelib.subscriptions import kept
from chalicelib.subscriptions.letters import CONFIRM
from chalicelib.subscriptions.subscription import State, Subscription


def reader(state: StateStore, subscription_id: str, message: Message) -> Subscription | None:
    """Answer the subscription that a message to one subscriber is for, None where nothing is to be sent to it.

    One that waits for its confirmation is sent the request for it, and nothing else. Raises ``StoreUnavailable``.
    """
    one = kept.read(state, subscription_id)
    if one is None:
        return None
    asks = message.kind is Kind.NOTICE and message.topic == CONFIRM
    return one if one.state is (State.PENDING if asks else State.CONFIRMED) else None
