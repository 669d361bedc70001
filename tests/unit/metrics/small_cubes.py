"""Two small cubes with a metric of every kind, and what each has to be, counted in plain Python."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType
from typing import Any, Final

from chalicelib.metrics.cube import Adds, Cube, Measure
from chalicelib.metrics.metric import Kind, Metric
from chalicelib.sources.base import Column, ColumnType

Row = Mapping[str, Any]

_DIMENSIONS = ("size", "brand", "currency")
SHOP: Final = Cube(
    "shop_cube",
    "Orders",
    tuple(Column(name, ColumnType.STRING, "…") for name in _DIMENSIONS),
    (
        Measure("orders", Adds.SUM, "…"),
        Measure("spent_ms", Adds.SUM, "…"),
        Measure("amount", Adds.SUM, "…", ColumnType.DECIMAL),
        Measure("stock", Adds.LAST, "…"),
    ),
    MappingProxyType({"s3_access_logs": ()}),
)
VISITS: Final = Cube(
    "visits_cube",
    "Who came",
    tuple(Column(name, ColumnType.STRING, "…") for name in ("size", "brand")),
    (),
    MappingProxyType({"s3_access_logs": ()}),
    member=Column("person", ColumnType.STRING, "…"),
)
CUBES: Final = {cube.name: cube for cube in (SHOP, VISITS)}


def _metric(name: str, kind: Kind, measure: str, cube: Cube = SHOP, **more: Any) -> Metric:
    dimensions = more.pop("dimensions", _DIMENSIONS if cube is SHOP else ("size", "brand"))
    return Metric(name, name, name, kind, cube.name, measure, "s3_access_logs", dimensions, "…", **more)


METRICS: Final = {
    metric.name: metric
    for metric in (
        _metric("orders", Kind.COUNTER, "orders"),
        _metric("big_orders", Kind.COUNTER, "orders", only=(("size", "big"), ("brand", "a"))),
        _metric("seconds", Kind.COUNTER, "spent_ms", divisor=1000),
        _metric("amount", Kind.COUNTER, "amount", apart=("currency",)),
        _metric("stock", Kind.GAUGE, "stock"),
        _metric("big_stock", Kind.GAUGE, "stock", only=(("size", "big"),)),
        _metric("visitors", Kind.UNIQUE, "person", VISITS),
        _metric("big_visitors", Kind.UNIQUE, "person", VISITS, only=(("size", "big"),)),
        _metric("each", Kind.RATIO, "spent_ms", denominator="orders", divisor=1000),
        _metric("share", Kind.RATIO, "orders", denominator="orders", over=("brand",)),
    )
}


def recount(
    metric: Metric, rows: Iterable[Row], low: datetime, high: datetime, passes: Callable[[Row], bool]
) -> Fraction | None:
    """Answer a metric over rows of its cube that lie in a range and pass; a ratio's denominator has its own rows."""
    cube = CUBES[metric.cube]
    found = [
        row
        for row in rows
        if low <= row["bucket_start"] < high and passes(row) and all(row[name] == value for name, value in metric.only)
    ]
    if metric.kind is Kind.UNIQUE:
        return Fraction(len({row["person"] for row in found}))
    if metric.kind is Kind.COUNTER:
        return sum((Fraction(row[metric.measure]) for row in found), Fraction(0)) / metric.divisor
    last: dict[Any, int] = {}
    for row in sorted(found, key=lambda one: one["bucket_start"]):
        if row[metric.measure] is not None:
            last[tuple(row[column.name] for column in cube.dimensions)] = row[metric.measure]
    return Fraction(sum(last.values())) if last else None


def ratio(metric: Metric, over: Iterable[Row], under: Iterable[Row]) -> Fraction | None:
    """Answer a ratio of its rows above and below."""
    whole = sum(row[metric.denominator] for row in under)
    return Fraction(sum(row[metric.measure] for row in over)) / (whole * metric.divisor) if whole else None


def order(at: datetime, brand: str | None = "a", count: int = 1, **more: Any) -> dict[str, Any]:
    """Make a row of the shop's cube."""
    made = {"size": "big", "currency": "EUR", "spent_ms": 1500 * count, "amount": Decimal(count) / 4, "stock": None}
    return {"bucket_start": at.astimezone(UTC), "brand": brand, "orders": count, **made, **more}
