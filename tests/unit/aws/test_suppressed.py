"""Addresses that SES sends nothing any more are read to the end of the list."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from chalicelib.aws.suppressed import suppressed
from chalicelib.errors import StoreUnavailable


class Ses:
    """Answers pages, and keeps which were asked for."""

    def __init__(self, *pages: Any) -> None:
        self.pages = list(pages)
        self.asked: list[dict[str, Any]] = []

    def list_suppressed_destinations(self, **given: Any) -> Any:
        self.asked.append(given)
        page = self.pages.pop(0)
        if isinstance(page, Exception):
            raise page
        return page


def page(address: str, reason: str, **more: str) -> dict[str, Any]:
    return {"SuppressedDestinationSummaries": [{"EmailAddress": address, "Reason": reason}], **more}


def test_every_page_is_read() -> None:
    ses = Ses(page("Ada@x.y", "BOUNCE", NextToken="n"), page("bob@x.y", "COMPLAINT"))

    assert suppressed(ses) == {"ada@x.y": "BOUNCE", "bob@x.y": "COMPLAINT"}
    assert ses.asked == [{"PageSize": 1_000}, {"PageSize": 1_000, "NextToken": "n"}]


def test_no_answer_is_no_empty_list() -> None:
    error = ClientError({"Error": {"Code": "TooManyRequestsException", "Message": "m"}}, "List")

    with pytest.raises(StoreUnavailable, match="TooManyRequests"):
        suppressed(Ses(page("a@x.y", "BOUNCE", NextToken="n"), error))
