"""The cubes counted again in plain Python from the raw rows: another mind's reading of the same rules."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from chalicelib.metrics.cube import Adds
from chalicelib.metrics.declared.downloads import DOWNLOADS
from chalicelib.metrics.declared.github import GITHUB
from tests.unit.metrics import recount_audience, recount_media, recount_pipeline, recount_product, recount_web

Rows = Iterable[Mapping[str, Any]]
Floor = Callable[[datetime], datetime]
HOUR = timedelta(hours=1)
QUARTER = timedelta(minutes=15)


def quarter(at: datetime) -> datetime:
    return datetime.fromtimestamp(int(at.timestamp()) // 900 * 900, at.tzinfo)


def midnight_in(zone: ZoneInfo) -> Floor:
    """Answer the first instant of the local day that an instant is in, found quarter hour by quarter hour."""

    def floor(at: datetime) -> datetime:
        start = quarter(at)
        day = start.astimezone(zone).date()
        while (start - QUARTER).astimezone(zone).date() == day:
            start -= QUARTER
        return start

    return floor


def downloads(requests: Rows, floor: Floor) -> list[dict[str, Any]]:
    """Walk through the requests in time, remembering when each client last asked for a part of each object."""
    counts: dict[tuple[Any, ...], list[int]] = defaultdict(lambda: [0, 0])
    last_part: dict[tuple[Any, ...], datetime] = {}
    for row in sorted(requests, key=lambda row: (row["requested_at"], row["request_id"])):
        if not row["is_download"]:
            continue
        client = (row["remote_ip"], row["user_agent"], row["key"])
        begins = True
        if not row["is_complete"]:
            begins = client not in last_part or row["requested_at"] - last_part[client] > HOUR
            last_part[client] = row["requested_at"]
        bucket = counts[floor(row["requested_at"]), row["product"], row["version"], row["is_bot"]]
        bucket[0] += begins
        bucket[1] += row["bytes_sent"] or 0
    return [
        dict(
            zip(("bucket_start", "product", "version", "is_bot", "downloads", "download_bytes"), (*k, *v), strict=True)
        )
        for k, v in counts.items()
    ]


def github(tables: Mapping[str, Rows], floor: Floor) -> list[dict[str, Any]]:
    """Note each thing that happened, one by one."""
    empty = {m.name: 0 if m.adds is Adds.SUM else None for m in GITHUB.measures}
    cube: dict[tuple[datetime, Any], dict[str, Any]] = {}

    def at(row: Mapping[str, Any], time_column: str = "occurred_at") -> dict[str, Any]:
        return cube.setdefault((floor(row[time_column]), row["repository"]), dict(empty))

    for row in sorted(tables.get("github_repository_stats", ()), key=lambda row: row["observed_at"]):
        bucket = at(row, "observed_at")
        for gauge in ("stars", "forks", "watchers", "open_pull_requests", "open_issues"):
            if row[gauge] is not None:
                bucket[gauge] = row[gauge]
    counted: dict[str, Callable[[Mapping[str, Any]], Iterable[tuple[str, int]]]] = {
        "github_events": lambda _: [("github_events", 1)],
        "github_stars": lambda r: [({"created": "stars_added", "deleted": "stars_removed"}.get(r["action"], ""), 1)],
        "github_forks": lambda _: [("forks_added", 1)],
        "github_pushes": lambda r: [("pushes", 1), ("commits_pushed", r["distinct_commit_count"] or 0)],
        "github_pull_requests": lambda r: [(_pull_request(r), 1)],
        "github_issues": lambda r: [({"opened": "issues_opened", "closed": "issues_closed"}.get(r["action"], ""), 1)],
        "github_releases": lambda r: [("releases_published" if r["action"] == "published" else "", 1)],
    }
    for name, measures in counted.items():
        for row in tables.get(name, ()):
            for measure, amount in measures(row):
                if measure:
                    at(row)[measure] += amount
    return [{"bucket_start": start, "repository": name, **values} for (start, name), values in cube.items()]


def _pull_request(row: Mapping[str, Any]) -> str:
    if row["action"] == "closed":
        return "pull_requests_merged" if row["merged"] else ""
    return "pull_requests_opened" if row["action"] == "opened" else ""


RECOUNT = {
    DOWNLOADS.name: lambda tables, floor: downloads(tables.get("s3_access_requests", ()), floor),
    GITHUB.name: github,
    "pipeline_cube": recount_pipeline.pipeline,
    "audience_cube": recount_audience.audience,
    "youtube_videos_cube": recount_audience.videos,
    "youtube_days_cube": recount_audience.youtube_days,
    "linkedin_days_cube": recount_audience.linkedin_days,
    "mentions_cube": recount_media.mentions,
    "seo_cube": recount_media.seo,
    "web_cube": recount_web.pages,
    "web_sessions_cube": recount_web.sessions,
    "web_visitors_cube": recount_web.visitors,
    "product_cube": recount_product.events,
    "product_users_cube": recount_product.users,
}
