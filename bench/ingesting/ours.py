"""Ours: the real fetch, raw copies, parse, intake, audit, commit and publish of :class:`chalicelib.ingest.pull.Pull`.

Objects go to a store that keeps what the protocol reads again, and of all others the size: as if they lay in S3, no
body stays in memory. ``python -m bench.ingesting.ours URL ROWS [HOURS]``: HOURS, of those in a window.
"""

from __future__ import annotations

import random
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, ClassVar
from unittest import mock

from bench.ingesting.records import FIRST_HOUR, HOUR, HOUR_ROWS
from bench.ingesting.usage import report
from chalicelib.domain.clock import system_clock
from chalicelib.errors import FatalSourceError, RetriableSourceError, SkippableRecordError
from chalicelib.ingest import intake
from chalicelib.ingest.fetch import CallBudget, HttpFetcher, new_session
from chalicelib.ingest.fetching import WindowFetch
from chalicelib.ingest.identity import BatchIdentities
from chalicelib.ingest.login import Given
from chalicelib.ingest.pull import Pull
from chalicelib.lake.log import StreamLog
from chalicelib.lake.writer import Parquet
from chalicelib.sources import json_records
from chalicelib.sources.base import Column, ColumnType, Outcome, Page, PullMode, PullSource, Request, Table, Window
from chalicelib.sources.json_records import RecordForm, json_page
from tests.simulation.scheduler import NO_FAULTS, Scheduler
from tests.simulation.store import FakeCatalog, FakeS3

_S, _T = ColumnType.STRING, ColumnType.TIMESTAMP
KINDS = {
    **dict.fromkeys(("id", "event", "user", "account", "country", "path", "note"), _S),
    **dict.fromkeys(("occurred_at", "received_at"), _T),
    "duration_s": ColumnType.FLOAT64,
    "size_bytes": ColumnType.INT64,
    "is_trial": ColumnType.BOOL,
}
EVENTS = Table(
    "bench_events",
    "Twelve columns",
    tuple(Column(name, kind, "...") for name, kind in KINDS.items()),
    "occurred_at",
    ("occurred_at",),
)
FORM = RecordForm(EVENTS, "id")


class Events(PullSource):
    """The benchmark's API as a source."""

    name: ClassVar[str] = "bench_events"
    title: ClassVar[str] = "Events of the benchmark"
    tables: ClassVar[tuple[Table, ...]] = (EVENTS,)
    mode: ClassVar[PullMode] = PullMode.WINDOW
    grid: ClassVar[timedelta] = HOUR
    settle: ClassVar[timedelta] = timedelta()
    credential: ClassVar[str | None] = None

    def requests(self, window: Window, config: Mapping[str, Any]) -> Sequence[Request]:
        """Ask for the first page of a window."""
        query = {"from": window.start.isoformat(), "to": window.end.isoformat()}
        return [Request("GET", f"{config['base_url']}/records", query)]

    def authorise(self, request: Request, secret: Mapping[str, str]) -> Request:  # noqa: ARG002
        """Need nothing."""
        return request

    def judge(self, page: Page) -> None:
        """Accept whole pages."""
        if page.status >= 500:
            raise RetriableSourceError(f"{page.request.url}: {page.status}")
        try:
            if page.status != 200 or not isinstance(json_page(page.body).get("records"), list):
                raise FatalSourceError(f"{page.request.url}: {page.status}, no records")
        except SkippableRecordError as error:
            raise RetriableSourceError(f"{page.request.url}: cut short") from error

    def follow(self, page: Page) -> Sequence[Request]:
        """Name the next page."""
        following = json_page(page.body)["next"]
        return [Request("GET", following)] if following else ()

    def parse(self, pages: Iterable[Page], window: Window, config: Mapping[str, Any]) -> Iterator[Outcome]:  # noqa: ARG002
        """Read the records."""
        for page in pages:
            yield from FORM.read(json_page(page.body)["records"], page.request.url)


@dataclass
class SizesOnly(FakeS3):
    """A store that keeps the log and, of everything else, how large it was; ``bodies`` are kept where asked for."""

    stored: Counter[str] = field(default_factory=Counter)
    bodies: bool = False

    def write(self, key: str, body: bytes, metadata: Mapping[str, str] | None = None) -> str:
        """Write, and forget the body."""
        top = key.split("/")[0]
        self.stored[top] += len(body)
        return super().write(key, body if self.bodies or top == "ctl" else b"", metadata)


class Meter:
    """CPU seconds inside some functions, by what they are there for; those inside others count once."""

    def __init__(self) -> None:
        self.seconds: defaultdict[str, float] = defaultdict(float)
        self._inside = False

    def wrap(self, label: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """Answer the function, metered."""

        def metered(*args: Any, **kwargs: Any) -> Any:
            if self._inside:
                return function(*args, **kwargs)
            self._inside, began = True, time.thread_time()
            try:
                return function(*args, **kwargs)
            finally:
                self._inside = False
                self.seconds[label] += time.thread_time() - began

        return metered


PARTS: tuple[tuple[str, Any, str], ...] = (
    ("raw copy", WindowFetch, "_keep"),
    ("hashing", intake, "identities_of"),
    ("hashing", BatchIdentities, "all_new"),
    ("hashing", BatchIdentities, "add_all"),
    ("hashing", json_records, "contents"),
    ("hashing", intake.Intake, "_stage_file"),
    ("audit", Parquet, "count_rows"),
    ("audit", intake.Intake, "counts"),
    ("commit and publish", StreamLog, "commit"),
)


def build(url: str, rows: int, store: SizesOnly) -> Pull:
    """Put a run together that has all of the records before it."""
    end = FIRST_HOUR + HOUR * -(-rows // HOUR_ROWS)

    def clock() -> datetime:
        return end

    fetcher = HttpFetcher(new_session(), remaining_s=lambda: 600, budget=CallBudget(10**9), clock=system_clock)
    log = StreamLog(store, FakeCatalog(store.scheduler), Events.name, clock)
    return Pull(log, Events(), {"base_url": url}, fetcher, Given(), Parquet(), clock, FIRST_HOUR)


def main(url: str, rows: int) -> None:
    """Pull everything, and say what it took and of what that is made."""
    meter, store = Meter(), SizesOnly(Scheduler(random.Random(0), NO_FAULTS))
    with ExitStack() as stack:
        for label, owner, name in PARTS:
            stack.enter_context(mock.patch.object(owner, name, meter.wrap(label, getattr(owner, name))))
        pull = build(url, rows, store)
        windows = pull.run(FIRST_HOUR + HOUR * 10**6)
    head = pull.log.recover()
    assert head is not None
    counts = head.body["totals"]
    report(rows=counts["rows"], windows=windows, parts=dict(meter.seconds), stored_bytes=dict(store.stored))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
