"""``/v1/session``: who the caller is."""

from __future__ import annotations

from typing import Any, Final

from chalicelib.api.auth import SCOPES
from chalicelib.api.context import Context
from chalicelib.api.envelope import instant
from chalicelib.api.routes import Access, Answer, Call, Caller, Reply, Route
from chalicelib.api.schemas import MAYBE_INSTANT, STRING, record

SESSION: Final = record(
    {
        "name": {**STRING, "description": "The token's name."},
        "scope": {"enum": list(SCOPES)},
        "id": {**STRING, "description": "The token's id: what it makes is kept under it."},
        "good_until": {**MAYBE_INSTANT, "description": "From then on the token does not work; null: for ever."},
    }
)
SESSION_EXAMPLE: Final = {"name": "dashboard", "scope": "read", "id": "9f86d081884c7d65", "good_until": None}
_NO_STORE: Final = {"Cache-Control": "no-store"}


def describe(caller: Caller) -> dict[str, Any]:
    """Describe a caller to itself."""
    return {
        "name": caller.name,
        "scope": caller.scope,
        "id": caller.id,
        "good_until": instant(caller.good_until),
    }


def get_session(call: Call, _context: Context) -> Reply:
    """Answer who calls."""
    assert call.caller is not None
    return Reply(describe(call.caller), 200, _NO_STORE)


ROUTES = (
    Route(
        method="GET",
        path="/v1/session",
        name="get_session",
        access=Access.TOKEN,
        summary="Who one is",
        description="Whose token this is, what it may do, and until when. Any token may ask.",
        answers=(Answer(200, "The caller.", SESSION, SESSION_EXAMPLE),),
        handler=get_session,
    ),
)
