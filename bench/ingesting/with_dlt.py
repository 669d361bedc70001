"""The same by dlt's ``rest_api`` source into Parquet files, as its documentation shows it.

Runs in an environment of its own (``requirements/dlt.txt``): ``python with_dlt.py URL ROWS FOLDER``.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import dlt  # type: ignore[import-not-found, unused-ignore]
from dlt.sources.rest_api import rest_api_source  # type: ignore[import-not-found, unused-ignore]

sys.path.append(str(Path(__file__).parents[2]))
from bench.ingesting.records import FIRST_HOUR, HOUR, HOUR_ROWS
from bench.ingesting.usage import report


def main(url: str, rows: int, folder: str) -> None:
    """Extract, normalise and load everything in one run of one pipeline."""
    end = FIRST_HOUR + HOUR * -(-rows // HOUR_ROWS)
    records = {
        "path": "records",
        "params": {"from": FIRST_HOUR.isoformat(), "to": end.isoformat()},
        "data_selector": "records",
        "paginator": {"type": "json_link", "next_url_path": "next"},
    }
    source = rest_api_source(
        {
            "client": {"base_url": url},
            "resources": [{"name": "events", "write_disposition": "append", "endpoint": records}],
        }
    )
    pipeline = dlt.pipeline(
        "bench",
        pipelines_dir=f"{folder}/pipelines",
        destination=dlt.destinations.filesystem(bucket_url=f"file://{folder}/lake"),
        dataset_name="bench",
        progress=None,
    )
    pipeline.run(source, loader_file_format="parquet")
    counts = pipeline.last_trace.last_normalize_info.row_counts
    left = sum(file.stat().st_size for file in Path(folder, "pipelines").rglob("*") if file.is_file())
    report(rows=counts["events"], working_disk_bytes=left)


if __name__ == "__main__":
    os.environ["RUNTIME__DLTHUB_TELEMETRY"] = "false"
    main(*((sys.argv[1], int(sys.argv[2]), sys.argv[3])))
