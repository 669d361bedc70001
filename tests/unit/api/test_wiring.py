"""The API over AWS's own clients (moto's AWS), wired from the environment."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest
from chalice.test import Client
from moto import mock_aws

from app import build_app
from chalicelib.api.auth import TOKEN_PK, digest
from chalicelib.api.wiring import from_environment
from chalicelib.aws.clients import client as aws_client
from chalicelib.aws.s3 import S3Store
from chalicelib.aws.state import DynamoState
from chalicelib.ingest.salts import SALT_PK
from chalicelib.metrics.declared.downloads import DOWNLOADS
from chalicelib.sources.github_signature import sign
from tests.unit.api.world import ADMIN
from tests.unit.metrics.published_cubes import publish

ROOT = Path(__file__).resolve().parents[3]
ENVIRONMENT = {
    "AWS_ACCESS_KEY_ID": "test",
    "AWS_SECRET_ACCESS_KEY": "test",
    "AWS_DEFAULT_REGION": "us-east-1",
    "HEADWATER_LAKE_BUCKET": "lake",
    "HEADWATER_STATE_TABLE": "state",
    "HEADWATER_SALT_TABLE": "salts",
    "HEADWATER_SECRET_PREFIX": "headwater/test/",
    "HEADWATER_RESULTS_BUCKET": "results",
    "HEADWATER_NOTICE_TOPIC_ARN": "arn:aws:sns:us-east-1:123456789012:headwater-dev-notices",
    "HEADWATER_EXPORT_QUEUE_URL": "https://sqs.us-east-1.amazonaws.com/123456789012/export",
    "HEADWATER_REPORT_QUEUE_URL": "https://sqs.us-east-1.amazonaws.com/123456789012/report",
    "HEADWATER_DATABASE": "lake",
    "HEADWATER_SQL_WORKGROUP": "people",
    "HEADWATER_SQL_ROLE_ARN": "arn:aws:iam::123456789012:role/people",
    "HEADWATER_ALLOWED_ORIGIN": "https://dashboard.example",
}


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch) -> Iterator[Client]:
    for name in [name for name in os.environ if name.startswith("HEADWATER_")]:
        monkeypatch.delenv(name)
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    from_environment.cache_clear()
    aws_client.cache_clear()
    with mock_aws():
        boto3.client("s3").create_bucket(Bucket="lake")
        for table in ("state", "salts"):
            boto3.client("dynamodb").create_table(
                TableName=table,
                KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
                AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in ("pk", "sk")],
                BillingMode="PAY_PER_REQUEST",
            )
        secret = json.dumps({"token": "t", "webhook_secrets": ["one", "two"]})
        boto3.client("secretsmanager").create_secret(Name="headwater/test/github", SecretString=secret)
        item = {"name": "first", "scope": "admin", "created_at": "2026-11-01T00:00:00Z"}
        DynamoState(boto3.client("dynamodb"), "state").put(TOKEN_PK, digest(ADMIN), item, expected_version=None)
        with Client(build_app(from_environment)) as made:
            yield made
    from_environment.cache_clear()
    aws_client.cache_clear()


def test_every_part_is_wired(client: Client) -> None:
    publish(S3Store(boto3.client("s3"), "lake"), DOWNLOADS, [])
    admin = {"Authorization": f"Bearer {ADMIN}", "Content-Type": "application/json"}
    body = b'{"zen": "Approachable is better than simple."}'
    signed = {"Content-Type": "application/json", "X-GitHub-Event": "ping", "X-Hub-Signature-256": sign(body, "two")}

    made = client.http.post("/v1/tokens", headers=admin, body=b'{"name": "reader"}')
    reader = {"Authorization": f"Bearer {made.json_body['token']}"}
    taken = client.http.post("/webhooks/github", headers=signed, body=body)
    answers = {
        path: client.http.get(path, headers=reader)
        for path in ("/health", "/v1/sources", "/v1/metrics/downloads", "/adoption/downloads", "/v1/metrics")
    }
    revoked = client.http.delete(f"/v1/tokens/{made.json_body['id']}", headers=admin)

    assert (made.status_code, taken.status_code, revoked.status_code) == (201, 202, 204)
    assert {path: answer.status_code for path, answer in answers.items()} == dict.fromkeys(answers, 200)
    assert answers["/health"].headers["Access-Control-Allow-Origin"] == "https://dashboard.example"
    lake = S3Store(boto3.client("s3"), "lake")
    assert [lake.get(found.key).body for found in lake.list("inbox/github_webhooks/")] == [body]


def test_files_reach_the_results_and_exports_their_queue(client: Client) -> None:
    boto3.client("s3").create_bucket(Bucket="results")
    boto3.client("sqs").create_queue(QueueName="export")
    publish(S3Store(boto3.client("s3"), "lake"), DOWNLOADS, [])
    admin = {"Authorization": f"Bearer {ADMIN}", "Content-Type": "application/json"}
    body = {"query": {"metrics": ["downloads"], "range": "7d"}, "format": "csv"}

    rows = client.http.get("/v1/metrics/downloads?range=7d&format=csv", headers=admin)
    linked = client.http.get("/v1/metrics/downloads?range=7d&format=xlsx", headers=admin)
    asked = client.http.post("/v1/exports", headers=admin, body=json.dumps(body).encode())

    assert (rows.status_code, linked.status_code, asked.status_code) == (200, 303, 202)
    keys = [found.key for found in S3Store(boto3.client("s3"), "results").list("exports/answers/")]
    assert sorted(key.rpartition(".")[2] for key in keys) == ["csv", "xlsx"]
    assert "Expires=" in linked.headers["Location"]
    (message,) = boto3.client("sqs").receive_message(QueueUrl=ENVIRONMENT["HEADWATER_EXPORT_QUEUE_URL"])["Messages"]
    assert json.loads(message["Body"]) == {"owner": digest(ADMIN)[:16], "export": asked.json_body["id"]}


def test_a_beacon_reaches_the_inbox_and_its_salt_a_table_of_its_own(client: Client) -> None:
    lake = S3Store(boto3.client("s3"), "lake")
    lake.put("config/sources.toml", (ROOT / "config" / "sources.toml").read_bytes())
    query = "url=https%3A%2F%2Fwww.acme.example%2F"

    answer = client.http.get(f"/b.gif?{query}", headers={"User-Agent": "x"})

    assert answer.status_code == 200
    assert len(list(lake.list("inbox/web_beacons/"))) == 1
    assert len(list(DynamoState(boto3.client("dynamodb"), "salts").query(SALT_PK))) == 1


def test_sql_is_asked_of_athena_with_the_rights_of_its_own_role(client: Client) -> None:
    workgroup = {"ResultConfiguration": {"OutputLocation": "s3://results/sql/"}}
    boto3.client("athena").create_work_group(Name="people", Configuration=workgroup)
    admin = {"Authorization": f"Bearer {ADMIN}", "Content-Type": "application/json"}

    answer = client.http.post("/v1/sql", headers=admin, body=b'{"sql": "SELECT 1 AS n", "wait_s": 0}')

    assert answer.status_code in (200, 202)
    [started] = boto3.client("athena").list_query_executions(WorkGroup="people")["QueryExecutionIds"]
    execution = boto3.client("athena").get_query_execution(QueryExecutionId=started)["QueryExecution"]
    assert execution["QueryExecutionContext"]["Database"] == "lake"


def test_a_lake_that_is_not_there_is_no_stack_trace(client: Client) -> None:
    boto3.client("s3").delete_bucket(Bucket="lake")

    answer = client.http.get("/v1/metrics/downloads", headers={"Authorization": f"Bearer {ADMIN}"})

    assert answer.status_code in (500, 503)
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert "lake" not in answer.body.decode()
