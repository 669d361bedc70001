"""Records of work that was asked for: each written down once under its id, and changed by one writer at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, ClassVar, Generic, Protocol, TypeVar

from chalicelib.domain.state import StateStore, wrote
from chalicelib.errors import PreconditionFailed, StoreUnavailable


class WorkState(StrEnum):
    """How work stands whose end is a file."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"

    @property
    def is_final(self) -> bool:
        """Whether it has ended."""
        return self in (WorkState.DONE, WorkState.FAILED)


def is_at_work(state: WorkState, started_at: datetime | None, cap: timedelta, now: datetime) -> bool:
    """Answer whether somebody may still be at it: whoever has begun is left alone for so long.

    >>> from datetime import UTC
    >>> noon, cap = datetime(2026, 11, 26, 12, tzinfo=UTC), timedelta(minutes=10)
    >>> [is_at_work(WorkState.RUNNING, noon, cap, noon + timedelta(minutes=later)) for later in (9, 10)]
    [True, False]
    """
    return state is WorkState.RUNNING and started_at is not None and now - started_at < cap


class _Record(Protocol):
    """What all of them have: a frozen dataclass with an id, and the version that was read (0: not written yet)."""

    __dataclass_fields__: ClassVar[dict[str, Any]]

    @property
    def id(self) -> str: ...

    @property
    def version(self) -> int: ...


R = TypeVar("R", bound=_Record)


@dataclass(frozen=True)
class Records(Generic[R]):
    """Where the records of one kind are in the state table: a partition for each owner.

    Parameters
    ----------
    kind
        Of the record, for the partition's name and for people.
    owner
        Answers whose a record is.
    to_item, from_item
        Write a record as an item, and read it by its owner, its id and the item.
    """

    kind: str
    owner: Callable[[R], str]
    to_item: Callable[[R], dict[str, Any]]
    from_item: Callable[[str, str, Mapping[str, Any]], R]

    def partition(self, owner: str) -> str:
        """Name the partition of an owner's records."""
        return f"{self.kind}#{owner}"

    def create(self, state: StateStore, record: R) -> R:
        """Write a record down; the same id twice is the same record. Raises ``StoreUnavailable``."""
        owner = self.owner(record)
        try:
            state.put(self.partition(owner), record.id, self.to_item(record), expected_version=None)
        except PreconditionFailed:
            standing = self.read(state, owner, record.id)
            if standing is None:
                raise StoreUnavailable(f"{self.kind} {record.id} of {owner} was there and is gone") from None
            return standing
        return replace(record, version=1)

    def read(self, state: StateStore, owner: str, record_id: str) -> R | None:
        """Read one record of an owner, or None. Raises ``StoreUnavailable``."""
        item = state.get(self.partition(owner), record_id)
        return None if item is None else self.from_item(owner, record_id, item)

    def every(self, state: StateStore, owner: str) -> Iterator[R]:
        """Read all records of an owner that are kept, by id. Raises ``StoreUnavailable``."""
        for item in state.query(self.partition(owner)):
            yield self.from_item(owner, item["sk"], item)

    def update(self, state: StateStore, record: R) -> R | None:
        """Write a record as it has become; None when somebody else wrote first. Raises ``StoreUnavailable``."""
        pk = self.partition(self.owner(record))
        won = wrote(state, pk, record.id, self.to_item(record), expected_version=record.version)
        return replace(record, version=record.version + 1) if won else None
