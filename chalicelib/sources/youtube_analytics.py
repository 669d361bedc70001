"""YouTube Analytics: what each channel's day came to, by California's calendar, asked again while YouTube restates it.

``reports.query`` of the YouTube Analytics API v2. A report stops, without a word, at the last day that has all metrics:
a report with fewer days than asked is not taken. A restated day replaces the whole partition, so every channel of
a day comes from the same window, and one row that cannot be read stops the source rather than take an older one away.
Source: YouTube Analytics API, "Data model", "Reports: query", and its discovery document.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, ClassVar

from chalicelib.errors import FatalSourceError, RetriableSourceError, SkippableRecordError
from chalicelib.sources import answers, google_answers, keys, oauth
from chalicelib.sources.base import (
    CALLS,
    Accepted,
    Allowance,
    Column,
    ColumnType,
    Deadline,
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
from chalicelib.sources.records import digest, shown
from chalicelib.sources.youtube_channels import channel_id
from chalicelib.sources.youtube_report import METRICS, Line, days, lines, missing

DAYS = Table(
    "youtube_channel_days",
    "What each channel's day came to, as YouTube said last",
    (
        Column("day", ColumnType.DATE, "The day in California (America/Los_Angeles), which is YouTube's"),
        Column("channel_id", ColumnType.STRING, "YouTube's id of the channel"),
        *METRICS.values(),
        Column("answered_at", ColumnType.TIMESTAMP, "When YouTube said so; it has restated the day until then"),
    ),
    time_column="day",
    sort_by=("channel_id", "day"),
    restated=True,
)
ASK_AGAIN = timedelta(hours=1)
WARNED_BEFORE = timedelta(weeks=2)
_DAY = timedelta(days=1)
_SIGN_IN = (
    "A person who manages the channels has to sign in to our app at Google again; put the new refresh_token into the "
    "secret (docs/sources/youtube_analytics.md says how)."
)


class YoutubeAnalytics(PullSource):
    """A pulled source whose days are asked for again."""

    name: ClassVar[str] = "youtube_analytics"
    title: ClassVar[str] = "YouTube Analytics"
    tables: ClassVar[tuple[Table, ...]] = (DAYS,)
    mode: ClassVar[PullMode] = PullMode.WINDOW
    grid: ClassVar[timedelta] = _DAY
    settle: ClassVar[timedelta] = timedelta(days=3)  # a day in California ends 8 hours late, and is ready 2 days later
    span: ClassVar[timedelta | None] = timedelta(days=90)
    credential: ClassVar[str | None] = "youtube"
    allowances: ClassVar[tuple[Allowance, ...]] = (
        Allowance("calls_per_day", CALLS, Period.DAY, google_answers.PACIFIC),
    )
    keys: ClassVar[tuple[keys.Key, ...]] = (
        keys.Key("base_url", keys.url, "the root of the Analytics API", "https://youtubeanalytics.googleapis.com"),
        keys.Key("token_url", keys.url, "where access tokens are renewed", "https://oauth2.googleapis.com/token"),
        keys.Key("channels", keys.list_of(channel_id), "the ids of the channels, all managed by who signed in"),
        keys.Key(
            "since", keys.table_of(channel_id, keys.first_day), "the first day of a channel younger than `start`", {}
        ),
        keys.Key("restated_days", keys.positive, "how many days before a window are asked for again", 14),
        keys.Key("calls_per_day", keys.positive, "how many reports a day may be asked for", 500),
        keys.start(),
    )

    def requests(self, window: Window, config: Mapping[str, Any]) -> Sequence[Request]:
        """Name one report a channel: the days of the window, and those before it that YouTube may have restated."""
        start, again = keys.started(config), window.start - config["restated_days"] * _DAY
        first = (max(again, start) if start and start <= window.start else again).date()
        last = (window.end - _DAY).date()
        begins = {channel: max(first, config["since"].get(channel, first)) for channel in config["channels"]}
        return [_report(channel, begin, last, config) for channel, begin in begins.items() if begin <= last]

    def authorise(self, request: Request, secret: Mapping[str, str]) -> Request:
        """Put the access token on the request."""
        return replace(
            request, headers={**request.headers, "authorization": f"Bearer {secret.get('access_token', '')}"}
        )

    def renewal(self, secret: Mapping[str, str], config: Mapping[str, Any]) -> Request | None:
        """Name the request for a new access token; one lives an hour."""
        return oauth.refresh(config["token_url"], secret)

    def renewed(self, secret: Mapping[str, str], page: Page) -> Mapping[str, str]:
        """Answer the secret with its new access token."""
        return oauth.granted(secret, page, "Google", "access_token", _SIGN_IN)

    def deadlines(self, secret: Mapping[str, str], config: Mapping[str, Any]) -> Sequence[Deadline]:  # noqa: ARG002
        """Answer when the refresh token ends, where Google says so: of an app in testing, after a week."""
        return oauth.sign_in_again(secret, "YouTube", WARNED_BEFORE, _SIGN_IN)

    def judge(self, page: Page) -> None:
        """Accept a report that has every day that was asked for, each readable."""
        google_answers.refuse(page)
        answer = answers.judge(page, "YouTube")
        where = f"{page.request.url} {page.request.params.get('ids')}"
        if answer.get("errors"):
            raise RetriableSourceError(f"{where}: YouTube could not make the report: {shown(answer['errors'])[:200]}")
        try:
            asked = _asked(page.request)
            _check(lines(answer), asked)
            absent = missing(asked, answer)
        except SkippableRecordError as error:
            raise FatalSourceError(f"{where}: YouTube's report has changed its shape: {error}") from error
        if absent:
            which = f"{len(absent)} of {len(asked)} days are missing from {absent[0]} on"
            hint = "YouTube is late, or the channel is younger: then set its first day under since"
            raise RetriableSourceError(f"{where}: {which}: {hint}", page.fetched_at + ASK_AGAIN)

    def parse(self, pages: Iterable[Page], window: Window, config: Mapping[str, Any]) -> Iterator[Outcome]:  # noqa: ARG002
        """Read the reports: one outcome a channel and day, in YouTube's order."""
        for page in pages:
            where = str(page.request.params.get("ids"))
            try:
                asked, channel = _asked(page.request), where.partition("==")[2]
                for number, line in enumerate(lines(read_object(page.body)), start=1):
                    yield _outcome(line, channel, asked, page, f"{where} row {number}")
            except SkippableRecordError as error:
                yield Rejected.of_body(str(error), where, page.body)


