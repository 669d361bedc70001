"""JSON Schemas of the original contract's answers, with its own examples."""

from __future__ import annotations

from typing import Any, Final

from chalicelib.api.routes import Schema
from chalicelib.api.schemas import COUNT, INSTANT, MAYBE_INSTANT, STRING, WARNINGS, record

DATE: Final[Schema] = {"type": "string", "pattern": r"^\d{2}-\d{2}-\d{4}$", "description": "Day, month, year."}
MAYBE_COUNT: Final[Schema] = {"type": ["integer", "null"], "minimum": 0}
META: Final[Schema] = record(
    {
        "watermark": {**MAYBE_INSTANT, "description": "The sources are complete up to here; null: nothing yet."},
        "partial": {"type": "boolean", "description": "The range ends after the watermark."},
        "late": {"type": "boolean", "description": "A source is further behind than is usual; a warning says which."},
        "computed_at": INSTANT,
        "approximate": {"const": False},
        "truncated": {"const": False},
        "served_from": {"enum": ["cube", "cache"]},
        "from": INSTANT,
        "to": INSTANT,
        "tz": STRING,
        "warnings": WARNINGS,
    }
)
_META_EXAMPLE: Final[dict[str, Any]] = {
    "watermark": "2016-07-06T09:00:00Z",
    "partial": False,
    "late": False,
    "computed_at": "2016-07-06T09:20:00Z",
    "approximate": False,
    "truncated": False,
    "served_from": "cube",
    "from": "2016-06-06T00:00:00+00:00",
    "to": "2016-07-06T00:00:00+00:00",
    "tz": "UTC",
    "warnings": [],
}
_DATES: Final = {"start": "06-06-2016", "end": "06-07-2016"}

PIPELINE: Final[Schema] = record(
    {
        "start": DATE,
        "end": DATE,
        "rawleads": COUNT,
        "mlq": {**COUNT, "description": "The contract's own spelling of `mql`."},
        "inquiries": COUNT,
        "opp": COUNT,
        "mql": COUNT,
        "meta": META,
    }
)
PIPELINE_EXAMPLE: Final = {
    **_DATES, "rawleads": 180, "mlq": 60, "inquiries": 100, "opp": 20, "mql": 60, "meta": _META_EXAMPLE,
}  # fmt: skip

TRAFFIC: Final[Schema] = record(
    {
        "start": DATE,
        "end": DATE,
        "sessions": COUNT,
        "newVisitors": {**MAYBE_COUNT, "description": "null: no site keeps an id of its own."},
        "returningVisitors": {**MAYBE_COUNT, "description": "null: no site keeps an id of its own."},
        "blogViewers": COUNT,
        "meta": META,
    }
)
TRAFFIC_EXAMPLE: Final = {
    **_DATES, "sessions": 200, "newVisitors": 68, "returningVisitors": 80, "blogViewers": 100, "meta": _META_EXAMPLE,
}  # fmt: skip

SUBSCRIBERS: Final[Schema] = record(
    {
        "youtube": record({"views": MAYBE_COUNT, "subscribers": MAYBE_COUNT}),
        "linkedin": MAYBE_COUNT,
        "twitter": MAYBE_COUNT,
        "meta": META,
    }
)
SUBSCRIBERS_EXAMPLE: Final = {
    "youtube": {"views": 23, "subscribers": 2900}, "linkedin": 68, "twitter": 80, "meta": _META_EXAMPLE,
}  # fmt: skip

SHARES: Final[Schema] = {
    "type": "object",
    "description": "A brand, and its share in percent.",
    "additionalProperties": {"type": ["number", "null"], "minimum": 0, "maximum": 100},
}
SHARES_EXAMPLE: Final = {"cask": 25, "informatica": 25, "talend": 25, "snaplogic": 25}
