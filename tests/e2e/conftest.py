"""What every deployed test shares: the addresses that ``make run`` wrote, clients for them, and patience."""

from __future__ import annotations

import json
import math
import os
import time
import uuid
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import boto3
import pytest
import requests

from chalicelib.metrics.cubes import CUBES

ROOT = Path(__file__).parents[2]
ENDPOINTS = Path(os.environ.get("HEADWATER_ENDPOINTS", ROOT / ".local" / "endpoints.json"))
REGION = "us-east-1"
DISPATCHED_EVERY_S = 10

T = TypeVar("T")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Two workers: one for the tests that mostly wait for minutes to pass, one for all others, which take turns.

    The whole system shares two processors with its tests, a browser and its tests: what fails twice has failed.
    """
    for item in items:
        waits = item.path.name in ("test_incidents.py", "test_channels.py")
        item.add_marker(pytest.mark.xdist_group("waiting" if waits else "working"))
        item.add_marker(pytest.mark.flaky(reruns=1))


@pytest.fixture(scope="session")
def endpoints() -> dict[str, str]:
    """The addresses and tokens of the running local cloud; absent only where nobody promised it."""
    if not ENDPOINTS.exists():
        message = f"{ENDPOINTS} is absent: run `make run` first"
        if os.environ.get("HEADWATER_REQUIRE_DEPLOYED"):
            pytest.fail(message)
        pytest.skip(message)
    return json.loads(ENDPOINTS.read_text())


@pytest.fixture(scope="session")
def api(endpoints: dict[str, str]) -> Iterator[requests.Session]:
    """A session with the read token on it."""
    with requests.Session() as session:
        session.headers["Authorization"] = f"Bearer {endpoints['token']}"
        yield session


@pytest.fixture(scope="session")
def aws(endpoints: dict[str, str]) -> Callable[[str], Any]:
    """Clients of the local AWS, with its root credentials."""

    @cache
    def client(service: str) -> Any:
        address = endpoints["athena"] if service == "athena" else endpoints["aws"]
        return boto3.client(
            service,
            endpoint_url=address,
            region_name=REGION,
            aws_access_key_id="test",
            aws_secret_access_key="test",
        )

    return client


@pytest.fixture(scope="session")
def sql(aws: Callable[[str], Any], endpoints: dict[str, str]) -> Callable[[str], list[list[str | None]]]:
    """Run a statement through Athena's own protocol and answer its rows without the header."""
    athena = aws("athena")

    def run(statement: str) -> list[list[str | None]]:
        started = athena.start_query_execution(
            QueryString=statement,
            WorkGroup=endpoints["workgroup"],
            QueryExecutionContext={"Database": endpoints["database"]},
        )
        execution = started["QueryExecutionId"]
        state = wait_until(
            lambda: finished(athena.get_query_execution(QueryExecutionId=execution)), f"the end of {statement!r}", 60
        )
        assert state["State"] == "SUCCEEDED", state
        pages = athena.get_paginator("get_query_results").paginate(QueryExecutionId=execution)
        rows = [[c.get("VarCharValue") for c in row["Data"]] for page in pages for row in page["ResultSet"]["Rows"]]
        return rows[1:]

    return run


def finished(execution: dict[str, Any]) -> dict[str, Any] | None:
    """The status of a query that has ended, else None."""
    status = execution["QueryExecution"]["Status"]
    return status if status["State"] in {"SUCCEEDED", "FAILED", "CANCELLED"} else None


def wait_until(probe: Callable[[], T | None], what: str, seconds: float) -> T:
    """Ask ``probe`` until it answers something true; fail with ``what`` was awaited."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if answer := probe():
            return answer
        time.sleep(1)
    raise AssertionError(f"waited {seconds:.0f} s in vain for {what}")


def run_sql(address: str, token: str, question: dict[str, Any]) -> requests.Response:
    """Ask the SQL endpoint until it has the answer: the same key is the same run, however often it says 202."""
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": uuid.uuid4().hex}
    for _ in range(12):
        answer = requests.post(f"{address}/v1/sql", json=question, headers=headers, timeout=60)
        if answer.status_code != 202:
            break
    assert answer.status_code == 200, answer.text
    return answer


@pytest.fixture(scope="session")
def hurried(aws: Callable[[str], Any]) -> Callable[[Callable[[], T | None]], Callable[[], T | None]]:
    """Have what is due dispatched every ten seconds while something is waited for, and not once a minute.

    It is dispatched each minute all the same. What has arrived is committed, and what is committed rolled up, after a
    dispatch each: so two minutes of waiting become less than half of one.
    """
    client, last = aws("lambda"), [-math.inf]

    def wrap(probe: Callable[[], T | None]) -> Callable[[], T | None]:
        def look() -> T | None:
            found = probe()
            if not found and time.monotonic() - last[0] > DISPATCHED_EVERY_S:
                last[0] = time.monotonic()
                client.invoke(FunctionName="headwater-local-dispatch", InvocationType="Event", Payload=b"{}")
            return found

        return look

    return wrap


@pytest.fixture(scope="session")
def settled(
    aws: Callable[[str], Any],
    endpoints: dict[str, str],
    hurried: Callable[[Callable[[], bool | None]], Callable[[], bool | None]],
) -> Callable[[], None]:
    """Wait until all that has arrived is committed, and every cube has seen the newest commits of its inputs."""
    s3 = aws("s3")
    bucket = endpoints["lake_bucket"]

    def published(stream: str) -> dict[str, Any]:
        """What readers see of a stream; nothing where it has published nothing yet."""
        key = f"ctl/published/{stream}.json"
        if not s3.list_objects_v2(Bucket=bucket, Prefix=key, MaxKeys=1).get("Contents"):
            return {"seq": 0, "inputs": {}}
        return json.load(s3.get_object(Bucket=bucket, Key=key)["Body"])

    def quiet() -> bool:
        if s3.list_objects_v2(Bucket=bucket, Prefix="inbox/", MaxKeys=1).get("Contents"):
            return False
        return all(
            published(stream)["seq"] <= seen.get(stream, 0)
            for cube in CUBES.values()
            for seen in [published(cube.name)["inputs"]]
            for stream in cube.inputs
        )

    look = hurried(lambda: quiet() or None)
    return lambda: wait_until(look, "the inbox to be empty and the cubes to be up to date", 420) and None


@pytest.fixture(scope="session", autouse=True)
def begun(settled: Callable[[], None]) -> None:
    """Ask nothing before what ``make run`` has brought is rolled up: on a busy machine the first test may be early."""
    settled()
