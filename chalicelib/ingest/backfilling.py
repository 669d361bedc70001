"""What a backfill asks for: pure arithmetic over the range that is wanted and the ranges that are pulled already.

A window may be asked for when it has settled and lies before the live cursor: what comes after is the live stream's.
A table that is restated holds one object a day, so a source that has one is asked for whole days: an hour of a day put
in the place of the day would be a loss.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from chalicelib.ingest.windows import floor, settled_end
from chalicelib.lake.ranges import Ranges, gaps, merged
from chalicelib.sources.base import PullSource, Source, Window

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A range as it can be asked for: on the grid, settled, before the cursor; ``range`` may be empty."""

    range: Window
    notes: tuple[str, ...]


def is_restated(source: Source) -> bool:
    """Whether a range may be asked for again without doubling a row: every table of the source is restated."""
    return all(table.restated for table in source.tables)


def unit(source: PullSource) -> timedelta:
    """Answer what a backfill is a multiple of: the grid; whole days where a table is restated."""
    return max(source.grid, DAY) if any(table.restated for table in source.tables) else source.grid


def step(source: PullSource) -> timedelta:
    """Answer how long a window may be."""
    return source.span or source.grid


def cut(source: PullSource, given: Window, now: datetime, cursor: datetime | None) -> Wanted:
    """Cut a range to what can be asked for: outwards to the grid, and to what has settled and is behind the cursor."""
    by, notes = unit(source), []
    start, end = floor(given.start, by), floor_up(given.end, by)
    if (start, end) != (given.start, given.end):
        notes.append(f"The range was widened to {_said(start)} to {_said(end)}: this source is asked in steps of {by}.")
    last = settled_end(now, source.grid, source.settle)
    if cursor is not None and cursor < last:
        last = cursor
    last = floor(last, by)
    if end > last:
        end = max(start, last)
        notes.append(f"What comes after {_said(last)} is left to the live stream: it pulls that by itself.")
    return Wanted(Window(start, end), tuple(notes))


def floor_up(instant: datetime, by: timedelta) -> datetime:
    """Answer the first grid point at or after an instant."""
    down = floor(instant, by)
    return down if down == instant else down + by


def pieces(source: PullSource, wanted: Window, covered: Ranges, *, again: bool) -> Ranges:
    """Answer the parts of a range that have to be asked for.

    A restated day may be begun within, as the live stream does, and has to be asked for to its end: where its end is
    pulled already, it is asked for again if all tables are restated, and left out if its other rows would be doubled.
    """
    if again:
        return merged([wanted])
    if not any(table.restated for table in source.tables):
        return merged(gaps(wanted, covered))
    by, ended = unit(source), floor_up if is_restated(source) else floor
    return merged(Window(gap.start, ended(gap.end, by)) for gap in gaps(wanted, covered))


def windows(
    source: PullSource, wanted: Iterable[Window], covered: Ranges, cursor: datetime, after: datetime | None
) -> Iterator[Window]:
    """Answer the windows that are left of a backfill, oldest first, on the grid of the source's spans.

    Parameters
    ----------
    wanted
        The job's pieces, sorted.
    covered
        What is pulled; empty for a job that asks again.
    cursor
        The live cursor, which no window may pass.
    after
        The end of the job's last committed window, where ``covered`` does not tell.
    """
    by, limit = step(source), floor(cursor, unit(source))
    for piece in wanted:
        open_part = Window(max(piece.start, after) if after else piece.start, min(piece.end, limit))
        if open_part.start >= open_part.end:
            continue
        for gap in pieces(source, open_part, covered, again=False):
            start = gap.start
            while start < gap.end:
                end = min(gap.end, floor(start, by) + by)
                yield Window(start, end)
                start = end


def _said(instant: datetime) -> str:
    return instant.isoformat().replace("+00:00", "Z")
