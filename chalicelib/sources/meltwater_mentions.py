"""Meltwater's mentions: every document of a saved search, each paid for once.

A search answers at most 1,000 documents (10 pages of 100), and each document that is answered is billed. So the size is
asked first, of the endpoint that counts and bills nothing; a range that holds too many is halved until it fits, and
only then are documents asked for. Sources: Meltwater's OpenAPI document (``search_count``); the answers of
``POST /v3/search/{id}`` as clients of it read them (``result.document_count``, ``result.documents``).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

from chalicelib.errors import FatalSourceError, PageTokenExpired, RetriableSourceError, SkippableRecordError
from chalicelib.sources import answers, keys
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
from chalicelib.sources.json_fields import items, read_object, whole
from chalicelib.sources.meltwater_rows import MENTIONS, accept
from chalicelib.sources.notes import noted, notes
from chalicelib.sources.records import digest

DOCUMENTS = "documents"
"""What Meltwater bills: each document of an answer, as often as it is answered."""

PAGE_SIZE = 100
MOST = 1_000
"""Documents that one query can page through."""

FITS = 900
"""An approximate count up to which a range is taken to fit; below ``MOST``, so that its error costs no documents."""

_SECOND, _HOUR = timedelta(seconds=1), timedelta(hours=1)


class MeltwaterMentions(PullSource):
    """A pulled source with a past: the hours of saved searches."""

    name: ClassVar[str] = "meltwater_mentions"
    title: ClassVar[str] = "Meltwater mentions"
    tables: ClassVar[tuple[Table, ...]] = (MENTIONS,)
    mode: ClassVar[PullMode] = PullMode.WINDOW
    grid: ClassVar[timedelta] = timedelta(hours=1)
    span: ClassVar[timedelta | None] = timedelta(days=1)
    settle: ClassVar[timedelta] = timedelta(hours=6)
    credential: ClassVar[str | None] = "meltwater"
    allowances: ClassVar[tuple[Allowance, ...]] = (
        Allowance("documents_per_month", DOCUMENTS, Period.MONTH),
        Allowance("calls_per_hour", CALLS, Period.HOUR),
    )
    keys: ClassVar[tuple[keys.Key, ...]] = (
        keys.Key("base_url", keys.url, "the root of Meltwater's API", "https://api.meltwater.com"),
        keys.Key("searches", keys.list_of(keys.positive), "the saved searches, by their numbers"),
        keys.Key("documents_per_month", keys.positive, "how many documents may be paid for a month", 30_000),
        keys.Key("calls_per_hour", keys.positive, "how many calls may be made an hour", 1_000),
        keys.start(),
    )

    def requests(self, window: Window, config: Mapping[str, Any]) -> Sequence[Request]:
        """Ask, for each search, how many documents the window holds."""
        return [_count(config["base_url"], str(search), window) for search in config["searches"]]

    def authorise(self, request: Request, secret: Mapping[str, str]) -> Request:
        """Put the key on the request."""
        return replace(request, headers={**request.headers, "apikey": secret["token"]})

    def price(self, request: Request) -> Mapping[str, int]:
        """Answer the documents that a page can hold; counting is free of them."""
        return {CALLS: 1, DOCUMENTS: 0 if _counts(request) else PAGE_SIZE}

    def spent(self, page: Page) -> Mapping[str, int]:
        """Answer the documents that came."""
        if _counts(page.request) or page.status != 200:
            return {CALLS: 1, DOCUMENTS: 0}
        try:
            came = items(read_object(page.body), "result.documents") or []
        except SkippableRecordError:
            return self.price(page.request)
        return {CALLS: 1, DOCUMENTS: min(len(came), PAGE_SIZE)}

    def judge(self, page: Page) -> None:
        """Accept a whole answer; what moved while it was paged through is asked for anew.

        Raises
        ------
        PageTokenExpired
            The total is not that of the page before, or the page is not as full as the total demands.
        RetriableSourceError
            Limited, failing, cut short. A used-up quota is asked again in an hour, by a count, which is free: nobody
            says when it is renewed, and a person may raise it.
        FatalSourceError
            The key is refused, the shape has changed, or one second holds more than a query can page through.
        """
        if page.status == 403 and b"quota" in page.body.lower():
            raise RetriableSourceError(
                f"{page.request.url}: Meltwater's quota is used up (403)", page.fetched_at + _HOUR
            )
        answer = answers.judge(page, "Meltwater")
        try:
            total, documents = _read(answer, counting=_counts(page.request))
        except SkippableRecordError as error:
            raise FatalSourceError(f"{page.request.url}: the answer has changed its shape: {error}") from error
        if not _counts(page.request):
            _check_page(page, total, documents)

    def follow(self, page: Page) -> Sequence[Request]:
        """Lead from a count to its halves or its first page, and from a page to the next one."""
        known = notes(page.request.url)
        window = _window(known)
        if window is None:
            return ()
        total, _ = _read(answers.judge(page, "Meltwater"), counting=_counts(page.request))
        base_url, search = known["root"], known["search"]
        counting = _counts(page.request)
        if total > (FITS if counting else MOST) and window.end - window.start > _SECOND:
            return [_count(base_url, search, half) for half in _halves(window)]
        if counting:
            return (_search(base_url, search, window, 1, None),)
        number = int(known["page"])
        return (_search(base_url, search, window, number + 1, total),) if number * PAGE_SIZE < total else ()

    def parse(self, pages: Iterable[Page], window: Window, config: Mapping[str, Any]) -> Iterator[Outcome]:  # noqa: ARG002
        """Read the documents of a window; a page of a range that was halved is not read, for its halves are."""
        tally: dict[str, set[str]] = {}
        for page in pages:
            if _counts(page.request):
                continue
            try:
                total, documents = _read(read_object(page.body), counting=False)
            except SkippableRecordError as error:
                yield Rejected(str(error), "page", page.body.decode("utf-8", "backslashreplace"))
                continue
            if total > MOST:
                continue
            search = _search_of(page.request)
            yield from accept(documents, search, window)
            if missing := _tally(tally, page, total, documents):
                yield missing


def _tally(tally: dict[str, set[str]], page: Page, total: int, documents: list[Any]) -> Rejected | None:
    """Compare the documents of a range with its total after its last page: what was paged past is said aloud."""
    known = notes(page.request.url)
    if "page" not in known:
        return None
    name = f"search {known['search']}, {known['start']} to {known['end']}"
    seen = tally.setdefault(name, set())
    seen.update(digest({"document": _identity(each)}) for each in documents)
    if int(known["page"]) * PAGE_SIZE < total or len(tally.pop(name)) == total:
        return None
    reason = f"{len(seen)} of {total} documents were on the pages, which moved: backfill this range"
    return Rejected(reason, name, page.request.url)


def _check_page(page: Page, total: int, documents: list[Any]) -> None:
    known = notes(page.request.url)
    window = _window(known)
    if window is None:
        return
    if total > MOST:
        if window.end - window.start <= _SECOND:
            raise FatalSourceError(
                f"search {known['search']}: {total} documents in the second from {known['start']}, of which Meltwater "
                f"pages through {MOST} only: narrow the search"
            )
        return
    if "total" in known and int(known["total"]) != total:
        raise PageTokenExpired(f"{page.request.url}: {known['total']} documents became {total} while paging")
    expected = max(0, min(PAGE_SIZE, total - PAGE_SIZE * (int(known["page"]) - 1)))
    if len({digest({"document": _identity(each)}) for each in documents}) != expected:
        raise PageTokenExpired(f"{page.request.url}: page {known['page']} should hold {expected} documents")


def _identity(document: Any) -> Any:
    found = document.get("id") if isinstance(document, dict) else None
    return document if found is None else found


def _read(answer: Mapping[str, Any], *, counting: bool) -> tuple[int, list[Any]]:
    """Take the total and the documents. Raises ``SkippableRecordError`` where the answer has another shape."""
    path = "count.total" if counting else "result.document_count"
    total = whole(answer, path)
    documents = [] if counting else items(answer, "result.documents")
    if total is None or total < 0 or documents is None:
        raise SkippableRecordError(f"{path}: a count and its documents were expected")
    return total, documents


def _counts(request: Request) -> bool:
    return request.url.partition("#")[0].endswith("/count")


def _search_of(request: Request) -> str:
    return request.url.partition("#")[0].rpartition("/")[2]


def _window(known: Mapping[str, str]) -> Window | None:
    if "start" not in known:
        return None
    return Window(datetime.fromisoformat(known["start"]), datetime.fromisoformat(known["end"]))


def _halves(window: Window) -> tuple[Window, Window]:
    """Cut a range in two at a whole second.

    >>> halves = _halves(Window(datetime(2026, 1, 1, 0, 0, 0, tzinfo=UTC), datetime(2026, 1, 1, 0, 0, 3, tzinfo=UTC)))
    >>> [half.end.second for half in halves]
    [1, 3]
    """
    middle = window.start + (window.end - window.start) // _SECOND // 2 * _SECOND
    return Window(window.start, middle), Window(middle, window.end)


def _count(base_url: str, search: str, window: Window) -> Request:
    url = f"{base_url}/v3/searches/{search}/count"
    start, end = _zulu(window.start), _zulu(window.end)
    return Request("GET", noted(url, _notes(base_url, search, window)), {"start_date": start, "end_date": end})


def _search(base_url: str, search: str, window: Window, number: int, total: int | None) -> Request:
    known = {**_notes(base_url, search, window), "page": str(number)}
    if total is not None:
        known["total"] = str(total)
    body = {
        "start": f"{window.start:%Y-%m-%dT%H:%M:%S}",
        "end": f"{window.end:%Y-%m-%dT%H:%M:%S}",
        "tz": "UTC",
        "sort_by": "date",
        "sort_order": "asc",
        "page": number,
        "page_size": PAGE_SIZE,
        "template": {"name": "api.json"},
    }
    headers = {"content-type": "application/json", "accept": "application/json"}
    return Request(
        "POST", noted(f"{base_url}/v3/search/{search}", known), {}, headers, json.dumps(body, sort_keys=True).encode()
    )


def _notes(base_url: str, search: str, window: Window) -> dict[str, str]:
    return {"root": base_url, "search": search, "start": window.start.isoformat(), "end": window.end.isoformat()}


def _zulu(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
