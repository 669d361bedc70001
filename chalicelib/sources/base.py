"""The protocol that every source follows: pure descriptions and parsers, no I/O.

There are two shapes. A :class:`PullSource` is asked, window by window (a snapshot is a pull whose past cannot be asked
for). An :class:`ArrivingSource` comes to us: webhooks, beacons, files that appear in a bucket; its items wait in an
inbox until the sealer commits them. ``chalicelib.ingest`` drives both; a source never fetches, waits, or writes.

A *stream* is the log of one source; a stream may fill several tables, and a table belongs to one stream only.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, ClassVar, Protocol, runtime_checkable

Row = Mapping[str, Any]
"""One record of one table: column name to Python value (``str``, ``int``, ``float``, ``bool``, ``Decimal``, aware UTC
``datetime``, ``date`` or ``None``)."""


class ColumnType(StrEnum):
    """The types that a lake column may have; ``chalicelib.lake.schemas`` maps them to Arrow and Glue."""

    STRING = "string"
    INT64 = "int64"
    FLOAT64 = "float64"
    BOOL = "bool"
    DECIMAL = "decimal"  # decimal(38, 9): money
    TIMESTAMP = "timestamp"  # microseconds, UTC
    DATE = "date"


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table, with the sentence that documents it."""

    name: str
    type: ColumnType
    description: str


@dataclass(frozen=True, slots=True)
class Table:
    """One table of the lake. It is partitioned by ``dt``, the UTC date (``YYYY-MM-DD``) of ``time_column``.

    ``restated`` tables hold one object per partition, replaced whole by a later commit; others only grow.
    """

    name: str
    description: str
    columns: tuple[Column, ...]
    time_column: str
    sort_by: tuple[str, ...]
    restated: bool = False


@dataclass(frozen=True, slots=True)
class Window:
    """A half-open range of time ``[start, end)``, aware UTC."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Request:
    """An HTTP request as data. ``conditional`` asks the fetcher to remember the ETag and to send ``If-None-Match``."""

    method: str
    url: str
    params: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None
    conditional: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """One answer as received: what is kept under ``raw/``. ``body`` is decoded from its transfer encoding only."""

    request: Request
    status: int
    headers: Mapping[str, str]  # names in lower case
    body: bytes
    fetched_at: datetime


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that arrived: a webhook's body, a log file's content. ``attributes`` came beside it (headers, name)."""

    key: str
    body: bytes
    attributes: Mapping[str, str]
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Accepted:
    """A good record: its identity and the rows it becomes, as ``(table name, row)``.

    ``event_id`` and ``fingerprint`` together identify it: both seen before means a duplicate; the same id with another
    fingerprint is kept and flagged. ``fingerprint`` is any stable digest of the record's content.
    """

    event_id: str
    fingerprint: str
    rows: tuple[tuple[str, Row], ...]


@dataclass(frozen=True, slots=True)
class Rejected:
    """A bad record, set aside: why, where in its page or item (``"line 17"``), and the record itself.

    Of what arrives, ``raw`` is the body of an item that alone gives this record, so that it can be read again when the
    parser has been mended; ``encoding`` is ``base64`` where that is no text (:meth:`of_body`).
    """

    reason: str
    where: str
    raw: str
    encoding: str = "utf-8"

    @classmethod
    def of_body(cls, reason: str, where: str, body: bytes) -> Rejected:
        """Set a whole body aside, byte for byte.

        >>> Rejected.of_body("not UTF-8", "body", b"\\xff").raw
        '/w=='
        """
        try:
            return cls(reason, where, body.decode())
        except UnicodeDecodeError:
            return cls(reason, where, b64encode(body).decode(), "base64")


Record = Accepted | Rejected
"""What became of one record."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Records of one table that came side by side, as columns: many of them cost little more than one.

    They are taken at once where each of them is new and fits its table exactly; otherwise ``one_by_one`` is read, which
    says of each of them what it is. Where they are taken, both have to mean the same.

    Parameters
    ----------
    event_ids, fingerprints
        As in :class:`Accepted`, one for each record; fingerprints in UTF-8.
    columns
        Every column of the table by its name, each as long as the ids. An instant may be as the outside system wrote
        it: ISO 8601 with its zone.
    one_by_one
        Reads the same records again, in the same order.
    """

    table: str
    event_ids: Sequence[str]
    fingerprints: Sequence[bytes]
    columns: Mapping[str, Sequence[Any]]
    one_by_one: Callable[[], Iterable[Record]]


Outcome = Record | Batch


def each_record(outcomes: Iterable[Outcome]) -> Iterator[Record]:
    """Answer what became of each record: batches taken apart, the order kept."""
    for outcome in outcomes:
        if isinstance(outcome, Batch):
            yield from outcome.one_by_one()
        else:
            yield outcome


