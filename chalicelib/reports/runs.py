"""Runs of reports: for when each is made, how it stands, where its file is, what is said of it. In the state table.

A run is written down before the queue is told of it, and its file and its message have one name: whoever works it off,
and however often, they are the same ones.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from chalicelib.domain.records import Records, WorkState, expiry, is_at_work
from chalicelib.domain.zones import zone
from chalicelib.reports.report import Content, read_content, write_content

KEPT: Final = timedelta(days=400)
"""As long as the results bucket keeps a report's file."""
WORK_CAP: Final = timedelta(minutes=6)
"""So long whoever has begun is left alone: longer than a Lambda lives."""
TIME_CAP: Final = timedelta(hours=3)
"""One that has not ended by then has failed: the queue gives a message up before."""
FORGOTTEN: Final = timedelta(minutes=2)
"""One that nobody has begun by then is put into the queue again when somebody looks."""

_INSTANTS: Final = ("due_at", "submitted_at", "started_at", "finished_at")
_WORDS: Final = ("by", "zone", "send", "request", "size_bytes", "error", "period", "told")


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a report.

    Parameters
    ----------
    report, id
        The report's name, and what the run is known by: the local date that it was due, or ``now-`` and more.
    due_at
        The instant at which words such as ``last_month`` are read, however late the run is.
    zone
        By whose clocks it is told when it was due.
    send
        Whether people are told of it.
    request
        A digest of what was asked: an ``Idempotency-Key`` may not be used for another.
    lines
        What is told first of it: its figures in words.
    period
        What it is about, in words.
    problems
        What is missing in its file, and why.
    error
        Of one that failed: why, for people.
    told
        Whether the message of its end is in the outbox.
    """

    report: str
    id: str
    content: Content
    due_at: datetime
    submitted_at: datetime
    by: str = ""
    zone: str = "UTC"
    send: bool = True
    request: str = ""
    state: WorkState = WorkState.QUEUED
    size_bytes: int = 0
    period: str = ""
    lines: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()
    error: str = ""
    told: bool = False
    started_at: datetime | None = None
    finished_at: datetime | None = None
    version: int = 0

    @property
    def key(self) -> str:
        """Name the object of its file."""
        return f"reports/{self.report}/{self.id}.{self.content.form.value}"

    @property
    def filename(self) -> str:
        """Name the file for whoever downloads it."""
        local = self.due_at.astimezone(zone(self.zone))
        return f"{self.report}-{local:%Y-%m-%d}.{self.content.form.value}"

    def ended(self, state: WorkState, now: datetime) -> Run:
        """Answer it as it has ended: what it was made of is told by its file from now on."""
        return replace(self, state=state, finished_at=now, content=replace(self.content, parts=()))

    def as_of(self, now: datetime) -> Run:
        """Answer it as it stands now: one that has had its time has failed."""
        if self.state.is_final or now - self.submitted_at < TIME_CAP:
            return self
        said = (
            f"It was not made within {TIME_CAP.seconds // 3600} hours: look at the function's logs, then run it again."
        )
        return replace(self, state=WorkState.FAILED, error=said, finished_at=self.submitted_at + TIME_CAP)

    def is_left(self, now: datetime) -> bool:
        """Answer whether it may be that nobody is at it any more, and the queue does not know of it."""
        if self.state is WorkState.RUNNING:
            return not self.is_at_work(now)
        if self.state is WorkState.QUEUED:
            return now - (self.started_at or self.submitted_at) >= FORGOTTEN
        return not self.told

    def is_at_work(self, now: datetime) -> bool:
        """Answer whether somebody may still be making it."""
        return is_at_work(self.state, self.started_at, WORK_CAP, now)


def _to_item(run: Run) -> dict[str, Any]:
    return {
        "content": json.dumps(write_content(run.content), ensure_ascii=False),
        "state": run.state.value,
        **{name: getattr(run, name) for name in _WORDS},
        **{name: list(getattr(run, name)) for name in ("lines", "notes", "problems")},
        **{name: at.isoformat() for name in _INSTANTS if (at := getattr(run, name)) is not None},
        **expiry(run.submitted_at + KEPT),
    }


def _from_item(report: str, run_id: str, item: Mapping[str, Any]) -> Run:
    fields: dict[str, Any] = {name: item[name] for name in _WORDS}
    fields |= {name: tuple(item[name]) for name in ("lines", "notes", "problems")}
    fields |= {name: datetime.fromisoformat(item[name]) for name in _INSTANTS if name in item}
    content, state = read_content(json.loads(item["content"])), WorkState(item["state"])
    return Run(report=report, id=run_id, content=content, state=state, **fields, version=item["version"])


RECORDS: Final = Records("report_run", lambda run: run.report, _to_item, _from_item)
partition, create, read = RECORDS.partition, RECORDS.create, RECORDS.read
every, update = RECORDS.every, RECORDS.update
