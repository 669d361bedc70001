"""What people would be told, held against the labels.

An *alarm* is a run of buckets that are called unusual one after another: it is what a person is told once. It is true
where it touches a labelled window. Precision is the share of alarms that are true; recall is the share of windows that
some alarm touches. No bucket is counted as found because a neighbour was ("point adjustment" flatters: Kim et al.,
Towards a Rigorous Evaluation of Time-Series Anomaly Detection, AAAI 2022).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from tests.anomalies.labelled import Labelled


@dataclass
class Told:
    """Counts of alarms and windows; they add up."""

    true: int = 0
    false: int = 0
    weeks: float = 0.0
    found: Counter[str] = field(default_factory=Counter)
    missed: Counter[str] = field(default_factory=Counter)

    @property
    def precision(self) -> float:
        """Answer the share of alarms that are true; 1 where there is none."""
        return self.true / (self.true + self.false) if self.true + self.false else 1.0

    @property
    def recall(self) -> float:
        """Answer the share of windows that were found; 1 where there is none."""
        windows = self.found.total() + self.missed.total()
        return self.found.total() / windows if windows else 1.0

    @property
    def f1(self) -> float:
        """Answer the harmonic mean of both."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0

    def add(self, other: Told) -> None:
        """Count another's too."""
        self.true += other.true
        self.false += other.false
        self.weeks += other.weeks
        self.found += other.found
        self.missed += other.missed


def alarms(flags: Sequence[bool], first: int, end: int) -> list[tuple[int, int]]:
    """Answer the runs ``[first, end)`` of buckets that are called unusual."""
    found: list[tuple[int, int]] = []
    for i in range(first, end):
        if flags[i] and found and found[-1][1] == i:
            found[-1] = (found[-1][0], i + 1)
        elif flags[i]:
            found.append((i, i + 1))
    return found


def tell(of: Labelled, runs: Sequence[tuple[int, int]], first: int, end: int) -> Told:
    """Hold alarms against the windows within ``[first, end)``."""
    windows = [window for window in of.windows if window.first < end and window.end > first]
    told = Told(weeks=(end - first) / of.per_week)
    for since, until in runs:
        if any(since < window.end and until > window.first for window in windows):
            told.true += 1
        else:
            told.false += 1
    for window in windows:
        hit = any(since < window.end and until > window.first for since, until in runs)
        (told.found if hit else told.missed)[window.kind] += 1
    return told
