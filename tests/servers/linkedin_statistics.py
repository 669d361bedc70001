"""LinkedIn's follower statistics: gains by day within the last twelve months, and all followers by segment."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import unquote

from starlette.responses import JSONResponse, Response

from tests.servers.growth import Growth
from tests.servers.linkedin_facts import ORGANISATIONS, SEGMENTS, gains
from tests.servers.vendor import Book, DataFaults

DAY = timedelta(days=1)
_SEGMENT_COLUMNS = ("organisation", "facet", "segment", "organic_followers", "paid_followers", "observed_at")
_DAY_COLUMNS = ("organisation", "day", "organic_gain", "paid_gain")
_ASKED = re.compile(
    r"q=organizationalEntity&organizationalEntity=([^&:]+)"
    r"&timeIntervals=\(timeRange:\(start:(\d{1,14}),end:(\d{1,14})\),timeGranularityType:DAY\)"
)
"""Rest.li 2.0: the structure's parentheses and colons as they are, those of a value escaped."""


_LIFETIME = re.compile(r"q=organizationalEntity&organizationalEntity=([^&:]+)")


class Statistics:
    """The part of the vendor that knows of days and segments; ``needed`` counts the answers that told something new."""

    def __init__(self, seed: int, anchor: datetime, faults: DataFaults) -> None:
        self._seed, self._faults = seed, faults
        self._followers = {u: Growth(f"{seed} li {u}", anchor, *given) for u, given in ORGANISATIONS.items()}
        self._segmented: list[dict[str, Any]] = []
        self._days: set[tuple[str, date]] = set()
        self.needed = 0

    def total(self, urn: str, now: datetime) -> int:
        """Answer an organisation's followers at an instant."""
        return self._followers[urn].at(now)

    def answer(self, query: str, now: datetime) -> Response:
        """Answer what a query string asks for, days or segments."""
        if whole := _LIFETIME.fullmatch(query):
            return self._segments(unquote(whole[1]), now)
        asked = _ASKED.fullmatch(query)
        if asked is None:
            return error(400, "PARAM_INVALID", "Invalid query parameters passed to request")
        urn, start, end = unquote(asked[1]), int(asked[2]), int(asked[3])
        if urn not in ORGANISATIONS:
            return error(404, "RESOURCE_NOT_FOUND", "Could not find entity")
        if start >= end or start % 86_400_000 or end % 86_400_000:
            return error(400, "PARAM_INVALID", "Invalid timeIntervals parameter: time range must be of whole days")
        first, last = _at(start), _at(end) - DAY
        if first < _a_year_before(now) or last + DAY > now - 2 * DAY:
            return error(400, "PARAM_INVALID", "Invalid timeIntervals parameter: only data of the last 12 months")
        days = [(first + n * DAY).date() for n in range((last - first).days + 1)]
        if self._faults.data("linkedin", "fewer_days"):
            days = days[:-1]
        self.needed += any((urn, day) not in self._days for day in days)
        self._days |= {(urn, day) for day in days}
        elements = [self._element(urn, day) for day in days]
        if elements and self._faults.data("linkedin", "repeated"):
            elements.append(elements[0])
        return JSONResponse({"paging": {"count": 10, "start": 0, "links": []}, "elements": elements})

    def _segments(self, urn: str, now: datetime) -> Response:
        if urn not in ORGANISATIONS:
            return error(404, "RESOURCE_NOT_FOUND", "Could not find entity")
        followers, at = self.total(urn, now), now.replace(microsecond=0)
        self.needed += 1
        element: dict[str, Any] = {"organizationalEntity": urn}
        for (name, facet, field), shares in SEGMENTS.items():
            element[name] = []
            for segment, share in shares.items():
                count = round(followers * share)
                counts = {"organicFollowerCount": count, "paidFollowerCount": 0}
                element[name].append({field: segment, "followerCounts": counts})
                self._segmented.append(dict(zip(_SEGMENT_COLUMNS, (urn, facet, segment, count, 0, at), strict=True)))
        return JSONResponse({"paging": {"count": 10, "start": 0, "links": []}, "elements": [element]})

    def _element(self, urn: str, day: date) -> dict[str, Any]:
        organic, paid = gains(self._seed, urn, day)
        start = int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()) * 1000
        return {
            "timeRange": {"start": start, "end": start + 86_400_000},
            "followerGains": {"organicFollowerGain": organic, "paidFollowerGain": paid},
            "organizationalEntity": urn,
        }

    def ledger(self, until: datetime) -> Sequence[Book]:
        """Answer every look at the segments that was served, and every day of the last twelve months."""
        first = _a_year_before(until)
        days = ((first + n * DAY).date() for n in range((until - 2 * DAY - first) // DAY))
        rows = [(urn, day, *gains(self._seed, urn, day)) for day in days for urn in ORGANISATIONS]
        looks = [row for row in self._segmented if row["observed_at"] <= until]
        segment_key = ("organisation", "facet", "segment", "observed_at")
        return [
            Book("linkedin_follower_segments", _SEGMENT_COLUMNS, segment_key, looks),
            Book(
                "linkedin_follower_days",
                _DAY_COLUMNS,
                ("organisation", "day"),
                [dict(zip(_DAY_COLUMNS, row, strict=True)) for row in rows],
            ),
        ]


def _a_year_before(now: datetime) -> datetime:
    """The midnight from which on days are answered: that after the same instant of the year before."""
    day = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return day.replace(year=day.year - 1, day=min(day.day, 28) if day.month == 2 else day.day) + DAY


def _at(milliseconds: int) -> datetime:
    return datetime.fromtimestamp(milliseconds // 1000, UTC)


def error(status: int, code: str, message: str) -> Response:
    return JSONResponse({"status": status, "code": code, "message": message}, status)
