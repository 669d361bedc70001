"""Messages go out ten a call; what comes in is read without trusting it."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from chalicelib.aws.sqs import Queue, batch_response, read_letters, received
from chalicelib.errors import StoreUnavailable


@pytest.fixture
def client(aws: Callable[[str], Any]) -> Any:
    return aws("sqs")


def drained(client: Any, url: str) -> list[Any]:
    bodies = []
    while messages := client.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
        for message in messages:
            bodies.append(json.loads(message["Body"]))
            client.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    return bodies


@pytest.mark.parametrize("count", [0, 1, 10, 11, 25])
def test_every_message_arrives_once(client: Any, count: int) -> None:
    url = client.create_queue(QueueName="rollup")["QueueUrl"]

    Queue(client, url).send_all({"stream": f"s{i}"} for i in range(count))

    assert sorted(body["stream"] for body in drained(client, url)) == sorted(f"s{i}" for i in range(count))


def test_one_message_can_be_sent_alone(client: Any) -> None:
    url = client.create_queue(QueueName="rollup")["QueueUrl"]

    Queue(client, url).send({"stream": "github_webhooks", "seq": 3})

    assert drained(client, url) == [{"stream": "github_webhooks", "seq": 3}]


class AnsweringClient:
    def __init__(self, answer: dict[str, Any] | Exception) -> None:
        self._answer = answer

    def send_message_batch(self, **_: Any) -> dict[str, Any]:
        if isinstance(self._answer, Exception):
            raise self._answer
        return self._answer


@pytest.mark.parametrize(
    "answer",
    [
        {"Failed": [{"Id": "0", "Code": "InternalError", "SenderFault": False}]},
        ClientError({"Error": {"Code": "RequestThrottled", "Message": ""}}, "SendMessageBatch"),
        EndpointConnectionError(endpoint_url="https://sqs.example"),
    ],
)
def test_a_message_that_was_not_taken_is_an_error(answer: dict[str, Any] | Exception) -> None:
    with pytest.raises(StoreUnavailable):
        Queue(AnsweringClient(answer), "url").send({"stream": "s"})


@pytest.mark.parametrize("delay_s", [-1, 901])
def test_a_delay_beyond_what_sqs_can_do_is_refused(delay_s: int) -> None:
    with pytest.raises(ValueError, match="delay_s"):
        Queue(AnsweringClient({}), "url").send({"stream": "s"}, delay_s=delay_s)


@pytest.mark.parametrize("body", ["", "nonsense", "[1]", "3", "null"])
def test_a_message_that_is_no_object_is_kept_apart(body: str) -> None:
    [message] = received({"Records": [{"messageId": "m1", "body": body}]})

    assert message.body is None


def test_the_receive_count_is_told() -> None:
    event = {"Records": [{"messageId": "m1", "body": "{}", "attributes": {"ApproximateReceiveCount": "4"}}]}

    assert received(event)[0].receive_count == 4


def test_only_the_failed_come_again() -> None:
    assert batch_response(["m1", "m3"]) == {"batchItemFailures": [{"itemIdentifier": "m1"}, {"itemIdentifier": "m3"}]}


def test_what_waits_can_be_read_and_stays_and_is_counted(client: Any) -> None:
    url = client.create_queue(QueueName="dead")["QueueUrl"]
    Queue(client, url).send_all({"n": n} for n in range(3))

    first, again = read_letters(client, url), read_letters(client, url)

    assert first == again
    assert first.waiting == 3
    assert first.arn.endswith(":dead")
    assert [json.loads(letter.body)["n"] for letter in first.seen] == [0, 1, 2]
    assert all(abs(letter.sent_at - datetime.now(UTC)) < timedelta(minutes=1) for letter in first.seen)


def test_what_somebody_else_holds_is_counted_but_not_read(client: Any) -> None:
    url = client.create_queue(QueueName="dead")["QueueUrl"]
    Queue(client, url).send({"n": 1})
    client.receive_message(QueueUrl=url, VisibilityTimeout=60)

    found = read_letters(client, url)

    assert (found.waiting, found.seen) == (1, ())


def test_an_empty_queue_is_empty(client: Any) -> None:
    url = client.create_queue(QueueName="dead")["QueueUrl"]

    assert read_letters(client, url).waiting == 0


def test_a_queue_that_is_not_there_is_unavailable(client: Any) -> None:
    url = client.create_queue(QueueName="dead")["QueueUrl"]
    client.delete_queue(QueueUrl=url)

    with pytest.raises(StoreUnavailable, match="NonExistentQueue"):
        read_letters(client, url)
