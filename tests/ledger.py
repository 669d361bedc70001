"""Compare the lake of the running system with its vendors' own books: ``make ledger``.

For every table of every source whose vendor keeps books: the rows in the lake (the partitions that the catalog names,
so what a reader sees), the rows in the vendor's ledger, a hash of each over the book's columns, and the bill beside the
least possible. What came by itself (webhooks, access logs, beacons, product events) is compared with what the demo's
seed made of it. GitHub's bill is a quota, and is not compared.
"""

from __future__ import annotations

import hashlib
import io
import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pyarrow.parquet as pq
import requests

from chalicelib.aws.s3 import S3Store
from chalicelib.lake.status import stream_status
from chalicelib.sources import keys
from chalicelib.sources.base import PullMode, PullSource, Table
from chalicelib.sources.config import parse_sources
from chalicelib.sources.registry import SOURCES
from infra.local.places import ENDPOINTS
from infra.local.post_deploy import client
from tests.past import Past, books
from tests.servers.vendor import plain

WORKERS = 8
TRIES = 20
AN_INSTANT = timedelta(microseconds=1)
"""A snapshot may be committed at the very instant at which it was taken."""

Row = tuple[Any, ...]
Bill = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Compared:
    """One table: what the lake holds and what the vendor's book says."""

    table: str
    lake: Sequence[Row]
    book: Sequence[Row]

    @property
    def equal(self) -> bool:
        """Whether both hold the same rows, each as often."""
        return len(self.lake) == len(self.book) and digest(self.lake) == digest(self.book)

    def line(self) -> str:
        """Write it as a line of the table."""
        counts = f"{len(self.lake):>9,}{len(self.book):>9,}"
        return f"{self.table:<28}{counts}  {digest(self.lake)}  {digest(self.book)}  {verdict(self.equal)}"


@dataclass(frozen=True, slots=True)
class Paid:
    """One vendor's bill."""

    vendor: str
    billed: Bill
    minimum: Bill
    refused: Bill

    @property
    def least(self) -> bool:
        """Whether nothing was paid in vain."""
        return {unit: n for unit, n in self.billed.items() if n} == {u: n for u, n in self.minimum.items() if n}

    def line(self) -> str:
        """Write it as a line of the table."""
        amounts = f"{said(self.billed):<34}{said(self.minimum):<34}{said(self.refused):<20}"
        return f"{self.vendor:<28}{amounts}{verdict(self.least)}"


def verdict(good: bool) -> str:
    """Say it in a word."""
    return "equal" if good else "DIFFERS"


def said(bill: Bill) -> str:
    """Write amounts by unit.

    >>> said({"units": 12, "calls": 3})
    'calls 3, units 12'
    """
    return ", ".join(f"{unit} {n:,}" for unit, n in sorted(bill.items()) if n) or "nothing"


def digest(rows: Iterable[Row]) -> str:
    """Hash rows whatever their order; one that is there twice counts twice.

    >>> digest([("a", 1), ("b", None)]) == digest([("b", None), ("a", 1)]) != digest([("a", 1)])
    True
    """
    lines = sorted(json.dumps(row, ensure_ascii=False) for row in rows)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]


class Lake:
    """The running system's lake, as its readers see it."""

    def __init__(self, found: Mapping[str, str]) -> None:
        self.bucket, self._database = found["lake_bucket"], found["database"]
        self.s3, self._glue = client("s3", found["aws"]), client("glue", found["aws"])
        self.store = S3Store(self.s3, self.bucket)

    def rows(self, table: str, columns: Sequence[str]) -> Iterator[Mapping[str, Any]]:
        """Read some columns of every partition that the catalog names."""
        pages = self._glue.get_paginator("get_partitions").paginate(DatabaseName=self._database, TableName=table)
        places = [p["StorageDescriptor"]["Location"] for page in pages for p in page["Partitions"]]
        root = f"s3://{self.bucket}/"
        files = [f.key for place in places for f in self.store.list(place.removeprefix(root).rstrip("/") + "/")]
        with ThreadPoolExecutor(WORKERS) as pool:
            for body in pool.map(lambda key: self.store.get(key).body, files):
                yield from pq.ParquetFile(io.BytesIO(body)).read(columns=list(dict.fromkeys(columns))).to_pylist()


