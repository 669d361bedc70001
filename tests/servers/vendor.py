"""The frame of every test server: one vendor, mounted under its name, with its own books.

A vendor is built from the company (a seed's facts), a clock that can be turned, and the credentials that it accepts. It
keeps its own ledger: the rows that Headwater's tables must end up with, made from the company's facts and from what was
served, never from Headwater's code. It counts what it bills, and says no in its own words.

Faults of the wire (a cut connection, a truncated body, a wrong clock) are the frame's (``tests/servers/faults.py``).
Faults of the data (repeated rows, shifted pages, late or restated rows, fewer days than asked) are the vendor's: where
it makes an answer it asks ``self.faults.data(self.name, "repeated")``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar, Protocol

from starlette.responses import Response
from starlette.routing import BaseRoute

Rows = Sequence[Mapping[str, Any]]


@dataclass(slots=True)
class Bill:
    """What was asked of a vendor, by unit (``calls``, ``units``, ``documents``): billed, free, and refused."""

    billed: Counter[str] = field(default_factory=Counter)
    free: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class Book:
    """A vendor's ledger of one table: the columns that it knows, which of them are the key, and the rows.

    Values are what a lake column holds (``str``, ``int``, ``float``, ``bool``, ``Decimal``, aware ``datetime``,
    ``date``, None); the comparison takes the same columns from the lake, sorts both by ``key``, and compares hashes.
    """

    table: str
    columns: tuple[str, ...]
    key: tuple[str, ...]
    rows: Rows


class Vendor(Protocol):
    """One outside system."""

    name: ClassVar[str]  # the path it is mounted under, the name of its secret, and the first word of its sources
    bill: Bill

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
