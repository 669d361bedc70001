"""What can be wrong with the outside world, switched on by ``POST /_control/faults``; one layer around the servers.

Kinds: ``down`` (the connection is cut without an answer), ``slow``, ``unavailable`` (a 5xx), ``rate_limit`` (429 with
retry-after), ``quota`` (403 with remaining 0 and a reset), ``secondary_limit`` (403 with retry-after), ``credentials``
(401), ``forbidden`` (403), ``not_ready`` (202), ``truncated`` (fewer bytes than announced), ``short_gzip``, ``html`` (a
page instead of JSON, status 200), ``cut_short`` (half of the body, announced as the whole: only who reads it can tell),
``drift`` (GitHub: the counts have other names and types; others: every answer is in an envelope), ``clock_skew`` (its
clock is wrong by ``seconds``), ``version`` (it no longer knows our version of its API).

A fault can be meant for one ``vendor``, which then says no in its own words. Faults of the data are made by the
vendors, who ask for them: ``repeated``, ``shifted``, ``late``, ``restated``, ``fewer_days``, ``terminated_early``.
"""

from __future__ import annotations

import asyncio
import gzip
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tests.servers.clock import VirtualClock
from tests.servers.vendor import Vendor

_ASKS_FOR_LESS = frozenset({b"if-none-match", b"accept-encoding"})

GITHUB = "github"
"""Whose paths begin at the root; every other vendor's begin with its name."""

KINDS = frozenset(
    {"down", "slow", "unavailable", "rate_limit", "quota", "secondary_limit", "credentials", "forbidden"}
    | {"not_ready", "truncated", "cut_short", "short_gzip", "html", "drift", "clock_skew", "version"}
)
GZIP = b"\x1f\x8b"
DATA_KINDS = frozenset({"repeated", "shifted", "late", "restated", "fewer_days", "terminated_early"})


@dataclass(slots=True)
class Fault:
    """One fault: for paths that match ``path``, ``times`` times (None: until it is cleared)."""

    kind: str
    path: str = ".*"
    times: int | None = None
    seconds: float = 30.0
    status: int = 502
    met: int = 0
    vendor: str | None = None


