"""JSON Schemas of metrics that people define, with examples that the tests hold against real answers."""

from __future__ import annotations

from typing import Any, Final

from chalicelib.api.question_schemas import FILTER
from chalicelib.api.routes import Schema
from chalicelib.api.schemas import COUNT, INSTANT, MAYBE_INSTANT, STRING, record
from chalicelib.metrics.expressions import MAX_CHARACTERS
from chalicelib.metrics.own import NAME
from chalicelib.metrics.own_events import COUNTED, KINDS, MAX_DIMENSIONS

_COUNT: Final[Schema] = {
    "type": ["object", "null"],
    "required": ["of"],
    "additionalProperties": False,
    "properties": {
        "of": {"enum": list(KINDS)},
        "what": {"enum": list(COUNTED)},
        "filter": FILTER,
        "by": {"type": "object", "maxProperties": MAX_DIMENSIONS, "additionalProperties": STRING},
    },
}
_SAID: Final[dict[str, Schema]] = {
    "name": {"type": "string", "pattern": f"^{NAME.pattern}$"},
    "title": {"type": "string", "minLength": 1, "maxLength": 80},
    "unit": {"type": "string", "minLength": 1, "maxLength": 40},
    "description": {"type": "string", "minLength": 1, "maxLength": 500},
    "expression": {"type": ["string", "null"], "maxLength": MAX_CHARACTERS},
    "count": _COUNT,
}

GIVEN: Final[Schema] = {
    "type": "object",
    "required": ["name", "title", "unit", "description"],
    "additionalProperties": False,
    "properties": _SAID,
}
GIVEN_EXAMPLE: Final = {
    "name": "team_signups",
    "title": "Sign-ups of teams",
    "unit": "sign-ups",
    "description": "Accounts that were opened with the plan for teams.",
    "count": {
        "of": "product_events",
        "what": "events",
        "filter": {
            "and": [
                {"dimension": "event", "operator": "is", "value": "signed_up"},
                {"dimension": "properties.plan", "operator": "is", "value": "team"},
            ]
        },
        "by": {"country": "properties.country"},
    },
}
DEFINITION: Final[Schema] = record(
    {
        **_SAID,
        "version": COUNT,
        "computed": {"type": "boolean"},
        "computed_until": MAYBE_INSTANT,
        "created_at": INSTANT,
        "created_by": STRING,
        "updated_at": INSTANT,
        "updated_by": STRING,
    }
)
_AT: Final = "2026-11-22T12:07:30Z"
DEFINITION_EXAMPLE: Final[dict[str, Any]] = {
    **GIVEN_EXAMPLE,
    "expression": None,
    "version": 1,
    "computed": False,
    "computed_until": None,
    "created_at": _AT,
    "created_by": "ada",
    "updated_at": _AT,
    "updated_by": "ada",
}
