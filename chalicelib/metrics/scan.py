"""What is read of a cube to answer metrics: one statement adds up many of them side by side. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from chalicelib.metrics.cube import Cube
from chalicelib.metrics.cubes import CUBES
from chalicelib.metrics.filters import Filter, without
from chalicelib.metrics.metric import Kind, Metric

Group = tuple[str | bool | None, ...]
"""The members of a group, in the order of ``group_by``; then, where some are kept apart, whether it is the rest."""


class Adding(StrEnum):
    """How rows become one value."""

    SUM = "sum"
    LAST = "last"
    DIFFERENT = "different"


@dataclass(frozen=True, slots=True)
class Part:
    """One column to add up, over the rows that have these values."""

    column: str
    only: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Kept:
    """The groups that stay as they are; the rest becomes one, apart for each member of ``apart``."""

    groups: tuple[Group, ...]
    apart: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Scan:
    """One way through a cube: how rows add up, by what, and which."""

    cube: Cube = field(hash=False)
    adding: Adding
    group_by: tuple[str, ...]
    where: Filter | None
    kept: Kept | None = None


@dataclass(frozen=True, slots=True)
class Needed:
    """What one scan adds up for one metric."""

    scan: Scan
    parts: tuple[Part, ...]


_ADDING = {
    Kind.COUNTER: Adding.SUM,
    Kind.RATIO: Adding.SUM,
    Kind.GAUGE: Adding.LAST,
    Kind.UNIQUE: Adding.DIFFERENT,
}


def cube_of(metric: Metric) -> Cube:
    """Answer the cube that has a metric's numbers."""
    return metric.own or CUBES[metric.cube]


def needed(
    metric: Metric, group_by: tuple[str, ...], where: Filter | None, kept: Kept | None = None
) -> tuple[Needed, ...]:
    """Answer what a metric needs: one scan, or two where its denominator is over more than its numerator.

    Raises
    ------
    ValueError
        The filter cannot be taken apart into what the denominator ignores and what it does not.
    """
    scan = Scan(cube_of(metric), _ADDING[metric.kind], group_by, where, kept)
    value = Part(metric.measure, metric.only)
    if metric.kind is not Kind.RATIO:
        return (Needed(scan, (value,)),)
    if not metric.over:
        return (Needed(scan, (value, Part(metric.denominator, metric.only))),)
    wide = Scan(scan.cube, scan.adding, wider(metric, group_by), without(where, metric.over))
    only = tuple(pair for pair in metric.only if pair[0] not in metric.over)
    return Needed(scan, (value,)), Needed(wide, (Part(metric.denominator, only),))


def wider(metric: Metric, group_by: tuple[str, ...]) -> tuple[str, ...]:
    """Answer what the denominator of a ratio is grouped by."""
    return tuple(name for name in group_by if name not in metric.over)
