"""``If-Match``: a change names the version that its writer has seen, so that nobody's change is lost."""

from __future__ import annotations

from typing import Final

from chalicelib.api.routes import Call, Parameter
from chalicelib.errors import RequestError

IF_MATCH: Final = Parameter(
    "If-Match", "The ETag of the version that you have seen.", {"type": "string"}, '"3"', "header"
)


def require_match(call: Call, tag: str) -> None:
    """Hold the request against the version that stands (strong comparison, RFC 9110 section 13.1.1).

    Raises ``RequestError`` 428 without the header, 412 where another version is named.
    """
    named = call.headers.get("if-match")
    if named is None:
        raise RequestError("Name the version that you have seen: its ETag, in the header If-Match.", status=428)
    if tag not in (one.strip() for one in named.split(",")):
        raise changed_meanwhile()


def changed_meanwhile() -> RequestError:
    """Make the error of a change that came second."""
    return RequestError("Somebody has changed it since you have seen it: look again.", status=412)
