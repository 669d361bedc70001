"""JSON Schemas of sessions, with examples that the tests hold against real answers."""

from __future__ import annotations

from typing import Final

from chalicelib.api.auth import SCOPES
from chalicelib.api.schemas import INSTANT, MAYBE_INSTANT, STRING, record

SESSION: Final = record(
    {
        "name": {**STRING, "description": "The token's name; of a person who signed in, their e-mail address."},
        "scope": {"enum": list(SCOPES)},
        "id": {**STRING, "description": "The token's, or the person's: what they make is kept under it."},
        "good_until": {**MAYBE_INSTANT, "description": "From then on the token does not work; null: for ever."},
    }
)
SESSION_EXAMPLE: Final = {"name": "dashboard", "scope": "read", "id": "9f86d081884c7d65", "good_until": None}
NEW_SESSION: Final = record(
    {
        **SESSION["properties"],
        "good_until": {**INSTANT, "description": "An hour from now."},
        "token": {**STRING, "description": "What the session's requests send as `Authorization: Bearer …`."},
    }
)
NEW_SESSION_EXAMPLE: Final = {
    "name": "ada@acme.example",
    "scope": "sql",
    "id": "5feceb66ffc86f38",
    "good_until": "2026-11-22T11:15:08Z",
    "token": "hw_session_not-a-real-token-0000000000000000000000000",
}
