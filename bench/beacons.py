"""``python -m bench.beacons``: beacons a second through the deployed API, beside those of people who opt out.

Needs the running system (``make run``). Both sides go through API Gateway and a Lambda worker of the local cloud, whose
speed is not AWS's; the ratio says what a beacon costs beyond the same call that keeps nothing: reduction, and one
durable write before the answer.
"""

from __future__ import annotations

import json
import sys
import time
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from http.client import HTTPConnection
from itertools import count
from pathlib import Path
from threading import local
from typing import Any
from urllib.parse import urlsplit

from bench.harness import Spread, machine, versions, write

ENDPOINTS = Path(__file__).parents[1] / ".local" / "endpoints.json"
ORIGIN = "https://www.acme.example"
CLIENTS, ROUNDS, CALLS = (1, 8, 32), 3, 400


class Caller:
    """Makes calls on one connection a thread."""

    def __init__(self, api: str) -> None:
        self._at, self._own = urlsplit(api), local()

    def call(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> float:
        """Make a call and answer its milliseconds. Raises ``RuntimeError`` where it is not answered well."""
        if not hasattr(self._own, "connection"):
            self._own.connection = HTTPConnection(str(self._at.hostname), self._at.port, timeout=30)
        began = time.perf_counter()
        self._own.connection.request(method, self._at.path + path, body, headers)
        answer = self._own.connection.getresponse()
        text = answer.read()
        if answer.status not in {200, 202}:
            raise RuntimeError(f"{method} {path}: {answer.status} {text[:200]!r}")
        return (time.perf_counter() - began) * 1000


def beacon() -> bytes:
    """One page view, as ``b.js`` sends it."""
    view = {"id": uuid.uuid4().hex, "kind": "view", "url": f"{ORIGIN}/bench?utm_source=bench"}
    return json.dumps({"events": [view], "sent": 1}).encode()


def measure(call: Callable[[], float], clients: int) -> tuple[float, list[float]]:
    """Answer calls a second and the milliseconds of each."""
    began = time.perf_counter()
    with ThreadPoolExecutor(clients) as pool:
        took = list(pool.map(lambda _: call(), range(CALLS)))
    return CALLS / (time.perf_counter() - began), took


def main() -> int:
    """Measure, print, and write ``bench/results/beacons.json``."""
    if not ENDPOINTS.exists():
        print("beacons: skipped, for nothing runs here: `make run` first")
        return 0
    caller = Caller(json.loads(ENDPOINTS.read_text())["api"])
    headers = {"Origin": ORIGIN, "Content-Type": "text/plain", "User-Agent": "Mozilla/5.0 (X11) Firefox/145.0"}
    visitor = count()

    def ours() -> float:
        n = next(visitor)  # everybody may send so much a minute: many people do
        return caller.call("POST", "/b", beacon(), {**headers, "X-Forwarded-For": f"198.18.{n // 250 % 250}.{n % 250}"})

    def unwilling() -> float:
        return caller.call("POST", "/b", beacon(), {**headers, "Sec-GPC": "1"})

    sides: dict[str, Any] = {}
    ratios: list[float] = []
    rates: dict[str, list[float]] = {}
    for clients in CLIENTS:
        measure(ours, clients), measure(unwilling, clients)
        rounds = [(measure(ours, clients), measure(unwilling, clients)) for _ in range(ROUNDS)]
        for name, at in (("stored", 0), ("Sec-GPC: 1", 1)):
            label = f"{name}, {clients} clients"
            sides[label] = asdict(Spread.of([ms for each in rounds for ms in each[at][1]]))
            rates[label] = [round(each[at][0], 1) for each in rounds]
        ratios += [b[0] / a[0] for a, b in rounds]
    write(
        "beacons",
        {
            "what": f"beacons through the deployed API of the local cloud, {CALLS} calls a round, {ROUNDS} rounds",
            "machine": machine(),
            "versions": versions("chalice", "boto3"),
            "runs": ROUNDS,
            "unit": "ms",
            "sides": sides,
            "ratio": asdict(Spread.of(ratios)),
            "notes": {
                "the ratio is": "time of a beacon that is stored to that of one that is not",
                "calls a second": rates,
            },
        },
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
