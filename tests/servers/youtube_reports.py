"""Google's YouTube Analytics API v2 and its OAuth, as far as Headwater asks them: reports by day, access for an hour.

Answers have the shapes of the API's discovery document. A report stops at the last day that is ready, and says nothing.
Faults of the data: ``fewer_days`` (two days fewer than are ready), ``repeated`` (a row twice), ``restated`` (every day
of the last week gains views). Not made: ``shifted`` (a report has no pages), ``late`` (a day is ready or not:
``fewer_days``), ``terminated_early`` (Mixpanel's).
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import astuple
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from tests.servers.clock import VirtualClock
from tests.servers.company import HISTORY
from tests.servers.vendor import Bill, Book, DataFaults
from tests.servers.youtube_facts import CHANNELS, RESTATED_FOR, Day, ready, shown

TOKEN_LIVES = timedelta(hours=1)
STILL_ASKED = timedelta(days=12)
"""For so long after a day is ready a client that watches for restatements has not asked for it the last time."""

METRICS = {
    "views": "INTEGER",
    "estimatedMinutesWatched": "INTEGER",
    "averageViewDuration": "INTEGER",
    "averageViewPercentage": "FLOAT",
    "subscribersGained": "INTEGER",
    "subscribersLost": "INTEGER",
    "likes": "INTEGER",
    "comments": "INTEGER",
    "shares": "INTEGER",
}
PARAMETERS = {"ids", "startDate", "endDate", "metrics", "dimensions", "sort"}
_COLUMNS = ("channel_id", "day", "views", "watch_time_minutes", "average_view_duration_s", "average_view_percentage")
_MORE_COLUMNS = ("subscribers_gained", "subscribers_lost", "likes", "comments", "shares")
_FRACTIONS = ("watch_time_minutes", "average_view_duration_s")


class Reports:
    """The part of the vendor that knows the past."""

    def __init__(self, seed: int, anchor: datetime, clock: VirtualClock, faults: DataFaults, bill: Bill) -> None:
        self._seed, self._clock, self._faults, self._bill = seed, clock, faults, bill
        self._begin = (anchor - HISTORY).date()
        self._ends: dict[str, datetime] = {}
        self._served: dict[tuple[str, date], tuple[datetime, Day]] = {}
        self._found: list[datetime] = []
        self.needed = 0

    async def renew(self, request: Request, secret: Mapping[str, str]) -> Response:
        """Give a new access token for the refresh token."""
        form = {name: values[0] for name, values in parse_qs((await request.body()).decode()).items()}
        if {form.get(name) for name in ("client_id", "client_secret")} != {
            secret["client_id"],
            secret["client_secret"],
        }:
            return JSONResponse({"error": "invalid_client", "error_description": "Unauthorized"}, 401)
        if form.get("grant_type") != "refresh_token" or form.get("refresh_token") != secret["refresh_token"]:
            said = "Token has been expired or revoked."
            return JSONResponse({"error": "invalid_grant", "error_description": said}, 400)
        token = f"demo-access-of-youtube-{len(self._ends) + 1}"
        self._ends[token] = self._clock() + TOKEN_LIVES
        self._bill.free["renewals"] += 1
        scope = "https://www.googleapis.com/auth/yt-analytics.readonly"
        lives_s = int(TOKEN_LIVES.total_seconds())
        return JSONResponse({"access_token": token, "expires_in": lives_s, "scope": scope, "token_type": "Bearer"})

    async def query(self, request: Request) -> Response:
        """Answer a report."""
        now, asked = self._clock(), dict(request.query_params)
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        if self._ends.get(token, now) <= now:
            self._bill.refused["reports"] += 1
            return error(401, "UNAUTHENTICATED", "Request had invalid authentication credentials.")
        self._bill.billed["reports"] += 1
        channel = asked.get("ids", "").removeprefix("channel==")
        if channel not in CHANNELS:
            return error(403, "PERMISSION_DENIED", "Forbidden")
        metrics = asked.get("metrics", "").split(",")
        known = set(metrics) <= METRICS.keys() and asked.keys() <= PARAMETERS and asked.get("dimensions") == "day"
        try:
            first, last = date.fromisoformat(asked["startDate"]), date.fromisoformat(asked["endDate"])
        except (KeyError, ValueError):
            known = False
        if not known or first > last:
            return error(400, "INVALID_ARGUMENT", "The query is not supported.")
        return JSONResponse(self._report(channel, metrics, first, last, now))

    def _report(self, channel: str, metrics: list[str], first: date, last: date, now: datetime) -> dict[str, Any]:
        if self._faults.data("youtube", "restated"):
            self._found.append(now)
        days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
        days = [day for day in days if day >= self._begin and ready(day) <= now]
        if self._faults.data("youtube", "fewer_days"):
            days = [day for day in days if ready(day) <= now - timedelta(days=2)]
        self.needed += any((channel, day) not in self._served for day in days)
        rows = []
        for day in days:
            facts = self._shown(channel, day, now)
            self._served[channel, day] = (now, facts)
            values = dict(zip(METRICS, astuple(facts), strict=True))
            rows.append([day.isoformat(), *(values[metric] for metric in metrics)])
        if rows and self._faults.data("youtube", "repeated"):
            rows.append(rows[0])
        random.Random(f"{now} {channel}").shuffle(rows)
        headers = [{"name": "day", "columnType": "DIMENSION", "dataType": "STRING"}]
        headers += [{"name": name, "columnType": "METRIC", "dataType": METRICS[name]} for name in metrics]
        answer: dict[str, Any] = {"kind": "youtubeAnalytics#resultTable", "columnHeaders": headers}
        return answer | ({"rows": rows} if rows else {})

    def _shown(self, channel: str, day: date, now: datetime) -> Day:
        more = sum(1 for found in self._found if ready(day) <= found <= ready(day) + RESTATED_FOR)
        return shown(self._seed, channel, day, now, more)

    def ledger(self, until: datetime) -> Book:
        """Answer every day that is ready: as it was told last while that can change, else as it is in the end."""
        days = (self._begin + timedelta(days=n) for n in range((until.date() - self._begin).days + 1))
        rows = [self._row(channel, day, until) for day in days if ready(day) <= until for channel in CHANNELS]
        return Book("youtube_channel_days", (*_COLUMNS, *_MORE_COLUMNS), ("channel_id", "day"), rows)

    def _row(self, channel: str, day: date, until: datetime) -> dict[str, Any]:
        facts = self._shown(channel, day, until)
        told = self._served.get((channel, day))
        if told and until <= ready(day) + STILL_ASKED:
            facts = told[1]
        row = dict(zip((*_COLUMNS, *_MORE_COLUMNS), (channel, day, *astuple(facts)), strict=True))
        return row | {name: float(row[name]) for name in _FRACTIONS}


def error(status: int, name: str, message: str, reason: str = "") -> Response:
    """Say no as Google's newer APIs do (google.rpc.Status)."""
    said: dict[str, Any] = {"code": status, "message": message, "status": name}
    if reason:
        kind = "type.googleapis.com/google.rpc.ErrorInfo"
        said["details"] = [{"@type": kind, "reason": reason, "domain": "googleapis.com"}]
    return JSONResponse({"error": said}, status)
