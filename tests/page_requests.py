"""What a browser and a client of the original contract ask for, as they ask for it: built of dates and words.

The declarations of ``chalicelib/metrics/common_questions.py`` are held against these requests, so nothing here is
taken from there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote, urlencode
from zoneinfo import ZoneInfo

COUNTERS = ("downloads", "pushes", "pull_requests_opened", "pull_requests_merged", "issues_opened")
GAUGES = ("stars", "forks", "open_pull_requests")
CONTRACT = (
    *("/pipeline/week", "/pipeline/month", "/awareness/webtraffic/week", "/awareness/webtraffic/month"),
    *("/awareness/socialmedia/subscribers", "/awareness/seo"),
)
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Request:
    """A path and its parameters."""

    path: str
    query: Mapping[str, str] = field(default_factory=dict)

    @property
    def target(self) -> str:
        """Answer it as it stands in an address."""
        return quote(self.path) + (f"?{urlencode(self.query)}" if self.query else "")


def series(metric: str, **query: str) -> Request:
    """Ask for a metric by day."""
    return Request(f"/v1/metrics/{metric}", {"interval": "P1D", **query})


def tiles(now: datetime, zone: str, days: int) -> list[Request]:
    """Answer what the tiles ask first: so many days, today being the last."""
    given = _dates(now, zone, days)
    return [series(metric, **given) for metric in (*COUNTERS, *GAUGES)]


def charts(now: datetime, zone: str, days: int, gauges: tuple[str, ...] = ("stars",)) -> list[Request]:
    """Answer what the charts ask: downloads, and the repositories' metrics that are looked at."""
    given = _dates(now, zone, days)
    return [
        series("downloads", **given, group_by="version"),
        *(series(gauge, **given, group_by="repository") for gauge in gauges),
    ]


def follow(asked: Request, answer: Mapping[str, Any]) -> Iterator[Request]:
    """Answer what a tile asks when it has seen how far its metric is complete, in Python's own calendar."""
    at, days = ZoneInfo(asked.query["tz"]), _days(asked)
    start, end = (datetime.fromisoformat(asked.query[name]).replace(tzinfo=at) for name in ("from", "to"))
    told = answer["meta"]["watermark"]
    until = end if told is None else min(end, datetime.fromisoformat(told).astimezone(at), key=datetime.timestamp)
    if until.timestamp() <= start.timestamp():
        return
    query = {name: asked.query[name] for name in ("interval", "tz")}
    metric = asked.path.rpartition("/")[2]
    yield Request(asked.path, {"from": _instant(start - days * DAY), "to": _instant(until - days * DAY), **query})
    if until.timestamp() < end.timestamp() and metric in COUNTERS:
        yield Request(asked.path, {"from": _instant(start), "to": _instant(until), **query})


def beside(metric: str, word: str, zone: str) -> Request:
    """Ask for a metric by day beside the period before."""
    return series(metric, range=word, tz=zone, compare="previous_period")


def _dates(now: datetime, zone: str, days: int) -> dict[str, str]:
    end = now.astimezone(ZoneInfo(zone)).date() + DAY
    return {"from": (end - days * DAY).isoformat(), "to": end.isoformat(), "tz": zone}


def _days(asked: Request) -> int:
    first, last = (datetime.fromisoformat(asked.query[name]) for name in ("from", "to"))
    return (last - first).days


def _instant(local: datetime) -> str:
    return local.astimezone(UTC).isoformat().replace("+00:00", "Z")
