"""How many requests a token may make: counted by process, told in ``RateLimit-Policy`` and ``RateLimit``.

The headers are those of IETF draft-ietf-httpapi-ratelimit-headers. The bound is each process's own: with ``n`` warm
ones a token gets up to ``n`` times as much, and what all tokens together may ask is the gateway's to bound (its 429
has a ``Retry-After``, too). It keeps one client's loop from taking a process to itself; it is no accounting.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from chalicelib.api.routes import Access
from chalicelib.errors import RequestError

LIMITED: Final = frozenset({Access.TOKEN, Access.READ, Access.SQL, Access.ADMIN})
"""What is counted. What a company's own product sends is not: a refused event may be a lost one."""
WINDOW: Final = timedelta(minutes=1)
_KEPT: Final = 1_024
"""Tokens that are counted; beyond, the one that asked longest ago begins anew."""


@dataclass(slots=True)
class _Window:
    began: datetime
    used: int = 0


class Limits:
    """Counts the requests of each token in windows that begin with its first one.

    Parameters
    ----------
    per_window
        Requests that a token has in each :data:`WINDOW`; 0 or less: no limit, and no headers.
    """

    def __init__(self, per_window: int) -> None:
        self._quota = per_window
        self._windows: OrderedDict[str, _Window] = OrderedDict()

    def take(self, token_id: str, now: datetime) -> dict[str, str]:
        """Count one request, and answer the headers that tell how many are left.

        Raises
        ------
        RequestError
            429 with the same headers, and the seconds until there are more.
        """
        if self._quota <= 0:
            return {}
        window = self._window(token_id, now)
        left = self._quota - window.used
        seconds = max(1, -int(-(window.began + WINDOW - now) // timedelta(seconds=1)))
        headers = {
            "RateLimit-Policy": f'"token";q={self._quota};w={int(WINDOW.total_seconds())}',
            "RateLimit": f'"token";r={max(0, left - 1)};t={seconds}',
        }
        if left <= 0:
            detail = f"This token has made {self._quota:,} requests in a minute: go on in {seconds} s."
            raise RequestError(detail, status=429, headers={**headers, "Retry-After": str(seconds)})
        window.used += 1
        return headers

    def _window(self, token_id: str, now: datetime) -> _Window:
        window = self._windows.pop(token_id, None)
        if window is None or not timedelta(0) <= now - window.began < WINDOW:
            window = _Window(now)
        self._windows[token_id] = window
        while len(self._windows) > _KEPT:
            self._windows.popitem(last=False)
        return window
