"""What is said of work whose end is a file, whatever the file is of; and when to look at it again."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, ClassVar, Final, Protocol, TypeVar

from chalicelib.api import idempotency
from chalicelib.api.context import Context
from chalicelib.api.envelope import NO_STORE, instant
from chalicelib.api.files import LINK_S
from chalicelib.domain.records import Records, WorkState
from chalicelib.errors import RequestError

LOOK_AGAIN_S: Final = 5


class Work(Protocol):
    """What is known of it: an export, a run of a report."""

    __dataclass_fields__: ClassVar[dict[str, Any]]

    @property
    def id(self) -> str: ...
    @property
    def version(self) -> int: ...
    @property
    def request(self) -> str: ...
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
    def as_of(self, now: datetime) -> Work: ...


W = TypeVar("W", bound=Work)


def written_once(records: Records[W], made: W, context: Context, most: int, refusal: str) -> W:
    """Write work down, or answer the same one that an earlier try has written.

    Raises
    ------
    RequestError
        422: its key came with another request before; 429 with the ``refusal``: ``most`` of its owner are at work.
    """
    owner = records.owner(made)
    standing = records.read(context.state, owner, made.id)
    if standing is None:
        others = (one.as_of(made.submitted_at) for one in records.every(context.state, owner))
        if sum(not one.state.is_final for one in others) >= most:
            raise RequestError(refusal, status=429)
        standing = records.create(context.state, made)
    if standing.request != made.request:
        raise idempotency.used_for_another()
    return standing


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
    return {**NO_STORE, **again}
