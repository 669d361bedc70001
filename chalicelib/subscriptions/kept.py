"""Where subscriptions are kept: in the state table, each changed by one writer at a time.

The id is made of protocol and address, so one address has one subscription of a protocol, whoever asks and however
often: two who ask at once write the same item, and one of them comes second. One that has ended is forgotten after
:data:`REMEMBERED`, as an address is somebody's.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

from chalicelib.domain.state import StateStore, wrote
from chalicelib.subscriptions.subscription import Protocol, State, Subscription
from chalicelib.subscriptions.wishes_json import wishes_from_json, wishes_to_json

PK: Final = "subscription"
MOST: Final = 1_000
"""Subscriptions that there may be, those that have ended not counted: whoever looks for what is due reads them all."""
REMEMBERED: Final = timedelta(days=90)
"""How long one that has ended is shown: long enough to see why nothing comes any more."""
_PLAIN: Final = ("created_by", "nonce", "arn", "filtered", "reason", "request", "chosen", "welcomed", "asked")
_INSTANTS: Final = ("confirmed_at", "changed_at", "asked_at")


def id_of(protocol: Protocol, address: str) -> str:
    """Answer the id of an address's subscription; capitals of an e-mail address make no difference.

    Examples
    --------
    >>> id_of(Protocol.EMAIL, "Ada@acme.example") == id_of(Protocol.EMAIL, "ada@acme.example")
    True
    """
    return hashlib.sha256(f"{protocol.value}\n{address.casefold()}".encode()).hexdigest()[:24]


def every(state: StateStore) -> Iterator[Subscription]:
    """Read all that there are, those that have ended too. Raises ``StoreUnavailable``."""
    return (_from_item(item["sk"], item) for item in state.query(PK))


def read(state: StateStore, subscription_id: str) -> Subscription | None:
    """Read one, or None. Raises ``StoreUnavailable``."""
    item = state.get(PK, subscription_id)
    return None if item is None else _from_item(subscription_id, item)


def write(state: StateStore, subscription: Subscription) -> Subscription | None:
    """Write one as it has become, or for the first time; None when somebody else wrote first.

    Raises ``StoreUnavailable``.
    """
    won = wrote(state, PK, subscription.id, _to_item(subscription), expected_version=subscription.version or None)
    return replace(subscription, version=subscription.version + 1) if won else None


def _to_item(one: Subscription) -> dict[str, Any]:
    item: dict[str, Any] = {
        "protocol": one.protocol.value,
        "address": one.address,
        "wishes": wishes_to_json(one.wishes),
        "state": one.state.value,
        "created_at": one.created_at.isoformat(),
        **{name: getattr(one, name) for name in _PLAIN},
        **{name: _text(getattr(one, name)) for name in _INSTANTS},
    }
    if not one.state.stands:
        item["expires_at"] = int(((one.changed_at or one.created_at) + REMEMBERED).timestamp())
    return item


def _from_item(subscription_id: str, item: Mapping[str, Any]) -> Subscription:
    said: dict[str, Any] = {name: item[name] for name in _PLAIN} | {name: _instant(item[name]) for name in _INSTANTS}
    return Subscription(
        id=subscription_id,
        protocol=Protocol(item["protocol"]),
        address=item["address"],
        wishes=wishes_from_json(item["wishes"]),
        state=State(item["state"]),
        created_at=datetime.fromisoformat(item["created_at"]),
        version=item["version"],
        **said,
    )


def _text(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()


def _instant(said: str | None) -> datetime | None:
    return None if said is None else datetime.fromisoformat(said)
