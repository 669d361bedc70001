"""YouTube: views, likes and comments of videos, a snapshot every hour.

``videos.list`` of the YouTube Data API v3. Counts are texts; those that a channel hides (likes) or has switched off
(comments) are absent. Source: YouTube Data API, "Videos: list", and its discovery document.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any, ClassVar

from chalicelib.errors import SkippableRecordError
from chalicelib.sources import answers, keys, snapshots, youtube_data
from chalicelib.sources.base import Accepted, Column, ColumnType, Outcome, Page, PullSource, Request, Table, Window
from chalicelib.sources.json_fields import digits, instant, text

_S, _I, _T = ColumnType.STRING, ColumnType.INT64, ColumnType.TIMESTAMP

VIDEOS = Table(
    "youtube_videos",
    "What YouTube counts of each video, once an hour",
    (
        *snapshots.columns("YouTube", "the hour"),
        Column("video_id", _S, "YouTube's id of the video"),
        Column("channel_id", _S, "YouTube's id of its channel"),
        Column("title", _S, "The video's title then"),
        Column("views", _I, "Views so far"),
        Column("likes", _I, "Likes; null where they are hidden"),
        Column("comments", _I, "Comments; null where they are switched off"),
        Column("published_at", _T, "When it was published"),
    ),
    time_column="observed_at",
    sort_by=("video_id", "observed_at"),
)


def video_id(value: Any) -> str | None:
    """Accept a video's id.

    >>> video_id("https://youtu.be/ZAfAud_M_mg")
    'write the id of a video, the 11 characters after v= in its address'
    """
    good = isinstance(value, str) and re.fullmatch(r"[A-Za-z0-9_-]{11}", value)
    return None if good else "write the id of a video, the 11 characters after v= in its address"


class YoutubeVideos(snapshots.Snapshots, youtube_data.YoutubeAccess, PullSource):
    """A pulled source whose past cannot be asked for."""

    name: ClassVar[str] = "youtube_videos"
    title: ClassVar[str] = "YouTube videos"
    tables: ClassVar[tuple[Table, ...]] = (VIDEOS,)
    grid: ClassVar[timedelta] = timedelta(hours=1)
    keys: ClassVar[tuple[keys.Key, ...]] = youtube_data.section(
        keys.Key("videos", keys.list_of(video_id), "the ids of the videos"), 2000
    )

    def requests(self, window: Window, config: Mapping[str, Any]) -> Sequence[Request]:  # noqa: ARG002 - the protocol
        """Name one request for each fifty videos."""
        return _LISTING.requests(config)

    def judge(self, page: Page) -> None:
        """Accept an answer, or say whether to try again and when."""
        _LISTING.judge(page)

    def parse(self, pages: Iterable[Page], window: Window, config: Mapping[str, Any]) -> Iterator[Outcome]:
        """Read a snapshot: one outcome a video, in the configured order."""
        return _LISTING.outcomes(pages, config["videos"], lambda *found: _accept(window, *found))


def _counts(video: Any) -> dict[str, int | None]:
    if not isinstance(video, dict):
        raise SkippableRecordError("items: a video was expected to be an object")
    views = digits(video, "statistics.viewCount")
    if views is None:
        raise SkippableRecordError("statistics.viewCount: a count was expected")
    return {
        "views": views,
        "likes": digits(video, "statistics.likeCount"),
        "comments": digits(video, "statistics.commentCount"),
    }


def _accept(window: Window, wanted: str, video: Mapping[str, Any], page: Page) -> Accepted:
    row = {
        "observed_at": answers.answered_at(page),
        "window_start": window.start,
        "video_id": wanted,
        "channel_id": text(video, "snippet.channelId"),
        "title": text(video, "snippet.title"),
        **_counts(video),
        "published_at": instant(video, "snippet.publishedAt"),
    }
    return snapshots.accepted(VIDEOS, row, window, wanted)


_LISTING = youtube_data.Listing("video", _counts)
