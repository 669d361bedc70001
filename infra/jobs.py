"""``make backfill`` and ``make replay``: ask the running system for a job, watch it, or cancel one.

On a terminal a bar shows how far it is; in a log, one line per change. Ctrl-C leaves the job at work and says how to
cancel it. Exit code: 0 done (or cancelled, when that was asked for), 1 failed or cancelled meanwhile, 2 refused, 3 the
API does not answer, 130 left alone with Ctrl-C.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TextIO
from uuid import uuid4

import requests
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from infra.local.places import ENDPOINTS, ROOT

ACTIVE = frozenset({"queued", "running", "waiting"})
DONE, FAILED, REFUSED, SILENT, LEFT = 0, 1, 2, 3, 130
PATIENCE_S = 120.0
"""How long an API that does not answer is asked again, while a job is watched."""


class Refused(Exception):  # noqa: N818 - what the API said is all that matters
    """The API answered with a problem."""


class Silent(Exception):  # noqa: N818 - as above
    """The API cannot be reached, or nobody said where it is."""


@dataclass(frozen=True)
class Api:
    """The running system's API."""

    address: str
    token: str
    session: requests.Session

    def call(self, method: str, path: str, body: Mapping[str, Any] | None = None, key: str | None = None) -> Any:
        """Call it. Raises ``Refused`` for a problem, ``Silent`` when there is no answer, or one that may pass."""
        headers = {"Authorization": f"Bearer {self.token}"} | ({} if key is None else {"Idempotency-Key": key})
        try:
            answer = self.session.request(method, f"{self.address}{path}", json=body, headers=headers, timeout=30)
            said = answer.json()
        except (requests.RequestException, ValueError) as error:
            raise Silent(f"{self.address} does not answer: {error}") from error
        if answer.status_code >= 500 or (answer.status_code == 429 and method == "GET"):
            raise Silent(f"{self.address} answered {answer.status_code}: {said.get('detail', '')}")
        if answer.status_code >= 400:
            details = [f"{said.get('detail', answer.status_code)}"]
            details += [f"  {error['parameter']}: {error['detail']}" for error in said.get("errors", ())]
            raise Refused("\n".join(details))
        return said


def find_api(environment: Mapping[str, str]) -> Api:
    """Find the API: what ``HEADWATER_API`` and ``HEADWATER_TOKEN`` name, else what ``make run`` has started."""
    session = requests.Session()
    session.trust_env = False
    address, token = environment.get("HEADWATER_API"), environment.get("HEADWATER_TOKEN")
    if address and token:
        session.trust_env = True  # in AWS: whatever proxy leads there
        return Api(address.rstrip("/"), token, session)
    if address or token:
        raise Silent("Set HEADWATER_API and HEADWATER_TOKEN, both or none of them.")
    if not ENDPOINTS.exists():
        raise Silent(
            f"{ENDPOINTS.relative_to(ROOT)} is absent: run `make run` first, or name a system by HEADWATER_API and "
            "HEADWATER_TOKEN (an admin token)."
        )
    found = json.loads(ENDPOINTS.read_text())
    return Api(found["api"].rstrip("/"), found["admin_token"], session)


def states(api: Api, job: Mapping[str, Any], sleep: Callable[[float], None]) -> Iterator[Mapping[str, Any]]:
    """Answer a job as it stands, again and again until it has ended. Raises ``Refused``, ``Silent``."""
    pause, silent = 1.0, 0.0
    yield job
    while job["state"] in ACTIVE:
        sleep(pause)
        try:
            job = api.call("GET", f"/v1/jobs/{job['id']}")
            silent = 0.0
        except Silent:
            silent += pause
            if silent > PATIENCE_S:
                raise
            continue
        yield job
        pause = min(5.0, pause * 1.5)


def watch(found: Iterator[Mapping[str, Any]], console: Console) -> Mapping[str, Any]:
    """Show a job until it has ended, and answer it."""
    return _bar(found, console) if console.is_terminal else _lines(found, console)


