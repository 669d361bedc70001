"""JSON Schemas of ``/v1/sql``, with examples that the tests hold against real answers."""

from __future__ import annotations

from typing import Any, Final

from chalicelib.api.routes import Schema
from chalicelib.api.schemas import COUNT, INSTANT, MAYBE_INSTANT, ONE_OF_A_LIST, STRING, WARNINGS, paged, record

_MAYBE_INTEGER: Final[Schema] = {"type": ["integer", "null"]}
_USD: Final[Schema] = {
    "type": "string",
    "pattern": r"^\d+\.\d{6}$",
    "description": "US dollars, at Athena's list price.",
}
_NAMES: Final[Schema] = {"type": "array", "items": STRING}

EXPLAIN: Final[dict[str, Any]] = {
    "type": "object",
    "required": ["sql"],
    "properties": {
        "sql": {"type": "string", "maxLength": 65_536, "description": "One query; `?` stands for a value."},
        "parameters": {
            "type": "array",
            "maxItems": 100,
            "description": (
                'Text, numbers, booleans, null, `{"date": "2026-11-22"}`, `{"timestamp": "2026-11-22T10:00:00"}`.'
            ),
            "items": {},
        },
    },
    "additionalProperties": False,
}
EXPLAIN_EXAMPLE: Final = {"sql": "SELECT version, sum(downloads) AS downloads FROM downloads_cube_day GROUP BY version"}
ASK: Final[dict[str, Any]] = {
    **EXPLAIN,
    "properties": {
        **EXPLAIN["properties"],
        "format": {"enum": ["json", "csv", "parquet", "xlsx"], "default": "json"},
        "max_rows": {"type": "integer", "minimum": 1, "maximum": 10_000, "default": 1_000},
        "wait_s": {"type": "integer", "minimum": 0, "maximum": 20, "default": 20},
    },
}
ASK_EXAMPLE: Final = {
    "sql": "SELECT repository, count(*) AS stars FROM github_stars WHERE dt >= ? GROUP BY repository",
    "parameters": ["2026-11-01"],
    "max_rows": 100,
}

ROWS: Final[Schema] = record(
    {
        "results": {"type": "array", "items": {"type": "object"}, "description": "A row each, by column name."},
        "meta": record(
            {
                "run": STRING,
                "columns": {"type": "array", "items": record({"name": STRING, "type": STRING})},
                "count": COUNT,
                "truncated": {"type": "boolean", "description": "There are more rows: go on with `next_cursor`."},
                "next_cursor": {"type": ["string", "null"]},
                "served_from": {"const": "athena"},
                "approximate": {"const": False},
                "scanned_bytes": COUNT,
                "cost_usd": _USD,
                "engine_ms": COUNT,
                "warnings": WARNINGS,
            }
        ),
        "query": record({"sql": STRING}),
    }
)
ROWS_EXAMPLE: Final = {
    "results": [{"repository": "acme/cask", "stars": 412}],
    "meta": {
        "run": "5f1c0d9a7be34c0f8f7a2b11",
        "columns": [{"name": "repository", "type": "varchar"}, {"name": "stars", "type": "bigint"}],
        "count": 1,
        "truncated": False,
        "next_cursor": None,
        "served_from": "athena",
        "approximate": False,
        "scanned_bytes": 52_113,
        "cost_usd": "0.000050",
        "engine_ms": 310,
        "warnings": [],
    },
    "query": {"sql": ASK_EXAMPLE["sql"]},
}

RUN: Final[Schema] = record(
    {
        "id": STRING,
        "sql": STRING,
        "state": {"enum": ["queued", "running", "done", "failed", "cancelled"]},
        "tables": _NAMES,
        "submitted_at": INSTANT,
        "finished_at": MAYBE_INSTANT,
        "scanned_bytes": COUNT,
        "cost_usd": _USD,
        "queued_ms": COUNT,
        "engine_ms": COUNT,
        "error": {
            "type": ["object", "null"],
            "required": ["name", "detail", "line", "column"],
            "properties": {"name": STRING, "detail": STRING, "line": _MAYBE_INTEGER, "column": _MAYBE_INTEGER},
        },
    }
)
RUN_EXAMPLE: Final = {
    "id": "5f1c0d9a7be34c0f8f7a2b11",
    "sql": "SELECT count(*) FROM github_events",
    "state": "running",
    "tables": ["github_events"],
    "submitted_at": "2026-11-22T12:07:30Z",
    "finished_at": None,
    "scanned_bytes": 0,
    "cost_usd": "0.000000",
    "queued_ms": 110,
    "engine_ms": 0,
    "error": None,
}
RUNS: Final = paged(RUN)
RUNS_EXAMPLE: Final = {"results": [RUN_EXAMPLE], **ONE_OF_A_LIST}

LINK: Final[Schema] = record({"link": {"type": "string", "format": "uri"}, "expires_in_s": COUNT, "run": STRING})
LINK_EXAMPLE: Final = {
    "link": "https://headwater-results.s3.amazonaws.com/sql/1f.export.parquet?X-Amz-Signature=3b",
    "expires_in_s": 900,
    "run": "5f1c0d9a7be34c0f8f7a2b11",
}

EXPLAINED: Final[Schema] = record(
    {
        "tables": {
            "type": "array",
            "description": "Every table that would be read, as often as it would be.",
            "items": record({"table": STRING, "partitions": COUNT, "of_partitions": COUNT, "max_bytes": COUNT}),
        },
        "max_scanned_bytes": COUNT,
        "max_cost_usd": _USD,
        "plan": {"type": "string", "description": "As Athena's EXPLAIN writes it."},
    }
)
EXPLAINED_EXAMPLE: Final = {
    "tables": [{"table": "downloads_cube_day", "partitions": 3, "of_partitions": 3, "max_bytes": 41_022}],
    "max_scanned_bytes": 41_022,
    "max_cost_usd": "0.000050",
    "plan": "Fragment 0 [SINGLE]\n    Output layout: [version, sum]",
}
