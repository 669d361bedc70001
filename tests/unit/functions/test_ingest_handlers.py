"""The handlers of ingestion, from event to lake, on moto's AWS."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import boto3
import pytest
from moto import mock_aws

from chalicelib.aws import clients
from chalicelib.aws.s3 import S3Store
from chalicelib.domain.clock import system_clock
from chalicelib.ingest import jobs
from chalicelib.ingest.inbox import accept
from chalicelib.ingest.jobs import Job, JobKind, JobState
from chalicelib.ingest.salts import SALT_PK
from chalicelib.lake.schemas import PARTITION_KEYS, glue_columns
from chalicelib.lake.status import stream_status
from chalicelib.sources.base import Window
from chalicelib.sources.registry import SOURCES
from functions import wiring
from functions.arrive import handler as arrive
from functions.compact import handler as compact
from functions.dispatch import handler as dispatch
from functions.pull import handler as pull
from functions.seal import handler as seal

CONFIG = b"""
[github_webhooks]
hooks = { "acme/pipeline" = 1 }
[s3_access_logs]
log_prefix = "access/"
key_pattern = '^releases/(?P<product>[a-z]+)/(?P<version>[0-9.]+)/'
[github_repository_stats]
base_url = "http://127.0.0.1:9"
repositories = ["acme/pipeline"]
"""


class Context:
    """Lambda's context, with five minutes left."""

    def get_remaining_time_in_millis(self) -> int:
        return 300_000


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, str]]:
    """A deployed world in moto: buckets, tables, queues, the environment of every function."""
    for name, value in {"ACCESS_KEY_ID": "t", "SECRET_ACCESS_KEY": "t", "DEFAULT_REGION": "us-east-1"}.items():
        monkeypatch.setenv(f"AWS_{name}", value)
    with mock_aws():
        urls = make_world()
        known = {"LAKE_BUCKET": "lake", "LOG_BUCKET": "access-logs", "STATE_TABLE": "state", "DATABASE": "hw"}
        known |= {"SALT_TABLE": "salts"}
        known |= {"SECRET_PREFIX": "hw/"} | {f"{name.upper()}_QUEUE_URL": url for name, url in urls.items()}
        forget()
        for name, value in known.items():
            monkeypatch.setenv(f"HEADWATER_{name}", value)
        yield known
        forget()


def forget() -> None:
    """Make every process-wide thing anew."""
    for module in (arrive, compact, dispatch, pull, seal):
        module.settings.cache_clear()
    for made in (clients.client, wiring.store, wiring.state, wiring.queue, pull.secrets, seal.segments):
        made.cache_clear()


def make_world() -> dict[str, str]:
    s3, glue, sqs = (boto3.client(name) for name in ("s3", "glue", "sqs"))
    for bucket in ("lake", "access-logs"):
        s3.create_bucket(Bucket=bucket)
    s3.put_object(Bucket="lake", Key="config/sources.toml", Body=CONFIG)
    boto3.client("secretsmanager").create_secret(Name="hw/github", SecretString='{"token": "t"}')
    for table in ("state", "salts"):
        boto3.client("dynamodb").create_table(
            TableName=table,
            KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
            AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in ("pk", "sk")],
            BillingMode="PAY_PER_REQUEST",
        )
    glue.create_database(DatabaseInput={"Name": "hw"})
    for table in (table for source in SOURCES.values() for table in source.tables):
        columns = [{"Name": name, "Type": kind} for name, kind, _ in glue_columns(table)]
        keys = [{"Name": name, "Type": kind} for name, kind in PARTITION_KEYS]
        described = {"Columns": columns, "Location": f"s3://lake/lake/{table.name}/"}
        glue.create_table(
            DatabaseName="hw", TableInput={"Name": table.name, "PartitionKeys": keys, "StorageDescriptor": described}
        )
    return {name: sqs.create_queue(QueueName=name)["QueueUrl"] for name in ("pull", "seal", "rollup")}


def only(monkeypatch: pytest.MonkeyPatch, *names: str) -> None:
    """Leave a function only the settings that it has when it is deployed."""
    for name in [name for name in os.environ if name.startswith("HEADWATER_")]:
        if name.removeprefix("HEADWATER_") not in names:
            monkeypatch.delenv(name)


def sqs_event(*bodies: Any) -> dict[str, Any]:
    return {"Records": [{"messageId": f"m{i}", "body": json.dumps(body)} for i, body in enumerate(bodies)]}


def messages(url: str) -> list[dict[str, Any]]:
    found = boto3.client("sqs").receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])
    return [json.loads(message["Body"]) for message in found]


DISPATCH = ("LAKE_BUCKET", "STATE_TABLE", "SALT_TABLE", "PULL_QUEUE_URL", "SEAL_QUEUE_URL", "ROLLUP_QUEUE_URL")


