"""The sender's Lambda over an emulated AWS: what is in the outbox reaches the topics once, and mail and SMS."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import boto3
import pytest
from moto import mock_aws

from chalicelib.aws import clients
from chalicelib.aws.state import DynamoState
from chalicelib.domain.clock import system_clock
from chalicelib.outbox.message import OPERATORS, SUBSCRIBERS, Kind, Message, Severity, to_subscription
from chalicelib.outbox.outbox import Outbox, pointers
from chalicelib.subscriptions import kept
from chalicelib.subscriptions.subscription import Protocol, State, Subscription, Wishes
from functions import wiring
from functions.send import handler as send

REGION = "eu-central-1"
NOW = datetime.now(UTC)


@pytest.fixture
def cloud(monkeypatch: pytest.MonkeyPatch) -> Iterator[SimpleNamespace]:
    """Everything that the handler finds in its environment; ``heard`` is what the topics delivered."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    with mock_aws():
        for each in (clients.client, clients.client_once, send.settings, send.secrets, wiring.state):
            each.cache_clear()
        sns, sqs, dynamodb = (boto3.client(name, region_name=REGION) for name in ("sns", "sqs", "dynamodb"))
        boto3.client("secretsmanager", region_name=REGION).create_secret(
            Name="headwater/dev/links", SecretString='{"key": "k"}'
        )
        boto3.client("sesv2", region_name=REGION).create_email_identity(EmailIdentity="numbers@acme.example")
        dynamodb.create_table(
            TableName="state",
            KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
            AttributeDefinitions=[{"AttributeName": n, "AttributeType": "S"} for n in ("pk", "sk")],
            BillingMode="PAY_PER_REQUEST",
        )
        topics = [sns.create_topic(Name=name)["TopicArn"] for name in ("alerts", "notices")]
        urls = [sqs.create_queue(QueueName=name)["QueueUrl"] for name in ("receipts", "people")]
        for url in urls:
            arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
            for topic in topics:
                sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)
        for name, value in {
            "STATE_TABLE": "state",
            "RESULTS_BUCKET": "results",
            "ALERT_TOPIC_ARN": topics[0],
            "NOTICE_TOPIC_ARN": topics[1],
            "RECEIPT_QUEUE_URL": urls[0],
            "SECRET_PREFIX": "headwater/dev/",
            "SITE_URL": "https://numbers.acme.example",
            "SMS_PER_MONTH": "2",
            "SES_SENDER": "numbers@acme.example",
        }.items():
            monkeypatch.setenv(f"HEADWATER_{name}", value)
        monkeypatch.setattr(wiring, "in_threads", map)  # moto's SQS is not made for threads
        state = DynamoState(dynamodb, "state")
        yield SimpleNamespace(
            state=state, box=Outbox(state, system_clock), heard=lambda: heard(sqs, urls[1]), receipts=urls[0], sqs=sqs
        )
        for each in (clients.client, clients.client_once, send.settings, send.secrets, wiring.state):
            each.cache_clear()


def heard(sqs: Any, url: str) -> list[dict[str, Any]]:
    found = []
    while messages := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
        for message in messages:
            found.append(json.loads(message["Body"]))
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    return found


def run() -> dict[str, int]:
    return send.handler({}, SimpleNamespace(get_remaining_time_in_millis=lambda: 60_000))


def message(name: str, *to: str, **said: Any) -> Message:
    given = {
        "topic": "downloads",
        "severity": Severity.WARNING,
        "subject": "Grüße",
        "text": "See https://headwater.invalid/a",
    }
    return Message(id=name, at=NOW, kind=Kind.ALERT, to=to, **{**given, **said})


def subscribe(state: DynamoState, protocol: Protocol, address: str) -> Subscription:
    one = Subscription(
        kept.id_of(protocol, address), protocol, address, Wishes(), State.CONFIRMED, NOW, "ada", "n", confirmed_at=NOW
    )
    assert kept.write(state, one)
    return one


def test_what_is_in_the_outbox_reaches_both_topics_once(cloud: SimpleNamespace) -> None:
    cloud.box.put(message("a", OPERATORS, SUBSCRIBERS))

    assert run() == {"taken": 2}
    assert run() == {}
    assert run() == {}

    said = cloud.heard()
    assert sorted(one["TopicArn"].rpartition(":")[2] for one in said) == ["alerts", "notices"]
    assert {one["Message"] for one in said} == {"See https://numbers.acme.example/a"}
    assert {one["Subject"] for one in said} == {"Grusse"}
    [audience] = [
        json.loads(one["MessageAttributes"]["audience"]["Value"]) for one in said if "notices" in one["TopicArn"]
    ]
    assert audience == ["email/alert/warning/downloads", "email/alert/warning/*"]
    assert pointers(cloud.state) == []


def test_receipts_are_taken_out_of_their_queue(cloud: SimpleNamespace) -> None:
    cloud.box.put(message("a", OPERATORS))
    run()

    run()

    left = cloud.sqs.get_queue_attributes(QueueUrl=cloud.receipts, AttributeNames=["All"])["Attributes"]
    assert left["ApproximateNumberOfMessages"] == left["ApproximateNumberOfMessagesNotVisible"] == "0"


def test_sms_are_counted_and_people_are_told_once_when_they_are_spent(cloud: SimpleNamespace) -> None:
    subscribe(cloud.state, Protocol.SMS, "+491711234567")
    for at in range(4):
        cloud.box.put(message(f"m{at}", SUBSCRIBERS))

    run()
    run()

    said = cloud.heard()
    with_sms = [one for one in said if "sms/alert" in one["MessageAttributes"]["audience"]["Value"]]
    assert len(with_sms) == 2
    [notice] = [one for one in said if "alerts" in one["TopicArn"]]
    assert "SMS" in notice["Subject"]


def test_html_mail_goes_to_each_who_wants_it_with_one_click_to_end_it(
    cloud: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    mails = []
    monkeypatch.setattr(send.Mailer, "send", lambda _, address, raw: mails.append((address, raw.decode())) or "ses-1")
    subscribe(cloud.state, Protocol.HTML_EMAIL, "ada@acme.example")
    cloud.box.put(message("a", SUBSCRIBERS))

    run()
    run()

    [(address, raw)] = mails
    assert address == "ada@acme.example"
    assert "List-Unsubscribe-Post: List-Unsubscribe=One-Click" in raw
    assert "https://numbers.acme.example/api/v1/subscriptions/unsubscribe/" in raw.replace("=\r\n", "").replace(
        "\r\n ", ""
    )


def test_a_mail_that_ses_takes_is_sent(cloud: SimpleNamespace) -> None:
    one = subscribe(cloud.state, Protocol.HTML_EMAIL, "ada@acme.example")
    cloud.box.put(message("a", to_subscription(one.id)))

    assert run() == {"taken": 1}


def test_who_is_gone_is_not_written_to(cloud: SimpleNamespace) -> None:
    cloud.box.put(message("a", to_subscription("nobody")))

    assert run() == {"nobody": 1}
    assert cloud.heard() == []
