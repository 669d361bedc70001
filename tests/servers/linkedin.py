"""LinkedIn's REST API, as far as Headwater asks it: followers in total and by day, versions that end, tokens renewed.

Days are answered between twelve months ago and two days ago, else 400. Faults of the data: ``fewer_days`` (the newest
day of a range is not there yet), ``repeated`` (a day twice). Not made: ``shifted`` (no pages), ``late`` (a day is there
or not: ``fewer_days``), ``restated`` (gains stay), ``terminated_early`` (Mixpanel's).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, ClassVar
from urllib.parse import parse_qs, unquote

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from tests.servers.clock import VirtualClock
from tests.servers.growth import Growth
from tests.servers.linkedin_facts import ORGANISATIONS, gains
from tests.servers.vendor import Bill, Book, DataFaults

CALLS_A_DAY = 500
TOKEN_LIVES = timedelta(days=60)
REFRESH_LIVES = timedelta(days=365)
DAY = timedelta(days=1)
_COLUMNS = ("organisation", "observed_at", "followers")
_DAY_COLUMNS = ("organisation", "day", "organic_gain", "paid_gain")
_ASKED = re.compile(
    r"q=organizationalEntity&organizationalEntity=([^&:]+)"
    r"&timeIntervals=\(timeRange:\(start:(\d{1,14}),end:(\d{1,14})\),timeGranularityType:DAY\)"
)
"""Rest.li 2.0: the structure's parentheses and colons as they are, those of a value escaped."""


