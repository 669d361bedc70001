"""Reads cells out of the published files of cubes: what can be added up in one pass is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from chalicelib.domain.zones import zone
from chalicelib.errors import QueryFailed, RequestError
from chalicelib.lake.published import DataFile, Published
from chalicelib.metrics.buckets import Grid, micros
from chalicelib.metrics.cube import Cube
from chalicelib.metrics.engine import Engine
from chalicelib.metrics.files import FileCache
from chalicelib.metrics.filters import Filter, Operator, conditions
from chalicelib.metrics.manifests import files_between
from chalicelib.metrics.metric import Kind, Metric
from chalicelib.metrics.question import MAX_POINTS, refuse_too_many
from chalicelib.metrics.scan import Adding, Group, Kept, Needed, Part, Scan, cube_of, needed, wider
from chalicelib.metrics.statement import statement
from chalicelib.metrics.values import Cell

Cells = Mapping[Group, Mapping[int, Cell]]
"""What was found: for each group, for each bucket in which there was something."""
Sums = Mapping[Group, Mapping[int, tuple[Any, ...]]]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Wanted:
    """The cells of one metric in a grid, from one version of its cube (None: nothing is published)."""

    metric: Metric
    grid: Grid
    manifest: Published | None


@dataclass(frozen=True, slots=True)
class Found:
    """The cells of one metric; of a gauge also how many members each is summed over."""

    cells: Cells
    members: Mapping[Group, Mapping[int, int]]


class Reader:
    """Runs scans over local copies of the files; keeps the connection and the copies."""

    def __init__(self, engine: Engine, files: FileCache) -> None:
        self.engine = engine
        self.files = files

    def read(
        self,
        wanted: Sequence[Wanted],
        group_by: tuple[str, ...],
        where: Filter | None,
        kept: Kept | None = None,
        *,
        limit: int | None = None,
    ) -> list[Found]:
        """Answer the cells of each metric.

        Raises
        ------
        RequestError
            422: more than ``limit`` cells, or more bytes than are read at once.
        StoreUnavailable, QueryFailed
            The files could not be had or read.
        """
        needs = [needed(one.metric, group_by, where, kept) for one in wanted]
        sums = self._sums(list(zip(wanted, needs, strict=True)), limit)
        return [
            _found(one.metric, group_by, [sums[need, one.grid] for need in of])
            for one, of in zip(wanted, needs, strict=True)
        ]

    def _sums(
        self, wanted: Sequence[tuple[Wanted, tuple[Needed, ...]]], limit: int | None
    ) -> dict[tuple[Needed, Grid], Sums]:
        """Answer the rows of what each metric needs, read together where scan, grid and version are the same."""
        together: dict[tuple[Any, ...], dict[Part, None]] = defaultdict(dict)
        for one, needs in wanted:
            for need in needs:
                together[need.scan, one.grid, one.metric.cube].update(dict.fromkeys(need.parts))
        versions = {one.metric.cube: one.manifest for one, _ in wanted}
        read = {
            (scan, grid): (list(parts), self._scan(scan, list(parts), grid, versions[cube], limit))
            for (scan, grid, cube), parts in together.items()
        }
        return {(need, one.grid): _columns(need, *read[need.scan, one.grid]) for one, needs in wanted for need in needs}

    def _scan(
        self, scan: Scan, parts: list[Part], grid: Grid, manifest: Published | None, limit: int | None
    ) -> list[tuple[Any, ...]]:
        if manifest is None or not grid.count:
            return []
        files = _files(scan.cube, grid, manifest)
        if not files:
            return []
        bound = None if limit is None else limit + 1
        made = statement(scan, tuple(parts), grid, bound, one_file=len(files) == 1)
        rows = self.run(made.sql, files, made.values)
        if limit is not None and len(rows) > limit:
            refuse_too_many(max(len(rows), MAX_POINTS + 1))
        return rows

    def is_local(self, wanted: Iterable[Wanted]) -> bool:
        """Answer whether all files of some metrics are here already."""
        return all(
            self.files.has(file)
            for one in wanted
            if one.manifest is not None and one.grid.count
            for file in _files(cube_of(one.metric), one.grid, one.manifest)
        )

    def run(self, sql: str, files: Sequence[DataFile], values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        """Run a statement with ``$files`` and these values over local copies of these files."""
        try:
            return self.engine.rows(sql, {"files": [str(p) for p in self.files.fetch(files)], **values})
        except FileNotFoundError:  # another process made room between our two steps: once more
            return self.engine.rows(sql, {"files": [str(p) for p in self.files.fetch(files)], **values})

    def run_between(self, sql: str, files: Sequence[DataFile], start: datetime, end: datetime) -> list[tuple[Any, ...]]:
        """Run a statement with ``$files``, ``$start`` and ``$end``."""
        return self.run(sql, files, {"start": micros(start), "end": micros(end)})

    def require_patterns(self, where: Filter | None) -> None:
        """Raise ``RequestError`` 400 for the first regular expression of a filter that RE2 does not take."""
        for condition in conditions(where):
            if condition.operator is Operator.MATCHES:
                try:
                    self.engine.rows("SELECT regexp_matches('', $pattern)", {"pattern": condition.value})
                except QueryFailed as error:
                    said = f"{condition.value!r} is no regular expression of RE2: {_reason(error)}"
                    raise RequestError(
                        "One or more parameters are wrong.", errors=({"parameter": "filter", "detail": said},)
                    ) from error


def _files(cube: Cube, grid: Grid, manifest: Published) -> list[DataFile]:
    """Answer the files that hold a grid: of the day level where every boundary is a midnight of its zone."""
    table = cube.days if grid.of_days(zone(manifest.zone)) else cube.quarter_hours
    return files_between(manifest, table.name, grid.start, grid.end)


def _reason(error: QueryFailed) -> str:
    return str(error).removeprefix("Invalid Input Error: ").splitlines()[0][:200]


def _columns(need: Needed, parts: list[Part], rows: Sequence[tuple[Any, ...]]) -> Sums:
    """Answer the values of a need's own parts, by group and bucket; last values come with how many each sums."""
    width = 2 if need.scan.adding is Adding.LAST else 1
    first = 1 + len(need.scan.group_by) + (need.scan.kept is not None)
    places = [first + width * parts.index(part) + i for part in need.parts for i in range(width)]
    picked = slice(places[0], places[-1] + 1) if places == list(range(places[0], places[-1] + 1)) else None
    found: dict[Group, dict[int, tuple[Any, ...]]] = {}
    for row in rows:
        values = row[picked] if picked is not None else tuple(row[place] for place in places)
        found.setdefault(row[1:first], {})[row[0]] = values
    return found


