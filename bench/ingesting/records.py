"""The records that the benchmark pulls: twelve fields each, the same for everybody, any page of them made at once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

PAGE_ROWS = 1_000
HOUR_ROWS = 50_000
FIRST_HOUR = datetime(2026, 1, 1, tzinfo=UTC)
EVENTS = tuple(f"{noun}_{verb}" for noun in ("page", "report", "file", "user", "team") for verb in ("opened", "saved"))
COUNTRIES = ("DE", "US", "IN", "NP", "BR", "JP", "FR", "NZ")
HOUR = timedelta(hours=1)


def records(number: int) -> list[dict[str, Any]]:
    """Answer the records of a page, from 0, in the order of their time."""
    return [record(n) for n in range(number * PAGE_ROWS, (number + 1) * PAGE_ROWS)]


def record(n: int) -> dict[str, Any]:
    """Answer one record: texts that repeat and texts that do not, times, numbers, a truth, and nulls."""
    at = FIRST_HOUR + HOUR * (n // HOUR_ROWS) + HOUR * (n % HOUR_ROWS) / HOUR_ROWS
    mixed = n * 2_654_435_761 % 2**32
    return {
        "id": f"{mixed:08x}-{n:012x}",
        "occurred_at": at.isoformat(timespec="milliseconds"),
        "received_at": (at + timedelta(milliseconds=mixed % 5_000)).isoformat(timespec="milliseconds"),
        "event": EVENTS[mixed % len(EVENTS)],
        "user": f"user-{mixed % 20_000}",
        "account": f"account-{mixed % 700}",
        "country": COUNTRIES[mixed // 7 % len(COUNTRIES)],
        "path": f"/projects/{mixed % 3_000}/items/{mixed // 11 % 900}",
        "duration_s": mixed % 90_000 / 1_000,
        "size_bytes": mixed % 4_000_000 if mixed % 9 else None,
        "is_trial": mixed % 5 == 0,
        "note": f"imported from batch {mixed % 97}" if mixed % 13 == 0 else None,
    }
