"""The least that has to be done: ``requests``, ``orjson``, ``pyarrow``; nothing is checked, kept, or compared.

``python -m bench.ingesting.bare URL ROWS``
"""

from __future__ import annotations

import sys
from typing import Any

import orjson
import pyarrow as pa
import pyarrow.parquet as pq
import requests

from bench.ingesting.records import FIRST_HOUR, HOUR, HOUR_ROWS
from bench.ingesting.usage import report

TIMES = ("occurred_at", "received_at")
READ = pa.schema(
    [(name, pa.string()) for name in ("id", *TIMES, "event", "user", "account", "country", "path")]
    + [("duration_s", pa.float64()), ("size_bytes", pa.int64()), ("is_trial", pa.bool_()), ("note", pa.string())]
)
WRITTEN = pa.schema([pa.field(f.name, pa.timestamp("us", "UTC")) if f.name in TIMES else f for f in READ])


def pull(session: requests.Session, url: str) -> Any:
    """Answer the pages from an address on."""
    following: str | None = url
    while following:
        answer = session.get(following, timeout=30)
        answer.raise_for_status()
        page = orjson.loads(answer.content)
        yield pa.Table.from_pylist(page["records"], schema=READ).cast(WRITTEN)
        following = page["next"]


def main(url: str, rows: int) -> None:
    """Write a Parquet file an hour into memory, and let it go."""
    written = size = 0
    with requests.Session() as session:
        for hour in range(-(-rows // HOUR_ROWS)):
            begin = FIRST_HOUR + HOUR * hour
            query = requests.models.PreparedRequest()
            query.prepare_url(f"{url}/records", {"from": begin.isoformat(), "to": (begin + HOUR).isoformat()})
            sink = pa.BufferOutputStream()
            with pq.ParquetWriter(sink, WRITTEN, compression="zstd", compression_level=3) as writer:
                tables = list(pull(session, str(query.url)))
                whole = pa.concat_tables(tables).sort_by([("occurred_at", "ascending")])
                writer.write_table(whole)
                written += len(whole)
            size += len(sink.getvalue())
    report(rows=written, parquet_bytes=size)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
