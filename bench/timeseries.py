"""A warm ``GET /v1/metrics/downloads`` of 90 days by day, inside the handler, beside DuckDB alone over the same files.

Run as ``python -m bench.timeseries``. Ours is everything that a warm Lambda does between API Gateway's event and its
answer: Chalice, the token, validation, the manifest, DuckDB, empty buckets, the envelope, JSON and the log line; the
answer cache is emptied before every run. Theirs is the plain query with ``fetchall`` on a connection of its own.
"""

from __future__ import annotations

import contextlib
import json
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb

from app import build_app
from bench.harness import compare
from chalicelib.api import answering, dispatch
from chalicelib.api.auth import TOKEN_PK, digest
from chalicelib.api.context import Context
from chalicelib.metrics import reader
from chalicelib.metrics.compute import Computation
from chalicelib.metrics.declared.downloads import DOWNLOADS
from chalicelib.metrics.manifests import files_between
from chalicelib.metrics.reader import Reader
from tests.unit.api.world import READ, MemoryState
from tests.unit.metrics.memory_lake import MemoryStore
from tests.unit.metrics.published_cubes import publish

DAYS = 90
END = datetime(2026, 11, 22, tzinfo=UTC)
START = END - timedelta(days=DAYS)
RUNS = 200
PLAIN = (
    "SELECT date_trunc('day', bucket_start) AS day, sum(downloads) FROM read_parquet({files}) "
    "WHERE bucket_start >= TIMESTAMP '{start}' AND bucket_start < TIMESTAMP '{end}' AND NOT is_bot "
    "GROUP BY 1 ORDER BY 1"
)


def rows() -> list[dict[str, Any]]:
    """Make 90 days of downloads: 10 versions by people and by bots, seeded."""
    seeded = random.Random(20261122)
    return [
        {
            "bucket_start": START + timedelta(minutes=15 * quarter),
            "product": "headwater",
            "version": f"3.{minor}.0",
            "is_bot": is_bot,
            "downloads": seeded.randrange(20),
            "download_bytes": seeded.randrange(10**9),
        }
        for quarter in range(DAYS * 96)
        for minor in range(10)
        for is_bot in (False, True)
    ]


def event(**query: str) -> dict[str, Any]:
    """Make API Gateway's event of the request."""
    asked = {"from": START.date().isoformat(), "to": END.date().isoformat(), "interval": "P1D", **query}
    return {
        "requestContext": {"httpMethod": "GET", "resourcePath": "/v1/metrics/{name}", "identity": {}},
        "headers": {"authorization": f"Bearer {READ}"},
        "multiValueQueryStringParameters": {name: [value] for name, value in asked.items()},
        "pathParameters": {"name": "downloads"},
        "stageVariables": None,
        "body": None,
    }


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Send the log lines to nowhere while measuring; writing them stays part of the handler's work."""
    kept = os.dup(1)
    with Path(os.devnull).open("w") as nowhere:
        os.dup2(nowhere.fileno(), 1)
        try:
            yield
        finally:
            sys.stdout.flush()
            os.dup2(kept, 1)
            os.close(kept)


class Bench:
    """The API over a lake in memory, and the plain query over the same files."""

    def __init__(self, folder: Path) -> None:
        self.store, state = MemoryStore(), MemoryState()
        item = {"name": "bench", "scope": "read", "created_at": "2026-11-01T00:00:00Z", "revoked_at": None}
        state.put(TOKEN_PK, digest(READ), item, expected_version=None)
        self.manifest = publish(self.store, DOWNLOADS, rows(), {"s3_access_logs": END})
        self.context = Context(
            clock=lambda: datetime.now(UTC),
            open_state=lambda: state,
            open_store=lambda: self.store,
            cache_folder=folder,
        )
        self.app = build_app(lambda: self.context)
        self.plain = duckdb.connect()

    def ask(self, **query: str) -> dict[str, Any]:
        """Ask the handler, nothing being remembered of earlier answers."""
        self.context.series.kept.clear()
        return self.cached(**query)

    def cached(self, **query: str) -> dict[str, Any]:
        """Ask the handler."""
        answer: dict[str, Any] = self.app(event(**query), None)
        assert answer["statusCode"] == 200, answer["body"]
        return answer

    def files(self, table: str) -> list[str]:
        """Name the local copies of the files that a level's question reads."""
        found = files_between(self.manifest, table, START, END)
        return [str(path) for path in self.context.series.reader.files.fetch(found)]

    def query(self, table: str) -> Callable[[], list[Any]]:
        """Prepare the plain query over the files of one level."""
        files = self.files(table)
        sql = PLAIN.format(files=files, start=START.replace(tzinfo=None), end=END.replace(tzinfo=None))
        return lambda: self.plain.execute(sql).fetchall()


