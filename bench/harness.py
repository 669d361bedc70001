"""The one way a benchmark is run here: two sides in turn in one process, medians and ratios, a JSON file of it all.

The machine is shared and noisy, so the sides alternate (A B A B …) and the ratio is taken pair by pair: what slows one
side for a moment slows its partner too. Timings are reported, never asserted.
"""

from __future__ import annotations

import json
import os
import platform
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).parent / "results"


@dataclass(frozen=True, slots=True)
class Spread:
    """Order statistics of one measured quantity."""

    minimum: float
    median: float
    p99: float
    maximum: float

    @classmethod
    def of(cls, values: Sequence[float]) -> Spread:
        """Summarise measurements; ``p99`` is the nearest-rank percentile."""
        ordered = sorted(values)
        rank = min(len(ordered) - 1, max(0, round(0.99 * len(ordered)) - 1))
        return cls(ordered[0], statistics.median(ordered), ordered[rank], ordered[-1])


def measure(side: Callable[[], object], clock: Callable[[], float]) -> float:
    """Run one side once and answer what it took, in milliseconds of the given clock."""
    begun = clock()
    side()
    return (clock() - begun) * 1000


def in_turn(
    sides: Mapping[str, Callable[[], object]],
    *,
    rounds: int,
    warmup: int = 1,
    every: Mapping[str, int] | None = None,
    clock: Callable[[], float] = time.perf_counter,
) -> dict[str, list[float]]:
    """Time several sides in turn and answer the milliseconds of each.

    Parameters
    ----------
    rounds, warmup
        Counted rounds, and rounds before them that do not count.
    every
        Takes a side that is slow in so many rounds once.
    """
    of = every or {}
    took: dict[str, list[float]] = {label: [] for label in sides}
    for number in range(-warmup, rounds):
        for label, side in sides.items():
            if number % of.get(label, 1) == 0:
                spent = measure(side, clock)
                took[label] += [spent] if number >= 0 else []
    return took


def compare(
    name: str,
    what: str,
    sides: tuple[tuple[str, Callable[[], object]], tuple[str, Callable[[], object]]],
    *,
    runs: int,
    warmup: int = 1,
    packages: Sequence[str] = (),
    clock: Callable[[], float] = time.perf_counter,
    notes: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """Time two sides in turn, print them, and write ``bench/results/<name>.json``.

    Parameters
    ----------
    name
        The file's name without its ending.
    what
        A sentence: what is done, on how much.
    sides
        ``(label, function)`` of ours, then of what it is held against.
    runs, warmup
        Counted pairs, and pairs before them that do not count.
    packages
        Distributions whose versions belong to the result.
    clock
        Seconds: wall time by default, ``time.process_time`` for CPU time.
    notes
        Further figures to keep beside the result.
    """
    (label_a, a), (label_b, b) = sides
    took = in_turn({"a": a, "b": b}, rounds=runs, warmup=warmup, clock=clock)
    pairs = list(zip(took["a"], took["b"], strict=True))
    result = {
        "what": what,
        "machine": machine(),
        "versions": versions(*packages),
        "runs": runs,
        "unit": "ms",
        "sides": {
            label_a: asdict(Spread.of([x for x, _ in pairs])),
            label_b: asdict(Spread.of([y for _, y in pairs])),
        },
        "ratio": asdict(Spread.of([x / y for x, y in pairs])),
        "notes": notes or {},
    }
    write(name, result)
    return result


def versions(*packages: str) -> dict[str, str]:
    """Which versions of packages were measured."""
    return {package: metadata.version(package) for package in packages}


def machine() -> dict[str, Any]:
    """What the figures were measured on."""
    return {"cpus": os.cpu_count(), "machine": platform.machine(), "python": platform.python_version()}


def write(name: str, result: dict[str, Any]) -> None:
    """Print a result for a person and keep it as ``bench/results/<name>.json``."""
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / f"{name}.json").write_text(json.dumps(result, indent=2) + "\n")
    print(f"{name}: {result['what']}")
    for label, spread in {**result["sides"], "ratio": result["ratio"]}.items():
        print("  " + f"{label:<40}" + "  ".join(f"{key} {value:10.3f}" for key, value in spread.items()))
    for key, value in result["notes"].items():
        print(f"  {key}: {value}")
