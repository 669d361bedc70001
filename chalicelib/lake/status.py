"""How a stream stands, read from three or four small objects however long its log is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain.objects import ObjectStore
from chalicelib.lake import commits, published
from chalicelib.lake.cubes import KIND as CUBE
from chalicelib.lake.steps import Counts, Step


@dataclass(frozen=True, slots=True)
class StreamStatus:
    """The state of one stream's log.

    ``seq`` is the head and ``published_seq`` what is visible (0: nothing yet). ``watermark`` is None before the first
    commit and for a cube. ``counts`` are of the last commit, ``totals`` of all.
    """

    stream: str
    seq: int
    published_seq: int
    committed_at: datetime | None
    watermark: datetime | None
    window_end: datetime | None
    counts: Counts
    totals: Counts


def stream_status(store: ObjectStore, stream: str) -> StreamStatus:
    """Read how a stream stands. Raises ``StoreUnavailable``, ``IntegrityError``."""
    position = published.read(store, stream)
    start = commits.read(store, stream, position.seq) if position else None
    head = commits.find_head(store, stream, start)
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
        step.window.end,
        step.counts,
        step.totals,
    )
