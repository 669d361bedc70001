"""JSON Schemas of alert rules, with examples that the tests hold against real answers."""

from __future__ import annotations

from typing import Any, Final

from chalicelib.alerts.gathered import ENDED
from chalicelib.alerts.machine import Phase, What
from chalicelib.alerts.rule import Of, Side, Sides, When
from chalicelib.api.question_schemas import FILTER
from chalicelib.api.routes import Schema
from chalicelib.api.schemas import COUNT, INSTANT, MAYBE_INSTANT, MAYBE_STRING, STRING, WARNINGS, record
from chalicelib.domain.periods import Interval
from chalicelib.metrics.comparison import Match, Versus
from chalicelib.outbox.delivery import Step
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

_GROUP: Final[Schema] = {"type": "object", "additionalProperties": MAYBE_STRING}
_READ: Final[dict[str, Schema]] = {
    "start": {**MAYBE_INSTANT, "description": "Of the bucket that was read last."},
    "end": MAYBE_INSTANT,
    "value": {**MAYBE_STRING, "description": "All its digits."},
    "held": {**MAYBE_STRING, "description": "What was held against the mark: a change, a score."},
    "reason": {**MAYBE_STRING, "description": "What is usual, what the incident is, why there is nothing."},
}
STATE: Final[Schema] = record(
    {
        "phase": {"enum": [None, *(one.value for one in Phase)], "description": "Of the worst group; null: not yet."},
        "since": MAYBE_INSTANT,
        "looked_at_until": {**MAYBE_INSTANT, "description": "Buckets that end until then are looked at."},
        "next_bucket_ends": {**MAYBE_INSTANT, "description": "The one that is looked at next, once it is complete."},
        "late": {**MAYBE_STRING, "description": "Why nothing newer is known, where the source is late."},
        "error": {**MAYBE_STRING, "description": "Why it cannot be evaluated."},
        "told": {**MAYBE_STRING, "description": "What people know and is not over: fired, no_data or error."},
        "told_at": {**MAYBE_INSTANT, "description": "When anything was said last."},
        "counts": {"type": "object", "additionalProperties": COUNT, "description": "Groups by their state."},
        "groups": {
            "type": "array",
            "description": "Those that are not well, the worst first.",
            "items": record(
                {
                    "group": _GROUP,
                    "phase": _enum(Phase),
                    "since": MAYBE_INSTANT,
                    **_READ,
                    "told": MAYBE_STRING,
                    "told_at": MAYBE_INSTANT,
                }
            ),
        },
    }
)
STATE_EXAMPLE: Final[dict[str, Any]] = {
    "phase": "firing",
    "since": "2026-11-22T09:00:00Z",
    "looked_at_until": "2026-11-22T10:00:00Z",
    "next_bucket_ends": "2026-11-22T11:00:00Z",
    "late": None,
    "error": None,
    "told": "fired",
    "told_at": "2026-11-22T09:16:02Z",
    "counts": {"firing": 1},
    "groups": [
        {
            "group": {},
            "phase": "firing",
            "since": "2026-11-22T09:00:00Z",
            "start": "2026-11-22T09:00:00Z",
            "end": "2026-11-22T10:00:00Z",
            "value": "87",
            "held": None,
            "reason": None,
            "told": "fired",
            "told_at": "2026-11-22T09:16:02Z",
        }
    ],
}
ALERT: Final[Schema] = record(
    {
        "id": STRING,
        **_SAID,
        "revision": {**COUNT, "description": "Counts what it has meant: another one began anew."},
        "created_at": INSTANT,
        "created_by": STRING,
        "updated_at": INSTANT,
        "updated_by": STRING,
        "state": STATE,
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
    "state": STATE_EXAMPLE,
}

TOLD: Final[Schema] = record(
    {
        "id": STRING,
        "what": {
            "enum": [*(what.value for what in What), ENDED],
            "description": f"`{ENDED}`: the rule was changed, switched off or deleted; whom it had told is told so.",
        },
        "at": {**INSTANT, "description": "The end of the bucket that it is about."},
        "put_at": {**INSTANT, "description": "When it was put into the outbox."},
        "severity": _enum(Severity),
        "subject": STRING,
        "text": STRING,
        "deliveries": {
            "type": "array",
            "items": record(
                {
                    "to": STRING,
                    "step": {**_enum(Step), "description": "`sent` is the end, or `dead`: given up."},
                    "attempts": COUNT,
                    "sent_at": MAYBE_INSTANT,
                    "reason": {**MAYBE_STRING, "description": "Why it is not sent."},
                }
            ),
        },
    }
)
TOLD_EXAMPLE: Final[dict[str, Any]] = {
    "id": "alert/5f1c0d9a7be34c0f8f7a2b11/1/4f53cda18c2baa0c/20261122T1000Z/1/fired",
    "what": "fired",
    "at": "2026-11-22T10:00:00Z",
    "put_at": "2026-11-22T10:16:02Z",
    "severity": "critical",
    "subject": "[Headwater] CRITICAL: Downloads fell: 87 downloads (at most 100 downloads is bad)",
    "text": "Downloads: 87 downloads (at most 100 downloads is bad)\n\nRule:    Downloads fell (critical)\n…",
    "deliveries": [
        {"to": "subscribers", "step": "sent", "attempts": 1, "sent_at": "2026-11-22T10:16:08Z", "reason": None}
    ],
}

_VALUE: Final[Schema] = {"type": ["number", "string", "null"]}
TRIED: Final[Schema] = {
    **GIVEN,
    "properties": {
        **_SAID,
        "range": {**MAYBE_STRING, "description": "As of `GET /v1/metrics/{name}`, `all` apart."},
        "from": MAYBE_STRING,
        "until": {**MAYBE_STRING, "description": "The end of the range; a rule's `to` is whom it tells."},
    },
}
TRIED_EXAMPLE: Final[dict[str, Any]] = {**GIVEN_EXAMPLE, "range": "90d"}
PREVIEWED: Final[Schema] = record(
    {
        "results": {
            "type": "array",
            "description": "What people would have been told of each group; of several at once in one message.",
            "items": record(
                {
                    "what": _enum(What),
                    "at": INSTANT,
                    "group": _GROUP,
                    **_READ,
                    "subject": {**STRING, "description": "What people would have read first."},
                }
            ),
        },
        "series": {
            "type": "array",
            "items": record(
                {
                    "group": _GROUP,
                    "points": {
                        "type": "array",
                        "items": record(
                            {
                                "start": INSTANT,
                                "end": INSTANT,
                                "value": _VALUE,
                                "held": _VALUE,
                                "usual": {**_VALUE, "description": "Of an anomaly: what is usual here, else null."},
                                "low": {**_VALUE, "description": "Below it the value is unusual."},
                                "high": {**_VALUE, "description": "Above it the value is unusual."},
                                "state": {**_enum(Phase), "description": "After this bucket."},
                            }
                        ),
                    },
                }
            ),
        },
        "meta": record(
            {
                "summary": STRING,
                "fired": {**COUNT, "description": "How often it would have begun to fire, all groups together."},
                "firing_s": {**COUNT, "description": "Seconds in which it would have been so, of all groups."},
                "messages": COUNT,
                "truncated": {**_FLAG, "description": "There would have been more messages than `results` has."},
                "buckets": COUNT,
                "complete_until": INSTANT,
                "late": _FLAG,
                "warnings": WARNINGS,
            }
        ),
        "query": record({"from": INSTANT, "until": INSTANT, "rule": {"type": "object"}}),
    }
)
PREVIEWED_EXAMPLE: Final[dict[str, Any]] = {
    "results": [
        {
            "what": "fired",
            "at": "2026-11-20T10:00:00Z",
            "group": {},
            "start": "2026-11-20T09:00:00Z",
            "end": "2026-11-20T10:00:00Z",
            "value": "87",
            "held": None,
            "reason": None,
            "subject": "[Headwater] CRITICAL: Downloads fell: 87 downloads (at most 100 downloads is bad)",
        }
    ],
    "series": [
        {
            "group": {},
            "points": [
                {
                    "start": "2026-11-20T09:00:00Z",
                    "end": "2026-11-20T10:00:00Z",
                    "value": 87,
                    "held": None,
                    "usual": None,
                    "low": None,
                    "high": None,
                    "state": "firing",
                }
            ],
        }
    ],
    "meta": {
        "summary": "It would have fired once in 90 days, for 3 hours in all: 2 messages.",
        "fired": 1,
        "firing_s": 10800,
        "messages": 2,
        "truncated": False,
        "buckets": 2160,
        "complete_until": "2026-11-22T09:00:00Z",
        "late": False,
        "warnings": [],
    },
    "query": {
        "from": "2026-08-24T00:00:00Z",
        "until": "2026-11-22T00:00:00Z",
        "rule": {name: value for name, value in ALERT_EXAMPLE.items() if name in _SAID and name != "snoozed_until"},
    },
}
