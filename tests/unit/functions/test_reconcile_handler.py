"""The reconciler's Lambda over an emulated AWS and a GitHub on this machine: neither work keeps the other undone."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import boto3
import pytest
from moto import mock_aws

from chalicelib.aws import clients
from chalicelib.aws.s3 import S3Store
from chalicelib.domain.freshness import Run, RunOutcome
from chalicelib.errors import FatalSourceError
from chalicelib.ingest.inbox import pointer_of, to_item
from chalicelib.ingest.runs import read_run
from functions import wiring
from functions.reconcile import handler as reconcile

REGION = "eu-central-1"
PATH = "/repos/acme/pipeline/hooks/1/deliveries"
NOW = datetime.now(UTC) + timedelta(days=1)
"""What is put into the emulated log bucket now is a day old by this clock, and no longer in flight."""
LOST = f"access/{NOW - timedelta(days=1):%Y-%m-%d-%H-%M-%S}-A"
LOGS = "[s3_access_logs]\nlog_prefix = 'access/'\nkey_pattern = '(?P<version>x)'\n"


class Context:
    """Lambda's context, with five minutes left."""

    def get_remaining_time_in_millis(self) -> int:
        return 300_000


@dataclass
class Github:
    """A GitHub that lost one delivery and keeps what it was asked; ``gone`` is a webhook that there is not."""

    url: str = ""
    gone: bool = False
    asked: list[str] = field(default_factory=list)

    def answer(self, method: str, path: str) -> tuple[int, Any]:
        self.asked.append(f"{method} {path.partition('?')[0]}")
        if self.gone:
            return 404, {"message": "Not Found"}
        if method == "POST":
            return 202, {}
        at = (NOW - timedelta(hours=2)).isoformat()
        return 200, [
            {"id": 9, "guid": "lost", "delivered_at": at, "status_code": 502},
            {"id": 8, "guid": "fine", "delivered_at": at, "status_code": 202},
        ]


@pytest.fixture
def github() -> Iterator[Github]:
    company = Github()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, body = company.answer(self.command, self.path)
            raw = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(raw)))
            self.end_headers()
            self.wfile.write(raw)

        do_POST = do_GET  # noqa: N815 - as http.server wants it

        def log_message(self, *args: object) -> None:
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        company.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield company
        server.shutdown()
        thread.join()


@pytest.fixture(autouse=True)
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What the handler finds when it is deployed, and a log object that no event has announced."""
    for name, value in {
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": REGION,
        "HEADWATER_LAKE_BUCKET": "lake",
        "HEADWATER_LOG_BUCKET": "access-logs",
        "HEADWATER_STATE_TABLE": "state",
        "HEADWATER_SECRET_PREFIX": "hw/",
    }.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    monkeypatch.setattr(reconcile, "system_clock", lambda: NOW)
    forget()
    with mock_aws():
        for bucket in ("lake", "access-logs"):
            where = {"LocationConstraint": REGION}
            boto3.client("s3").create_bucket(Bucket=bucket, CreateBucketConfiguration=where)
        boto3.client("s3").put_object(Bucket="access-logs", Key=LOST, Body=b"a line\n")
        boto3.client("dynamodb").create_table(
            TableName="state",
            KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
            AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in ("pk", "sk")],
            BillingMode="PAY_PER_REQUEST",
        )
        boto3.client("secretsmanager").create_secret(Name="hw/github", SecretString='{"token": "t"}')
        yield
    forget()


def forget() -> None:
    """Make every process-wide thing anew."""
    for made in (clients.client, wiring.store, wiring.state, reconcile.settings):
        made.cache_clear()


def configure(*sections: str) -> None:
    boto3.client("s3").put_object(Bucket="lake", Key="config/sources.toml", Body="\n".join(sections).encode())


def hooks(url: str) -> str:
    return f"[github_webhooks]\nbase_url = '{url}'\nhooks = {{ 'acme/pipeline' = 1 }}\n"


def run() -> None:
    reconcile.handler({}, Context())


def announced() -> list[str]:
    lake = S3Store(boto3.client("s3"), "lake")
    pointers = [pointer_of(to_item(lake.get(found.key))) for found in lake.list("inbox/s3_access_logs/")]
    return [pointer.key for pointer in pointers if pointer]


def last_run(source: str) -> Run | None:
    return read_run(wiring.state("state"), f"reconcile-{source}")


def outcomes() -> list[RunOutcome | None]:
    runs = [last_run(source) for source in ("github_webhooks", "s3_access_logs")]
    return [run.outcome if run else None for run in runs]


def test_a_lost_delivery_is_asked_for_again_and_a_lost_log_object_announced(github: Github) -> None:
    configure(hooks(github.url), LOGS)

    run()

    assert github.asked == [f"GET {PATH}", f"POST {PATH}/9/attempts"]
    assert announced() == [LOST]
    assert outcomes() == [RunOutcome.OK, RunOutcome.OK]


def test_a_webhook_that_is_gone_raises_when_the_log_objects_are_announced(github: Github) -> None:
    configure(hooks(github.url), LOGS)
    github.gone = True

    with pytest.raises(FatalSourceError, match=r"webhook 1 of acme/pipeline: .*mend its id"):
        run()

    assert announced() == [LOST]
    assert outcomes() == [RunOutcome.FATAL, RunOutcome.OK]


def test_a_github_that_does_not_answer_is_remembered_and_raises_nothing() -> None:
    configure(hooks("http://127.0.0.1:9"), LOGS)

    run()

    assert announced() == [LOST]
    assert outcomes() == [RunOutcome.RETRY, RunOutcome.OK]


def test_a_missing_secret_is_for_a_person_and_costs_the_log_objects_nothing(github: Github) -> None:
    configure(hooks(github.url), LOGS)
    boto3.client("secretsmanager").delete_secret(SecretId="hw/github", ForceDeleteWithoutRecovery=True)

    with pytest.raises(FatalSourceError, match="hw/github"):
        run()

    assert (github.asked, announced()) == ([], [LOST])


@pytest.mark.parametrize("section", ["", "[github_webhooks]\nhooks = {}\n"], ids=["no section", "no hooks"])
def test_what_is_not_configured_is_not_asked(section: str) -> None:
    boto3.client("secretsmanager").delete_secret(SecretId="hw/github", ForceDeleteWithoutRecovery=True)
    configure(section)

    run()

    assert announced() == []
    assert outcomes() == [RunOutcome.OK if section else None, None]
