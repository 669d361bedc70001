"""A series with the places that somebody labelled as unusual."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from chalicelib.domain.periods import Interval


@dataclass(frozen=True)
class Window:
    """Buckets ``[first, end)`` that are unusual, and in what way."""

    first: int
    end: int
    kind: str


@dataclass(frozen=True)
class Labelled:
    """A series, labelled.

    Up to ``tuned`` a detector may be tuned on it (and has to learn by itself what it needs); from there on it is tried.
    """

    name: str
    values: Sequence[int | float | None]
    starts: Sequence[datetime]
    zone: ZoneInfo
    interval: Interval
    counted: bool
    windows: Sequence[Window]
    learnt: int
    tuned: int
    per_week: int
    stock: bool = False
