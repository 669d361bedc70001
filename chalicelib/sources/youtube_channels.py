"""YouTube: subscribers, views and videos of channels, a snapshot every hour.

``channels.list`` of the YouTube Data API v3. Its traps: counts are texts, a channel can hide its subscribers, and those
above a thousand are rounded to three digits. Source: YouTube Data API, "Channels: list", and its discovery document.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any, ClassVar

from chalicelib.errors import SkippableRecordError
from chalicelib.sources import answers, keys, snapshots, youtube_data
from chalicelib.sources.base import Accepted, Column, ColumnType, Outcome, Page, PullSource, Request, Table, Window
from chalicelib.sources.json_fields import digits, instant, text, truth

_S, _I, _T, _B = ColumnType.STRING, ColumnType.INT64, ColumnType.TIMESTAMP, ColumnType.BOOL

CHANNELS = Table(
    "youtube_channels",
    "What YouTube counts of each channel, once an hour",
    (
        *snapshots.columns("YouTube", "the hour"),
        Column("channel_id", _S, "YouTube's id of the channel"),
        Column("title", _S, "The channel's name then"),
        Column(
            "subscribers", _I, "Subscribers; above 1,000 YouTube rounds to three digits; null where they are hidden"
        ),
        Column("subscribers_hidden", _B, "The channel does not show its subscribers"),
        Column("views", _I, "Views of all its videos so far"),
        Column("videos", _I, "Videos"),
        Column("published_at", _T, "When the channel was made"),
    ),
    time_column="observed_at",
    sort_by=("channel_id", "observed_at"),
)


def channel_id(value: Any) -> str | None:
    """Accept a channel's id.

    >>> channel_id("@acme")
    'write the id of a channel, UC and 22 characters; youtube.com/account_advanced shows it'
    """
    good = isinstance(value, str) and re.fullmatch(r"UC[A-Za-z0-9_-]{22}", value)
    return None if good else "write the id of a channel, UC and 22 characters; youtube.com/account_advanced shows it"


class YoutubeChannels(snapshots.Snapshots, youtube_data.YoutubeAccess, PullSource):
    """A pulled source whose past cannot be asked for."""

    name: ClassVar[str] = "youtube_channels"
    title: ClassVar[str] = "YouTube channels"
    tables: ClassVar[tuple[Table, ...]] = (CHANNELS,)
    grid: ClassVar[timedelta] = timedelta(hours=1)
    keys: ClassVar[tuple[keys.Key, ...]] = youtube_data.section(
        keys.Key("channels", keys.list_of(channel_id), "the ids of the channels"), 5000
    )

    def requests(self, window: Window, config: Mapping[str, Any]) -> Sequence[Request]:  # noqa: ARG002 - the protocol
        """Name one request for each fifty channels."""
        return _LISTING.requests(config)

    def judge(self, page: Page) -> None:
        """Accept an answer, or say whether to try again and when."""
        _LISTING.judge(page)

    def parse(self, pages: Iterable[Page], window: Window, config: Mapping[str, Any]) -> Iterator[Outcome]:
        """Read a snapshot: one outcome a channel, in the configured order."""
        return _LISTING.outcomes(pages, config["channels"], lambda *found: _accept(window, *found))


def _counts(channel: Any) -> dict[str, int | None]:
    if not isinstance(channel, dict):
        raise SkippableRecordError("items: a channel was expected to be an object")
    counts = {
        "subscribers": digits(channel, "statistics.subscriberCount"),
        "views": digits(channel, "statistics.viewCount"),
        "videos": digits(channel, "statistics.videoCount"),
    }
    if truth(channel, "statistics.hiddenSubscriberCount"):
        counts["subscribers"] = None
    elif counts["subscribers"] is None:
        raise SkippableRecordError("statistics.subscriberCount: a count was expected, and it is not hidden")
    if counts["views"] is None or counts["videos"] is None:
        raise SkippableRecordError("statistics.viewCount, statistics.videoCount: counts were expected")
    return counts


def _accept(window: Window, wanted: str, channel: Mapping[str, Any], page: Page) -> Accepted:
    row = {
        "observed_at": answers.answered_at(page),
        "window_start": window.start,
        "channel_id": wanted,
        "title": text(channel, "snippet.title"),
        **_counts(channel),
        "subscribers_hidden": truth(channel, "statistics.hiddenSubscriberCount"),
        "published_at": instant(channel, "snippet.publishedAt"),
    }
    return snapshots.accepted(CHANNELS, row, window, wanted)


_LISTING = youtube_data.Listing("channel", _counts, {"maxResults": str(youtube_data.IDS_A_CALL)})  # five unless told
