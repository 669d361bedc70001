"""Keyword positions from a rank tracker: a list of tracked pages, and each page's history. Declarative.

Paths, the header of the token, parameters and field names are configuration, and Pro Rank Tracker's by default; a rank
tracker of another make that lists what it tracks and tells a history of each is a section of its own words.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, ClassVar

from chalicelib.errors import FatalSourceError, SkippableRecordError
from chalicelib.sources import answers, keys
from chalicelib.sources.base import (
    CALLS,
    Accepted,
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
from chalicelib.sources.json_fields import at, instant, items, read_object, text, whole
from chalicelib.sources.notes import noted, notes
from chalicelib.sources.rank_tracker_keys import KEYS
from chalicelib.sources.rank_tracker_tables import POSITIONS, SHARES
from chalicelib.sources.records import digest, shown
from chalicelib.sources.share_of_voice import Ranking, brand_of, click_rate, shares

_DAY = timedelta(days=1)
_NOTED = (
    "urls_list",
    "url_id",
    "url_name",
    "history_path",
    "from_parameter",
    "to_parameter",
    "per_page_parameter",
    "page_parameter",
    "per_page",
    "terms_list",
)
_TOKEN = "{token}"  # noqa: S105 - where the token is put


class RankTrackerPositions(PullSource):
    """A pulled source with a past: days."""

    name: ClassVar[str] = "rank_tracker_positions"
    title: ClassVar[str] = "Rank tracker positions"
    tables: ClassVar[tuple[Table, ...]] = (POSITIONS, SHARES)
    mode: ClassVar[PullMode] = PullMode.WINDOW
    grid: ClassVar[timedelta] = _DAY
    span: ClassVar[timedelta | None] = timedelta(days=30)
    settle: ClassVar[timedelta] = timedelta(hours=12)
    credential: ClassVar[str | None] = "rank"
    allowances: ClassVar[tuple[Allowance, ...]] = (Allowance("calls_per_day", CALLS, Period.DAY),)
    keys: ClassVar[tuple[keys.Key, ...]] = KEYS

    def requests(self, window: Window, config: Mapping[str, Any]) -> Sequence[Request]:
        """Ask what is tracked; the pages' histories follow from it."""
        known = {name: str(config[name]) for name in _NOTED}
        days = {"from": f"{window.start:%Y-%m-%d}", "to": f"{window.end - timedelta(microseconds=1):%Y-%m-%d}"}
        url = noted(f"{config['base_url']}{config['urls_path']}", {"root": config["base_url"], **known, **days})
        return [Request("GET", url, {}, {config["token_header"]: config["token_value"], "accept": "application/json"})]

    def authorise(self, request: Request, secret: Mapping[str, str]) -> Request:
        """Put the token where the configured header has its place."""
        headers = {name: value.replace(_TOKEN, secret["token"]) for name, value in request.headers.items()}
        return replace(request, headers=headers)

    def judge(self, page: Page) -> None:
        """Accept an answer that has the list that is configured, or say whether to try again and when."""
        answer = answers.judge(page, "The rank tracker")
        known = notes(page.request.url)
        wanted = known.get("terms_list" if "id" in known else "urls_list")
        try:
            if wanted is not None and items(answer, wanted) is None:
                raise SkippableRecordError(f"{wanted}: a list was expected")
            if wanted is not None and "id" not in known:
                _tracked(answer, known)
        except SkippableRecordError as error:
            raise FatalSourceError(
                f"{page.request.url.partition('#')[0]}: the answer is not of the configured shape: {error}; mend the "
                "field names in [rank_tracker_positions]"
            ) from error

    def follow(self, page: Page) -> Sequence[Request]:
        """Lead from the list to each page's history, and from a full page of a history to the next one."""
        known = notes(page.request.url)
        answer = answers.judge(page, "The rank tracker")
        if "history_path" not in known:
            return ()
        if "id" not in known:
            return [_history(page.request, known, i, name, 1) for i, name in _tracked(answer, known)]
        if len(items(answer, known["terms_list"]) or []) < int(known["per_page"]):
            return ()
        return [_history(page.request, known, known["id"], known["url"], int(known["page"]) + 1)]

    def parse(self, pages: Iterable[Page], window: Window, config: Mapping[str, Any]) -> Iterator[Outcome]:
        """Read the checks of a window, then the shares of its days."""
        days: dict[datetime, list[Ranking]] = {}
        for page in pages:
            known = notes(page.request.url)
            if "id" not in known:
                continue
            for outcome in _checks(page, known["url"], window, config):
                if isinstance(outcome, Accepted):
                    _remember(days, outcome.rows[0][1])
                yield outcome
        for day in sorted(days):
            yield from _shares(day, days[day], config["click_curve"])


def _tracked(answer: Mapping[str, Any], known: Mapping[str, str]) -> list[tuple[str, str]]:
    """Answer what is tracked, as id and address. Raises ``SkippableRecordError``."""
    found = []
    for entry in items(answer, known["urls_list"]) or []:
        if not isinstance(entry, dict):
            raise SkippableRecordError(f"{known['urls_list']}: a list of objects was expected")
        identity, name = at(entry, known["url_id"]), text(entry, known["url_name"])
        if not isinstance(identity, int | str) or isinstance(identity, bool) or identity == "" or not name:
            raise SkippableRecordError(f"{known['url_id']}, {known['url_name']}: a tracked page needs both")
        found.append((str(identity), name))
    return found


