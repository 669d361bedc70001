"""LinkedIn's REST API, as far as Headwater asks it: followers in total and by day, versions that end, tokens renewed.

Days are answered between twelve months ago and two days ago, else 400. Faults of the data: ``fewer_days`` (the newest
day of a range is not there yet), ``repeated`` (a day twice). Not made: ``shifted`` (no pages), ``late`` (a day is there
or not: ``fewer_days``), ``restated`` (gains stay), ``terminated_early`` (Mixpanel's).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from tests.servers.clock import VirtualClock
from tests.servers.linkedin_facts import ORGANISATIONS
from tests.servers.linkedin_statistics import Statistics, error
from tests.servers.vendor import Bill, Book, DataFaults

CALLS_A_DAY = 500
TOKEN_LIVES = timedelta(days=60)
REFRESH_LIVES = timedelta(days=365)
_COLUMNS = ("organisation", "observed_at", "followers")


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
        self._clock = clock
        self._followed = Statistics(seed, anchor, faults)
        self._used: Counter[str] = Counter()
        self._ends: dict[str, datetime] = {self.secret["token"]: clock() + TOKEN_LIVES}
        self._served: list[dict[str, Any]] = []

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
            return error(401, "INVALID_ACCESS_TOKEN", "Invalid access token")
        if said := _version_problem(request.headers.get("linkedin-version", ""), now):
            self.bill.refused["calls"] += 1
            return said
        if request.headers.get("x-restli-protocol-version") != "2.0.0":
            return error(400, "ILLEGAL_ARGUMENT", "Syntax exception in path variables")
        day = f"{now.astimezone(UTC):%Y-%m-%d}"
        if self._used[day] >= CALLS_A_DAY:
            self.bill.refused["calls"] += 1
            return error(429, "TOO_MANY_REQUESTS", "Resource level throttle APPLICATION DAY limit was reached")
        self._used[day] += 1
        self.bill.billed["calls"] += 1
        return None

    async def _size(self, request: Request) -> Response:
        now = self._clock()
        if refused := self._refused(request, now):
            return refused
        if request.query_params.get("edgeType") != "COMPANY_FOLLOWED_BY_MEMBER":
            return error(400, "ILLEGAL_ARGUMENT", "edgeType is missing or unknown")
        urn = request.path_params["urn"]
        if urn not in ORGANISATIONS:
            return error(404, "RESOURCE_NOT_FOUND", "Could not find entity")
        followers = self._followed.total(urn, now)
        self._served.append(dict(zip(_COLUMNS, (urn, now.replace(microsecond=0), followers), strict=True)))
        return JSONResponse({"firstDegreeSize": followers})

    async def _statistics(self, request: Request) -> Response:
        now = self._clock()
        return self._refused(request, now) or self._followed.answer(request.scope["query_string"].decode(), now)

    def ledger(self, until: datetime) -> Sequence[Book]:
        """Answer every look at the totals that was served, and what the statistics know."""
        looks = [row for row in self._served if row["observed_at"] <= until]
        totals = Book("linkedin_followers", _COLUMNS, ("organisation", "observed_at"), looks)
        return [totals, *self._followed.ledger(until)]

    def minimum(self, until: datetime) -> Mapping[str, int]:
        """Answer a call for each look at a total or at segments, and for each answer that told of a new day."""
        return {"calls": len(self._served) + self._followed.needed}

    def refusal(self, kind: str, seconds: float, now: datetime) -> Response | None:
        """Say no as LinkedIn does: a 429 names no time."""
        match kind:
            case "rate_limit" | "quota":
                return error(429, "TOO_MANY_REQUESTS", "Resource level throttle APPLICATION DAY limit was reached")
            case "credentials":
                return error(401, "EXPIRED_ACCESS_TOKEN", "The token used in the request has expired")
            case "forbidden":
                return error(403, "ACCESS_DENIED", "Not enough permissions to access: networkSizes.GET")
            case "version":
                return error(426, "NONEXISTENT_VERSION", "Requested version is not active")
            case "unavailable":
                return error(500, "INTERNAL_SERVER_ERROR", "Internal Server Error")
        return None


def _version_problem(version: str, now: datetime) -> Response | None:
    """A version lives from its month to the same month of the next year."""
    if not version:
        said = "A version must be present. Please specify a version by adding the header"
        return error(400, "VERSION_MISSING", said)
    if not f"{now.year - 1}{now:%m}" < version <= f"{now:%Y%m}":
        return error(426, "NONEXISTENT_VERSION", f"Requested version {version}01 is not active")
    return None
