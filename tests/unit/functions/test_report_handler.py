"""The report's Lambda over AWS's own clients (moto's AWS): what is due is queued once, made and told."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import boto3
import pytest
from moto import mock_aws

from chalicelib.aws.clients import client as aws_client
from chalicelib.aws.s3 import S3Store
from chalicelib.aws.state import DynamoState
from chalicelib.domain.due import Cadence, Schedule
from chalicelib.domain.records import WorkState
from chalicelib.incidents import heartbeats
from chalicelib.metrics.declared.downloads import DOWNLOADS
from chalicelib.outbox import outbox
from chalicelib.reports import kept, runs
from chalicelib.reports.making import StillAtWork
from functions import wiring
from functions.report import handler as module
from tests.unit.metrics.published_cubes import publish
from tests.unit.reports.room import DOWNLOADS_LAST_WEEK, report

NOW = datetime.now(UTC)
CACHES = (
    module.settings, module.secrets, module.engine, module.desk, module.maker, module.work,
    wiring.store, wiring.state, wiring.queue, aws_client,
)  # fmt: skip
CONTEXT = SimpleNamespace(get_remaining_time_in_millis=lambda: 300_000)


@pytest.fixture
def state(monkeypatch: pytest.MonkeyPatch) -> Iterator[DynamoState]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    for cache in CACHES:
        cache.cache_clear()
    with mock_aws():
        for bucket in ("lake", "results"):
            boto3.client("s3").create_bucket(Bucket=bucket)
        boto3.client("dynamodb").create_table(
            TableName="state",
            KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
            AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in ("pk", "sk")],
            BillingMode="PAY_PER_REQUEST",
        )
        boto3.client("secretsmanager").create_secret(Name="hw/links", SecretString=json.dumps({"key": "k" * 64}))
        url = boto3.client("sqs").create_queue(QueueName="report")["QueueUrl"]
        given = {"LAKE_BUCKET": "lake", "RESULTS_BUCKET": "results", "STATE_TABLE": "state", "SECRET_PREFIX": "hw/"}
        given |= {"REPORT_QUEUE_URL": url, "DATABASE": "lake", "SQL_WORKGROUP": "people"}
        given |= {"SQL_ROLE_ARN": "arn:aws:iam::123456789012:role/people"}
        for name, value in given.items():
            monkeypatch.setenv(f"HEADWATER_{name}", value)
        publish(S3Store(boto3.client("s3"), "lake"), DOWNLOADS, [], {"s3_access_logs": NOW})
        yield DynamoState(boto3.client("dynamodb"), "state")
    for cache in CACHES:
        cache.cache_clear()


def waiting() -> list[dict[str, Any]]:
    """Take what is in the queue."""
    sqs = boto3.client("sqs")
    url = sqs.get_queue_url(QueueName="report")["QueueUrl"]
    found = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])
    return [json.loads(message["Body"]) for message in found]


def event(*bodies: Any) -> dict[str, Any]:
    return {"Records": [{"messageId": f"m{n}", "body": json.dumps(body)} for n, body in enumerate(bodies)]}


def test_what_is_due_is_queued_once_made_and_put_into_the_outbox(state: DynamoState) -> None:
    daily = report(schedule=Schedule(Cadence.DAILY, 0, ZoneInfo("UTC")), since=NOW - timedelta(days=3))
    kept.write(state, replace(daily, content=replace(daily.content, parts=(DOWNLOADS_LAST_WEEK,))))

    first, second = module.handler({}, CONTEXT), module.handler({}, CONTEXT)
    messages = waiting()
    answer = module.handler(event(*messages), CONTEXT)

    assert (first, second) == ({"due": 1}, {"due": 0})
    today = datetime.now(UTC).date()
    assert messages == [{"report": "weekly-downloads", "run": today.isoformat()}]
    assert answer == {"batchItemFailures": []}
    run = runs.read(state, "weekly-downloads", today.isoformat())
    assert run is not None
    assert (run.state, run.told) == (WorkState.DONE, True)
    found = boto3.client("s3").get_object(Bucket="results", Key=run.key)
    assert (found["ContentLength"], found["ContentType"]) == (run.size_bytes, "application/pdf")
    (record,) = outbox.of_days(state, today, today)
    assert record.message.files[0].key == run.key
    assert "report" in heartbeats.beats(state)


def test_a_run_whose_statement_is_at_work_comes_again_by_itself(
    state: DynamoState, monkeypatch: pytest.MonkeyPatch
) -> None:
    def still(*_: Any) -> None:
        raise StillAtWork("not yet")

    monkeypatch.setattr(module, "AGAIN_S", 0)
    monkeypatch.setattr(module, "work", lambda: SimpleNamespace(do=still))
    message = {"report": "weekly-downloads", "run": "2026-11-23"}

    answer = module.handler(event(message), CONTEXT)

    assert answer == {"batchItemFailures": []}
    assert waiting() == [message]


def test_what_nobody_knows_is_nothing_to_do_and_what_is_busy_comes_again(state: DynamoState) -> None:
    kept.write(state, report())
    busy = runs.create(state, module_run("busy"))
    runs.update(state, replace(busy, state=WorkState.RUNNING, started_at=datetime.now(UTC)))
    messages = [{"report": "weekly-downloads", "run": name} for name in ("unknown", "busy")]

    answer = module.handler(event(*messages), CONTEXT)

    assert answer == {"batchItemFailures": [{"itemIdentifier": "m1"}]}


def module_run(name: str) -> runs.Run:
    return runs.Run("weekly-downloads", name, report().content, NOW, NOW)
