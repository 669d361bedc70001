"""Mixpanel: every event of a project, by windows of the time at which Mixpanel took it in.

Events can be imported for any date of the past, at any time. A window is therefore not one of dates: the export is
asked for all dates, and ``where`` keeps the events that were processed (``mp_processing_time_ms``) in the window. So
each event is asked for once, whatever its date, and nothing is looked back at. Sources: Mixpanel's documentation, "Raw
Event Export", "Segmentation Expressions" (allowed in the raw export), "Export Methods" (time zones).
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, ClassVar

from chalicelib.domain.zones import zone
from chalicelib.errors import FatalSourceError, SkippableRecordError
from chalicelib.sources import keys, mixpanel_answers
from chalicelib.sources.base import (
    CALLS,
    Allowance,
    Outcome,
    Page,
    Period,
    PullMode,
    PullSource,
    Rejected,
    Request,
    Table,
    Window,
)
from chalicelib.sources.json_fields import read_object
from chalicelib.sources.mixpanel_answers import lines
from chalicelib.sources.mixpanel_rows import EVENTS, PROCESSED, accept

FIRST_DATE = date(2011, 7, 10)
"""The first date that Mixpanel exports events of."""

MOST = 100_000
"""Events that an answer may be limited to."""

_RANGE = re.compile(rf'properties\["{PROCESSED}"\] >= (\d{{1,14}}) and properties\["{PROCESSED}"\] < (\d{{1,14}})')
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


def time_zone(value: Any) -> str | None:
    """Accept the name of a time zone."""
    try:
        zone(value if isinstance(value, str) else "")
    except ValueError:
        return 'write a time zone by its IANA name, such as "America/New_York"; "UTC" for projects made since 2023'
    return None


def answer_size(value: Any) -> str | None:
    """Accept how many events an answer may have."""
    good = isinstance(value, int) and not isinstance(value, bool) and 1_000 <= value <= MOST
    return None if good else f"write a whole number from 1000 to {MOST}"


class MixpanelEvents(PullSource):
    """A pulled source with a past."""

    name: ClassVar[str] = "mixpanel_events"
    title: ClassVar[str] = "Mixpanel events"
    tables: ClassVar[tuple[Table, ...]] = (EVENTS,)
    mode: ClassVar[PullMode] = PullMode.WINDOW
    grid: ClassVar[timedelta] = timedelta(hours=1)
    span: ClassVar[timedelta | None] = timedelta(days=1)
    settle: ClassVar[timedelta] = timedelta(hours=1)
    credential: ClassVar[str | None] = "mixpanel"
    allowances: ClassVar[tuple[Allowance, ...]] = (Allowance("queries_per_hour", CALLS, Period.HOUR),)
    pace: ClassVar[timedelta] = timedelta(seconds=0.4)  # three queries a second are allowed, everybody's together
    keys: ClassVar[tuple[keys.Key, ...]] = (
        keys.Key(
            "base_url", keys.url, "the host of raw exports: data, data-eu or data-in", "https://data.mixpanel.com"
        ),
        keys.Key("project_id", keys.positive, "the project's number (Project Settings)"),
        keys.Key("time_zone", time_zone, "the zone of a project made before 2023; UTC for all others", "UTC"),
        keys.Key("first_date", keys.day, "the oldest date that events may have", FIRST_DATE),
        keys.Key("events_per_answer", answer_size, "what holds more is asked for in halves", 50_000),
        keys.Key("queries_per_hour", keys.positive, "how many exports may be asked for an hour", 30),
        keys.start(),
    )

    def requests(self, window: Window, config: Mapping[str, Any]) -> Sequence[Request]:
        """Ask for the events that were processed in the window, of every date up to the present one.

        An event may be dated up to an hour ahead, which is why the last date is that of an hour after the window; a
        date that is still to come is refused by Mixpanel, and that one has begun when the window has settled.
        """
        params = {
            "project_id": str(config["project_id"]),
            "from_date": _day(config["first_date"]).isoformat(),
            "to_date": (window.end + self.settle).astimezone(zone(config["time_zone"])).date().isoformat(),
            "where": _where(window),
            "limit": str(config["events_per_answer"]),
        }
        headers = {"accept": "text/plain", "user-agent": "headwater"}
        return [Request("GET", f"{config['base_url']}/api/2.0/export", params, headers)]

    def authorise(self, request: Request, secret: Mapping[str, str]) -> Request:
        """Put the service account on the request (Basic, RFC 7617)."""
        pair = base64.b64encode(f"{secret['username']}:{secret['password']}".encode()).decode()
        return replace(request, headers={**request.headers, "authorization": f"Basic {pair}"})

    def judge(self, page: Page) -> None:
        """Accept a whole export of what was asked for, or say whether to try again and when."""
        mixpanel_answers.judge(page)
        asked = _asked(page.request)
        if asked is None or not page.body:
            return
        first = read_object(next(lines(page.body)))["properties"].get(PROCESSED)
        if type(first) is int and not _ms(asked.start) <= first < _ms(asked.end):
            raise FatalSourceError(f"{page.request.url}: Mixpanel no longer selects by {PROCESSED}")
        if _too_many(page) and asked.end - asked.start <= _MILLISECOND:
            raise FatalSourceError(
                f"{page.request.params['limit']} events or more were processed in the millisecond {_ms(asked.start)}: "
                "raise events_per_answer"
            )

    def follow(self, page: Page) -> Sequence[Request]:
        """Lead from an answer that is as long as it may be to its halves."""
        asked = _asked(page.request)
        if asked is None or not _too_many(page):
            return ()
        return [replace(page.request, params={**page.request.params, "where": _where(half)}) for half in _halves(asked)]

    def parse(self, pages: Iterable[Page], window: Window, config: Mapping[str, Any]) -> Iterator[Outcome]:
        """Read the events of a window, line by line; an answer that was halved is not read, for its halves are."""
        for page in pages:
            if _too_many(page):
                continue
            for number, line in enumerate(lines(page.body), 1):
                try:
                    yield accept(line, window, config["time_zone"])
                except SkippableRecordError as error:
                    yield Rejected(str(error), f"line {number}", line.decode("utf-8", "backslashreplace"))


def _where(window: Window) -> str:
    name = f'properties["{PROCESSED}"]'
    return f"{name} >= {_ms(window.start)} and {name} < {_ms(window.end)}"


def _asked(request: Request) -> Window | None:
    found = _RANGE.fullmatch(request.params.get("where", ""))
    return Window(*(_EPOCH + int(ms) * _MILLISECOND for ms in found.groups())) if found else None


def _halves(window: Window) -> tuple[Window, Window]:
    middle = window.start + (window.end - window.start) // _MILLISECOND // 2 * _MILLISECOND
    return Window(window.start, middle), Window(middle, window.end)


def _too_many(page: Page) -> bool:
    limit = page.request.params.get("limit", "")
    return limit.isdecimal() and page.body.count(b"\n") >= int(limit)


def _ms(moment: datetime) -> int:
    return (moment - _EPOCH) // _MILLISECOND


def _day(value: date) -> date:
    return value.astimezone(UTC).date() if isinstance(value, datetime) else value
