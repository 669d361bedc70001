"""JSON Schemas of metrics, questions and answers."""

from __future__ import annotations

from typing import Any, Final

from chalicelib.api.asking import COMPARE, INTERVAL, MATCH
from chalicelib.api.formats import FORMAT
from chalicelib.api.routes import Schema
from chalicelib.api.schemas import COUNT, INSTANT, MAYBE_INSTANT, MAYBE_STRING, STRING, WARNINGS, enveloped, record
from chalicelib.metrics.filters import MAX_VALUE, Operator
from chalicelib.metrics.metric import Kind
from chalicelib.metrics.news import Better
from chalicelib.metrics.question import MAX_METRICS, MAX_POINTS, MAX_TOP

_KIND: Final[Schema] = {"enum": [kind.value for kind in Kind]}
_BETTER: Final[Schema] = {
    "enum": [one.value for one in Better],
    "description": "Whether more is good news, less is, or nobody can tell.",
}
_NAMES: Final[Schema] = {"type": "array", "items": STRING}
_FLAG: Final[Schema] = {"type": "boolean"}

METRICS: Final[Schema] = enveloped(
    record(
        {
            "name": STRING,
            "title": STRING,
            "unit": STRING,
            "kind": _KIND,
            "better": _BETTER,
            "dimensions": _NAMES,
            "source": STRING,
            "description": STRING,
            "own": _FLAG,
        }
    ),
    {"count": COUNT, "truncated": {"const": False}, "warnings": WARNINGS},
    {},
)

_VALUE: Final[Schema] = {
    "type": ["number", "string", "null"],
    "description": "null: there is none, or not yet; a text: money of more digits than a double holds.",
}
_CHANGE_RATIO: Final[Schema] = {"type": ["number", "null"], "description": "Change over before; null from zero."}
_COMPARED_RANGE: Final = record({"from": INSTANT, "to": INSTANT, "elapsed_s": COUNT})
_COMPARISON: Final[Schema] = {
    "oneOf": [
        {"type": "null"},
        record(
            {
                "with": COMPARE.schema,
                "match": MATCH.schema,
                "current": {**_COMPARED_RANGE, "description": "What is compared: up to where all of it is known."},
                "before": _COMPARED_RANGE,
                "counted_since": {
                    **MAYBE_INSTANT,
                    "description": "The first day that was counted, where `before` begins earlier: a bucket that does, "
                    "and the total, are compared with nothing (null), for nobody knows. Null: all of it was.",
                },
            }
        ),
    ]
}
_STANDING: Final[dict[str, Any]] = {
    "title": STRING,
    "unit": STRING,
    "kind": _KIND,
    "better": _BETTER,
    "source": STRING,
    "watermark": {**MAYBE_INSTANT, "description": "The source is complete up to here; null: nothing yet."},
    "partial": _FLAG,
    "late": {**_FLAG, "description": "The source is further behind than is usual; `warnings` says how far."},
    "comparison": _COMPARISON,
}
_ANSWERED: Final[dict[str, Any]] = {
    "watermark": {**MAYBE_INSTANT, "description": "The earliest of all its metrics; null: one has nothing yet."},
    "partial": _FLAG,
    "late": _FLAG,
    "computed_at": INSTANT,
    "served_from": {"enum": ["cube", "cache"]},
    "approximate": {"const": False},
    "truncated": {**_FLAG, "description": "There are more rows: go on with `next_cursor`."},
    "next_cursor": MAYBE_STRING,
    "warnings": WARNINGS,
}
_UNDERSTOOD: Final[dict[str, Any]] = {
    "from": INSTANT,
    "to": INSTANT,
    "interval": STRING,
    "tz": STRING,
    "group_by": _NAMES,
    "filter": MAYBE_STRING,
    "compare": MAYBE_STRING,
    "match": MAYBE_STRING,
    "transform": MAYBE_STRING,
    "top": {"type": ["integer", "null"]},
    "other": {"type": ["boolean", "null"]},
    "totals": _FLAG,
}
_MEMBER: Final[Schema] = {
    "type": ["string", "number", "boolean", "null"],
    "description": "A dimension of `group_by`; `other`: true of the rest of the groups, whose members are null.",
}


