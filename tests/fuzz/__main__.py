"""``python -m tests.fuzz --cases 10000``: made-up requests to every route; 1 if one answer is not as documented."""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

from tests.fuzz.cases import Figures, merge, run

FIXED = 2_400
"""About so many cases are there whatever is asked for: examples, boundary values, wrong methods."""
OF_EACH = 42
"""About so many more cases one more made-up example of each operation brings, chains included."""


def main() -> int:
    """Run what was asked for and print the figures."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--cases", type=int, default=10_000, help="at least so many requests (default 10000)")
    parser.add_argument("--seed", type=int, default=1, help="of what is made up (default 1)")
    parser.add_argument("--only", help="only this path, such as /v1/tokens")
    given = parser.parse_args()
    began = time.monotonic()
    figures, seed = Figures(), given.seed
    while figures.cases < given.cases:
        examples = max(1, -(-(given.cases - figures.cases - FIXED) // OF_EACH))
        with tempfile.TemporaryDirectory() as folder:
            merge(figures, run(Path(folder), examples, seed=seed, only=given.only))
        seed += 1
    show(figures)
    print(f"{figures.cases:,} cases, {time.monotonic() - began:.0f} s")
    return int(bool(figures.failures or figures.errors or figures.server_errors))


def show(figures: Figures) -> None:
    """Print a run's figures, and every kind of failure once."""
    print("cases by phase:    ", ", ".join(f"{name} {count:,}" for name, count in figures.phases.most_common()))
    print("answers by status: ", ", ".join(f"{code} {count:,}" for code, count in sorted(figures.statuses.items())))
    least, count = min(figures.operations.items(), key=lambda one: one[1])
    print(f"operations:         {len(figures.operations)}, the least asked {least} ({count})")
    if never := sorted(name for name in figures.operations if not figures.well[name]):
        print("never answered well:", ", ".join(never))
    for (kind, operation, message), example in sorted(figures.failures.items()):
        print(f"\n{kind} at {operation}: {message}\n    {example}")
    for error in figures.errors:
        print(f"\nnot run: {error}")
    print(f"\nserver errors: {figures.server_errors}; answers that are not as documented: {len(figures.failures)}")


if __name__ == "__main__":
    sys.exit(main())
