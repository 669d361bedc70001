"""X's API v2, as far as Headwater asks it: accounts by id, bearer tokens, limits a quarter of an hour, reads billed.

It makes none of the faults of the data: it has no pages, no past, and no days.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from tests.servers.clock import VirtualClock
from tests.servers.growth import Growth
from tests.servers.vendor import Bill, Book, DataFaults

CALLS_A_QUARTER = 300
QUARTER = timedelta(minutes=15)
ACCOUNTS = {"2244990001": ("acme", "Acme", 8_410, 21.0), "2244990002": ("acme_dev", "Acme for developers", 2_105, 6.5)}
SUSPENDED = "2244990003"
_MADE = datetime(2014, 5, 6, 7, 8, 9, tzinfo=UTC)
_COLUMNS = ("account_id", "observed_at", "username", "name", "followers", "following", "posts", "listed", "likes")


class X:
    """The vendor."""

    name: ClassVar[str] = "x"
    secret: ClassVar[Mapping[str, str]] = {"token": "demo-bearer-of-x"}

    def __init__(self, seed: int, anchor: datetime, clock: VirtualClock, faults: DataFaults) -> None:
        self.bill = Bill()
        self._clock = clock
        self._followers = {i: Growth(f"{seed} x {i}", anchor, *given[2:]) for i, given in ACCOUNTS.items()}
        self._posts = {i: Growth(f"{seed} x posts {i}", anchor, 3_000, 4.0, 0.0) for i in ACCOUNTS}
        self._used: Counter[int] = Counter()
        self._served: list[dict[str, Any]] = []

    def routes(self) -> Sequence[BaseRoute]:
        """Answer its paths."""
        return [Route("/2/users", self._users)]

    async def _users(self, request: Request) -> Response:
        now = self._clock()
        quarter = int(now.timestamp()) // int(QUARTER.total_seconds())
        limits = _limits(quarter, CALLS_A_QUARTER - self._used[quarter] - 1)
        if request.headers.get("authorization") != f"Bearer {self.secret['token']}":
            self.bill.refused["calls"] += 1
            return _problem(401, "Unauthorized", "Unauthorized")
        if self._used[quarter] >= CALLS_A_QUARTER:
            self.bill.refused["calls"] += 1
            return _problem(429, "Too Many Requests", "Too Many Requests", _limits(quarter, 0))
        self._used[quarter] += 1
        ids = request.query_params.get("ids", "").split(",")
        if not 1 <= len(ids) <= 100 or not all(i.isdigit() for i in ids):
            return _problem(400, "Invalid Request", "One or more parameters to your request was invalid.", limits)
        wanted = set(request.query_params.get("user.fields", "").split(","))
        users = [self._user(i, now, wanted) for i in ids if i in ACCOUNTS]
        self.bill.billed["reads"] += len(users)
        self.bill.billed["calls"] += 1
        errors = [_unknown(i) for i in ids if i not in ACCOUNTS]
        answer = ({"data": users} if users else {}) | ({"errors": errors} if errors else {})
        return JSONResponse(answer, headers=limits)

    def _user(self, account: str, now: datetime, wanted: set[str]) -> dict[str, Any]:
        username, name, *_ = ACCOUNTS[account]
        counts = {
            "followers_count": self._followers[account].at(now),
            "following_count": 312,
            "tweet_count": self._posts[account].at(now),
            "listed_count": 140,
            "like_count": 905,
        }
        made = {"created_at": f"{_MADE:%Y-%m-%dT%H:%M:%S}.000Z", "public_metrics": counts, "verified": False}
        observed_at = now.replace(microsecond=0)
        row = (account, observed_at, username, name, *counts.values())
        self._served.append(dict(zip(_COLUMNS, row, strict=True)))
        return {"id": account, "name": name, "username": username, **{f: v for f, v in made.items() if f in wanted}}

    def ledger(self, until: datetime) -> Sequence[Book]:
        """Answer everything that was served: no past can be asked for."""
        rows = [row for row in self._served if row["observed_at"] <= until]
        return [Book("x_accounts", _COLUMNS, ("account_id", "observed_at"), rows)]

    def minimum(self, until: datetime) -> Mapping[str, int]:
        """Answer a read for each row of the ledger."""
        rows = self.ledger(until)[0].rows
        return {"reads": len(rows), "calls": len({row["observed_at"] for row in rows})}

    def refusal(self, kind: str, seconds: float, now: datetime) -> Response | None:
        """Say no as X does."""
        reset = {"x-rate-limit-limit": "300", "x-rate-limit-remaining": "0"}
        reset["x-rate-limit-reset"] = str(int(now.timestamp() + seconds))
        match kind:
            case "rate_limit":
                return _problem(429, "Too Many Requests", "Too Many Requests", reset)
            case "quota":
                return _problem(429, "UsageCapExceeded", "Usage cap exceeded: Monthly product cap", reset)
            case "credentials":
                return _problem(401, "Unauthorized", "Unauthorized")
            case "forbidden":
                detail = "When authenticating requests to the X API v2 endpoints, you must use keys of a developer App."
                return _problem(403, "Client Forbidden", detail)
            case "unavailable":
                return _problem(503, "Service Unavailable", "Service Unavailable")
        return None


def _limits(quarter: int, left: int) -> dict[str, str]:
    reset = (quarter + 1) * int(QUARTER.total_seconds())
    return {
        "x-rate-limit-limit": str(CALLS_A_QUARTER),
        "x-rate-limit-remaining": str(left),
        "x-rate-limit-reset": str(reset),
    }


def _problem(status: int, title: str, detail: str, headers: Mapping[str, str] | None = None) -> Response:
    return JSONResponse({"title": title, "detail": detail, "type": "about:blank", "status": status}, status, headers)


def _unknown(account: str) -> dict[str, str]:
    why = "has been suspended" if account == SUSPENDED else "could not be found"
    return {
        "value": account,
        "detail": f"User {why}: [{account}].",
        "title": "Forbidden" if account == SUSPENDED else "Not Found Error",
        "resource_type": "user",
        "parameter": "ids",
        "resource_id": account,
    }
