"""GitHub's REST API for the demo company, as far as Headwater asks it, with its limits, ETags and page links."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.servers.clock import VirtualClock
from tests.servers.company import STARTS, Company
from tests.servers.deliveries import Deliveries
from tests.servers.payloads import repository_json, stamp
from tests.servers.vendor import Book

QUOTA = 5_000
_COLUMNS = ("window_start", "repository", "stars", "forks", "watchers")
Handler = Callable[[Request], Awaitable[Response]]


@dataclass(slots=True)
class Bill:
    """What was asked, and what of it counted against the quota: an unchanged answer is free."""

    hour: int = 0
    used: int = 0
    billed: Counter[str] = field(default_factory=Counter)
    free: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)


class GithubApi:
    """The routes and their state."""

    def __init__(self, company: Company, clock: VirtualClock, deliveries: Deliveries, token: str) -> None:
        self._company = company
        self._clock = clock
        self._deliveries = deliveries
        self._token = token
        self.bill = Bill()
        self._looks: dict[tuple[datetime, str], dict[str, Any]] = {}

    def ledger(self) -> Book:
        """Answer what was shown of each repository, by the hour at whose end somebody looked."""
        return Book("github_repository_stats", _COLUMNS, _COLUMNS[:2], list(self._looks.values()), "window_start")

    def routes(self) -> list[Route]:
        """Answer the routes, each behind authentication and the quota."""
        repo = "/repos/{owner}/{name}"
        hook = repo + "/hooks/{hook:int}/deliveries"
        return [
            Route(repo, self._guarded(self._repository)),
            Route(f"{repo}/pulls", self._guarded(self._pulls)),
            Route(hook, self._guarded(self._list_deliveries)),
            Route(f"{hook}/{{delivery:int}}/attempts", self._guarded(self._redeliver), methods=["POST"]),
            Route("/{anything:path}", self._guarded(self._unknown), methods=["GET", "POST"]),
        ]

    def _guarded(self, answer: Handler) -> Handler:
        async def guarded(request: Request) -> Response:
            path = request.url.path
            if request.headers.get("authorization") not in {f"Bearer {self._token}", f"token {self._token}"}:
                self.bill.refused[path] += 1
                return JSONResponse({"message": "Bad credentials", "status": "401"}, 401)
            self._renew()
            if self.bill.used >= QUOTA:
                self.bill.refused[path] += 1
                response: Response = JSONResponse({"message": "API rate limit exceeded for user ID 1."}, 403)
            else:
                response = self._unless_unchanged(request, await answer(request))
                self._charge(path, free=response.status_code == 304)
            response.headers.update(self._limits())
            return response

        return guarded

    def _renew(self) -> None:
        hour = int(self._clock().timestamp()) // 3600
        if hour != self.bill.hour:
            self.bill.hour, self.bill.used = hour, 0

    def _charge(self, path: str, *, free: bool) -> None:
        if free:
            self.bill.free[path] += 1
            return
        self.bill.used += 1
        self.bill.billed[path] += 1

    def _limits(self) -> dict[str, str]:
        return {
            "x-ratelimit-limit": str(QUOTA),
            "x-ratelimit-remaining": str(max(0, QUOTA - self.bill.used)),
            "x-ratelimit-used": str(self.bill.used),
            "x-ratelimit-reset": str((self.bill.hour + 1) * 3600),
            "x-ratelimit-resource": "core",
        }

    def _unless_unchanged(self, request: Request, response: Response) -> Response:
        if response.status_code != 200:
            return response
        tag = f'W/"{hashlib.sha256(bytes(response.body) + response.headers.get("link", "").encode()).hexdigest()}"'
        if request.headers.get("if-none-match") == tag:
            return Response(status_code=304, headers={"etag": tag})
        response.headers["etag"] = tag
        return response

    def _name(self, request: Request) -> str | None:
        name = f"{request.path_params['owner']}/{request.path_params['name']}"
        return name if any(s.name == name for s in STARTS) else None

    async def _repository(self, request: Request) -> Response:
        name, now = self._name(request), self._clock()
        if name is None:
            return _not_found()
        shown = repository_json(self._company, name, now)
        begin = now.replace(minute=0, second=0, microsecond=0) - timedelta(hours=1)
        counts = (shown["stargazers_count"], shown["forks_count"], shown["subscribers_count"])
        self._looks.setdefault((begin, name), dict(zip(_COLUMNS, (begin, name, *counts), strict=True)))
        return JSONResponse(shown)

    async def _pulls(self, request: Request) -> Response:
        name = self._name(request)
        if name is None:
            return _not_found()
        numbers = self._company.open_pull_numbers(name, self._clock())
        size = min(100, max(1, int(request.query_params.get("per_page", "30"))))
        page = max(1, int(request.query_params.get("page", "1")))
        shown = numbers[(page - 1) * size : page * size]
        last = -(-len(numbers) // size)
        links = [("next", page + 1), ("last", last)] if page < last else []
        header = ", ".join(f'<{request.url.include_query_params(page=n)}>; rel="{r}"' for r, n in links)
        rows = [{"number": n, "state": "open", "title": f"Pull request {n}"} for n in shown]
        return JSONResponse(rows, headers={"link": header} if header else {})

    async def _list_deliveries(self, request: Request) -> Response:
        name = self._name(request)
        if name is None or request.path_params["hook"] != _hook_of(name):
            return _not_found()
        size = min(100, max(1, int(request.query_params.get("per_page", "30"))))
        found, cursor = self._deliveries.page(name, size, request.query_params.get("cursor"))
        header = {}
        if cursor:
            header = {"link": f'<{request.url.include_query_params(cursor=cursor)}>; rel="next"'}
        return JSONResponse([_delivery_json(d) for d in found], headers=header)

    async def _redeliver(self, request: Request) -> Response:
        name = self._name(request)
        delivery = request.path_params["delivery"]
        if name is None or request.path_params["hook"] != _hook_of(name) or not self._deliveries.known(name, delivery):
            return _not_found()
        await self._deliveries.redeliver(name, delivery)
        return Response(json.dumps({}), 202, media_type="application/json")

    async def _unknown(self, request: Request) -> Response:
        return _not_found()


def _hook_of(name: str) -> int:
    return next(s.hook_id for s in STARTS if s.name == name)


def _not_found() -> Response:
    return JSONResponse({"message": "Not Found", "status": "404"}, 404)


def _delivery_json(attempt: Any) -> dict[str, Any]:
    return {
        "id": attempt.attempt_id,
        "guid": attempt.guid,
        "delivered_at": stamp(attempt.at),
        "redelivery": attempt.redelivery,
        "duration": 0.12,
        "status": "OK" if 200 <= attempt.status_code < 300 else f"Invalid HTTP Response: {attempt.status_code}",
        "status_code": attempt.status_code,
        "event": attempt.event,
        "action": attempt.action,
        "installation_id": None,
        "repository_id": None,
        "throttled_at": None,
    }
