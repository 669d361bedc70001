"""What is held against each other: ours as it is set by default, and baselines, each tuned on the first part."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from itertools import pairwise
from math import sqrt
from statistics import fmean, pstdev

from chalicelib.alerts.anomaly import Score, scores
from chalicelib.alerts.rule import Anomaly
from tests.anomalies.labelled import Labelled
from tests.anomalies.told import alarms, tell

Flags = list[bool]
Detector = Callable[[Labelled], Flags]
"""Answers for every bucket whether it is called unusual; those before ``learnt`` never are."""
_SHARES = (0.0, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2)
_SCORED: list[tuple[Labelled, list[Score | None]]] = []
_TIMES = (2.0, 2.5, 3.0, 3.5, 4.0, 5.0, 6.0, 8.0, 10.0)


def ours(of: Labelled) -> Flags:
    """Ours, with the sensitivity that a rule has by default: nothing is tuned."""
    return _at_least(of, _scored(of), Anomaly().sensitivity)


def ours_tuned(of: Labelled) -> Flags:
    """Ours, with the sensitivity that has the best F1 on the part for tuning."""
    found = _scored(of)
    return _best(of, [_at_least(of, found, Decimal(mark)) for mark in _TIMES])


def ours_at_five(of: Labelled) -> Flags:
    """Ours, for who would rather not be told: from 5 spreads on."""
    return _at_least(of, _scored(of), Decimal(5))


def ours_twice(of: Labelled) -> Flags:
    """Ours, with ``for`` one bucket: told once two in a row are unusual."""
    flags = ours(of)
    return [now and before for before, now in pairwise([False, *flags])]


def _scored(of: Labelled) -> list[Score | None]:
    if not _SCORED or _SCORED[0][0] is not of:  # several detectors look at one series after the other
        _SCORED[:] = [(of, _score(of))]
    return _SCORED[0][1]


def _score(of: Labelled) -> list[Score | None]:
    values = [None if value is None else Decimal(str(value)) for value in of.values]
    return scores(values, of.starts, of.zone, of.interval, Anomaly(), of.learnt, counted=of.counted, stock=of.stock)


def _at_least(of: Labelled, found: Sequence[Score | None], mark: Decimal) -> Flags:
    return [False] * of.learnt + [one is not None and abs(one.z) >= mark for one in found]


def fixed(of: Labelled) -> Flags:
    """A high and a low mark, those with the best F1 on the part for tuning."""
    known = sorted(value for value in of.values[: of.tuned] if value is not None)
    marks = [
        (known[min(len(known) - 1, int(len(known) * low))], known[max(0, len(known) - 1 - int(len(known) * high))])
        for low in _SHARES
        for high in _SHARES
    ]
    # beyond the marks, not at them: at 0 there is no less
    return _best(of, [_marked(of, low, high) for low, high in marks])


def _marked(of: Labelled, low: float, high: float) -> Flags:
    return [i >= of.learnt and value is not None and (value < low or value > high) for i, value in enumerate(of.values)]


def seasonal_naive(of: Labelled) -> Flags:
    """The difference from the same bucket a week ago over the deviation of such, with the best F1 on the same part."""
    week = of.per_week
    away = [_less(value, of.values[i - week]) if i >= week else None for i, value in enumerate(of.values)]
    return _best(of, _held(of, away, 6 * week))


def mean_of_weeks(of: Labelled) -> Flags:
    """The z-score by mean and deviation of the same place in six weeks, with the best F1 on the same part."""
    found: list[float | None] = []
    for i, value in enumerate(of.values):
        before = [one for back in range(1, 7) if i >= back * of.per_week
                  and (one := of.values[i - back * of.per_week]) is not None]  # fmt: skip
        if value is None or len(before) < 3:
            found.append(None)
            continue
        spread = max(pstdev(before), sqrt(max(fmean(before), 1)) if of.counted else 1e-9)
        found.append((value - fmean(before)) / spread)
    return _best(of, [[i >= of.learnt and one is not None and abs(one) >= mark for i, one in enumerate(found)]
                      for mark in _TIMES])  # fmt: skip


def _held(of: Labelled, away: Sequence[float | None], window: int) -> list[Flags]:
    """Hold differences against their deviation over the buckets before, once a day."""
    step = max(1, of.per_week // 7)
    spreads: list[float] = []
    for first in range(0, len(away), step):
        before = [one for one in away[max(0, first - window) : first] if one is not None]
        spreads += [pstdev(before) if len(before) > 1 else 0.0] * step
    return [
        [i >= of.learnt and one is not None and spreads[i] > 0 and abs(one) >= mark * spreads[i]
         for i, one in enumerate(away)]
        for mark in _TIMES
    ]  # fmt: skip


def _less(value: int | float | None, before: int | float | None) -> float | None:
    return None if value is None or before is None else float(value - before)


def _best(of: Labelled, candidates: Sequence[Flags]) -> Flags:
    def f1(flags: Flags) -> float:
        return tell(of, alarms(flags, of.learnt, of.tuned), of.learnt, of.tuned).f1

    return max(candidates, key=f1)


DETECTORS: dict[str, Detector] = {
    "ours, not tuned": ours,
    "ours, tuned": ours_tuned,
    "ours, from 5 on": ours_at_five,
    "ours, two in a row": ours_twice,
    "fixed marks, tuned": fixed,
    "seasonal naive, tuned": seasonal_naive,
    "mean of weeks, tuned": mean_of_weeks,
}
