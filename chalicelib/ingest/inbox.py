"""What arrived and is not committed yet: one object per body, durable before anybody is told that it arrived.

The key is the digest of the body and of what kind of thing it is, so what is sent twice is there once, and the same
body under two event names is there twice; the delivery's own id is an attribute, since a replay can carry a new one.
Light on purpose: the API imports it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import quote, unquote

from chalicelib.domain.objects import ObjectStore, StoredObject
from chalicelib.errors import PreconditionFailed, SkippableRecordError, StoreUnavailable, WriteConflict
from chalicelib.lake import layout
from chalicelib.lake.commits import canonical
from chalicelib.sources.base import Item

RECEIVED_AT = "received-at"
POINTER = "pointer"
"""The attribute of an inbox object that only names an object of the log bucket."""

_TRIES = 3
_PRINTABLE = "".join(map(chr, range(0x20, 0x7F))).replace("%", "")


@dataclass(frozen=True, slots=True)
class Pointer:
    """An object of the log bucket, as its event named it."""

    key: str
    etag: str
    size_bytes: int


@dataclass(frozen=True, slots=True)
class Arrival:
    """What became of a body: the key it waits under, and whether the same body was already waiting there."""

    key: str
    duplicate: bool


def accept(
    store: ObjectStore,
    stream: str,
    body: bytes,
    attributes: Mapping[str, str],
    received_at: datetime,
    *,
    kind: str = "",
) -> Arrival:
    """Put a body into a stream's inbox; when this returns, the body is durable.

    Parameters
    ----------
    attributes
        What came beside the body (headers, a delivery id): together under 2 KB; any characters.
    kind
        What the sender calls such a thing (the event's name), when the same body of another kind is another thing.

    Raises
    ------
    StoreUnavailable
        It is not known to be there: the sender has to be told to send again.
    """
    key = layout.inbox(stream, _digest(body, kind))
    metadata = {name.lower(): quote(value, safe=_PRINTABLE) for name, value in attributes.items()}
    metadata[RECEIVED_AT] = received_at.astimezone(UTC).isoformat()
    for tried in range(_TRIES):
        try:
            store.put(key, body, if_none_match=True, metadata=metadata)
        except PreconditionFailed:
            return Arrival(key, duplicate=tried == 0)  # after a lost answer it is this very body that waits
        except (WriteConflict, StoreUnavailable) as error:
            if tried == _TRIES - 1:
                raise StoreUnavailable(f"{key} is not known to be stored: {error}") from error
            continue
        return Arrival(key, duplicate=False)
    raise AssertionError("unreachable")


def _digest(body: bytes, kind: str) -> str:
    """Digest the body; with a kind, both their digests, so that no kind and body together look like another pair."""
    digest = hashlib.sha256(body)
    if not kind:
        return digest.hexdigest()
    return hashlib.sha256(hashlib.sha256(kind.encode()).digest() + digest.digest()).hexdigest()


def accept_pointer(store: ObjectStore, stream: str, pointer: Pointer, received_at: datetime) -> str:
    """Put the name of a log object into a stream's inbox; its content is read when it is committed."""
    return accept(store, stream, _pointer_body(pointer), {POINTER: "1"}, received_at).key


def pointer_key(stream: str, pointer: Pointer) -> str:
    """Answer the inbox key that a pointer has, whether it waits there or was consumed."""
    return layout.inbox(stream, _digest(_pointer_body(pointer), ""))


def _pointer_body(pointer: Pointer) -> bytes:
    return canonical({"key": pointer.key, "etag": pointer.etag, "size_bytes": pointer.size_bytes})


def to_item(found: StoredObject) -> Item:
    """Read an inbox object as it was accepted."""
    attributes = {name: unquote(value) for name, value in found.metadata.items()}
    received_at = attributes.pop(RECEIVED_AT, None)
    at = datetime.fromisoformat(received_at) if received_at else found.modified_at
    return Item(found.key, found.body, attributes, at)


def pointer_of(item: Item) -> Pointer | None:
    """Answer what an item points at, or None when it is the thing itself. Raises ``SkippableRecordError``."""
    if POINTER not in item.attributes:
        return None
    try:
        return Pointer(**json.loads(item.body))
    except (ValueError, TypeError) as error:
        raise SkippableRecordError(f"{item.key} is not a pointer: {error}") from error