class PullMode(StrEnum):
    """Whether the past can be asked for."""

    WINDOW = "window"  # any window can be fetched later: after an outage, oldest first
    SNAPSHOT = "snapshot"  # only now can be asked: a missed window is recorded as missed, never invented


class Period(StrEnum):
    """How often an allowance is renewed: at the full hour, at midnight, on the first of the month."""

    HOUR = "hour"
    DAY = "day"
    MONTH = "month"


CALLS = "calls"
"""The unit that every source spends: one for each attempt at a call."""


@dataclass(frozen=True, slots=True)
class Allowance:
    """How much of a unit may be spent in a period: the amount is under ``key``, days are those of ``zone``."""

    key: str
    unit: str
    period: Period
    zone: str = "UTC"


@dataclass(frozen=True, slots=True)
class Deadline:
    """An instant at which something stops working unless a person acts: they are told ``warn_before`` it.

    ``what`` and ``remedy`` are words for a person: "The refresh token of LinkedIn", "Sign in again: …".
    """

    what: str
    at: datetime
    warn_before: timedelta
    remedy: str


@runtime_checkable
class PullSource(Protocol):
    """A source that is asked, one window of a fixed grid at a time.

    Inherit from it: what has a body or a value here is the usual case.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    tables: ClassVar[tuple[Table, ...]]
    mode: ClassVar[PullMode]
    grid: ClassVar[timedelta]
    settle: ClassVar[timedelta]  # how long after a window's end its data may be trusted
    credential: ClassVar[str | None]  # name of the secret under the configured prefix
    span: ClassVar[timedelta | None] = None  # the longest window when catching up, a multiple of grid; None: grid
    allowances: ClassVar[tuple[Allowance, ...]] = ()  # what may be spent, over all runs
    pace: ClassVar[timedelta] = timedelta()  # the least time from one call to the next

    def requests(self, window: Window, config: Mapping[str, Any]) -> Sequence[Request]:
        """Name the first requests of a window. ``config`` is this source's section of the sources file."""
        ...

    def authorise(self, request: Request, secret: Mapping[str, str]) -> Request:
        """Answer the request with its credentials on it."""
        ...

    def judge(self, page: Page) -> None:
        """Accept an answer or raise ``RetriableSourceError`` (with ``retry_at``) or ``FatalSourceError``.

        Truncation is failure: a short or unfinished answer raises here.
        """
        ...

    def follow(self, page: Page) -> Sequence[Request]:  # noqa: ARG002 - the protocol
        """Name the requests that a page leads to: the next page, none after the last, two halves of what is too much.

        They are asked, and followed, before the window's other requests; the same page leads to the same requests.
        """
        return ()

    def parse(self, pages: Iterable[Page], window: Window, config: Mapping[str, Any]) -> Iterator[Outcome]:
        """Read all pages of a window into outcomes, as they come; ``in`` is the number of records in them."""
        ...

    def price(self, request: Request) -> Mapping[str, int]:  # noqa: ARG002 - the protocol
        """Answer the most that an attempt at a request can cost, by unit; it is set aside before the call."""
        return {CALLS: 1}

    def spent(self, page: Page) -> Mapping[str, int]:
        """Answer what an answer did cost, at most its price."""
        return self.price(page.request)

    def renewal(self, secret: Mapping[str, str], config: Mapping[str, Any]) -> Request | None:  # noqa: ARG002
        """Name the request that gets new credentials from a secret; None where there is nothing to renew with."""
        return None

    def renewed(self, secret: Mapping[str, str], page: Page) -> Mapping[str, str]:  # noqa: ARG002
        """Answer the secret as it is after a renewal; it is written back. Raises as :meth:`judge` does.

        ``expires_at`` in it (ISO 8601), where present, lets the credentials be renewed before they are refused.
        """
        return secret

    def deadlines(self, secret: Mapping[str, str], config: Mapping[str, Any]) -> Sequence[Deadline]:  # noqa: ARG002
        """Answer what a person will have to renew: credentials, versions of the API."""
        return ()


@runtime_checkable
class ArrivingSource(Protocol):
    """A source whose items come to us and wait in the inbox."""

    name: ClassVar[str]
    title: ClassVar[str]
    tables: ClassVar[tuple[Table, ...]]
    lateness: ClassVar[timedelta]  # how late an item may arrive before the watermark passes it
    heartbeat: ClassVar[timedelta]  # an empty commit is made this often, so that the watermark moves on

    def parse(self, item: Item, config: Mapping[str, Any]) -> Iterator[Record]:
        """Read one item into outcomes. A wholly unreadable item is one ``Rejected``."""
        ...


Source = PullSource | ArrivingSource
