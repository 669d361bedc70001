"""JSON Schemas of the catalog's answers, with examples that the tests hold against real answers."""

from __future__ import annotations

from typing import Any, Final

from chalicelib.api.routes import Schema
from chalicelib.api.schemas import COUNT, MAYBE_INSTANT, MAYBE_STRING, STRING, WARNINGS, enveloped, record

_MAYBE_COUNT: Final[Schema] = {"type": ["integer", "null"], "minimum": 0}
_MAYBE_DAY: Final[Schema] = {"type": ["string", "null"], "format": "date"}
_META: Final[dict[str, Any]] = {"count": COUNT, "truncated": {"const": False}, "warnings": WARNINGS}

_COLUMN: Final = record(
    {
        "name": STRING,
        "type": {**STRING, "description": "Glue's name of the type."},
        "unit": {**MAYBE_STRING, "description": "Of what is measured."},
        "description": STRING,
        "personal": {"type": "boolean", "description": "It tells of people, or may."},
        "partition_key": {"type": "boolean", "description": "A filter on it spares reading the rest."},
    }
)
_DESCRIBED: Final[dict[str, Any]] = {
    "name": STRING,
    "kind": {"enum": ["view", "cube", "table"]},
    "description": STRING,
    "grain": {**STRING, "description": "What one row is."},
    "hidden": {**MAYBE_STRING, "description": "What a view leaves out."},
    "filtering": {**STRING, "description": "Which filter spares reading the rest."},
    "inputs": {"type": "array", "items": STRING, "description": "The tables that a view reads."},
    "columns": {"type": "array", "items": _COLUMN},
    "freshness": record(
        {
            "watermark": {**MAYBE_INSTANT, "description": "Complete up to here; null: not everything has come yet."},
            "sources": {
                "type": "array",
                "items": record({"name": STRING, "watermark": MAYBE_INSTANT, "published_at": MAYBE_INSTANT}),
            },
        }
    ),
    "rows": {**_MAYBE_COUNT, "description": "Rows of a table, where the log tells them; contradictions too."},
    "example": {**STRING, "description": "A query to begin with."},
}
_EXTENT: Final = record(
    {
        "files": COUNT,
        "bytes": COUNT,
        "partitions": COUNT,
        "first_day": {**_MAYBE_DAY, "description": "The first day of its tables; null where partitions are no days."},
        "last_day": _MAYBE_DAY,
    }
)
_SAMPLE: Final[Schema] = {
    "type": ["array", "null"],
    "items": {"type": "object"},
    "description": "Rows by the names of their columns: decimals are text, times UTC without an offset.",
}

CATALOG: Final[Schema] = enveloped(record(_DESCRIBED), _META, {"kind": MAYBE_STRING})
ENTRY: Final[Schema] = enveloped(
    record({**_DESCRIBED, "extent": _EXTENT, "sample": _SAMPLE}), _META, {"name": STRING, "sample": COUNT}
)

_ONE: Final[dict[str, Any]] = {
    "name": "x_accounts",
    "kind": "table",
    "description": "What X counts of each account, every six hours.",
    "grain": "one row an account and six hours.",
    "hidden": None,
    "filtering": "by dt, for example dt >= '2026-11-01': only these days are read.",
    "inputs": [],
    "columns": [
        {
            "name": "followers",
            "type": "bigint",
            "unit": "count",
            "description": "Followers",
            "personal": False,
            "partition_key": False,
        }
    ],
    "freshness": {
        "watermark": "2026-11-22T06:00:00Z",
        "sources": [
            {"name": "x_accounts", "watermark": "2026-11-22T06:00:00Z", "published_at": "2026-11-22T06:00:09Z"}
        ],
    },
    "rows": 360,
    "example": "SELECT * FROM x_accounts WHERE dt = '2026-11-20' LIMIT 10",
}
CATALOG_EXAMPLE: Final = {
    "results": [_ONE],
    "meta": {"count": 1, "truncated": False, "warnings": []},
    "query": {"kind": "table"},
}
ENTRY_EXAMPLE: Final = {
    "results": [
        {
            **_ONE,
            "extent": {
                "files": 90,
                "bytes": 512_000,
                "partitions": 90,
                "first_day": "2026-08-24",
                "last_day": "2026-11-21",
            },
            "sample": [{"account_id": "7", "username": "acme", "followers": 1204, "dt": "2026-11-21"}],
        }
    ],
    "meta": {"count": 1, "truncated": False, "warnings": []},
    "query": {"name": "x_accounts", "sample": 1},
}
