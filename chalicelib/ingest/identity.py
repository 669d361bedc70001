"""Who a record is: 24 bytes, of which 16 are its id's digest and 8 its content's.

Two records are the same when all 24 agree, and in conflict when only the first 16 do. By the birthday bound, among a
billion ids the chance of one false conflict is under 1e-20.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import blake2b
from operator import add

from chalicelib.sources.base import Accepted, Batch

ID_BYTES = 16
IDENTITY_BYTES = 24
_CONTENT_BYTES = IDENTITY_BYTES - ID_BYTES

Identity = bytes
"""``IDENTITY_BYTES`` bytes."""


def identity_of(outcome: Accepted) -> Identity:
    """Answer a record's identity."""
    event = blake2b(outcome.event_id.encode(), digest_size=ID_BYTES).digest()
    return event + blake2b(outcome.fingerprint.encode(), digest_size=_CONTENT_BYTES).digest()


def identities_of(batch: Batch) -> list[Identity]:
    """Answer the identity of each record of a batch."""
    ids = [blake2b(event_id.encode(), digest_size=ID_BYTES).digest() for event_id in batch.event_ids]
    contents = [blake2b(content, digest_size=_CONTENT_BYTES).digest() for content in batch.fingerprints]
    return list(map(add, ids, contents))


class BatchIdentities:
    """The identities of one window: all that a pull compares, since its windows do not overlap."""

    def __init__(self) -> None:
        self._all: set[Identity] = set()
        self._ids: set[bytes] = set()

    def seen(self, identity: Identity) -> bool:
        """Whether the same record is in the window."""
        return identity in self._all

    def seen_id(self, identity: Identity) -> bool:
        """Whether a record with this id is in the window."""
        return identity[:ID_BYTES] in self._ids

    def add(self, identity: Identity) -> None:
        """Remember a record."""
        self.add_all((identity,))

    def all_new(self, identities: Sequence[Identity]) -> bool:
        """Whether no two of these records have one id, and none in the window has."""
        ids = ids_of(identities)
        return len(ids) == len(identities) and self._ids.isdisjoint(ids)

    def add_all(self, identities: Sequence[Identity]) -> None:
        """Remember records."""
        self._all.update(identities)
        self._ids |= ids_of(identities)


def ids_of(identities: Iterable[Identity]) -> set[bytes]:
    """Answer the ids without their contents."""
    return {identity[:ID_BYTES] for identity in identities}
