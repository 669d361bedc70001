"""What there is to select from: tables, cubes and views, each described in the same words. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from types import MappingProxyType

from chalicelib.lake.schemas import GLUE_TYPES, PARTITION_KEYS, lake_columns
from chalicelib.metrics.cube import Cube, CubeTable, Level
from chalicelib.metrics.cubes import CUBES
from chalicelib.sources.base import Column, Table
from chalicelib.sources.registry import SOURCES
from chalicelib.sql.headers import DescribedColumn
from chalicelib.sql.table_words import GRAINS, PERSONAL, unit_of
from chalicelib.sql.views import View, views


class Kind(StrEnum):
    """What an entry is."""

    VIEW = "view"
    TABLE = "table"
    CUBE = "cube"


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing to select from.

    Parameters
    ----------
    streams
        The streams that fill it: sources; of a cube the cube's own.
    inputs
        The tables that a view reads; of a table or cube itself.
    hidden
        What a view leaves out; empty of others.
    filtering
        Which filter spares reading the rest.
    partition_key
        The column that names its partitions; None of a view.
    by_day
        Whether it is of days that stand in the names of partitions.
    """

    name: str
    kind: Kind
    description: str
    grain: str
    streams: tuple[str, ...]
    inputs: tuple[str, ...]
    columns: tuple[DescribedColumn, ...]
    hidden: str
    filtering: str
    example: str
    partition_key: str | None
    by_day: bool


def _described(columns: Iterable[Column], personal: frozenset[str] = frozenset()) -> Iterator[DescribedColumn]:
    for column in columns:
        kind = GLUE_TYPES[column.type]
        yield DescribedColumn(column.name, kind, column.description, unit_of(column), column.name in personal)


def _table(stream: str, table: Table) -> Entry:
    (key, kind), *_ = PARTITION_KEYS
    example = f"SELECT * FROM {table.name} WHERE {key} = '2026-11-20' LIMIT 10"  # noqa: S608 - words for people
    partition = DescribedColumn(key, kind, f"The date of {table.time_column} (UTC), YYYY-MM-DD: the partition")
    return Entry(
        name=table.name,
        kind=Kind.TABLE,
        description=f"{table.description}.",
        grain=f"{GRAINS[table.name]}.",
        streams=(stream,),
        inputs=(table.name,),
        columns=(*_described(lake_columns(table), PERSONAL.get(table.name, frozenset())), partition),
        hidden="",
        filtering=f"by {key}, for example {key} >= '2026-11-01': only these days are read.",
        example=example,
        partition_key=key,
        by_day=True,
    )


def _cube(cube: Cube, level: CubeTable) -> Entry:
    key, value = level.partition_key, "2026-11" if level.partition_key == "month" else "2026"
    base = level.level is Level.QUARTER_HOUR
    length, whose = ("15 minutes", "UTC") if base else ("day of the reporting zone", "in the reporting zone")
    partition = DescribedColumn(key, "string", f"The {key} of bucket_start ({whose}): the partition")
    members = [cube.member.name] if cube.member else []
    last = cube.columns[-1].name
    what = f"count(DISTINCT {last}) AS members" if members else f"sum({last}) AS {last}"
    example = f"SELECT bucket_start, {what} FROM {level.name} WHERE {key} = '{value}' GROUP BY 1"  # noqa: S608 - words for people
    return Entry(
        name=level.name,
        kind=Kind.CUBE,
        description=f"{level.description}.",
        grain=f"one row a {', '.join(column.name for column in cube.keys)} and {length}.",
        streams=(cube.name,),
        inputs=(level.name,),
        columns=(*_described(level.columns, frozenset(members)), partition),
        hidden="",
        filtering=f"by {key}, for example {key} = '{value}': only this {key} is read.",
        example=example,
        partition_key=key,
        by_day=False,
    )


def _view(view: View, below: Mapping[str, Entry]) -> Entry:
    return Entry(
        name=view.name,
        kind=Kind.VIEW,
        description=view.purpose,
        grain=view.grain,
        streams=tuple(dict.fromkeys(stream for name in view.inputs for stream in below[name].streams)),
        inputs=view.inputs,
        columns=view.columns,
        hidden=view.hidden,
        filtering=view.filtering,
        example=view.example,
        partition_key=None,
        by_day=view.columns[0].name == "day" and all(below[name].by_day for name in view.inputs),
    )


@cache
def entries() -> Mapping[str, Entry]:
    """Answer everything there is by its name: views, then cubes, then tables."""
    tables = {table.name: _table(name, table) for name, source in SOURCES.items() for table in source.tables}
    cubes = {level.name: _cube(cube, level) for cube in CUBES.values() for level in cube.tables}
    found = {name: _view(view, tables | cubes) for name, view in views().items()}
    return MappingProxyType(found | cubes | dict(sorted(tables.items())))