def test_dispatch_deletes_the_salts_of_days_that_are_over(aws: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    only(monkeypatch, *DISPATCH)
    table = boto3.resource("dynamodb").Table("salts")
    for day in ("2020-01-01", "2999-01-01"):
        table.put_item(Item={"pk": SALT_PK, "sk": day, "salt": "00", "version": 1})

    dispatch.handler({}, Context())

    assert [item["sk"] for item in table.scan()["Items"]] == ["2999-01-01"]


def test_dispatch_wakes_every_stream_of_a_new_lake(aws: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    only(monkeypatch, *DISPATCH)

    dispatch.handler({}, Context())

    assert messages(aws["PULL_QUEUE_URL"]) == [{"stream": "github_repository_stats"}]
    found = {message["stream"] for message in messages(aws["SEAL_QUEUE_URL"])}
    assert found == {"github_webhooks", "s3_access_logs"}


def test_a_log_object_is_named_in_the_inbox_and_sealed(aws: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    boto3.client("s3").put_object(Bucket="access-logs", Key="access/a+b c", Body=b"no log line at all\n")
    put = {"bucket": {"name": "access-logs"}, "object": {"key": "access/a%2Bb+c", "size": 19, "eTag": "e"}}
    notification = {"Records": [{"eventName": "ObjectCreated:Put", "s3": put}]}
    with monkeypatch.context() as patch:
        only(patch, "LAKE_BUCKET", "LOG_BUCKET")
        answer = arrive.handler(sqs_event(notification, {"nonsense": 1}), Context())
    assert [failure["itemIdentifier"] for failure in answer["batchItemFailures"]] == ["m1"]

    only(monkeypatch, "LAKE_BUCKET", "LOG_BUCKET", "STATE_TABLE", "DATABASE", "ROLLUP_QUEUE_URL")
    answer = seal.handler(sqs_event({"stream": "s3_access_logs"}), Context())

    assert answer == {"batchItemFailures": []}
    status = stream_status(wiring.store("lake"), "s3_access_logs")
    assert (status.seq, status.counts.received, status.counts.rejected) == (1, 1, 1)
    item = wiring.state("state").get("stream#s3_access_logs", "run")
    assert item is not None
    assert item["outcome"] == "ok"


def test_a_webhook_is_sealed_and_the_rollup_is_woken(aws: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    body = json.dumps({"action": "created", "starred_at": "2026-11-22T10:00:00Z", "repository": {"full_name": "a/b"}})
    lake = S3Store(boto3.client("s3"), "lake")
    accept(lake, "github_webhooks", body.encode(), {"event": "star", "delivery": "d"}, system_clock())
    only(monkeypatch, "LAKE_BUCKET", "LOG_BUCKET", "STATE_TABLE", "DATABASE", "ROLLUP_QUEUE_URL")

    seal.handler(sqs_event({"stream": "github_webhooks"}), Context())

    assert stream_status(lake, "github_webhooks").totals.ok == 1
    (message,) = messages(aws["ROLLUP_QUEUE_URL"])
    assert (message["stream"], message["seq"]) == ("github_webhooks", 1)
    assert list(lake.list("inbox/")) == []


def test_a_source_that_is_down_is_remembered_and_its_message_is_done(
    aws: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    only(monkeypatch, "LAKE_BUCKET", "STATE_TABLE", "DATABASE", "SECRET_PREFIX", "ROLLUP_QUEUE_URL")

    answer = pull.handler(sqs_event({"stream": "github_repository_stats"}, {"stream": "nobody"}), Context())

    assert answer == {"batchItemFailures": []}
    down = wiring.state("state").get("stream#github_repository_stats", "run")
    unknown = wiring.state("state").get("stream#nobody", "run")
    assert down is not None
    assert unknown is not None
    assert (down["outcome"], down["failures"], unknown["outcome"]) == ("retry", 1, "fatal")


def test_a_replay_is_run_by_the_pull_function_with_what_it_has(
    aws: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    lake = S3Store(boto3.client("s3"), "lake")
    accept(lake, "github_webhooks", b"not JSON", {"event": "star", "delivery": "d"}, system_clock())
    with monkeypatch.context() as patch:
        only(patch, "LAKE_BUCKET", "LOG_BUCKET", "STATE_TABLE", "DATABASE", "ROLLUP_QUEUE_URL")
        seal.handler(sqs_event({"stream": "github_webhooks"}), Context())
    jobs.create(wiring.state("state"), Job("j1", JobKind.REPLAY, "github_webhooks", (), system_clock()))
    only(monkeypatch, "LAKE_BUCKET", "STATE_TABLE", "DATABASE", "SECRET_PREFIX", "ROLLUP_QUEUE_URL")

    answer = pull.handler(sqs_event({"stream": "github_webhooks", "job": "j1"}), Context())

    assert answer == {"batchItemFailures": []}
    job = jobs.read(wiring.state("state"), "j1")
    assert job is not None
    assert (job.state, job.done, job.total, job.rows) == (JobState.DONE, 1, 1, 0)
    assert "1 record of commits up to 1 stay set aside" in job.notes[0]


def test_a_backfill_of_what_cannot_be_asked_fails_its_job_and_not_its_stream(
    aws: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    day = Window(datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 11, 2, tzinfo=UTC))
    state = wiring.state("state")
    jobs.create(state, Job("j1", JobKind.BACKFILL, "github_webhooks", (day,), system_clock()))
    jobs.create(state, Job("j2", JobKind.BACKFILL, "github_repository_stats", (day,), system_clock()))
    only(monkeypatch, "LAKE_BUCKET", "STATE_TABLE", "DATABASE", "SECRET_PREFIX", "ROLLUP_QUEUE_URL")

    pull.handler(sqs_event(*({"stream": "x", "job": name} for name in ("j1", "j2", "j3"))), Context())

    arriving, early = jobs.read(state, "j1"), jobs.read(state, "j2")
    assert arriving is not None
    assert early is not None
    assert (arriving.state, early.state) == (JobState.FAILED, JobState.WAITING)
    assert "not pulled" in str(arriving.error)
    assert early.retry_at is not None
    assert state.get("stream#github_repository_stats", "run") is None


def test_compaction_looks_after_every_stream(aws: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    only(monkeypatch, "LAKE_BUCKET", "STATE_TABLE", "DATABASE")

    assert compact.handler({}, Context()) == {}
