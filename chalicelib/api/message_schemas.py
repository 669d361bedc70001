"""JSON Schemas of messages, with examples that the tests hold against real answers."""

from __future__ import annotations

from typing import Any, Final

from chalicelib.api.routes import Schema
from chalicelib.api.schemas import COUNT, INSTANT, MAYBE_INSTANT, MAYBE_STRING, STRING, record
from chalicelib.outbox.delivery import Step
from chalicelib.outbox.message import Kind, Severity

STATES: Final = [step.value for step in Step]

DELIVERY: Final[Schema] = record(
    {
        "to": {**STRING, "description": "`operators`, `subscribers`, `subscription:id` or `channel:name`."},
        "state": {
            "enum": STATES,
            "description": "`unsure`: it was sent and nobody answered; it is looked up. `dead`: it was given up. "
            "`dropped`: there is nobody any more to send it to.",
        },
        "attempts": COUNT,
        "next_try": MAYBE_INSTANT,
        "sent_at": MAYBE_INSTANT,
        "reason": {**MAYBE_STRING, "description": "Why it is not sent yet, or not at all."},
        "provider_id": {**MAYBE_STRING, "description": "The taker's own id of it."},
    }
)
MESSAGE: Final[Schema] = record(
    {
        "key": {**STRING, "description": "Names it in addresses."},
        "id": STRING,
        "at": {**INSTANT, "description": "What it is about."},
        "put_at": {**INSTANT, "description": "When it was put into the outbox."},
        "kind": {"enum": [kind.value for kind in Kind]},
        "topic": STRING,
        "severity": {"enum": [severity.value for severity in Severity]},
        "subject": STRING,
        "short": STRING,
        "link": MAYBE_STRING,
        "files": {"type": "array", "items": STRING},
        "deliveries": {"type": "array", "items": DELIVERY},
    }
)
MESSAGE_EXAMPLE: Final[dict[str, Any]] = {
    "key": "MjAyNi0xMS0yMiBhbGVydC81ZjFjL2ZpcmVk",
    "id": "alert/5f1c/fired",
    "at": "2026-11-22T10:00:00Z",
    "put_at": "2026-11-22T10:15:08Z",
    "kind": "alert",
    "topic": "downloads",
    "severity": "warning",
    "subject": "[Headwater] WARNING: downloads fell below 100",
    "short": "downloads 12 < 100",
    "link": "/alerts/5f1c",
    "files": [],
    "deliveries": [
        {
            "to": "channel:sales-alerts",
            "state": "pending",
            "attempts": 2,
            "next_try": "2026-11-22T10:19:10Z",
            "sent_at": None,
            "reason": "ratelimited",
            "provider_id": None,
        }
    ],
}
WHOLE: Final[Schema] = record({**MESSAGE["properties"], "text": {**STRING, "description": "Links begin at the site."}})
WHOLE_EXAMPLE: Final[dict[str, Any]] = {
    **MESSAGE_EXAMPLE,
    "text": "downloads were 12, below 100.\nLook at /alerts/5f1c",
}
