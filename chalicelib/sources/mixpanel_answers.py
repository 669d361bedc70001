"""What an answer of Mixpanel's raw export means: lines of JSON, whole or not, and how many of them. Pure.

Sources: Mixpanel's documentation, "Raw Event Export" (its OpenAPI document), "Rate limits"; the line that ends an
export before its end as clients of it have seen it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from chalicelib.errors import FatalSourceError, RetriableSourceError, SkippableRecordError
from chalicelib.sources import answers
from chalicelib.sources.base import Page
from chalicelib.sources.json_fields import read_object

AGAIN = timedelta(minutes=5)
"""Sixty queries an hour are allowed, any hour; nobody says when the next one is."""

_EARLY = b"terminated early"


def lines(body: bytes) -> Iterator[bytes]:
    """Yield the lines of a body one by one: it is not split, so only a line more is in memory.

    >>> list(lines(b"a\\nb\\n"))
    [b'a', b'b']
    """
    start = 0
    while start < len(body):
        end = body.find(b"\n", start)
        end = len(body) if end < 0 else end
        yield body[start:end]
        start = end + 1


def judge(page: Page) -> None:
    """Accept a whole export, which may have no lines.

    Raises
    ------
    RetriableSourceError
        Limited (429), failing, cut in mid-line, or ended early by Mixpanel's own words.
    FatalSourceError
        A person has to act, or the lines are no events.
    """
    if page.status == 429:
        until = answers.retry_after(page) or page.fetched_at + AGAIN
        raise RetriableSourceError(f"{page.request.url}: Mixpanel allows no more queries for now (429)", until)
    if page.status != 200:
        answers.judge(page, "Mixpanel")
    if not page.body:
        return
    where = f"{page.request.method} {page.request.url}"
    last = page.body[page.body.rfind(b"\n", 0, -1) + 1 :]
    if _EARLY in last[:1000].lower():
        raise RetriableSourceError(f"{where}: Mixpanel terminated the export early: {last[:200]!r}")
    if not page.body.endswith(b"\n"):
        raise RetriableSourceError(f"{where}: the export ends within a line: it was cut short")
    for line in (next(lines(page.body)), last):
        _check_event(line, where)


def _check_event(line: bytes, where: str) -> None:
    try:
        found: Mapping[str, Any] = read_object(line)
    except SkippableRecordError as error:
        raise RetriableSourceError(f"{where}: a line is no JSON object, the export is not whole: {error}") from error
    if isinstance(found.get("event"), str) and isinstance(found.get("properties"), dict):
        return
    if "error" in found:
        raise RetriableSourceError(f"{where}: Mixpanel ended the export with an error: {str(found['error'])[:200]}")
    raise FatalSourceError(f"{where}: the answer has changed its shape: a line is no event with properties")
