"""JSON Schemas of saved queries, with examples that the tests hold against real ones."""

from __future__ import annotations

from typing import Any, Final

from chalicelib.api.routes import Schema
from chalicelib.api.schemas import MAYBE_INSTANT, MAYBE_STRING, ONE_OF_A_LIST, STRING, paged, record

_VALUE: Final[dict[str, Any]] = {"description": "As `POST /v1/sql` takes it."}
_PARAMETER: Final = record({"name": STRING, "description": STRING, "example": _VALUE})

QUERY: Final = record(
    {
        "id": STRING,
        "kind": {"enum": ["shipped", "own"]},
        "name": STRING,
        "description": STRING,
        "sql": STRING,
        "parameters": {"type": "array", "items": _PARAMETER},
        "marks": {"type": "array", "items": STRING, "description": "The parameter of each question mark, in order."},
        "example": {
            **record({"sql": STRING, "parameters": {"type": "array", "items": _VALUE}}),
            "description": "A body for `POST /v1/sql`.",
        },
        "created_at": MAYBE_INSTANT,
        "created_by": MAYBE_STRING,
        "updated_at": MAYBE_INSTANT,
        "updated_by": MAYBE_STRING,
    }
)
LIST: Final = paged(QUERY)

GIVEN: Final[Schema] = {
    "type": "object",
    "required": ["name", "sql"],
    "properties": {
        "name": {"type": "string", "minLength": 1, "maxLength": 80},
        "description": {"type": "string", "maxLength": 1_000},
        "sql": {"type": "string"},
        "parameters": {
            "type": "array",
            "items": _PARAMETER,
            "description": "Of each question mark, in order; the example is a value that fits.",
        },
    },
    "additionalProperties": False,
}

_SQL: Final = "SELECT sum(downloads) AS downloads FROM v_downloads WHERE day >= ?"
_SINCE: Final = {"name": "since", "description": "First day", "example": {"date": "2026-11-01"}}
GIVEN_EXAMPLE: Final = {"name": "Downloads since", "description": "", "sql": _SQL, "parameters": [_SINCE]}
QUERY_EXAMPLE: Final = {
    "id": "5f1c0d9a7be34c0f8f7a2b11",
    "kind": "own",
    **GIVEN_EXAMPLE,
    "marks": ["since"],
    "example": {"sql": _SQL, "parameters": [{"date": "2026-11-01"}]},
    "created_at": "2026-11-22T10:15:08Z",
    "created_by": "ada",
    "updated_at": "2026-11-22T10:15:08Z",
    "updated_by": "ada",
}
LIST_EXAMPLE: Final = {"results": [QUERY_EXAMPLE], **ONE_OF_A_LIST}
