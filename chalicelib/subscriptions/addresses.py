"""The addresses in messages to one subscriber, which act without a login. Pure.

Each is good for one purpose, one subscription and a time, and only while the nonce that it was signed with is the
subscription's: it moves when such an address has acted, so that none acts twice.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from chalicelib.domain.links import Pass, Purpose, read, sign
from chalicelib.outbox.message import SITE
from chalicelib.subscriptions.subscription import Subscription

GOOD_FOR: Final = timedelta(days=90)
"""How long a link of a message is good: people unsubscribe by old mail, too."""
CONFIRM_WITHIN: Final = timedelta(days=2)
"""How long a request to confirm stands, as SNS's own does."""
_PATH: Final = "/api/v1/subscriptions"


def unsubscribe_address(key: bytes, subscription: Subscription, now: datetime) -> str:
    """Answer where one POST ends the subscription, and a GET shows what the POST would do."""
    return _address(key, Purpose.UNSUBSCRIBE, subscription, now + GOOD_FOR)


def preferences_address(key: bytes, subscription: Subscription, now: datetime) -> str:
    """Answer where a person chooses what they hear."""
    return _address(key, Purpose.PREFERENCES, subscription, now + GOOD_FOR)


def confirm_address(key: bytes, subscription: Subscription, now: datetime) -> str:
    """Answer where a person confirms that messages may come, where SNS does not ask by itself."""
    return _address(key, Purpose.CONFIRM, subscription, now + CONFIRM_WITHIN)


def opened(key: bytes, purpose: Purpose, token: str, now: datetime) -> Pass:
    """Read a token: the subscription's id is the ``subject``; see :func:`stands`. Raises ``BadLink``."""
    return read(key, purpose, token, now)


def stands(found: Pass, purpose: Purpose, subscription: Subscription) -> bool:
    """Answer whether a link has not acted yet, nor another that makes it void."""
    return (found.subject, found.nonce) == (subscription.id, _nonce(purpose, subscription))


def _address(key: bytes, purpose: Purpose, subscription: Subscription, until: datetime) -> str:
    token = sign(key, purpose, subscription.id, _nonce(purpose, subscription), until)
    return f"{SITE}{_PATH}/{purpose.value}/{token}"


def _nonce(purpose: Purpose, subscription: Subscription) -> str:
    nonce = subscription.nonce
    return f"{nonce}.{subscription.chosen}" if purpose is Purpose.PREFERENCES else nonce
