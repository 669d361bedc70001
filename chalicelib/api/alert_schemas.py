"""JSON Schemas of alert rules, with examples that the tests hold against real answers."""

from __future__ import annotations

from typing import Any, Final

from chalicelib.alerts.rule import Of, Side, Sides, When
from chalicelib.api.question_schemas import FILTER
from chalicelib.api.routes import Schema
from chalicelib.api.schemas import COUNT, INSTANT, MAYBE_INSTANT, MAYBE_STRING, STRING, record
from chalicelib.domain.periods import Interval
from chalicelib.metrics.comparison import Match, Versus
from chalicelib.outbox.message import Severity

_FLAG: Final[Schema] = {"type": "boolean"}
_NAMES: Final[Schema] = {"type": "array", "items": STRING}
_MARK: Final[Schema] = {"type": ["number", "string"], "description": "A number, or a text of all its digits."}
_MAYBE_MARK: Final[Schema] = {"type": ["number", "string", "null"], "description": "Where it is well again."}
_DURATION: Final[Schema] = {"type": ["string", "null"], "description": "An ISO 8601 duration, such as `PT2H`, `P1D`."}


def _enum(kind: Any) -> Schema:
    return {"enum": [one.value for one in kind]}


def _maybe(schema: Schema) -> Schema:
    """Make a schema that takes null too: as if the field were left out."""
    return {"anyOf": [schema, {"type": "null"}]}


def _kind(name: str, required: dict[str, Schema], optional: dict[str, Schema]) -> Schema:
    return {
        "type": "object",
        "title": name,
        "required": ["kind", *required],
        "additionalProperties": False,
        "properties": {"kind": {"const": name}, **required, **optional},
    }


CONDITION: Final[Schema] = {
    "description": "What is bad.",
    "oneOf": [
        _kind("level", {"side": _enum(Side), "threshold": _MARK}, {"recover": _MAYBE_MARK}),
        _kind(
            "change",
            {"compare": _enum(Versus), "side": _enum(Side), "threshold": _MARK},
            {"of": _maybe(_enum(Of)), "match": _maybe(_enum(Match)), "recover": _MAYBE_MARK},
        ),
        _kind("no_data", {}, {"zero": _maybe(_FLAG)}),
        _kind(
            "anomaly",
            {},
            {
                "sides": _maybe(_enum(Sides)),
                "sensitivity": {**_MAYBE_MARK, "description": "Spreads from the usual that are too far; 3.5."},
                "recover": _MAYBE_MARK,
                "weeks": {"type": ["integer", "null"], "minimum": 3, "maximum": 12},
            },
        ),
        _kind(
            "incidents",
            {},
            {"subjects": _maybe({**_NAMES, "description": "`*` stands for any characters."}), "kinds": _maybe(_NAMES)},
        ),
    ],
}
_MUTE: Final[Schema] = {
    "type": "object",
    "description": "Hours in which nothing is said; from later than `until` goes over midnight.",
    "required": ["from", "until"],
    "additionalProperties": False,
    "properties": {
        "weekdays": {"type": "array", "minItems": 1, "items": {"type": "integer", "minimum": 1, "maximum": 7}},
        "from": STRING,
        "until": STRING,
        "tz": STRING,
    },
}
_LOOKED_AT: Final[dict[str, Schema]] = {
    "metric": MAYBE_STRING,
    "interval": _maybe(_enum(Interval)),
    "tz": MAYBE_STRING,
    "filter": FILTER,
    "group_by": _maybe(_NAMES),
}
_SAID: Final[dict[str, Schema]] = {
    "name": STRING,
    **_LOOKED_AT,
    "condition": CONDITION,
    "severity": _maybe(_enum(Severity)),
    "for": _DURATION,
    "keep_firing_for": _DURATION,
    "renotify_interval": {**_DURATION, "description": "How often one that still fires says so again; null: never."},
    "on_no_data": _maybe(_enum(When)),
    "on_error": _maybe(_enum(When)),
    "topic": {**MAYBE_STRING, "description": "By which people subscribe."},
    "owner": MAYBE_STRING,
    "to": _maybe({**_NAMES, "description": "`subscribers`, `operators`, `channel:name`, `subscription:id`."}),
    "message": {**MAYBE_STRING, "description": "In people's own words; empty: the usual ones."},
    "mute": _maybe({"type": "array", "items": _MUTE}),
    "snoozed_until": MAYBE_INSTANT,
    "enabled": _maybe(_FLAG),
}

GIVEN: Final[Schema] = {
    "type": "object",
    "required": ["name", "condition"],
    "additionalProperties": False,
    "properties": _SAID,
}
GIVEN_EXAMPLE: Final[dict[str, Any]] = {
    "name": "Downloads fell",
    "metric": "downloads",
    "interval": "PT1H",
    "tz": "Europe/Paris",
    "condition": {"kind": "level", "side": "low", "threshold": 100, "recover": 120},
    "for": "PT2H",
    "renotify_interval": "P1D",
    "severity": "critical",
    "topic": "downloads",
    "owner": "growth@example.com",
    "to": ["subscribers"],
    "mute": [{"weekdays": [6, 7], "from": "00:00", "until": "00:00", "tz": "Europe/Paris"}],
}
CHANGED: Final[Schema] = {**GIVEN, "required": []}
CHANGED_EXAMPLE: Final[dict[str, Any]] = {
    "condition": {"kind": "level", "side": "low", "threshold": 80, "recover": 100},
    "severity": "warning",
}
SNOOZE: Final[Schema] = {
    "type": "object",
    "required": ["until"],
    "additionalProperties": False,
    "properties": {"until": MAYBE_INSTANT},
}
SNOOZE_EXAMPLE: Final[dict[str, Any]] = {"until": "2026-11-23T08:00:00Z"}

ALERT: Final[Schema] = record(
    {
        "id": STRING,
        **_SAID,
        "revision": {**COUNT, "description": "Counts what it has meant: another one began anew."},
        "created_at": INSTANT,
        "created_by": STRING,
        "updated_at": INSTANT,
        "updated_by": STRING,
    }
)
ALERT_EXAMPLE: Final[dict[str, Any]] = {
    "id": "5f1c0d9a7be34c0f8f7a2b11",
    "name": "Downloads fell",
    "metric": "downloads",
    "interval": "PT1H",
    "tz": "Europe/Paris",
    "filter": None,
    "group_by": [],
    "condition": {"kind": "level", "side": "low", "threshold": 100, "recover": 120},
    "severity": "critical",
    "for": "PT2H",
    "keep_firing_for": "PT0S",
    "renotify_interval": "P1D",
    "on_no_data": "tell",
    "on_error": "tell",
    "topic": "downloads",
    "owner": "growth@example.com",
    "to": ["subscribers"],
    "message": "",
    "mute": [{"weekdays": [6, 7], "from": "00:00", "until": "00:00", "tz": "Europe/Paris"}],
    "snoozed_until": None,
    "enabled": True,
    "revision": 1,
    "created_at": "2026-11-22T10:15:08Z",
    "created_by": "admin",
    "updated_at": "2026-11-22T10:15:08Z",
    "updated_by": "admin",
}
