"""Ask over HTTP and answer only what came whole: the :class:`~chalicelib.ingest.ports.Fetcher` over ``requests``.

What is worth seconds is retried here; what needs longer is answered as it came, so that the source can say until when
to wait. A body shorter than announced, cut in mid-gzip or endlessly slow is no answer.
"""

from __future__ import annotations

import random
import re
import time
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import requests
import urllib3

from chalicelib.domain.clock import Clock, system_clock
from chalicelib.errors import RetriableSourceError, Unanswered
from chalicelib.ingest.ports import Budget
from chalicelib.sources.answers import retry_after
from chalicelib.sources.base import Page, Request

_TRANSIENT = frozenset({429, 500, 502, 503, 504})
_WITHOUT_BODY = frozenset({204, 304})
_CHUNK_BYTES = 65_536


@dataclass(frozen=True, slots=True)
class FetchPolicy:
    """How patient a fetcher is. Waits are seconds, doubled each time from ``first_wait_s``, and jittered."""

    connect_timeout_s: float = 5.0
    read_timeout_s: float = 15.0
    whole_timeout_s: float = 60.0
    attempts: int = 3
    first_wait_s: float = 0.5
    longest_wait_s: float = 10.0
    longest_body_bytes: int = 64 * 2**20


class CallBudget:
    """So many calls in this run; every attempt counts, the retries too.

    Examples
    --------
    >>> budget = CallBudget(1)
    >>> budget.set_aside(Request("GET", "https://api.test"))
    >>> budget.set_aside(Request("GET", "https://api.test"))
    Traceback (most recent call last):
    ...
    chalicelib.errors.RetriableSourceError: the budget of 1 calls is spent
    """

    def __init__(self, calls: int, renewed_at: datetime | None = None) -> None:
        self._calls = calls
        self._renewed_at = renewed_at
        self.spent = 0

    def set_aside(self, request: Request) -> None:  # noqa: ARG002 - the port's
        """Count one call. Raises ``RetriableSourceError`` with the renewal's instant when none is left."""
        if self.spent >= self._calls:
            raise RetriableSourceError(f"the budget of {self._calls} calls is spent", self._renewed_at)
        self.spent += 1

    def settle(self, page: Page) -> None:
        """Do nothing: every call costs one."""

    def bearable(self) -> datetime | None:
        """Answer None: calls are made again as long as there are any."""

    def unsent(self) -> None:
        """Do nothing: every attempt counts."""


def new_session() -> requests.Session:
    """Answer a session that takes neither credentials nor proxies from its surroundings."""
    session = requests.Session()
    session.trust_env = False
    return session


