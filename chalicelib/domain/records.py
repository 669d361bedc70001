"""Records in the state table: what people keep, and work that was asked for, each changed by one writer at a time."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from functools import partial
from typing import Any, ClassVar, Final, Generic, Protocol, TypeVar

from chalicelib.domain.state import StateStore, wrote
from chalicelib.errors import StoreUnavailable

REMEMBERED: Final = timedelta(days=7)
"""So long most of what was deleted leaves its item."""


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


def expiry(at: datetime) -> dict[str, int]:
    """Answer the field by which the table forgets an item after an instant."""
    return {"expires_at": int(at.timestamp())}


def tombstone(deleted: bool, at: datetime) -> dict[str, int]:
    """Answer until when the item of what was deleted at an instant is remembered; nothing of what is there."""
    return expiry(at + REMEMBERED) if deleted else {}


def fields_of(item: Mapping[str, Any], instants: Iterable[str]) -> dict[str, Any]:
    """Answer what an item says of a record, the instants among it read.

    >>> fields_of({"sk": "a", "name": "Ada", "ended_at": None, "version": 2}, ["ended_at"])
    {'name': 'Ada', 'ended_at': None, 'version': 2}
    """
    fields = {name: value for name, value in item.items() if name not in ("sk", "expires_at")}
    known = ((name, fields[name]) for name in instants if fields.get(name) is not None)
    return fields | {name: datetime.fromisoformat(text) for name, text in known}


class _Versioned(Protocol):
    """What all of them have: a frozen dataclass with the version that was read (0: not written yet)."""

    __dataclass_fields__: ClassVar[dict[str, Any]]

    @property
    def version(self) -> int: ...


class _Record(_Versioned, Protocol):
    """What is known by an id."""

    @property
    def id(self) -> str: ...


K = TypeVar("K", bound=_Versioned)
R = TypeVar("R", bound=_Record)


@dataclass(frozen=True)
class Shelf(Generic[K]):
    """Where the things of one kind are: a partition of the state table, an item for each.

    One that was deleted (a field of its item) leaves it, for a while or for good: the table's writes are conditional,
    its deletes are not. Lists leave it out, and whoever reads it by its name is told.

    Parameters
    ----------
    pk
        The partition.
    name
        Answers what a thing is kept under.
    to_item, from_item
        Write a thing as an item, and read it by its name and the item.
    names
        What names look like, where they come from outside: the others are not looked for.
    """

    pk: str
    name: Callable[[K], str]
    to_item: Callable[[K], dict[str, Any]]
    from_item: Callable[[str, Mapping[str, Any]], K]
    names: re.Pattern[str] | None = None

    def every(self, state: StateStore) -> Iterator[K]:
        """Read all that are there, by name. Raises ``StoreUnavailable``."""
        for item in state.query(self.pk):
            if not item.get("deleted"):
                yield self.from_item(item["sk"], item)

    def read(self, state: StateStore, name: str) -> K | None:
        """Read one, or None; one that was deleted says so. Raises ``StoreUnavailable``."""
        item = state.get(self.pk, name) if self.names is None or self.names.fullmatch(name) else None
        return None if item is None else self.from_item(name, item)

    def write(self, state: StateStore, thing: K) -> K | None:
        """Write one as it has become, or for the first time; None when somebody else wrote first.

        Raises ``StoreUnavailable``.
        """
        item, before = self.to_item(thing), thing.version or None
        won = wrote(state, self.pk, self.name(thing), item, expected_version=before)
        return replace(thing, version=thing.version + 1) if won else None


@dataclass(frozen=True)
class Records(Generic[R]):
    """Where the records of work of one kind are in the state table: a partition for each owner.

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

    def _of(self, owner: str) -> Shelf[R]:
        return Shelf(self.partition(owner), lambda record: record.id, self.to_item, partial(self.from_item, owner))

    def create(self, state: StateStore, record: R) -> R:
        """Write a record down; the same id twice is the same record. Raises ``StoreUnavailable``."""
        owner = self.owner(record)
        standing = self.update(state, record) or self.read(state, owner, record.id)
        if standing is None:
            raise StoreUnavailable(f"{self.kind} {record.id} of {owner} was there and is gone")
        return standing

    def read(self, state: StateStore, owner: str, record_id: str) -> R | None:
        """Read one record of an owner, or None. Raises ``StoreUnavailable``."""
        return self._of(owner).read(state, record_id)

    def every(self, state: StateStore, owner: str) -> Iterator[R]:
        """Read all records of an owner that are kept, by id. Raises ``StoreUnavailable``."""
        return self._of(owner).every(state)

    def update(self, state: StateStore, record: R) -> R | None:
        """Write a record as it has become; None when somebody else wrote first. Raises ``StoreUnavailable``."""
        return self._of(self.owner(record)).write(state, record)
