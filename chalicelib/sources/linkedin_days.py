"""A range of days as LinkedIn is asked for it and answers it: the address, and each day's gain. Pure.

Rest.li wants the parentheses of ``timeIntervals`` as they are, so the range stands in the address and is read back from
it. Days are UTC, an end is exclusive, instants are milliseconds. Source: LinkedIn Marketing API, "Organization follower
statistics".
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import unquote

from chalicelib.errors import FatalSourceError, SkippableRecordError
from chalicelib.sources.base import Request
from chalicelib.sources.json_fields import text, whole
from chalicelib.sources.linkedin_api import encoded

DAY = timedelta(days=1)
_DAY_MS = 86_400_000
_ADDRESS = re.compile(r"organizationalEntity=([^&]+)&timeIntervals=\(timeRange:\(start:(\d+),end:(\d+)\)")


@dataclass(frozen=True, slots=True)
class Days:
    """The days ``[start, end)`` of an organisation, midnights UTC."""

    urn: str
    start: datetime
    end: datetime

    @property
    def each(self) -> list[date]:
        """Every day."""
        return [(self.start + n * DAY).date() for n in range((self.end - self.start) // DAY)]

    def __str__(self) -> str:
        """Name them for a person."""
        return f"{self.urn} {self.start.date()} to {(self.end - DAY).date()}"


def address(base_url: str, asked: Days) -> str:
    """Answer the address that asks for days.

    >>> day = datetime(2026, 11, 22, tzinfo=UTC)
    >>> address("https://api.test", Days("urn:li:organization:7", day, day + DAY)).partition("&timeIntervals=")[2]
    '(timeRange:(start:1795305600000,end:1795392000000),timeGranularityType:DAY)'
    """
    query = f"q=organizationalEntity&organizationalEntity={encoded(asked.urn)}"
    times = f"(timeRange:(start:{_ms(asked.start)},end:{_ms(asked.end)}),timeGranularityType:DAY)"
    return f"{base_url}/rest/organizationalEntityFollowerStatistics?{query}&timeIntervals={times}"


def asked_by(request: Request) -> Days:
    """Read the days back from a request. Raises ``FatalSourceError`` for one that :func:`address` did not make."""
    found = _ADDRESS.search(request.url)
    if found is None:
        raise FatalSourceError(f"{request.url} asks for no days")
    return Days(unquote(found[1]), _at(int(found[2])), _at(int(found[3])))


def day_of(element: Any, asked: Days) -> date:
    """Answer the day of an element. Raises ``SkippableRecordError`` when it is not one of those asked for."""
    if not isinstance(element, dict):
        raise SkippableRecordError("elements: objects were expected")
    start, end = whole(element, "timeRange.start"), whole(element, "timeRange.end")
    if start is None or end is None or not _ms(asked.start) <= start < _ms(asked.end):
        raise SkippableRecordError("timeRange: one of the days that were asked for was expected")
    if start % _DAY_MS or end - start != _DAY_MS:
        raise SkippableRecordError("timeRange: a whole day, from midnight to midnight UTC, was expected")
    if text(element, "organizationalEntity") not in {None, asked.urn}:
        raise SkippableRecordError("organizationalEntity: the organisation that was asked for was expected")
    return _at(start).date()


def gains(element: Mapping[str, Any]) -> dict[str, int]:
    """Answer what an element's day won. Raises ``SkippableRecordError``."""
    organic = whole(element, "followerGains.organicFollowerGain")
    paid = whole(element, "followerGains.paidFollowerGain")
    if organic is None or paid is None:
        raise SkippableRecordError("followerGains: the organic and the paid gain were expected")
    return {"organic_gain": organic, "paid_gain": paid}


def _ms(at: datetime) -> int:
    return int(at.timestamp()) * 1000


def _at(ms: int) -> datetime:
    return datetime.fromtimestamp(ms // 1000, UTC)
