"""JSON Schemas of tokens, with examples that the tests hold against real answers."""

from __future__ import annotations

from typing import Any, Final

from chalicelib.api.auth import SCOPES
from chalicelib.api.routes import Schema
from chalicelib.api.schemas import INSTANT, MAYBE_INSTANT, ONE_OF_A_LIST, STRING, paged, record
from chalicelib.api.token_wishes import MAX_DESCRIPTION, MAX_NAME

TOKEN: Final[dict[str, Any]] = record(
    {
        "id": STRING,
        "name": STRING,
        "description": STRING,
        "scope": {"enum": list(SCOPES)},
        "prefix": {"type": ["string", "null"], "description": "How the token begins; null for the oldest ones."},
        "created_at": INSTANT,
        "expires_at": {**MAYBE_INSTANT, "description": "From then on it does not work; null: never."},
        "last_used_at": {**MAYBE_INSTANT, "description": "To the hour; null: not yet."},
        "revoked_at": MAYBE_INSTANT,
    }
)
TOKEN_EXAMPLE: Final = {
    "id": "9f86d081884c7d65",
    "name": "dashboard",
    "description": "The screen in the hall.",
    "scope": "read",
    "prefix": "hw_Zk3v",
    "created_at": "2026-11-22T10:15:08Z",
    "expires_at": "2027-11-22T00:00:00Z",
    "last_used_at": None,
    "revoked_at": None,
}
TOKENS: Final = paged(TOKEN)
TOKENS_EXAMPLE: Final = {"results": [TOKEN_EXAMPLE], **ONE_OF_A_LIST}
NEW_TOKEN: Final = record(
    {**TOKEN["properties"], "token": {**STRING, "description": "The token itself: shown this once, never again."}}
)
NEW_TOKEN_EXAMPLE: Final = {**TOKEN_EXAMPLE, "token": "hw_Zk3v-not-a-real-token-00000000000000000000"}

WISH: Final[Schema] = {
    "type": "object",
    "required": ["name"],
    "properties": {
        "name": {"type": "string", "minLength": 1, "maxLength": MAX_NAME},
        "scope": {"enum": list(SCOPES), "default": "read"},
        "description": {"type": "string", "maxLength": MAX_DESCRIPTION, "default": ""},
        "expires_at": {**MAYBE_INSTANT, "default": None, "description": "With its offset; null: never."},
    },
    "additionalProperties": False,
}
WISH_EXAMPLE: Final = {
    "name": "dashboard",
    "scope": "read",
    "description": "The screen in the hall.",
    "expires_at": "2027-11-22T00:00:00Z",
}