def _answered(row: Schema, total: Schema, meta: Schema, query: Schema) -> Schema:
    """Make the schema of an answer; totals are there where they are asked for."""
    whole = record({"results": {"type": "array", "items": row}, "meta": meta, "query": query})
    return {**whole, "properties": {**whole["properties"], "totals": {"type": "array", "items": total}}}


def _row(properties: dict[str, Any], *required: str) -> dict[str, Any]:
    return {"type": "object", "required": [*required], "properties": properties, "additionalProperties": _MEMBER}


_VALUES: Final = {"value": _VALUE, "before": _VALUE, "change": _VALUE, "change_ratio": _CHANGE_RATIO}
_TIMES: Final[dict[str, Any]] = {
    "start": INSTANT,
    "end": INSTANT,
    "partial": {**_FLAG, "description": "The bucket ends after the watermark."},
}

SERIES: Final[Schema] = _answered(
    _row({**_TIMES, **_VALUES}, "start", "end", "value", "partial"),
    _row({**_VALUES}, "value"),
    record({"metric": STRING, **_STANDING, **_ANSWERED}),
    record({"metric": STRING, **_UNDERSTOOD}),
)

QUERIED: Final[Schema] = _answered(
    _row({**_TIMES}, "start", "end", "partial"),
    _row({}),
    record({"metrics": {"type": "array", "items": record({"name": STRING, **_STANDING})}, **_ANSWERED}),
    record({"metrics": _NAMES, **_UNDERSTOOD, "top_by": MAYBE_STRING}),
)

_CONDITION: Final = record(
    {
        "dimension": STRING,
        "operator": {"enum": [one.value for one in Operator]},
        "value": {
            "description": "A text; null or a list of both with `is` (any of them) and `is_not` (none of them).",
            "oneOf": [
                {"type": "string", "maxLength": MAX_VALUE},
                {"type": "null"},
                {"type": "array", "minItems": 1, "items": {"type": ["string", "null"], "maxLength": MAX_VALUE}},
            ],
        },
    }
)
FILTER: Final[Schema] = {
    "description": (
        "Which rows count: a condition; `and` or `or` of a list of filters; `not` of one; or the text that the "
        "parameter `filter` of `GET /v1/metrics/{name}` takes."
    ),
    "anyOf": [
        {"type": "string"},
        _CONDITION,
        record({"and": {"type": "array", "minItems": 1, "items": {"type": "object"}}}),
        record({"or": {"type": "array", "minItems": 1, "items": {"type": "object"}}}),
        record({"not": {"type": "object"}}),
        {"type": "null"},
    ],
}


def _maybe(schema: Schema) -> Schema:
    """Make a schema that takes null too: as if the field were left out."""
    return {"anyOf": [schema, {"type": "null"}]}


QUERY: Final[Schema] = {
    "type": "object",
    "required": ["metrics"],
    "additionalProperties": False,
    "description": "Fields are those of `GET /v1/metrics/{name}`, lists being JSON lists; null is as if left out.",
    "properties": {
        "metrics": {"type": "array", "minItems": 1, "maxItems": MAX_METRICS, "uniqueItems": True, "items": STRING},
        "from": _maybe(STRING),
        "to": _maybe(STRING),
        "range": _maybe(STRING),
        "interval": _maybe(INTERVAL.schema),
        "tz": _maybe(STRING),
        "group_by": _maybe({**_NAMES, "uniqueItems": True}),
        "filter": FILTER,
        "compare": _maybe(COMPARE.schema),
        "match": _maybe(MATCH.schema),
        "transform": _maybe(STRING),
        "top": _maybe({"type": "integer", "minimum": 1, "maximum": MAX_TOP}),
        "top_by": {**MAYBE_STRING, "description": "The metric of which the top groups are the most; else the first."},
        "other": _maybe(_FLAG),
        "totals": _maybe(_FLAG),
        "order": _maybe({**_NAMES, "uniqueItems": True}),
        "limit": _maybe({"type": "integer", "minimum": 1, "maximum": MAX_POINTS}),
        "cursor": MAYBE_STRING,
        "format": _maybe(FORMAT.schema),
    },
}
