"""The outside world as one ASGI application: GitHub's API for the demo company, its faults, and the controls."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict
from datetime import datetime
from email.utils import format_datetime
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tests.servers.clock import VirtualClock
from tests.servers.company import STARTS, Company
from tests.servers.deliveries import Deliveries, Target
from tests.servers.faults import GITHUB, Faults
from tests.servers.github_api import GithubApi
from tests.servers.payloads import stamp
from tests.servers.receivers import Hooks
from tests.servers.slack import Slack
from tests.servers.vendor import Book, plain
from tests.servers.vendors import VENDORS

OURS = ("/_control/", "/slack/", "/hooks/")
"""Paths that are no vendor's: the controls, and those who get messages, whose faults are their own."""


class World:
    """Everything that a seed and an instant make; ``app`` is what serves it.

    Parameters
    ----------
    seed, now
        Of the company.
    anchor
        The instant that the company's 90 days of history end at; ``now`` unless it is given.
    token
        What GitHub's API accepts.
    target
        Where webhooks are posted to, and their secret.
    live
        Whether what happens from now on is posted as it happens.
    """

    def __init__(
        self,
        seed: int,
        now: datetime,
        *,
        token: str,
        anchor: datetime | None = None,
        target: Target | None = None,
        live: bool = False,
        running: bool = True,
    ) -> None:
        self.clock = VirtualClock(now, running=running)
        self.company = Company(seed, anchor or now)
        self.deliveries = Deliveries(self.company, self.clock, target or Target())
        self.github = GithubApi(self.company, self.clock, self.deliveries, token)
        self._live = live
        self.faults = Faults(self.clock)
        made = (vendor(seed, anchor or now, self.clock, self.faults) for vendor in VENDORS)
        self.vendors = {vendor.name: vendor for vendor in made}
        mounted = [Mount(f"/{vendor.name}", routes=list(vendor.routes())) for vendor in self.vendors.values()]
        self.faults.serve(Starlette(routes=[*mounted, *self.github.routes()]), self.vendors)
        control = [
            Route("/", self._here),
            Route("/_control/clock", self._turn, methods=["GET", "POST"]),
            Route("/_control/faults", self._fault, methods=["GET", "POST", "DELETE"]),
            Route("/_control/target", self._aim, methods=["POST"]),
            Route("/_control/ledger", self._ledger),
            Route("/_control/ledger/{vendor}", self._book),
        ]
        self.slack, self.hooks = Slack(self.clock), Hooks()
        receivers = [Mount("/slack", routes=self.slack.routes()), Mount("/hooks", routes=self.hooks.routes())]
        self._control = Starlette(routes=[*control, *receivers], lifespan=self._lifespan)
        self.app: ASGIApp = self._dispatch

    async def _dispatch(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send a request on, and date its answer by the virtual clock."""
        date = format_datetime(self.clock() + self.faults.skew(scope), usegmt=True).encode()

        async def dated(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message["headers"], (b"date", date)]}
            await send(message)

        controls = scope["type"] == "lifespan" or scope["path"] == "/" or scope["path"].startswith(OURS)
        await (self._control if controls else self.faults)(scope, receive, dated)

    @asynccontextmanager
    async def _lifespan(self, app: Starlette) -> AsyncIterator[None]:
        following = asyncio.create_task(self.deliveries.follow()) if self._live else None
        yield
        if following:
            following.cancel()

    async def _here(self, request: Request) -> Response:
        """Say that the world is there."""
        return JSONResponse({"world": "of the demo company", "ledger": "/_control/ledger"})

    async def _turn(self, request: Request) -> Response:
        """Set the clock: ``{"now": ISO 8601, "running": true}``; GET only tells it."""
        if request.method == "POST":
            wish = await request.json()
            now = datetime.fromisoformat(wish["now"]) if "now" in wish else self.clock()
            self.clock.turn(now, running=wish.get("running", self.clock.running))
        return JSONResponse({"now": stamp(self.clock()), "running": self.clock.running})

    async def _fault(self, request: Request) -> Response:
        """Switch a fault on (POST), all off (DELETE), or list them."""
        if request.method == "DELETE":
            self.faults.active.clear()
        elif request.method == "POST":
            try:
                self.faults.add(await request.json())
            except (TypeError, ValueError) as error:
                return JSONResponse({"error": str(error)}, 400)
        return JSONResponse([asdict(f) for f in self.faults.active])

    async def _aim(self, request: Request) -> Response:
        """Say where webhooks go: ``{"url": ..., "secret": ...}``."""
        wish = await request.json()
        self.deliveries.target.url, self.deliveries.target.secret = wish["url"], wish["secret"]
        return JSONResponse({})

    async def _ledger(self, request: Request) -> Response:
        """Tell the truth up to now: what happened, what GitHub counts, and what was billed."""
        return JSONResponse(self.ledger())

    async def _book(self, request: Request) -> Response:
        """Tell one vendor's truth up to now: its books, its bill, and the least that the bill could have been."""
        name = request.path_params["vendor"]
        if name == GITHUB:  # whose bill is a quota, and an unchanged answer is free
            return JSONResponse({"books": [_told(self.github.ledger())], "bill": None})
        vendor = self.vendors.get(name)
        if vendor is None:
            return JSONResponse({"error": f"no vendor: use one of {GITHUB}, {', '.join(self.vendors)}"}, 404)
        until = datetime.fromisoformat(request.query_params.get("until", self.clock().isoformat()))
        bill = {
            "billed": dict(vendor.bill.billed),
            "free": dict(vendor.bill.free),
            "refused": dict(vendor.bill.refused),
        }
        books = [_told(book) for book in vendor.ledger(until)]
        return JSONResponse({"books": books, "bill": bill, "minimum": dict(vendor.minimum(until))})

    def ledger(self) -> dict[str, Any]:
        """Answer the truth as plain data."""
        now = self.clock()
        happened = Counter((h.repository, h.kind) for h in self.company.happenings if self.company.start <= h.at <= now)
        return {
            "now": stamp(now),
            "seed": self.company.seed,
            "anchor": self.company.now.isoformat(),
            "happened": {s.name: {k: n for (r, k), n in happened.items() if r == s.name} for s in STARTS},
            "stats": {s.name: self.company.stats(s.name, now) for s in STARTS},
            "bill": {
                "billed": dict(self.github.bill.billed),
                "free": dict(self.github.bill.free),
                "refused": dict(self.github.bill.refused),
            },
        }


def _told(book: Book) -> dict[str, Any]:
    """Write a book as plain data."""
    return {
        "table": book.table,
        "columns": book.columns,
        "key": book.key,
        "windowed_by": book.windowed_by,
        "rows": [[plain(row[column]) for column in book.columns] for row in book.rows],
    }
