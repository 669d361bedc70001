"""From cells to the rows of an answer: every bucket of every group present, values and changes side by side. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from operator import add
from typing import Any

from chalicelib.domain.periods import EARLIEST
from chalicelib.metrics.answer import Bucket, Row
from chalicelib.metrics.buckets import Grid
from chalicelib.metrics.reader import Cells
from chalicelib.metrics.scan import Group
from chalicelib.metrics.standing import Prepared, Standing
from chalicelib.metrics.top import apart, order
from chalicelib.metrics.transforms import Makes, Series
from chalicelib.metrics.values import Cell, Exact, change, empty, exact, plain, plus, reading, telling

Values = Sequence[Exact | None]
_NONE: Mapping[int, Cell] = {}


@dataclass(frozen=True, slots=True)
class Piece:
    """Cells of a metric in the buckets ``[first, end)`` of a grid; in the cells they count from 0."""

    first: int
    end: int
    cells: Cells


def groups_of(prepared: Prepared, found: Iterable[Cells]) -> list[Group]:
    """Answer the groups in order; without ``group_by`` there is one, always."""
    if not prepared.question.group_by:
        return [()]
    top = prepared.question.top
    seen = {group for cells in found for group in cells}
    return sorted((group for group in seen if top is None or top.other or not group[-1]), key=order)


class Rows:
    """Makes the rows of a question, bucket by bucket in the order of time; remembers what transforms need."""

    def __init__(
        self,
        prepared: Prepared,
        groups: Sequence[Group],
        every: Sequence[Group],
        since: Sequence[datetime | None],
    ) -> None:
        question = prepared.question
        self._bounds = question.bounds
        self._members = [members(prepared, group) for group in groups]
        pairs = zip(prepared.standings, since, strict=True)
        self._lines = [Line(prepared, standing, groups, every, first) for standing, first in pairs]
        watermarks = [standing.watermark or EARLIEST for standing in prepared.standings]
        self._complete = min(watermarks)

    def pieces_before(self, first: int, end: int) -> list[tuple[int, int]]:
        """Answer which buckets before have to be read for some buckets: for each metric from, up to and without."""
        return [line.piece_before(first, end) for line in self._lines]

    def buckets(self, first: int, end: int, now: Sequence[Cells], before: Sequence[Piece]) -> Iterator[Bucket]:
        """Answer some buckets. They follow those that were answered last."""
        for line, cells, piece in zip(self._lines, now, before, strict=True):
            line.take(Piece(first, end, cells), piece)
        for index in range(first, end):
            columns = list(chain.from_iterable(line.columns(index) for line in self._lines))
            rows = list(map(add, self._members, zip(*columns, strict=True)))
            start, stop = self._bounds[index], self._bounds[index + 1]
            yield Bucket(start, stop, stop > self._complete, rows)


def members(prepared: Prepared, group: Group) -> Row:
    """Answer how a group is told: its members, and whether it is the rest where the question asks for that."""
    top = prepared.question.top
    return group[:-1] if top is not None and not top.other else group


def is_partial(standing: Standing, end: datetime) -> bool:
    """Answer whether what ends then can still change."""
    return standing.watermark is None or end > standing.watermark


class Line:
    """One metric: its values and those before, of every group; those of before ``since`` are not known."""

    def __init__(
        self,
        prepared: Prepared,
        standing: Standing,
        groups: Sequence[Group],
        every: Sequence[Group],
        since: datetime | None,
    ) -> None:
        self._since = since
        self._transform = transform = prepared.question.transform
        self._standing, self._groups, self._every = standing, groups, every
        self._shares = transform is not None and transform.makes is Makes.SHARE_OF_TOTAL
        names = apart(prepared.question)
        self._apart = [prepared.question.group_by.index(name) for name in names]
        self._now, self._then = Series(standing.metric, transform), Series(standing.metric, transform)
        self._nothing, self._exact = empty(standing.metric), reading(standing.metric)
        self._tell = telling(standing.metric)
        self._done, self._before = 0, dict[int, Values]()
        self._piece, self._cells = Piece(0, 0, {}), list[Mapping[int, Cell]]()

    def piece_before(self, first: int, end: int) -> tuple[int, int]:
        """Answer which buckets before have to be taken next, from and up to."""
        pairing = self._standing.pairing
        found = [] if pairing is None else [one for one in pairing.counterpart[first:end] if one is not None]
        return self._done, max([self._done, *(one + 1 for one in found)])

    def take(self, now: Piece, before: Piece) -> None:
        """Take the cells of the next buckets."""
        grid = self._standing.before
        if grid is not None:
            self._begin(before)
            indexes = range(before.first, before.end)
            self._before = {i: self._values(self._then, grid, i, self._is_known(grid, i)) for i in indexes}
            self._done = before.end
        self._begin(now)

    def _begin(self, piece: Piece) -> None:
        self._piece = piece
        self._cells = [piece.cells.get(group, _NONE) for group in self._groups]

    def columns(self, index: int) -> Sequence[Sequence[Any]]:
        """Answer the values of a bucket, of every group; then those before, the changes, and their shares."""
        pairing, grid = self._standing.pairing, self._standing.grid
        if pairing is None and self._transform is None:  # what most questions are: no detour
            bucket, tell, nothing_there = index - self._piece.first, self._tell, self._nothing
            return ([tell(found.get(bucket, nothing_there)) for found in self._cells],)
        if pairing is None:
            return (list(map(plain, self._values(self._now, grid, index))),)
        nothing: Values = [None] * len(self._groups)
        there = index < grid.count
        values = self._values(self._now, grid, index) if there else nothing
        other = pairing.counterpart[index] if there else None
        return compared(values, nothing if other is None else self._before[other])

    def _is_known(self, grid: Grid, index: int) -> bool:
        """Answer whether all was counted of which a value before is made."""
        sums = self._transform is not None and self._transform.makes is Makes.CUMULATIVE
        return self._since is None or (grid.start if sums else grid.bounds[index]) >= self._since

    def _values(self, series: Series, grid: Grid, index: int, is_known: bool = True) -> Values:
        bucket = index - self._piece.first
        cells = [found.get(bucket, self._nothing) if is_known else None for found in self._cells]
        if self._transform is None:
            return list(map(self._exact, cells))
        long = grid.bounds[index + 1] - grid.bounds[index]
        totals = self._totals(self._piece, bucket) if self._shares else {}
        pairs = zip(self._groups, cells, strict=True)
        return [series.value(group, cell, long, totals.get(self._whole(group))) for group, cell in pairs]

    def _whole(self, group: Group) -> Group:
        return tuple(group[place] for place in self._apart)

    def _totals(self, piece: Piece, bucket: int) -> Mapping[Group, Exact]:
        found: dict[Group, Exact] = defaultdict(int)
        for group in self._every:
            value = exact(self._standing.metric, piece.cells.get(group, {}).get(bucket))
            if value is not None:
                found[self._whole(group)] = plus(found[self._whole(group)], value)
        return found


def compared(values: Values, before: Values) -> Sequence[Sequence[Any]]:
    """Answer values, those before, the changes, and their shares."""
    changes = [change(*pair) for pair in zip(values, before, strict=True)]
    told = (values, before, [one for one, _ in changes], [ratio for _, ratio in changes])
    return tuple([plain(value) for value in column] for column in told)
