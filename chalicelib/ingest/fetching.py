"""All pages of one window, each asked for once: what a crashed run has fetched already is read back from ``raw/``.

Pages of one try lie under one fetch number. A run continues the newest try; the next request always comes from the page
that is *stored*, so twins that meet go on with the same pages. An expired page token begins a new try.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, TypeVar

from chalicelib.domain.objects import ObjectStore
from chalicelib.errors import (
    FatalSourceError,
    ObjectNotFound,
    PageTokenExpired,
    PreconditionFailed,
    RetriableSourceError,
    StoreUnavailable,
    WriteConflict,
)
from chalicelib.ingest.login import Login
from chalicelib.ingest.pages import RawPage, decode, encode, request_key, revived
from chalicelib.ingest.ports import Fetcher
from chalicelib.lake import layout
from chalicelib.sources.base import Page, PullMode, PullSource, Request, Window

T = TypeVar("T")

MAX_PAGES = 100_000
"""More than any window should have: a source that links its pages in a circle is stopped here."""

_CLOCK_TOLERANCE = timedelta(seconds=5)
_TRIES = 5


@dataclass(frozen=True, slots=True)
class FetchedWindow:
    """The pages of one window as they lie in ``raw/``, in order, and the ETags for the next time."""

    keys: tuple[str, ...]
    state: Mapping[str, Any]

    @property
    def folder(self) -> str | None:
        """The prefix of the pages' keys; None when there was nothing to ask."""
        return self.keys[0].rpartition("/")[0] + "/" if self.keys else None


@dataclass
class WindowFetch:
    """One window of one source being fetched.

    Parameters
    ----------
    state
        What the last commit remembers of conditional requests: ``{request: {"etag": …, "raw_key": …}}``.
    not_before
        A try that began before this instant is not gone on with: its window is asked for again.
    """

    store: ObjectStore
    fetcher: Fetcher
    source: PullSource
    config: Mapping[str, Any]
    login: Login
    state: Mapping[str, Any]
    window: Window
    not_before: datetime | None = None
    _keys: list[str] = field(default_factory=list)
    _next_state: dict[str, Any] = field(default_factory=dict)

    def run(self, read: Callable[[Iterator[Page]], T]) -> tuple[FetchedWindow, T]:
        """Fetch what is not there yet, and hand every page to ``read`` as soon as it lies in ``raw/``.

        One page is in memory at a time. ``read`` is called once more where an expired page token begins a new try;
        what it made of the first try is forgotten.

        Raises
        ------
        RetriableSourceError, FatalSourceError
            As the source judges; what was fetched until then stays in ``raw/``.
        """
        fetch = max(self._tries_made(), default=1)
        if self._is_old(fetch):
            fetch += 1
        for number in (fetch, fetch + 1):
            pages = self._pages(number)
            try:
                made = read(pages)
                for _ in pages:  # whatever a reader did not care for is fetched all the same
                    pass
            except PageTokenExpired as expired:
                failure = expired
            else:
                return FetchedWindow(tuple(self._keys), self._next_state), made
        raise failure

    def _tries_made(self) -> Iterator[int]:
        for found in self.store.list(layout.raw_window(self.source.name, self.window)):
            yield layout.raw_fetch(found.key)

    def _is_old(self, fetch: int) -> bool:
        if self.not_before is None:
            return False
        first = self._stored(layout.raw_page(self.source.name, self.window, fetch, 1))
        return first is not None and first.page.fetched_at < self.not_before

    def _pages(self, fetch: int) -> Iterator[Page]:
        self._keys, self._next_state = [], {}
        for first in self.source.requests(self.window, self.config):
            ahead = [first]
            while ahead:
                if len(self._keys) >= MAX_PAGES:
                    raise FatalSourceError(
                        f"{self.source.name}: more than {MAX_PAGES} pages; do its pages form a circle?"
                    )
                page = self._page(
                    ahead.pop(), layout.raw_page(self.source.name, self.window, fetch, len(self._keys) + 1)
                )
                ahead.extend(reversed(self.source.follow(page)))
                yield page

    def _page(self, request: Request, key: str) -> Page:
        raw = self._stored(key)
        if raw is not None and request_key(raw.page.request) != request_key(request):
            raise PageTokenExpired(f"{self.source.name}: its requests have changed since {key} was fetched")
        if raw is None:
            raw = self._keep(key, self._ask(request))
        self._keys.append(key)
        self._remember(request, key, raw)
        return read_page(self.store, raw)

    def _stored(self, key: str) -> RawPage | None:
        try:
            return decode(self.store.get(key).body)
        except ObjectNotFound:
            return None

    def _keep(self, key: str, raw: RawPage) -> RawPage:
        """Store a page once, and answer the page that is stored, which may be a twin's."""
        body = encode(raw)
        for _ in range(_TRIES):
            try:
                self.store.put(key, body, if_none_match=True, content_type="application/gzip")
                return raw
            except WriteConflict:
                continue
            except (PreconditionFailed, StoreUnavailable):
                stored = self._stored(key)
            if stored is not None:
                return stored
        raise StoreUnavailable(f"{key} could not be written in {_TRIES} tries")

    def _ask(self, request: Request) -> RawPage:
        known = self.state.get(request_key(request)) if request.conditional else None
        page = self._fetch(request, known)
        settled = self.window.end + self.source.settle
        snapshot = self.source.mode is PullMode.SNAPSHOT
        refuse_untimely(page, settled, settled + self.source.grid if snapshot else None)
        if known is not None and page.status == 304:
            return RawPage(replace(page, body=b""), known["raw_key"])
        self.source.judge(page)
        return RawPage(page)

    def _fetch(self, request: Request, known: Mapping[str, Any] | None) -> Page:
        headers = {**request.headers, "if-none-match": known["etag"]} if known else request.headers
        bare = replace(request, headers=headers)
        page = self.fetcher.fetch(self.login.authorised(bare))
        if page.status == 401 and self.login.after_refusal():
            page = self.fetcher.fetch(self.login.authorised(bare))
        return replace(page, request=request)

    def _remember(self, request: Request, key: str, raw: RawPage) -> None:
        if not request.conditional:
            return
        name = request_key(request)
        if raw.unchanged_from is not None:
            # A 304 stands for an older page; it need not repeat the ETag.
            known = self.state.get(name, {})
            etag = raw.page.headers.get("etag") or known.get("etag")
            key = raw.unchanged_from
        else:
            etag = raw.page.headers.get("etag")
        if etag:
            self._next_state[name] = {"etag": etag, "raw_key": key}


