"""GitHub's own example payloads against the deployed endpoint: each stored once, whatever is sent twice."""

from __future__ import annotations

import hashlib
import hmac
import json
import random
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import requests

pytestmark = pytest.mark.deployed


def sign(secret: str, body: bytes) -> str:
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def deliver(endpoints: dict[str, str], event: str, body: bytes, **headers: str) -> requests.Response:
    given = {
        "Content-Type": "application/json",
        "X-GitHub-Event": event,
        "X-GitHub-Delivery": str(uuid.uuid4()),
        "X-Hub-Signature-256": sign(endpoints["github_webhook_secret"], body),
    }
    given.update({name.replace("_", "-"): value for name, value in headers.items()})
    given = {name: value for name, value in given.items() if value}
    return requests.post(f"{endpoints['api']}/webhooks/github", data=body, headers=given, timeout=60)


@pytest.fixture(scope="module")
def payloads(shared_data: Path) -> list[tuple[str, bytes]]:
    index = json.loads((shared_data / "github/webhooks-examples/api.github.com.index.json").read_text())
    return [(e["name"], json.dumps(example).encode()) for e in index for example in e["examples"]]


@pytest.mark.shared_data
def test_every_example_payload_posted_twice_in_random_order_is_stored_once(
    endpoints: dict[str, str],
    payloads: list[tuple[str, bytes]],
    sql: Callable[[str], list[list[str | None]]],
    settled: Callable[[], None],
) -> None:
    twice = payloads * 2
    random.Random(20261122).shuffle(twice)

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda p: deliver(endpoints, *p), twice))
    settled()

    assert {a.status_code for a in answers} == {202}
    # The identity is recomputed here from the rows as stored: the whole payload is kept, so nothing needs our code.
    stored = sql("SELECT event, payload FROM github_events")
    expected = {(event, hashlib.sha256(body).hexdigest()) for event, body in payloads}
    found = [(event, hashlib.sha256((payload or "").encode()).hexdigest()) for event, payload in stored]
    matching = [identity for identity in found if identity in expected]
    print(f"{len(payloads)} payloads, {len(expected)} distinct, {len(twice)} posted, {len(matching)} stored")
    assert len(payloads) == 329
    assert sorted(matching) == sorted(expected)


REFUSALS: list[tuple[str, bytes, dict[str, str], int]] = [
    ("a wrong signature", b'{"zen": "wrong"}', {"X_Hub_Signature_256": "sha256=" + "0" * 64}, 401),
    ("no signature", b'{"zen": "missing"}', {"X_Hub_Signature_256": ""}, 401),
    ("broken JSON", b'{"zen": ', {}, 400),
    ("a body of 30 MB", b'{"zen": "' + b"x" * 30_000_000 + b'"}', {}, 413),
]


@pytest.mark.parametrize(("what", "body", "headers", "status"), REFUSALS, ids=[r[0] for r in REFUSALS])
def test_a_bad_delivery_is_a_problem_and_nothing_is_stored(
    what: str,
    body: bytes,
    headers: dict[str, str],
    status: int,
    endpoints: dict[str, str],
    aws: Callable[[str], Any],
) -> None:
    answer = deliver(endpoints, "ping", body, **headers)

    assert answer.status_code == status, (what, answer.text[:300])
    assert answer.headers["Content-Type"].startswith("application/problem+json")
    problem = answer.json()
    assert problem["status"] == status
    assert problem["title"]
    assert body not in inbox(aws("s3"), endpoints["lake_bucket"])


def inbox(s3: Any, bucket: str) -> Iterator[bytes]:
    """Everything that waits; what a sealer takes away meanwhile was no longer waiting."""
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix="inbox/"):
        for found in page.get("Contents", []):
            with suppress(s3.exceptions.NoSuchKey):
                yield s3.get_object(Bucket=bucket, Key=found["Key"])["Body"].read()