def compare(
    lake: Lake, source: PullSource, config: Mapping[str, Any], table: Table, book: Mapping[str, Any]
) -> Compared:
    """Compare one table with its book, up to where the stream is published and no further.

    A snapshot's book is what was served, so it ends at the last commit; what has a past ends at the watermark.
    """
    columns, at = list(book["columns"]), table.time_column
    for _ in range(TRIES):
        status = stream_status(lake.store, source.name)
        held = list(lake.rows(table.name, [*columns, at]))
        if stream_status(lake.store, source.name).seq == status.seq == status.published_seq:
            break
    else:
        raise RuntimeError(f"{source.name} never stood still while it was read: try again when it has caught up")
    never = datetime.min.replace(tzinfo=UTC)
    snapshot = source.mode is PullMode.SNAPSHOT
    end = ((status.committed_at or never) + AN_INSTANT if snapshot else status.cursor) or never
    begin = never if snapshot else keys.started(config) or never
    place = columns.index(book["windowed_by"] or at)
    own = [tuple(plain(utc(row[c])) for c in columns) for row in held]
    theirs = [tuple(row) for row in book["rows"] if begin <= utc(datetime.fromisoformat(row[place])) < end]
    return Compared(table.name, own, theirs)


def compare_past(lake: Lake, past: Past) -> Compared:
    """Compare one table of what came by itself with what the demo's seed made of it."""
    book = past.book
    held = (row for row in lake.rows(book.table, [*book.columns, past.by]) if past.own(utc(row[past.by])))
    own = [tuple(plain(utc(row[column])) for column in book.columns) for row in held]
    return Compared(book.table, own, [tuple(plain(row[column]) for column in book.columns) for row in book.rows])


def utc(value: Any) -> Any:
    """Give an instant its zone, where the file's type has none."""
    return value.replace(tzinfo=UTC) if isinstance(value, datetime) and value.tzinfo is None else value


def read(found: Mapping[str, str]) -> tuple[list[Compared], list[Paid]]:
    """Compare every table that a vendor keeps a book of, and read every vendor's bill."""
    lake = Lake(found)
    config = parse_sources(lake.store.get("config/sources.toml").body.decode())
    answers: dict[str, Any] = {}
    tables: list[Compared] = []
    for source in SOURCES.values():
        vendor = source.name.partition("_")[0]
        if not isinstance(source, PullSource):
            continue
        if vendor not in answers:
            address = f"{found['outside_world']}/_control/ledger/{vendor}"
            answer = requests.get(address, timeout=60)
            answer.raise_for_status()
            answers[vendor] = answer.json()
        kept = {book["table"]: book for book in answers[vendor]["books"]}
        section = config.section(source.name)
        tables += [compare(lake, source, section, t, kept[t.name]) for t in source.tables if t.name in kept]
    world = requests.get(f"{found['outside_world']}/_control/ledger", timeout=60).json()
    loaded = books(world["seed"], datetime.fromisoformat(world["anchor"]))
    tables += [compare_past(lake, past) for past in loaded]
    paid = [Paid(v, a["bill"]["billed"], a["minimum"], a["bill"]["refused"]) for v, a in answers.items() if a["bill"]]
    return tables, paid


def main() -> int:
    """Print both tables; 1 where anything differs, 2 where nothing runs."""
    if not ENDPOINTS.exists():
        sys.stderr.write("nothing runs here: `make run` first\n")
        return 2
    tables, paid = read(json.loads(ENDPOINTS.read_text()))
    out = sys.stdout
    out.write(f"{'table':<28}{'lake':>9}{'ledger':>9}  {'hash of the lake':<18}{'of the ledger':<18}\n")
    out.writelines(f"{each.line()}\n" for each in tables)
    out.write(f"\n{'vendor':<28}{'billed':<34}{'least possible':<34}{'refused':<20}\n")
    out.writelines(f"{each.line()}\n" for each in paid)
    return 0 if all(t.equal for t in tables) and all(p.least for p in paid) else 1


if __name__ == "__main__":
    sys.exit(main())
