"""The tables that may be read with SQL: every source's, and every cube's."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from chalicelib.metrics.cubes import CUBES
from chalicelib.sources.registry import SOURCES


@cache
def names() -> frozenset[str]:
    """Answer the names.

    >>> {"github_stars", "downloads_cube_day"} <= names()
    True
    """
    return frozenset([*_of_sources(), *_of_cubes()])


def _of_sources() -> Iterable[str]:
    return (table.name for source in SOURCES.values() for table in source.tables)


def _of_cubes() -> Iterable[str]:
    return (table.name for cube in CUBES.values() for table in cube.tables)
