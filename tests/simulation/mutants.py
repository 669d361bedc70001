"""Seeded mistakes, each a part of the protocol done wrong. One that the simulation does not catch is a hole in it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from chalicelib.errors import ObjectNotFound
from chalicelib.ingest import backfilling
from chalicelib.ingest.backfill import Backfill
from chalicelib.ingest.pull import Pull
from chalicelib.ingest.replay import Replay
from chalicelib.ingest.seal import Seal
from chalicelib.ingest.windows import Plan, floor
from chalicelib.lake import commits, folders, layout, published
from chalicelib.lake.commits import Link
from chalicelib.lake.compaction import Compaction
from chalicelib.lake.log import StreamLog
from chalicelib.lake.steps import Kind, StagedFile, Step
from chalicelib.sources.base import Window
from tests.simulation.store import FakeS3


@dataclass(frozen=True)
class Mutant:
    """One mistake: which parts of the real thing are replaced."""

    name: str
    store: Callable[[FakeS3], Any] = lambda store: store
    log: type[StreamLog] = StreamLog
    pull: type[Pull] = Pull
    seal: type[Seal] = Seal
    compaction: type[Compaction] = Compaction
    backfill: type[Backfill] = Backfill
    replay: type[Replay] = Replay


SOUND = Mutant("none")


class _Wrapped:
    """A store that passes everything on."""

    def __init__(self, inner: FakeS3) -> None:
        self._inner = inner

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)


class _CommitsOverwrite(_Wrapped):
    def put(self, key: str, body: bytes, *, if_none_match: bool = False, **rest: Any) -> str:
        keeps = if_none_match and not key.startswith("ctl/commits/")
        return self._inner.put(key, body, if_none_match=keeps, **rest)


class _PositionOverwrites(_Wrapped):
    def put(
        self, key: str, body: bytes, *, if_none_match: bool = False, if_match: str | None = None, **rest: Any
    ) -> str:
        if key.startswith("ctl/published/"):
            return self._inner.put(key, body, **rest)
        return self._inner.put(key, body, if_none_match=if_none_match, if_match=if_match, **rest)


class _SharedStage(_Wrapped):
    """Staged objects without the attempt in their keys: twins write over each other."""

    def put(self, key: str, body: bytes, **rest: Any) -> str:
        return self._inner.put(_without_attempt(key), body, **rest)

    def get(self, key: str) -> Any:
        return self._inner.get(_without_attempt(key))

    def copy(self, source: str, target: str, **rest: Any) -> str:
        return self._inner.copy(_without_attempt(source), target, **rest)


def _without_attempt(key: str) -> str:
    parts = key.split("/")
    return "/".join([*parts[:3], "shared", *parts[4:]]) if parts[0] == "stage" else key


class _SharedStageLog(StreamLog):
    def commit(self, head: Link | None, kind: Kind, step: Step, attempt: str) -> Link:
        files = tuple(replace(file, staged=_without_attempt(file.staged)) for file in step.files)
        return super().commit(head, kind, replace(step, files=files), attempt)


class _PublishFirst(StreamLog):
    def commit(self, head: Link | None, kind: Kind, step: Step, attempt: str) -> Link:
        early = commits.draft(head, self.stream, attempt=attempt, kind=kind, committed_at=self.clock(), body={})
        self._place(Link(early, ""), step)
        return super().commit(head, kind, step, attempt)


class _NoRollForward(StreamLog):
    def recover(self) -> Link | None:
        position = published.read(self.store, self.stream)
        start = commits.read(self.store, self.stream, position.seq) if position else None
        return commits.find_head(self.store, self.stream, start)


class _CursorApart(StreamLog):
    """The cursor in an object of its own, written before the commit."""

    def recover(self) -> Link | None:
        head = super().recover()
        if head is None or head.commit.kind != Kind.PULL:
            return head
        try:
            end = json.loads(self.store.get(f"ctl/cursor/{self.stream}").body)
        except ObjectNotFound:
            return head
        body = {**head.body, "window": [head.body["window"][0], end], "cursor": end}
        return Link(replace(head.commit, body=body), head.sha256)

    def commit(self, head: Link | None, kind: Kind, step: Step, attempt: str) -> Link:
        self.store.put(f"ctl/cursor/{self.stream}", json.dumps(step.cursor.isoformat()).encode())
        return super().commit(head, kind, step, attempt)


class _RestatedBlindly(StreamLog):
    def _place_file(self, file: StagedFile, seq: int) -> None:
        self.store.copy(file.staged, file.key, metadata={"seq": str(seq)})


class _ConsumeFirst(StreamLog):
    def commit(self, head: Link | None, kind: Kind, step: Step, attempt: str) -> Link:
        self._consume(step.consumed)
        return super().commit(head, kind, step, attempt)


class _NoSeenIndex(Seal):
    def seal_batch(self, head: Link | None, keys: Any) -> Link:
        if head is not None and head.body["seen"]:
            head = Link(replace(head.commit, body={**head.body, "seen": []}), head.sha256)
        return super().seal_batch(head, keys)


class _CompactionAside(Compaction):
    """Compaction that replaces the folder beside the log instead of in it."""

    def _replace(self, crowded: Any, body: bytes, head: Link) -> Link:
        seq, table = head.seq, crowded.table
        key = layout.data(layout.folder(table.name, crowded.partition, seq), self.log.stream, seq)
        self.store.put(key, body)
        folders.flip(self.store, self.log.catalog, self.log.stream, seq, [crowded.name])
        return head


class _CompactionInPlace(Compaction):
    """Compaction that writes the new file beside the old ones, then deletes those."""

    def _replace(self, crowded: Any, body: bytes, head: Link) -> Link:
        self.store.put(layout.data(crowded.folder, self.log.stream, head.seq + 1), body)
        for key in crowded.keys:
            self.store.delete(key)
        return head


class _TrustsItsClock(Pull):
    """Plans from the clock alone: an outage leaves a hole, a twin with another clock another."""

    def plan(self, head: Link | None) -> Any:
        planned = super().plan(head)
        if planned is None or self.source.name != "history":
            return planned
        end = floor(self.clock() - self.source.settle, self.source.grid)
        return Plan(Window(end - self.source.grid, end))

    def _stage(self, head: Any, before: Any, plan: Any, *rest: Any) -> Step:
        if before is not None and plan.window.start != before.cursor:
            before = replace(before, cursor_at=plan.window.start)
        return super()._stage(head, before, plan, *rest)


def _in_first_folder(file: StagedFile) -> StagedFile:
    name = file.key.rpartition("/")[2]
    return file if file.restated else replace(file, key=layout.folder(file.table, file.partition) + name)


class _ReadsStaleFolders(StreamLog):
    """Publishes every file into the first folder, whatever a compaction has made of the partition."""

    def commit(self, head: Link | None, kind: Kind, step: Step, attempt: str) -> Link:
        if kind is not Kind.COMPACTION:
            step = replace(step, files=tuple(_in_first_folder(file) for file in step.files))
        return super().commit(head, kind, step, attempt)


class _BackfillMovesCursor(StreamLog):
    """Takes the end of a backfill's window for the live cursor."""

    def commit(self, head: Link | None, kind: Kind, step: Step, attempt: str) -> Link:
        if kind is Kind.BACKFILL:
            step = replace(step, cursor_at=None)
        return super().commit(head, kind, step, attempt)


