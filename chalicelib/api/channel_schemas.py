"""JSON Schemas of channels, with examples that the tests hold against real answers."""

from __future__ import annotations

from typing import Any, Final

from chalicelib.api.routes import Schema
from chalicelib.api.schemas import INSTANT, MAYBE_INSTANT, MAYBE_STRING, STRING, record
from chalicelib.outbox.channels import MOST_A_MINUTE, ChannelKind

_NAME: Final[Schema] = {"type": "string", "pattern": "^[a-z0-9][a-z0-9-]{0,39}$"}
_A_MINUTE: Final[Schema] = {
    "type": "integer",
    "minimum": 1,
    "maximum": MOST_A_MINUTE,
    "description": "Messages that it is sent in a minute, at most; what is over that waits.",
}
_SECRETS: Final[dict[str, Schema]] = {
    "url": {
        "type": "string",
        "maxLength": 2000,
        "description": "Of `slack_webhook` and `webhook`: where to post, https only. It is not shown again.",
    },
    "token": {"type": "string", "maxLength": 500, "description": "Of `slack_bot`: xoxb-…. It is not shown again."},
    "signing_secret": {
        "type": "string",
        "maxLength": 200,
        "description": "Of `webhook`: whsec_ and 24 to 64 bytes in base64, which its receiver has too.",
    },
}
_SLACK_CHANNEL: Final[Schema] = {
    "type": "string",
    "pattern": "^[CG][A-Z0-9]{8,20}$",
    "description": "Of `slack_bot`: the id of the Slack channel.",
}
_BASE_URL: Final[Schema] = {
    "type": "string",
    "maxLength": 2000,
    "description": "Of `slack_bot`: another address of Slack's API, on a host that the deployment names.",
}

CHANNEL: Final[Schema] = record(
    {
        "name": _NAME,
        "kind": {"enum": [kind.value for kind in ChannelKind]},
        "enabled": {"type": "boolean", "description": "Messages to one that is switched off are dropped."},
        "per_minute": _A_MINUTE,
        "shown": {**STRING, "description": "What of its secret may be shown: the host, or the end of the token."},
        "slack_channel": MAYBE_STRING,
        "base_url": MAYBE_STRING,
        "created_at": INSTANT,
        "created_by": STRING,
        "changed_at": MAYBE_INSTANT,
        "changed_by": {**STRING, "description": "Who changed it last, or set it up."},
    }
)
CHANNEL_EXAMPLE: Final[dict[str, Any]] = {
    "name": "sales-alerts",
    "kind": "slack_bot",
    "enabled": True,
    "per_minute": 60,
    "shown": "xoxb-…u8Zq",
    "slack_channel": "C0123456789",
    "base_url": None,
    "created_at": "2026-11-22T10:15:08Z",
    "created_by": "admin",
    "changed_at": None,
    "changed_by": "admin",
}
GIVEN: Final[Schema] = {
    "type": "object",
    "required": ["name", "kind"],
    "properties": {
        "name": _NAME,
        "kind": CHANNEL["properties"]["kind"],
        "enabled": {"type": "boolean"},
        "per_minute": _A_MINUTE,
        "slack_channel": _SLACK_CHANNEL,
        "base_url": _BASE_URL,
        **_SECRETS,
    },
    "additionalProperties": False,
}
GIVEN_EXAMPLE: Final[dict[str, Any]] = {
    "name": "sales-alerts",
    "kind": "slack_bot",
    "token": "xoxb-1234-5678-Jb1u8Zq",
    "slack_channel": "C0123456789",
}
CHANGED: Final[Schema] = {
    "type": "object",
    "properties": {name: schema for name, schema in GIVEN["properties"].items() if name not in ("name", "kind")},
    "additionalProperties": False,
}
CHANGED_EXAMPLE: Final[dict[str, Any]] = {"enabled": False, "per_minute": 30}

PUT: Final[Schema] = record(
    {
        "key": {**STRING, "description": "Of `GET /v1/messages/{key}`, which says how it stands."},
        "id": STRING,
        "new": {"type": "boolean", "description": "False: it was put there before, by the same request."},
    }
)
PUT_EXAMPLE: Final = {
    "key": "MjAyNi0xMS0yMiB0ZXN0L3NhbGVzLWFsZXJ0cy81ZjFj",
    "id": "test/sales-alerts/5f1c",
    "new": True,
}
