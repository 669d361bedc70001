"""``python -m bench.ingest``: a million records of twelve fields over loopback HTTP into zstd Parquet.

Three sides, each in a process of its own: ours whole, a bare loop that checks and keeps nothing, and dlt. CPU seconds
are those of the process, as the operating system counts them; ours says what its own parts took. pandas is kept away
from ours and from the bare loop, as it is from our Lambdas.
"""

from __future__ import annotations

import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from bench.harness import Spread, machine, versions, write

ROOT = Path(__file__).parents[1]
LOCK = ROOT / "requirements" / "dlt.txt"
DLT = ROOT / ".build" / "dlt"
ROWS, FLAT_ROWS, RUNS = 1_000_000, (200_000, 2_000_000), 3
BESIDE = ("raw copy", "hashing", "audit")
"""What the bare loop does not do, and the aim does not count."""


def main() -> None:
    """Measure, print, and write ``bench/results/ingest.json``."""
    with served(max(ROWS, *FLAT_ROWS)) as url:
        pairs = [(run("ours", url, ROWS), run("bare", url, ROWS)) for _ in range(RUNS)]
        flat = {f"{rows:,}": round(run("ours", url, rows)["peak_mib"], 1) for rows in FLAT_ROWS}
        dlt = with_dlt(url, ROWS)
    ours, bare = ([pair[side] for pair in pairs] for side in (0, 1))
    assert all(found["rows"] == ROWS for found in (*ours, *bare, dlt))
    core = [each["cpu_s"] - sum(each["parts"].get(name, 0) for name in BESIDE) for each in ours]
    ratios = [c / b["cpu_s"] for c, b in zip(core, bare, strict=True)]
    whole = statistics.median(each["cpu_s"] for each in ours)
    write(
        "ingest",
        {
            "what": f"{ROWS:,} JSON records of 12 fields over loopback HTTP, 1,000 a page, into zstd Parquet: CPU time",
            "machine": machine(),
            "versions": versions("requests", "orjson", "pyarrow"),
            "runs": RUNS,
            "unit": "ms",
            "sides": {
                "ours, without what is below": spread(core),
                "bare loop": spread([each["cpu_s"] for each in bare]),
                "ours, whole": spread([each["cpu_s"] for each in ours]),
                "dlt rest_api (once)": spread([dlt["cpu_s"]]),
            },
            "ratio": asdict(Spread.of(ratios)),
            "notes": {
                "the ratio is": "ours without raw copy, hashing and audit, to the bare loop",
                "ours whole to the bare loop": round(whole / statistics.median(b["cpu_s"] for b in bare), 2),
                "dlt to ours whole": round(dlt["cpu_s"] / whole, 1),
                "what ours spends beside, CPU s": {n: part(ours, n) for n in (*BESIDE, "commit and publish")},
                "rows per CPU second: ours whole, bare, dlt": [
                    round(ROWS / x) for x in (whole, statistics.median(b["cpu_s"] for b in bare), dlt["cpu_s"])
                ],
                "peak MiB: ours, bare, dlt": [round(each["peak_mib"], 1) for each in (ours[0], bare[0], dlt)],
                "peak MiB of ours by rows": flat,
                "bytes that ours stores: raw, Parquet": [ours[0]["stored_bytes"][name] for name in ("raw", "stage")],
                "bytes on local disk: ours, dlt": [0, dlt["working_disk_bytes"]],
                "dlt's version": dlt["version"],
            },
        },
    )


def spread(seconds: Sequence[float]) -> dict[str, float]:
    """Summarise seconds as milliseconds."""
    return asdict(Spread.of([value * 1000 for value in seconds]))


def part(runs: Sequence[dict[str, Any]], name: str) -> float:
    """Answer the median of one part."""
    return float(round(statistics.median(each["parts"].get(name, 0.0) for each in runs), 3))


@contextmanager
def served(rows: int) -> Iterator[str]:
    """The API in a process of its own."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen([sys.executable, "-m", "bench.ingesting.server", str(port), str(rows)])
    try:
        wait_for(port)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait()


def wait_for(port: int) -> None:
    """Wait until somebody listens."""
    for _ in range(200):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise RuntimeError("the server of the benchmark did not start")


def run(side: str, url: str, rows: int) -> dict[str, Any]:
    """Run one side, as our Lambdas run: without pandas, with the system's allocator."""
    path = os.pathsep.join([str(ROOT / "infra" / "layers"), str(ROOT)])
    environment = {**os.environ, "PYTHONPATH": path, "ARROW_DEFAULT_MEMORY_POOL": "system"}
    return answer([sys.executable, "-m", f"bench.ingesting.{side}", url, str(rows)], environment)


def with_dlt(url: str, rows: int) -> dict[str, Any]:
    """Run dlt in its own environment, which is made when its lock has changed."""
    stamp, uv = DLT / ".installed", Path(sys.executable).with_name("uv")
    if not stamp.exists() or stamp.read_bytes() != LOCK.read_bytes():
        subprocess.run([uv, "venv", "--quiet", "--clear", "--python", sys.executable, DLT], check=True)
        command = [
            str(uv),
            "pip",
            "sync",
            "--quiet",
            "--require-hashes",
            "--python",
            str(DLT / "bin" / "python"),
            str(LOCK),
        ]
        subprocess.run(command, check=True)
        stamp.write_bytes(LOCK.read_bytes())
    python = str(DLT / "bin" / "python")
    with tempfile.TemporaryDirectory() as folder:
        found = answer([python, str(ROOT / "bench/ingesting/with_dlt.py"), url, str(rows), folder], {**os.environ})
    said = subprocess.run([python, "-c", "import dlt; print(dlt.__version__)"], capture_output=True, check=True)
    return found | {"version": said.stdout.decode().strip()}


def answer(command: list[str], environment: dict[str, str]) -> dict[str, Any]:
    """Run a process and read the line of JSON that it ends with."""
    done = subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, check=True)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


if __name__ == "__main__":
    main()
