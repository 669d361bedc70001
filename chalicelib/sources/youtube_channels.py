"""YouTube: subscribers, views and videos of channels, a snapshot every hour.

``channels.list`` of the YouTube Data API v3. Its traps: counts are texts, a channel can hide its subscribers, those
above a thousand are rounded to three digits, a channel that is gone is simply absent, and a quota that is used up is a
403 that ends at midnight in California. Source: YouTube Data API, "Channels: list", "Errors", "Quota calculator", and
its discovery document.
"""

from __future__ import annotations

import hashlib
import json
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
from chalicelib.sources.json_fields import digits, instant, items, read_object, text, truth

_S, _I, _T, _B = ColumnType.STRING, ColumnType.INT64, ColumnType.TIMESTAMP, ColumnType.BOOL
UNITS = "units"
CHANNELS_A_CALL = 50

CHANNELS = Table(
    "youtube_channels",
    "What YouTube counts of each channel, once an hour",
    (
        Column("observed_at", _T, "When YouTube answered"),
        Column("window_start", _T, "Start of the hour that this snapshot was taken for, at its end"),
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


class YoutubeChannels(PullSource):
    """A pulled source whose past cannot be asked for."""

    name: ClassVar[str] = "youtube_channels"
    title: ClassVar[str] = "YouTube channels"
    tables: ClassVar[tuple[Table, ...]] = (CHANNELS,)
    mode: ClassVar[PullMode] = PullMode.SNAPSHOT
    grid: ClassVar[timedelta] = timedelta(hours=1)
    settle: ClassVar[timedelta] = timedelta(0)
    credential: ClassVar[str | None] = "youtube"
    allowances: ClassVar[tuple[Allowance, ...]] = (
        Allowance("units_per_day", UNITS, Period.DAY, google_answers.PACIFIC),
    )
    keys: ClassVar[tuple[keys.Key, ...]] = (
        keys.Key("base_url", keys.url, "the root of Google's API", "https://www.googleapis.com"),
        keys.Key("channels", keys.list_of(channel_id), "the ids of the channels"),
        keys.Key("units_per_day", keys.positive, "how many units a day may be spent; Google gives 10,000", 5000),
    )

    def requests(self, window: Window, config: Mapping[str, Any]) -> Sequence[Request]:  # noqa: ARG002 - the protocol
        """Name one request for each fifty channels."""
        ids = config["channels"]
        return [
            Request(
                "GET",
                f"{config['base_url']}/youtube/v3/channels",
                {"part": "snippet,statistics", "id": ",".join(ids[at : at + CHANNELS_A_CALL]), "maxResults": "50"},
            )
            for at in range(0, len(ids), CHANNELS_A_CALL)
        ]

    def authorise(self, request: Request, secret: Mapping[str, str]) -> Request:
        """Put the API key on the request: in a header, so that it is in no address and no log."""
        return replace(request, headers={**request.headers, "x-goog-api-key": secret["token"]})

    def price(self, request: Request) -> Mapping[str, int]:  # noqa: ARG002 - the protocol
        """Answer a unit: every call costs one, a refused one too."""
        return {UNITS: 1}

    def judge(self, page: Page) -> None:
        """Accept an answer, or say whether to try again and when; another shape would be so for every channel."""
        google_answers.refuse(page)
        answer = answers.judge(page, "YouTube")
        try:
            for channel in items(answer, "items") or []:
                _counts(channel)
        except SkippableRecordError as error:
            raise FatalSourceError(f"{page.request.url}: YouTube's answer has changed its shape: {error}") from error
        if answer.get("kind") != "youtube#channelListResponse":
            raise FatalSourceError(f"{page.request.url}: YouTube's answer is no list of channels")

    def parse(self, pages: Iterable[Page], window: Window, config: Mapping[str, Any]) -> Iterator[Outcome]:
        """Read a snapshot: one outcome a channel, in the configured order."""
        found: dict[str, tuple[Mapping[str, Any], Page]] = {}
        for page in pages:
            try:
                for channel in items(read_object(page.body), "items") or []:
                    found[str(text(channel, "id"))] = (channel, page)
            except SkippableRecordError:
                continue  # its channels are then found nowhere, and set aside
        for wanted in config["channels"]:
            channel, *_ = found.get(wanted, ({},))
            try:
                if wanted not in found:
                    raise SkippableRecordError("YouTube does not know this channel: remove it from the configuration")
                yield _accept(wanted, *found[wanted], window)
            except SkippableRecordError as error:
                yield Rejected(str(error), f"channel {wanted}", json.dumps(channel))


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


def _accept(wanted: str, channel: Mapping[str, Any], page: Page, window: Window) -> Accepted:
    row = {
        "observed_at": answers.answered_at(page),
        "window_start": window.start,
        "channel_id": wanted,
        "title": text(channel, "snippet.title"),
        **_counts(channel),
        "subscribers_hidden": truth(channel, "statistics.hiddenSubscriberCount"),
        "published_at": instant(channel, "snippet.publishedAt"),
    }
    digest = hashlib.sha256(json.dumps(row, default=str, sort_keys=True).encode()).hexdigest()
    return Accepted(f"{wanted}@{window.start.isoformat()}", digest, ((CHANNELS.name, row),))
