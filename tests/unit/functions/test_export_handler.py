"""The export's Lambda over AWS's own clients (moto's AWS): the file is made, what fails comes again."""

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
from chalicelib.documents.formats import Format
from chalicelib.domain.periods import Interval
from chalicelib.domain.records import WorkState
from chalicelib.exports import jobs
from chalicelib.exports.jobs import Export
from chalicelib.metrics import own_state
from chalicelib.metrics.declared.downloads import DOWNLOADS
from chalicelib.metrics.own import Definition, read_expression
from chalicelib.metrics.own_state import Kept, Metrics
from chalicelib.metrics.question import Question
from chalicelib.metrics.question_json import write_question
from chalicelib.metrics.registry import METRICS
from functions import wiring
from functions.export import handler as module
from tests.unit.metrics.published_cubes import publish

NOW = datetime.now(UTC)
CACHES = (module.settings, module.work, wiring.store, wiring.state, aws_client)


@pytest.fixture
def state(monkeypatch: pytest.MonkeyPatch) -> Iterator[DynamoState]:
    for name in ("LAKE_BUCKET", "RESULTS_BUCKET", "STATE_TABLE"):
        monkeypatch.setenv(f"HEADWATER_{name}", name.partition("_")[0].lower())
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
        yield DynamoState(boto3.client("dynamodb"), "state")
    for cache in CACHES:
        cache.cache_clear()


def event(*bodies: Any) -> dict[str, Any]:
    return {"Records": [{"messageId": f"m{n}", "body": json.dumps(body)} for n, body in enumerate(bodies)]}


def test_the_file_of_each_message_is_made_and_what_fails_comes_again(state: DynamoState) -> None:
    publish(S3Store(boto3.client("s3"), "lake"), DOWNLOADS, [], {"s3_access_logs": NOW})
    start = datetime(2026, 11, 1, tzinfo=UTC)
    question = Question((METRICS["downloads"],), start, start + timedelta(days=3), Interval.P1D, ZoneInfo("UTC"))
    asked = Export("e1", "own", "ann", write_question(question), Format.XLSX, "f.xlsx", NOW)
    jobs.create(state, asked)
    busy = jobs.create(state, Export("e2", "own", "ann", asked.question, Format.CSV, "f.csv", NOW))
    begun = datetime.now(UTC)  # not when this file was read: on a slow machine that is too long ago to be at work still
    jobs.update(state, replace(busy, state=WorkState.RUNNING, started_at=begun))
    messages = [{"owner": "own", "export": name} for name in ("e1", "e2", "unknown")]

    answer = module.handler(event(*messages), SimpleNamespace(get_remaining_time_in_millis=lambda: 300_000))

    assert answer == {"batchItemFailures": [{"itemIdentifier": "m1"}]}
    done = jobs.read(state, "own", "e1")
    assert done is not None
    assert done.state is WorkState.DONE
    found = boto3.client("s3").get_object(Bucket="results", Key="exports/own/e1.xlsx")
    assert found["ContentLength"] == done.size_bytes
    assert found["ContentType"].endswith("spreadsheetml.sheet")


def test_a_warm_function_answers_by_the_definition_that_stands(state: DynamoState) -> None:
    start = datetime(2026, 11, 1, tzinfo=UTC)
    row = {"bucket_start": start, "product": "app", "version": "1", "is_bot": False, "download_bytes": 1}
    publish(S3Store(boto3.client("s3"), "lake"), DOWNLOADS, [{**row, "downloads": 6}], {"s3_access_logs": NOW})

    def define(expression: str, standing: Kept | None = None) -> Kept:
        said = Definition("mine", "Mine", "x", "x", read_expression(expression), None, 1, NOW, "ann", NOW, "ann")
        written = own_state.write(state, replace(standing or Kept(said), definition=said))
        assert written is not None
        return written

    def asked(name: str) -> None:
        metric = Metrics(lambda: state)["mine"]
        question = Question((metric,), start, start + timedelta(days=1), Interval.P1D, ZoneInfo("UTC"))
        jobs.create(state, Export(name, "own", "ann", write_question(question), Format.CSV, "f.csv", NOW))

    def made(name: str) -> str:
        message = event({"owner": "own", "export": name})
        module.handler(message, SimpleNamespace(get_remaining_time_in_millis=lambda: 300_000))
        done = jobs.read(state, "own", name)
        assert done is not None
        if done.state is WorkState.FAILED:
            return done.error
        file = boto3.client("s3").get_object(Bucket="results", Key=f"exports/own/{name}.csv")["Body"]
        return file.read().decode().splitlines()[-1]

    first = define("downloads / 2")
    asked("e1")
    asked("e2")
    assert ",3," in made("e1")
    define("downloads * 3", first)
    asked("e3")
    assert ",18," in made("e3")
    assert "means something else now" in made("e2")
