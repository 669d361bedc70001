"""Print how well unusual values are found on labelled series: ours, and what is simpler, tuned in its favour."""

from __future__ import annotations

import argparse
import time
from collections import defaultdict
from collections.abc import Iterable

from tests.anomalies import made, numenta
from tests.anomalies.detectors import DETECTORS
from tests.anomalies.labelled import Labelled
from tests.anomalies.told import Told, alarms, tell

Measured = dict[str, dict[str, Told]]
"""What each detector tells of each name of series."""


def measure(series: Iterable[Labelled]) -> Measured:
    """Answer what each detector tells of each name of series, after the part for tuning."""
    found: Measured = defaultdict(lambda: defaultdict(Told))
    for one in series:
        first = one.tuned
        for name, detector in DETECTORS.items():
            flags = detector(one)
            found[one.name][name].add(tell(one, alarms(flags, first, len(flags)), first, len(flags)))
    return found


def total(found: Measured, detector: str) -> Told:
    """Answer what a detector tells of all."""
    told = Told()
    for by in found.values():
        told.add(by[detector])
    return told


def show(title: str, found: Measured) -> None:
    """Print a table: precision, recall and F1 of each detector for each series, then together and by kind."""
    print(f"\n{title}\n{'':<38}" + "".join(f"{name:>22}" for name in DETECTORS))
    for series, by in found.items():
        print(f"{series.rpartition('/')[2][:36]:<38}" + "".join(f"{_three(by[name]):>22}" for name in DETECTORS))
    print(
        f"{'together (precision recall F1)':<38}" + "".join(f"{_three(total(found, name)):>22}" for name in DETECTORS)
    )
    kinds = sorted({kind for by in found.values() for told in by.values() for kind in (*told.found, *told.missed)})
    for kind in kinds:
        shares = []
        for name in DETECTORS:
            told = total(found, name)
            shares.append(f"{told.found[kind]} of {told.found[kind] + told.missed[kind]}")
        print(f"{'found: ' + kind:<38}" + "".join(f"{share:>22}" for share in shares))
    weeks = sum(by[next(iter(DETECTORS))].weeks for by in found.values())
    print(
        f"{f'false alarms in {weeks:,.0f} weeks':<38}"
        + "".join(f"{total(found, name).false:>22}" for name in DETECTORS)
    )


def _three(told: Told) -> str:
    return f"{told.precision:.2f}  {told.recall:.2f}  {told.f1:.2f}"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=5, metavar="N", help="so many series of each profile (default 5)")
    given = parser.parse_args()
    began = time.monotonic()
    show(
        f"Series that tests.anomalies.made makes, seeds 1 to {given.seeds}",
        measure(one for seed in range(1, given.seeds + 1) for one in made.every(seed)),
    )
    if (at := numenta.folder()) is not None:
        show("Numenta Anomaly Benchmark, real series of seven weeks and more, by the hour", measure(numenta.every(at)))
    print(f"\n{time.monotonic() - began:.0f} s")


if __name__ == "__main__":
    main()
