"""Every cube there is with a few rows, published into a store in memory."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from chalicelib.domain.objects import ObjectStore
from chalicelib.metrics.cube import Cube
from chalicelib.metrics.cubes import CUBES
from chalicelib.sources.base import Column, ColumnType
from tests.unit.metrics.published_cubes import publish


def rows(cube: Cube, until: datetime, days: int) -> list[dict[str, Any]]:
    """Make a row for each day before an instant, all dimensions told, all measures growing."""
    return [
        {"bucket_start": until - timedelta(days=back, hours=3), **{c.name: value(c, back) for c in cube.columns[1:]}}
        for back in range(days)
    ]


def value(column: Column, back: int) -> Any:
    """Make a value of a column's type."""
    match column.type:
        case ColumnType.STRING:
            return f"{column.name} {back % 3}"
        case ColumnType.BOOL:
            return False
        case ColumnType.DECIMAL:
            return Decimal(back + 1)
        case _:
            return back + 1


def publish_all(
    store: ObjectStore,
    until: datetime,
    days: int = 3,
    *,
    seq: int = 1,
    reporting: str = "UTC",
    cubes: Iterable[Cube] = tuple(CUBES.values()),
) -> None:
    """Publish cubes whose sources are complete up to an instant on the quarter hour."""
    for cube in cubes:
        watermarks = dict.fromkeys(cube.inputs, until)
        publish(store, cube, rows(cube, until, days), watermarks, seq=seq, reporting=reporting)
