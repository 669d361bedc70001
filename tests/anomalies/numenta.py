"""Real series of the Numenta Anomaly Benchmark, read from a clone that ``HEADWATER_NAB`` names; none is kept here.

::

    git clone https://github.com/numenta/NAB /somewhere && HEADWATER_NAB=/somewhere python -m tests.anomalies

(AGPL-3.0; Ahmad et al., Unsupervised real-time anomaly detection for streaming data, Neurocomputing 262, 2017.) Those
that last for less than seven weeks say nothing of the place in a week and are left out. Values become hours: counts are
summed, others averaged. Labels are the benchmark's own windows; some are disputed (Wu and Keogh, IEEE TKDE 35, 2023).
"""

from __future__ import annotations

import csv
import json
import os
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import fmean
from zoneinfo import ZoneInfo

from chalicelib.domain.periods import Interval, boundaries
from tests.anomalies.labelled import Labelled, Window

COUNTS = ("nyc_taxi", "Twitter_volume")
LEAST = timedelta(weeks=7)
LEARNT_WEEKS = 3
_HOUR = timedelta(hours=1)
_UTC = ZoneInfo("UTC")


def folder() -> Path | None:
    """Answer where the clone is, None where nobody says."""
    named = os.environ.get("HEADWATER_NAB")
    return Path(named) if named else None


def every(at: Path) -> Iterator[Labelled]:
    """Answer every real series that is long enough."""
    labels = json.loads((at / "labels/combined_windows.json").read_text())
    for name in sorted(labels):
        if name.startswith("real") and (found := _read(at / "data" / name, name, labels[name])) is not None:
            yield found


def _read(path: Path, name: str, labels: list[list[str]]) -> Labelled | None:
    by_hour: dict[datetime, list[float]] = defaultdict(list)
    with path.open() as lines:
        for row in csv.DictReader(lines):
            at = datetime.fromisoformat(row["timestamp"]).replace(tzinfo=UTC)
            by_hour[at.replace(minute=0, second=0)].append(float(row["value"]))
    first, last = min(by_hour), max(by_hour)
    if last - first < LEAST:
        return None
    counted = any(word in name for word in COUNTS)
    starts = boundaries(first, last, Interval.PT1H, _UTC)[:-1]
    values = [None if start not in by_hour else _one(by_hour[start], counted) for start in starts]
    windows = [Window(_position(since, first), _position(until, first) + 1, "labelled") for since, until in labels]
    learnt = LEARNT_WEEKS * 168
    return Labelled(
        name, values, starts, _UTC, Interval.PT1H, counted, windows, learnt, (learnt + len(starts)) // 2, 168
    )


def _one(values: list[float], counted: bool) -> float:
    return sum(values) if counted else fmean(values)


def _position(text: str, first: datetime) -> int:
    return int((datetime.fromisoformat(text).replace(tzinfo=UTC) - first) / _HOUR)
