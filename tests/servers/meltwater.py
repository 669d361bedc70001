"""Meltwater's API v3, as far as Headwater asks it: the approximate count of a search, and its documents by the page.

Every document that is answered is billed, as often as it is. Ten pages of a hundred are all that a query can see.
Of the data's faults it makes ``late``, ``repeated`` and ``shifted``; it neither restates documents nor thinks in days.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from tests.servers.clock import VirtualClock
from tests.servers.company import HISTORY, HOUR
from tests.servers.meltwater_facts import SEARCHES, Document, documents
from tests.servers.vendor import Bill, Book, DataFaults

MOST, PAGE_SIZE = 1_000, 100
DOCUMENTS_A_MONTH = 30_000
_COLUMNS = (
    "search_id",
    "document_id",
    "published_at",
    "url",
    "source_name",
    "source_type",
    "country_code",
    "language_code",
    "reach",
    "engagement",
    "sentiment",
)


class Meltwater:
    """The vendor. ``bursts`` sets how many documents a search finds in an hour."""

    name: ClassVar[str] = "meltwater"
    secret: ClassVar[Mapping[str, str]] = {"token": "demo-key-of-meltwater"}

    def __init__(self, seed: int, anchor: datetime, clock: VirtualClock, faults: DataFaults) -> None:
        self.bill = Bill()
        self.bursts: dict[tuple[int, datetime], int] = {}
        self._seed, self._anchor, self._clock, self._faults = seed, anchor, clock, faults
        self._served: set[tuple[int, str]] = set()
        self._by_month: dict[str, int] = {}

    def routes(self) -> Sequence[BaseRoute]:
        """Answer its paths."""
        return [
            Route("/v3/searches/{search:int}/count", self._count),
            Route("/v3/search/{search:int}", self._search, methods=["POST"]),
        ]

    async def _count(self, request: Request) -> Response:
        search = request.path_params["search"]
        if refused := self._refused(request, search):
            return refused
        asked = request.query_params
        found = list(self._visible(search, _zoned(asked["start_date"]), _zoned(asked["end_date"])))
        self.bill.free["calls"] += 1
        return JSONResponse({"count": {"total": _about(len(found), asked["start_date"])}})

    async def _search(self, request: Request) -> Response:
        search, asked = request.path_params["search"], await request.json()
        if refused := self._refused(request, search):
            return refused
        page, size = asked.get("page", 1), asked.get("page_size", PAGE_SIZE)
        if not 1 <= page <= MOST // PAGE_SIZE or not 1 <= size <= PAGE_SIZE or asked.get("tz") != "UTC":
            return _errors(400, "ValidationFailed", "page is 1 to 10, page_size at most 100")
        found = list(self._visible(search, _zoned(asked["start"]), _zoned(asked["end"])))
        if page > 1 and self._faults.data(self.name, "shifted"):
            found.insert(0, replace(found[0], identity=f"{found[0].identity}-shifted"))
        shown = [document.as_answer() for document in found[(page - 1) * size : page * size]]
        if shown and self._faults.data(self.name, "repeated"):
            shown = [shown[0], *shown]
        month = f"{self._clock():%Y-%m}"
        if self._by_month.get(month, 0) + len(shown) > DOCUMENTS_A_MONTH:
            self.bill.refused["documents"] += len(shown)
            return _quota_used()
        self._by_month[month] = self._by_month.get(month, 0) + len(shown)
        self.bill.billed["documents"] += len(shown)
        self._served |= {(search, d["id"]) for d in shown}
        result = {"document_count": len(found), "documents": shown, "page": page, "page_size": size}
        return JSONResponse({"request_id": "1", "result": result})

    def _refused(self, request: Request, search: int) -> Response | None:
        if request.headers.get("apikey") != self.secret["token"]:
            self.bill.refused["calls"] += 1
            return _errors(401, "Unauthorized", "Invalid or expired authorization header")
        return None if search in SEARCHES else _errors(404, "NotFound", "There is no such search")

    def _found(self, search: int, start: datetime, end: datetime) -> Iterator[Document]:
        hour = start.replace(minute=0, second=0, microsecond=0)
        while hour < end:
            for document in documents(self._seed, self._anchor, search, hour, self.bursts.get((search, hour), 0)):
                if start <= document.published_at < end:
                    yield document
            hour += HOUR

    def _visible(self, search: int, start: datetime, end: datetime) -> Iterator[Document]:
        late = self._faults.data(self.name, "late")
        for document in self._found(search, start, end):
            if document.published_at + (document.delay if late else timedelta()) <= self._clock():
                yield document

    def ledger(self, until: datetime) -> Sequence[Book]:
        """Answer every document of the history, which begins with a day: a source's ``start`` is a date."""
        begin = (self._anchor - HISTORY).replace(hour=0, minute=0, second=0, microsecond=0)
        found = (d for search in SEARCHES for d in self._found(search, begin, until))
        return [Book("meltwater_mentions", _COLUMNS, ("search_id", "document_id"), [_row(d) for d in found])]

    def minimum(self, until: datetime) -> Mapping[str, int]:
        """Answer a document for each that was asked for, once; counting is free."""
        return {"documents": len(self._served)}

    def refusal(self, kind: str, seconds: float, now: datetime) -> Response | None:
        """Say no as Meltwater does."""
        match kind:
            case "rate_limit":
                return _errors(429, "TooManyRequests", "Rate limit exceeded", {"retry-after": str(int(seconds))})
            case "quota":
                return _quota_used()
            case "credentials":
                return _errors(401, "Unauthorized", "Invalid or expired authorization header")
            case "forbidden":
                return _errors(403, "Forbidden", "Your plan does not hold this")
            case "unavailable":
                return _errors(503, "ServiceUnavailable", "Try again later")
        return None


def _about(total: int, salt: str) -> int:
    """Answer an approximate count: up to two in a hundred beside the truth."""
    wrong = hashlib.sha256(f"{salt} {total}".encode()).digest()[0] % 5 - 2
    return max(0, total + total * wrong // 100)


def _zoned(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _row(document: Document) -> dict[str, Any]:
    name, kind, country = document.source
    values = (
        *(str(document.search), document.identity, document.published_at, f"https://press.example/{document.identity}"),
        *(name, kind, country, "de" if country == "de" else "en"),
        *(document.reach, document.engagement, document.sentiment),
    )
    return dict(zip(_COLUMNS, values, strict=True))


def _quota_used() -> Response:
    return _errors(403, "Forbidden", "Your document quota is exceeded")


def _errors(status: int, kind: str, details: str, headers: Mapping[str, str] | None = None) -> Response:
    error = {"type": kind, "title": kind, "details": details}
    return JSONResponse({"type": kind, "errors": [error]}, status, headers)
