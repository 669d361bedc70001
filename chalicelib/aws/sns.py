"""SNS: one plain message to the people who subscribed to a topic."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.errors import StoreUnavailable

_SUBJECT_LENGTH = 100  # SNS refuses a longer one
_NOT_ALLOWED = re.compile(r"[^ -~]+")


class Topic:
    """One SNS topic.

    Parameters
    ----------
    client
        A boto3 ``sns`` client.
    arn
        The topic's ARN.
    """

    def __init__(self, client: Any, arn: str) -> None:
        self._client = client
        self._arn = arn

    def send(self, subject: str, text: str) -> str:
        """Send a message and answer SNS's id of it.

        Raises ``StoreUnavailable`` when it is not known whether SNS took it.
        """
        try:
            answer = self._client.publish(TopicArn=self._arn, Subject=ascii_subject(subject), Message=text)
        except ClientError as error:
            raise StoreUnavailable(f"SNS refused the message: {error.response['Error']['Code']}") from error
        except BotoCoreError as error:
            raise StoreUnavailable(f"SNS did not answer: {type(error).__name__}") from error
        return str(answer["MessageId"])


def ascii_subject(text: str) -> str:
    """Write a subject as SNS takes it: printable ASCII, at most 100 characters, no blank at its beginning.

    Examples
    --------
    >>> ascii_subject("Über: “GitHub” fails")
    'Uber: GitHub fails'
    >>> len(ascii_subject("x" * 200)), ascii_subject("x" * 200)[-3:]
    (100, '...')
    """
    plain = unicodedata.normalize("NFKD", text.replace("\n", " "))
    plain = _NOT_ALLOWED.sub("", plain).strip() or "Headwater"
    return plain if len(plain) <= _SUBJECT_LENGTH else f"{plain[: _SUBJECT_LENGTH - 3]}..."
