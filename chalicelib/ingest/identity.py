"""Who a record is: 24 bytes, of which 16 are its id's digest and 8 its content's.

Two records are the same when all 24 agree, and in conflict when only the first 16 do. By the birthday bound, among a
billion ids the chance of one false conflict is under 1e-20.
"""

from __future__ import annotations

import hashlib

from chalicelib.sources.base import Accepted

ID_BYTES = 16
IDENTITY_BYTES = 24

Identity = bytes
"""``IDENTITY_BYTES`` bytes."""


def identity_of(outcome: Accepted) -> Identity:
    """Answer a record's identity."""
    event = hashlib.blake2b(outcome.event_id.encode(), digest_size=ID_BYTES).digest()
    content = hashlib.blake2b(outcome.fingerprint.encode(), digest_size=IDENTITY_BYTES - ID_BYTES).digest()
    return event + content


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
        self._all.add(identity)
        self._ids.add(identity[:ID_BYTES])
