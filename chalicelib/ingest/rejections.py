"""What was set aside of a stream, the newest first, for people to look at: bounded, however much there is.

A commit that sets records aside leaves one object, named by its ``seq``; a listing goes upwards only. So the seqs are
looked through downwards in spans: one that holds little is followed by a wider one, one that holds too much is halved.
"""

from __future__ import annotations

import gzip
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby, islice, takewhile
from typing import Any, Final

from chalicelib.domain.objects import ObjectInfo, ObjectStore
from chalicelib.errors import IntegrityError, ObjectNotFound
from chalicelib.ingest.set_aside import NOT_KEPT, SetAside
from chalicelib.lake import commits, layout
from chalicelib.lake.commits import Commit
from chalicelib.lake.steps import Step
from chalicelib.sources.base import Window

EXCERPT: Final = 2_000
_REASON: Final = 1_000
_PLACE: Final = 300

_SPAN: Final = 256
_MOST_KEYS: Final = 2_000
_FEW_KEYS: Final = 100
_MOST_ORIGINS: Final = 64
_MOST_REPLAYS: Final = 10
_MOST_LINES: Final = 20_000
_MOST_BYTES: Final = 32 * 2**20
_AT_A_TIME: Final = 8
HIGHEST: Final = 10**8 - 1
"""No commit has a higher number."""

Position = tuple[int, int, int]
"""Of a record: the commit that received it, its place in it, and which of the records at that place it is."""


@dataclass(frozen=True, slots=True)
class Rejection:
    """One record that was set aside, as an excerpt that nobody interprets.

    ``window`` and ``at`` are those of the commit; ``obstacle`` says why it cannot be read again (None: it can);
    ``replayed_at`` is when a replay has made it good: of a commit that was replayed more than ten times, at the latest.
    """

    position: Position
    at: datetime
    window: Window | None
    reason: str
    where: str
    origin: str
    text: str
    is_cut: bool
    encoding: str
    obstacle: str | None
    replayed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Found:
    """Some of what was set aside; ``more`` is where to go on after, None at the end."""

    items: tuple[Rejection, ...]
    more: Position | None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Origin:
    """What a commit has set aside: its own object, and those of the replays after it."""

    seq: int
    objects: Sequence[ObjectInfo]


@dataclass(frozen=True, slots=True)
class _Read:
    seq: int
    items: tuple[Rejection, ...] = ()
    notes: tuple[str, ...] = field(default=())


def newest(store: ObjectStore, stream: str, head: int, after: Position | None, most: int) -> Found:
    """Answer what was set aside: the newest commit first, in a commit by the places of the records.

    Parameters
    ----------
    head
        The last commit of the stream; one that is too high costs a few listings more.
    after
        The record to go on after; None for the beginning.
    most
        Records, at most. Fewer may be answered with ``more`` to go on after: a call reads a bounded number of objects.

    Raises
    ------
    StoreUnavailable
    """
    origins = _origins(store, stream, head if after is None else min(head, after[0]))
    items: list[Rejection] = []
    notes: list[str] = []
    seen = 0
    with ThreadPoolExecutor(_AT_A_TIME) as pool:
        while some := tuple(islice(origins, _AT_A_TIME)):
            for read in pool.map(lambda origin: _read_origin(store, stream, origin), some):
                notes += read.notes
                for item in read.items:
                    if after is not None and item.position[0] == after[0] and item.position <= after:
                        continue
                    if len(items) == most:
                        return Found(tuple(items), items[-1].position, tuple(notes))
                    items.append(item)
            seen += len(some)
            if seen >= _MOST_ORIGINS:
                last = (some[-1].seq, _MOST_LINES, _MOST_LINES)  # all of that commit is behind us
                return Found(tuple(items), last, tuple(notes))
    return Found(tuple(items), None, tuple(notes))


def _origins(store: ObjectStore, stream: str, head: int) -> Iterator[_Origin]:
    """Go through the commits that have set something aside, from ``head`` down."""
    end, span = head + 1, _SPAN
    while end > 1:
        start = max(1, end - span)
        found = tuple(islice(_listed(store, stream, start, end), _MOST_KEYS + 1))
        if len(found) > _MOST_KEYS and end - start > 1:
            span = (end - start) // 2
            continue
        grouped = [_Origin(seq, tuple(of)) for seq, of in groupby(found, lambda one: layout.rejected_origin(one.key))]
        yield from reversed(grouped)
        end = start
        if len(found) < _FEW_KEYS:
            span *= 4


