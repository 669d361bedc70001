"""Where subscriptions are kept: in the state table, each changed by one writer at a time.

The id is made of protocol and address, so one address has one subscription of a protocol, whoever asks and however
often: two who ask at once write the same item, and one of them comes second. One that has ended is forgotten after
:data:`REMEMBERED`, as an address is somebody's.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from chalicelib.domain.records import Shelf, expiry, fields_of
from chalicelib.subscriptions.subscription import Protocol, State, Subscription
from chalicelib.subscriptions.wishes_json import wishes_from_json, wishes_to_json

PK: Final = "subscription"
MOST: Final = 1_000
"""Subscriptions that there may be, those that have ended not counted: whoever looks for what is due reads them all."""
REMEMBERED: Final = timedelta(days=90)
"""How long one that has ended is shown: long enough to see why nothing comes any more."""
_PLAIN: Final = (
    "created_by",
    "changed_by",
    "nonce",
    "arn",
    "filtered",
    "reason",
    "request",
    "chosen",
    "welcomed",
    "unheard",
    "asked",
)
_INSTANTS: Final = ("confirmed_at", "changed_at", "asked_at")


def id_of(protocol: Protocol, address: str) -> str:
    """Answer the id of an address's subscription; capitals of an e-mail address make no difference.

    Examples
    --------
    >>> id_of(Protocol.EMAIL, "Ada@acme.example") == id_of(Protocol.EMAIL, "ada@acme.example")
    True
    """
    return hashlib.sha256(f"{protocol.value}\n{address.casefold()}".encode()).hexdigest()[:24]


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
        item |= expiry(one.updated_at + REMEMBERED)
    return item


def _from_item(subscription_id: str, item: Mapping[str, Any]) -> Subscription:
    said = fields_of(item, ("created_at", *_INSTANTS))
    said |= {"protocol": Protocol(item["protocol"]), "state": State(item["state"])}
    return Subscription(**{**said, "id": subscription_id, "wishes": wishes_from_json(item["wishes"])})


def _text(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()


_SHELF: Final = Shelf(PK, lambda one: one.id, _to_item, _from_item)
every, read, write = _SHELF.every, _SHELF.read, _SHELF.write  # those that have ended too