def _history(before: Request, known: Mapping[str, str], identity: str, name: str, number: int) -> Request:
    url = f"{known['root']}{known['history_path'].replace('{id}', identity)}"
    params = {
        known["from_parameter"]: known["from"],
        known["to_parameter"]: known["to"],
        known["per_page_parameter"]: known["per_page"],
        known["page_parameter"]: str(number),
    }
    told = {**known, "id": identity, "url": name, "page": str(number)}
    return Request("GET", noted(url, told), params, before.headers)


def _checks(page: Page, url: str, window: Window, config: Mapping[str, Any]) -> Iterator[Outcome]:
    """Read a page of a history: an outcome for each check, and for each term that cannot be read."""
    try:
        terms = items(read_object(page.body), config["terms_list"]) or []
    except SkippableRecordError as error:
        yield Rejected(str(error), f"history of {url}", page.body.decode("utf-8", "backslashreplace"))
        return
    for number, term in enumerate(terms, 1):
        where = f"history of {url}, term {number}"
        try:
            keyword, engine, checks = _term(term, config)
        except SkippableRecordError as error:
            yield Rejected(str(error), where, shown(term))
            continue
        for count, check in enumerate(checks, 1):
            try:
                yield _accept(check, url, keyword, engine, window, config)
            except SkippableRecordError as error:
                yield Rejected(str(error), f"{where}, check {count}", shown({"keyword": keyword, "check": check}))


def _term(term: Any, config: Mapping[str, Any]) -> tuple[str, str | None, list[Any]]:
    if not isinstance(term, dict):
        raise SkippableRecordError("a term was expected")
    keyword, checks = text(term, config["term_name"]), items(term, config["history_list"])
    if not keyword or checks is None:
        raise SkippableRecordError(f"{config['term_name']}, {config['history_list']}: a term needs both")
    return keyword, text(term, config["term_engine"]), checks


def _accept(
    check: Any, url: str, keyword: str, engine: str | None, window: Window, config: Mapping[str, Any]
) -> Accepted:
    if not isinstance(check, dict):
        raise SkippableRecordError("a check was expected")
    checked_at = _checked_at(check, config["checked_field"])
    if not window.start <= checked_at < window.end:
        raise SkippableRecordError(f"{config['checked_field']}: {checked_at.isoformat()} was not asked for")
    position = _position(check, config)
    row = {
        "checked_at": checked_at,
        "url": url,
        "brand": brand_of(url, config["brands"]),
        "keyword": keyword,
        "engine": engine,
        "position": position,
        "keyword_weight": Decimal(config["keyword_weights"].get(keyword, 1)),
        "click_rate": click_rate(position, config["click_curve"]),
    }
    identity = shown([url, keyword, engine, checked_at.isoformat()])
    return Accepted(identity, digest(row), ((POSITIONS.name, row),))


def _checked_at(check: Mapping[str, Any], field: str) -> datetime:
    """Read when it was checked: an instant, or a day or time without a zone, which is UTC's."""
    value = at(check, field)
    if isinstance(value, str):
        try:
            naive = datetime.fromisoformat(value)
        except ValueError as error:
            raise SkippableRecordError(f"{field}: {value[:40]!r} is no day and no instant") from error
        if naive.tzinfo is None:
            return naive.replace(tzinfo=UTC)
    moment = instant(check, field)
    if moment is None:
        raise SkippableRecordError(f"{field}: a check without its day")
    return moment


def _position(check: Mapping[str, Any], config: Mapping[str, Any]) -> int | None:
    """Read a place: null, 0 and what lies beyond the results that are looked at mean that it is not ranked."""
    rank = whole(check, config["rank_field"])
    if rank is not None and rank < 0:
        raise SkippableRecordError(f"{config['rank_field']}: {rank} is no place")
    return rank if rank is not None and 0 < rank <= config["deepest_position"] else None


def _remember(days: dict[datetime, list[Ranking]], row: Mapping[str, Any]) -> None:
    if row["brand"] is None:
        return
    day = row["checked_at"].replace(hour=0, minute=0, second=0, microsecond=0)
    named = (row["brand"], row["url"], row["keyword"], row["engine"] or "")
    days.setdefault(day, []).append(Ranking(*named, row["checked_at"], row["position"], row["keyword_weight"]))


def _shares(day: datetime, rankings: Sequence[Ranking], curve: Sequence[str]) -> Iterator[Outcome]:
    for share in shares(rankings, curve):
        row = {
            "day_start": day,
            "brand": share.brand,
            "clicks": share.clicks,
            "clicks_of_all": share.clicks_of_all,
            "share": share.share,
            "ranked_keywords": share.ranked,
            "tracked_keywords": share.tracked,
        }
        yield Accepted(shown(["share", share.brand, day.isoformat()]), digest(row), ((SHARES.name, row),))
