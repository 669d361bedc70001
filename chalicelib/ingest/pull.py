"""One pull stream, one run: recover, then window after window until nothing is due or the time is spent.

A window is planned from the head of the log, fetched, parsed, staged, audited, committed and published before the next
one is planned. Whoever loses a commit drops its work and plans anew; the winner's pages are its own pages.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from chalicelib.domain.clock import Clock
from chalicelib.domain.objects import ObjectStore
from chalicelib.errors import CommitLost, IntegrityError, RetriableSourceError
from chalicelib.ingest.fetching import FetchedWindow, NothingNew, WindowFetch
from chalicelib.ingest.identity import BatchIdentities
from chalicelib.ingest.intake import Intake, NewAttempt, new_attempt
from chalicelib.ingest.login import Login
from chalicelib.ingest.ports import Credentials, Fetcher
from chalicelib.ingest.side_by_side import side_by_side
from chalicelib.ingest.windows import Plan, first_cursor, next_window
from chalicelib.lake import layout
from chalicelib.lake.commits import Link
from chalicelib.lake.covered import covered_by
from chalicelib.lake.files import FileFormat
from chalicelib.lake.log import StreamLog
from chalicelib.lake.ranges import merged
from chalicelib.lake.steps import Kind, Step, last_record_at
from chalicelib.sources.base import Page, PullMode, PullSource, Window

_LOST_IN_A_ROW = 5
"""Commits lost to twins after which a run leaves the stream to them."""


@dataclass(frozen=True)
class Pull:
    """What a run of one pull stream needs.

    ``clock`` plans the windows; a clock that is behind only pulls less, one that is ahead is refused by the date of the
    source's answer. ``start`` is where a new stream begins, None for now.
    """

    log: StreamLog
    source: PullSource
    config: Mapping[str, Any]
    fetcher: Fetcher
    credentials: Credentials
    file_format: FileFormat
    clock: Clock
    start: datetime | None = None
    new_attempt: NewAttempt = new_attempt

    @property
    def store(self) -> ObjectStore:
        """The lake bucket."""
        return self.log.store

    @cached_property
    def login(self) -> Login:
        """The way in, for all windows of this run."""
        return Login(self.source, self.config, self.credentials, self.fetcher, self.clock)

    def run(self, deadline: datetime) -> int:
        """Pull windows until none is due or ``deadline`` has passed; answer how many were committed by this run.

        Raises
        ------
        RetriableSourceError, FatalSourceError
            As the source judges. The cursor has not moved over the window; pages that were fetched are kept.
        StoreUnavailable
            Try again later; what is unknown is found out then.
        """
        committed = lost = 0
        head = self.log.recover()
        while self.clock() < deadline and lost < _LOST_IN_A_ROW:
            plan = self.plan(head)
            if plan is None:
                break
            try:
                head = self.pull_window(head, plan)
                committed, lost = committed + 1, 0
            except CommitLost:
                lost += 1
                head = self.log.recover()
        return committed

    def plan(self, head: Link | None) -> Plan | None:
        """Plan the window after the log's head."""
        grid, settle, now = self.source.grid, self.source.settle, self.clock()
        begin = first_cursor(now, grid, settle, self.start)
        cursor = Step.from_body(head.body).cursor if head else begin
        plan = next_window(cursor, now, grid, settle, self.source.mode, self.source.span)
        if plan is None or (self.source.span is None and not plan.missed):
            return plan
        return self._begun(plan) if self.source.mode is PullMode.SNAPSHOT else self._longest_begun(plan)

    def _longest_begun(self, plan: Plan) -> Plan:
        """Prefer the window that a killed run had begun: its pages are there, and a longer one would be paid anew."""
        after = layout.raw_after(self.source.name, plan.fetch.start)
        begun = set()
        for found in self.store.list(layout.raw(self.source.name), start_after=after):
            window = layout.window_of(layout.raw_window_name(found.key))
            if window.start != plan.fetch.start:
                break
            begun.add(window)
        fitting = [window for window in begun if window.end <= plan.fetch.end]
        return Plan(max(fitting, key=lambda window: window.end)) if fitting else plan

    def _begun(self, plan: Plan) -> Plan:
        """Prefer a snapshot that was taken in time and not committed, for its run was killed."""
        stored = self.store.list(
            layout.raw(self.source.name), start_after=layout.raw_after(self.source.name, plan.window.start)
        )
        begun = {layout.raw_window_name(found.key) for found in stored}
        for i, window in enumerate(plan.missed):
            if layout.window_name(window) in begun and self._is_whole(window):
                return Plan(window, plan.missed[:i])
        return plan

    def _is_whole(self, window: Window) -> bool:
        try:
            self._fetch({}, window, NothingNew()).run(lambda _: None)
        except RetriableSourceError:
            return False
        return True

    def _fetch(
        self, state: Mapping[str, Any], window: Window, fetcher: Fetcher, not_before: datetime | None = None
    ) -> WindowFetch:
        return WindowFetch(self.store, fetcher, self.source, self.config, self.login, state, window, not_before)

    def take(
        self, window: Window, state: Mapping[str, Any], not_before: datetime | None = None
    ) -> tuple[FetchedWindow, Intake]:
        """Fetch a window and parse it, page by page. Raises as :meth:`run` does."""
        return self._fetch(state, window, self.fetcher, not_before).run(lambda pages: self._transform(pages, window))

    def pull_window(self, head: Link | None, plan: Plan) -> Link:
        """Fetch, transform, stage, audit, commit, publish. Raises ``CommitLost``."""
        before = Step.from_body(head.body) if head else None
        fetched, intake = self.take(plan.fetch, before.state if before else {})
        attempt = self.new_attempt()
        step = self._stage(head, before, plan, fetched, intake, attempt)
        return self.log.commit(head, Kind.PULL, step, attempt)

    def _transform(self, pages: Iterator[Page], window: Window) -> Intake:
        intake = Intake(self.file_format, self.source.tables, BatchIdentities())
        for outcome in side_by_side(self.source.parse(pages, window, self.config), self.source.tables):
            intake.take(outcome, layout.raw_window(self.source.name, window))
        return intake

    def _stage(
        self,
        head: Link | None,
        before: Step | None,
        plan: Plan,
        fetched: FetchedWindow,
        intake: Intake,
        attempt: str,
    ) -> Step:
        if before is not None and plan.window.start != before.cursor:
            raise IntegrityError(f"{self.source.name}: {plan.window} does not begin where the last window ended")
        files, rejected = intake.stage(self.store, self.source.name, head.seq + 1 if head else 1, attempt)
        counts = intake.counts()
        return Step(
            window=plan.window,
            watermark=plan.window.end,
            counts=counts,
            totals=before.totals + counts if before else counts,
            files=files,
            rejected=rejected,
            schema_hash=intake.schema_hash,
            good=intake.good,
            raw=fetched.folder,
            missed=plan.missed,
            state=fetched.state,
            last_record_at=last_record_at(before, counts, plan.window),
            covered=merged((*covered_by(self.store, head), plan.window)),
            marks=before.marks if before else (),
        )
