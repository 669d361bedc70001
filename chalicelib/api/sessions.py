"""``/v1/session``: who the caller is; a session for who signed in, and its end."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from chalicelib.api import idempotency
from chalicelib.api.auth import PREFIX_LENGTH, SESSION_PK, SESSION_PREFIX, digest, kept_under, new_token
from chalicelib.api.context import Context
from chalicelib.api.envelope import NO_STORE, instant
from chalicelib.api.routes import Access, Answer, Call, Caller, Reply, Route
from chalicelib.api.session_schemas import NEW_SESSION, NEW_SESSION_EXAMPLE, SESSION, SESSION_EXAMPLE
from chalicelib.api.token_requests import secret_of
from chalicelib.domain.state import wrote
from chalicelib.errors import RequestError

LASTS: Final = timedelta(hours=1)
"""How long a session is good: who loses their groups, or is disabled, is out within it."""
_TRIES: Final = 4


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
    return Reply(describe(call.by), 200, NO_STORE)


def make_session(call: Call, context: Context) -> Reply:
    """Make a token of an hour for who signed in; another try under the same ``Idempotency-Key`` answers the same."""
    person, now = call.by, context.clock()
    context.session_pace.step([person.id], 1, now)
    key = idempotency.read_key(call)
    secret = None if key is None else secret_of(call, key, "session", context.state, now)
    token = new_session_token(secret)
    item = _item(person, now)
    if not wrote(context.state, SESSION_PK, digest(token), item, expected_version=None):
        item = {**(context.state.get(SESSION_PK, digest(token)) or item)}
    made = Caller(str(item["name"]), str(item["scope"]), person.id, datetime.fromisoformat(item["good_until"]))
    return Reply({**describe(made), "token": token}, 201, NO_STORE)


def new_session_token(secret: str | None = None) -> str:
    """Make a session's token of 256 random bits, or of these."""
    return f"{SESSION_PREFIX}{new_token(secret).removeprefix('hw_')}"


def _item(person: Caller, now: datetime) -> dict[str, Any]:
    until = (now + LASTS).replace(microsecond=0)
    return {
        "name": person.name,
        "scope": person.scope,
        "person": person.id,
        "prefix": SESSION_PREFIX[:PREFIX_LENGTH],
        "created_at": instant(now),
        "good_until": instant(until),
        "revoked_at": None,
        "expires_at": int(until.timestamp()),  # the table deletes it some time later
    }


def end_session(call: Call, context: Context) -> Reply:
    """End the session that asks for it."""
    token = call.headers["authorization"].split()[-1]
    if kept_under(token) != SESSION_PK:
        detail = "This is an API token, not a session: whoever may administer revokes it with DELETE /v1/tokens/{id}."
        raise RequestError(detail, status=409)
    for _ in range(_TRIES):
        item = context.state.get(SESSION_PK, digest(token))
        if item is None or item.get("revoked_at") or _revoked(digest(token), item, context):
            context.gate.forget(digest(token))
            return Reply(b"", 204, NO_STORE)
    raise RequestError("The session is being ended by somebody else; try again.", status=409)


def _revoked(token_sha256: str, item: Any, context: Context) -> bool:
    changed = {name: value for name, value in item.items() if name not in ("sk", "version")}
    changed["revoked_at"] = instant(context.clock())
    return wrote(context.state, SESSION_PK, token_sha256, changed, expected_version=item["version"])


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
    Route(
        method="POST",
        path="/v1/session",
        name="make_session",
        access=Access.SIGN_IN,
        summary="Begin a session",
        description=(
            "Exchanges the ID token of a person who signed in for a token of an hour. Its scope is the mightiest of "
            "the person's groups `read`, `sql` and `admin`; its `id` is the person's, the same after every sign-in."
        ),
        answers=(Answer(201, "Begun.", NEW_SESSION, NEW_SESSION_EXAMPLE),),
        handler=make_session,
        headers=(idempotency.KEY,),
        problems=(401, 403, 422),
    ),
    Route(
        method="DELETE",
        path="/v1/session",
        name="end_session",
        access=Access.TOKEN,
        summary="End a session",
        description=(
            "Signs out: the session's token stops working at once where it is ended, and everywhere within 15 seconds. "
            "An API token is no session, and stays."
        ),
        answers=(Answer(204, "Ended."),),
        handler=end_session,
        problems=(409,),
    ),
)
