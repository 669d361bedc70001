"""JSON Schemas of reports and their runs, with examples that the tests hold against real answers."""

from __future__ import annotations

from typing import Any, Final

from chalicelib.api.export_schemas import LINK_EXAMPLE, WHOLE_QUERY
from chalicelib.api.routes import Schema
from chalicelib.api.schemas import COUNT, INSTANT, MAYBE_INSTANT, MAYBE_STRING, STRING, record
from chalicelib.domain.due import Cadence
from chalicelib.domain.records import WorkState
from chalicelib.reports.reading import MAX_NAME, MAX_PARAMETERS, MAX_SQL, MAX_TITLE, MOST_TOLD, NAME, TO
from chalicelib.reports.report import FORMATS, MOST_PARTS

_FLAG: Final[Schema] = {"type": "boolean"}
_NAMES: Final[Schema] = {"type": "array", "items": STRING}
_VALUES: Final[Schema] = {
    "type": ["array", "null"],
    "maxItems": MAX_PARAMETERS,
    "items": {
        "description": (
            'As `POST /v1/sql` takes it, a fraction as text; or `{"first_day_of": "last_week"}`, `{"last_day_of": …}`.'
        )
    },
}


def _maybe(schema: Schema) -> Schema:
    """Make a schema that takes null too: as if the field were left out."""
    return {"anyOf": [schema, {"type": "null"}]}


def _part(kind: str, schema: Schema, **more: Schema) -> Schema:
    title = {"type": "string", "minLength": 1, "maxLength": MAX_TITLE}
    return {
        "type": "object",
        "title": kind,
        "required": ["title", kind],
        "additionalProperties": False,
        "properties": {"title": title, kind: schema, **more},
    }


PART: Final[Schema] = {
    "oneOf": [
        _part("query", WHOLE_QUERY),
        _part("saved_query", {"type": "string", "minLength": 1, "maxLength": 64}, parameters=_VALUES),
        _part("sql", {"type": "string", "minLength": 1, "maxLength": MAX_SQL}, parameters=_VALUES),
    ]
}
SCHEDULE: Final[Schema] = {
    "type": ["object", "null"],
    "required": ["cadence", "hour"],
    "additionalProperties": False,
    "properties": {
        "cadence": {"enum": [cadence.value for cadence in Cadence]},
        "hour": {"type": "integer", "minimum": 0, "maximum": 23, "description": "Of the local day."},
        "zone": {**MAYBE_STRING, "description": "An IANA time zone; UTC."},
        "weekday": {"type": ["integer", "null"], "minimum": 1, "maximum": 7, "description": "1 is Monday."},
        "day": {
            "type": ["integer", "null"],
            "minimum": 1,
            "maximum": 31,
            "description": "Of the month; the last one of a month that has no such day.",
        },
    },
}
_SAID: Final[dict[str, Schema]] = {
    "name": {"type": "string", "maxLength": MAX_NAME, "pattern": f"^{NAME}$"},
    "title": {"type": "string", "minLength": 1, "maxLength": MAX_TITLE},
    "format": {"enum": [form.value for form in FORMATS]},
    "parts": {"type": "array", "minItems": 1, "maxItems": MOST_PARTS, "items": PART},
    "schedule": SCHEDULE,
    "to": _maybe(
        {"type": "array", "minItems": 1, "maxItems": MOST_TOLD, "items": {"type": "string", "pattern": f"^({TO})$"}}
    ),
    "enabled": {"type": ["boolean", "null"]},
}
GIVEN: Final[Schema] = {
    "type": "object",
    "required": ["name", "title", "format", "parts"],
    "additionalProperties": False,
    "properties": _SAID,
}
CHANGED: Final[Schema] = {
    "type": "object",
    "additionalProperties": False,
    "properties": {name: schema for name, schema in _SAID.items() if name != "name"},
}

