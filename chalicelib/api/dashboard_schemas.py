"""JSON Schemas of dashboards, with examples that the tests hold against real ones."""

from __future__ import annotations

from typing import Any, Final

from chalicelib.api.routes import Schema
from chalicelib.api.schemas import COUNT, MAYBE_INSTANT, MAYBE_STRING, ONE_OF_A_LIST, STRING, paged, record
from chalicelib.dashboards.widgets import (
    COLUMNS,
    MAX_DESCRIPTION,
    MAX_NAME,
    MAX_TEXT,
    MOST_ROWS,
    MOST_WIDGETS,
    USUAL_RANGE,
    Kind,
)
from chalicelib.domain.periods import Interval
from chalicelib.metrics.comparison import Versus
from chalicelib.metrics.question import MAX_METRICS, MAX_TOP


def _maybe(schema: Schema) -> Schema:
    return {"anyOf": [schema, {"type": "null"}]}


RANGE: Final[Schema] = {
    "description": 'A word, as `range` of `GET /v1/metrics/{name}`, such as "30d"; or two dates.',
    "anyOf": [STRING, record({"from": STRING, "to": STRING})],
}
_NAMES: Final[Schema] = {"type": "array", "items": STRING}
_FLAG: Final[Schema] = {"type": "boolean"}
_OWNER: Final[Schema] = {**_maybe(record({"id": STRING, "name": STRING})), "description": "Null: it is a seeded one."}

_QUESTION: Final[dict[str, Any]] = {
    "metrics": {**_NAMES, "minItems": 1, "maxItems": MAX_METRICS},
    "group_by": {**_NAMES, "description": "Not with several metrics."},
    "filter": {**MAYBE_STRING, "description": "As `filter` of `GET /v1/metrics/{name}`."},
    "top": _maybe({"type": "integer", "minimum": 1, "maximum": MAX_TOP}),
    "interval": {
        **_maybe({"enum": [one.value for one in Interval]}),
        "description": "Null: what fits the range and the source.",
    },
    "compare": _maybe({"enum": [one.value for one in Versus]}),
    "transform": MAYBE_STRING,
    "range": {**_maybe(RANGE), "description": "Null: the dashboard's, as its viewer has set it."},
}
_WIDGET: Final[dict[str, Any]] = {
    "id": {"type": "string", "pattern": "^[A-Za-z0-9_-]{1,40}$"},
    "kind": {"enum": [one.value for one in Kind]},
    "title": {"type": "string", "maxLength": MAX_NAME},
    "width": {"type": "integer", "minimum": 1, "maximum": COLUMNS, "description": "Columns of twelve."},
    "height": {"type": "integer", "minimum": 1, "maximum": MOST_ROWS, "description": "Rows."},
    "text": {"type": ["string", "null"], "maxLength": MAX_TEXT, "description": "Of kind `text` alone; no markup."},
    "target": {"type": ["string", "null"], "description": "A gauge's full mark, a decimal as text."},
}
_ASKS: Final = "Null: of kinds `text`, `sources`, `alerts`. A scatter has two metrics."


def _given(required: tuple[str, ...], properties: dict[str, Any]) -> Schema:
    return {"type": "object", "required": [*required], "properties": properties, "additionalProperties": False}


GIVEN: Final[Schema] = _given(
    ("name",),
    {
        "name": {"type": "string", "minLength": 1, "maxLength": MAX_NAME},
        "description": {"type": "string", "maxLength": MAX_DESCRIPTION},
        "range": {**RANGE, "default": USUAL_RANGE},
        "tz": {**MAYBE_STRING, "description": "An IANA time zone; null: the viewer's."},
        "widgets": {
            "type": "array",
            "maxItems": MOST_WIDGETS,
            "description": "In their order, each behind the one before it, in a grid of twelve columns.",
            "items": _given(
                ("id", "kind"),
                {**_WIDGET, "question": {**_maybe(_given(("metrics",), _QUESTION)), "description": _ASKS}},
            ),
        },
    },
)

_ALL: Final[dict[str, Any]] = {
    "id": STRING,
    "name": STRING,
    "description": STRING,
    "seeded": {**_FLAG, "description": "It comes with Headwater and cannot be changed: save a copy."},
    "owner": _OWNER,
    "mine": {**_FLAG, "description": "The caller made it, and may change it."},
}
# What is answered says no bounds: what was kept by an older release is answered as it is.
_ANSWERED_WIDGET: Final = record(
    {**{name: {k: v for k, v in one.items() if k in ("type", "description")} for name, one in _WIDGET.items()}}
    | {"kind": STRING, "width": COUNT, "height": COUNT}
    | {"question": {**_maybe(record({name: {} for name in _QUESTION})), "description": _ASKS}}
)
DASHBOARD: Final = record(
    {
        **_ALL,
        "range": RANGE,
        "tz": MAYBE_STRING,
        "widgets": {"type": "array", "items": _ANSWERED_WIDGET},
        "created_at": MAYBE_INSTANT,
        "updated_at": MAYBE_INSTANT,
        "updated_by": MAYBE_STRING,
    }
)
LISTED: Final = record({**_ALL, "widget_count": COUNT, "updated_at": MAYBE_INSTANT})
LIST: Final = paged(LISTED)

_GIVEN_WIDGET: Final = {
    "id": "w1",
    "kind": "stacked",
    "title": "Downloads by version",
    "width": 8,
    "height": 3,
    "question": {"metrics": ["downloads"], "group_by": ["version"], "top": 7, "compare": None},
}
GIVEN_EXAMPLE: Final = {
    "name": "Release week",
    "description": "How 3.6 is taken up",
    "range": "28d",
    "tz": None,
    "widgets": [_GIVEN_WIDGET],
}
_OF_ADA: Final = {"id": "5f1c0d9a7be34c0f", "name": "ada"}
_SAID: Final = {"name": "Release week", "description": "How 3.6 is taken up"}
EXAMPLE: Final = {
    "id": "d_5f1c0d9a7be34c0f8f7a2b11",
    **GIVEN_EXAMPLE,
    "widgets": [
        {
            **_GIVEN_WIDGET,
            "text": None,
            "target": None,
            "question": {
                "metrics": ["downloads"],
                "group_by": ["version"],
                "filter": None,
                "top": 7,
                "interval": None,
                "compare": None,
                "transform": None,
                "range": None,
            },
        }
    ],
    "seeded": False,
    "owner": _OF_ADA,
    "mine": True,
    "created_at": "2026-11-26T10:15:08Z",
    "updated_at": "2026-11-26T10:15:08Z",
    "updated_by": "ada",
}
LIST_EXAMPLE: Final = {
    "results": [
        {
            "id": EXAMPLE["id"],
            **_SAID,
            "seeded": False,
            "owner": _OF_ADA,
            "mine": True,
            "widget_count": 1,
            "updated_at": "2026-11-26T10:15:08Z",
        }
    ],
    **ONE_OF_A_LIST,
}

PREFERENCES: Final = record(
    {"default_dashboard": {**MAYBE_STRING, "description": "The id of what opens first; null: the overview."}}
)
PREFERENCES_GIVEN: Final[Schema] = _given(("default_dashboard",), {"default_dashboard": MAYBE_STRING})
PREFERENCES_EXAMPLE: Final = {"default_dashboard": "d_5f1c0d9a7be34c0f8f7a2b11"}
