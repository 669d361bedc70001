"""One run of a replay: records that were set aside become rows, in commits of the stream's own chain.

One commit of it stands for one commit of before: it adds the rows, and names what is still set aside of that commit.
Whoever comes second finds what is still set aside, and nothing else, so no record becomes rows twice.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from chalicelib.domain.clock import Clock
from chalicelib.domain.objects import ObjectStore
from chalicelib.errors import CommitLost, IntegrityError
from chalicelib.ingest import seen, set_aside
from chalicelib.ingest.identity import BatchIdentities
from chalicelib.ingest.intake import Intake, Known, NewAttempt, new_attempt
from chalicelib.ingest.jobs import Job, Progress, Report
from chalicelib.ingest.rereading import Reread, reread_arrived, reread_pulled
from chalicelib.ingest.seen import SeenIndex, SegmentCache
from chalicelib.lake import commits, layout
from chalicelib.lake.commits import Link
from chalicelib.lake.files import FileFormat
from chalicelib.lake.log import StreamLog
from chalicelib.lake.steps import Counts, Kind, Mark, Segment, Step, marked
from chalicelib.sources.base import PullSource, Source

_LOST_IN_A_ROW = 5
Segments = Callable[[int, str], tuple[Segment, ...]]


@dataclass(frozen=True)
class Replay:
    """What a run of one replay needs."""

    log: StreamLog
    source: Source
    config: Mapping[str, Any]
    file_format: FileFormat
    clock: Clock
    cache: SegmentCache
    job: Job
    new_attempt: NewAttempt = new_attempt

    @property
    def store(self) -> ObjectStore:
        """The lake bucket."""
        return self.log.store

    def run(self, deadline: datetime, report: Report) -> Progress:
        """Look at commits, oldest first, until all are, ``deadline`` has passed or ``report`` says no.

        Raises ``IntegrityError``, ``StoreUnavailable``; what is committed stays.
        """
        head = self.log.recover()
        origins = [seq for seq in set_aside.latest(self.store, self.source.name) if self._is_asked_for(seq)]
        position, lost, reasons = self.job.position, 0, Counter[str]()
        while True:
            todo = [seq for seq in origins if seq > position]
            progress = self._progress(head, len(origins), len(todo), position)
            if not report(progress) or not todo or head is None or self.clock() >= deadline:
                return replace(progress, notes=_said(reasons, position))
            try:
                reread, link = self.replay_commit(head, todo[0])
                position, lost, head = todo[0], 0, link or head
                reasons.update(reread.reasons)
            except CommitLost:
                lost += 1
                head = self.log.recover()
                if lost >= _LOST_IN_A_ROW:
                    return replace(progress, notes=_said(reasons, position))

    def replay_commit(self, head: Link, origin: int) -> tuple[Reread, Link | None]:
        """Read what is set aside of one commit again, and commit what is good. Raises ``CommitLost``."""
        before = Step.from_body(head.body)
        bodies = self.cache.load(self.store, before.seen)
        index = SeenIndex(bodies.values())
        known: Known = BatchIdentities() if isinstance(self.source, PullSource) else index
        reread = self._reread(origin, known)
        if not reread.good:
            return reread, None
        intake = Intake(self.file_format, self.source.tables, known, kept=reread.kept)
        for record, outcomes in reread.good:
            item = None if isinstance(self.source, PullSource) else record.item()
            for outcome in outcomes:
                intake.take(outcome, record.origin, item, record.ordinal)
        if not intake.counts().ok + intake.counts().duplicate:
            return reread, None  # good by themselves, and no table can hold them
        attempt, seq = self.new_attempt(), head.seq + 1
        segments = before.seen
        if added := index.added():
            today = before.cursor.date()
            segments = seen.keep(self.store, self.source.name, before.seen, bodies, added, today, seq, attempt)
        step = self._stage(before, intake, len(reread.good), origin, seq, attempt)
        return reread, self.log.commit(head, Kind.REPLAY, replace(step, seen=segments), attempt)

    def _stage(self, before: Step, intake: Intake, records: int, origin: int, seq: int, attempt: str) -> Step:
        files, rejected = intake.stage(self.store, self.source.name, seq, attempt)
        taken = intake.counts()
        # The records were received, and counted as rejected, before: a whole body can be more records than one.
        counts = taken + Counts(received=-records, rejected=-records)
        mark = before.mark(self.job.id) or Mark(self.job.id, 0, 0, before.cursor)
        return replace(
            before.idle(),
            counts=counts,
            totals=before.totals + counts,
            files=files,
            rejected=rejected,
            replays=origin,
            marks=marked(before.marks, Mark(self.job.id, mark.done + 1, mark.rows + counts.rows, before.cursor)),
        )

    def _reread(self, origin: int, known: Known) -> Reread:
        name = self.source.name
        key = set_aside.latest(self.store, name)[origin]
        records = set_aside.read(self.store, key)
        if not isinstance(self.source, PullSource):
            return reread_arrived(self.source, self.config, records)
        assert isinstance(known, BatchIdentities)
        first = set_aside.read(self.store, layout.rejected(name, origin))
        step = Step.from_body(self._commit(origin).body)
        return reread_pulled(self.store, self.source, self.config, step, records, first, known)

    def _commit(self, seq: int) -> Link:
        link = commits.read(self.store, self.source.name, seq)
        if link is None:
            raise IntegrityError(f"{self.source.name} has records set aside of commit {seq}, which is not there")
        return link

    def _is_asked_for(self, seq: int) -> bool:
        if not self.job.pieces:
            return True
        at = self._commit(seq).commit.committed_at
        return any(one.start <= at < one.end for one in self.job.pieces)

    def _progress(self, head: Link | None, origins: int, todo: int, position: int) -> Progress:
        mark = Step.from_body(head.body).mark(self.job.id) if head else None
        return Progress(origins - todo, mark.rows if mark else 0, todo, position)


def _said(reasons: Mapping[str, int], position: int) -> tuple[str, ...]:
    return tuple(
        f"{count} {'record' if count == 1 else 'records'} of commits up to {position} stay set aside: {reason}."
        for reason, count in sorted(reasons.items())
    )
