"""``make recount``: every metric, in every interval and twelve zones, recounted from raw rows beside the API's answers.

Then late, restated and deleted data: what was computed again beside what was touched, and the same comparison again.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
import warnings
from pathlib import Path

from chalicelib.metrics.registry import METRICS
from tests.recount.calendar import INTERVALS
from tests.recount.compare import Tally, compare, is_told_by_days
from tests.recount.edges import COARSE, ZONES, windows
from tests.recount.lake import Asked
from tests.recount.late import Recomputed, apply, changes, hold_against_full_recompute
from tests.recount.rows import MadeUp

SHOWN = 20


def main() -> int:
    """Compare and print the figures; 1 where anything differs or was not compared."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=150, metavar="N", help="rows of most tables (default 150)")
    parser.add_argument("--seed", type=int, default=1, help="another seed makes other rows")
    given = parser.parse_args()
    os.environ["POWERTOOLS_LOG_LEVEL"] = "ERROR"
    warnings.simplefilter("ignore")
    made = MadeUp(given.seed, given.rows)
    with tempfile.TemporaryDirectory() as folder:
        asked = Asked(made.tables(), Path(folder) / "api", commits=2)
        first, again, late = Tally(), Tally(), Recomputed()
        _compare(asked, first)
        for change in list(changes(made, asked.lake.raw.rows)):
            apply(asked, change, late)
        _compare(asked, again, only_coarse=True)
        hold_against_full_recompute(asked, Path(folder) / "anew", late)
    missing = len(METRICS) * len(INTERVALS) * len(ZONES) - _told(first)
    _print(asked, first, again, late, missing)
    return int(bool(first.differences or again.differences or late.differences or missing))


def _compare(asked: Asked, tally: Tally, *, only_coarse: bool = False) -> None:
    for zone in ZONES:
        began, compared, differences = time.monotonic(), tally.values.total(), len(tally.differences)
        for window in windows(zone):
            if not only_coarse or window.intervals == COARSE:
                compare(asked, window, tally)
        compared, differences = tally.values.total() - compared, len(tally.differences) - differences
        print(f"{zone:<22}{compared:>12,} values{differences:>6} differ{time.monotonic() - began:>7.0f} s", flush=True)


def _told(tally: Tally) -> int:
    """How many combinations of metric, interval and zone were compared, or refused as they have to be."""
    by_days = sum(is_told_by_days(metric) for metric in METRICS.values())
    return len(tally.values) + (by_days * 2 * len(ZONES) if tally.refusals else 0)


def _print(asked: Asked, first: Tally, again: Tally, late: Recomputed, missing: int) -> None:
    rows = sum(len(of) for of in asked.lake.raw.rows.values())
    print(f"\n{len(METRICS)} metrics x {len(INTERVALS)} intervals x {len(ZONES)} zones over {rows:,} raw rows:")
    print(f"  {first.values.total():>12,} values compared, {first.split:,} of them of groups or filters")
    print(f"  {first.instants:>12,} starts and ends of periods compared")
    print(f"  {first.refusals:>12,} questions refused, for their metrics are told by days only")
    print(f"  {missing:>12,} combinations left out")
    print(f"  {len(first.differences):>12,} differences")
    print(f"late, restated and deleted rows, {late.commits} commits:")
    print(f"  {late.days:>12,} days computed again, {late.days_that_had_to:,} had to be")
    print(f"  {late.partitions:>12,} partitions written, {late.partitions_that_stood_still:,} beside them stood still")
    print(f"  {again.values.total():>12,} values compared once more")
    print(f"  {late.rows_like_a_full_recompute:>12,} rows of cubes like those of a full recompute")
    print(f"  {len(late.differences) + len(again.differences):>12,} differences")
    for words in [*first.differences, *again.differences, *late.differences][:SHOWN]:
        print(words[:500])


if __name__ == "__main__":
    sys.exit(main())
