"""Those who get messages: a webhook's receiver by the Standard Webhooks specification, and what both kinds share.

``POST …/_faults`` with ``{"kind": …, "times": …, "seconds": …}`` has the next requests go wrong: ``down`` (cut without
an answer), ``unavailable`` (503), ``rate_limit`` (429 with Retry-After), ``deaf`` (taken, and the answer is lost).
"""

from __future__ import annotations

import base64
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from standardwebhooks.webhooks import Webhook, WebhookVerificationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

HOOK_SECRET = "whsec_" + base64.b64encode(b"the local webhook's signing key!").decode()
"""What webhooks to the test receiver are signed with."""
KINDS = ("down", "unavailable", "rate_limit", "deaf")
KEPT = 1_000

Handler = Callable[[Request], Awaitable[Response]]


@dataclass
class Trouble:
    """What goes wrong with the next requests."""

    kind: str = ""
    times: int = 0
    seconds: int = 30

    async def set(self, request: Request) -> Response:
        """Switch a fault on, or off (``{"times": 0}``)."""
        wish = await request.json()
        if wish.get("kind", "down") not in KINDS:
            return JSONResponse({"error": f"one of {', '.join(KINDS)}"}, 400)
        self.kind, self.times = wish.get("kind", "down"), int(wish.get("times", 1))
        self.seconds = int(wish.get("seconds", 30))
        return JSONResponse({"kind": self.kind, "times": self.times})

    def guards(self, handler: Handler) -> Handler:
        """Put the fault before a handler; a cut connection looks the same whether the request was taken or not."""

        async def guarded(request: Request) -> Response:
            if self.times <= 0:
                return await handler(request)
            self.times -= 1
            if self.kind == "unavailable":
                return Response("service unavailable", 503)
            if self.kind == "rate_limit":
                return JSONResponse({"ok": False, "error": "ratelimited"}, 429, {"retry-after": str(self.seconds)})
            if self.kind == "deaf":
                await handler(request)
            request.receive.__self__.transport.abort()  # type: ignore[attr-defined]
            return Response(status_code=500)

        return guarded


@dataclass
class Hooks:
    """Receivers of webhooks by name: each verifies the signature and takes each id once."""

    trouble: Trouble = field(default_factory=Trouble)
    taken: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    requests: dict[str, int] = field(default_factory=dict)

    def routes(self) -> list[Route]:
        """What is served, below ``/hooks``."""
        return [
            Route("/", self._show_all),
            Route("/_faults", self.trouble.set, methods=["POST"]),
            Route("/{name}", self._show, methods=["GET"]),
            Route("/{name}", self.trouble.guards(self._take), methods=["POST"]),
        ]

    async def _take(self, request: Request) -> Response:
        name, body = request.path_params["name"], await request.body()
        self.requests[name] = self.requests.get(name, 0) + 1
        try:
            said = Webhook(HOOK_SECRET).verify(body, dict(request.headers))
        except WebhookVerificationError as error:
            return JSONResponse({"error": str(error)}, 401)
        taken, webhook_id = self.taken.setdefault(name, []), request.headers["webhook-id"]
        if all(one["id"] != webhook_id for one in taken):
            at = datetime.now(UTC).isoformat(timespec="milliseconds")
            taken.append({"id": webhook_id, "at": at, "said": said})
            del taken[:-KEPT]
        return Response(status_code=204)

    async def _show_all(self, request: Request) -> Response:
        """What every receiver has taken, by its name."""
        return JSONResponse({"messages": self.taken})

    async def _show(self, request: Request) -> Response:
        """What a receiver has taken, each once, and how many requests that were."""
        name = request.path_params["name"]
        return JSONResponse({"requests": self.requests.get(name, 0), "messages": self.taken.get(name, [])})
