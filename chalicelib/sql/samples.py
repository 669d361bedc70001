"""A few rows of what is published, to see what a table looks like: of its newest file, by DuckDB, without a query."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from threading import Lock
from typing import Any, Final

from chalicelib.domain.objects import ObjectStore
from chalicelib.lake.visible import VisibleFile
from chalicelib.metrics.engine import Engine
from chalicelib.metrics.files import FileCache
from chalicelib.sql.catalog import Entry
from chalicelib.sql.headers import DescribedColumn
from chalicelib.sql.runs import Run
from chalicelib.sql.standing import Extent

MAX_FILE_BYTES: Final = 64 * 1024 * 1024
"""A larger file is not fetched for a few rows."""
MOST_ROWS: Final = 20
OWNER: Final = "catalog"
"""Whose runs the samples of views are."""
MASKED: Final = "masked"
"""Stands in the place of what tells of a person."""

Row = dict[str, Any]


class Samples:
    """Reads samples; copies of files are kept in ``folder``."""

    def __init__(self, store: Callable[[], ObjectStore], folder: Path) -> None:
        self._files = FileCache(folder, store)
        self._engine = Engine(folder, threads=1)
        self._lock = Lock()

    def of(self, files: Sequence[VisibleFile], columns: Sequence[DescribedColumn], count: int) -> list[Row]:
        """Answer up to ``count`` rows of the newest file that is not too large; none where there is none.

        A column that is not in the file, since it is younger, is None; the partition key is the partition's.
        """
        fitting = [each for each in files if each.file.size_bytes <= MAX_FILE_BYTES]
        if not fitting:
            return []
        newest = fitting[-1]
        with self._lock:
            [path] = self._files.fetch([newest.file])
            inside = {name for (name,) in self._engine.rows(_NAMES, {"file": str(path)})}
            wanted = [column.name for column in columns if column.name in inside]
            named = ", ".join(f'"{name}"' for name in wanted)  # names of ours, which the file was found to have
            asked = f"SELECT {named} FROM read_parquet($file) LIMIT $count"  # noqa: S608
            rows = self._engine.rows(asked, {"file": str(path), "count": count})
        key, _, value = newest.partition.partition("=")
        return [
            {column.name: None for column in columns} | dict(zip(wanted, map(_plain, row), strict=True)) | {key: value}
            for row in rows
        ]


def sample_run(entry: Entry, found: Extent, count: int, now: datetime) -> Run:
    """Make the run that asks for rows of a view: of its tables' last day alone, where that spares reading the rest.

    The same view over the same files is the same run, so that it is asked, and paid, once while its result is kept.
    """
    days = f" WHERE day = DATE '{found.last_day}'" if found.last_day else ""
    sql = f"SELECT * FROM {entry.name}{days} LIMIT {count}"  # noqa: S608 - a name of ours, a date
    named = hashlib.sha256(f"{sql}\n{found}\n{now:%G-%V}".encode()).hexdigest()[:24]
    return Run(named, OWNER, OWNER, sql, sql, (), now, tables=(entry.name,))


_NAMES: Final = "SELECT name FROM parquet_schema($file)"


def _plain(value: Any) -> Any:
    """A value for JSON: decimals are text, exact; times ISO 8601 as SQL answers them, UTC without an offset."""
    match value:
        case Decimal():
            return f"{value:f}"
        case datetime():
            return value.replace(tzinfo=None).isoformat(timespec="milliseconds")
        case date():
            return value.isoformat()
        case float() if value - value != 0:
            return str(value)
    return value


def masked(rows: Sequence[Mapping[str, Any]], columns: Sequence[DescribedColumn]) -> list[Row]:
    """Put :data:`MASKED` where a value tells of a person; that there is none may be seen.

    >>> masked([{"n": 1, "who": "ada"}, {"n": 2, "who": None}], [DescribedColumn("who", "string", "", personal=True)])
    [{'n': 1, 'who': 'masked'}, {'n': 2, 'who': None}]
    """
    personal = {column.name for column in columns if column.personal}
    return [
        {name: MASKED if name in personal and value is not None else value for name, value in row.items()}
        for row in rows
    ]
