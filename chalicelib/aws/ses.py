"""SES: one mail to one person, as it is written."""

from __future__ import annotations

from typing import Any, Final

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectTimeoutError,
    EndpointConnectionError,
    NoCredentialsError,
)
from botocore.parsers import ResponseParserError

from chalicelib.errors import NoAnswer, NotTaken

_NEVER_SENT: Final = (EndpointConnectionError, ConnectTimeoutError, NoCredentialsError)
_BAD_SETUP: Final = frozenset(
    {
        "AccessDeniedException",
        "AccountSuspendedException",
        "MailFromDomainNotVerifiedException",
        "MessageRejected",
        "NotFoundException",
        "SendingPausedException",
    }
)


class Mailer:
    """SES with one sender's address.

    Parameters
    ----------
    client
        A boto3 ``sesv2`` client that sends each request once.
    sender
        The address that is verified there.
    """

    def __init__(self, client: Any, sender: str) -> None:
        self._client = client
        self._sender = sender

    def send(self, address: str, raw: bytes) -> str:
        """Send a mail and answer SES's id of it. Raises ``NotTaken``, ``NoAnswer``."""
        try:
            answer = self._client.send_email(
                FromEmailAddress=self._sender,
                Destination={"ToAddresses": [address]},
                Content={"Raw": {"Data": raw}},
            )
        except ClientError as error:
            said = error.response["Error"]
            code, status = said["Code"], error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
            if status >= 500:
                raise NoAnswer(f"SES: {code}") from error
            words = f"SES refused: {code}: {said.get('Message', '')}"
            raise NotTaken(words, for_good=code == "BadRequestException", call_a_person=code in _BAD_SETUP) from error
        except _NEVER_SENT as error:
            raise NotTaken(f"SES was not reached: {type(error).__name__}") from error
        except (BotoCoreError, ResponseParserError) as error:
            raise NoAnswer(f"SES did not answer: {type(error).__name__}") from error
        return str(answer["MessageId"])
