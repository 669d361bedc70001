"""A question of a million rows, from a cube's files to a file for people: time and memory, each format by itself.

Run as ``python -m bench.question_exports``. What ``functions/export`` does is measured, from reading the manifest on;
S3 is a folder. ``python -m bench.exports`` has what writing alone takes.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bench.exports import LIMIT_MB, ROWS, peak_mb
from bench.harness import RESULTS, machine, versions
from chalicelib.documents import writing
from chalicelib.documents.formats import Format
from chalicelib.domain.objects import StoredObject
from chalicelib.domain.periods import GRID, Interval
from chalicelib.errors import ObjectNotFound
from chalicelib.exports.sheets import document
from chalicelib.metrics.query import SeriesQuery
from chalicelib.metrics.question import Question
from chalicelib.metrics.registry import METRICS

VERSIONS = 4
START = datetime(2019, 1, 1, tzinfo=UTC)
NOW = datetime(2026, 11, 22, tzinfo=UTC)


class Folder:
    """A folder as a store that is read."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def get(self, key: str) -> StoredObject:
        """Read an object."""
        path = self._folder / key
        if not path.exists():
            raise ObjectNotFound(key)
        return StoredObject(key, path.read_bytes(), "tag", NOW, {})


def make_lake(folder: Path) -> None:
    """Publish seven years of downloads of four versions, in every third quarter of an hour."""
    from chalicelib.metrics.declared.downloads import DOWNLOADS
    from tests.unit.metrics.memory_lake import MemoryStore
    from tests.unit.metrics.published_cubes import publish

    store = MemoryStore()
    names = [{"version": f"3.{at}.0", "product": "p", "is_bot": False} for at in range(VERSIONS)]
    rows: list[dict[str, Any]] = [
        {"bucket_start": START + GRID * at, **name, "downloads": at % 7, "download_bytes": at}
        for at in range(0, ROWS // VERSIONS, 3)
        for name in names
    ]
    publish(store, DOWNLOADS, rows, {"s3_access_logs": NOW})
    for found in store.list(""):
        path = folder / found.key
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(store.get(found.key).body)


def export(folder: Path, form: Format) -> dict[str, Any]:
    """Answer the question into a file in this process, and what it took."""
    end = START + timedelta(minutes=15) * (ROWS // VERSIONS)
    question = Question(
        (METRICS["downloads"],), START, end, Interval.PT15M, ZoneInfo("Europe/Paris"), group_by=("version",)
    )
    with tempfile.TemporaryDirectory() as work:
        path = Path(work) / f"answer.{form.value}"
        series = SeriesQuery(lambda: Folder(folder), lambda: NOW, Path(work))  # type: ignore[arg-type,return-value]
        began = time.process_time()
        prepared = series.prepare(question)
        writing.write(document(question, form, lambda: series.stream(prepared)), form, path)
        took = time.process_time() - began
        size = round(path.stat().st_size / 1e6, 2)
        return {"rows": ROWS, "cpu_s": round(took, 2), "peak_mb": round(peak_mb(), 1), "file_mb": size}


def main() -> int:
    """Measure, print and write ``bench/results/question_exports.json``; 1 where too much memory is taken."""
    found: dict[str, dict[str, Any]] = {}
    with tempfile.TemporaryDirectory() as folder:
        make_lake(Path(folder))
        for form in (Format.CSV, Format.PARQUET, Format.XLSX):
            command = [sys.executable, "-m", "bench.question_exports", folder, form.value]
            done = subprocess.run(command, capture_output=True, text=True, check=True)
            found[form.value] = json.loads(done.stdout)
            print(f"  {form.value:8} {done.stdout.strip()}")
    about = {"machine": machine(), "versions": versions("duckdb", "XlsxWriter")}
    result = {"what": "a question of a million rows as a file", **about, "limit_mb": LIMIT_MB, "formats": found}
    (RESULTS / "question_exports.json").write_text(json.dumps(result, indent=2) + "\n")
    return int(any(figures["peak_mb"] > LIMIT_MB for figures in found.values()))


if __name__ == "__main__":
    if sys.argv[1:]:
        print(json.dumps(export(Path(sys.argv[1]), Format(sys.argv[2]))))
    else:
        sys.exit(main())
