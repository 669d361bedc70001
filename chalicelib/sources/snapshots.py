"""What sources share whose past cannot be asked for: each row says when it was seen, and for which window. Pure."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, ClassVar

from chalicelib.sources.base import Accepted, Column, ColumnType, PullMode, Table, Window
from chalicelib.sources.records import digest


class Snapshots:
    """The mode of such a source: what it answers is of now, so nothing has to settle."""

    mode: ClassVar[PullMode] = PullMode.SNAPSHOT
    settle: ClassVar[timedelta] = timedelta(0)


def columns(vendor: str, window: str) -> tuple[Column, Column]:
    """Answer the first two columns of a table of snapshots.

    >>> columns("X", "the six hours")[1].description
    'Start of the six hours that this snapshot was taken for, at the end'
    """
    taken = f"Start of {window} that this snapshot was taken for, at the end"
    return (
        Column("observed_at", ColumnType.TIMESTAMP, f"When {vendor} answered"),
        Column("window_start", ColumnType.TIMESTAMP, taken),
    )


def accepted(table: Table, row: dict[str, Any], window: Window, identity: str) -> Accepted:
    """Accept a row that is the only one of its identity in a window."""
    return Accepted(f"{identity}@{window.start.isoformat()}", digest(row), ((table.name, row),))
