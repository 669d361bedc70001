"""JSON Schemas of exports and feeds, with examples that the tests hold against real answers."""

from __future__ import annotations

from typing import Any, Final

from chalicelib.api.question_examples import QUERY_EXAMPLE
from chalicelib.api.question_schemas import QUERY
from chalicelib.api.routes import Schema
from chalicelib.api.schemas import COUNT, INSTANT, MAYBE_INSTANT, MAYBE_STRING, STRING, record
from chalicelib.documents.formats import Format
from chalicelib.domain.records import WorkState

FORMATS: Final = [form.value for form in Format]
_JSON_ONLY: Final = ("order", "limit", "cursor", "format")
WHOLE_QUERY: Final[Schema] = {
    **QUERY,
    "description": "As `POST /v1/query` takes it, without order, limit and cursor.",
    "properties": {name: schema for name, schema in QUERY["properties"].items() if name not in _JSON_ONLY},
}
WHOLE_QUERY_EXAMPLE: Final = {name: value for name, value in QUERY_EXAMPLE.items() if name not in _JSON_ONLY}

LINK: Final[Schema] = record({"link": STRING, "expires_in_s": COUNT})
LINK_EXAMPLE: Final = {"link": "https://s3.example/exports/answers/5f1c….xlsx?X-Amz-Signature=…", "expires_in_s": 900}

EXPORT: Final[Schema] = record(
    {
        "id": STRING,
        "state": {"enum": [state.value for state in WorkState]},
        "format": {"enum": FORMATS},
        "query": {"type": "object", "description": "The question as it was understood: its range is settled."},
        "filename": STRING,
        "size_bytes": {"type": ["integer", "null"], "description": "Of the file, once it is there."},
        "link": {**MAYBE_STRING, "description": "Where it is, for 15 minutes; look again for another."},
        "error": {**MAYBE_STRING, "description": "Why it failed, and what to do."},
        "submitted_at": INSTANT,
        "started_at": MAYBE_INSTANT,
        "finished_at": MAYBE_INSTANT,
        "expires_at": {**INSTANT, "description": "Until then the file is kept."},
    }
)
EXPORT_EXAMPLE: Final[dict[str, Any]] = {
    "id": "5f1c0d9a7be34c0f8f7a2b11",
    "state": "done",
    "format": "xlsx",
    "query": {"metrics": ["downloads"], "start": "2020-01-01T00:00:00+00:00", "interval": "PT15M", "tz": "UTC"},
    "filename": "headwater-downloads-2020-01-01-to-2026-11-22.xlsx",
    "size_bytes": 8123456,
    "link": LINK_EXAMPLE["link"],
    "error": None,
    "submitted_at": "2026-11-22T10:15:08Z",
    "started_at": "2026-11-22T10:15:09Z",
    "finished_at": "2026-11-22T10:15:21Z",
    "expires_at": "2026-11-29T10:15:08Z",
}
NEW_EXPORT: Final[Schema] = {
    "type": "object",
    "required": ["query", "format"],
    "properties": {"query": WHOLE_QUERY, "format": {"enum": FORMATS}},
    "additionalProperties": False,
}
NEW_EXPORT_EXAMPLE: Final = {
    "query": {**WHOLE_QUERY_EXAMPLE, "range": "all", "interval": "PT15M"},
    "format": "xlsx",
}

FEED: Final[Schema] = record(
    {
        "id": STRING,
        "name": STRING,
        "query": {"type": "object", "description": "The question, as it was given."},
        "created_at": INSTANT,
        "created_by": STRING,
        "revoked_at": MAYBE_INSTANT,
    }
)
FEED_EXAMPLE: Final = {
    "id": "5f1c0d9a7be34c0f8f7a2b11",
    "name": "downloads for the board",
    "query": {"metrics": ["downloads"], "range": "30d", "group_by": ["version"]},
    "created_at": "2026-11-22T10:15:08Z",
    "created_by": "admin",
    "revoked_at": None,
}
NEW_FEED: Final[Schema] = record(
    {
        **FEED["properties"],
        "token": {**STRING, "description": "In this answer only: keep it."},
        "address": {**STRING, "description": "Relative to this address; with the token in it."},
    }
)
NEW_FEED_EXAMPLE: Final = {
    **FEED_EXAMPLE,
    "token": "hwf_GJ1pY0aT4kqk3nN4wqWn5rD4b1cXv0mVn2sQ8uZ6pE",
    "address": "feeds/5f1c0d9a7be34c0f8f7a2b11/rows.csv?token=hwf_GJ1pY0aT4kqk3nN4wqWn5rD4b1cXv0mVn2sQ8uZ6pE",
}
FEED_WISH: Final[Schema] = {
    "type": "object",
    "required": ["name", "query"],
    "properties": {"name": {"type": "string", "minLength": 1, "maxLength": 80}, "query": WHOLE_QUERY},
    "additionalProperties": False,
}
FEED_WISH_EXAMPLE: Final = {"name": FEED_EXAMPLE["name"], "query": FEED_EXAMPLE["query"]}
