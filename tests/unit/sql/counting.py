"""Rows counted in plain Python: what the recounts of views share."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from tests.unit.sql.rows_lake import day

Row = Mapping[str, Any]
Tables = Mapping[str, Sequence[Row]]
Shown = dict[str, Any]


def good(rows: Iterable[Row]) -> list[Row]:
    """Rows that contradict no other."""
    return [row for row in rows if not row["id_conflict"]]


def take(row: Row, *names: str, **renamed: str) -> Shown:
    """Some columns of a row, others under another name."""
    return {name: row[name] for name in names} | {name: row[column] for name, column in renamed.items()}


def groups(rows: Iterable[Row], key: Callable[[Row], Any]) -> dict[Any, list[Row]]:
    """Rows by what ``key`` says of them."""
    found: dict[Any, list[Row]] = defaultdict(list)
    for row in rows:
        found[key(row)].append(row)
    return found


def first_of_each(rows: Iterable[Row], key: Callable[[Row], Any], by: str) -> list[Row]:
    """The earliest row of each identity; an unknown time is the latest."""
    late = datetime.max.replace(tzinfo=UTC)
    return [min(same, key=lambda row: row[by] or late) for same in groups(rows, key).values()]


def last_of_each(rows: Iterable[Row], key: Callable[[Row], Any], by: Callable[[Row], Any]) -> list[Row]:
    """The latest row of each identity."""
    return [max(same, key=by) for same in groups(rows, key).values()]


def last_looks(rows: Iterable[Row], *identity: str, at: str = "observed_at") -> list[Row]:
    """The last look at each thing on each day."""
    return last_of_each(good(rows), lambda row: (day(row[at]), *(row[n] for n in identity)), lambda row: row[at])
