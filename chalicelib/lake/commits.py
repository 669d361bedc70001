"""The commit log: a hash-chained object per commit, each created once. The only thing that decides who won.

One chain serves every writer. :func:`append` knows nothing of what a commit says (``body``), so that pulls, seals and
compactions (:mod:`chalicelib.lake.steps`) and cubes (:mod:`chalicelib.lake.cubes`) share it::

    head = find_head(store, stream, hint)          # the last link, or None
    link = append(store, draft(head, stream, attempt=..., kind=..., committed_at=..., body={...}))

``append`` raises ``CommitLost`` when another attempt has that ``seq``: drop the work, plan anew from the new head.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chalicelib.domain.objects import ObjectStore
from chalicelib.errors import (
    CommitLost,
    IntegrityError,
    ObjectNotFound,
    PreconditionFailed,
    StoreUnavailable,
    WriteConflict,
)
from chalicelib.lake import layout

GENESIS = "0" * 64
"""What the first commit of a chain names as its predecessor."""

_TRIES = 5


@dataclass(frozen=True, slots=True)
class Commit:
    """One commit. ``attempt`` is unique to the try that made it; ``kind`` says how to read ``body``."""

    stream: str
    seq: int
    prev_sha256: str
    attempt: str
    kind: str
    committed_at: datetime
    body: Mapping[str, Any]

    def to_json(self) -> bytes:
        """Write the commit canonically: the same commit is the same bytes, always."""
        return canonical(
            {
                "stream": self.stream,
                "seq": self.seq,
                "prev_sha256": self.prev_sha256,
                "attempt": self.attempt,
                "kind": self.kind,
                "committed_at": self.committed_at.isoformat(),
                "body": self.body,
            }
        )

    @classmethod
    def from_json(cls, raw: bytes) -> Commit:
        """Read a commit. Raises ``IntegrityError`` when it is none."""
        try:
            fields = json.loads(raw)
            return cls(**{**fields, "committed_at": datetime.fromisoformat(fields["committed_at"])})
        except (ValueError, TypeError, KeyError) as error:
            raise IntegrityError(f"not a commit ({error}): the log was changed by other hands") from error


@dataclass(frozen=True, slots=True)
class Link:
    """A commit as it stands in the log, with the hash that the next one must name."""

    commit: Commit
    sha256: str

    @property
    def seq(self) -> int:
        """Position in the chain, from 1."""
        return self.commit.seq

    @property
    def body(self) -> Mapping[str, Any]:
        """What the commit says."""
        return self.commit.body


def canonical(value: Any) -> bytes:
    """Write JSON with sorted keys and without blanks.

    >>> canonical({"b": 1, "a": "é"}).decode()
    '{"a":"é","b":1}'
    """
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()


def draft(
    head: Link | None, stream: str, *, attempt: str, kind: str, committed_at: datetime, body: Mapping[str, Any]
) -> Commit:
    """Write the commit that would follow ``head`` (None: the first one)."""
    seq = head.seq + 1 if head else 1
    return Commit(stream, seq, head.sha256 if head else GENESIS, attempt, kind, committed_at, body)


def read(store: ObjectStore, stream: str, seq: int) -> Link | None:
    """Read one commit, or None when there is none yet. Raises ``IntegrityError``, ``StoreUnavailable``."""
    try:
        found = store.get(layout.commit(stream, seq))
    except ObjectNotFound:
        return None
    commit = Commit.from_json(found.body)
    if (commit.stream, commit.seq) != (stream, seq):
        raise IntegrityError(f"{found.key} holds commit {commit.seq} of {commit.stream}")
    return Link(commit, hashlib.sha256(found.body).hexdigest())


def following(store: ObjectStore, stream: str, link: Link | None) -> Iterator[Link]:
    """Read the commits after ``link`` (None: all), oldest first, each checked against the one before it.

    Raises ``IntegrityError`` when the chain is broken.
    """
    seq, sha256 = (link.seq, link.sha256) if link else (0, GENESIS)
    while (found := read(store, stream, seq + 1)) is not None:
        if found.commit.prev_sha256 != sha256:
            raise IntegrityError(f"commit {found.seq} of {stream} does not follow commit {seq}: the chain is broken")
        yield found
        seq, sha256 = found.seq, found.sha256


def find_head(store: ObjectStore, stream: str, start: Link | None = None) -> Link | None:
    """Answer the last commit, probing upward from ``start``, a commit known to exist."""
    head = start
    for link in following(store, stream, start):
        head = link
    return head


def append(store: ObjectStore, commit: Commit) -> Link:
    """Create a commit, and know for certain that this attempt has won.

    A 412 can be the answer to our own write (an SDK's retry, a lost answer), so the attempt decides, not the status.

    Raises
    ------
    CommitLost
        Another attempt holds this ``seq``.
    StoreUnavailable
        Not known: the commit may be there. The next run finds out; its staged files are kept until then.
    """
    raw = commit.to_json()
    for _ in range(_TRIES):
        try:
            store.put(
                layout.commit(commit.stream, commit.seq), raw, if_none_match=True, content_type="application/json"
            )
            return Link(commit, hashlib.sha256(raw).hexdigest())
        except WriteConflict:
            continue
        except (PreconditionFailed, StoreUnavailable):
            link = read(store, commit.stream, commit.seq)
        if link is not None:
            if link.commit.attempt != commit.attempt:
                raise CommitLost(f"commit {commit.seq} of {commit.stream} was made by another attempt")
            return link
    raise StoreUnavailable(f"commit {commit.seq} of {commit.stream} could not be written in {_TRIES} tries")
