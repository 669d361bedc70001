"""``GET /health``: is the API up, and which version is it."""

from __future__ import annotations

from typing import Final

from chalicelib import VERSION
from chalicelib.api.context import Context
from chalicelib.api.routes import Access, Answer, Call, Reply, Route

EXAMPLE: Final = {"status": "ok", "version": VERSION}


def health(_call: Call, _context: Context) -> Reply:
    """Answer at once, from nothing: this is whether the API runs, not whether its sources do."""
    return Reply(EXAMPLE, headers={"Cache-Control": "no-store"})


ROUTES = (
    Route(
        method="GET",
        path="/health",
        name="health",
        access=Access.PUBLIC,
        summary="Is the API up",
        description="Answers without looking at any data; the state of the sources is at `/v1/sources`.",
        answers=(
            Answer(
                200,
                "It is up.",
                {
                    "type": "object",
                    "required": ["status", "version"],
                    "properties": {"status": {"const": "ok"}, "version": {"type": "string"}},
                },
                EXAMPLE,
            ),
        ),
        handler=health,
    ),
)