REPORT: Final[Schema] = record(
    {
        "name": STRING,
        "title": STRING,
        "format": _SAID["format"],
        "parts": {"type": "array", "items": {"type": "object"}},
        "schedule": {"type": ["object", "null"]},
        "to": _NAMES,
        "enabled": _FLAG,
        "next_at": {**MAYBE_INSTANT, "description": "When it is made next; null: when somebody asks."},
        "created_at": INSTANT,
        "created_by": STRING,
        "updated_at": INSTANT,
        "updated_by": STRING,
    }
)
_PARTS: Final[list[dict[str, Any]]] = [
    {
        "title": "Downloads",
        "query": {"metrics": ["downloads"], "range": "last_week", "compare": "previous_period", "tz": "Europe/Paris"},
    },
    {
        "title": "Downloads of the quarter",
        "sql": "SELECT sum(downloads) AS downloads FROM v_downloads WHERE day >= ?",
        "parameters": [{"first_day_of": "qtd"}],
    },
]
GIVEN_EXAMPLE: Final[dict[str, Any]] = {
    "name": "weekly-downloads",
    "title": "Weekly downloads",
    "format": "pdf",
    "parts": _PARTS,
    "schedule": {"cadence": "weekly", "hour": 8, "zone": "Europe/Paris", "weekday": 1},
    "to": ["subscribers"],
    "enabled": True,
}
REPORT_EXAMPLE: Final[dict[str, Any]] = {
    **GIVEN_EXAMPLE,
    "next_at": "2026-11-30T07:00:00Z",
    "created_at": "2026-11-22T10:15:08Z",
    "created_by": "admin",
    "updated_at": "2026-11-22T10:15:08Z",
    "updated_by": "admin",
}
CHANGED_EXAMPLE: Final[dict[str, Any]] = {
    "schedule": {"cadence": "monthly", "hour": 8, "zone": "Europe/Paris", "day": 1},
    "enabled": True,
}

RUN: Final[Schema] = record(
    {
        "id": STRING,
        "report": STRING,
        "state": {"enum": [state.value for state in WorkState]},
        "format": _SAID["format"],
        "due_at": {**INSTANT, "description": "The instant at which words such as `last_week` are read."},
        "period": {**STRING, "description": "What it is about, in words; empty until it is made."},
        "figures": {**_NAMES, "description": "What its parts come to, in words."},
        "notes": {**_NAMES, "description": "What a reader should know: what is not complete or late."},
        "problems": {**_NAMES, "description": "What is missing in it, and why."},
        "error": {**MAYBE_STRING, "description": "Why it failed."},
        "send": {**_FLAG, "description": "Whether people are told of it."},
        "asked_by": {**MAYBE_STRING, "description": "Who asked for it; null: its schedule."},
        "filename": STRING,
        "size_bytes": {"type": ["integer", "null"], "description": "Of the file, once it is there."},
        "link": {**MAYBE_STRING, "description": "Where it is, for 15 minutes; look again for another."},
        "submitted_at": INSTANT,
        "started_at": MAYBE_INSTANT,
        "finished_at": MAYBE_INSTANT,
        "expires_at": {**INSTANT, "description": "Until then the file is kept."},
    }
)
RUN_EXAMPLE: Final[dict[str, Any]] = {
    "id": "2026-11-23",
    "report": "weekly-downloads",
    "state": "done",
    "format": "pdf",
    "due_at": "2026-11-23T07:00:00Z",
    "period": "16 to 22 November 2026",
    "figures": ["Downloads: 840 (+5.0%; the period before: 800)", "Downloads of the quarter: 9,310"],
    "notes": [],
    "problems": [],
    "error": None,
    "send": True,
    "asked_by": None,
    "filename": "weekly-downloads-2026-11-23.pdf",
    "size_bytes": 48213,
    "link": str(LINK_EXAMPLE["link"]).replace("exports/answers/5f1c….xlsx", "reports/weekly-downloads/2026-11-23.pdf"),
    "submitted_at": "2026-11-23T07:00:12Z",
    "started_at": "2026-11-23T07:00:13Z",
    "finished_at": "2026-11-23T07:00:19Z",
    "expires_at": "2027-12-28T07:00:12Z",
}
WISH: Final[Schema] = {
    "type": "object",
    "additionalProperties": False,
    "properties": {"send": {"type": ["boolean", "null"], "description": "Whether people are told; false."}},
}
WISH_EXAMPLE: Final = {"send": True}
LINK: Final[Schema] = record({"link": STRING, "expires_in_s": COUNT})
