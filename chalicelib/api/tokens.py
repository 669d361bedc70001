"""``/v1/tokens``: API tokens, made, listed and revoked. A token is shown once; only its hash is kept."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any, Final

from chalicelib.api import idempotency
from chalicelib.api import token_schemas as own
from chalicelib.api.auth import ID_LENGTH, PREFIX_LENGTH, TOKEN_PK, digest, new_token
from chalicelib.api.bodies import read_json_object
from chalicelib.api.context import Context
from chalicelib.api.envelope import NO_STORE, instant
from chalicelib.api.paging import CURSOR, limit, listed, page_of
from chalicelib.api.routes import Access, Answer, Body, Call, Parameter, Reply, Route
from chalicelib.api.token_requests import KEY_LIVES, secret_of
from chalicelib.api.token_wishes import Wish, read_wish
from chalicelib.domain.state import wrote
from chalicelib.errors import RequestError

LISTED: Final = 100
_TRIES: Final = 4


def describe(item: Mapping[str, Any]) -> dict[str, Any]:
    """Describe a token by its state item; the hash itself is not told, only its beginning, as ``id``."""
    return {
        "id": str(item["sk"])[:ID_LENGTH],
        "name": item["name"],
        "description": item.get("description", ""),
        "scope": item["scope"],
        "prefix": item.get("prefix"),
        "created_at": item["created_at"],
        "expires_at": item.get("good_until"),
        "last_used_at": item.get("last_used_at"),
        "revoked_at": item.get("revoked_at"),
    }


def list_tokens(call: Call, context: Context) -> Reply:
    """Answer a page of the tokens, those that no longer work too, oldest first."""
    found = context.state.query(TOKEN_PK)
    return listed(
        call,
        page_of(call, "tokens", found, lambda i: (str(i["created_at"]), i["sk"][:ID_LENGTH]), LISTED),
        describe,
        NO_STORE,
    )


def make_token(call: Call, context: Context) -> Reply:
    """Make a token and show it; another try under the same ``Idempotency-Key`` shows the same one again."""
    now = context.clock()
    wish = read_wish(read_json_object(call), now)
    key = idempotency.read_key(call)
    token = new_token() if key is None else new_token(secret_of(call, key, _digest(wish), context.state, now))
    item = _item(wish, token, now)
    if not wrote(context.state, TOKEN_PK, digest(token), item, expected_version=None):
        item = {**(context.state.get(TOKEN_PK, digest(token)) or item)}
    return Reply({**describe({**item, "sk": digest(token)}), "token": token}, 201, NO_STORE)


def _digest(wish: Wish) -> str:
    return hashlib.sha256(json.dumps(asdict(wish), sort_keys=True, default=str).encode()).hexdigest()


def _item(wish: Wish, token: str, now: datetime) -> dict[str, Any]:
    return {
        "name": wish.name,
        "description": wish.description,
        "scope": wish.scope,
        "prefix": token[:PREFIX_LENGTH],
        "created_at": instant(now),
        # not ``expires_at``: by that the table deletes an item, and a token that is over stays listed
        "good_until": instant(wish.expires_at),
        "last_used_at": None,
        "revoked_at": None,
    }


def revoke_token(call: Call, context: Context) -> Reply:
    """Revoke a token; revoking twice is no error."""
    wanted = call.values["id"]
    for _ in range(_TRIES):
        found = [i for i in context.state.query(TOKEN_PK) if len(wanted) == ID_LENGTH and i["sk"].startswith(wanted)]
        if not found:
            raise RequestError("There is no token with this id.", status=404)
        if _revoked(found[0], context):
            return Reply(b"", 204, NO_STORE)
    raise RequestError("Others changed this token at the same time; try again.", status=409)


def _revoked(item: Mapping[str, Any], context: Context) -> bool:
    """Write that a token is revoked, and answer whether it is: the note of its last use may have come between."""
    if not item.get("revoked_at"):
        changed = {k: v for k, v in item.items() if k not in ("sk", "version")}
        changed["revoked_at"] = instant(context.clock())
        if not wrote(context.state, TOKEN_PK, item["sk"], changed, expected_version=item["version"]):
            return False
    context.gate.forget(item["sk"])
    return True


ID = Parameter(
    "id",
    "The token's id, as the list tells it.",
    {"type": "string", "pattern": "^[0-9a-f]{16}$"},
    "9f86d081884c7d65",
    where="path",
    required=True,
)

ROUTES = (
    Route(
        method="GET",
        path="/v1/tokens",
        name="list_tokens",
        access=Access.ADMIN,
        summary="API tokens",
        description=(
            "Oldest first, without their secret part; revoked and expired ones too. `prefix` is how the token begins. "
            "`last_used_at` is right to the hour."
        ),
        answers=(Answer(200, "The tokens.", own.TOKENS, own.TOKENS_EXAMPLE),),
        handler=list_tokens,
        parameters=(limit(LISTED, 500), CURSOR),
    ),
    Route(
        method="POST",
        path="/v1/tokens",
        name="make_token",
        access=Access.ADMIN,
        summary="Make an API token",
        description=(
            "The token itself is in this answer only: keep it. We keep its SHA-256. Another try under the same "
            f"`Idempotency-Key`, by the same token and within {KEY_LIVES // timedelta(hours=1)} hours, answers the "
            "same token."
        ),
        answers=(Answer(201, "Made.", own.NEW_TOKEN, own.NEW_TOKEN_EXAMPLE),),
        handler=make_token,
        headers=(idempotency.KEY,),
        body=Body("What it is for, and what it may do.", own.WISH, own.WISH_EXAMPLE),
        problems=(413, 415, 422),
    ),
    Route(
        method="DELETE",
        path="/v1/tokens/{id}",
        name="revoke_token",
        access=Access.ADMIN,
        summary="Revoke an API token",
        description="It stops working at once where it was revoked, and everywhere within 15 seconds.",
        answers=(Answer(204, "Revoked."),),
        handler=revoke_token,
        parameters=(ID,),
        problems=(404, 409),
    ),
)