class Linkedin:
    """The vendor."""

    name: ClassVar[str] = "linkedin"
    secret: ClassVar[Mapping[str, str]] = {
        "client_id": "demo-app",
        "client_secret": "demo-app-secret",
        "refresh_token": "demo-refresh-of-linkedin",
        "token": "demo-token-of-linkedin",
    }

    def __init__(self, seed: int, anchor: datetime, clock: VirtualClock, faults: DataFaults) -> None:
        self.bill = Bill()
        self._seed, self._clock, self._faults = seed, clock, faults
        self._followers = {u: Growth(f"{seed} li {u}", anchor, *given) for u, given in ORGANISATIONS.items()}
        self._used: Counter[str] = Counter()
        self._ends: dict[str, datetime] = {self.secret["token"]: clock() + TOKEN_LIVES}
        self._served: list[dict[str, Any]] = []
        self._days: set[tuple[str, date]] = set()
        self._needed = 0

    def routes(self) -> Sequence[BaseRoute]:
        """Answer its paths."""
        return [
            Route("/rest/networkSizes/{urn}", self._size),
            Route("/rest/organizationalEntityFollowerStatistics", self._statistics),
            Route("/oauth/v2/accessToken", self._renew, methods=["POST"]),
        ]

    async def _renew(self, request: Request) -> Response:
        form = {name: values[0] for name, values in parse_qs((await request.body()).decode()).items()}
        wanted = {name: self.secret[name] for name in ("client_id", "client_secret", "refresh_token")}
        if form != {"grant_type": "refresh_token", **wanted}:
            said = {"error": "invalid_grant", "error_description": "The provided authorization grant is invalid."}
            return JSONResponse(said, 400)
        token = f"{self.secret['token']}-{len(self._ends)}"
        self._ends[token] = self._clock() + TOKEN_LIVES
        self.bill.free["renewals"] += 1
        return JSONResponse(
            {
                "access_token": token,
                "expires_in": int(TOKEN_LIVES.total_seconds()),
                "refresh_token": self.secret["refresh_token"],
                "refresh_token_expires_in": int(REFRESH_LIVES.total_seconds()),
            }
        )

    def _refused(self, request: Request, now: datetime) -> Response | None:
        """Refuse a call that may not be made; one that may is billed."""
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        if now >= self._ends.get(token, now):
            self.bill.refused["calls"] += 1
            return _error(401, "INVALID_ACCESS_TOKEN", "Invalid access token")
        if said := _version_problem(request.headers.get("linkedin-version", ""), now):
            self.bill.refused["calls"] += 1
            return said
        if request.headers.get("x-restli-protocol-version") != "2.0.0":
            return _error(400, "ILLEGAL_ARGUMENT", "Syntax exception in path variables")
        day = f"{now.astimezone(UTC):%Y-%m-%d}"
        if self._used[day] >= CALLS_A_DAY:
            self.bill.refused["calls"] += 1
            return _error(429, "TOO_MANY_REQUESTS", "Resource level throttle APPLICATION DAY limit was reached")
        self._used[day] += 1
        self.bill.billed["calls"] += 1
        return None

    async def _size(self, request: Request) -> Response:
        now = self._clock()
        if refused := self._refused(request, now):
            return refused
        if request.query_params.get("edgeType") != "COMPANY_FOLLOWED_BY_MEMBER":
            return _error(400, "ILLEGAL_ARGUMENT", "edgeType is missing or unknown")
        urn = request.path_params["urn"]
        if urn not in ORGANISATIONS:
            return _error(404, "RESOURCE_NOT_FOUND", "Could not find entity")
        followers = self._followers[urn].at(now)
        self._served.append(dict(zip(_COLUMNS, (urn, now.replace(microsecond=0), followers), strict=True)))
        return JSONResponse({"firstDegreeSize": followers})

    async def _statistics(self, request: Request) -> Response:
        now = self._clock()
        if refused := self._refused(request, now):
            return refused
        asked = _ASKED.fullmatch(request.scope["query_string"].decode())
        if asked is None:
            return _error(400, "PARAM_INVALID", "Invalid query parameters passed to request")
        urn, start, end = unquote(asked[1]), int(asked[2]), int(asked[3])
        if urn not in ORGANISATIONS:
            return _error(404, "RESOURCE_NOT_FOUND", "Could not find entity")
        if start >= end or start % 86_400_000 or end % 86_400_000:
            return _error(400, "PARAM_INVALID", "Invalid timeIntervals parameter: time range must be of whole days")
        first, last = _at(start), _at(end) - DAY
        if first < _a_year_before(now) or last + DAY > now - 2 * DAY:
            return _error(400, "PARAM_INVALID", "Invalid timeIntervals parameter: only data of the last 12 months")
        days = [(first + n * DAY).date() for n in range((last - first).days + 1)]
        if self._faults.data(self.name, "fewer_days"):
            days = days[:-1]
        self._needed += any((urn, day) not in self._days for day in days)
        self._days |= {(urn, day) for day in days}
        elements = [self._element(urn, day) for day in days]
        if elements and self._faults.data(self.name, "repeated"):
            elements.append(elements[0])
        return JSONResponse({"paging": {"count": 10, "start": 0, "links": []}, "elements": elements})

    def _element(self, urn: str, day: date) -> dict[str, Any]:
        organic, paid = gains(self._seed, urn, day)
        start = int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()) * 1000
        return {
            "timeRange": {"start": start, "end": start + 86_400_000},
            "followerGains": {"organicFollowerGain": organic, "paidFollowerGain": paid},
            "organizationalEntity": urn,
        }

    def ledger(self, until: datetime) -> Sequence[Book]:
        """Answer every look at the totals that was served, and every day of the last twelve months."""
        looks = [row for row in self._served if row["observed_at"] <= until]
        first = _a_year_before(until)
        days = ((first + n * DAY).date() for n in range((until - 2 * DAY - first) // DAY))
        rows = [(urn, day, *gains(self._seed, urn, day)) for day in days for urn in ORGANISATIONS]
        return [
            Book("linkedin_followers", _COLUMNS, ("organisation", "observed_at"), looks),
            Book(
                "linkedin_follower_days",
                _DAY_COLUMNS,
                ("organisation", "day"),
                [dict(zip(_DAY_COLUMNS, row, strict=True)) for row in rows],
            ),
        ]

    def minimum(self, until: datetime) -> Mapping[str, int]:
        """Answer a call for each look at a total, and for each answer that told of a new day."""
        return {"calls": sum(row["observed_at"] <= until for row in self._served) + self._needed}

    def refusal(self, kind: str, seconds: float, now: datetime) -> Response | None:
        """Say no as LinkedIn does: a 429 names no time."""
        match kind:
            case "rate_limit" | "quota":
                return _error(429, "TOO_MANY_REQUESTS", "Resource level throttle APPLICATION DAY limit was reached")
            case "credentials":
                return _error(401, "EXPIRED_ACCESS_TOKEN", "The token used in the request has expired")
            case "forbidden":
                return _error(403, "ACCESS_DENIED", "Not enough permissions to access: networkSizes.GET")
            case "version":
                return _error(426, "NONEXISTENT_VERSION", "Requested version is not active")
            case "unavailable":
                return _error(500, "INTERNAL_SERVER_ERROR", "Internal Server Error")
        return None


def _a_year_before(now: datetime) -> datetime:
    """The midnight from which on days are answered: that after the same instant of the year before."""
    day = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return day.replace(year=day.year - 1, day=min(day.day, 28) if day.month == 2 else day.day) + DAY


def _version_problem(version: str, now: datetime) -> Response | None:
    """A version lives from its month to the same month of the next year."""
    if not version:
        said = "A version must be present. Please specify a version by adding the header"
        return _error(400, "VERSION_MISSING", said)
    if not f"{now.year - 1}{now:%m}" < version <= f"{now:%Y%m}":
        return _error(426, "NONEXISTENT_VERSION", f"Requested version {version}01 is not active")
    return None


def _at(milliseconds: int) -> datetime:
    return datetime.fromtimestamp(milliseconds // 1000, UTC)


def _error(status: int, code: str, message: str) -> Response:
    return JSONResponse({"status": status, "code": code, "message": message}, status)
