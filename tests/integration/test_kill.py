"""``kill -9`` for real: twin processes on a real S3 and Glue, killed at random, lose nothing and double nothing."""

from __future__ import annotations

import io
import json
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from chalicelib.aws.glue import GlueCatalog
from chalicelib.aws.s3 import S3Store
from chalicelib.ingest.inbox import accept
from chalicelib.lake import commits, layout
from chalicelib.lake.schemas import PARTITION_KEYS, glue_columns
from chalicelib.lake.steps import Step
from chalicelib.sources.base import Table
from tests.integration import kill_worker
from tests.simulation.outside import ARRIVALS, DAYS, EVENTS
from tests.simulation.scheduler import START

ROOT = Path(__file__).resolve().parents[2]
KILLS = 24
BUCKET, DATABASE = "killed", "killed"


@contextmanager
def worker(environment: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "tests.integration.kill_worker", BUCKET, DATABASE]
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        assert process.stdout is not None
        process.stdout.close()


def make_tables(glue: Any) -> None:
    glue.create_database(DatabaseInput={"Name": DATABASE})
    for table in (EVENTS, DAYS, ARRIVALS):
        glue.create_table(DatabaseName=DATABASE, TableInput=table_input(table))


def table_input(table: Table) -> dict[str, Any]:
    return {
        "Name": table.name,
        "PartitionKeys": [{"Name": name, "Type": kind} for name, kind in PARTITION_KEYS],
        "StorageDescriptor": {
            "Columns": [{"Name": name, "Type": kind} for name, kind, _ in glue_columns(table)],
            "Location": f"s3://{BUCKET}/{layout.table(table.name)}",
        },
    }


def visible(store: S3Store, glue: Any, table: Table) -> Counter[tuple[Any, ...]]:
    """What a reader sees: the files in the folders that Glue names."""
    seen: Counter[tuple[Any, ...]] = Counter()
    for page in glue.get_paginator("get_partitions").paginate(DatabaseName=DATABASE, TableName=table.name):
        for partition in page["Partitions"]:
            prefix = partition["StorageDescriptor"]["Location"].removeprefix(f"s3://{BUCKET}/")
            for found in store.list(prefix):
                rows = pq.ParquetFile(io.BytesIO(store.get(found.key).body)).read().to_pylist()
                seen.update((row.get("id"), row["at"].isoformat(), row["v"]) for row in rows)
    return seen


def bodies(rng: random.Random) -> list[bytes]:
    """Sixty items of three records, a third of them sent twice."""
    numbers = [[3 * item + part for part in range(3)] for item in range(60)]
    items = [
        json.dumps([{"id": f"r{n}", "at": START.isoformat(), "v": n} for n in record]).encode() for record in numbers
    ]
    sent = items + rng.sample(items, 20)
    rng.shuffle(sent)
    return sent


@pytest.mark.slow
def test_twins_killed_at_random_lose_nothing_and_double_nothing(local_aws: Any) -> None:
    rng = random.Random(20261122)
    s3, glue = local_aws.client("s3"), local_aws.client("glue")
    s3.create_bucket(Bucket=BUCKET)
    make_tables(glue)
    store, sent = S3Store(s3, BUCKET), bodies(rng)
    environment = local_aws.environment() | {"PYTHONPATH": str(ROOT)}

    for kill in range(KILLS // 2):
        with worker(environment) as left, worker(environment) as right:
            for process in (left, right):
                assert process.stdout is not None
                assert process.stdout.readline() == "ready\n"
            for body in sent[kill :: KILLS // 2]:
                accept(store, "pushes", body, {}, START)
            if kill % 3:  # every third pair dies whenever it dies, the others in the middle of work that goes on
                wait_for_progress(store, commits_made(store))
            time.sleep(rng.random() * 0.5)
            assert left.poll() is None, "a worker ended by itself"
            assert right.poll() is None, "a worker ended by itself"
    before = commits_made(store)
    finish(store, GlueCatalog(glue, DATABASE, BUCKET))

    good = [event for event in kill_worker.server().events if event["v"] != "bad"]
    end = kill_worker.NOW.isoformat()
    assert visible(store, glue, EVENTS) == Counter((e["id"], e["at"], e["v"]) for e in good if e["at"] < end)
    assert visible(store, glue, ARRIVALS) == Counter((f"r{n}", START.isoformat(), n) for n in range(180))
    assert set(visible(store, glue, DAYS).values()) == {1}
    assert list(store.list("inbox/")) == []
    assert before > KILLS // 4, "the kills came before there was anything to kill: this shows nothing"
    check_chain(store)


def commits_made(store: S3Store) -> int:
    return sum(1 for _ in store.list("ctl/commits/"))


def wait_for_progress(store: S3Store, before: int) -> None:
    """Return when somebody has committed something; a busy machine may need long for its first commit."""
    patience = time.monotonic() + 30
    while time.monotonic() < patience and commits_made(store) == before:
        time.sleep(0.02)


def finish(store: S3Store, catalog: GlueCatalog) -> None:
    """One more run of each kind, which nobody kills."""
    for run in islice(kill_worker.runs_on(store, catalog), 4):
        run.run(kill_worker.FOREVER)


def check_chain(store: S3Store) -> None:
    for stream in ("history", "pushes"):
        end = None
        for link in commits.following(store, stream, None):
            step = Step.from_body(link.body)
            assert end is None or step.window.start == end
            end = step.cursor
