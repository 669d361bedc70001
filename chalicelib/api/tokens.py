"""``/v1/tokens``: API tokens, made, listed and revoked. A token is shown once; only its hash is kept."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from chalicelib.api import schemas
from chalicelib.api.auth import ID_LENGTH, SCOPES, TOKEN_PK, digest, new_token
from chalicelib.api.bodies import read_json_object
from chalicelib.api.context import Context
from chalicelib.api.envelope import instant
from chalicelib.api.routes import Access, Answer, Body, Call, Parameter, Reply, Route
from chalicelib.domain.faults import fault, unknown_names
from chalicelib.domain.nearest import NotKnown, nearest
from chalicelib.errors import PreconditionFailed, RequestError

MAX_NAME: Final = 80
_NO_STORE = {"Cache-Control": "no-store"}


def describe(item: Mapping[str, Any]) -> dict[str, Any]:
    """Describe a token by its state item; the hash itself is not told, only its beginning, as ``id``."""
    return {
        "id": str(item["sk"])[:ID_LENGTH],
        "name": item["name"],
        "scope": item["scope"],
        "created_at": item["created_at"],
        "revoked_at": item.get("revoked_at"),
    }


def list_tokens(_call: Call, context: Context) -> Reply:
    """Answer every token, revoked ones too, oldest first."""
    tokens = sorted((describe(item) for item in context.state.query(TOKEN_PK)), key=lambda t: str(t["created_at"]))
    meta = {"count": len(tokens), "truncated": False, "warnings": []}
    return Reply({"results": tokens, "meta": meta, "query": {}}, headers=_NO_STORE)


def make_token(call: Call, context: Context) -> Reply:
    """Make a token and show it, this once."""
    name, scope = _read(read_json_object(call))
    token = new_token()
    item = {"name": name, "scope": scope, "created_at": _now(context.clock()), "revoked_at": None}
    context.state.put(TOKEN_PK, digest(token), item, expected_version=None)
    return Reply({**describe({**item, "sk": digest(token)}), "token": token}, 201, _NO_STORE)


def _read(given: Mapping[str, Any]) -> tuple[str, str]:
    errors = unknown_names(given, ("name", "scope"))
    name, scope = given.get("name"), given.get("scope", "read")
    if not isinstance(name, str) or not name.strip() or len(name) > MAX_NAME or not name.isprintable():
        errors.append({"parameter": "name", "detail": f"A name of 1 to {MAX_NAME} printable characters is needed."})
    if not isinstance(scope, str) or scope not in SCOPES:
        errors.append(fault("scope", NotKnown(f"One of: {', '.join(SCOPES)}.", nearest(str(scope), SCOPES))))
    if errors:
        raise RequestError("One or more fields are wrong.", errors=tuple(errors))
    return str(name).strip(), str(scope)


def revoke_token(call: Call, context: Context) -> Reply:
    """Revoke a token; revoking twice is no error."""
    wanted = call.values["id"]
    found = [i for i in context.state.query(TOKEN_PK) if len(wanted) == ID_LENGTH and i["sk"].startswith(wanted)]
    if not found:
        raise RequestError("There is no token with this id.", status=404)
    item = found[0]
    if not item.get("revoked_at"):
        changed = {k: v for k, v in item.items() if k not in ("sk", "version")} | {"revoked_at": _now(context.clock())}
        try:
            context.state.put(TOKEN_PK, item["sk"], changed, expected_version=item["version"])
        except PreconditionFailed as error:
            raise RequestError("Somebody else changed this token just now; try again.", status=409) from error
    context.gate.forget(item["sk"])
    return Reply(b"", 204, _NO_STORE)


def _now(at: datetime) -> str:
    said = instant(at)
    assert said is not None
    return said


ID = Parameter(
    "id", "The token's id, as the list tells it.", {"type": "string"}, "9f86d081884c7d65", where="path", required=True
)

ROUTES = (
    Route(
        method="GET",
        path="/v1/tokens",
        name="list_tokens",
        access=Access.ADMIN,
        summary="Every API token",
        description="Tokens without their secret part, revoked ones too.",
        answers=(Answer(200, "The tokens.", schemas.TOKENS, schemas.TOKENS_EXAMPLE),),
        handler=list_tokens,
    ),
    Route(
        method="POST",
        path="/v1/tokens",
        name="make_token",
        access=Access.ADMIN,
        summary="Make an API token",
        description="The token itself is in this answer only: keep it. We keep its SHA-256.",
        answers=(Answer(201, "Made.", schemas.NEW_TOKEN, schemas.NEW_TOKEN_EXAMPLE),),
        handler=make_token,
        body=Body(
            "What it is for, and what it may do.",
            {
                "type": "object",
                "required": ["name"],
                "properties": {
                    "name": {"type": "string", "minLength": 1, "maxLength": MAX_NAME},
                    "scope": {"enum": list(SCOPES), "default": "read"},
                },
                "additionalProperties": False,
            },
            {"name": "dashboard", "scope": "read"},
        ),
        problems=(413, 415),
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