def _found(metric: Metric, group_by: tuple[str, ...], sums: Sequence[Sums]) -> Found:
    if metric.kind is Kind.GAUGE:
        return Found(
            _by_group(sums[0], lambda v: (v[0],) if v[1] else None), _by_group(sums[0], lambda v: v[1] or None)
        )
    counts = _by_group(sums[0], _none_is_zero)
    return Found(counts if len(sums) == 1 else _divided(metric, group_by, counts, sums[1]), {})


def _none_is_zero(values: tuple[Any, ...]) -> Cell:
    """Answer a cell; None where no row was among those of the metric."""
    if None not in values:
        return values
    return None if all(value is None for value in values) else tuple(value or 0 for value in values)


def _by_group(sums: Sums, make: Callable[[tuple[Any, ...]], T | None]) -> dict[Group, dict[int, T]]:
    found = {
        group: {bucket: made for bucket, values in of.items() if (made := make(values)) is not None}
        for group, of in sums.items()
    }
    return {group: of for group, of in found.items() if of}


def _divided(metric: Metric, group_by: tuple[str, ...], counts: Cells, sums: Sums) -> Cells:
    """Put each group's numerator over the denominator of all the members that it ignores."""
    wide = wider(metric, group_by)
    places = tuple(index for index, name in enumerate(group_by) if name in wide)
    return _Divided(counts, _by_group(sums, lambda values: values[0]), places)


class _Divided(Mapping[Group, Mapping[int, Cell]]):
    """Cells of a ratio by group; a group that has no numerator anywhere is 0 of the denominator when asked for."""

    def __init__(self, counts: Cells, wholes: Mapping[Group, Mapping[int, int]], places: tuple[int, ...]) -> None:
        self._counts, self._wholes, self._places = counts, wholes, places
        self._made: dict[Group, Mapping[int, Cell]] = {}

    def __getitem__(self, group: Group) -> Mapping[int, Cell]:
        if group not in self._made:
            counted = self._counts.get(group, {})
            whole = self._wholes.get(tuple(group[place] for place in self._places), {})
            self._made[group] = {bucket: ((counted.get(bucket) or (0,))[0], of) for bucket, of in whole.items()}
        return self._made[group]

    def __iter__(self) -> Iterator[Group]:
        return iter(self._counts)

    def __len__(self) -> int:
        return len(self._counts)
