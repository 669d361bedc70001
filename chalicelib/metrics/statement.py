"""The DuckDB statement of a scan: one pass over local Parquet files. Names are declared ones, values are bound."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from chalicelib.metrics.buckets import Grid, bucket_expression, micros
from chalicelib.metrics.cube import BUCKET_START, Cube
from chalicelib.metrics.filter_sql import Parameters, where
from chalicelib.metrics.filters import Condition, Filter, Operator, all_of
from chalicelib.metrics.scan import Adding, Kept, Part, Scan
from chalicelib.sources.base import ColumnType

_AT = BUCKET_START.name
_REST = "_rest"


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement, and the values that it is given beside ``$files``."""

    sql: str
    values: Mapping[str, Any]


@lru_cache(maxsize=256)
def statement(
    scan: Scan, parts: tuple[Part, ...], grid: Grid, limit: int | None = None, *, one_file: bool = False
) -> Statement:
    """Write the statement for a grid that is not empty; people ask the same again when the data has moved on.

    It takes the files (a list of paths) as ``$files`` and answers rows of bucket, the members of the group, whether it
    is the rest (where the scan keeps groups apart), and the parts; of the last values also how many each part sums.
    """
    given = Parameters()
    column = _column(scan.cube)
    one = {part.only for part in parts}
    shared = next(iter(one)) if len(one) == 1 else ()
    every = all_of([*([] if scan.where is None else [scan.where]), *_pairs(shared)])
    files = "read_parquet($files)" if one_file else "read_parquet($files, union_by_name = true)"
    source = _source(scan, files, given, column, every)
    added = [_added(scan, part, given, column, filtered=len(one) > 1) for part in parts]
    bucket = f"{bucket_expression(grid, _AT)} AS bucket"
    write = _last if scan.adding is Adding.LAST else _flat
    bound = f" LIMIT {limit}" if limit is not None and scan.group_by else ""
    sql = write(scan, bucket, added, source) + bound
    return Statement(sql, {**given.values, "start": micros(grid.start), "end": micros(grid.end)})


def first_row(cube: Cube, only: Sequence[tuple[str, str]]) -> Statement:
    """Write the statement that answers when the first of a cube's rows with some values is: microseconds, or null."""
    given = Parameters()
    among = all_of(_pairs(only))
    narrowed = "" if among is None else f" WHERE {where(among, given, _column(cube))}"
    files = "read_parquet($files, union_by_name = true)"
    return Statement(f"SELECT epoch_us(min({_AT})) FROM {files}{narrowed}", given.values)  # noqa: S608 - declared names


def _column(cube: Cube) -> Callable[[str], str]:
    """Answer the text expression of a column of a cube."""
    texts = {column.name for column in cube.keys if column.type is ColumnType.STRING}
    return lambda name: _quoted(name) if name in texts else f"CAST({_quoted(name)} AS VARCHAR)"


def _quoted(name: str) -> str:
    """Quote a declared name: people name dimensions of their own, and ``order`` is one that they may use."""
    return f'"{name}"'


def _pairs(only: Sequence[tuple[str, str]]) -> list[Filter]:
    return [Condition(name, Operator.IS, value) for name, value in only]


def _source(scan: Scan, files: str, given: Parameters, column: Callable[[str], str], every: Filter | None) -> str:
    narrowed = "" if every is None else f" AND {where(every, given, column)}"
    rows = f"{files} WHERE {_AT} >= make_timestamp($start) AND {_AT} < make_timestamp($end){narrowed}"
    if scan.kept is None:
        return rows
    return f"(SELECT *, {_is_rest(scan.group_by, scan.kept, given)} AS {_REST} FROM {rows})"  # noqa: S608


def _is_rest(group_by: Sequence[str], kept: Kept, given: Parameters) -> str:
    same = [
        " AND ".join(
            f"{_quoted(name)} IS NOT DISTINCT FROM {'NULL' if member is None else given.bind(str(member))}"
            for name, member in zip(group_by, group, strict=True)
        )
        for group in kept.groups
    ]
    return f"NOT ({' OR '.join(f'({one})' for one in same)})" if same else "true"


def _added(scan: Scan, part: Part, given: Parameters, column: Callable[[str], str], *, filtered: bool) -> str:
    only = all_of(_pairs(part.only)) if filtered else None
    among = "" if only is None else f" FILTER (WHERE {where(only, given, column)})"
    forms = {
        Adding.SUM: f"sum({_quoted(part.column)})",
        Adding.LAST: f"arg_max({_quoted(part.column)}, {_AT})",
        Adding.DIFFERENT: f"count(DISTINCT {_quoted(part.column)})",
    }
    return forms[scan.adding] + among


def _groups(scan: Scan) -> str:
    """Write the columns of a group: of the rest, members are null but for those that are kept apart."""
    if scan.kept is None:
        return "".join(f", {_quoted(name)}" for name in scan.group_by)
    apart = scan.kept.apart
    named = (
        f", {_quoted(name)}" if name in apart else f", CASE WHEN {_REST} THEN NULL ELSE {_quoted(name)} END AS g{i}"
        for i, name in enumerate(scan.group_by)
    )
    return f"{''.join(named)}, {_REST}"


def _flat(scan: Scan, bucket: str, added: Sequence[str], source: str) -> str:
    values = "".join(f", {one} AS value{i}" for i, one in enumerate(added))
    return f"SELECT {bucket}{_groups(scan)}{values} FROM {source} GROUP BY ALL"  # noqa: S608 - declared names


def _last(scan: Scan, bucket: str, added: Sequence[str], source: str) -> str:
    """Write the sum of each member's last value: a member is all dimensions of the cube."""
    members = "".join(f", {_quoted(dimension.name)}" for dimension in scan.cube.dimensions)
    rest = "" if scan.kept is None else f", {_REST}"
    inner = "".join(f", {one} AS value{i}" for i, one in enumerate(added))
    outer = "".join(f", sum(value{i}) AS value{i}, count(value{i}) AS members{i}" for i in range(len(added)))
    last = f"SELECT {bucket}{members}{rest}{inner} FROM {source} GROUP BY ALL"  # noqa: S608 - declared names
    return f"SELECT bucket{_groups(scan)}{outer} FROM ({last}) GROUP BY ALL"  # noqa: S608
