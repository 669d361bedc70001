"""What every operation goes through: address, token, retries, unchanged answers, problems."""

from __future__ import annotations

import json
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from urllib.parse import quote, urlencode
from uuid import uuid4

from headwater_client.errors import NotReached, error_of
from headwater_client.retry import Retry
from headwater_client.transport import HttpTransport, Request, Response, Transport

Value = str | int | float | bool | date | datetime | Sequence[str] | None
When = str | date | datetime
KEPT = 128
"""Answers that are kept to be asked for again only if they have changed."""


class Calls:
    """Sends the requests of a client. It is for one thread at a time.

    Parameters
    ----------
    base_url
        Where the API is: the address of ``/docs`` without ``/docs``.
    token
        From ``POST /v1/tokens``, or from whoever runs the API.
    transport, retry, sleep
        What carries requests, when they are tried again, and what waits until then.
    """

    def __init__(
        self,
        base_url: str,
        token: str | None = None,
        *,
        transport: Transport | None = None,
        retry: Retry | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._base = base_url.rstrip("/")
        self._token = token
        self._transport = transport or HttpTransport()
        self._retry = retry or Retry()
        self._sleep = sleep
        self._known: OrderedDict[str, Response] = OrderedDict()
        self.last = Response(0, {}, b"")
        """The last answer, for its headers: ``ETag``, ``RateLimit``."""

    def call(
        self,
        method: str,
        path: str,
        *,
        place: Mapping[str, Value] | None = None,
        query: Mapping[str, Value] | None = None,
        headers: Mapping[str, str | None] | None = None,
        body: Any = None,
        content_type: str = "application/json",
    ) -> Any:
        """Send a request and answer its JSON, its text, or None where there is none.

        Raises
        ------
        ApiError
            The answer is a problem.
        NotReached
            There is no answer, after every try.
        """
        for name, value in (place or {}).items():
            path = path.replace(f"{{{name}}}", quote(plain(value), safe=""))
        asked = urlencode([(name, plain(value)) for name, value in (query or {}).items() if value is not None])
        sent = {name: value for name, value in (headers or {}).items() if value is not None}
        if method == "POST":
            sent.setdefault("Idempotency-Key", uuid4().hex)  # every try of this call has it
        if body is not None:
            sent["Content-Type"] = content_type
        response = self._send(method, f"{self._base}{path}{'?' if asked else ''}{asked}", sent, _bytes(body))
        if response.status >= 400:
            raise error_of(response.status, _problem(response), response.headers)
        return _read(response)

    def pages(self, ask: Callable[[str | None], Any]) -> Iterator[Any]:
        """Answer the results of all pages, one after another; each page is asked for when it is needed."""
        cursor: str | None = None
        while True:
            page = ask(cursor)
            yield from page["results"]
            cursor = page["meta"]["next_cursor"]
            if cursor is None:
                return

    def _send(self, method: str, url: str, headers: dict[str, str], body: bytes | None) -> Response:
        sent = {"Accept": "application/json", **headers}
        if self._token is not None:
            sent["Authorization"] = f"Bearer {self._token}"
        known = self._known.get(url) if method == "GET" else None
        if known is not None:
            sent["If-None-Match"] = known.headers["etag"]
        response = self._try(Request(method, url, sent, body))
        self.last = response
        if response.status == 304 and known is not None:
            self._known.move_to_end(url)
            return known
        if method == "GET" and response.status == 200 and "etag" in response.headers:
            self._known[url] = response
            while len(self._known) > KEPT:
                self._known.popitem(last=False)
        return response

    def _try(self, request: Request) -> Response:
        """Send a request, again where that helps; it never does harm, since every POST has a key."""
        done = 0
        while True:
            done += 1
            response: Response | None = None
            try:
                response = self._transport.send(request)
            except NotReached:
                if self._retry.pause_s(done, None) is None:
                    raise
            pause = self._retry.pause_s(done, response)
            if response is not None and pause is None:
                return response
            self._sleep(pause or 0.0)


def plain(value: Value) -> str:
    """Write a value as a parameter: a list with commas, an instant with its offset."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return ",".join(value)
    return str(value)


def _bytes(body: Any) -> bytes | None:
    if body is None or isinstance(body, bytes):
        return body
    return json.dumps(body, default=plain, ensure_ascii=False).encode()


def _read(response: Response) -> Any:
    if not response.body:
        return None
    is_json = response.headers.get("content-type", "").partition(";")[0].endswith("json")
    return json.loads(response.body) if is_json else response.body.decode()


def _problem(response: Response) -> Mapping[str, Any]:
    try:
        found = json.loads(response.body)
    except ValueError:
        found = None
    if isinstance(found, dict):
        return found
    return {"title": "No problem was told", "detail": response.body[:200].decode(errors="replace")}
