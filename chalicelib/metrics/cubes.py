"""The cubes, declared once: what infra makes Glue tables of, what the roll-up computes, what the API reads.

A cube has two levels with the same columns: 15-minute buckets (``{name}``, a partition a month) and UTC days
(``{name}_day``, a partition a year). ``bucket_start`` is the start of the bucket, UTC. Pure: the API imports this.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from chalicelib.sources.base import Column, ColumnType

BUCKET_START = Column("bucket_start", ColumnType.TIMESTAMP, "Start of the bucket, UTC")


class Level(StrEnum):
    """The lengths of a cube's buckets, as ISO 8601 durations; the SQL says them in its column ``level``."""

    QUARTER_HOUR = "PT15M"
    DAY = "P1D"


class Adds(StrEnum):
    """How a measure adds up over time."""

    SUM = "sum"  # a counter: null never, zero where nothing happened
    LAST = "last"  # a gauge: the last value that is not null, never summed over time


@dataclass(frozen=True, slots=True)
class Measure:
    """One measure, a ``bigint`` column."""

    name: str
    adds: Adds
    description: str

    @property
    def column(self) -> Column:
        """Answer its column."""
        return Column(self.name, ColumnType.INT64, self.description)


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
        """Name the partition that a UTC day lies in.

        >>> GITHUB.quarter_hours.partition(date(2026, 11, 22)), GITHUB.days.partition(date(2026, 11, 22))
        ('month=2026-11', 'year=2026')
        """
        return f"{self.partition_key}={day:%Y-%m}" if self.partition_key == "month" else f"year={day:%Y}"


@dataclass(frozen=True, slots=True)
class Cube:
    """One cube.

    Parameters
    ----------
    name
        Of the cube, its stream and its 15-minute table.
    dimensions, measures
        Its columns after ``bucket_start``.
    inputs
        Upstream stream to the tables of it that the statement reads.
    spill_days
        A record of one day can change the result of this many days after it.
    """

    name: str
    description: str
    dimensions: tuple[Column, ...]
    measures: tuple[Measure, ...]
    inputs: Mapping[str, tuple[str, ...]]
    spill_days: int = 0

    @property
    def columns(self) -> tuple[Column, ...]:
        """Answer the columns of both levels, in the files' order."""
        return (BUCKET_START, *self.dimensions, *(measure.column for measure in self.measures))

    @property
    def key(self) -> tuple[str, ...]:
        """Name the columns of which no two rows of a level have the same values; rows are sorted by them."""
        return (*(dimension.name for dimension in self.dimensions), BUCKET_START.name)

    @property
    def quarter_hours(self) -> CubeTable:
        """Answer the 15-minute level."""
        return self._table("", Level.QUARTER_HOUR, "month", "by 15 minutes")

    @property
    def days(self) -> CubeTable:
        """Answer the level of UTC days."""
        return self._table("_day", Level.DAY, "year", "by UTC day")

    @property
    def tables(self) -> tuple[CubeTable, CubeTable]:
        """Answer both levels."""
        return self.quarter_hours, self.days

    def _table(self, suffix: str, level: Level, partition_key: str, grain: str) -> CubeTable:
        title = f"{self.description}, {grain}"
        return CubeTable(self.name + suffix, title, level, partition_key, self.columns, self.key)


DOWNLOADS = Cube(
    name="downloads_cube",
    description="Downloads of products from S3, once per download",
    dimensions=(
        Column("product", ColumnType.STRING, "The product, by the configured pattern of object keys; may be null"),
        Column("version", ColumnType.STRING, "Its version, by the same pattern"),
        Column("is_bot", ColumnType.BOOL, "The user agent is a bot's"),
    ),
    measures=(
        Measure("downloads", Adds.SUM, "Downloads, in the bucket of their first request"),
        Measure("download_bytes", Adds.SUM, "Bytes sent for downloads, each request in its own bucket"),
    ),
    inputs=MappingProxyType({"s3_access_logs": ("s3_access_requests",)}),
    spill_days=1,
)

GITHUB = Cube(
    name="github_cube",
    description="What happened in GitHub repositories, and what GitHub counts of them",
    dimensions=(Column("repository", ColumnType.STRING, "Full name, owner/name; null for what is of no repository"),),
    measures=(
        Measure("stars", Adds.LAST, "Stars, last observation in the bucket"),
        Measure("forks", Adds.LAST, "Forks, last observation in the bucket"),
        Measure("watchers", Adds.LAST, "Watchers, last observation in the bucket"),
        Measure("open_pull_requests", Adds.LAST, "Open pull requests, last observation in the bucket"),
        Measure("open_issues", Adds.LAST, "Open issues, last observation in the bucket"),
        Measure("stars_added", Adds.SUM, "Stars given"),
        Measure("stars_removed", Adds.SUM, "Stars taken back"),
        Measure("forks_added", Adds.SUM, "Forks made"),
        Measure("pushes", Adds.SUM, "Pushes, of tags and of branches made or deleted too"),
        Measure("commits_pushed", Adds.SUM, "Commits pushed that were new to the repository"),
        Measure("pull_requests_opened", Adds.SUM, "Pull requests opened, not counting those reopened"),
        Measure("pull_requests_merged", Adds.SUM, "Pull requests closed by merging"),
        Measure("issues_opened", Adds.SUM, "Issues opened, not counting those reopened"),
        Measure("issues_closed", Adds.SUM, "Issues closed, for whatever reason"),
        Measure("releases_published", Adds.SUM, "Releases published, prereleases too"),
        Measure("github_events", Adds.SUM, "Webhook events of every type"),
    ),
    inputs=MappingProxyType(
        {
            "github_webhooks": (
                "github_events",
                "github_stars",
                "github_forks",
                "github_pushes",
                "github_pull_requests",
                "github_issues",
                "github_releases",
            ),
            "github_repository_stats": ("github_repository_stats",),
        }
    ),
)

CUBES: Mapping[str, Cube] = MappingProxyType({cube.name: cube for cube in (DOWNLOADS, GITHUB)})
"""Every cube by its name."""


def cubes_of(stream: str) -> tuple[Cube, ...]:
    """Answer the cubes that an upstream stream feeds.

    >>> [cube.name for cube in cubes_of("github_webhooks")], cubes_of("unknown")
    (['github_cube'], ())
    """
    return tuple(cube for cube in CUBES.values() if stream in cube.inputs)
