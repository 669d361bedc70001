"""How much a query would scan: what Athena's planner says that it reads, and how large that is. Pure.

``EXPLAIN (TYPE IO, FORMAT JSON)`` names every table and, of its partition keys, the ranges that are left
(`<https://trino.io/docs/435/sql/explain.html>`_). The files of those partitions, whole, are the most that can be
scanned: of a Parquet file only the columns that are named are read.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from chalicelib.errors import QueryFailed

Sizes = Mapping[str, int]
"""Bytes of each partition of a table, by its name, ``dt=2026-11-22``."""


@dataclass(frozen=True, slots=True)
class Scan:
    """What of a table would be read, at most."""

    table: str
    partitions: int
    of_partitions: int
    max_bytes: int


@dataclass(frozen=True, slots=True)
class Reading:
    """A table that the planner reads, and the ranges of values that its columns may have."""

    table: str
    nothing: bool
    ranges: Mapping[str, Sequence[Mapping[str, Any]]]

    def keeps(self, partition: str) -> bool:
        """Answer whether a partition may be read.

        >>> november = {"low": {"value": "2026-11-01", "bound": "EXACTLY"}, "high": {"bound": "BELOW"}}
        >>> reading = Reading("stars", False, {"dt": [november]})
        >>> reading.keeps("dt=2026-11-01"), reading.keeps("dt=2026-10-31")
        (True, False)
        """
        pairs = dict(part.partition("=")[::2] for part in partition.split("/"))
        return not self.nothing and all(
            any(_within(pairs[column], one) for one in ranges)
            for column, ranges in self.ranges.items()
            if column in pairs
        )


def readings(plan: str) -> tuple[Reading, ...]:
    """Read the plan of ``EXPLAIN (TYPE IO, FORMAT JSON)``.

    Raises
    ------
    QueryFailed
        It is no such plan.
    """
    try:
        found = json.loads(plan[plan.index("{") : plan.rindex("}") + 1])
        return tuple(map(_reading, found["inputTableColumnInfos"]))
    except (ValueError, KeyError, TypeError) as error:
        raise QueryFailed("Athena's plan cannot be read") from error


def _reading(info: Mapping[str, Any]) -> Reading:
    constraint = info["constraint"]
    ranges = {
        str(one["columnName"]).lower(): one["domain"]["ranges"] for one in constraint.get("columnConstraints", ())
    }
    return Reading(str(info["table"]["schemaTable"]["table"]).lower(), bool(constraint.get("none")), ranges)


def _within(value: str, limits: Mapping[str, Any]) -> bool:
    return _beyond(value, limits.get("low", {}), 1) and _beyond(value, limits.get("high", {}), -1)


def _beyond(value: str, limit: Mapping[str, Any], direction: int) -> bool:
    if "value" not in limit:
        return True
    order = (value > str(limit["value"])) - (value < str(limit["value"]))
    return order * direction > 0 or (order == 0 and limit.get("bound") == "EXACTLY")


def scans(found: Sequence[Reading], sizes: Mapping[str, Sizes]) -> Iterator[Scan]:
    """Answer what of each table would be read; a table that is mentioned twice is read twice.

    ``sizes`` has every table's partitions; a table without any has one by the name of ``""``.

    >>> to = [{"low": {"value": "dt", "bound": "EXACTLY"}, "high": {"value": "dt", "bound": "EXACTLY"}}]
    >>> list(scans([Reading("t", False, {"k": to})], {"t": {"k=dt": 5, "k=x": 7}}))
    [Scan(table='t', partitions=1, of_partitions=2, max_bytes=5)]
    """
    for reading in found:
        whole = sizes.get(reading.table, {})
        kept = [size for partition, size in whole.items() if reading.keeps(partition)]
        yield Scan(reading.table, len(kept), len(whole), sum(kept))
