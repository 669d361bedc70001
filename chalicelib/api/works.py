"""What is said of work whose end is a file, whatever the file is of; and when to look at it again."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final, Protocol

from chalicelib.api.context import Context
from chalicelib.api.envelope import instant
from chalicelib.api.files import LINK_S
from chalicelib.domain.records import WorkState

LOOK_AGAIN_S: Final = 5


class Work(Protocol):
    """What is known of it: an export, a run of a report."""

    @property
    def state(self) -> WorkState: ...
    @property
    def key(self) -> str: ...
    @property
    def filename(self) -> str: ...
    @property
    def size_bytes(self) -> int: ...
    @property
    def error(self) -> str: ...
    @property
    def submitted_at(self) -> datetime: ...
    @property
    def started_at(self) -> datetime | None: ...
    @property
    def finished_at(self) -> datetime | None: ...


def how_it_stands(work: Work, kept: timedelta, context: Context, *, linked: bool) -> dict[str, Any]:
    """Describe work and its file, which is kept so long; a link is made only where it is ``linked``."""
    done = work.state is WorkState.DONE
    return {
        "state": work.state.value,
        "filename": work.filename,
        "size_bytes": work.size_bytes if done else None,
        "link": context.exports.link(work.key, work.filename, LINK_S) if done and linked else None,
        "error": work.error or None,
        "submitted_at": instant(work.submitted_at),
        "started_at": instant(work.started_at),
        "finished_at": instant(work.finished_at),
        "expires_at": instant(work.submitted_at + kept),
    }


def headers(work: Work) -> dict[str, str]:
    """Answer the headers of how it stands: nothing is kept, and what is at work is looked at again."""
    again = {} if work.state.is_final else {"Retry-After": str(LOOK_AGAIN_S)}
    return {"Cache-Control": "no-store", **again}
