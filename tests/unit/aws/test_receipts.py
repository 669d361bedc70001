"""What a topic has taken is found in the queue, written down, and then forgotten; whoever cannot write keeps it."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, HTTPServer
from types import SimpleNamespace
from typing import Any

import pytest
from botocore.exceptions import ClientError, ConnectTimeoutError, EndpointConnectionError, ReadTimeoutError

from chalicelib.aws.clients import client_once
from chalicelib.aws.receipts import ReceiptQueue
from chalicelib.aws.ses import Mailer
from chalicelib.aws.sns import Topic
from chalicelib.errors import NoAnswer, NotTaken, StoreUnavailable

ATTRIBUTES = {"message_id": {"DataType": "String", "StringValue": "a/1"}}


@pytest.fixture
def cloud(aws: Callable[[str], Any]) -> SimpleNamespace:
    sns, sqs = aws("sns"), aws("sqs")
    arn = sns.create_topic(Name="alerts")["TopicArn"]
    url = sqs.create_queue(QueueName="receipts", Attributes={"VisibilityTimeout": "60"})["QueueUrl"]
    queue = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    sns.subscribe(TopicArn=arn, Protocol="sqs", Endpoint=queue)
    return SimpleNamespace(sqs=sqs, url=url, topic=Topic(sns, arn), queue=ReceiptQueue(sqs, url))


def test_a_receipt_carries_what_was_published_with_it(cloud: SimpleNamespace) -> None:
    taken: list[tuple[Mapping[str, str], str]] = []
    sns_id = cloud.topic.publish("S", json.dumps({"default": "text"}), ATTRIBUTES)

    assert cloud.queue.drain(lambda marks, found: taken.append((marks, found)))

    assert taken == [({"message_id": "a/1"}, sns_id)]
    assert cloud.queue.drain(lambda *_: pytest.fail("it was written down already"))


def test_what_could_not_be_written_down_stays_and_is_no_empty_queue(cloud: SimpleNamespace) -> None:
    def fail(*_: object) -> None:
        raise StoreUnavailable("DynamoDB did not answer")

    cloud.topic.publish("S", json.dumps({"default": "text"}), ATTRIBUTES)

    assert not cloud.queue.drain(fail)


def test_a_receipt_that_somebody_else_holds_is_no_empty_queue(cloud: SimpleNamespace) -> None:
    cloud.topic.publish("S", json.dumps({"default": "text"}), ATTRIBUTES)
    cloud.sqs.receive_message(QueueUrl=cloud.url)

    assert not cloud.queue.drain(lambda *_: pytest.fail("somebody else holds it"))


def test_what_is_none_of_ours_is_taken_out(cloud: SimpleNamespace) -> None:
    for body in ("not JSON", "[]", '{"Message": "an alarm of CloudWatch"}'):
        cloud.sqs.send_message(QueueUrl=cloud.url, MessageBody=body)

    assert cloud.queue.drain(lambda *_: pytest.fail("it is none of ours"))


class Says:
    """A client whose every call ends in one way."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    def publish(self, **_: Any) -> Any:
        raise self.error

    send_email = receive_message = publish


def refused(code: str, status: int) -> ClientError:
    return ClientError(
        {"Error": {"Code": code, "Message": "m"}, "ResponseMetadata": {"HTTPStatusCode": status}}, "Publish"
    )


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (refused("InvalidParameter", 400), (NotTaken, True, False)),
        (refused("AuthorizationError", 403), (NotTaken, False, True)),
        (refused("NotFound", 404), (NotTaken, False, True)),
        (refused("Throttled", 429), (NotTaken, False, False)),
        (refused("InternalError", 500), (NoAnswer, False, False)),
        (EndpointConnectionError(endpoint_url="https://sns"), (NotTaken, False, False)),
        (ConnectTimeoutError(endpoint_url="https://sns"), (NotTaken, False, False)),
        (ReadTimeoutError(endpoint_url="https://sns"), (NoAnswer, False, False)),
    ],
)
def test_surely_not_taken_is_told_from_not_known(
    error: Exception, expected: tuple[type[Exception], bool, bool]
) -> None:
    kind, for_good, person = expected

    with pytest.raises(kind) as caught:
        Topic(Says(error), "arn").publish("s", "{}", {})
    if isinstance(caught.value, NotTaken):
        assert (caught.value.for_good, caught.value.call_a_person) == (for_good, person)
    with pytest.raises((NotTaken, NoAnswer)) as of_mail:
        Mailer(Says(error), "a@acme.example").send("b@acme.example", b"")
    assert isinstance(of_mail.value, NoAnswer) == (kind is NoAnswer)


@pytest.mark.parametrize("status", [None, 500, 503])
def test_what_must_not_happen_twice_is_asked_for_once(status: int | None, monkeypatch: pytest.MonkeyPatch) -> None:
    """A cut connection and a 5xx: other clients of ours would ask again, and SNS would publish twice."""
    asked = []

    class Answers(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked.append(self.path)
            if status is not None:
                self.send_error(status)
            self.close_connection = True

        def log_message(self, *_: object) -> None: ...

    server = HTTPServer(("127.0.0.1", 0), Answers)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    for name, value in {
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{server.server_port}",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": "eu-central-1",
    }.items():
        monkeypatch.setenv(name, value)
    client_once.cache_clear()
    try:
        with pytest.raises(NoAnswer):
            Topic(client_once("sns"), "arn:aws:sns:eu-central-1:123456789012:a").publish("s", '{"default": "t"}', {})
    finally:
        server.shutdown()
        server.server_close()
        client_once.cache_clear()

    assert len(asked) == 1


def test_a_queue_that_does_not_answer_is_one_of_our_errors() -> None:
    for error in (refused("InternalError", 500), EndpointConnectionError(endpoint_url="https://sqs")):
        with pytest.raises(StoreUnavailable):
            ReceiptQueue(Says(error), "url").drain(lambda *_: None)
