"""Google's YouTube Data API v3, as far as Headwater asks it: channels by id, API keys, a quota a Pacific day.

Answers have the shapes of the API's discovery document. Faults of the data are those of the reports
(:mod:`tests.servers.youtube_reports`); channels make none: no pages, no past.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from tests.servers.clock import VirtualClock
from tests.servers.growth import Growth
from tests.servers.vendor import Bill, Book, DataFaults
from tests.servers.youtube_reports import Reports

UNITS_A_DAY = 10_000
PACIFIC = ZoneInfo("America/Los_Angeles")
CHANNELS = {
    "UCacmeacmeacmeacmeacme01": ("Acme", 12_240, 34.0, False),
    "UCacmeacmeacmeacmeacme02": ("Acme Academy", 4_400, 9.0, True),
}
VIDEOS = {
    "acmelaunch1": ("Acme 4.0", 21_000, 310.0, False),
    "acmelaunch2": ("Acme 4.0 in depth", 4_800, 95.0, True),
    "acmehowto_1": ("How to begin", 51_000, 120.0, False),
}
Make = Callable[[str, set[str], datetime], dict[str, Any]]
_VIDEO_COLUMNS = ("video_id", "observed_at", "title", "views", "likes", "comments")
_COLUMNS = ("channel_id", "observed_at", "title", "subscribers", "subscribers_hidden", "views", "videos")


class Youtube:
    """The vendor."""

    name: ClassVar[str] = "youtube"
    secret: ClassVar[Mapping[str, str]] = {
        "token": "demo-key-of-youtube",
        "client_id": "demo-app.apps.googleusercontent.test",
        "client_secret": "demo-app-secret",
        "refresh_token": "demo-refresh-of-youtube",
    }

    def __init__(self, seed: int, anchor: datetime, clock: VirtualClock, faults: DataFaults) -> None:
        self.bill = Bill()
        self._clock = clock
        self.reports = Reports(seed, anchor, clock, faults, self.bill)
        facts = CHANNELS.items()
        self._subscribers = {i: Growth(f"{seed} yt {i}", anchor, first, day) for i, (_, first, day, _) in facts}
        self._views = {i: Growth(f"{seed} yt v {i}", anchor, 40 * n, 60 * d, 0.0) for i, (_, n, d, _) in facts}
        self._video_views = {i: Growth(f"{seed} yt x {i}", anchor, *given[1:3], 0.0) for i, given in VIDEOS.items()}
        self._seen: list[dict[str, Any]] = []
        self._used: Counter[str] = Counter()
        self._served: list[dict[str, Any]] = []

    def routes(self) -> Sequence[BaseRoute]:
        """Answer its paths."""
        return [
            Route("/youtube/v3/channels", self._channels),
            Route("/youtube/v3/videos", self._videos),
            Route("/v2/reports", self.reports.query),
            Route("/token", self._renew, methods=["POST"]),
        ]

    async def _renew(self, request: Request) -> Response:
        return await self.reports.renew(request, self.secret)

    async def _channels(self, request: Request) -> Response:
        return self._listed(request, "channel", CHANNELS, self._channel)

    async def _videos(self, request: Request) -> Response:
        return self._listed(request, "video", VIDEOS, self._video)

    def _listed(self, request: Request, kind: str, there: Collection[str], make: Make) -> Response:
        now = self._clock()
        if request.headers.get("x-goog-api-key") != self.secret["token"]:
            self.bill.refused["units"] += 1
            return _error(400, "API key not valid. Please pass a valid API key.", "badRequest")
        day = f"{now.astimezone(PACIFIC):%Y-%m-%d}"
        if self._used[day] >= UNITS_A_DAY:
            self.bill.refused["units"] += 1
            return _error(403, "The request cannot be completed because you have exceeded your quota.", "quotaExceeded")
        self._used[day] += 1
        self.bill.billed["units"] += 1
        ids = request.query_params.get("id", "").split(",")
        parts = set(request.query_params.get("part", "").split(","))
        known = request.query_params.keys() <= {"part", "id", "maxResults"}
        if not known or len(ids) > 50 or not parts <= {"id", "snippet", "statistics"}:
            return _error(400, "Invalid value", "invalidParameter")
        found = [make(i, parts, now) for i in reversed(ids) if i in there]  # in no order that was asked for
        tag = hashlib.sha256(repr(found).encode()).hexdigest()[:27]
        page = {"totalResults": len(found), "resultsPerPage": len(found)}
        answer = {"kind": f"youtube#{kind}ListResponse", "etag": tag, "pageInfo": page}
        return JSONResponse(answer | ({"items": found} if found else {}))

    def _channel(self, channel: str, parts: set[str], now: datetime) -> dict[str, Any]:
        title, *_, hidden = CHANNELS[channel]
        counted, views = rounded(self._subscribers[channel].at(now)), self._views[channel].at(now)
        row = (channel, now.replace(microsecond=0), title, None if hidden else counted, hidden, views, 87)
        self._served.append(dict(zip(_COLUMNS, row, strict=True)))
        statistics: dict[str, Any] = {"viewCount": str(views), "hiddenSubscriberCount": hidden, "videoCount": "87"}
        if not hidden:
            statistics["subscriberCount"] = str(counted)
        snippet = {"title": title, "description": "", "publishedAt": "2019-02-03T04:05:06.789Z", "country": "CH"}
        whole = {"snippet": snippet, "statistics": statistics}
        return {"kind": "youtube#channel", "etag": "e", "id": channel, **{p: v for p, v in whole.items() if p in parts}}

    def _video(self, video: str, parts: set[str], now: datetime) -> dict[str, Any]:
        title, *_, likes_hidden = VIDEOS[video]
        views = self._video_views[video].at(now)
        likes = None if likes_hidden else views // 40
        row = (video, now.replace(microsecond=0), title, views, likes, views // 300)
        self._seen.append(dict(zip(_VIDEO_COLUMNS, row, strict=True)))
        statistics = {"viewCount": str(views), "favoriteCount": "0", "commentCount": str(views // 300)}
        if likes is not None:
            statistics["likeCount"] = str(likes)
        snippet = {"title": title, "channelId": next(iter(CHANNELS)), "publishedAt": "2026-06-03T04:05:06Z"}
        whole = {"snippet": snippet, "statistics": statistics}
        return {"kind": "youtube#video", "etag": "e", "id": video, **{p: v for p, v in whole.items() if p in parts}}

    def ledger(self, until: datetime) -> Sequence[Book]:
        """Answer every look at the channels that was served, and every day that is ready."""
        rows = [row for row in self._served if row["observed_at"] <= until]
        seen = [row for row in self._seen if row["observed_at"] <= until]
        return [
            Book("youtube_channels", _COLUMNS, ("channel_id", "observed_at"), rows),
            Book("youtube_videos", _VIDEO_COLUMNS, ("video_id", "observed_at"), seen),
            self.reports.ledger(until),
        ]

    def minimum(self, until: datetime) -> Mapping[str, int]:
        """Answer a unit for each look at the channels or the videos, a report for each that told of a new day."""
        looks = sum(
            len({row["observed_at"] for row in rows if row["observed_at"] <= until})
            for rows in (self._served, self._seen)
        )
        return {unit: least for unit, least in (("units", looks), ("reports", self.reports.needed)) if least}

    def refusal(self, kind: str, seconds: float, now: datetime) -> Response | None:
        """Say no as Google does."""
        match kind:
            case "rate_limit":
                return _error(403, "User Rate Limit Exceeded", "userRateLimitExceeded")
            case "quota":
                return _error(403, "You have exceeded your quota.", "quotaExceeded")
            case "credentials":
                return _error(400, "API key not valid. Please pass a valid API key.", "badRequest")
            case "forbidden":
                return _error(403, "Access Not Configured. YouTube Data API has not been used.", "accessNotConfigured")
            case "unavailable":
                return _error(503, "The service is currently unavailable.", "backendError")
        return None


def rounded(count: int) -> int:
    """Round as YouTube does: down to three digits.

    >>> rounded(12_345), rounded(999)
    (12300, 999)
    """
    step: int = 10 ** max(0, len(str(count)) - 3)
    return count // step * step


def _error(status: int, message: str, reason: str) -> Response:
    each = {"message": message, "domain": "youtube", "reason": reason}
    return JSONResponse({"error": {"code": status, "message": message, "errors": [each]}}, status)
