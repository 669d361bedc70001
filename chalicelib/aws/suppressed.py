"""SES's list of addresses that it sends nothing any more, because their mail came back or was called spam.

SES keeps it by itself for the whole account; see
https://docs.aws.amazon.com/ses/latest/dg/sending-email-suppression-list.html.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.errors import StoreUnavailable

_PAGE: Final = 1_000
_MOST_PAGES: Final = 100


def suppressed(client: Any) -> Mapping[str, str]:
    """Answer the addresses in small letters, each with its reason: ``BOUNCE`` or ``COMPLAINT``.

    ``client`` is a boto3 ``sesv2`` client. Of a list that is longer than 100,000 the rest is not looked at: an address
    of ours that is in it is told by SES's refusal of its mail.

    Raises ``StoreUnavailable``.
    """
    found: dict[str, str] = {}
    more: dict[str, str] = {}
    try:
        for _ in range(_MOST_PAGES):
            page = client.list_suppressed_destinations(PageSize=_PAGE, **more)
            for one in page["SuppressedDestinationSummaries"]:
                found[one["EmailAddress"].lower()] = one["Reason"]
            if not page.get("NextToken"):
                break
            more = {"NextToken": page["NextToken"]}
    except ClientError as error:
        raise StoreUnavailable(f"SES refused: {error.response['Error']['Code']}") from error
    except BotoCoreError as error:
        raise StoreUnavailable(f"SES did not answer: {type(error).__name__}") from error
    return found
