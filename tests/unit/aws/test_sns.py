"""A message reaches the topic, and its subject is what SNS takes."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import EndpointConnectionError
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.aws.sns import Topic, ascii_subject
from chalicelib.errors import StoreUnavailable


def test_a_message_reaches_those_who_subscribed(aws: Callable[[str], Any]) -> None:
    sns, sqs = aws("sns"), aws("sqs")
    arn = sns.create_topic(Name="alerts")["TopicArn"]
    url = sqs.create_queue(QueueName="outbox")["QueueUrl"]
    queue_arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    sns.subscribe(TopicArn=arn, Protocol="sqs", Endpoint=queue_arn)

    message_id = Topic(sns, arn).send("[Headwater] Logs are late", "Grüße\nline 2")

    [message] = sqs.receive_message(QueueUrl=url)["Messages"]
    body = json.loads(message["Body"])
    assert (body["MessageId"], body["Subject"], body["Message"]) == (
        message_id,
        "[Headwater] Logs are late",
        "Grüße\nline 2",
    )


@given(st.text(max_size=300))
def test_every_subject_is_one_that_sns_takes(text: str) -> None:
    subject = ascii_subject(text)

    assert 1 <= len(subject) <= 100
    assert subject.isascii()
    assert subject.isprintable()
    assert not subject.startswith(" ")


def test_no_answer_is_one_of_our_errors() -> None:
    class Down:
        def publish(self, **_: Any) -> Any:
            raise EndpointConnectionError(endpoint_url="https://sns.example")

    with pytest.raises(StoreUnavailable):
        Topic(Down(), "arn").send("s", "t")


def test_an_unknown_topic_is_one_of_our_errors(aws: Callable[[str], Any]) -> None:
    with pytest.raises(StoreUnavailable, match="NotFound"):
        Topic(aws("sns"), "arn:aws:sns:eu-central-1:123456789012:none").send("s", "t")
