"""``python -m tests.kills``: a sender is killed at every call of every seed, another goes on, receivers count.

Prints a line a seed and the sum; ends with 1 where a message was lost or came twice. ``--every 7`` kills at each
seventh call only, at others for each seed.
"""

from __future__ import annotations

import argparse
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from botocore.config import Config

from tests.integration.conftest import LocalAws, running_local_aws
from tests.kills.case import NEVER, Case, Clients, settle

ROOT = Path(__file__).resolve().parents[2]
ONCE = Config(retries={"mode": "standard", "total_max_attempts": 1})
AT_ONCE = 12
"""Cases that wait together."""


@dataclass
class Told:
    """What one seed showed."""

    calls: int = 0
    kills: int = 0
    deliveries: int = 0
    problems: list[str] = field(default_factory=list)


def clients(aws: LocalAws) -> Clients:
    """Clients that nobody has used: a process that is forked with them makes its own connections."""
    return Clients(aws.client("sns", config=ONCE), aws.client("sqs"), aws.client("dynamodb"))


def one_seed(ours: Clients, theirs: Clients, world: str, seed: int, every: int) -> Told:
    """Kill at each call that is asked for, and see what came of it."""
    told = Told()
    whole = Case(f"s{seed}-whole", ours, world)
    whole.make(seed)
    _, told.calls = whole.run(theirs, NEVER, timedelta(), runs=2)
    told.problems += [f"{whole.name}: {problem}" for problem in whole.problems()]
    calls = list(range(1 + seed % every, told.calls + 1, every))
    for first in range(0, len(calls), AT_ONCE):
        together = [(Case(f"s{seed}-c{call}", ours, world), call) for call in calls[first : first + AT_ONCE]]
        for case, call in together:
            case.make(seed)
            killed, _ = case.run(theirs, call, timedelta(), runs=2)
            told.kills += killed
            told.deliveries += case.expected.total()
        settle()
        for minutes in (4, 9):
            for case, _ in together:
                case.run(theirs, NEVER, timedelta(minutes=minutes))
        for case, _ in together:
            told.problems += [f"{case.name}: {problem}" for problem in case.problems()]
            told.problems += [f"{case.name}: {file} came {n} times" for file, n in case.threads().items() if n != 1]
    return told


@contextmanager
def running_world() -> Iterator[str]:
    """The receivers, in a process of their own."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen([sys.executable, "-m", "tests.servers", "--port", str(port)], cwd=ROOT)
    url = f"http://127.0.0.1:{port}"
    try:
        for _ in range(300):
            try:
                urllib.request.urlopen(f"{url}/slack/messages", timeout=2).close()
                break
            except OSError:
                time.sleep(0.1)
        yield url
    finally:
        process.terminate()
        process.wait(10)


def main() -> int:
    """Run the seeds that are asked for."""
    parser = argparse.ArgumentParser(prog="python -m tests.kills", description=__doc__)
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--every", type=int, default=1)
    options = parser.parse_args()
    kills = deliveries = 0
    problems: list[str] = []
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder, running_local_aws(Path(folder)) as aws, running_world() as world:
        ours, theirs = clients(aws), clients(aws)
        for seed in range(options.first, options.first + options.seeds):
            told = one_seed(ours, theirs, world, seed, options.every)
            kills, deliveries = kills + told.kills, deliveries + told.deliveries
            problems += told.problems
            print(f"seed {seed:>2}: {told.calls} calls, {told.kills} kills, {len(told.problems)} problems", flush=True)
    print("\n".join(problems))
    print(
        f"{kills} kills at every {options.every}. call of {options.seeds} seeds, {deliveries} deliveries: "
        f"{'each once' if not problems else f'{len(problems)} PROBLEMS'}, {time.monotonic() - began:.0f} s"
    )
    return 1 if problems or not kills else 0


if __name__ == "__main__":
    raise SystemExit(main())
