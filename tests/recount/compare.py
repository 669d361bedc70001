"""Asks for every metric in every interval and zone, and holds each value against the recount."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from itertools import pairwise
from typing import Any

from chalicelib.metrics.metric import Kind, Metric
from chalicelib.metrics.registry import METRICS
from tests.recount.calendar import floor_of, periods
from tests.recount.edges import FINE, Window
from tests.recount.expected import Keeps, Row, Value, nothing, recounted, values
from tests.recount.lake import Asked

AT_ONCE = 5
SPLIT_INTERVALS = ("PT1H", "P1D", "P1M")
"""The intervals at which groups and filters are asked for too."""


@dataclass
class Tally:
    """What was compared, and what differs."""

    values: Counter[tuple[str, str, str]] = field(default_factory=Counter)  # of metric, interval and zone
    split: int = 0  # of these with groups or filters
    instants: int = 0  # starts and ends of periods
    refusals: int = 0  # intervals below a day, of what is told by days
    differences: list[str] = field(default_factory=list)


def is_told_by_days(metric: Metric) -> bool:
    """Whether an hour of it has no value: its source tells days, or it adds up what is looked at hour by hour apart."""
    return metric.days_of is not None or (metric.kind is Kind.GAUGE and bool(metric.also))


def batches(metrics: Iterable[Metric] = METRICS.values()) -> Iterator[tuple[Metric, ...]]:
    """Metrics that can be asked for together: of one cube, with the same dimensions."""
    found: dict[object, list[Metric]] = defaultdict(list)
    for metric in metrics:
        found[metric.cube, metric.dimensions, metric.apart, metric.days_of, is_told_by_days(metric)].append(metric)
    for alike in found.values():
        yield from (tuple(alike[n : n + AT_ONCE]) for n in range(0, len(alike), AT_ONCE))


def compare(asked: Asked, window: Window, tally: Tally, metrics: Iterable[Metric] = METRICS.values()) -> None:
    """Compare every metric in one window, in each of its intervals."""
    together = list(batches(metrics))
    for interval in window.intervals:
        begun = periods(window.zone, window.start, window.end, interval)
        floor = floor_of(begun, window.end)
        cubes = {metric.cube for batch in together for metric in batch}
        rows = {cube: recounted(cube, asked.lake.raw.rows, floor) for cube in sorted(cubes)}
        for batch in together:
            question = _Question(asked, window, interval, (*begun, window.end), batch, rows[batch[0].cube])
            question.check(tally)


@dataclass(frozen=True)
class _Question:
    asked: Asked
    window: Window
    interval: str
    bounds: Sequence[datetime]
    metrics: Sequence[Metric]
    rows: Sequence[Row]

    def check(self, tally: Tally) -> None:
        if is_told_by_days(self.metrics[0]) and self.interval in FINE:
            status, _ = self.asked.query(**self._body())
            tally.refusals += 1
            if status not in (400, 422):
                tally.differences.append(f"{self._what()} was answered with {status}, and is told by days only")
            return
        self._compare(tally)
        if self.interval in SPLIT_INTERVALS:
            dimensions = self.metrics[0].dimensions
            first, last = dimensions[0], dimensions[-1]
            tally.split += self._compare(tally, (first,))
            tally.split += self._compare(tally, (last,), *self._filter(first, "is"))
            tally.split += self._compare(tally, (), *self._filter(last, "is_not"))

    def _filter(self, name: str, operator: str) -> tuple[dict[str, Any], Mapping[str, Keeps]]:
        """A filter by the member that most rows have, as the API takes it and as a test of a row."""
        most = Counter(row[name] for row in self.rows if row[name] is not None).most_common(1)
        member = most[0][0] if most else "nobody"
        is_kept = operator == "is"
        test: Keeps = lambda row: (row[name] == member) is is_kept  # noqa: E731
        return {"dimension": name, "operator": operator, "value": member}, {name: test}

    def _compare(
        self,
        tally: Tally,
        group_by: tuple[str, ...] = (),
        filtered: dict[str, Any] | None = None,
        where: Mapping[str, Keeps] | None = None,
    ) -> int:
        more = {name: value for name, value in (("group_by", list(group_by)), ("filter", filtered)) if value}
        told = self.asked.rows(**self._body(), **more)
        one = [filtered["dimension"]] if filtered and filtered["operator"] == "is" else []
        apart = (name for name in self.metrics[0].apart if name not in (*group_by, *one))
        by = (*group_by, *apart)  # currencies are never added up
        compared = 0
        for metric in self.metrics:
            expected = values(metric, self.rows, by, where)
            compared += self._hold(metric, told, by, expected, f"{self._what()} {more}", tally)
        return compared

    def _hold(
        self,
        metric: Metric,
        told: Sequence[Mapping[str, Any]],
        by: Sequence[str],
        expected: Mapping[Any, Value],
        what: str,
        tally: Tally,
    ) -> int:
        answered = {(_instant(row["start"]), tuple(row[name] for name in by)): row[metric.name] for row in told}
        for key in answered.keys() | expected.keys():
            want = expected.get(key, nothing(metric))
            if key not in answered and want == nothing(metric):
                continue  # a group of which nothing was seen in the whole range has no rows
            if key not in answered or not same(answered[key], want):
                tally.differences.append(f"{metric.name} {what} at {key}: {answered.get(key)!r}, recounted {want!r}")
        tally.values[metric.name, self.interval, self.window.zone] += len(answered)
        if told or not by:
            self._hold_instants(told, what, tally)
        return len(answered)

    def _hold_instants(self, told: Sequence[Mapping[str, Any]], what: str, tally: Tally) -> None:
        shown = sorted({(_instant(row["start"]), _instant(row["end"])) for row in told})
        tally.instants += 2 * len(shown)
        if shown != list(pairwise(self.bounds)):
            tally.differences.append(f"{what}: periods {shown[:3]} …, by the clocks {list(self.bounds[:4])} …")

    def _body(self) -> dict[str, Any]:
        window = self.window
        return {
            "metrics": [metric.name for metric in self.metrics],
            "from": window.start.isoformat(),
            "to": window.end.isoformat(),
            "interval": self.interval,
            "tz": window.zone,
        }

    def _what(self) -> str:
        return f"{self.interval} in {self.window.zone}, {self.window.what}"


def same(told: Any, want: Value) -> bool:
    """Whether a value of JSON is exactly what was counted: money that no double holds comes as a text."""
    if told is None or want is None:
        return told is None and want is None
    return Decimal(str(told)) == Decimal(str(want))


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)
