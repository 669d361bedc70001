"""The frame of every test server: one vendor, mounted under its name, with its own books.

A vendor is built from a seed's facts and a clock that can be turned. It keeps its own ledger: the rows that Headwater's
tables must end up with, made from the facts and from what was served, never from Headwater's code. It counts what it
bills, and says no in its own words.

Faults of the wire (a cut connection, a truncated body, a wrong clock) are the frame's (``tests/servers/faults.py``).
Faults of the data (repeated rows, shifted pages, late or restated rows, fewer days than asked) are the vendor's: where
it makes an answer it asks ``self.faults.data(self.name, "repeated")``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, ClassVar, Protocol

from starlette.responses import Response
from starlette.routing import BaseRoute

from tests.servers.clock import VirtualClock

Rows = Sequence[Mapping[str, Any]]


@dataclass(slots=True)
class Bill:
    """What was asked of a vendor, by unit (``calls``, ``units``, ``documents``): billed, free, and refused."""

    billed: Counter[str] = field(default_factory=Counter)
    free: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)


def plain(value: Any) -> Any:
    """Write a value of a lake column so that JSON keeps it: decimals and times as texts, one text for each value.

    >>> plain(Decimal("1.50")), plain(datetime(2026, 11, 22, tzinfo=UTC))
    ('1.5', '2026-11-22T00:00:00+00:00')
    """
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return value.isoformat() if isinstance(value, date) else value


@dataclass(frozen=True, slots=True)
class Book:
    """A vendor's ledger of one table: the columns that it knows, which of them are the key, and the rows.

    Values are what a lake column holds (``str``, ``int``, ``float``, ``bool``, ``Decimal``, aware ``datetime``,
    ``date``, None); the comparison takes the same columns from the lake, sorts both by ``key``, and compares hashes.
    ``windowed_by`` is the column that says which window a row is of, where that is not the table's time column.
    """

    table: str
    columns: tuple[str, ...]
    key: tuple[str, ...]
    rows: Rows
    windowed_by: str | None = None


class DataFaults(Protocol):
    """Where a vendor asks whether its data is to be wrong just now."""

    def data(self, vendor: str, kind: str) -> bool:
        """Answer whether such a fault is switched on; a fault of so many times is used up by asking."""
        ...


class Vendor(Protocol):
    """One outside system."""

    name: ClassVar[str]  # the path it is mounted under, the name of its secret, and the first word of its sources
    secret: ClassVar[Mapping[str, str]]  # the credentials that it accepts, as they lie in the demo's secret
    bill: Bill

    def __init__(self, seed: int, anchor: datetime, clock: VirtualClock, faults: DataFaults) -> None:
        """Make it from a seed and the instant at which its 90 days of history end."""
        ...

    def routes(self) -> Sequence[BaseRoute]:
        """Answer its paths as the vendor has them, under ``/{name}``."""
        ...

    def ledger(self, until: datetime) -> Sequence[Book]:
        """Answer the truth up to an instant: everything that a lake filled until then must hold."""
        ...

    def minimum(self, until: datetime) -> Mapping[str, int]:
        """Answer the least that could have been billed for the ledger, by unit: what a perfect client pays."""
        ...

    def refusal(self, kind: str, seconds: float, now: datetime) -> Response | None:
        """Answer a fault in the vendor's own words and headers; None where the frame's plain answer will do.

        ``kind`` is ``unavailable``, ``rate_limit``, ``quota``, ``credentials``, ``forbidden`` or ``version``;
        ``seconds`` is how long it lasts.
        """
        ...
