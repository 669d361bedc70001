"""Since when there is something of a metric: what lies before was not counted, and is not known. It is no zero.

What is found in a file stays true of it, so each file is looked at once; and only the first months are, however long
the history has become.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import islice
from typing import Final

from chalicelib.domain.periods import EARLIEST, EPOCH
from chalicelib.lake.published import DataFile
from chalicelib.metrics.manifests import covers
from chalicelib.metrics.metric import Kind
from chalicelib.metrics.reader import Reader
from chalicelib.metrics.scan import cube_of
from chalicelib.metrics.standing import Part, Standing
from chalicelib.metrics.statement import first_row

MOST_MONTHS: Final = 36
"""Months that are looked through for the first row of one source, in a cube that others were in before."""

_Rows = tuple[tuple[DataFile, ...], tuple[tuple[str, str], ...]]


class Beginnings:
    """Finds the first rows. Every method raises ``StoreUnavailable`` and ``QueryFailed``."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._found: dict[_Rows, datetime | None] = {}

    def unknown_until(self, standing: Standing) -> datetime | None:
        """Answer the first whole day of a metric, where the range that it is compared with begins before that.

        A gauge of which nothing was observed has no value anyway.
        """
        grid = standing.before
        if grid is None or not grid.count:
            return None
        counted = [part for part in standing.parts if part.metric.kind is not Kind.GAUGE]
        day = grid.day_of(self.since(counted, grid.start)) if counted else None
        return day if day is not None and grid.start < day else None

    def since(self, parts: Sequence[Part], asked: datetime = EARLIEST) -> datetime | None:
        """Answer the first instant since when there is something of each of some parts; None where one has nothing.

        Of what was there a month before ``asked`` no more is answered than that it was.
        """
        found = [self._first(part, asked) for part in parts]
        known = [at for at in found if at is not None]
        return max(known, default=None) if len(known) == len(found) else None

    def _first(self, part: Part, asked: datetime) -> datetime | None:
        """Look through the months of a cube; where several sources tell it, for a row that is among the metric's."""
        only = part.metric.only if len(cube_of(part.metric).inputs) > 1 else ()
        for month, files in islice(_months(part), MOST_MONTHS):
            start, end = covers(month)
            if not only and end <= asked:
                return start
            found = self._first_in(files, part, only)
            if found is not None:
                return found
        return None

    def _first_in(self, files: tuple[DataFile, ...], part: Part, only: tuple[tuple[str, str], ...]) -> datetime | None:
        key = files, only
        if key not in self._found:
            made = first_row(cube_of(part.metric), only)
            ((at,),) = self._reader.run(made.sql, files, made.values)
            self._found[key] = None if at is None else EPOCH + timedelta(microseconds=at)
        return self._found[key]


def _months(part: Part) -> Iterator[tuple[str, tuple[DataFile, ...]]]:
    """Answer the months of a cube that have rows, in the order of time, with their files."""
    partitions = {} if part.manifest is None else part.manifest.partitions
    for name, partition in sorted(partitions.items()):
        table, _, month = name.partition("/")
        if table == part.metric.cube and partition.files:
            yield month, partition.files
