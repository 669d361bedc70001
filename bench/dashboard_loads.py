"""50 people open the dashboard at once, through API Gateway of the local cloud that runs.

Run as ``python -m bench.dashboard_loads`` (``--endpoints=FILE`` for another cloud than this folder's). A load is what
the overview asks when it opens: the dashboard itself, then the question of each widget. Each load has a connection of
its own and asks one question after the other, where a browser asks six side by side; what the gateway puts off comes
again when it is told to, as the page does. First one load alone, then all at once, twice: where Lambda has to begin a
process for each, that takes a small machine all the time that there is.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from bench.harness import Spread, machine, versions, write
from tests.page_requests import Request, page

ENDPOINTS = Path(__file__).parents[1] / ".local" / "endpoints.json"
LOADS = 50
BRAND = "Acme"
"""The demo company's."""
TRIES = 60


@dataclass(frozen=True)
class Answered:
    """An answer: its body where it is a good one, else the beginning of it."""

    status: int
    body: Any
    retry_after_s: float = 1.0


Ask = Callable[[Request], Answered]


@dataclass
class Load:
    """What one load took: milliseconds of each request that was answered and of it all, waiting included.

    ``served`` tells where answers came from; ``throttled`` counts the tries that were to come again later.
    """

    requests: list[float] = field(default_factory=list)
    served: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    throttled: int = 0
    ms: float = 0.0

    def ask(self, ask: Ask, request: Request, sleep: Callable[[float], None]) -> Any:
        """Ask as the page does, which comes again when it is told to; None where it fails."""
        for _ in range(TRIES):
            started = time.perf_counter()
            try:
                answer = ask(request)
            except (OSError, HTTPException, ValueError) as error:
                self.errors.append(f"{request.target}: {error!r}")
                return None
            if answer.status != HTTPStatus.TOO_MANY_REQUESTS:
                break
            self.throttled += 1
            sleep(answer.retry_after_s)
        self.requests.append((time.perf_counter() - started) * 1000)
        if answer.status != HTTPStatus.OK:
            self.errors.append(f"{request.target}: {answer.status} {answer.body}")
            return None
        if "meta" in answer.body:
            self.served.append(answer.body["meta"]["served_from"])
        return answer.body


def load(ask: Ask, zone: str, sleep: Callable[[float], None] = time.sleep) -> Load:
    """Open the page once."""
    done, begun = Load(), time.perf_counter()
    for request in (Request("/v1/dashboards/overview"), *page("overview", zone, BRAND)):
        done.ask(ask, request, sleep)
    done.ms = (time.perf_counter() - begun) * 1000
    return done


def browser(api: str, token: str) -> Ask:
    """Answer how a browser asks: on one connection, with a token."""
    at = urlsplit(api)
    connection = HTTPConnection(str(at.hostname), at.port, timeout=120)

    def ask(request: Request) -> Answered:
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        if request.body is None:
            connection.request("GET", at.path + request.target, headers=headers)
        else:
            connection.request("POST", at.path + request.path, json.dumps(request.body), headers)
        answer = connection.getresponse()
        text, wait_s = answer.read(), float(answer.headers.get("Retry-After") or 1)
        body = json.loads(text) if answer.status == HTTPStatus.OK else text[:200].decode()
        return Answered(answer.status, body, wait_s)

    return ask


def at_once(api: str, token: str, loads: int, zone: str) -> list[Load]:
    """Open the page so many times at once."""
    with ThreadPoolExecutor(loads) as pool:
        return list(pool.map(lambda _: load(browser(api, token), zone), range(loads)))


def told(rounds: Mapping[str, Sequence[Load]]) -> dict[str, Any]:
    """Put the results together."""
    sides = {}
    for label, loads in rounds.items():
        sides[f"a request, {label}"] = asdict(Spread.of([ms for one in loads for ms in one.requests]))
        sides[f"a load, {label}"] = asdict(Spread.of([one.ms for one in loads]))
    [alone], *_, many = rounds.values()
    served = {label: dict(Counter(origin for one in loads for origin in one.served)) for label, loads in rounds.items()}
    errors = {label: [error for one in loads for error in one.errors] for label, loads in rounds.items()}
    return {
        "sides": sides,
        "ratio": asdict(Spread.of([one.ms / alone.ms for one in many])),
        "notes": {
            "the ratio is": "a load among all to one alone",
            "requests of a load": len(alone.requests),
            "served from (cube: computed; cache: kept, in memory or in S3)": served,
            "tries that the gateway put off (429), and that came again": {
                label: sum(one.throttled for one in loads) for label, loads in rounds.items()
            },
            "errors": {label: len(found) for label, found in errors.items()},
            "first errors": {label: found[:2] for label, found in errors.items() if found},
        },
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print and write ``bench/results/dashboard_loads.json``; 1 where a request failed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--endpoints", type=Path, default=ENDPOINTS)
    parser.add_argument("--tz", default="UTC", help="the zone of the people who look")
    options = parser.parse_args(arguments)
    if not options.endpoints.exists():
        print("dashboard_loads: skipped, for nothing runs here: `make run` first")
        return 0
    found = json.loads(options.endpoints.read_text())
    rounds = {
        label: at_once(found["api"], found["token"], loads, options.tz)
        for label, loads in (("alone", 1), (f"{LOADS} at once", LOADS), (f"{LOADS} again", LOADS))
    }
    result = told(rounds)
    about = {"machine": machine(), "versions": versions("duckdb", "chalice"), "runs": LOADS, "unit": "ms"}
    what = f"{LOADS} loads of the dashboard's overview at once, through API Gateway of the local cloud"
    write("dashboard_loads", {"what": what, **about, **result})
    return int(any(result["notes"]["errors"].values()))


if __name__ == "__main__":
    sys.exit(main())
