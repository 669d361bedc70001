"""One arriving stream, one run: recover, then batch after batch of its inbox until it is empty or the time is spent.

A commit lists the inbox keys that it has consumed; they are deleted when it is visible. A key that comes again after
that (a redelivery, or a delete that a crash prevented) is found in the identity index, and counted as a duplicate.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import chain, islice
from typing import Any

from chalicelib.domain.clock import Clock
from chalicelib.domain.objects import ObjectStore
from chalicelib.errors import CommitLost, ObjectNotFound, SkippableRecordError
from chalicelib.ingest import seen
from chalicelib.ingest.inbox import pointer_of, to_item
from chalicelib.ingest.intake import Intake, NewAttempt, new_attempt
from chalicelib.ingest.seen import SeenIndex, SegmentCache
from chalicelib.ingest.side_by_side import side_by_side
from chalicelib.ingest.windows import floor
from chalicelib.lake import layout
from chalicelib.lake.commits import Link
from chalicelib.lake.files import FileFormat
from chalicelib.lake.log import StreamLog
from chalicelib.lake.steps import Kind, Step, last_record_at
from chalicelib.sources.base import ArrivingSource, Item, Record, Rejected, Window

BUCKET = timedelta(minutes=15)
_LOST_IN_A_ROW = 5
_READ_AHEAD = 32


@dataclass(frozen=True, slots=True)
class BatchLimits:
    """How much one commit takes: so many items, and no further item once it has so many bytes."""

    items: int = 1000
    size_bytes: int = 64 * 2**20


@dataclass(frozen=True)
class Seal:
    """What a run of one arriving stream needs.

    ``logs`` is the bucket into which pointer items point; ``cache`` lives as long as the process.
    """

    log: StreamLog
    source: ArrivingSource
    config: Mapping[str, Any]
    logs: ObjectStore
    file_format: FileFormat
    clock: Clock
    cache: SegmentCache
    limits: BatchLimits = BatchLimits()
    new_attempt: NewAttempt = new_attempt

    @property
    def store(self) -> ObjectStore:
        """The lake bucket."""
        return self.log.store

    def run(self, deadline: datetime) -> int:
        """Seal batches until the inbox is empty or ``deadline`` has passed; answer how many commits this run made.

        An empty inbox makes a commit when the last one is a heartbeat old. Raises ``StoreUnavailable``.
        """
        committed = lost = 0
        head = self.log.recover()
        while self.clock() < deadline and lost < _LOST_IN_A_ROW:
            try:
                keys = self._waiting(head)
                if not keys and not self._heartbeat_due(head):
                    break
                head = self.seal_batch(head, keys)
                committed, lost = committed + 1, 0
            except CommitLost:
                lost += 1
                head = self.log.recover()
        return committed

    def seal_batch(self, head: Link | None, keys: Iterable[str]) -> Link:
        """Read a batch, stage, audit, commit, publish. Raises ``CommitLost``."""
        before = Step.from_body(head.body) if head else None
        segments = before.seen if before else ()
        keys = list(keys)
        bodies = self.cache.load(self.store, segments) if keys else {}
        index = SeenIndex(bodies.values())
        intake = Intake(self.file_format, self.source.tables, index)
        consumed = tuple(self._take(intake, keys))
        attempt, seq = self.new_attempt(), head.seq + 1 if head else 1
        files, rejected = intake.stage(self.store, self.source.name, seq, attempt)
        window = self._window(before)
        if added := index.added():
            today = window.end.date()
            segments = seen.keep(self.store, self.source.name, segments, bodies, added, today, seq, attempt)
        counts = intake.counts()
        step = Step(
            window=window,
            watermark=self._watermark(window.end, before),
            counts=counts,
            totals=before.totals + counts if before else counts,
            files=files,
            rejected=rejected,
            schema_hash=intake.schema_hash,
            consumed=consumed,
            resume_after=consumed[-1] if consumed else (before.resume_after if before else ""),
            seen=segments,
            last_record_at=last_record_at(before, counts, window),
            marks=before.marks if before else (),
        )
        return self.log.commit(head, Kind.SEAL, step, attempt)

    def _waiting(self, head: Link | None) -> list[str]:
        """List the next inbox keys, going on where the last batch ended, so that no key waits for ever."""
        prefix = layout.inbox(self.source.name)
        after = Step.from_body(head.body).resume_after if head else ""
        later = (found.key for found in self.store.list(prefix, start_after=after))
        earlier = (found.key for found in self.store.list(prefix)) if after else iter(())
        keys = chain(later, (key for key in _until(earlier, after)))
        return list(islice(keys, self.limits.items))

    def _take(self, intake: Intake, keys: Iterable[str]) -> Iterator[str]:
        """Take items until the batch has its bytes; answer the keys that were taken."""
        taken_bytes = 0
        pending = iter(keys)
        while taken_bytes < self.limits.size_bytes and (some := list(islice(pending, _READ_AHEAD))):
            for key, item in zip(some, self.log.each(self._load, some), strict=True):
                if item is None:
                    continue  # a twin has sealed it
                if isinstance(item, Rejected):
                    intake.take(item, key)
                else:
                    for outcome in side_by_side(outcomes_of(self.source, item, self.config), self.source.tables):
                        intake.take(outcome, key, item)
                    taken_bytes += len(item.body)
                yield key

    def _load(self, key: str) -> Item | Rejected | None:
        try:
            item = to_item(self.store.get(key))
        except ObjectNotFound:
            return None
        try:
            return self._follow(item)
        except SkippableRecordError as error:
            return _reject(item, str(error))

    def _follow(self, item: Item) -> Item:
        """Replace a pointer by what it points at. Raises ``SkippableRecordError`` when that is gone."""
        pointer = pointer_of(item)
        if pointer is None:
            return item
        try:
            body = self.logs.get(pointer.key).body
        except ObjectNotFound as error:
            raise SkippableRecordError(f"{pointer.key} is no longer in the log bucket") from error
        return replace(item, body=body, attributes={"key": pointer.key, "etag": pointer.etag})

    def _heartbeat_due(self, head: Link | None) -> bool:
        if head is None:
            return True
        return self.clock() >= Step.from_body(head.body).cursor + self.source.heartbeat

    def _window(self, before: Step | None) -> Window:
        """From the last window's end to now; empty for a clock that is behind."""
        now = self.clock()
        start = before.cursor if before else now
        return Window(start, max(start, now))

    def _watermark(self, end: datetime, before: Step | None) -> datetime:
        mark = floor(end - self.source.lateness, BUCKET)
        return max(mark, before.watermark) if before else mark


def outcomes_of(source: ArrivingSource, item: Item, config: Mapping[str, Any]) -> Sequence[Record]:
    """Parse one item, whole or not at all."""
    try:
        return list(source.parse(item, config))
    except SkippableRecordError as error:
        return (_reject(item, str(error)),)
    except Exception as error:  # noqa: BLE001 - a parser's mistake on one item must not hold up all others for ever
        return (_reject(item, f"the parser failed: {type(error).__name__}: {error}"),)


def _until(keys: Iterator[str], last: str) -> Iterator[str]:
    for key in keys:
        if key > last:
            return
        yield key


def _reject(item: Item, reason: str) -> Rejected:
    return Rejected.of_body(reason, "whole", item.body)
