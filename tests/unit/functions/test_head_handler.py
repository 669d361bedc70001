"""The head's Lambda over AWS's own clients (moto's AWS): answers are kept, what cannot be answered raises."""

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
from chalicelib.errors import ConfigError
from chalicelib.incidents.heartbeats import beats
from chalicelib.metrics.declared.downloads import DOWNLOADS
from functions import wiring
from functions.head import handler as module
from tests.unit.metrics.every_cube import publish_all

CACHES = (module.settings, module.head, wiring.store, wiring.state, aws_client)
KNOWN = datetime.now(UTC).replace(minute=0, second=0, microsecond=0) - timedelta(hours=1)


@pytest.fixture
def s3(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> Iterator[Any]:
    buckets = {"LAKE_BUCKET": "lake", "RESULTS_BUCKET": "results"}
    for name, value in {**buckets, "STATE_TABLE": "state", "REPORTING_ZONE": "Europe/Paris"}.items():
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
        boto3.client("dynamodb").create_table(
            TableName="state",
            KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
            AttributeDefinitions=[{"AttributeName": n, "AttributeType": "S"} for n in ("pk", "sk")],
            BillingMode="PAY_PER_REQUEST",
        )
        publish_all(S3Store(found, "lake"), KNOWN, cubes=[DOWNLOADS], reporting="Europe/Paris")
        yield found
    for cache in CACHES:
        cache.cache_clear()


def with_time(ms: int) -> Any:
    return SimpleNamespace(get_remaining_time_in_millis=lambda: ms)


def test_common_questions_are_kept_beside_the_answers_of_the_api(s3: Any) -> None:
    first = module.handler({}, with_time(60_000))
    second = module.handler({}, with_time(60_000))

    kept = s3.list_objects_v2(Bucket="results", Prefix="answers/")["KeyCount"]
    assert first["computed"] == kept > 5
    assert (second["computed"], second["left"]) == (0, 0)
    assert beats(wiring.state("state")).keys() == {"head"}


def test_no_question_is_begun_when_time_is_over(s3: Any) -> None:
    look = module.handler({}, with_time(14_000))

    assert look["left"] == look["questions"]
    assert "Contents" not in s3.list_objects_v2(Bucket="results")


def test_what_cannot_be_answered_raises_so_that_it_is_told(s3: Any) -> None:
    for found in s3.list_objects_v2(Bucket="lake", Prefix="lake/")["Contents"]:
        s3.put_object(Bucket="lake", Key=found["Key"], Body=b"")

    with pytest.raises(RuntimeError, match=r"\d+ of \d+ questions could not be answered ahead"):
        module.handler({}, with_time(60_000))
    assert beats(wiring.state("state")) == {}


def test_a_zone_that_there_is_not_is_an_error_of_the_deployment(s3: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HEADWATER_REPORTING_ZONE", "Europe/Nowhere")

    with pytest.raises(ConfigError, match="HEADWATER_REPORTING_ZONE"):
        module.handler({}, with_time(60_000))
