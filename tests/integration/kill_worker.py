"""A process to be killed: pull, seal and compact against a real S3 and Glue, for ever.

``python -m tests.integration.kill_worker BUCKET DATABASE``; where AWS is, the environment says.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from chalicelib.aws.clients import client
from chalicelib.aws.glue import GlueCatalog
from chalicelib.aws.s3 import S3Store
from chalicelib.errors import HeadwaterError, IntegrityError
from chalicelib.ingest.intake import new_attempt
from chalicelib.ingest.login import Given
from chalicelib.ingest.pull import Pull
from chalicelib.ingest.seal import BatchLimits, Seal
from chalicelib.ingest.seen import SegmentCache
from chalicelib.lake.compaction import Compaction
from chalicelib.lake.log import StreamLog
from chalicelib.lake.writer import Parquet
from chalicelib.sources.base import Page, Request
from tests.simulation.outside import GRID, History, Pushes, Server
from tests.simulation.scheduler import START

WINDOWS = 60
NOW = START + WINDOWS * GRID + timedelta(hours=1)
"""The time of all workers: that many windows wait to be pulled."""

FOREVER = NOW + timedelta(days=1)


def server() -> Server:
    """The outside: the same for every process."""
    outside = Server(random.Random(7), trouble=0)
    for number in range(WINDOWS * 4):
        outside.happen(START + number * GRID / 4)
    return outside


class Direct:
    """A fetcher without a network."""

    def __init__(self) -> None:
        self._server = server()

    def fetch(self, request: Request) -> Page:
        """Ask."""
        return self._server.answer(request, NOW)


def clock() -> datetime:
    """The workers' time."""
    return NOW


def runs_on(store: S3Store, catalog: GlueCatalog) -> Iterator[Any]:
    """Put one run of each kind together, again and again."""
    none: Mapping[str, Any] = {}
    chosen = random.SystemRandom()
    logs = {name: StreamLog(store, catalog, name, clock) for name in ("history", "pushes")}
    fetcher, cache, limits = Direct(), SegmentCache(), BatchLimits(items=7)
    while True:
        every = [
            Seal(logs["pushes"], Pushes(), none, store, Parquet(), clock, cache, limits),
            Pull(logs["history"], History(), none, fetcher, Given(), Parquet(), clock, START),
            Compaction(logs["history"], History.tables, Parquet(), clock, new_attempt),
            Compaction(logs["pushes"], Pushes.tables, Parquet(), clock, new_attempt),
        ]
        chosen.shuffle(every)
        yield from every


def main(bucket: str, database: str) -> None:
    """Work until killed."""
    store, catalog = S3Store(client("s3"), bucket), GlueCatalog(client("glue"), database, bucket)
    print("ready", flush=True)
    for run in runs_on(store, catalog):
        try:
            run.run(FOREVER)
        except IntegrityError:
            raise
        except HeadwaterError as error:
            print(f"again: {error}", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
