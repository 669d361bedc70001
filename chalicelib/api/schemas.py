"""JSON Schemas of answers, with examples that the tests hold against real answers."""

from __future__ import annotations

from typing import Any, Final

from chalicelib.api.routes import Schema

STRING: Final[Schema] = {"type": "string"}
INSTANT: Final[Schema] = {"type": "string", "format": "date-time"}
MAYBE_INSTANT: Final[Schema] = {"type": ["string", "null"], "format": "date-time"}
MAYBE_STRING: Final[Schema] = {"type": ["string", "null"]}
COUNT: Final[Schema] = {"type": "integer", "minimum": 0}
WARNINGS: Final[Schema] = {"type": "array", "items": STRING, "description": "What a reader should know; often empty."}


def record(properties: dict[str, Any], *, closed: bool = True) -> dict[str, Any]:
    """Make the schema of an object all of whose properties are present."""
    return {
        "type": "object",
        "required": list(properties),
        "properties": properties,
        "additionalProperties": not closed,
    }


def paged(result: Schema) -> Schema:
    """Make the schema of an envelope with a page of a list (``paging`` writes it)."""
    meta = {
        "count": COUNT,
        "truncated": {"type": "boolean", "description": "There is more: go on with `next_cursor`."},
        "next_cursor": MAYBE_STRING,
        "warnings": WARNINGS,
    }
    return enveloped(result, meta, {"limit": COUNT})


def enveloped(result: Schema, meta: dict[str, Any], query: dict[str, Any]) -> dict[str, Any]:
    """Make the schema of an envelope with a list of results."""
    return record({"results": {"type": "array", "items": result}, "meta": record(meta), "query": record(query)})


ONE_OF_A_LIST: Final[dict[str, Any]] = {
    "meta": {"count": 1, "truncated": False, "next_cursor": None, "warnings": []},
    "query": {"limit": 100},
}

DOWNLOADS: Final[Schema] = record(
    {
        "downloads": {"type": "array", "items": record({"version": MAYBE_STRING, "dl": COUNT})},
        "meta": record(
            {
                "watermark": MAYBE_INSTANT,
                "partial": {"type": "boolean"},
                "computed_at": INSTANT,
                "served_from": {"enum": ["cube", "cache"]},
                "approximate": {"const": False},
                "truncated": {"const": False},
                "from": MAYBE_INSTANT,
                "to": MAYBE_INSTANT,
                "tz": STRING,
                "total": COUNT,
                "bots_excluded": {**COUNT, "description": "Downloads by bots, which `downloads` leaves out."},
                "warnings": WARNINGS,
            }
        ),
    }
)
DOWNLOADS_EXAMPLE: Final = {
    "downloads": [{"version": "3.5.0", "dl": 2000}],
    "meta": {
        "watermark": "2026-11-22T09:00:00Z",
        "partial": True,
        "computed_at": "2026-11-22T10:15:08Z",
        "served_from": "cube",
        "approximate": False,
        "truncated": False,
        "from": None,
        "to": None,
        "tz": "UTC",
        "total": 2000,
        "bots_excluded": 41,
        "warnings": [],
    },
}

