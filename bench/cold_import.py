"""A cold start's import of the API, beside that of the libraries it cannot do without.

Run as ``python -m bench.cold_import``. Each side is a fresh interpreter; what an empty one takes is in the notes.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from bench.harness import compare

ROOT = Path(__file__).resolve().parents[1]
RUNS = 20


def fresh(code: str) -> Callable[[], str]:
    """Run code in a fresh interpreter."""

    def run() -> str:
        return subprocess.run(
            [sys.executable, "-c", code], cwd=ROOT, env={}, capture_output=True, text=True, check=True
        ).stdout

    return run


def median_ms(side: Callable[[], object]) -> float:
    """Answer the median of RUNS runs, in ms."""
    took = []
    for _ in range(RUNS):
        begun = time.perf_counter()
        side()
        took.append((time.perf_counter() - begun) * 1000)
    return round(statistics.median(took), 1)


def main() -> None:
    """Measure, print and write ``bench/results/cold_import.json``."""
    loaded = "import json, sys, app; print(json.dumps(sorted({m.split('.')[0] for m in sys.modules})))"
    modules = [m for m in json.loads(fresh(loaded)()) if m not in sys.stdlib_module_names and not m.startswith("_")]
    compare(
        "cold_import",
        "import app in a fresh interpreter, beside import chalice and boto3 alone",
        (("import app", fresh("import app")), ("import chalice, boto3", fresh("import chalice, boto3"))),
        runs=RUNS,
        packages=("chalice", "aws-lambda-powertools", "boto3", "duckdb"),
        notes={
            "an empty interpreter, ms": median_ms(fresh("pass")),
            "first use of DuckDB adds, ms": median_ms(fresh("import duckdb; duckdb.connect()")),
            "loaded by import app, beside the standard library": modules,
        },
    )


if __name__ == "__main__":
    main()
