"""JSON Schemas of subscriptions, with examples that the tests hold against real answers."""

from __future__ import annotations

from typing import Any, Final

from chalicelib.api.routes import Schema
from chalicelib.api.schemas import INSTANT, MAYBE_INSTANT, MAYBE_STRING, STRING, record
from chalicelib.api.subscription_body import MOST_METRICS, MOST_TOPICS, TOPIC
from chalicelib.outbox.message import Severity
from chalicelib.subscriptions.subscription import Cadence, Protocol, State

_TOPICS: Final[Schema] = {
    "type": "array",
    "maxItems": MOST_TOPICS,
    "items": {"type": "string", "pattern": f"^({TOPIC.pattern})$"},
}
_DIGEST: Final[dict[str, Schema]] = {
    "cadence": {"enum": [cadence.value for cadence in Cadence]},
    "hour": {"type": "integer", "minimum": 0, "maximum": 23},
    "weekday": {"type": "integer", "minimum": 1, "maximum": 7, "description": "1 is Monday: of a weekly one."},
    "zone": {"type": "string", "description": "An IANA time zone, in whose days it counts."},
    "metrics": {"type": "array", "minItems": 1, "maxItems": MOST_METRICS, "items": STRING},
}
_WISHES: Final[dict[str, Schema]] = {
    "alerts": {**_TOPICS, "description": "Topics of alert rules; `*` is all."},
    "incidents": {**_TOPICS, "description": "Sources and other things of Headwater itself; `*` is all."},
    "reports": {**_TOPICS, "description": "Names of reports; `*` is all."},
    "least": {"enum": [severity.value for severity in Severity], "description": "The least of alerts and incidents."},
    "digest": {
        "type": ["object", "null"],
        "required": ["cadence", "hour", "zone", "metrics"],
        "additionalProperties": False,
        "properties": _DIGEST,
    },
}

NEW: Final[Schema] = {
    "type": "object",
    "required": ["protocol", "address"],
    "additionalProperties": False,
    "properties": {
        "protocol": {"enum": [protocol.value for protocol in Protocol]},
        "address": {"type": "string", "maxLength": 254, "description": "An e-mail address, or a phone in E.164."},
        **_WISHES,
    },
}
CHANGE: Final[Schema] = {"type": "object", "additionalProperties": False, "properties": _WISHES}
NEW_EXAMPLE: Final = {
    "protocol": "email",
    "address": "ada@acme.example",
    "alerts": ["*"],
    "least": "warning",
    "digest": {
        "cadence": "weekly",
        "hour": 8,
        "weekday": 1,
        "zone": "Europe/Berlin",
        "metrics": ["downloads", "stars"],
    },
}
CHANGE_EXAMPLE: Final = {"alerts": ["downloads", "general"], "least": "critical", "digest": None}

SUBSCRIPTION: Final[Schema] = record(
    {
        "id": STRING,
        "protocol": NEW["properties"]["protocol"],
        "address": STRING,
        "state": {
            "enum": [state.value for state in State],
            "description": "Only a confirmed one is sent anything; one that has ended is shown for 90 days.",
        },
        "reason": {**MAYBE_STRING, "description": "Why it is not reached any more."},
        **_WISHES,
        "filtered": {"type": "boolean", "description": "SNS has these wishes; if not, it has them within a minute."},
        "created_at": INSTANT,
        "created_by": STRING,
        "asked_at": {**MAYBE_INSTANT, "description": "When the person was last asked to confirm."},
        "confirmed_at": MAYBE_INSTANT,
        "changed_at": MAYBE_INSTANT,
        "changed_by": {
            **MAYBE_STRING,
            "description": "Who changed it last, or asked for it: the address itself by a link of a message; null: "
            "nobody, it bounced.",
        },
    }
)
_AT: Final = "2026-11-22T12:07:30Z"
SUBSCRIPTION_EXAMPLE: Final[dict[str, Any]] = {
    "id": "5f1c0d9a7be34c0f8f7a2b11",
    "protocol": "email",
    "address": "ada@acme.example",
    "state": "pending",
    "reason": None,
    "alerts": ["*"],
    "incidents": [],
    "reports": [],
    "least": "warning",
    "digest": NEW_EXAMPLE["digest"],
    "filtered": True,
    "created_at": _AT,
    "created_by": "ada",
    "asked_at": _AT,
    "confirmed_at": None,
    "changed_at": None,
    "changed_by": "ada",
}
