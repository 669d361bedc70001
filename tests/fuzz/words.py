"""Words that mean something to the API, for the requests that are made up: without them few get past the door."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chalicelib.metrics.registry import METRICS
from chalicelib.sources.registry import SOURCES
from chalicelib.sql.catalog import entries

OFTEN = 0.85

WORDS: dict[str, list[str | int]] = {
    "names": [*METRICS, *SOURCES, *entries()],
    "metrics": [*METRICS],
    "dimensions": sorted({dimension for metric in METRICS.values() for dimension in metric.dimensions}),
    "zones": ["UTC", "Asia/Kathmandu", "Pacific/Apia", "America/St_Johns", "Africa/Cairo", "Australia/Lord_Howe"],
    "starts": ["2026-11-01", "2026-11-20T00:00:00Z", "2024-02-29", "2026-10-25", "month", "7d", "2026-03-28T23:45:00Z"],
    "ends": ["2026-11-22", "2026-11-22T12:00:00Z", "2024-03-01", "2027-01-04", "2026-10-26", "now"],
    "ranges": ["7d", "30d", "month", "qtd", "ytd", "all", "week"],
    "ids": ["top_pages", "overview"],
    "sources": [*SOURCES],
    "instants": ["2026-11-20", "2026-11-20T09:30:07+02:00", "2026-10-25T02:30", "2027-01-01T00:00:00Z"],
    "statements": [
        "SELECT 1",
        "SELECT repository, count(*) AS stars FROM github_stars GROUP BY repository",
        "SELECT sum(downloads) AS downloads FROM v_downloads WHERE day >= ?",
        "SELECT nothing FROM nowhere",
        "SELECT 1; DROP TABLE x",
    ],
    "versions": ['"0"', "*"],
    "feed_tokens": ["hwf_no"],
    "links": ["x.y"],
    "keys": ["MjAyNi0xMS0yMiBub25l"],
    "topics": ["*", "downloads", "general"],
    "destinations": ["subscribers", "operators"],
}

PLACES = {
    "path.name": "names",
    "path.id": "ids",
    "path.key": "keys",
    "path.token": "links",
    "query.token": "feed_tokens",
    "query.group_by": "dimensions",
    "query.tz": "zones",
    "query.from": "starts",
    "query.to": "ends",
    "query.range": "ranges",
    "header.If-Match": "versions",
    "body.sql": "statements",
    "body.parts[*].sql": "statements",
    "body.parts[*].query.metrics[*]": "metrics",
    "body.parts[*].query.tz": "zones",
    "body.parts[*].query.from": "starts",
    "body.parts[*].query.to": "ends",
    "body.parts[*].query.range": "ranges",
    "body.schedule.zone": "zones",
    "body.to[*]": "destinations",
    "body.metrics[*]": "metrics",
    "body.widgets[*].question.metrics[*]": "metrics",
    "body.widgets[*].question.group_by[*]": "dimensions",
    "body.at": "instants",
    "body.metric_sources[*]": "sources",
    "body.default_dashboard": "ids",
    "body.digest.metrics[*]": "metrics",
    "body.digest.zone": "zones",
    "body.alerts[*]": "topics",
    "body.zone": "zones",
    "body.group_by[*]": "dimensions",
    "body.dimension": "dimensions",
    "body.metric": "metrics",
    "body.tz": "zones",
    "body.from": "starts",
    "body.to": "ends",
    "body.until": "ends",
    "body.range": "ranges",
}


def settings(made: Mapping[str, list[str]]) -> dict[str, Any]:
    """Answer what schemathesis is told of these words, and of those that lead to what was made."""
    return {
        "dictionaries": {
            # what was made as often as all the others together
            name: {"values": [*values, *(list(made.get(name, ())) * len(values))]}
            for name, values in WORDS.items()
        },
        "parameters": {place: {"dictionary": name, "probability": OFTEN} for place, name in PLACES.items()},
    }
