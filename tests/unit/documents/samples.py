"""Documents to write: hostile names, every kind of value, several currencies, hours over a change of the clock."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from chalicelib.documents.document import Chart, Column, Document, Sheet, Style

NAMES = (
    "=cmd()|' /C calc'!A0", "+1", "-2+3", "@SUM(A1)", "\tx", "＝1+1", "3.5.0, with, commas", 'He said "hi"',
    "emoji 🙂 שלום 漢字", "line\nbreak", "x" * 300, "Ελληνικά", "Кириллица", "<b>&amp;</b>", "", None,
)  # fmt: skip
FIRST = date(2026, 10, 1)
START = Column("start", "DATE", "Start")
END = Column("end", "DATE", "End (exclusive)")
PARTIAL = Column("partial", "BOOLEAN", "Partial")
AT = "TIMESTAMP WITH TIME ZONE"
PARIS = ZoneInfo("Europe/Paris")
FACTS = (("Period", "2026-10-01 to 2026-10-04 (exclusive)"), ("Time zone", "Europe/Paris"), ("Filters", "=1+1"))


def by_name(days: int = 3) -> Sheet:
    """Answer downloads by hostile names."""
    value = Column("value", "BIGINT", "Downloads", "downloads")
    columns = (START, END, Column("version", "VARCHAR", "Version"), value, PARTIAL)
    return Sheet(
        "Downloads",
        columns,
        _by_name(days),
        "2026-10-01 to 2026-10-04 · by day",
        Chart("start", ("value",), ("version",)),
    )


def _by_name(days: int) -> Iterator[tuple[Any, ...]]:
    for at in range(days):
        day = FIRST + timedelta(days=at)
        for number, name in enumerate(NAMES):
            yield day, day + timedelta(days=1), name, None if at == 1 else 1000 * number + at, at == days - 1


def money() -> Sheet:
    """Answer amounts in three currencies, with more digits than are shown."""
    value = Column("value", "DECIMAL(38,9)", "Won", style=Style.MONEY)
    columns = (START, Column("currency", "VARCHAR", "Currency"), value)
    amount = Decimal("1234567.891234567")
    return Sheet("Won", columns, ((FIRST, currency, amount) for currency in ("EUR", "JPY", "KWD")), "by day")


def hours() -> Sheet:
    """Answer shares by hour, over the night in which the clock of Paris goes back."""
    columns = (Column("start", AT, "Start"), Column("value", "DOUBLE", "Bounce rate", style=Style.SHARE))
    first = datetime(2026, 10, 24, 23, tzinfo=UTC)
    rows = (((first + timedelta(hours=at)).astimezone(PARIS), at / 8) for at in range(4))
    return Sheet("Bounce rate", columns, rows, "by hour", Chart("start", ("value",)))


def report() -> Document:
    """Answer all of them."""
    return Document("Headwater: =three", (by_name(), money(), hours()), FACTS, ("Some buckets are partial.",))


def long(rows: int) -> Document:
    """Answer a document of many rows."""
    columns = (Column("start", AT), Column("version", "VARCHAR"), Column("value", "BIGINT"), PARTIAL)
    first = datetime(2020, 1, 1, tzinfo=UTC)
    made = ((first + timedelta(minutes=15) * at, f"=3.{at % 7}, “é” 🙂", at * 7, at > rows - 9) for at in range(rows))
    return Document("Long", (Sheet("Downloads", columns, made, "all", Chart("start", ("value",), ("version",))),))
