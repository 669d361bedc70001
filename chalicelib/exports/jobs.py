"""Exports that are too large for a request: what is asked, how it stands, where the file is. In the state table.

An export is written down before the queue is told of it, and its file has one name: whoever works it off, and however
often, the file is the same one.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from chalicelib.documents.formats import Format
from chalicelib.domain.records import Records, WorkState, expiry, fields_of, is_at_work

KEPT: Final = timedelta(days=7)
"""As long as the results bucket keeps a file."""
WORK_CAP: Final = timedelta(minutes=10)
"""So long whoever has begun is left alone: longer than a Lambda lives."""
TIME_CAP: Final = timedelta(hours=2)
"""One that has not ended by then has failed: the queue gives a message up before."""
FORGOTTEN: Final = timedelta(minutes=2)
"""One that nobody has begun by then is put into the queue again when somebody looks."""

_INSTANTS: Final = ("submitted_at", "started_at", "finished_at")


@dataclass(frozen=True, slots=True)
class Export:
    """One export.

    Parameters
    ----------
    owner, by
        The token's identity and its name.
    question
        What is asked, as :mod:`chalicelib.metrics.question_json` writes it.
    request
        A digest of it: an ``Idempotency-Key`` may not be used for another.
    filename
        What whoever downloads it gets.
    size_bytes
        Of the file, once it is there.
    error
        Of one that failed: why, for people.
    """

    id: str
    owner: str
    by: str
    question: Mapping[str, Any]
    form: Format
    filename: str
    submitted_at: datetime
    request: str = ""
    state: WorkState = WorkState.QUEUED
    error: str = ""
    size_bytes: int = 0
    started_at: datetime | None = None
    finished_at: datetime | None = None
    version: int = 0

    @property
    def key(self) -> str:
        """Name the object of its file."""
        return f"exports/{self.owner}/{self.id}.{self.form.value}"

    def as_of(self, now: datetime) -> Export:
        """Answer it as it stands now: one that has had its time has failed."""
        if self.state.is_final or now - self.submitted_at < TIME_CAP:
            return self
        said = f"It has not ended within {TIME_CAP}: ask again, for less if it can be."
        return replace(self, state=WorkState.FAILED, error=said, finished_at=self.submitted_at + TIME_CAP)

    def is_forgotten(self, now: datetime) -> bool:
        """Answer whether it may be that the queue does not know of it."""
        return self.state is WorkState.QUEUED and now - self.submitted_at >= FORGOTTEN

    def is_at_work(self, now: datetime) -> bool:
        """Answer whether somebody may still be making it."""
        return is_at_work(self.state, self.started_at, WORK_CAP, now)


def _to_item(export: Export) -> dict[str, Any]:
    return {
        "by": export.by,
        "question": json.dumps(dict(export.question), ensure_ascii=False),
        "form": export.form.value,
        "filename": export.filename,
        "request": export.request,
        "state": export.state.value,
        "error": export.error,
        "size_bytes": export.size_bytes,
        **{name: at.isoformat() for name in _INSTANTS if (at := getattr(export, name)) is not None},
        **expiry(export.submitted_at + KEPT),
    }


def _from_item(owner: str, export_id: str, item: Mapping[str, Any]) -> Export:
    fields = fields_of(item, _INSTANTS)
    fields |= {"question": json.loads(item["question"]), "form": Format(item["form"])}
    fields |= {"state": WorkState(item["state"])}
    return Export(id=export_id, owner=owner, **fields)


RECORDS: Final = Records("export", lambda export: export.owner, _to_item, _from_item)
partition, create, read = RECORDS.partition, RECORDS.create, RECORDS.read
every, update = RECORDS.every, RECORDS.update
