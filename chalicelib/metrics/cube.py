"""What a cube is: dimensions, buckets of time and measures, at two levels.

The base level (``{name}``, a partition a month) has 15-minute buckets: what the cube's statement computes. The day
level (``{name}_day``, a partition a year) has the days of the company's reporting zone and is added up from the base.
Both have the same columns; ``bucket_start`` is the first instant of the bucket, UTC. Pure: the API imports this.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from chalicelib.metrics.statements import Statement
from chalicelib.sources.base import Column, ColumnType

BUCKET_START = Column("bucket_start", ColumnType.TIMESTAMP, "First instant of the bucket, UTC")


class Level(StrEnum):
    """The lengths of a cube's buckets, as ISO 8601 durations."""

    QUARTER_HOUR = "PT15M"
    DAY = "P1D"


class Adds(StrEnum):
    """How a measure adds up over time."""

    SUM = "sum"  # a counter: null never, zero where nothing happened
    LAST = "last"  # a gauge: the last value that is not null, never summed over time


class Touches(StrEnum):
    """How the days that a commit changes are told."""

    DAYS = "days"  # those of the partitions that got rows, and those around them that the statement reads them for
    RECORDS = "records"  # a record of any day may change: ``sql/{cube}_touched.sql`` answers the days


@dataclass(frozen=True, slots=True)
class Measure:
    """One measure, a ``bigint`` or decimal column. Lengths of time are whole milliseconds: floats add up inexactly."""

    name: str
    adds: Adds
    description: str
    type: ColumnType = ColumnType.INT64

    @property
    def column(self) -> Column:
        """Answer its column."""
        return Column(self.name, self.type, self.description)


@dataclass(frozen=True, slots=True)
class CubeTable:
    """One level of a cube as a table of the lake; ``partition_key`` is a string column that is not in the files."""

    name: str
    description: str
    level: Level
    partition_key: str
    columns: tuple[Column, ...]
    sort_by: tuple[str, ...]

    def partition(self, day: date) -> str:
        """Name the partition that a day lies in: a UTC day of the base level, one of the reporting zone of the other.

        >>> cube = Cube("a_cube", "Anything", (), (), {})
        >>> cube.quarter_hours.partition(date(2026, 11, 22)), cube.days.partition(date(2026, 11, 22))
        ('month=2026-11', 'year=2026')
        """
        return f"{self.partition_key}={day:%Y-%m}" if self.partition_key == "month" else f"year={day:%Y}"


@dataclass(frozen=True, slots=True)
class Cube:
    """One cube.

    Parameters
    ----------
    name
        Of the cube, its stream, its 15-minute table and its statement, ``sql/{name}.sql``.
    dimensions, measures
        Its columns after ``bucket_start``.
    inputs
        Upstream stream to the tables of it that the statement reads.
    reads_before, reads_after
        So many UTC days before and after the days that it is asked for the statement reads; so a record of one day can
        change the result of as many days after and before it.
    touches
        How the days that a commit changes are told.
    statement
        Of a cube that somebody's metric has: what computes it, in place of a file. It is in no catalog.
    member
        Of a cube that counts different members (visitors, users): who was there, a row for each bucket, dimensions and
        member. Such a cube has no measures.
    """

    name: str
    description: str
    dimensions: tuple[Column, ...]
    measures: tuple[Measure, ...]
    inputs: Mapping[str, tuple[str, ...]]
    reads_before: int = 0
    reads_after: int = 0
    touches: Touches = Touches.DAYS
    member: Column | None = None
    statement: Statement | None = None

    @property
    def recount_stream(self) -> str:
        """Name the runs of its nightly recount in the state table."""
        return f"recount-{self.name}"

    @property
    def columns(self) -> tuple[Column, ...]:
        """Answer the columns of both levels, in the files' order."""
        return (BUCKET_START, *self.keys, *(measure.column for measure in self.measures))

    @property
    def keys(self) -> tuple[Column, ...]:
        """Answer what tells the rows of a bucket apart: the dimensions, and the member where there is one."""
        return self.dimensions if self.member is None else (*self.dimensions, self.member)

    @property
    def key(self) -> tuple[str, ...]:
        """Name the columns of which no two rows of a level have the same values; rows are sorted by them."""
        return (*(column.name for column in self.keys), BUCKET_START.name)

    @property
    def quarter_hours(self) -> CubeTable:
        """Answer the 15-minute level."""
        return self._table("", Level.QUARTER_HOUR, "month", "by 15 minutes")

    @property
    def days(self) -> CubeTable:
        """Answer the level of days."""
        return self._table("_day", Level.DAY, "year", "by day of the reporting zone")

    @property
    def tables(self) -> tuple[CubeTable, CubeTable]:
        """Answer both levels."""
        return self.quarter_hours, self.days

    def _table(self, suffix: str, level: Level, partition_key: str, grain: str) -> CubeTable:
        title = f"{self.description}, {grain}"
        return CubeTable(self.name + suffix, title, level, partition_key, self.columns, self.key)
