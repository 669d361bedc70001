"""SNS: one plain message to the people who subscribed to a topic."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Any, Final

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectTimeoutError,
    EndpointConnectionError,
    NoCredentialsError,
    ParamValidationError,
)
from botocore.parsers import ResponseParserError

from chalicelib.errors import NoAnswer, NotTaken, StoreUnavailable

_SUBJECT_LENGTH = 100  # SNS refuses a longer one
_NOT_ALLOWED = re.compile(r"[^ -~]+")
# What Unicode's decomposition leaves to nothing.
_SPELLED: Final = str.maketrans(
    {"ß": "ss", "æ": "ae", "Æ": "AE", "ø": "o", "Ø": "O", "œ": "oe", "Œ": "OE", "ł": "l", "Ł": "L"}
    | {"–": "-", "—": "-", "€": "EUR", "£": "GBP", "≥": ">=", "≤": "<=", "→": "->", "−": "-"}
)
_NEVER_SENT: Final = (EndpointConnectionError, ConnectTimeoutError, NoCredentialsError)
_BAD_MESSAGE: Final = frozenset(
    {"InvalidParameter", "InvalidParameterValue", "ParameterValueInvalid", "ValidationError"}
)
_BAD_SETUP: Final = frozenset(
    {"AuthorizationError", "AuthorizationErrorException", "AccessDenied", "AccessDeniedException", "NotFound"}
)


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

    def publish(self, subject: str, message: str, attributes: Mapping[str, Mapping[str, Any]]) -> str:
        """Publish a text for each protocol (JSON) once, and answer SNS's id of it.

        The client must not try again by itself: when an answer was lost, the message would go out twice.

        Raises
        ------
        NotTaken
            SNS refused it, or was not reached.
        NoAnswer
            SNS was asked, and did not say.
        """
        try:
            answer = self._client.publish(
                TopicArn=self._arn,
                Subject=ascii_subject(subject),
                Message=message,
                MessageStructure="json",
                MessageAttributes=dict(attributes),
            )
        except ClientError as error:
            raise _refused(error) from error
        except ParamValidationError as error:
            raise NotTaken(f"SNS cannot take this message: {error}", for_good=True) from error
        except _NEVER_SENT as error:
            raise NotTaken(f"SNS was not reached: {type(error).__name__}") from error
        except (BotoCoreError, ResponseParserError) as error:  # the second: a page of somebody in between
            raise NoAnswer(f"SNS did not answer: {type(error).__name__}") from error
        return str(answer["MessageId"])


def _refused(error: ClientError) -> NotTaken | NoAnswer:
    said = error.response["Error"]
    code, status = said["Code"], error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    if status >= 500:
        return NoAnswer(f"SNS: {code}")
    words = f"SNS refused: {code}: {said.get('Message', '')}"
    return NotTaken(words, for_good=code in _BAD_MESSAGE, call_a_person=code in _BAD_SETUP)


def ascii_subject(text: str) -> str:
    """Write a subject as SNS takes it: printable ASCII, at most 100 characters, no blank at its beginning.

    Examples
    --------
    >>> ascii_subject("Über: “GitHub” fails")
    'Uber: GitHub fails'
    >>> len(ascii_subject("x" * 200)), ascii_subject("x" * 200)[-3:]
    (100, '...')
    """
    plain = unicodedata.normalize("NFKD", text.replace("\n", " ").translate(_SPELLED))
    plain = _NOT_ALLOWED.sub("", plain).strip() or "Headwater"
    return plain if len(plain) <= _SUBJECT_LENGTH else f"{plain[: _SUBJECT_LENGTH - 3]}..."
