"""LinkedIn: followers won by organisations, day by day.

``organizationalEntityFollowerStatistics`` answers a range of days between twelve months ago and two days ago, and 400
beyond. What lies further back is asked for once, set aside as out of reach, and never again; what of the same window is
in reach is taken. Source: LinkedIn Marketing API, "Organization follower statistics".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, ClassVar

from chalicelib.errors import FatalSourceError, RetriableSourceError, SkippableRecordError
from chalicelib.sources import keys, linkedin_api
from chalicelib.sources.base import (
    Accepted,
    Column,
    ColumnType,
    Outcome,
    Page,
    PullMode,
    PullSource,
    Rejected,
    Request,
    Table,
    Window,
)
from chalicelib.sources.json_fields import items, read_object
from chalicelib.sources.linkedin_days import DAY, Days, address, asked_by, day_of, gains
from chalicelib.sources.records import digest, shown

FOLLOWER_DAYS = Table(
    "linkedin_follower_days",
    "How many followers each organisation won on each day",
    (
        Column("day", ColumnType.DATE, "The day, UTC"),
        Column("organisation", ColumnType.STRING, "The organisation's URN, urn:li:organization:…"),
        Column("organic_gain", ColumnType.INT64, "Followers won without advertising"),
        Column("paid_gain", ColumnType.INT64, "Followers won by advertising"),
    ),
    time_column="day",
    sort_by=("organisation", "day"),
)
ASK_AGAIN = timedelta(hours=1)
TOO_NEW = timedelta(days=2)
REFUSED = 400
_SLACK = timedelta(days=3)
"""For so long after the day that should be the first in reach, a 400 is still believed to be of age."""


class LinkedinFollowerDays(linkedin_api.LinkedinAccess, PullSource):
    """A pulled source whose past can be asked for, a year of it."""

    name: ClassVar[str] = "linkedin_follower_days"
    title: ClassVar[str] = "LinkedIn followers by day"
    tables: ClassVar[tuple[Table, ...]] = (FOLLOWER_DAYS,)
    mode: ClassVar[PullMode] = PullMode.WINDOW
    grid: ClassVar[timedelta] = DAY
    settle: ClassVar[timedelta] = TOO_NEW + timedelta(hours=2)
    span: ClassVar[timedelta | None] = timedelta(days=90)
    keys: ClassVar[tuple[keys.Key, ...]] = (
        *linkedin_api.KEYS,
        keys.Key(
            "since",
            keys.table_of(linkedin_api.organisation, keys.first_day),
            "the first day of an organisation's page that is younger than `start`",
            {},
        ),
        keys.start(),
    )

    def requests(self, window: Window, config: Mapping[str, Any]) -> Sequence[Request]:
        """Name one request an organisation."""
        asked = (Days(urn, _begin(window, config["since"].get(urn)), window.end) for urn in config["organisations"])
        headers = linkedin_api.headers(config)
        return [Request("GET", address(config["base_url"], d), headers=headers) for d in asked if d.start < d.end]

    def judge(self, page: Page) -> None:
        """Accept an answer that has every day, or one that says that its days are out of reach."""
        asked, where = asked_by(page.request), page.request.url
        if page.status == REFUSED and asked.start < _reach(page) + _SLACK:
            return
        if page.status == REFUSED and asked.end > page.fetched_at - TOO_NEW:
            raise RetriableSourceError(f"{where}: LinkedIn was asked too early (400)", asked.end + self.settle)
        if page.status == linkedin_api.GONE:
            hint = "remove it from the configuration, mend its URN, or let us administer it"
            raise FatalSourceError(f"{where}: LinkedIn does not know {asked.urn} (404): {hint}")
        answer = linkedin_api.judge(page)
        try:
            elements = items(answer, "elements")
            if elements is None:
                raise SkippableRecordError("elements: a list was expected")
            absent = _missing(elements, asked)
        except SkippableRecordError as error:
            raise FatalSourceError(f"{where}: LinkedIn's answer has changed its shape: {error}") from error
        if absent:
            which = f"{len(absent)} of {len(asked.each)} days are missing from {absent[0]} on"
            hint = "LinkedIn is late, or the page is younger: then set its first day under since"
            raise RetriableSourceError(f"{where}: {which}: {hint}", page.fetched_at + ASK_AGAIN)

    def follow(self, page: Page) -> Sequence[Request]:
        """Lead from days that are out of reach to those after them that are not."""
        asked = asked_by(page.request)
        left = replace(asked, start=_in_reach(page, asked))
        if page.status != REFUSED or left.start >= left.end:
            return ()
        base_url = page.request.url.partition("/rest/")[0]
        return (replace(page.request, url=address(base_url, left)),)

    def parse(self, pages: Iterable[Page], window: Window, config: Mapping[str, Any]) -> Iterator[Outcome]:  # noqa: ARG002
        """Read the answers: one outcome an organisation and day; days out of reach are one outcome together."""
        for page in pages:
            asked = asked_by(page.request)
            try:
                if page.status == REFUSED:
                    asked = replace(asked, end=min(_in_reach(page, asked), asked.end))
                    raise SkippableRecordError("out of reach: LinkedIn answers for the last twelve months")
                elements = items(read_object(page.body), "elements") or []
            except SkippableRecordError as error:
                yield Rejected.of_body(str(error), str(asked), page.body)
                continue
            for number, element in enumerate(elements, start=1):
                yield _outcome(element, asked, f"{asked.urn} element {number}")


def _begin(window: Window, since: date | None) -> datetime:
    return max(window.start, datetime(since.year, since.month, since.day, tzinfo=UTC)) if since else window.start


def _reach(page: Page) -> datetime:
    """Answer the first midnight of the last twelve months."""
    told = page.fetched_at.astimezone(UTC)
    leap_day = (told.month, told.day) == (2, 29)
    return datetime(told.year - 1, told.month, 28 if leap_day else told.day, tzinfo=UTC) + DAY


def _in_reach(page: Page, asked: Days) -> datetime:
    """Answer from when on to ask after a refusal for age: where it should be in reach, else a day later each time."""
    return max(_reach(page), asked.start + DAY)


def _missing(elements: Sequence[Any], asked: Days) -> list[date]:
    """Answer the days without an element, oldest first, every element checked."""
    there = set()
    for element in elements:
        there.add(day_of(element, asked))
        gains(element)
    return [day for day in asked.each if day not in there]


def _outcome(element: Any, asked: Days, where: str) -> Outcome:
    try:
        row = {"day": day_of(element, asked), "organisation": asked.urn, **gains(element)}
    except SkippableRecordError as error:
        return Rejected(str(error), where, shown(element))
    return Accepted(f"{asked.urn}@{row['day']}", digest(row), ((FOLLOWER_DAYS.name, row),))
