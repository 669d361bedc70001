"""What a million rows take as a file: time, memory at the most, size; each format in a process of its own.

Run as ``python -m bench.exports``, or ``python -m bench.exports csv 20000`` for one format and another number of rows,
which prints JSON. A PDF is for reading and has 5,000 rows.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bench.harness import RESULTS, machine, versions
from chalicelib.documents import writing
from chalicelib.documents.document import Chart, Column, Document, Row, Sheet
from chalicelib.documents.formats import Format

ROWS = 1_000_000
LIMIT_MB = 120
_TIME = "TIMESTAMP WITH TIME ZONE"
_COLUMNS = (
    Column("start", _TIME, "Start"),
    Column("end", _TIME, "End (exclusive)"),
    Column("version", "VARCHAR", "Version"),
    Column("value", "BIGINT", "Downloads", "downloads"),
    Column("partial", "BOOLEAN", "Partial"),
)


def document(rows: int) -> Document:
    """Answer downloads of four versions by 15 minutes."""
    chart = Chart("start", ("value",), ("version",))
    return Document("Downloads", (Sheet("Downloads", _COLUMNS, _rows(rows), "by 15 minutes", chart),))


def _rows(rows: int) -> Iterator[Row]:
    first, length = datetime(2020, 1, 1, tzinfo=UTC), timedelta(minutes=15)
    for at in range(rows):
        start = first + at // 4 * length
        yield start, start + length, f"3.{at % 4}.0, “é” 🙂", at * 7, at > rows - 9


def export(form: Format, rows: int) -> dict[str, Any]:
    """Write the document in this process and answer what it took."""
    with tempfile.TemporaryDirectory() as folder:
        path, began = Path(folder) / f"t.{form.value}", time.process_time()
        writing.write(document(rows), form, path)
        took = time.process_time() - began
        return {
            "rows": rows,
            "cpu_s": round(took, 2),
            "peak_mb": round(peak_mb(), 1),
            "file_mb": round(path.stat().st_size / 1e6, 2),
        }


def peak_mb() -> float:
    """Answer the memory that this process had at the most; ``getrusage`` would count that of its parent, too."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM:"))


def in_a_process(form: Format, rows: int) -> dict[str, Any]:
    """Write it in a fresh process, whose memory is nobody else's."""
    command = [sys.executable, "-m", "bench.exports", form.value, str(rows)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def main() -> int:
    """Measure, print and write ``bench/results/exports.json``; 1 where a format that streams takes too much."""
    from chalicelib.documents.report import MAX_ROWS  # here: what it loads is no other format's

    found = {form.value: in_a_process(form, MAX_ROWS if form is Format.PDF else ROWS) for form in Format}
    for name, figures in found.items():
        print(f"  {name:8} {json.dumps(figures)}")
    about = {"machine": machine(), "versions": versions("duckdb", "XlsxWriter", "reportlab")}
    result = {"what": "rows written as a file", **about, "limit_mb": LIMIT_MB, "formats": found}
    (RESULTS / "exports.json").write_text(json.dumps(result, indent=2) + "\n")
    return int(any(figures["peak_mb"] > LIMIT_MB for figures in found.values()))


if __name__ == "__main__":
    if sys.argv[1:]:
        print(json.dumps(export(Format(sys.argv[1]), int(sys.argv[2]))))
    else:
        sys.exit(main())
