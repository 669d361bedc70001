"""The identities of the last 30 days: sorted segments in the store, named by the commit that has them.

A commit writes the identities that it adds as one segment of its UTC day. When a day has eight, they are merged; days
that are over are merged into one each; days older than 30 are dropped. So there are at most some forty to read, and
since a segment never changes a warm process reads only those that are new to it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from chalicelib.domain.objects import ObjectStore
from chalicelib.errors import IntegrityError
from chalicelib.ingest.identity import ID_BYTES, IDENTITY_BYTES, Identity, ids_of
from chalicelib.lake import layout
from chalicelib.lake.steps import Segment

KEEP = timedelta(days=30)
FAN_IN = 8
"""Segments of one day before they are merged."""


@dataclass
class SegmentCache:
    """Segments that this process has read; a handler keeps one between invocations.

    Holds only what the last index asked for, so it is as large as the index.
    """

    _bodies: dict[str, bytes] = field(default_factory=dict)

    def load(self, store: ObjectStore, segments: Iterable[Segment]) -> Mapping[str, bytes]:
        """Read segments. Raises ``IntegrityError`` when one has not the entries that its commit says."""
        self._bodies = {s.key: self._bodies.get(s.key) or _read(store, s) for s in segments}
        return self._bodies


class SeenIndex:
    """Membership in the identities of a stream's last 30 days, and of what was added since it was loaded."""

    def __init__(self, bodies: Iterable[bytes]) -> None:
        self._bodies = [body for body in bodies if body]
        self._new: set[Identity] = set()
        self._new_ids: set[bytes] = set()

    def seen(self, identity: Identity) -> bool:
        """Whether the same record was committed."""
        return identity in self._new or any(_has(body, identity) for body in self._bodies)

    def seen_id(self, identity: Identity) -> bool:
        """Whether a record with this id was committed."""
        event = identity[:ID_BYTES]
        return event in self._new_ids or any(_has(body, event) for body in self._bodies)

    def add(self, identity: Identity) -> None:
        """Remember a record."""
        self.add_all((identity,))

    def all_new(self, identities: Sequence[Identity]) -> bool:
        """Whether no two of these records have one id, and none that was committed has."""
        return len(ids_of(identities)) == len(identities) and not any(map(self.seen_id, identities))

    def add_all(self, identities: Sequence[Identity]) -> None:
        """Remember records."""
        self._new.update(identities)
        self._new_ids |= ids_of(identities)

    def added(self) -> bytes:
        """Answer what was added as the body of a segment."""
        return b"".join(sorted(self._new))


def keep(
    store: ObjectStore,
    stream: str,
    segments: tuple[Segment, ...],
    bodies: Mapping[str, bytes],
    added: bytes,
    today: date,
    seq: int,
    attempt: str,
) -> tuple[Segment, ...]:
    """Write what a commit adds and answer the segments that the commit has.

    Keys are of the attempt's own, so that a loser's segments lie where nobody looks. Nothing is deleted here.
    """
    pending = defaultdict(list)
    for segment in segments:
        if segment.day >= today - KEEP:
            pending[segment.day].append(segment)
    kept: list[Segment] = []
    for day, of_day in sorted(pending.items()):
        fresh = added if day == today else b""
        enough = FAN_IN - 1 if day == today else 1
        if len(of_day) > enough or (day == today and len(of_day) >= enough and fresh):
            body = _merge([*(bodies[s.key] for s in of_day), fresh])
            kept.append(_write(store, layout.seen_segment(stream, seq, attempt, day), day, body))
            added = b"" if day == today else added
        else:
            kept.extend(of_day)
    if added:
        kept.append(_write(store, layout.seen_segment(stream, seq, attempt, today), today, added))
    return tuple(kept)


def _write(store: ObjectStore, key: str, day: date, body: bytes) -> Segment:
    store.put(key, body)
    return Segment(key, day, len(body) // IDENTITY_BYTES)


def _read(store: ObjectStore, segment: Segment) -> bytes:
    body = store.get(segment.key).body
    if len(body) != segment.entries * IDENTITY_BYTES:
        raise IntegrityError(f"{segment.key} has {len(body)} bytes, not {segment.entries} identities")
    return body


def _merge(bodies: Iterable[bytes]) -> bytes:
    entries = {body[i : i + IDENTITY_BYTES] for body in bodies for i in range(0, len(body), IDENTITY_BYTES)}
    return b"".join(sorted(entries))


def _has(body: bytes, prefix: bytes) -> bool:
    """Whether an entry of a sorted segment begins with ``prefix``: binary search in place, no object per entry."""
    low, high, size = 0, len(body) // IDENTITY_BYTES, len(prefix)
    while low < high:
        middle = (low + high) // 2
        at = middle * IDENTITY_BYTES
        entry = body[at : at + size]
        if entry < prefix:
            low = middle + 1
        elif entry > prefix:
            high = middle
        else:
            return True
    return False
