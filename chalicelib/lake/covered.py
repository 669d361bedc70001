"""What of a pull stream has been pulled: carried in its chain, so that nothing is asked for, or committed, twice."""

from __future__ import annotations

from chalicelib.domain.objects import ObjectStore
from chalicelib.errors import IntegrityError
from chalicelib.lake import commits
from chalicelib.lake.commits import Link
from chalicelib.lake.ranges import Ranges, merged
from chalicelib.lake.steps import Step
from chalicelib.sources.base import Window


def covered_by(store: ObjectStore, head: Link | None) -> Ranges:
    """Answer the ranges that are pulled as of a commit; none before the first.

    A commit of before ``covered`` was carried says nothing of backfills, for there were none: then it is the one range
    from the first commit's window on, and one more read, once in the life of a stream.
    """
    if head is None:
        return ()
    step = Step.from_body(head.body)
    if step.covered is not None:
        return step.covered
    first = head if head.seq == 1 else commits.read(store, head.commit.stream, 1)
    if first is None:
        raise IntegrityError(f"{head.commit.stream}: the log has commit {head.seq} and no commit 1")
    return merged([Window(Step.from_body(first.body).window.start, step.cursor)])
