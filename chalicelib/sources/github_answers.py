"""What GitHub's REST API means by an answer: its statuses, limits, redirections and page links. Pure.

Sources: GitHub's documentation, "Best practices for using the REST API", "Rate limits for the REST API", "Using
pagination in the REST API".
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urljoin, urlsplit

from chalicelib.errors import FatalSourceError, RetriableSourceError, SkippableRecordError
from chalicelib.sources.answers import epoch, retry_after
from chalicelib.sources.base import Page, Request

GONE = frozenset({404, 410, 451})
MOVED = frozenset({301, 302, 307, 308})
_SOON = timedelta(minutes=1)
_LINK = re.compile(r'<([^>]*)>\s*;\s*rel="(\w+)"')


def judge(page: Page) -> None:
    """Accept an answer or raise.

    Raises
    ------
    RetriableSourceError
        Limited (403, 429, with ``retry_at``), not ready (202), failing (5xx), or cut short.
    FatalSourceError
        Credentials are wrong or too weak, or GitHub no longer understands the request.
    """
    status, where = page.status, f"{page.request.method} {page.request.url}"
    if status in GONE or status == 304 or (status in MOVED and redirection(page)):
        return
    if status == 202:
        raise RetriableSourceError(f"{where}: GitHub is still computing this (202)", page.fetched_at + _SOON)
    if status >= 500:
        raise RetriableSourceError(f"{where}: GitHub is failing ({status})", retry_after(page))
    if status in {403, 429} and _limited(page):
        raise RetriableSourceError(f"{where}: GitHub's rate limit is reached ({status})", limit_ends(page))
    if status == 401:
        raise FatalSourceError(f"{where}: GitHub refused the token (401): put a valid one into the secret")
    if status == 403:
        raise FatalSourceError(f"{where}: the token may not read this (403: {_message(page)}): give it read access")
    if status != 200:
        raise FatalSourceError(f"{where}: GitHub answered {status} ({_message(page)}): the request is not understood")
    if _json(page) is None:
        raise RetriableSourceError(f"{where}: the answer is no whole JSON: it was cut short")


def redirection(page: Page) -> Request | None:
    """Answer the request that a 301, 302, 307 or 308 leads to; None elsewhere, and where it leads to another host."""
    target = page.headers.get("location")
    if page.status not in MOVED or not target:
        return None
    url = urljoin(page.request.url, target)
    here, there = urlsplit(page.request.url), urlsplit(url)
    if (here.scheme, here.netloc) != (there.scheme, there.netloc):
        return None
    params = {} if there.query else page.request.params
    onward = replace(page.request, url=url, params=params)
    return None if onward == page.request else onward


def links(page: Page) -> Mapping[str, str]:
    """Answer the page links by relation: ``next``, ``last``, ``prev``, ``first``."""
    return {relation: url for url, relation in _LINK.findall(page.headers.get("link", ""))}


def total(page: Page) -> int:
    """Answer how many there are of what was asked with ``per_page=1``: the number of the last page.

    Raises
    ------
    SkippableRecordError
        The answer is no list, or its links are none.
    """
    listed = _json(page)
    if not isinstance(listed, list):
        raise SkippableRecordError("pulls: a list was expected")
    last = links(page).get("last")
    if last is None:
        return len(listed)
    numbers = parse_qs(urlsplit(last).query).get("page", [])
    if len(numbers) != 1 or not re.fullmatch(r"\d{1,9}", numbers[0], re.ASCII):
        raise SkippableRecordError(f"pulls: the link to the last page has no page number: {last[:200]}")
    return int(numbers[0])


def refuse_gone(page: Page) -> None:
    """Set a repository aside that is no more, or that has moved out of our sight."""
    if page.status in GONE or page.status in MOVED:
        hint = "remove it from the configuration, mend its name, or let the token see it"
        raise SkippableRecordError(f"GitHub answered {page.status} ({_message(page)}): {hint}")


def limit_ends(page: Page) -> datetime:
    """Answer when asking makes sense again: ``retry-after``, else the reset of a used-up quota, else in a minute."""
    told = retry_after(page)
    if told:
        return told
    reset = epoch(page, "x-ratelimit-reset")
    if page.headers.get("x-ratelimit-remaining") == "0" and reset:
        return reset
    return page.fetched_at + _SOON


def _limited(page: Page) -> bool:
    """Tell a limit from a refusal; a 403 can be either."""
    signals = page.headers.get("x-ratelimit-remaining") == "0" or "retry-after" in page.headers
    return page.status == 429 or signals or "rate limit" in _message(page).lower()


def _message(page: Page) -> str:
    """Answer GitHub's own words, where there are any."""
    answer = _json(page)
    message = answer.get("message") if isinstance(answer, dict) else None
    return message[:200] if isinstance(message, str) else "no message"


def _json(page: Page) -> Any:
    """Read the body, None when it is no JSON (or the JSON null, which no answer of GitHub's is)."""
    try:
        return json.loads(page.body)
    except (ValueError, RecursionError):
        return None
