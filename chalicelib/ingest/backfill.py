"""One run of a backfill: windows of the past into the stream's own chain, beside its live windows.

A commit of it moves neither the live cursor nor the watermark. Which windows are left is read from the chain before
each of them, so that twins, live runs and killed runs neither lose a window nor take one twice.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from chalicelib.errors import CommitLost
from chalicelib.ingest import backfilling
from chalicelib.ingest.jobs import Job, Progress, Report
from chalicelib.ingest.pull import Pull
from chalicelib.ingest.windows import count_due
from chalicelib.lake.commits import Link
from chalicelib.lake.covered import covered_by
from chalicelib.lake.ranges import merged
from chalicelib.lake.steps import Kind, Mark, Step, marked
from chalicelib.sources.base import Window

_LOST_IN_A_ROW = 5


@dataclass(frozen=True)
class Backfill:
    """What a run of one backfill needs: the stream's pull, with a budget that leaves some for live windows."""

    pull: Pull
    job: Job

    def run(self, deadline: datetime, report: Report) -> Progress:
        """Take windows until none is left, ``deadline`` has passed, ``report`` says no, or the live stream is due.

        Raises
        ------
        RetriableSourceError, FatalSourceError, StoreUnavailable
            As a live run. What is committed stays.
        """
        lost = 0
        head = self.pull.log.recover()
        while True:
            left = self.left(head)
            progress = self._progress(head, left)
            if not report(progress) or not left or head is None or lost >= _LOST_IN_A_ROW:
                return progress
            if self.pull.clock() >= deadline or self._live_is_due(head):
                return progress
            try:
                head = self.take_window(head, left[0])
                lost = 0
            except CommitLost:
                lost += 1
                head = self.pull.log.recover()

    def left(self, head: Link | None) -> list[Window]:
        """Answer the windows that are left, oldest first; none before the stream's first commit."""
        if head is None:
            return []
        before = Step.from_body(head.body)
        mark = before.mark(self.job.id)
        restated = self.job.again or backfilling.is_restated(self.pull.source)
        covered = () if restated else covered_by(self.pull.store, head)
        after = mark.upto if mark and restated else None
        return list(backfilling.windows(self.pull.source, self.job.pieces, covered, before.cursor, after))

    def take_window(self, head: Link, window: Window) -> Link:
        """Fetch, transform, stage, audit, commit, publish. Raises ``CommitLost``."""
        pull, before = self.pull, Step.from_body(head.body)
        fetched, intake = pull.take(window, {}, self.job.created_at if self.job.again else None)
        attempt = pull.new_attempt()
        files, rejected = intake.stage(pull.store, pull.source.name, head.seq + 1, attempt)
        counts = intake.counts()
        mark = before.mark(self.job.id) or Mark(self.job.id, 0, 0, window.start)
        step = Step(
            window=window,
            watermark=before.watermark,
            cursor_at=before.cursor,
            counts=counts,
            totals=before.totals + counts,
            files=files,
            rejected=rejected,
            schema_hash=intake.schema_hash,
            good=intake.good,
            raw=fetched.folder,
            state=before.state,
            last_record_at=before.last_record_at,
            covered=merged((*covered_by(pull.store, head), window)),
            marks=marked(before.marks, Mark(self.job.id, mark.done + 1, mark.rows + counts.rows, window.end)),
        )
        return pull.log.commit(head, Kind.BACKFILL, step, attempt)

    def _live_is_due(self, head: Link) -> bool:
        source = self.pull.source
        return count_due(Step.from_body(head.body).cursor, self.pull.clock(), source.grid, source.settle) > 0

    def _progress(self, head: Link | None, left: list[Window]) -> Progress:
        mark = Step.from_body(head.body).mark(self.job.id) if head else None
        known = len(left) if head else None
        return Progress(mark.done, mark.rows, known) if mark else Progress(0, 0, known)
