"""Computes the answer to one question from the files of cubes: at once, or piece by piece."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from chalicelib.metrics.answer import Bucket, Row
from chalicelib.metrics.beginnings import Beginnings
from chalicelib.metrics.buckets import Grid
from chalicelib.metrics.metric import Metric
from chalicelib.metrics.question import MAX_POINTS, refuse_too_many
from chalicelib.metrics.reader import Cells, Found, Reader, Wanted
from chalicelib.metrics.scan import Group, Kept
from chalicelib.metrics.series import Piece, Rows, compared, groups_of, members
from chalicelib.metrics.standing import Prepared, Standing
from chalicelib.metrics.top import kept
from chalicelib.metrics.values import Cell, Exact, empty, exact, plain

STREAMED: Final = 20_000
"""Cells of a metric that a stream holds at a time, buckets times groups; at least one bucket."""


class Computation:
    """One question over one version of its data.

    ``since`` is of each metric the first day that was counted, where what it is compared with begins earlier, or None.

    Raises
    ------
    RequestError
        400: RE2 does not take a regular expression of the filter.
    """

    def __init__(self, reader: Reader, prepared: Prepared, beginnings: Beginnings) -> None:
        self._reader, self._prepared, self._question = reader, prepared, prepared.question
        reader.require_patterns(prepared.question.where)
        self.since = tuple(map(beginnings.unknown_until, prepared.standings))
        self._kept = None if prepared.question.top is None else self._choose(prepared.question.top.by)

    def whole(self) -> tuple[list[Bucket], list[str]]:
        """Answer all buckets at once, and what is to be said of gauges. Raises ``RequestError`` 422 of too many."""
        question, count = self._question, len(self._question.bounds) - 1
        now = self._read(self._grids(0, count), limit=MAX_POINTS)
        pieces = [(0, 0 if grid is None else grid.count) for grid in self._grids_before()]
        before = self._before(pieces, limit=MAX_POINTS)
        found = [*(one.cells for one in now), *(piece.cells for piece in before)]
        groups = groups_of(self._prepared, found)
        refuse_too_many(count * len(groups) * len(question.metrics))
        rows = Rows(self._prepared, groups, _every(found), self.since)
        said = [line for one, metric in zip(now, question.metrics, strict=True) for line in _unseen(metric.name, one)]
        return list(rows.buckets(0, count, [one.cells for one in now], before)), said

    def pieces(self) -> Iterator[Bucket]:
        """Answer all buckets, a bounded piece of the range at a time."""
        found = [one.cells for one in self._read_totals()] if self._question.group_by else []
        groups = groups_of(self._prepared, found)
        rows = Rows(self._prepared, groups, _every(found), self.since)
        count, step = len(self._question.bounds) - 1, max(1, STREAMED // max(1, len(groups)))
        for first in range(0, count, step):
            end = min(first + step, count)
            now = self._read(self._grids(first, end))
            before = self._before(rows.pieces_before(first, end))
            yield from rows.buckets(first, end, [one.cells for one in now], before)

    def totals(self) -> list[Row]:
        """Answer one row for each group: the metrics over the whole range, as each adds up."""
        found = [one.cells for one in self._read_totals()]
        groups, standings = groups_of(self._prepared, found), self._prepared.standings
        columns: list[Sequence[object]] = []
        for index, standing in enumerate(standings):
            values = self._totals_of(index, standing.grid, found[index], groups)
            if standing.before is None:
                columns.append([plain(value) for value in values])
            else:
                before = self._totals_of(index, standing.before, found[len(standings) + index], groups)
                is_known = self.since[index] is None
                columns.extend(compared(values, before if is_known else [None] * len(before)))
        named = [members(self._prepared, group) for group in groups]
        return [(*names, *values) for names, values in zip(named, zip(*columns, strict=True), strict=True)]

    def _totals_of(self, index: int, grid: Grid, cells: Cells, groups: Iterable[Group]) -> list[Exact | None]:
        metric = self._question.metrics[index]
        nothing = empty(metric) if grid.count else None
        return [exact(metric, cells.get(group, {}).get(0, nothing)) for group in groups]

    def _read_totals(self) -> list[Found]:
        """Read every metric over the whole range, then (where ranges are compared) over the one before."""
        now = self._read([standing.grid.whole for standing in self._prepared.standings])
        if self._question.comparison is None:
            return now
        return [*now, *self._read([grid and grid.whole for grid in self._grids_before()])]

    def _choose(self, by: str) -> Kept:
        """Choose the groups that stay, by one metric over the whole range."""
        standing = next(one for one in self._prepared.standings if one.metric.name == by)
        (found,) = self._found([(standing, standing.grid.whole)])
        return kept(self._question, standing.metric, {group: cells[0] for group, cells in found.cells.items() if cells})

    def _grids(self, first: int, end: int) -> list[Grid]:
        """Answer some buckets of each metric, as far as they are looked at."""
        return [
            one.grid.piece(min(first, one.grid.count), min(end, one.grid.count)) for one in self._prepared.standings
        ]

    def _grids_before(self) -> list[Grid | None]:
        return [standing.before for standing in self._prepared.standings]

    def _before(self, ranges: Sequence[tuple[int, int]], limit: int | None = None) -> list[Piece]:
        pairs = list(zip(self._grids_before(), ranges, strict=True))
        found = self._read([grid and grid.piece(*one) for grid, one in pairs], limit=limit)
        return [Piece(*one, cells.cells) for (_, one), cells in zip(pairs, found, strict=True)]

    def _read(self, grids: Sequence[Grid | None], limit: int | None = None) -> list[Found]:
        pairs = {
            index: (standing, grid)
            for index, (standing, grid) in enumerate(zip(self._prepared.standings, grids, strict=True))
            if grid is not None and grid.count
        }
        read = self._found(list(pairs.values()), self._kept, limit) if pairs else []
        found = dict(zip(pairs, read, strict=True))
        return [found.get(index, Found({}, {})) for index in range(len(grids))]

    def _found(
        self, pairs: Sequence[tuple[Standing, Grid]], kept: Kept | None = None, limit: int | None = None
    ) -> list[Found]:
        """Read what the metrics are made of, all together, and put it together for each."""
        wanted = [Wanted(part.metric, grid, part.manifest) for standing, grid in pairs for part in standing.parts]
        read = iter(self._reader.read(wanted, self._question.group_by, self._question.where, kept, limit=limit))
        return [derived(standing.metric, [next(read) for _ in standing.parts]) for standing, _ in pairs]


def derived(metric: Metric, terms: Sequence[Found]) -> Found:
    """Put the cells of what a metric is derived from side by side; a metric of its own is what was found."""
    if not metric.terms:
        return terms[0]
    nothing = [empty(term) for term in metric.terms]
    cells: dict[Group, dict[int, Cell]] = {}
    for group in _every(found.cells for found in terms):
        of = [found.cells.get(group, {}) for found in terms]
        buckets = {bucket for one in of for bucket in one}
        cells[group] = {
            bucket: tuple(one.get(bucket, none) for one, none in zip(of, nothing, strict=True)) for bucket in buckets
        }
    return Found(cells, {})


def _every(found: Iterable[Cells]) -> list[Group]:
    return list({group for cells in found for group in cells})


def _unseen(name: str, found: Found) -> Iterator[str]:
    """Say in how many buckets fewer members of a gauge were observed than in others."""
    for group, counts in found.members.items():
        most = max(counts.values())
        if short := sum(count < most for count in counts.values()):
            of = f" of {'/'.join(str(member) for member in group)}" if group else ""
            yield (
                f"In {short} buckets{of} fewer than {most} members of '{name}' were observed: their value is the sum "
                "of those that were. Group by its dimensions to see each."
            )
