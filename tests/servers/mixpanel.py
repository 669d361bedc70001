"""Mixpanel's raw export: service accounts, inclusive dates in the project's zone, ``where``, 60 queries an hour.

Of the data's faults it makes ``late`` (visible up to 55 minutes after they were processed), ``repeated`` and
``terminated_early``. It has no pages that could shift, restates nothing, and knows no days but those of the events.
"""

from __future__ import annotations

import base64
import gzip
import json
import re
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from tests.servers.clock import VirtualClock
from tests.servers.company import HISTORY, HOUR
from tests.servers.mixpanel_facts import Event, taken_in
from tests.servers.vendor import Bill, Book, DataFaults

PROJECT = "2195193"
QUERIES_AN_HOUR, QUERIES_A_SECOND = 60, 3
LATEST = timedelta(minutes=55)
SMALLEST_GZIP = 1_400
_WHERE = re.compile(
    r'properties\["mp_processing_time_ms"\] >= (\d+) and properties\["mp_processing_time_ms"\] < (\d+)', re.ASCII
)
_COLUMNS = ("event", "distinct_id", "insert_id", "happened_at", "processed_at", "os", "country_code")


class Mixpanel:
    """The vendor. ``zone`` is the project's; ``floods`` sets how many events more an hour takes in."""

    name: ClassVar[str] = "mixpanel"
    secret: ClassVar[Mapping[str, str]] = {"username": "headwater.demo", "password": "demo-secret-of-mixpanel"}

    def __init__(self, seed: int, anchor: datetime, clock: VirtualClock, faults: DataFaults) -> None:
        self.bill = Bill()
        self.zone = ZoneInfo("UTC")
        self.floods: dict[datetime, int] = {}
        self._seed, self._anchor, self._clock, self._faults = seed, anchor, clock, faults
        self._queries: deque[datetime] = deque()
        self._asked: set[tuple[str, ...]] = set()

    def routes(self) -> Sequence[BaseRoute]:
        """Answer its paths."""
        return [Route("/api/2.0/export", self._export)]

    async def _export(self, request: Request) -> Response:
        asked = request.query_params
        pair = base64.b64encode(":".join(self.secret.values()).encode()).decode()
        if request.headers.get("authorization") != f"Basic {pair}":
            self.bill.refused["logins"] += 1
            return _error(401, "Invalid service account credentials")
        if asked.get("project_id") != PROJECT:
            return _error(400, "Missing or wrong project_id")
        if refused := self._limited():
            return refused
        first, last = (date.fromisoformat(asked[name]) for name in ("from_date", "to_date"))
        if last > self._clock().astimezone(self.zone).date():
            return _error(400, "to_date cannot be later than today")
        where, limit = _WHERE.fullmatch(asked.get("where", "")), int(asked.get("limit", "100000"))
        if where is None or limit > 100_000:
            return _error(400, "Invalid expression or limit")
        self.bill.billed["calls"] += 1
        self._asked.add(tuple(sorted(asked.values())))
        start, end = (datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=int(ms)) for ms in where.groups())
        found = [e for e in self._visible(start, end) if first <= e.happened_at.astimezone(self.zone).date() <= last]
        return self._answer([self._line(e) for e in found[:limit]], request)

    def _limited(self) -> Response | None:
        now = self._clock()
        while self._queries and now - self._queries[0] >= HOUR:
            self._queries.popleft()
        within = sum(now - at < timedelta(seconds=1) for at in self._queries)
        if len(self._queries) >= QUERIES_AN_HOUR or (self._clock.running and within >= QUERIES_A_SECOND):
            self.bill.refused["calls"] += 1
            return _error(429, "Query rate limit exceeded", {"retry-after": "1"} if within >= QUERIES_A_SECOND else {})
        self._queries.append(now)
        return None

    def _answer(self, found: list[str], request: Request) -> Response:
        if found and self._faults.data(self.name, "repeated"):
            found = [found[0], *found]
        body = "".join(line + "\n" for line in found)
        if self._faults.data(self.name, "terminated_early"):
            body = "".join(line + "\n" for line in found[: len(found) // 2]) + "export terminated early\n"
        content, headers = body.encode(), {}
        if len(content) > SMALLEST_GZIP and "gzip" in request.headers.get("accept-encoding", ""):
            content, headers = gzip.compress(content, mtime=0), {"content-encoding": "gzip"}
        return Response(content, 200, headers, "text/plain")

    def _line(self, event: Event) -> str:
        """Write an event as the export does: its time is the project's wall clock, as if that were UTC."""
        wall = event.happened_at.astimezone(self.zone).replace(tzinfo=UTC)
        properties = {
            "time": int(wall.timestamp()),
            "distinct_id": event.who,
            **{name: value for name, value in event.properties if value is not None},
            "$insert_id": event.insert_id,
            "mp_processing_time_ms": _ms(event.processed_at),
        }
        return json.dumps({"event": event.name, "properties": properties})

    def _taken(self, start: datetime, end: datetime) -> Iterator[Event]:
        hour = start.replace(minute=0, second=0, microsecond=0)
        while hour < end:
            for event in taken_in(self._seed, self._anchor, hour, self.floods.get(hour, 0)):
                if start <= event.processed_at < end:
                    yield event
            hour += HOUR

    def _visible(self, start: datetime, end: datetime) -> Iterator[Event]:
        late = LATEST if self._faults.data(self.name, "late") else timedelta()
        start = max(start, self._anchor - HISTORY)
        for event in self._taken(start, end):
            if event.processed_at + late <= self._clock():
                yield event

    def ledger(self, until: datetime) -> Sequence[Book]:
        """Answer every event, once, however often it was sent."""
        rows = [_row(e) for e in self._taken(self._anchor - HISTORY, until) if not e.again]
        key = ("event", "distinct_id", "insert_id", "happened_at")
        return [Book("mixpanel_events", _COLUMNS, key, rows, windowed_by="processed_at")]

    def minimum(self, until: datetime) -> Mapping[str, int]:
        """Answer a call for each question, once."""
        return {"calls": len(self._asked)}

    def refusal(self, kind: str, seconds: float, now: datetime) -> Response | None:
        """Say no as Mixpanel does."""
        match kind:
            case "rate_limit":
                told = {"retry-after": str(int(seconds))} if seconds else {}
                return _error(429, "Query rate limit exceeded", told)
            case "quota":
                return _error(429, "Query rate limit exceeded, 60 queries per hour")
            case "credentials":
                return _error(401, "Invalid service account credentials")
            case "forbidden":
                return _error(403, "The service account has no access to this project")
            case "version":
                return _error(404, "This version of the API is no longer served")
            case "unavailable":
                return _error(503, "Service unavailable, try again later")
        return None


def _error(status: int, words: str, headers: Mapping[str, str] | None = None) -> Response:
    return JSONResponse({"request": "/api/2.0/export", "error": words, "status": "error"}, status, headers)


def _ms(at: datetime) -> int:
    return int(at.timestamp()) * 1000 + at.microsecond // 1000


def _row(event: Event) -> dict[str, Any]:
    properties = dict(event.properties)
    return {
        "event": event.name,
        "distinct_id": event.who,
        "insert_id": event.insert_id,
        "happened_at": event.happened_at,
        "processed_at": event.processed_at,
        "os": properties.get("$os"),
        "country_code": properties.get("mp_country_code"),
    }
