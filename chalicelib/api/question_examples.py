"""Examples of metrics, questions and answers, which the tests hold against their schemas."""

from __future__ import annotations

from typing import Final

METRICS_EXAMPLE: Final = {
    "results": [
        {
            "name": "stars",
            "title": "Stars",
            "unit": "stars",
            "kind": "gauge",
            "better": "higher",
            "dimensions": ["repository"],
            "source": "github_repository_stats",
            "description": "Stars of the repository at the end of the period.",
            "own": False,
        }
    ],
    "meta": {"count": 1, "truncated": False, "warnings": []},
    "query": {},
}

_META_EXAMPLE: Final = {
    "title": "Downloads",
    "unit": "downloads",
    "kind": "counter",
    "better": "higher",
    "source": "s3_access_logs",
    "watermark": "2026-11-22T09:00:00Z",
    "partial": False,
    "late": False,
    "comparison": {
        "with": "week",
        "match": "date",
        "current": {"from": "2026-11-01T00:00:00+00:00", "to": "2026-11-02T00:00:00+00:00", "elapsed_s": 86400},
        "before": {"from": "2026-10-25T00:00:00+00:00", "to": "2026-10-26T00:00:00+00:00", "elapsed_s": 86400},
        "counted_since": None,
    },
}

_ANSWERED_EXAMPLE: Final = {
    "watermark": "2026-11-22T09:00:00Z",
    "partial": False,
    "late": False,
    "computed_at": "2026-11-22T10:15:08Z",
    "served_from": "cube",
    "approximate": False,
    "truncated": False,
    "next_cursor": None,
    "warnings": [],
}

_UNDERSTOOD_EXAMPLE: Final = {
    "from": "2026-11-01T00:00:00+00:00",
    "to": "2026-11-02T00:00:00+00:00",
    "interval": "P1D",
    "tz": "UTC",
    "group_by": ["version"],
    "filter": 'product is "headwater"',
    "compare": "week",
    "match": "date",
    "transform": None,
    "top": None,
    "other": None,
    "totals": False,
}

_TIMES_EXAMPLE: Final = {"start": "2026-11-01T00:00:00+00:00", "end": "2026-11-02T00:00:00+00:00"}

SERIES_EXAMPLE: Final = {
    "results": [
        {
            **_TIMES_EXAMPLE,
            "version": "3.5.0",
            "value": 12,
            "before": 10,
            "change": 2,
            "change_ratio": 0.2,
            "partial": False,
        }
    ],
    "meta": {"metric": "downloads", **_META_EXAMPLE, **_ANSWERED_EXAMPLE},
    "query": {"metric": "downloads", **_UNDERSTOOD_EXAMPLE},
}

QUERIED_EXAMPLE: Final = {
    "results": [
        {
            **_TIMES_EXAMPLE,
            "version": "3.5.0",
            "downloads": 12,
            "downloads_before": 10,
            "downloads_change": 2,
            "downloads_change_ratio": 0.2,
            "partial": False,
        }
    ],
    "meta": {"metrics": [{"name": "downloads", **_META_EXAMPLE}], **_ANSWERED_EXAMPLE},
    "query": {"metrics": ["downloads"], **_UNDERSTOOD_EXAMPLE, "top_by": None},
}

QUERY_EXAMPLE: Final = {
    "metrics": ["downloads", "download_bytes"],
    "range": "30d",
    "interval": "P1D",
    "tz": "Europe/Paris",
    "group_by": ["version"],
    "filter": {"dimension": "product", "operator": "is", "value": "headwater"},
    "compare": "previous_period",
    "top": 5,
    "totals": True,
    "order": ["-downloads"],
    "limit": 1000,
}