class _CoveredIsNotConsulted(Backfill):
    """Knows only how far its own job has come."""

    def left(self, head: Link | None) -> list[Window]:
        if head is None:
            return []
        before = Step.from_body(head.body)
        mark = before.mark(self.job.id)
        after = mark.upto if mark else None
        return list(backfilling.windows(self.pull.source, self.job.pieces, (), before.cursor, after))


class _ReplayForgets(Replay):
    """Reads what was set aside at first, whatever was replayed since."""

    def _reread(self, origin: int, known: Any) -> Any:
        first = layout.rejected(self.source.name, origin)
        for key in list(self.store.list(first.removesuffix("jsonl.gz"))):
            if key.key != first:
                self.store.delete(key.key)
        return super()._reread(origin, known)


class _ReplayCountsTwice(StreamLog):
    """Counts the records of a replay as received once more."""

    def commit(self, head: Link | None, kind: Kind, step: Step, attempt: str) -> Link:
        if kind is Kind.REPLAY:
            step = replace(step, counts=replace(step.counts, received=step.counts.ok))
        return super().commit(head, kind, step, attempt)


MUTANTS = (
    Mutant("publish before commit", log=_PublishFirst),
    Mutant("no roll-forward", log=_NoRollForward),
    Mutant("commit without If-None-Match", store=_CommitsOverwrite),
    Mutant("cursor apart from data", log=_CursorApart),
    Mutant("checkpoint without If-Match", store=_PositionOverwrites),
    Mutant("staged keys without the attempt", store=_SharedStage, log=_SharedStageLog),
    Mutant("restated without the check of seq", log=_RestatedBlindly),
    Mutant("inbox deleted before the commit", log=_ConsumeFirst),
    Mutant("no index of seen identities", seal=_NoSeenIndex),
    Mutant("compaction beside the log", compaction=_CompactionAside),
    Mutant("compaction in place", compaction=_CompactionInPlace),
    Mutant("windows planned from the clock", pull=_TrustsItsClock),
    Mutant("late rows into the replaced folder", log=_ReadsStaleFolders),
    Mutant("a backfill moves the cursor", log=_BackfillMovesCursor),
    Mutant("covered is not consulted", backfill=_CoveredIsNotConsulted),
    Mutant("a replay forgets those before it", replay=_ReplayForgets),
    Mutant("a replay's records are received twice", log=_ReplayCountsTwice),
)