SOURCES: Final[Schema] = enveloped(
    record(
        {
            "name": STRING,
            "title": STRING,
            "kind": {"enum": ["pull", "snapshot", "arriving"]},
            "state": {"enum": ["ok", "late", "silent", "failing", "rate_limited", "never_run"]},
            "overdue": {"type": "boolean"},
            "last_commit": {"oneOf": [record({"seq": COUNT, "at": INSTANT}), {"type": "null"}]},
            "last_record_at": {**MAYBE_INSTANT, "description": "When a record, good or bad, was last received."},
            "published_seq": COUNT,
            "watermark": MAYBE_INSTANT,
            "lag_s": {"type": ["integer", "null"], "description": "Seconds from the watermark to now."},
            "records": record({"ok": COUNT, "rejected": COUNT, "duplicate": COUNT}),
            "rejected": {**COUNT, "description": "Records set aside since the beginning."},
            "last_run": {
                "oneOf": [record({"at": INSTANT, "outcome": {"enum": ["ok", "retry", "fatal"]}}), {"type": "null"}]
            },
            "last_error": MAYBE_STRING,
            "failures": {**COUNT, "description": "Failed runs in a row."},
            "retry_at": MAYBE_INSTANT,
            "next_run": MAYBE_INSTANT,
            "configured": {"type": "boolean", "description": "It has a section in the sources file, and so it runs."},
            "schedule": record({"every_s": COUNT, "delay_s": COUNT, "silent_after_s": {"type": ["integer", "null"]}}),
            "can": record({name: {"type": "boolean"} for name in ("backfill", "again", "replay")}),
        }
    ),
    {"computed_at": INSTANT, "truncated": {"const": False}, "warnings": WARNINGS},
    {},
)
SOURCES_EXAMPLE: Final = {
    "results": [
        {
            "name": "github_repository_stats",
            "title": "GitHub repository statistics",
            "kind": "snapshot",
            "state": "rate_limited",
            "overdue": False,
            "last_commit": {"seq": 977, "at": "2026-11-22T09:05:12Z"},
            "last_record_at": "2026-11-22T09:00:00Z",
            "published_seq": 977,
            "watermark": "2026-11-22T09:00:00Z",
            "lag_s": 4508,
            "records": {"ok": 2931, "rejected": 0, "duplicate": 0},
            "rejected": 0,
            "last_run": {"at": "2026-11-22T10:05:02Z", "outcome": "retry"},
            "last_error": "GitHub asks to wait",
            "failures": 1,
            "retry_at": "2026-11-22T10:20:00Z",
            "next_run": "2026-11-22T10:20:00Z",
            "configured": True,
            "schedule": {"every_s": 3600, "delay_s": 300, "silent_after_s": None},
            "can": {"backfill": False, "again": False, "replay": True},
        }
    ],
    "meta": {"computed_at": "2026-11-22T10:15:08Z", "truncated": False, "warnings": []},
    "query": {},
}

ACCEPTED: Final[Schema] = record({"accepted": {"const": True}, "duplicate": {"type": "boolean"}})
ACCEPTED_EXAMPLE: Final = {"accepted": True, "duplicate": False}

JOB: Final[Schema] = record(
    {
        "id": STRING,
        "kind": {"enum": ["backfill", "replay"]},
        "source": STRING,
        "state": {"enum": ["queued", "running", "waiting", "done", "cancelled", "failed"]},
        "ranges": {
            "type": "array",
            "items": record({"from": INSTANT, "to": INSTANT}),
            "description": "What is asked for; of a replay, the times of the commits, none for all.",
        },
        "again": {"type": "boolean"},
        "done": {**COUNT, "description": "Windows of a backfill, commits of a replay, that are done."},
        "total": {**COUNT, "description": "Those that there are, as far as is known."},
        "rows": {**COUNT, "description": "Rows that came of it."},
        "error": MAYBE_STRING,
        "retry_at": MAYBE_INSTANT,
        "created_at": INSTANT,
        "created_by": {**STRING, "description": "The name of the token."},
        "started_at": MAYBE_INSTANT,
        "finished_at": MAYBE_INSTANT,
        "notes": {"type": "array", "items": STRING},
    }
)
JOB_EXAMPLE: Final = {
    "id": "5f1c0d9a7be34c0f8f7a2b11",
    "kind": "backfill",
    "source": "mixpanel_events",
    "state": "running",
    "ranges": [{"from": "2026-08-01T00:00:00Z", "to": "2026-11-01T00:00:00Z"}],
    "again": False,
    "done": 31,
    "total": 92,
    "rows": 48210,
    "error": None,
    "retry_at": None,
    "created_at": "2026-11-22T10:15:08Z",
    "created_by": "operator",
    "started_at": "2026-11-22T10:16:02Z",
    "finished_at": None,
    "notes": [],
}
REPLAY_EXAMPLE: Final = {
    **JOB_EXAMPLE,
    "kind": "replay",
    "state": "queued",
    "ranges": [],
    "done": 0,
    "total": 0,
    "rows": 0,
    "started_at": None,
}
JOBS: Final = paged(JOB)
JOBS_EXAMPLE: Final = {"results": [JOB_EXAMPLE], **ONE_OF_A_LIST}