def read_page(store: ObjectStore, raw: RawPage) -> Page:
    """Answer the page to parse: the page itself, or the earlier one that a 304 stands for."""
    if raw.unchanged_from is None:
        return raw.page
    return revived(raw, decode(store.get(raw.unchanged_from).body))


class NothingNew:
    """A fetcher that asks nobody: with it a window is whole only if all of its pages are stored."""

    def fetch(self, request: Request) -> Page:
        """Refuse. Raises ``RetriableSourceError``."""
        raise RetriableSourceError(f"{request.url} is not stored and its time has passed")


def read_pages(store: ObjectStore, keys: Sequence[str]) -> Iterator[Page]:
    """Read stored pages one after another, so that only one is in memory."""
    for key in keys:
        yield read_page(store, decode(store.get(key).body))


def refuse_untimely(page: Page, not_before: datetime, not_after: datetime | None) -> None:
    """Refuse an answer that was given before its window had settled, or for a snapshot after its time.

    Nothing of it is kept: a window that was asked too early (our clock is ahead) would be short for ever, and a
    snapshot taken in a later window (this run was stopped for long) would be invented. The answer's own ``date``
    decides; where it has none, the clock of Lambda is all there is.
    """
    try:
        answered = parsedate_to_datetime(page.headers["date"])
    except (KeyError, ValueError):
        return
    if answered.tzinfo is None:
        return
    when = f"the answer is of {answered.isoformat()}"
    if answered + _CLOCK_TOLERANCE < not_before:
        raise RetriableSourceError(f"{when}, before {not_before.isoformat()}: is this machine's clock ahead?")
    if not_after is not None and answered > not_after + _CLOCK_TOLERANCE:
        raise RetriableSourceError(f"{when}, too late for the snapshot of {not_after.isoformat()}: it counts as missed")
