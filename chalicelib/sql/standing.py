"""How far what there is to select from has come: read from what is published, and from one listing of its files."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from chalicelib.domain.objects import ObjectStore
from chalicelib.errors import IntegrityError
from chalicelib.lake import commits, published
from chalicelib.lake.published import Published
from chalicelib.lake.steps import Step
from chalicelib.lake.visible import VisibleFile, table_files
from chalicelib.metrics.cubes import CUBES
from chalicelib.sources.registry import SOURCES


@dataclass(frozen=True, slots=True)
class Freshness:
    """How far a source is visible: complete up to ``watermark``; both None before its first publish.

    ``rows`` is how many rows have become visible in all, of a source whose rows all lie in one table that only grows.
    """

    source: str
    watermark: datetime | None
    published_at: datetime | None
    rows: int | None = None


def freshness(store: ObjectStore, stream: str) -> tuple[Freshness, ...]:
    """Answer how far a stream is; of a cube, how far each of its sources is in it.

    Raises
    ------
    StoreUnavailable
    IntegrityError
        The commit that is published is not in the log.
    """
    position = published.read(store, stream)
    if stream in CUBES:
        at, marks = (position.published_at, position.watermarks) if position else (None, {})
        return tuple(Freshness(source, marks.get(source), at) for source in sorted(CUBES[stream].inputs))
    if position is None:
        return (Freshness(stream, None, None),)
    link = commits.read(store, stream, position.seq)
    if link is None:
        raise IntegrityError(f"{stream}: commit {position.seq} is published and not in the log")
    step = Step.from_body(link.body)
    tables = SOURCES[stream].tables
    grows = len(tables) == 1 and not tables[0].restated
    return (Freshness(stream, step.watermark, position.published_at, step.totals.rows if grows else None),)


def visible_files(store: ObjectStore, stream: str, table: str) -> tuple[VisibleFile, ...]:
    """Answer the files of a table or a level of a cube that readers see, oldest partition first.

    A cube's manifest names them, those of a table follow from a listing.
    """
    position = published.read(store, stream)
    if position is None:
        return ()
    return tuple(_of_cube(position, table) if stream in CUBES else table_files(store, position, table))


def _of_cube(position: Published, table: str) -> Iterable[VisibleFile]:
    for name, partition in sorted(position.partitions.items()):
        of, _, key = name.partition("/")
        if of == table:
            yield from (VisibleFile(key, file) for file in partition.files)


@dataclass(frozen=True, slots=True)
class Extent:
    """How much there is: days are the first and last partition's, None where partitions are no days."""

    files: int
    size_bytes: int
    partitions: int
    first_day: date | None
    last_day: date | None


def extent(files: Iterable[VisibleFile], *, by_day: bool) -> Extent:
    """Add files up.

    >>> from chalicelib.lake.published import DataFile
    >>> extent([VisibleFile("dt=2026-11-22", DataFile("k", 7))], by_day=True).first_day
    datetime.date(2026, 11, 22)
    """
    found = tuple(files)
    partitions = sorted({each.partition for each in found})
    days = [date.fromisoformat(name.partition("=")[2]) for name in partitions] if by_day else []
    size_bytes = sum(each.file.size_bytes for each in found)
    return Extent(len(found), size_bytes, len(partitions), days[0] if days else None, days[-1] if days else None)
