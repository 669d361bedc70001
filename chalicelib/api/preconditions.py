"""``If-Match``: a change names the version that its writer has seen, so that nobody's change is lost."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from chalicelib.api.envelope import instant
from chalicelib.api.routes import Call, Parameter
from chalicelib.errors import RequestError

IF_MATCH: Final = Parameter(
    "If-Match", "The ETag of the version that you have seen.", {"type": "string"}, '"3"', "header"
)


def require_match(call: Call, tag: str, by: str | None = None, at: datetime | None = None) -> None:
    """Hold the request against the version that stands (strong comparison, RFC 9110 section 13.1.1).

    Raises ``RequestError`` 428 without the header, 412 where another version is named: ``by`` and ``at`` say whose.
    """
    named = call.headers.get("if-match")
    if named is None:
        raise RequestError("Name the version that you have seen: its ETag, in the header If-Match.", status=428)
    if tag not in (one.strip() for one in named.split(",")):
        raise changed_meanwhile(by, at)


def changed_meanwhile(by: str | None = None, at: datetime | None = None) -> RequestError:
    """Make the error of a change that came second, after one of ``by``, at ``at``, where that is known."""
    who, when = by or "Somebody", "" if at is None else f", at {instant(at)}"
    return RequestError(f"{who} has changed it since you have seen it{when}: look again.", status=412)
