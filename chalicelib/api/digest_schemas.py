"""JSON Schemas of digests, with examples that the tests hold against real answers."""

from __future__ import annotations

from typing import Any, Final

from chalicelib.api.routes import Schema
from chalicelib.api.schemas import COUNT, INSTANT, MAYBE_INSTANT, MAYBE_STRING, STRING, record
from chalicelib.api.subscription_body import MOST_METRICS
from chalicelib.digests.digest import MOST_ALERTS
from chalicelib.digests.told import Known
from chalicelib.subscriptions.subscription import Cadence

_CADENCE: Final[Schema] = {"enum": [cadence.value for cadence in Cadence]}
_VALUE: Final[Schema] = {
    "type": ["number", "string", "null"],
    "description": "Null where it is not known; money that no double holds to its digits is a text.",
}
_AGAINST: Final[Schema] = record({"value": _VALUE, "change": _VALUE, "change_ratio": {"type": ["number", "null"]}})
_SENTENCES: Final[Schema] = {"type": "array", "items": STRING}

LINE: Final[Schema] = record(
    {
        "metric": STRING,
        "title": STRING,
        "unit": MAYBE_STRING,
        "known": {
            "enum": [known.value for known in Known],
            "description": (
                "`value`: of the period; `earlier`: of the last complete day or week, the period being not complete; "
                "`no_value`: complete, and nothing observed; `not_yet`: nothing complete; `gone`, `failed`."
            ),
        },
        "said": {**MAYBE_STRING, "description": "Why there is no value, or not of the period."},
        "from": {**MAYBE_INSTANT, "description": "Of the bucket that the value is of."},
        "to": MAYBE_INSTANT,
        "currency": {**MAYBE_STRING, "description": "Of money: a line for each."},
        "value": _VALUE,
        "before": {**_AGAINST, "description": "Beside the day, or week, before."},
        "year": {**_AGAINST, "description": "Beside the same weekday 364 days before, or the week 52 weeks before."},
        "spark": {"type": "array", "items": _VALUE, "description": "The last 14 days, or 12 weeks, oldest first."},
    }
)
DIGEST: Final[Schema] = record(
    {
        "subject": STRING,
        "short": {**STRING, "description": "As an SMS says it."},
        "text": {**STRING, "description": "As plain mail says it, without links of a subscriber's own."},
        "html": STRING,
        "period": record({"cadence": _CADENCE, "from": INSTANT, "to": INSTANT, "tz": STRING, "title": STRING}),
        "lines": {"type": "array", "items": LINE},
        "alerts": {
            "type": "array",
            "items": record({"at": INSTANT, "said": STRING}),
            "description": f"What alerts said in the period: the first {MOST_ALERTS}.",
        },
        "alerts_in_all": COUNT,
        "trouble": {**_SENTENCES, "description": "Sources that are late, incidents that are open."},
        "notes": {**_SENTENCES, "description": "How to read it."},
    }
)
LINE_EXAMPLE: Final[dict[str, Any]] = {
    "metric": "downloads",
    "title": "Downloads",
    "unit": "downloads",
    "known": "value",
    "said": None,
    "from": "2026-11-24T23:00:00Z",
    "to": "2026-11-25T23:00:00Z",
    "currency": None,
    "value": 1234,
    "before": {"value": 1100, "change": 134, "change_ratio": 0.12181818181818181},
    "year": {"value": None, "change": None, "change_ratio": None},
    "spark": [900, 1000, 1100, 1234],
}
_READING: Final = "The line shows 4 days; · is one without a value, or not known."
DIGEST_EXAMPLE: Final[dict[str, Any]] = {
    "subject": "Headwater, daily digest: Wed 25 Nov 2026",
    "short": "Headwater Wed 25 Nov 2026: Downloads 1,234 (+12.2%).",
    "text": "Wed 25 Nov 2026\nDaily digest, Europe/Paris\n\nDownloads                              1,234\n…",
    "html": '<!doctype html><html lang="en">…',
    "period": {
        "cadence": "daily",
        "from": "2026-11-25T00:00:00+01:00",
        "to": "2026-11-26T00:00:00+01:00",
        "tz": "Europe/Paris",
        "title": "Wed 25 Nov 2026",
    },
    "lines": [LINE_EXAMPLE],
    "alerts": [{"at": "2026-11-25T08:00:00Z", "said": "Downloads are high: 300"}],
    "alerts_in_all": 1,
    "trouble": [],
    "notes": [_READING],
}
PREVIEW: Final[Schema] = {
    "type": "object",
    "required": ["cadence", "zone", "metrics"],
    "additionalProperties": False,
    "properties": {
        "cadence": _CADENCE,
        "zone": {**STRING, "description": "An IANA time zone, in whose days and weeks it counts."},
        "metrics": {"type": "array", "minItems": 1, "maxItems": MOST_METRICS, "items": STRING},
        "date": {
            "type": ["string", "null"],
            "format": "date",
            "description": "The local date on which it would be sent; the present one unless told otherwise.",
        },
    },
}
PREVIEW_EXAMPLE: Final = {
    "cadence": "daily",
    "zone": "Europe/Paris",
    "metrics": ["downloads", "stars"],
    "date": "2026-11-26",
}
STANDING: Final[Schema] = record(
    {
        "next_at": {**MAYBE_INSTANT, "description": "When the next is due; null where the subscription stands not."},
        "last_date": {**MAYBE_STRING, "description": "The local date of the one that was sent last."},
        "digest": {**DIGEST, "description": "The one that would be sent now."},
    }
)
STANDING_EXAMPLE: Final = {
    "next_at": "2026-11-27T07:00:00Z",
    "last_date": "2026-11-26",
    "digest": DIGEST_EXAMPLE,
}
SENT: Final[Schema] = record(
    {
        "message": {**STRING, "description": "The id of the message in the outbox."},
        "at": INSTANT,
        "duplicate": {"type": "boolean", "description": "It was put there before, under the same key."},
    }
)
SENT_EXAMPLE: Final = {
    "message": "digest/5f1c0d9a7be34c0f8f7a2b11/now/0f8f7a2b115f1c0d9a7be34c",
    "at": "2026-11-26T10:15:08Z",
    "duplicate": False,
}