class Faults:
    """The layer: passes requests on, unless a fault is meant for them."""

    def __init__(self, clock: VirtualClock) -> None:
        self._clock = clock
        self._app: ASGIApp
        self._vendors: Mapping[str, Vendor] = {}
        self.active: list[Fault] = []

    def serve(self, app: ASGIApp, vendors: Mapping[str, Vendor]) -> None:
        """Say what is behind this layer; vendors ask for faults of the data, so they are made after it."""
        self._app, self._vendors = app, vendors

    def data(self, vendor: str, kind: str) -> bool:
        """Answer whether a fault of the data is meant for a vendor now, and count that it was met."""
        for fault in self.active:
            spent = fault.times is not None and fault.met >= fault.times
            if fault.kind == kind and fault.vendor in {None, vendor} and not spent:
                fault.met += 1
                return True
        return False

    def skew(self, scope: Scope) -> timedelta:
        """Answer by how much the clock is wrong that dates the answer."""
        wrong = (f for f in self.active if f.kind == "clock_skew" and self._is_for(f, scope))
        return sum((timedelta(seconds=f.seconds) for f in wrong), timedelta())

    def add(self, wish: Mapping[str, Any]) -> Fault:
        """Switch a fault on. Raises ``ValueError`` for a kind that there is not."""
        fault = Fault(**wish)
        if fault.kind not in KINDS | DATA_KINDS:
            raise ValueError(f"no fault {fault.kind!r}: use one of {', '.join(sorted(KINDS | DATA_KINDS))}")
        re.compile(fault.path)
        self.active.append(fault)
        return fault

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        fault = self._meant_for(scope)
        if fault is None:
            await self._app(scope, receive, send)
            return
        fault.met += 1
        if fault.kind == "down":
            receive.__self__.transport.abort()  # type: ignore[attr-defined]
        elif fault.kind == "slow":
            await asyncio.sleep(fault.seconds)
            await self._app(scope, receive, send)
        elif answer := self._answer(fault, scope):
            await answer(scope, receive, send)
        else:
            await self._spoil(fault, scope, receive, send)

    def _meant_for(self, scope: Scope) -> Fault | None:
        if scope["type"] != "http" or scope["path"].startswith("/_control"):
            return None
        for fault in self.active:
            left = fault.times is None or fault.met < fault.times
            if left and fault.kind in KINDS - {"clock_skew"} and self._is_for(fault, scope):
                return fault
        return None

    def _is_for(self, fault: Fault, scope: Scope) -> bool:
        first = scope["path"].split("/")[1]
        vendor = first if first in self._vendors else GITHUB
        return fault.vendor in {None, vendor} and re.fullmatch(fault.path, scope["path"]) is not None

    def _answer(self, fault: Fault, scope: Scope) -> Response | None:
        """Answer in the vendor's stead, where the fault is an answer of its own: in its words, else in GitHub's."""
        vendor = self._vendors.get(scope["path"].split("/")[1])
        if vendor and (said := vendor.refusal(fault.kind, fault.seconds, self._clock())):
            return said
        seconds, reset = str(int(fault.seconds)), str(int(self._clock().timestamp() + fault.seconds))
        used_up = {"x-ratelimit-limit": "5000", "x-ratelimit-remaining": "0", "x-ratelimit-reset": reset}
        limit = "You have exceeded a secondary rate limit."
        match fault.kind:
            case "unavailable":
                return HTMLResponse("<h1>Unicorn!</h1>", fault.status)
            case "rate_limit":
                return JSONResponse({"message": limit}, 429, {"retry-after": seconds})
            case "secondary_limit":
                return JSONResponse({"message": limit}, 403, {"retry-after": seconds})
            case "quota":
                return JSONResponse({"message": "API rate limit exceeded for user ID 1."}, 403, used_up)
            case "credentials":
                return JSONResponse({"message": "Bad credentials"}, 401)
            case "forbidden":
                return JSONResponse({"message": "Resource not accessible by personal access token"}, 403)
            case "version":
                return JSONResponse({"message": "This version of the API is no longer served"}, 426)
            case "not_ready":
                return JSONResponse({}, 202)
            case "html":
                return HTMLResponse("<html><body>Sign in to this network</body></html>", 200)
        return None

    async def _spoil(self, fault: Fault, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the server answer, and hand on something else."""
        caught: list[Message] = []

        async def catch(message: Message) -> None:
            caught.append(message)

        # An unchanged answer has no body to spoil, a compressed one none to change: ask for a whole, plain one.
        asked = [(name, value) for name, value in scope["headers"] if name not in _ASKS_FOR_LESS]
        await self._app({**scope, "headers": asked}, receive, catch)
        start = next(m for m in caught if m["type"] == "http.response.start")
        body = b"".join(m.get("body", b"") for m in caught)
        headers = [(n, v) for n, v in start["headers"] if n not in {b"content-length", b"content-encoding"}]
        announced = len(body)
        if fault.kind == "drift":
            body = gzip.decompress(body) if body.startswith(GZIP) else body
            body = enveloped(body) if scope["path"].split("/")[1] in self._vendors else drifted(body)
            announced = len(body)
        elif fault.kind == "short_gzip":
            body = gzip.compress(body)[:-6]
            headers.append((b"content-encoding", b"gzip"))
            announced = len(body)
        elif fault.kind == "cut_short":
            body = body[: len(body) // 2]
            announced = len(body)
        else:
            body = body[: len(body) // 2]
        headers.append((b"content-length", str(announced).encode()))
        await send({**start, "headers": headers})
        await send({"type": "http.response.body", "body": body, "more_body": announced != len(body)})
        if announced != len(body):
            receive.__self__.transport.close()  # type: ignore[attr-defined]


def drifted(body: bytes) -> bytes:
    """Give an answer another shape, as a careless vendor would."""
    answer = json.loads(body)
    if isinstance(answer, dict):
        answer = {re.sub("_count$", "Count", name): str(v) if isinstance(v, int) else v for name, v in answer.items()}
    else:
        answer = {"items": answer, "totalCount": len(answer)}
    return json.dumps(answer).encode()


def enveloped(body: bytes) -> bytes:
    """Put an answer into an envelope that nobody asked for; of an export of lines, every line."""
    try:
        return json.dumps({"response": json.loads(body)}).encode()
    except ValueError:
        return b"".join(json.dumps({"response": json.loads(line)}).encode() + b"\n" for line in body.splitlines())
