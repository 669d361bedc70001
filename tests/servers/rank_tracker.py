"""A rank tracker in the shape of Pro Rank Tracker's API v3: tracked pages, and each one's history by the page of terms.

Of the data's faults it makes ``repeated`` (a check twice) and ``late`` (a day's checks come up to ten hours after its
end). It restates nothing, its terms keep their order, and a day without a check is no fault of a rank tracker's.
Histories are billed by the call; the list is free.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from tests.servers.clock import VirtualClock
from tests.servers.company import HISTORY
from tests.servers.rank_tracker_facts import DAY, ENGINE, PAGES, Check, checks, keywords, shares
from tests.servers.vendor import Bill, Book, DataFaults

LATE = timedelta(hours=10)
_POSITIONS = ("url", "brand", "keyword", "engine", "position", "checked_at")
_SHARES = ("brand", "clicks", "clicks_of_all", "share", "ranked_keywords", "tracked_keywords", "day_start")


class RankTracker:
    """The vendor."""

    name: ClassVar[str] = "rank"
    secret: ClassVar[Mapping[str, str]] = {"token": "demo-token-of-the-rank-tracker"}

    def __init__(self, seed: int, anchor: datetime, clock: VirtualClock, faults: DataFaults) -> None:
        self.bill = Bill()
        self._seed, self._anchor, self._clock, self._faults = seed, anchor, clock, faults
        self._asked: set[str] = set()

    def routes(self) -> Sequence[BaseRoute]:
        """Answer its paths."""
        return [Route("/v3/util/urls", self._urls), Route("/v3/urls/history/{page:int}", self._history)]

    async def _urls(self, request: Request) -> Response:
        if refused := self._refused(request):
            return refused
        self.bill.free["calls"] += 1
        return JSONResponse({"urls": [{"id": i, "url": url, "name": brand} for i, url, brand, _, _ in PAGES]})

    async def _history(self, request: Request) -> Response:
        if refused := self._refused(request):
            return refused
        page, asked = request.path_params["page"], request.query_params
        if page not in {i for i, *_ in PAGES}:
            return JSONResponse({"message": "no such url"}, 404)
        size, number = int(asked["per_page"]), int(asked.get("page", "1"))
        if not 1 <= size <= 100:
            return JSONResponse({"message": "per_page is 1 to 100"}, 400)
        self.bill.billed["calls"] += 1
        self._asked.add(str(request.url))
        late = LATE if self._faults.data(self.name, "late") else timedelta()
        by_term: dict[str, list[dict[str, Any]]] = {term: [] for term in keywords(page)}
        for check in self._checks(page, _day(asked["from"]), _day(asked["to"]) + DAY):
            if check.day + late <= self._clock():
                by_term[check.keyword].append({"checked": f"{check.day:%Y-%m-%d}", "rank": check.said})
        if self._faults.data(self.name, "repeated"):
            by_term = {term: [*history[:1], *history] for term, history in by_term.items()}
        terms = [{"term": term, "engine": ENGINE, "rankhistory": found} for term, found in by_term.items()]
        return JSONResponse({"id": page, "terms": terms[(number - 1) * size : number * size]})

    def _refused(self, request: Request) -> Response | None:
        if request.headers.get("x-token") == self.secret["token"]:
            return None
        self.bill.refused["calls"] += 1
        return JSONResponse({"message": "Invalid token"}, 401)

    def _checks(self, page: int, start: datetime, end: datetime) -> Iterator[Check]:
        day = start
        while day < end:
            yield from checks(self._seed, self._anchor, page, day)
            day += DAY

    def ledger(self, until: datetime) -> Sequence[Book]:
        """Answer every check of the history, and the shares of voice that follow from it."""
        positions, of_days = [], []
        day = self._anchor.replace(hour=0, minute=0, second=0, microsecond=0) - HISTORY
        while day < until:
            found = [c for page, *_ in PAGES for c in checks(self._seed, self._anchor, page, day)]
            positions += [dict(zip(_POSITIONS, _values(check), strict=True)) for check in found]
            of_days += shares(found) if found else []
            day += DAY
        return [
            Book("rank_tracker_positions", _POSITIONS, ("url", "keyword", "checked_at"), positions),
            Book("rank_tracker_shares", _SHARES, ("brand", "day_start"), of_days),
        ]

    def minimum(self, until: datetime) -> Mapping[str, int]:
        """Answer a call for each page of a history that was asked for, once."""
        return {"calls": len(self._asked)}

    def refusal(self, kind: str, seconds: float, now: datetime) -> Response | None:
        """Say no as rank trackers do."""
        match kind:
            case "rate_limit" | "quota":
                return JSONResponse({"message": "Too many requests"}, 429, {"retry-after": str(int(seconds))})
            case "credentials":
                return JSONResponse({"message": "Invalid token"}, 401)
            case "forbidden":
                return JSONResponse({"message": "Your plan has no API"}, 403)
        return None


def _day(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def _values(check: Check) -> tuple[Any, ...]:
    return check.page, check.brand, check.keyword, ENGINE, check.position, check.day
