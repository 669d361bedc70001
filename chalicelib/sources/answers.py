"""What every vendor's HTTP answer can mean, and when asking again makes sense. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

from chalicelib.errors import FatalSourceError, RetriableSourceError, SkippableRecordError
from chalicelib.sources.base import Page
from chalicelib.sources.json_fields import read_object

SOON = timedelta(minutes=1)
_SECOND = timedelta(seconds=1)


def judge(page: Page, vendor: str, limited_until: datetime | None = None) -> Mapping[str, Any]:
    """Answer the JSON object of a good answer, or raise.

    Parameters
    ----------
    vendor
        Its name, for people.
    limited_until
        When a 429 ends, where the vendor has a signal of its own; else ``retry-after`` is read, else it is a minute.

    Raises
    ------
    RetriableSourceError
        Limited (429), failing (5xx), not ready (202), or cut short.
    FatalSourceError
        A person has to act: credentials, permissions, a version that is no longer served, a request not understood.
    """
    status, where = page.status, f"{page.request.method} {page.request.url}"
    if status == 429:
        until = limited_until or retry_after(page) or page.fetched_at + SOON
        raise RetriableSourceError(f"{where}: {vendor}'s rate limit is reached (429)", until)
    if status >= 500 or status == 202:
        raise RetriableSourceError(f"{where}: {vendor} is failing ({status})", retry_after(page))
    if status == 401:
        raise FatalSourceError(f"{where}: {vendor} refused the credentials (401): put valid ones into the secret")
    if status == 403:
        raise FatalSourceError(f"{where}: {vendor} does not allow this (403: {message(page)}): give us access")
    if status == 426:
        raise FatalSourceError(f"{where}: {vendor} no longer serves this version (426): configure a newer one")
    if status != 200:
        raise FatalSourceError(f"{where}: {vendor} answered {status} ({message(page)}): the request is not understood")
    try:
        return read_object(page.body)
    except SkippableRecordError as error:
        raise RetriableSourceError(f"{where}: the answer is no whole JSON object: it was cut short") from error


def retry_after(page: Page) -> datetime | None:
    """Read ``retry-after`` in its two forms (RFC 9110, 10.2.3); a wait of nothing is a second, so that nobody spins."""
    value = page.headers.get("retry-after", "").strip()
    if re.fullmatch(r"\d{1,7}", value, re.ASCII):
        return page.fetched_at + timedelta(seconds=max(1, int(value)))
    try:
        told = parsedate_to_datetime(value)
    except ValueError:
        return None
    if told.tzinfo is None:
        told = told.replace(tzinfo=UTC)
    return max(told.astimezone(UTC), page.fetched_at + _SECOND)


def epoch(page: Page, header: str) -> datetime | None:
    """Read an instant in seconds since 1970 from a header, never before now."""
    value = page.headers.get(header, "")
    if not re.fullmatch(r"\d{1,11}", value, re.ASCII):
        return None
    return max(datetime.fromtimestamp(int(value), UTC), page.fetched_at + _SECOND)


def answered_at(page: Page) -> datetime:
    """Answer when the vendor answered, by its own clock where it says so."""
    try:
        told = parsedate_to_datetime(page.headers["date"])
    except (KeyError, ValueError):
        return page.fetched_at
    return page.fetched_at if told.tzinfo is None else told.astimezone(UTC)


def message(page: Page) -> str:
    """Answer the vendor's own words, where there are any, in at most 200 characters."""
    try:
        found: Any = read_object(page.body)
    except SkippableRecordError:
        return "no message"
    for name in ("message", "detail", "error_description", "error", "title"):
        value = found.get(name)
        if isinstance(value, dict):
            value = value.get("message")
        if isinstance(value, str):
            return value[:200]
    return "no message"
