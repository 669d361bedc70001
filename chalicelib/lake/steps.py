"""What a commit of an ingesting stream says: a window and its files, counts, and all that the next commit needs.

Data and cursor are one object and cannot diverge. Everything that a writer must remember between two commits is carried
forward in it (totals, ETags, the identity index), so that the cost of a run never grows with the length of the log.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from chalicelib.lake.ranges import Ranges
from chalicelib.sources.base import Window


class Kind(StrEnum):
    """Who made a commit."""

    PULL = "pull"
    SEAL = "seal"
    COMPACTION = "compaction"
    BACKFILL = "backfill"
    REPLAY = "replay"


@dataclass(frozen=True, slots=True)
class Counts:
    """Records of one commit, or of all so far: ``received == ok + rejected + duplicate``.

    A replay receives nothing: what it makes good of the records set aside is ``ok`` more and ``rejected`` less.
    ``conflict`` counts those of ``ok`` whose identity was known with another content; ``rows`` what ``ok`` became.
    """

    received: int = 0
    ok: int = 0
    rejected: int = 0
    duplicate: int = 0
    conflict: int = 0
    rows: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(self)))


@dataclass(frozen=True, slots=True)
class StagedFile:
    """One Parquet file: where it was staged, where it becomes visible, and what it holds."""

    staged: str
    key: str
    table: str
    partition: str
    rows: int
    size_bytes: int
    sha256: str
    restated: bool = False


@dataclass(frozen=True, slots=True)
class Segment:
    """One object of the identity index: sorted identities of records committed on one UTC day."""

    key: str
    day: date
    entries: int


@dataclass(frozen=True, slots=True)
class Mark:
    """How far a job has come: ``done`` windows or commits, ``rows`` that came of them, all before the instant ``upto``.

    Carried in the chain, so that a job whose run was killed after a commit neither counts nor asks it again.
    """

    job: str
    done: int
    rows: int
    upto: datetime


MARKS = 8
"""Jobs that a chain remembers: they run one after another, so more are only there for late readers."""


@dataclass(frozen=True, slots=True)
class Step:
    """The body of a commit.

    ``cursor_at`` is how far the live stream has come where that is not the window's end: a backfill's window lies in
    the past and moves neither cursor nor watermark. ``covered`` is all that has been pulled, the live range too; None
    in a commit of before that was known (:func:`chalicelib.lake.covered.covered_by`). ``marks`` are the last jobs.
    ``good`` is a digest of the ids of the good records in their order: with it a replay knows that today's parser finds
    the same records in the same places. ``replays`` is the commit whose set-aside records this commit has parsed again.

    ``consumed`` are inbox keys; ``resume_after`` is where the next batch begins in the inbox; ``missed`` are windows of
    a snapshot that nobody took; ``replaced`` names partitions (``"table/dt=…"``) whose folder this commit replaces;
    ``state`` maps a request to what its next conditional request needs. ``last_record_at`` is the window's end of the
    last commit that received a record, good or bad: None when none has come yet.
    """

    window: Window
    watermark: datetime
    counts: Counts = Counts()
    totals: Counts = Counts()
    files: tuple[StagedFile, ...] = ()
    rejected: str | None = None
    schema_hash: str = ""
    raw: str | None = None
    missed: tuple[Window, ...] = ()
    consumed: tuple[str, ...] = ()
    resume_after: str = ""
    replaced: tuple[str, ...] = ()
    state: Mapping[str, Any] = field(default_factory=dict)
    seen: tuple[Segment, ...] = ()
    last_record_at: datetime | None = None
    cursor_at: datetime | None = None
    covered: Ranges | None = None
    marks: tuple[Mark, ...] = ()
    replays: int | None = None
    good: str = ""

    @property
    def cursor(self) -> datetime:
        """How far the live stream has come: where its next window begins."""
        return self.cursor_at or self.window.end

    def mark(self, job: str) -> Mark | None:
        """Answer how far a job has come, None when it has committed nothing."""
        return next((mark for mark in self.marks if mark.job == job), None)

    @property
    def partitions(self) -> tuple[str, ...]:
        """The partitions that the commit touches, as ``"table/dt=YYYY-MM-DD"``."""
        return tuple(sorted({f"{file.table}/{file.partition}" for file in self.files}))

    def to_body(self) -> dict[str, Any]:
        """Write it as JSON's types."""
        return {
            "window": _window(self.window),
            "watermark": self.watermark.isoformat(),
            "counts": _plain(self.counts),
            "totals": _plain(self.totals),
            "files": [_plain(file) for file in self.files],
            "rejected": self.rejected,
            "schema_hash": self.schema_hash,
            "raw": self.raw,
            "missed": [_window(window) for window in self.missed],
            "consumed": list(self.consumed),
            "resume_after": self.resume_after,
            "replaced": list(self.replaced),
            "state": self.state,
            "seen": [{"key": s.key, "day": s.day.isoformat(), "entries": s.entries} for s in self.seen],
            "last_record_at": self.last_record_at.isoformat() if self.last_record_at else None,
            "cursor": self.cursor.isoformat(),
            "covered": None if self.covered is None else [_window(window) for window in self.covered],
            "marks": [{**_plain(mark), "upto": mark.upto.isoformat()} for mark in self.marks],
            "replays": self.replays,
            "good": self.good,
        }

    @classmethod
    def from_body(cls, body: Mapping[str, Any]) -> Step:
        """Read what :meth:`to_body` wrote, now or before bodies had ``last_record_at``, ``cursor`` and what follows."""
        window, covered = _parse_window(body["window"]), body.get("covered")
        cursor = datetime.fromisoformat(body["cursor"]) if "cursor" in body else window.end
        return cls(
            window=window,
            watermark=datetime.fromisoformat(body["watermark"]),
            counts=Counts(**body["counts"]),
            totals=Counts(**body["totals"]),
            files=tuple(StagedFile(**file) for file in body["files"]),
            rejected=body["rejected"],
            schema_hash=body["schema_hash"],
            raw=body["raw"],
            missed=tuple(_parse_window(window) for window in body["missed"]),
            consumed=tuple(body["consumed"]),
            resume_after=body["resume_after"],
            replaced=tuple(body["replaced"]),
            state=body["state"],
            seen=tuple(Segment(s["key"], date.fromisoformat(s["day"]), s["entries"]) for s in body["seen"]),
            last_record_at=_last_record_at(body),
            cursor_at=None if cursor == window.end else cursor,
            covered=None if covered is None else tuple(_parse_window(one) for one in covered),
            marks=tuple(
                Mark(**{**mark, "upto": datetime.fromisoformat(mark["upto"])}) for mark in body.get("marks", ())
            ),
            replays=body.get("replays"),
            good=body.get("good", ""),
        )

    def idle(self) -> Step:
        """The step after this one that receives nothing: an empty window, and all that is carried forward."""
        return replace(
            self,
            window=Window(self.cursor, self.cursor),
            cursor_at=None,
            replays=None,
            good="",
            counts=Counts(),
            files=(),
            rejected=None,
            raw=None,
            missed=(),
            consumed=(),
            replaced=(),
        )


def last_record_at(before: Step | None, counts: Counts, window: Window) -> datetime | None:
    """Answer when a record was last received, as of a commit with these counts and this window."""
    if counts.received:
        return window.end
    return before.last_record_at if before else None


def _last_record_at(body: Mapping[str, Any]) -> datetime | None:
    """Read it; of an older body that has received something, answer its window's end: it was not later than that."""
    if "last_record_at" in body:
        return datetime.fromisoformat(body["last_record_at"]) if body["last_record_at"] else None
    return datetime.fromisoformat(body["window"][1]) if body["totals"]["received"] else None


def marked(before: tuple[Mark, ...], mark: Mark) -> tuple[Mark, ...]:
    """Answer the marks after a job's commit, the newest last."""
    return (*(other for other in before if other.job != mark.job), mark)[-MARKS:]


def _plain(value: Counts | StagedFile | Mark) -> dict[str, Any]:
    return {f.name: getattr(value, f.name) for f in fields(value)}


def _window(window: Window) -> list[str]:
    return [window.start.isoformat(), window.end.isoformat()]


def _parse_window(raw: list[str]) -> Window:
    return Window(datetime.fromisoformat(raw[0]), datetime.fromisoformat(raw[1]))