def median_ms(side: Callable[[], object]) -> float:
    """Answer the median of RUNS runs, in ms."""
    took = []
    for _ in range(RUNS):
        begun = time.perf_counter()
        side()
        took.append((time.perf_counter() - begun) * 1000)
    return round(statistics.median(took), 3)


def parts(bench: Bench) -> dict[str, float]:
    """Answer what the handler's time is made of: medians of its steps, in ms."""
    spent: dict[str, list[float]] = {}

    def timed(owner: Any, name: str, label: str) -> Callable[[], None]:
        inner = getattr(owner, name)

        def outer(*args: Any, **kwargs: Any) -> Any:
            begun = time.perf_counter()
            try:
                return inner(*args, **kwargs)
            finally:
                spent.setdefault(label, []).append((time.perf_counter() - begun) * 1000)

        setattr(owner, name, outer)
        return lambda: setattr(owner, name, inner)

    series = bench.context.series
    undo = [
        timed(series.reader.engine, "rows", "duckdb_ms"),
        timed(series.reader.files, "fetch", "files_ms"),
        timed(reader, "statement", "boundaries_and_sql_ms"),
        timed(Reader, "read", "read_ms"),
        timed(Computation, "whole", "whole_ms"),
        timed(answering, "as_rows", "rows_as_objects_ms"),
        timed(dispatch, "encode", "json_ms"),
        timed(bench, "cached", "handler_ms"),
    ]
    for _ in range(RUNS):
        bench.ask()
    for put_back in undo:
        put_back()
    found = {label: round(statistics.median(values), 3) for label, values in spent.items()}
    found["cells_to_rows_ms"] = round(found.pop("whole_ms") - found["read_ms"], 3)
    within = ("duckdb_ms", "files_ms", "boundaries_and_sql_ms")
    found["plan_and_cells_ms"] = round(found.pop("read_ms") - sum(found[label] for label in within), 3)
    known = sum(value for label, value in found.items() if label != "handler_ms")
    found["chalice_token_validation_log_ms"] = round(found["handler_ms"] - known, 3)
    return found


def main() -> None:
    """Measure, print and write ``bench/results/timeseries.json``."""
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(Path(folder))
        with quiet():
            values = [row["value"] for row in json.loads(bench.ask()["body"])["results"]]
            plain = bench.query(DOWNLOADS.days.name)
            assert values == [count for _, count in plain()], "both sides have to answer the same"
            notes: dict[str, Any] = {
                "the handler's time is made of": parts(bench),
                "handler, answer remembered, ms": median_ms(bench.cached),
                "handler, grouped by version, ms": median_ms(lambda: bench.ask(group_by="version")),
                "handler, America/New_York (15-minute level), ms": median_ms(
                    lambda: bench.ask(tz="America/New_York", **{"from": "2026-08-24", "to": "2026-11-21"})
                ),
                "plain DuckDB over the 15-minute level, ms": median_ms(bench.query(DOWNLOADS.quarter_hours.name)),
                "rows": {"15 minutes": DAYS * 96 * 20, "day": DAYS * 20},
            }
            sys.stdout.flush()
        compare_quietly(bench, plain, notes)


def compare_quietly(bench: Bench, plain: Callable[[], object], notes: dict[str, Any]) -> None:
    """Run the pairs with the log lines out of the way."""

    def ours() -> object:
        with quiet():
            return bench.ask()

    def theirs() -> object:
        with quiet():
            return plain()

    compare(
        "timeseries",
        f"GET /v1/metrics/downloads, {DAYS} days by day (UTC), warm, computed anew each time",
        (("handler", ours), ("DuckDB alone", theirs)),
        runs=RUNS,
        warmup=5,
        packages=("duckdb", "chalice", "aws-lambda-powertools"),
        notes=notes,
    )


if __name__ == "__main__":
    main()
