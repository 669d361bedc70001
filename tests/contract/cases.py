"""The fixtures of the sources: what goes in, with which configuration, and what has to come out.

A folder ``fixtures/<source>/`` has ``config.toml`` (the source's section) and ``cases.json``, a list of cases::

    {"name": "a star", "shows": ["good"],
     "item": {"body": "…", "attributes": {…}, "received_at": "…"},                   an arriving source, or
     "pages": [{"url": "…", "params": {…}, "status": 200, "headers": {…}, "body": "…"}], "window": ["…", "…"],
     "outcomes": [{"event_id": "…", "rows": [["table", {"column": value, …}]]}, {"rejected": "reason", "where": "…"}]}

A body is a text, or any JSON value, which stands for its JSON text. A row names the columns that matter; instants are
ISO 8601. ``shows`` says what the case is there for: ``good``, ``bad``, ``unknown fields``.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from chalicelib.sources.base import ArrivingSource, Item, Outcome, Page, PullSource, Request, Source, Window
from chalicelib.sources.config import parse_sources

FIXTURES = Path(__file__).parent / "fixtures"
FETCHED_AT = datetime(2026, 11, 22, 10, 0, 7, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Case:
    """One case of one source."""

    source: Source
    name: str
    shows: tuple[str, ...]
    config: Mapping[str, Any]
    item: Item | None
    pages: tuple[Page, ...]
    window: Window | None
    outcomes: tuple[Mapping[str, Any], ...]

    def parse(self) -> list[Outcome]:
        """Run the source's parser over the case."""
        if isinstance(self.source, PullSource):
            assert self.window is not None
            return list(self.source.parse(self.pages, self.window, self.config))
        assert isinstance(self.source, ArrivingSource)
        assert self.item is not None
        return list(self.source.parse(self.item, self.config))

    @property
    def bodies(self) -> tuple[bytes, ...]:
        """What came from outside."""
        return (self.item.body,) if self.item else tuple(page.body for page in self.pages)

    def with_body(self, at: int, body: bytes) -> Case:
        """The same case with another body."""
        if self.item:
            return replace(self, item=replace(self.item, body=body))
        page = replace(self.pages[at], body=body)
        return replace(self, pages=(*self.pages[:at], page, *self.pages[at + 1 :]))


def cases_of(source: Source, fixtures: Path = FIXTURES) -> list[Case]:
    """Read the cases of a source; none where it has no folder."""
    folder = fixtures / source.name
    if not folder.is_dir():
        return []
    config = parse_sources((folder / "config.toml").read_text(), {source.name: source}).section(source.name)
    return [_case(source, config, given) for given in json.loads((folder / "cases.json").read_text())]


def _case(source: Source, config: Mapping[str, Any], given: Mapping[str, Any]) -> Case:
    item, window = given.get("item"), given.get("window")
    return Case(
        source,
        given["name"],
        tuple(given["shows"]),
        config,
        _item(item) if item else None,
        tuple(_pages(given.get("pages", ()))),
        Window(*map(datetime.fromisoformat, window)) if window else None,
        tuple(given["outcomes"]),
    )


def _item(given: Mapping[str, Any]) -> Item:
    received_at = datetime.fromisoformat(given["received_at"])
    return Item(given.get("key", "inbox/x"), _bytes(given["body"]), given.get("attributes", {}), received_at)


def _pages(given: Any) -> Iterator[Page]:
    for page in given:
        request = Request("GET", page["url"], page.get("params", {}))
        yield Page(request, page.get("status", 200), page.get("headers", {}), _bytes(page.get("body", "")), FETCHED_AT)


def _bytes(body: Any) -> bytes:
    """A text as it is; any other value as its JSON text."""
    return body.encode() if isinstance(body, str) else json.dumps(body).encode()