def _report(channel: str, first: date, last: date, config: Mapping[str, Any]) -> Request:
    params = {
        "ids": f"channel=={channel}",
        "startDate": first.isoformat(),
        "endDate": last.isoformat(),
        "metrics": ",".join(METRICS),
        "dimensions": "day",
        "sort": "day",
    }
    return Request("GET", f"{config['base_url']}/v2/reports", params)


def _asked(request: Request) -> list[date]:
    """Answer the days that a request is for."""
    try:
        return list(days(*(date.fromisoformat(request.params[name]) for name in ("startDate", "endDate"))))
    except (KeyError, ValueError) as error:
        raise SkippableRecordError(f"the request names no days: {error}") from error


def _check(found: Iterable[Line], asked: Sequence[date]) -> None:
    """Refuse a report of which a row cannot be read: it would take the day's earlier row away."""
    for line in found:
        if problem := line.problem or _stray(line, asked):
            raise SkippableRecordError(problem)


def _stray(line: Line, asked: Sequence[date]) -> str:
    return "" if line.day in asked else f"{line.day} was not asked for"


def _outcome(line: Line, channel: str, asked: Sequence[date], page: Page, where: str) -> Outcome:
    if problem := line.problem or _stray(line, asked):
        return Rejected(problem, where, shown(line.raw))
    content = {"day": line.day, "channel_id": channel, **(line.columns or {})}
    row = {**content, "answered_at": answers.answered_at(page)}
    return Accepted(f"{channel}@{line.day}", digest(content), ((DAYS.name, row),))