def _listed(store: ObjectStore, stream: str, start: int, end: int) -> Iterator[ObjectInfo]:
    prefix = layout.rejected_of(stream)
    listed = store.list(prefix, start_after=f"{prefix}{start:08d}")
    return takewhile(lambda one: layout.rejected_origin(one.key) < end, listed)


def _read_origin(store: ObjectStore, stream: str, origin: _Origin) -> _Read:
    first, replays = origin.objects[0], origin.objects[1:][-_MOST_REPLAYS:]
    try:
        received, all_read = _lines(store, first.key)
        after_each = [(_replayed_at(store, stream, one), _lines(store, one.key)[0]) for one in replays]
    except IntegrityError as error:
        return _Read(origin.seq, notes=(f"What commit {origin.seq} has set aside is not shown: {error}.",))
    notes = () if all_read else (f"Commit {origin.seq} has set more aside than is shown here: see {first.key}.",)
    commit = _commit(store, stream, origin.seq)
    at = commit.committed_at if commit else first.modified_at
    step = Step.from_body(commit.body) if commit else None
    still = after_each[-1][1] if after_each else received
    left = {_place(line) for line in still}
    gone = [line for line in received if _place(line) not in left]
    good_at = {
        place: next((when for when, lines in after_each if place not in {_place(line) for line in lines}), None)
        for place in {_place(line) for line in gone}
    }
    told = sorted([*gone, *still], key=_place)
    items = (
        _rejection((origin.seq, place, nth), line[1], at, step, good_at.get(place))
        for place, lines in groupby(told, _place)
        for nth, line in enumerate(lines)
    )
    return _Read(origin.seq, tuple(items), notes)


def _place(line: tuple[int, SetAside]) -> int:
    """The record's place in its commit; in lines of before places were kept, the line's."""
    number, record = line
    return number if record.ordinal is None else record.ordinal


def _lines(store: ObjectStore, key: str) -> tuple[list[tuple[int, SetAside]], bool]:
    """Read an object's records, and whether these are all. Raises ``IntegrityError``."""
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(store.get(key).body)) as file:
            text = file.read(_MOST_BYTES)
            is_whole = not file.read(1)
        lines = text.splitlines()
        if not is_whole:
            lines = lines[:-1]  # cut off somewhere in its middle
        shown = lines[:_MOST_LINES]
        records = [(number, SetAside(line, _object(json.loads(line)))) for number, line in enumerate(shown)]
    except (ValueError, OSError, EOFError) as error:
        raise IntegrityError(f"{key} cannot be read: {error}") from error
    return records, is_whole and len(lines) <= _MOST_LINES


def _object(line: Any) -> Mapping[str, Any]:
    if not isinstance(line, dict):
        raise ValueError("a line is no record")
    return line


def _commit(store: ObjectStore, stream: str, seq: int) -> Commit | None:
    """Read a commit; one that is gone or damaged hides no record from whoever looks for what is wrong."""
    try:
        link = commits.read(store, stream, seq)
    except (IntegrityError, ObjectNotFound):
        return None
    return link.commit if link else None


def _replayed_at(store: ObjectStore, stream: str, info: ObjectInfo) -> datetime:
    commit = _commit(store, stream, layout.replay_seq(info.key))
    return commit.committed_at if commit else info.modified_at


def _rejection(
    position: Position, record: SetAside, at: datetime, step: Step | None, replayed_at: datetime | None
) -> Rejection:
    fields = record.fields
    text = _text(fields.get("raw"))
    return Rejection(
        position=position,
        at=at,
        window=step.window if step else None,
        reason=_text(fields.get("reason"))[:_REASON],
        where=_text(fields.get("where"))[:_PLACE],
        origin=_text(fields.get("origin"))[:_PLACE],
        text=text[:EXCERPT],
        is_cut=len(text) > EXCERPT,
        encoding=_text(fields.get("encoding")) or "utf-8",
        obstacle=None if replayed_at else _obstacle(record, step),
        replayed_at=replayed_at,
    )


def _obstacle(record: SetAside, step: Step | None) -> str | None:
    """What was pulled is read again from its raw pages, what arrived from its line."""
    if step is None:
        return None
    if step.raw is None:
        return record.obstacle
    return NOT_KEPT if record.ordinal is None or not step.good else None


def _text(value: Any) -> str:
    """Answer a text that can be sent on: half a surrogate pair cannot."""
    return "" if value is None else str(value).encode("utf-8", "replace").decode()
