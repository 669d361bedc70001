"""Messages to SQS queues and back: small JSON objects that wake a function up."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.domain.letters import Letter, Letters
from chalicelib.errors import StoreUnavailable

_BATCH = 10  # SendMessageBatch takes no more
_MAX_DELAY_S = 900  # DelaySeconds of SQS goes no further

Message = Mapping[str, Any]


class Queue:
    """One queue that this process sends to.

    Parameters
    ----------
    client
        A boto3 ``sqs`` client.
    url
        The queue's URL.
    """

    def __init__(self, client: Any, url: str) -> None:
        self._client = client
        self._url = url

    def send(self, message: Message, *, delay_s: int = 0) -> None:
        """Send one message; SQS shows it after ``delay_s`` seconds (0 to 900).

        Raises ``StoreUnavailable`` when SQS did not take it, or took it and its answer was lost: consumers bear twins.
        """
        self.send_all((message,), delay_s=delay_s)

    def send_all(self, messages: Iterable[Message], *, delay_s: int = 0) -> None:
        """Send many messages, ten a call. Raises ``StoreUnavailable`` if any was refused."""
        if not 0 <= delay_s <= _MAX_DELAY_S:
            raise ValueError(f"delay_s must be 0 to {_MAX_DELAY_S}, not {delay_s}")
        pending = iter(messages)
        while chunk := list(islice(pending, _BATCH)):
            self._send_chunk(chunk, delay_s)

    def _send_chunk(self, chunk: Sequence[Message], delay_s: int) -> None:
        entries = [
            {"Id": str(i), "MessageBody": json.dumps(body, separators=(",", ":")), "DelaySeconds": delay_s}
            for i, body in enumerate(chunk)
        ]
        try:
            answer = self._client.send_message_batch(QueueUrl=self._url, Entries=entries)
        except ClientError as error:
            raise StoreUnavailable(f"queue refused the messages: {error.response['Error']['Code']}") from error
        except BotoCoreError as error:
            raise StoreUnavailable(f"queue did not answer: {type(error).__name__}") from error
        if failed := answer.get("Failed"):
            codes = ", ".join(sorted({entry["Code"] for entry in failed}))
            raise StoreUnavailable(f"queue refused {len(failed)} of {len(chunk)} messages: {codes}")


def read_letters(client: Any, url: str) -> Letters:
    """Answer what waits in a queue, and up to ten of it, which stay there.

    Those that somebody else has just received are counted as well. Reading hides nothing from others, for its
    visibility timeout is 0. Raises ``StoreUnavailable``.
    """
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible", "QueueArn"]
    try:
        found = client.get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"]
        visible, hidden = (int(found[name]) for name in names[:2])
        letters = _peek(client, url) if visible else ()
    except ClientError as error:
        raise StoreUnavailable(f"queue cannot be looked at: {error.response['Error']['Code']}") from error
    except BotoCoreError as error:
        raise StoreUnavailable(f"queue did not answer: {type(error).__name__}") from error
    return Letters(url, found["QueueArn"], visible + hidden, letters)


def _peek(client: Any, url: str) -> tuple[Letter, ...]:
    # Waiting a second makes SQS ask all of its servers, not some.
    answer = client.receive_message(
        QueueUrl=url,
        MaxNumberOfMessages=_BATCH,
        VisibilityTimeout=0,
        WaitTimeSeconds=1,
        MessageSystemAttributeNames=["SentTimestamp"],
    )
    letters = {
        one["MessageId"]: Letter(
            datetime.fromtimestamp(int(one["Attributes"]["SentTimestamp"]) / 1000, tz=UTC), one["Body"]
        )
        for one in answer.get("Messages", ())
    }
    return tuple(sorted(letters.values(), key=lambda letter: (letter.sent_at, letter.body)))


@dataclass(frozen=True, slots=True)
class Received:
    """One message of a Lambda's SQS event. ``body`` is None when the text is not a JSON object."""

    message_id: str
    body: Message | None
    receive_count: int


def received(event: Mapping[str, Any]) -> list[Received]:
    """Read the messages of a Lambda's SQS event.

    Examples
    --------
    >>> received({"Records": [{"messageId": "m1", "body": '{"stream": "github_webhooks"}'}]})
    [Received(message_id='m1', body={'stream': 'github_webhooks'}, receive_count=1)]
    >>> received({"Records": [{"messageId": "m2", "body": "not JSON"}]})[0].body is None
    True
    """
    return [
        Received(
            message_id=record["messageId"],
            body=_parsed(record.get("body", "")),
            receive_count=int(record.get("attributes", {}).get("ApproximateReceiveCount", 1)),
        )
        for record in event.get("Records", ())
    ]


def batch_response(failed_ids: Iterable[str]) -> dict[str, list[dict[str, str]]]:
    """Answer what a Lambda with ``ReportBatchItemFailures`` returns: these messages come again, the others are done.

    Examples
    --------
    >>> batch_response(["m2"])
    {'batchItemFailures': [{'itemIdentifier': 'm2'}]}
    """
    return {"batchItemFailures": [{"itemIdentifier": message_id} for message_id in failed_ids]}


def _parsed(text: str) -> Message | None:
    try:
        value = json.loads(text)
    except ValueError:
        return None
    return value if isinstance(value, dict) else None
