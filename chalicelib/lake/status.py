"""How a stream stands, read from three to five small objects however long its log is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain.objects import ObjectStore
from chalicelib.errors import IntegrityError
from chalicelib.lake import commits, published
from chalicelib.lake.commits import Link
from chalicelib.lake.cubes import KIND as CUBE
from chalicelib.lake.published import Published
from chalicelib.lake.steps import Counts, Step


@dataclass(frozen=True, slots=True)
class StreamStatus:
    """The state of one stream's log.

    ``seq`` is the head and ``published_seq`` what is visible (0: nothing yet). ``watermark`` and ``cursor``, where the
    next window begins, are None before the first commit and for a cube. ``counts`` are of the last commit, ``totals``
    of all. ``last_record_at`` is when a record was last received; ``quiet_since`` is the same or, where none ever came,
    when the stream's first commit was made.
    """

    stream: str
    seq: int
    published_seq: int
    committed_at: datetime | None
    watermark: datetime | None
    cursor: datetime | None
    counts: Counts
    totals: Counts
    last_record_at: datetime | None = None
    quiet_since: datetime | None = None


def stream_status(store: ObjectStore, stream: str) -> StreamStatus:
    """Read how a stream stands. Raises ``StoreUnavailable``, ``IntegrityError``."""
    position = published.read(store, stream)
    head = _head_from(store, stream, position)
    visible = position.seq if position else 0
    if head is None:
        return StreamStatus(stream, 0, visible, None, None, None, Counts(), Counts())
    if head.commit.kind == CUBE:
        return StreamStatus(stream, head.seq, visible, head.commit.committed_at, None, None, Counts(), Counts())
    step = Step.from_body(head.body)
    return StreamStatus(
        stream,
        head.seq,
        visible,
        head.commit.committed_at,
        step.watermark,
        step.cursor,
        step.counts,
        step.totals,
        step.last_record_at,
        step.last_record_at or _first_commit_at(store, head),
    )


def head_of(store: ObjectStore, stream: str) -> Link | None:
    """Read the last commit of a stream, None before the first. Raises ``StoreUnavailable``, ``IntegrityError``."""
    return _head_from(store, stream, published.read(store, stream))


def _head_from(store: ObjectStore, stream: str, position: Published | None) -> Link | None:
    start = commits.read(store, stream, position.seq) if position else None
    return commits.find_head(store, stream, start)


def _first_commit_at(store: ObjectStore, head: Link) -> datetime:
    first = head if head.seq == 1 else commits.read(store, head.commit.stream, 1)
    if first is None:
        raise IntegrityError(f"{head.commit.stream}: the log has commit {head.seq} and no commit 1")
    return first.commit.committed_at