class HttpFetcher:
    """Asks one request at a time.

    Parameters
    ----------
    session
        Makes the calls and keeps connections.
    remaining_s
        Answers how many seconds are left for everything; no wait may be longer.
    budget
        Counts every attempt.
    pace
        The time from one attempt to the next, where the source allows only so many a second.
    clock, sleep, jitter
        Time, waiting, and a number in [0, 1), handed in so that tests can turn them.
    """

    def __init__(
        self,
        session: requests.Session,
        *,
        remaining_s: Callable[[], float],
        budget: Budget,
        pace: timedelta = timedelta(),
        policy: FetchPolicy = FetchPolicy(),
        clock: Clock = system_clock,
        sleep: Callable[[float], None] = time.sleep,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self._session = session
        self._remaining_s = remaining_s
        self._budget = budget
        self._pace, self._asked_at = pace, datetime.min.replace(tzinfo=UTC)
        self._policy = policy
        self._clock = clock
        self._sleep = sleep
        self._jitter = jitter

    def fetch(self, request: Request) -> Page:
        """Ask, and again if a failure may pass within seconds; answer the last answer, whatever its status.

        A request that changes something (not GET or HEAD) is asked once: nobody knows whether a lost one was done.

        Raises
        ------
        RetriableSourceError
            There is no whole answer, or the budget is spent.
        """
        attempts = self._policy.attempts if request.method in {"GET", "HEAD"} else 1
        for attempt in range(attempts):
            last = attempt == attempts - 1
            try:
                page = self._once(request)
            except RetriableSourceError as error:
                wait = self._backoff(attempt)
                if last or error.retry_at is not None or not self._time_for(wait):
                    raise
            else:
                told = _wait_of(page)
                wait = self._backoff(attempt) if told is None else told
                if last or page.status not in _TRANSIENT or not self._time_for(wait):
                    return page
            self._sleep(wait)
        raise AssertionError("unreachable: the last attempt returns or raises")

    def _backoff(self, attempt: int) -> float:
        """Answer how long to wait after an attempt that said nothing of it."""
        return float(self._policy.first_wait_s * 2**attempt * (1 + self._jitter()))

    def _time_for(self, wait: float) -> bool:
        """Tell whether a wait and another attempt fit into what is left."""
        return wait <= self._policy.longest_wait_s and wait + self._policy.read_timeout_s < self._remaining_s()

    def _once(self, request: Request) -> Page:
        """Make one call and read its answer whole."""
        self._budget.set_aside(request)
        if (early := (self._asked_at + self._pace - self._clock()).total_seconds()) > 0:
            self._sleep(early)
        self._asked_at = self._clock()
        try:
            with self._session.request(
                request.method,
                request.url,
                params=dict(request.params),
                headers={"accept-encoding": "gzip", **request.headers},
                data=request.body,
                timeout=(self._policy.connect_timeout_s, self._policy.read_timeout_s),
                allow_redirects=False,
                stream=True,
            ) as response:
                headers = {name.lower(): value for name, value in response.headers.items()}
                bodiless = request.method == "HEAD" or response.status_code in _WITHOUT_BODY
                body = b"" if bodiless else _whole_body(self._read(request, response), headers, request.url)
                page = Page(request, response.status_code, headers, body, self._clock())
            self._budget.settle(page)
            return page
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
            said = f"{request.method} {request.url}: no whole answer: {error}"
            if _never_left(error):
                self._budget.unsent()
            elif (bearable := self._budget.bearable()) is not None:
                raise Unanswered(said, bearable) from error
            raise RetriableSourceError(said) from error

    def _read(self, request: Request, response: requests.Response) -> bytes:
        """Read the body as it comes over the wire, up to the limits of size and time."""
        started, limit = self._clock(), timedelta(seconds=self._policy.whole_timeout_s)
        chunks: list[bytes] = []
        size = 0
        while chunk := response.raw.read1(_CHUNK_BYTES, decode_content=False):
            chunks.append(chunk)
            size += len(chunk)
            if size > self._policy.longest_body_bytes:
                raise RetriableSourceError(f"{request.url}: the answer is longer than {size - 1} bytes")
            if self._clock() - started > limit:
                raise RetriableSourceError(f"{request.url}: the answer was not whole after {limit}")
        return b"".join(chunks)


def _never_left(error: Exception) -> bool:
    """Tell whether there was no connection at all: what was not sent, nobody bills. When in doubt, it was sent."""
    if isinstance(error, requests.ConnectTimeout):
        return True
    cause = error.args[0] if isinstance(error, requests.ConnectionError) and error.args else None
    reason = getattr(cause, "reason", None)
    return isinstance(reason, urllib3.exceptions.NewConnectionError)


def _whole_body(wire: bytes, headers: Mapping[str, str], url: str) -> bytes:
    """Check that a body is as long as announced, and undo its content encoding."""
    announced = headers.get("content-length", "")
    if re.fullmatch(r"\d+", announced, re.ASCII) and int(announced) != len(wire):
        raise RetriableSourceError(f"{url}: {len(wire)} of {announced} bytes came: the answer was cut short")
    encoding = headers.get("content-encoding", "identity").lower()
    if not announced and encoding == "identity" and headers.get("transfer-encoding", "").lower() != "chunked":
        raise RetriableSourceError(f"{url}: nothing tells where the answer ends, so it may have been cut short")
    if encoding == "identity" or not wire:
        return wire
    if encoding != "gzip":
        raise RetriableSourceError(f"{url}: the answer is encoded as {encoding}, which was not asked for")
    return gunzip(wire, url)


def gunzip(wire: bytes, url: str) -> bytes:
    """Undo gzip, of one member or several, to its very end.

    Raises
    ------
    RetriableSourceError
        It ends too early, or its checksum is wrong.
    """
    plain: list[bytes] = []
    while wire:
        member = zlib.decompressobj(wbits=31)
        try:
            plain.append(member.decompress(wire))
        except zlib.error as error:
            raise RetriableSourceError(f"{url}: the answer is no whole gzip: {error}") from error
        if not member.eof:
            raise RetriableSourceError(f"{url}: the answer was cut in mid-gzip")
        wire = member.unused_data
    return b"".join(plain)


def _wait_of(page: Page) -> float | None:
    """Answer the seconds that ``retry-after`` names, at least one so that nobody spins; None where it names none."""
    until = retry_after(page)
    return None if until is None else (until - page.fetched_at).total_seconds()
