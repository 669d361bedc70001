"""Run every benchmark, or those named: ``python -m bench [name …]``. Each writes ``bench/results/<name>.json``."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

NOT_BENCHMARKS = {"__init__", "__main__", "harness"}


def names() -> list[str]:
    """The benchmarks there are: every other module of this folder."""
    return sorted(path.stem for path in Path(__file__).parent.glob("*.py") if path.stem not in NOT_BENCHMARKS)


def main(wanted: list[str]) -> int:
    """Run each in a process of its own, so that none warms another's caches; answer how many failed."""
    if unknown := sorted(set(wanted) - set(names())):
        print(f"no benchmark {', '.join(unknown)}: there are {', '.join(names())}")
        return 2
    failed = [
        n for n in wanted or names() if subprocess.run([sys.executable, "-m", f"bench.{n}"], check=False).returncode
    ]
    if failed:
        print(f"failed: {', '.join(failed)}")
    return int(bool(failed))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
