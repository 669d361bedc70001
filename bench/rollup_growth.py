"""What one new hour costs the roll-up when three years of history lie behind it, and when a month does.

Everything is the roll-up's own but Athena: DuckDB runs the same statement over one Parquet file a day, and prunes days
as Athena prunes partitions. Athena's price is the bytes scanned; here they show as time.
"""

from __future__ import annotations

import tempfile
import warnings
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from bench.harness import compare
from chalicelib.aws.athena import literal
from chalicelib.lake import published
from chalicelib.metrics.declared.downloads import DOWNLOADS
from infra.local.athena.engine import Engine
from tests.unit.metrics.memory_lake import Lake, MemoryStore, in_duckdb, without_zones

TODAY = datetime(2026, 11, 30, tzinfo=UTC)
ROWS_A_DAY = 20_000
ROWS_A_PAST_DAY = 4_000  # fewer, so that history is made soon: the cube has nearly as many rows of such a day
ROWS_AN_HOUR = ROWS_A_DAY // 24
VERSIONS = 20
RUNS = 15


class Files:
    """An engine over Parquet files, one folder a day; it opens the days of its statement, as Athena would."""

    def __init__(self, folder: Path, store: MemoryStore) -> None:
        self.folder, self.store = folder, store

    def unload(self, sql: str, parameters: Sequence[str], prefix: str) -> object:
        """Run a statement and write its rows as one object."""
        first, last = min(parameters), max(parameters)
        days = sorted(day for day in self.folder.iterdir() if first <= day.name.removeprefix("dt=") <= last)
        parts = [dated(pq.read_table(file, partitioning=None), day) for day in days for file in day.glob("*.parquet")]
        translated = in_duckdb(sql, tuple(literal(value) for value in parameters))
        engine = Engine(self.folder, threads=1, memory="2GB")
        engine.connection.register("s3_access_requests", without_zones(pa.concat_tables(parts)))
        engine.prepare(translated)
        with warnings.catch_warnings():  # DuckDB would rather not be asked for Arrow in this way
            warnings.simplefilter("ignore")
            rows = engine.run(translated).to_arrow_table()
        engine.connection.close()
        sink = pa.BufferOutputStream()
        pq.write_table(rows, sink)
        self.store.put(f"{prefix}0", bytes(sink.getvalue()))
        return None


def dated(rows: pa.Table, day: Path) -> pa.Table:
    """Put the partition beside the rows, as Athena does."""
    return rows.append_column("dt", pa.array([day.name.removeprefix("dt=")] * len(rows)))


class History:
    """A lake with so many days of downloads, rolled up, that gets an hour more whenever it is asked."""

    def __init__(self, folder: Path, days: int) -> None:
        self.folder, self.lake, self.random, self.hours = folder, Lake(), np.random.default_rng(7), 0
        self.lake.engine = Files(folder, self.lake.store)  # type: ignore[assignment]
        starts = [TODAY - timedelta(days=n) for n in range(1, days + 1)]
        for start in starts:
            self._write(start, timedelta(days=1), ROWS_A_PAST_DAY)
        self._commit(starts)
        self.lake.rollup().run(DOWNLOADS)

    def next_hour(self) -> None:
        """Commit an hour of requests and roll it up."""
        self.hours += 1
        self._write(TODAY, timedelta(hours=1), ROWS_AN_HOUR)
        self._commit([TODAY])
        outcome = self.lake.rollup().run(DOWNLOADS)
        assert outcome.seq == self.hours + 1

    def cube_bytes(self) -> int:
        """The size of all visible files of the cube."""
        position = published.read(self.lake.store, DOWNLOADS.name)
        assert position is not None
        return sum(file.size_bytes for part in position.partitions.values() for file in part.files)

    def _commit(self, days: Sequence[datetime]) -> None:
        rows = {"s3_access_requests": [{"requested_at": day} for day in days]}
        self.lake.publish("s3_access_logs", rows)

    def _write(self, start: datetime, span: timedelta, rows: int) -> None:
        chance = self.random
        seconds = np.sort(chance.integers(0, int(span.total_seconds()), rows))
        versions = chance.integers(0, VERSIONS, rows)
        complete = chance.random(rows) < 0.5
        columns = {
            "requested_at": pa.array((seconds + int(start.timestamp())) * 1_000_000, pa.timestamp("us", tz="UTC")),
            "request_id": pa.array([f"{n:08x}" for n in chance.integers(0, 2**32, rows)]),
            "remote_ip": pa.array([f"192.0.2.{n}" for n in chance.integers(0, 256, rows)]),
            "user_agent": pa.array([f"agent/{n}" for n in chance.integers(0, 50, rows)]),
            "key": pa.array([f"app/1.{n}.0/app.zip" for n in versions]),
            "product": pa.array(["app"] * rows),
            "version": pa.array([f"1.{n}.0" for n in versions]),
            "is_bot": pa.array(chance.random(rows) < 0.05),
            "is_download": pa.array([True] * rows),
            "is_complete": pa.array(complete),
            "bytes_sent": pa.array(chance.integers(1, 10_000_000, rows)),
        }
        folder = self.folder / f"dt={start:%Y-%m-%d}"
        folder.mkdir(parents=True, exist_ok=True)
        pq.write_table(pa.table(columns), folder / f"{self.hours:05d}.parquet", compression="zstd")


def main() -> None:
    """Run the comparison."""
    with tempfile.TemporaryDirectory() as folder:
        years = History(Path(folder) / "years", 3 * 365)
        month = History(Path(folder) / "month", 30)
        compare(
            "rollup_growth",
            f"downloads_cube: one new hour of {ROWS_AN_HOUR} requests, on {ROWS_A_DAY} a day of {VERSIONS} versions",
            (("3 years of history", years.next_hour), ("1 month of history", month.next_hour)),
            runs=RUNS,
            packages=("duckdb", "pyarrow"),
            notes={"cube_bytes_3_years": years.cube_bytes(), "cube_bytes_1_month": month.cube_bytes()},
        )


if __name__ == "__main__":
    main()
