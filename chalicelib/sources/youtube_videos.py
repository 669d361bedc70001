"""YouTube: views, likes and comments of videos, a snapshot every hour.

``videos.list`` of the YouTube Data API v3. Counts are texts; those that a channel hides (likes) or has switched off
(comments) are absent, and a video that is gone is, too. Source: YouTube Data API, "Videos: list", and its discovery
document.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any, ClassVar

from chalicelib.errors import FatalSourceError, SkippableRecordError
from chalicelib.sources import answers, google_answers, keys
from chalicelib.sources.base import (
    Accepted,
    Allowance,
    Column,
    ColumnType,
    Outcome,
    Page,
    Period,
    PullMode,
    PullSource,
    Rejected,
    Request,
    Table,
    Window,
)
from chalicelib.sources.json_fields import digits, instant, items, read_object, text
from chalicelib.sources.records import digest, shown
from chalicelib.sources.youtube_channels import UNITS

_S, _I, _T = ColumnType.STRING, ColumnType.INT64, ColumnType.TIMESTAMP
VIDEOS_A_CALL = 50

VIDEOS = Table(
    "youtube_videos",
    "What YouTube counts of each video, once an hour",
    (
        Column("observed_at", _T, "When YouTube answered"),
        Column("window_start", _T, "Start of the hour that this snapshot was taken for, at its end"),
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


class YoutubeVideos(PullSource):
    """A pulled source whose past cannot be asked for."""

    name: ClassVar[str] = "youtube_videos"
    title: ClassVar[str] = "YouTube videos"
    tables: ClassVar[tuple[Table, ...]] = (VIDEOS,)
    mode: ClassVar[PullMode] = PullMode.SNAPSHOT
    grid: ClassVar[timedelta] = timedelta(hours=1)
    settle: ClassVar[timedelta] = timedelta(0)
    credential: ClassVar[str | None] = "youtube"
    allowances: ClassVar[tuple[Allowance, ...]] = (
        Allowance("units_per_day", UNITS, Period.DAY, google_answers.PACIFIC),
    )
    keys: ClassVar[tuple[keys.Key, ...]] = (
        keys.Key("base_url", keys.url, "the root of Google's API", "https://www.googleapis.com"),
        keys.Key("videos", keys.list_of(video_id), "the ids of the videos"),
        keys.Key("units_per_day", keys.positive, "how many units a day may be spent; Google gives 10,000", 2000),
    )

    def requests(self, window: Window, config: Mapping[str, Any]) -> Sequence[Request]:  # noqa: ARG002 - the protocol
        """Name one request for each fifty videos."""
        ids, url = config["videos"], f"{config['base_url']}/youtube/v3/videos"
        parts = (ids[at : at + VIDEOS_A_CALL] for at in range(0, len(ids), VIDEOS_A_CALL))
        return [Request("GET", url, {"part": "snippet,statistics", "id": ",".join(part)}) for part in parts]

    def authorise(self, request: Request, secret: Mapping[str, str]) -> Request:
        """Put the API key on the request: in a header, so that it is in no address and no log."""
        return replace(request, headers={**request.headers, "x-goog-api-key": secret["token"]})

    def price(self, request: Request) -> Mapping[str, int]:  # noqa: ARG002 - the protocol
        """Answer a unit: every call costs one, a refused one too."""
        return {UNITS: 1}

    def judge(self, page: Page) -> None:
        """Accept an answer, or say whether to try again and when; another shape would be so for every video."""
        google_answers.refuse(page)
        answer = answers.judge(page, "YouTube")
        try:
            for video in items(answer, "items") or []:
                _counts(video)
        except SkippableRecordError as error:
            raise FatalSourceError(f"{page.request.url}: YouTube's answer has changed its shape: {error}") from error
        if answer.get("kind") != "youtube#videoListResponse":
            raise FatalSourceError(f"{page.request.url}: YouTube's answer is no list of videos")

    def parse(self, pages: Iterable[Page], window: Window, config: Mapping[str, Any]) -> Iterator[Outcome]:
        """Read a snapshot: one outcome a video, in the configured order."""
        found: dict[str, tuple[Any, Page]] = {}
        for page in pages:
            try:
                listed = items(read_object(page.body), "items") or []
            except SkippableRecordError:
                continue  # its videos are then found nowhere, and set aside
            found |= {str(video.get("id")): (video, page) for video in listed if isinstance(video, dict)}
        for wanted in config["videos"]:
            try:
                if wanted not in found:
                    raise SkippableRecordError("YouTube does not know this video: remove it from the configuration")
                yield _accept(wanted, *found[wanted], window)
            except SkippableRecordError as error:
                yield Rejected(str(error), f"video {wanted}", shown(found.get(wanted, (None,))[0]))


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


def _accept(wanted: str, video: Mapping[str, Any], page: Page, window: Window) -> Accepted:
    row = {
        "observed_at": answers.answered_at(page),
        "window_start": window.start,
        "video_id": wanted,
        "channel_id": text(video, "snippet.channelId"),
        "title": text(video, "snippet.title"),
        **_counts(video),
        "published_at": instant(video, "snippet.publishedAt"),
    }
    return Accepted(f"{wanted}@{window.start.isoformat()}", digest(row), ((VIDEOS.name, row),))
