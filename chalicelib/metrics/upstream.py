"""What upstream streams have published since a cube last looked."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice

from chalicelib.domain.objects import ObjectStore
from chalicelib.errors import IntegrityError
from chalicelib.lake import commits, published
from chalicelib.lake.steps import Kind, Step

MOST_COMMITS = 2_000
"""Commits that one look reads at most; the rest is for the next look, so that a long backfill cannot outlast a run."""


@dataclass(frozen=True, slots=True)
class News:
    """What a stream has made visible after a commit.

    ``seq`` is the last commit that this speaks of and ``watermark`` the stream's there (None: nothing new); ``days``
    are the UTC days in which rows were added; ``more`` says that there are commits after ``seq``.
    """

    seq: int
    watermark: datetime | None
    days: frozenset[date]
    more: bool


def news(store: ObjectStore, stream: str, tables: Collection[str], since: int, most: int = MOST_COMMITS) -> News:
    """Read the visible commits of a stream after ``since`` (0: all). A compaction adds no rows and touches no day.

    Raises ``IntegrityError`` when the chain is broken, ``StoreUnavailable``.
    """
    position = published.read(store, stream)
    visible = position.seq if position else 0
    if visible <= since:
        return News(since, None, frozenset(), more=False)
    start = commits.read(store, stream, since) if since else None
    wanted = min(visible - since, most)
    links = list(islice(commits.following(store, stream, start), wanted))
    if len(links) != wanted:
        raise IntegrityError(f"{stream}: commit {since + len(links) + 1} is published and not in the log")
    steps = [(link.commit.kind, Step.from_body(link.body)) for link in links]
    days = {
        date.fromisoformat(file.partition.removeprefix("dt="))
        for kind, step in steps
        if kind != Kind.COMPACTION
        for file in step.files
        if file.table in tables
    }
    return News(links[-1].seq, steps[-1][1].watermark, frozenset(days), more=since + wanted < visible)