def _bar(found: Iterator[Mapping[str, Any]], console: Console) -> Mapping[str, Any]:
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rows]:,} rows"),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    job: Mapping[str, Any] = {}
    with Progress(*columns, console=console) as progress:
        shown = progress.add_task("", rows=0, total=None)
        for job in found:
            progress.update(
                shown,
                description=describe(job),
                completed=job["done"],
                total=job["total"] or None,
                rows=job["rows"],
            )
    return job


def _lines(found: Iterator[Mapping[str, Any]], console: Console) -> Mapping[str, Any]:
    job, said = {}, ""  # type: Mapping[str, Any], str
    for job in found:
        line = f"{describe(job)} {job['done']}/{job['total']}, {job['rows']} rows"
        if line != said:
            console.print(line, markup=False, highlight=False, soft_wrap=True)
            said = line
    return job


def describe(job: Mapping[str, Any]) -> str:
    """Say how a job stands.

    >>> describe({"kind": "replay", "source": "x", "state": "waiting", "retry_at": "2026-11-22T10:00:00Z"})
    'replay of x: waiting until 2026-11-22T10:00:00Z'
    """
    until = f" until {job['retry_at']}" if job["state"] == "waiting" and job.get("retry_at") else ""
    return f"{job['kind']} of {job['source']}: {job['state']}{until}"


def finish(job: Mapping[str, Any], console: Console) -> int:
    """Say how a job has ended; answer the exit code."""
    for note in job["notes"]:
        console.print(note, markup=False, highlight=False, soft_wrap=True)
    if job["error"]:
        console.print(job["error"], markup=False, highlight=False, soft_wrap=True)
    return DONE if job["state"] == "done" else FAILED


def ask(api: Api, kind: str, given: argparse.Namespace) -> Mapping[str, Any]:
    """Ask for a job; a try whose answer is lost is repeated with the same key, so that one job comes of it."""
    wanted = {"from": getattr(given, "from"), "to": given.to}
    body: dict[str, Any] = {name: value for name, value in wanted.items() if value}
    if kind == "backfill" and given.again:
        body["again"] = True
    path, key = f"/v1/sources/{given.source}/{kind}", uuid4().hex
    try:
        job: Mapping[str, Any] = api.call("POST", path, body, key)
    except Silent:
        time.sleep(1)
        job = api.call("POST", path, body, key)
    return job


def read_arguments(arguments: Sequence[str]) -> argparse.Namespace:
    """Read the command line; empty values are as if not given, since make passes all of them."""
    parser = argparse.ArgumentParser(prog="python -m infra.jobs", description=__doc__)
    parser.add_argument("kind", choices=("backfill", "replay"))
    for name in ("source", "from", "to", "cancel", "again"):
        parser.add_argument(f"--{name}", default="")
    given = parser.parse_args(arguments)
    if not given.cancel and not given.source:
        parser.error(f"say which source: make {given.kind} SOURCE=… (or CANCEL=<job>)")
    if given.kind == "backfill" and not given.cancel and not (getattr(given, "from") and given.to):
        parser.error("say from when to when: make backfill SOURCE=… FROM=2026-08-01 TO=2026-11-01")
    return given


def main(
    arguments: Sequence[str],
    environment: Mapping[str, str],
    out: TextIO,
    sleep: Callable[[float], None] = time.sleep,
) -> int:
    """Do what the command line asks for; answer the exit code."""
    given, console, job = read_arguments(arguments), Console(file=out), None
    try:
        api = find_api(environment)
        if given.cancel:
            ended = api.call("DELETE", f"/v1/jobs/{given.cancel}")
            console.print(f"{describe(ended)}; what was committed stays", markup=False, highlight=False)
            return DONE
        job = ask(api, given.kind, given)
        return finish(watch(states(api, job, sleep), console), console)
    except Refused as error:
        console.print(str(error), markup=False, highlight=False, soft_wrap=True)
        return REFUSED
    except Silent as error:
        console.print(str(error), markup=False, highlight=False, soft_wrap=True)
        return SILENT
    except KeyboardInterrupt:
        if job is not None:
            left = f"The job goes on. To cancel it: make {given.kind} CANCEL={job['id']}"
            console.print(left, markup=False, highlight=False, soft_wrap=True)
        return LEFT


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:], os.environ, sys.stdout))
