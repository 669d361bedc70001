"""What a metric comes to, told from a recount of its cube's raw rows in plain Python: nothing of the API is used."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from chalicelib.metrics.metric import Kind, Metric
from tests.recount.calendar import OUTSIDE
from tests.unit.metrics.recount import RECOUNT

Row = Mapping[str, Any]
Key = tuple[datetime, tuple[str | None, ...]]
Value = int | Decimal | float | None
Keeps = Callable[[Row], bool]


def recounted(cube: str, raw: Mapping[str, list[Any]], floor: Callable[[datetime], datetime]) -> list[Row]:
    """Count a cube's rows at once at the grain of ``floor``: not from quarter hours, so that gauges are the last of
    each period and members are named once in each."""
    return [row for row in RECOUNT[cube](raw, floor) if row["bucket_start"] != OUTSIDE]


def values(
    metric: Metric, rows: Sequence[Row], group_by: Sequence[str] = (), where: Mapping[str, Keeps] | None = None
) -> dict[Key, Value]:
    """Answer a metric's value for each period and group of which there is a row. ``where`` holds a test of each
    dimension that is filtered by."""
    tests = dict(where or {})
    mine = _grouped(metric, rows, group_by, tests)
    if metric.kind is not Kind.RATIO:
        return {key: _plain(metric, found) for key, found in mine.items()}
    over = [name for name in group_by if name not in metric.over]
    whole = _grouped(metric, rows, over, {name: test for name, test in tests.items() if name not in metric.over})
    groups = {group for _, group in mine}
    ratios: dict[Key, Value] = {}
    for (at, over_group), all_of in whole.items():
        below = sum(Fraction(row[metric.denominator]) for row in all_of) * metric.divisor
        for group in groups if metric.over else (over_group,):
            if _without(group, group_by, metric.over) == over_group:
                above = sum(Fraction(row[metric.measure]) for row in mine.get((at, group), ()))
                ratios[at, group] = float(above / below) if below else None
    return ratios


def _without(group: Sequence[str | None], names: Sequence[str], left_out: Sequence[str]) -> tuple[str | None, ...]:
    return tuple(member for member, name in zip(group, names, strict=True) if name not in left_out)


def nothing(metric: Metric) -> Value:
    """What a period without rows has."""
    return 0 if metric.kind in (Kind.COUNTER, Kind.UNIQUE) else None


def _grouped(
    metric: Metric, rows: Sequence[Row], group_by: Sequence[str], tests: Mapping[str, Keeps]
) -> dict[Key, list[Row]]:
    found: dict[Key, list[Row]] = defaultdict(list)
    for row in rows:
        is_meant = all(str(row[name]).lower() == value for name, value in metric.only)
        if is_meant and all(test(row) for test in tests.values()):
            found[row["bucket_start"], tuple(row[name] for name in group_by)].append(row)
    return found


def _plain(metric: Metric, rows: Sequence[Row]) -> Value:
    if metric.kind is Kind.UNIQUE:
        return len({row[metric.measure] for row in rows})
    seen = [row[metric.measure] for row in rows if row[metric.measure] is not None]
    if metric.kind is Kind.GAUGE:
        return sum(seen) if seen else None
    total = sum(seen)
    return total if metric.divisor == 1 else float(Fraction(total) / metric.divisor)
