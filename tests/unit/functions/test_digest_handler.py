"""The digests' Lambda over AWS's own clients (moto's AWS): a digest is in the outbox, its file in the bucket."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import boto3
import pytest
from moto import mock_aws

from chalicelib.aws.clients import client as aws_client
from chalicelib.aws.s3 import S3Store
from chalicelib.incidents.heartbeats import beats
from chalicelib.metrics.declared.downloads import DOWNLOADS
from chalicelib.outbox.outbox import of_days
from chalicelib.subscriptions import kept
from chalicelib.subscriptions.subscription import Cadence, DigestWish, Protocol, State, Subscription, Wishes
from functions import wiring
from functions.digest import handler as module
from tests.unit.metrics.every_cube import publish_all

CACHES = (module.settings, module.work, wiring.store, wiring.state, aws_client)
NOW = datetime.now(UTC)
KNOWN = NOW.replace(minute=0, second=0, microsecond=0) - timedelta(hours=1)
SETTINGS = {
    "LAKE_BUCKET": "lake",
    "RESULTS_BUCKET": "results",
    "STATE_TABLE": "state",
    "SECRET_PREFIX": "headwater/test/",
}


@pytest.fixture
def s3(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> Iterator[Any]:
    for name, value in SETTINGS.items():
        monkeypatch.setenv(f"HEADWATER_{name}", value)
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.setattr(module, "_CUBES", tmp_path)
    for cache in CACHES:
        cache.cache_clear()
    with mock_aws():
        found = boto3.client("s3")
        for bucket in ("lake", "results"):
            found.create_bucket(Bucket=bucket)
        boto3.client("secretsmanager").create_secret(Name="headwater/test/links", SecretString='{"key": "k"}')
        boto3.client("dynamodb").create_table(
            TableName="state",
            BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in ("pk", "sk")],
            KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
        )
        publish_all(S3Store(found, "lake"), KNOWN, 4, cubes=[DOWNLOADS])
        yield found
    for cache in CACHES:
        cache.cache_clear()


def with_time(ms: int) -> Any:
    return SimpleNamespace(get_remaining_time_in_millis=lambda: ms)


def subscribe() -> None:
    wish = DigestWish(Cadence.DAILY, (NOW - timedelta(hours=1)).hour, "UTC", ("downloads",))
    at = NOW - timedelta(days=1)
    one = Subscription(
        "ada", Protocol.EMAIL, "ada@acme.example", Wishes(digest=wish), State.CONFIRMED, at, "admin", "n", at, at
    )
    assert kept.write(wiring.state("state"), one)


def test_a_digest_that_is_due_is_in_the_outbox_and_its_file_in_the_bucket(s3: Any) -> None:
    subscribe()

    first = module.handler({}, with_time(290_000))
    second = module.handler({}, with_time(290_000))

    assert first == {"due": 1, "sent": 1, "failed": 0, "left": 0}
    assert second["due"] == 0
    state = wiring.state("state")
    today = NOW.date()
    messages = [one.message for one in of_days(state, today - timedelta(days=1), today + timedelta(days=1))]
    assert [one.to for one in messages] == [("subscription:ada",)]
    assert "Downloads" in messages[0].text
    files = s3.list_objects_v2(Bucket="results", Prefix="digests/")["Contents"]
    assert len(files) == 1
    assert "digest" in beats(state)


def test_none_is_begun_when_time_is_over(s3: Any) -> None:
    subscribe()

    assert module.handler({}, with_time(44_000)) == {"due": 1, "sent": 0, "failed": 0, "left": 1}
    assert s3.list_objects_v2(Bucket="results")["KeyCount"] == 0
