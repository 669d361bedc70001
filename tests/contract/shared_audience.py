"""The real data of YouTube and LinkedIn as the vendors' APIs would answer it, and what our sources make of it."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from chalicelib.sources.base import Outcome, Page, Request, Window
from chalicelib.sources.linkedin_follower_segments import FACETS, LinkedinFollowerSegments
from chalicelib.sources.youtube_analytics import YoutubeAnalytics
from chalicelib.sources.youtube_data import IDS_A_CALL
from chalicelib.sources.youtube_report import METRICS
from chalicelib.sources.youtube_videos import YoutubeVideos
from tests.contract.shared_counts import NOW, Counted, count
from tests.real_data import FOLDER

YOUTUBE, LINKEDIN = FOLDER / "youtube", FOLDER / "linkedin" / "ebx-linkedin-sdk"
WINDOW = Window(NOW - timedelta(days=1), NOW)
SECTION = {"base_url": "https://api.test", "api_version": "202610"}
REPORTED: Mapping[str, str] = {
    "views": "views",
    "estimatedMinutesWatched": "watch_time_minutes",
    "averageViewDuration": "average_view_duration_seconds",
    "averageViewPercentage": "average_view_duration_percentage",
    "subscribersGained": "subscribers_gained",
    "subscribersLost": "subscribers_lost",
    "likes": "likes",
    "comments": "comments",
    "shares": "shares",
}
"""The Analytics API's metrics and the connector's columns of the same."""


def records(file: Path) -> list[dict[str, str]]:
    """Read a file of comma-separated values."""
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def trending() -> list[Path]:
    """The files of trending videos, one a country."""
    return sorted((YOUTUBE / "Trending-YouTube-Scraper").glob("*.csv"))


def video_pages(videos: Sequence[Mapping[str, str]]) -> list[Page]:
    """Answer videos as ``videos.list`` does, fifty a page."""
    config = {**SECTION, "videos": [video["video_id"] for video in videos]}
    asked = YoutubeVideos().requests(WINDOW, config)
    parts = (videos[at : at + IDS_A_CALL] for at in range(0, len(videos), IDS_A_CALL))
    made = ({"kind": "youtube#videoListResponse", "items": [_video(video) for video in part]} for part in parts)
    return [_page(request, answer) for request, answer in zip(asked, made, strict=True)]


def _video(video: Mapping[str, str]) -> dict[str, Any]:
    counts = {"viewCount": video["view_count"]}
    if video["ratings_disabled"] == "False":
        counts["likeCount"] = video["likes"]
    if video["comments_disabled"] == "False":
        counts["commentCount"] = video["comment_count"]
    about = {"title": video["title"], "channelId": video["channelId"], "publishedAt": video["publishedAt"]}
    return {"kind": "youtube#video", "id": video["video_id"], "snippet": about, "statistics": counts}


def video_outcomes(file: Path) -> Iterator[Outcome]:
    """Parse a file of trending videos."""
    videos = records(file)
    config = {"videos": [video["video_id"] for video in videos]}
    yield from YoutubeVideos().parse(video_pages(videos), WINDOW, config)


def count_videos() -> list[Counted]:
    """Count every file of trending videos."""
    return [count(file.stem.split(".no")[0], len(records(file)), video_outcomes(file)) for file in trending()]


def analytics() -> list[dict[str, str]]:
    """The connector's rows of a channel: one a day, video, country, and kind of viewer."""
    return records(YOUTUBE / "fivetran-dbt_youtube_analytics/integration_tests/seeds/youtube_channel_basic_data.csv")


def report(rows: Sequence[Mapping[str, str]]) -> Page:
    """Answer rows as ``reports.query`` does, all of one channel."""
    days, channel = sorted({row["date"] for row in rows}), rows[0]["channel_id"]
    headers = [{"name": name} for name in ("day", *REPORTED)]
    values = [[row["date"], *(json.loads(row[theirs]) for theirs in REPORTED.values())] for row in rows]
    answer = {"kind": "youtubeAnalytics#resultTable", "columnHeaders": headers, "rows": values}
    params = {"ids": f"channel=={channel}", "startDate": days[0], "endDate": days[-1], "metrics": ",".join(METRICS)}
    return _page(Request("GET", "https://api.test/v2/reports", params), answer)


def report_outcomes(rows: Sequence[Mapping[str, str]]) -> Iterator[Outcome]:
    """Parse rows of analytics."""
    return YoutubeAnalytics().parse([report(rows)], WINDOW, {})


def count_reports() -> Counted:
    """Count the rows of analytics, each as the row of a report."""
    return count("dbt_youtube_analytics rows", len(analytics()), report_outcomes(analytics()))


def linkedin_files() -> list[Path]:
    """Every answer that the SDK keeps as a fixture."""
    return sorted(LINKEDIN.rglob("*.json"))


def segment_outcomes(file: Path) -> Iterator[Outcome]:
    """Parse an answer's element as if it had been asked for followers by segment."""
    element = json.loads(file.read_text())
    urn = str(element.get("organizationalEntity", "urn:li:organization:0"))
    source = LinkedinFollowerSegments()
    (request,) = source.requests(WINDOW, {**SECTION, "organisations": [urn]})
    return source.parse([_page(request, {"elements": [element]})], WINDOW, {})


def count_segments() -> list[Counted]:
    """Count every answer: a segment is a record; of an answer that is about something else the whole."""
    found = []
    for file in linkedin_files():
        element = json.loads(file.read_text())
        segments = sum(len(element.get(name, ())) for name in FACETS)
        found.append(count(f"linkedin {file.stem}", segments or 1, segment_outcomes(file)))
    return found


def _page(request: Request, answer: Any) -> Page:
    return Page(request, 200, {}, json.dumps(answer).encode(), NOW)
