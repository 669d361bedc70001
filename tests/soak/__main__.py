"""``python -m tests.soak beacons``: see ``tests/soak/beacons.py``. The local cloud has to run (``make run``)."""

from __future__ import annotations

import argparse
import sys
import time

from tests.soak.beacons import soak


def main() -> int:
    """Parse the command line and run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=["beacons"])
    parser.add_argument("--count", type=int, default=100_000, help="generated beacons, beside the 5,000 real ones")
    parser.add_argument("--seed", type=int, default=int(time.time()), help="another seed, other beacons")
    parser.add_argument("--every", type=float, default=15.0, help="mean seconds between two kills")
    parser.add_argument("--whole", type=int, default=8, help="one kill in so many takes all of AWS; 0: none")
    parser.add_argument("--threads", type=int, default=12)
    options = parser.parse_args()
    return soak(options.count, options.seed, options.every, options.whole, options.threads)


if __name__ == "__main__":
    sys.exit(main())
