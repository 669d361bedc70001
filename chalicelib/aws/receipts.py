"""The queue that gets what every topic has taken: how a sender can tell whether a message went out."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, Final

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.errors import HeadwaterError, StoreUnavailable

_BATCH: Final = 10
_ROUNDS: Final = 100
_WAIT_S: Final = 1
"""Any wait has SQS ask all of its servers; without one, an empty answer says nothing."""
_LEFT: Final = (
    "ApproximateNumberOfMessages",
    "ApproximateNumberOfMessagesNotVisible",
    "ApproximateNumberOfMessagesDelayed",
)

Marks = Mapping[str, str]


class ReceiptQueue:
    """Receipts of SNS, as JSON objects in an SQS queue.

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

    def drain(self, write_down: Callable[[Marks, str], None]) -> bool:
        """Hand over the marks (attributes) and SNS's id of every message, and delete what was written down.

        ``write_down`` may raise one of our errors: its receipt stays, and the others are gone on with.

        Answers whether there is surely nothing left: nothing waits, and nobody else holds any.

        Raises ``StoreUnavailable``.
        """
        try:
            for _ in range(_ROUNDS):
                answer = self._client.receive_message(
                    QueueUrl=self._url, MaxNumberOfMessages=_BATCH, WaitTimeSeconds=_WAIT_S
                )
                messages = answer.get("Messages", [])
                if not messages:
                    return self._is_empty()
                self._delete([message for message in messages if _written_down(message, write_down)])
        except ClientError as error:
            raise StoreUnavailable(f"the receipts could not be read: {error.response['Error']['Code']}") from error
        except BotoCoreError as error:
            raise StoreUnavailable(f"the receipts could not be read: {type(error).__name__}") from error
        return False

    def _is_empty(self) -> bool:
        answer = self._client.get_queue_attributes(QueueUrl=self._url, AttributeNames=list(_LEFT))
        return all(int(answer["Attributes"].get(name, 0)) == 0 for name in _LEFT)

    def _delete(self, messages: list[Mapping[str, Any]]) -> None:
        entries = [{"Id": str(at), "ReceiptHandle": one["ReceiptHandle"]} for at, one in enumerate(messages)]
        if entries:
            self._client.delete_message_batch(QueueUrl=self._url, Entries=entries)


def _written_down(message: Mapping[str, Any], write_down: Callable[[Marks, str], None]) -> bool:
    """Tell whether a message can be deleted; what is none of ours (an alarm of CloudWatch) can."""
    marks, sns_id = read_receipt(message.get("Body", ""))
    try:
        if marks:
            write_down(marks, sns_id)
    except HeadwaterError:
        return False
    return True


def read_receipt(body: str) -> tuple[Marks, str]:
    """Read what SNS put into the queue: its attributes, and its id. Nothing where it is not SNS's.

    >>> read_receipt('{"MessageId": "1", "MessageAttributes": {"day": {"Type": "String", "Value": "2026-11-26"}}}')
    ({'day': '2026-11-26'}, '1')
    >>> read_receipt("[]")
    ({}, '')
    """
    try:
        said = json.loads(body)
        attributes = said.get("MessageAttributes") or {}
        return {str(name): str(one.get("Value")) for name, one in attributes.items()}, str(said.get("MessageId", ""))
    except (ValueError, AttributeError):
        return {}, ""
