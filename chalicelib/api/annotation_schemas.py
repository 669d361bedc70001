"""JSON Schemas of annotations, with examples that the tests hold against real ones."""

from __future__ import annotations

from typing import Any, Final

from chalicelib.api.routes import Schema
from chalicelib.api.schemas import COUNT, INSTANT, MAYBE_INSTANT, MAYBE_STRING, ONE_OF_A_LIST, STRING, paged, record
from chalicelib.dashboards.annotation import MAX_URL, MOST_SOURCES, Kind, Origin
from chalicelib.dashboards.widgets import MAX_NAME

_KIND: Final[Schema] = {"enum": [one.value for one in Kind]}
_SOURCES: Final[dict[str, Any]] = {
    "type": "array",
    "items": STRING,
    "description": "Charts of metrics of these sources show it; of none: every chart does.",
}

ANNOTATION: Final = record(
    {
        "id": STRING,
        "at": INSTANT,
        "until": {**MAYBE_INSTANT, "description": "Null: it took no time."},
        "title": STRING,
        "kind": _KIND,
        "metric_sources": _SOURCES,
        "url": MAYBE_STRING,
        "source": {"enum": [one.value for one in Origin], "description": "Who says so."},
        "created_by": STRING,
        "updated_at": {**MAYBE_INSTANT, "description": "When it was last changed, or written; of GitHub's null."},
        "updated_by": {**MAYBE_STRING, "description": "By whom."},
        "mine": {"type": "boolean", "description": "The caller wrote it down, and may change it."},
    }
)
LIST: Final[Schema] = {
    **paged(ANNOTATION),
    "properties": {
        **paged(ANNOTATION)["properties"],
        "query": record({"from": INSTANT, "to": INSTANT, "tz": STRING, "limit": COUNT}),
    },
}

GIVEN: Final[Schema] = {
    "type": "object",
    "required": ["at", "title", "kind"],
    "additionalProperties": False,
    "properties": {
        "at": {**STRING, "description": "A date (its midnight in `tz`), a local time or an instant."},
        "until": {**MAYBE_STRING, "description": "The same, after `at`."},
        "title": {"type": "string", "minLength": 1, "maxLength": MAX_NAME},
        "kind": _KIND,
        "metric_sources": {**_SOURCES, "type": ["array", "null"], "maxItems": MOST_SOURCES},
        "url": {"type": ["string", "null"], "maxLength": MAX_URL, "description": "https:// or http://"},
        "tz": {**MAYBE_STRING, "description": "Of dates and local times; else UTC."},
    },
}
_SAID: Final = {
    "title": "Black week",
    "kind": "campaign",
    "metric_sources": ["web_beacons"],
    "url": "https://wiki.acme.example/black-week",
}
GIVEN_EXAMPLE: Final = {"at": "2026-11-20", "until": "2026-11-28", "tz": "Europe/Paris", **_SAID}
EXAMPLE: Final = {
    "id": "n_5f1c0d9a7be34c0f8f7a2b11",
    "at": "2026-11-19T23:00:00Z",
    "until": "2026-11-27T23:00:00Z",
    **_SAID,
    "source": "people",
    "created_by": "ada",
    "updated_at": "2026-11-20T09:15:08Z",
    "updated_by": "ada",
    "mine": True,
}
LIST_EXAMPLE: Final = {
    "results": [EXAMPLE],
    "meta": ONE_OF_A_LIST["meta"],
    "query": {"from": "2026-10-27T00:00:00Z", "to": "2026-11-27T00:00:00Z", "tz": "UTC", "limit": 500},
}
