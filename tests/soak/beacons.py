"""Beacons posted to the deployed endpoint while it is killed: what was acknowledged is stored, and nothing twice.

Each request is sent until it is answered well, as a browser that never gives up would do, so one whose answer was lost
is sent again. At the end the table (read from S3, file by file) must be the ledger, row for row.
"""

from __future__ import annotations

import io
import json
import os
import random
import threading
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice
from typing import Any

import pyarrow.parquet as pq
import requests

from chalicelib.aws.s3 import S3Store
from chalicelib.lake import commits, published
from infra.local.places import ENDPOINTS, ports
from infra.local.post_deploy import client
from tests.real_data import FOLDER
from tests.servers.beacons import COLUMNS, Post, history
from tests.soak import tinybird
from tests.soak.killer import Killer

STREAM = "web_beacons"
SHARED = "web_clickstream/tinybird-web-analytics/analytics_events.ndjson"
PATIENCE = 400
DRAIN_S = 3_600


@dataclass
class Tally:
    """What the senders have seen."""

    acknowledged: set[tuple[str, str]] = field(default_factory=set)
    requests: int = 0
    tries: int = 0
    took_ms: list[float] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, post: Post, tries: int, took_ms: float) -> None:
        """Remember an acknowledged request."""
        with self.lock:
            self.acknowledged |= {(row["kind"], row["event_id"]) for row in post.rows}
            self.requests += 1
            self.tries += tries
            self.took_ms.append(took_ms)


@dataclass(frozen=True)
class Sender:
    """Posts until it is heard."""

    url: str
    tally: Tally
    session: threading.local = field(default_factory=threading.local)

    def __call__(self, post: Post) -> None:
        """Send one request. Raises ``AssertionError`` when it is refused for good or nobody answers for long."""
        if not hasattr(self.session, "own"):
            self.session.own = requests.Session()
        for tried in range(1, PATIENCE):
            began = time.monotonic()
            try:
                answer = self.session.own.post(self.url, data=post.body, headers=dict(post.headers), timeout=20)
            except requests.RequestException:
                time.sleep(0.3)
                continue
            if answer.status_code == 202:
                self.tally.note(post, tried, (time.monotonic() - began) * 1000)
                return
            assert answer.status_code not in (207, 400, 413, 422), answer.text
            time.sleep(1 if answer.status_code == 429 else 0.3)
        raise AssertionError(f"nobody took a beacon in {PATIENCE} tries")


def generated(seed: int, count: int, now: datetime) -> Iterator[Post]:
    """Requests of the demo company's visitors with ``count`` beacons between them."""
    left = count
    for post in history(seed, now):
        if left <= 0:
            return
        left -= len(post.rows) if not post.again else 0
        yield post


def real(now: datetime, run: str) -> list[Post]:
    """The real data's beacons; none where it is absent, which is said."""
    file = FOLDER / SHARED
    if not file.is_file():
        print(f"the real data is not at {file}: set HEADWATER_SHARED_DATA", flush=True)
        return []
    return list(tinybird.posts(file, now, run))


def stored(store: S3Store, wanted: set[str]) -> list[dict[str, Any]]:
    """Every row of the table that a reader sees and that this run has sent, whatever is in the lake beside it."""
    columns = [*COLUMNS, "id_conflict"]
    rows: list[dict[str, Any]] = []
    for found in store.list("lake/web_events/"):
        table = pq.ParquetFile(io.BytesIO(store.get(found.key).body)).read(columns=columns)
        rows += [row for row in table.to_pylist() if row["event_id"] in wanted]
    return rows


def drained(store: S3Store) -> float:
    """Wait until the inbox is empty and everything is visible; answer how many seconds that took."""
    began = time.monotonic()
    while time.monotonic() - began < DRAIN_S:
        waiting = sum(1 for _ in store.list(f"inbox/{STREAM}/"))
        head, shown = commits.find_head(store, STREAM), published.read(store, STREAM)
        if not waiting and head and shown and shown.seq == head.seq:
            return time.monotonic() - began
        print(f"  {waiting:,} wait in the inbox", flush=True)
        time.sleep(10)
    raise AssertionError("the inbox is not empty after an hour")


def compare(ledger: Iterable[Mapping[str, Any]], rows: list[dict[str, Any]]) -> dict[str, int]:
    """Hold the table against the ledger: by the columns that the ledger's row has, each row as often as it says."""
    expected = Counter(_key(row, row) for row in ledger)
    shapes = {row["event_id"]: tuple(row) for row in ledger}
    found = Counter(_key(row, shapes[row["event_id"]]) for row in rows)
    return {
        "expected": sum(expected.values()),
        "stored": sum(found.values()),
        "lost": sum((expected - found).values()),
        "twice or wrong": sum((found - expected).values()),
        "flagged conflicts": sum(row["id_conflict"] for row in rows),
    }


def _key(row: Mapping[str, Any], columns: Iterable[str]) -> str:
    return json.dumps({name: row[name] for name in columns}, sort_keys=True)


def soak(count: int, seed: int, every_s: float, whole: int, threads: int) -> int:
    """Run it, print what was seen, answer 0 when everything holds."""
    endpoints = json.loads(ENDPOINTS.read_text())
    now, run = datetime.now(UTC), f"{seed:x}"
    posts = [*real(now, run), *generated(seed, count, now)]
    chance = random.Random(seed)
    chance.shuffle(posts)
    ledger = [row for post in posts if not post.again for row in post.rows]
    print(f"{len(posts):,} requests with {len(ledger):,} beacons, seed {seed}", flush=True)
    outputs = {"LakeBucketName": endpoints["lake_bucket"], "DatabaseName": endpoints["database"]}
    killer = Killer(ports(os.environ), outputs, chance, every_s, whole)
    tally, began = Tally(), time.monotonic()
    sender = Sender(f"{endpoints['api']}/b", tally)
    with killer.at_work(), ThreadPoolExecutor(threads) as pool:
        for begin in range(0, len(posts), 2_000):
            list(pool.map(sender, islice(posts, begin, begin + 2_000)))
            print(f"  {tally.requests:,} acknowledged after {time.monotonic() - began:.0f} s, killed: "
                  f"{killer.workers} workers, {killer.clouds} clouds", flush=True)  # fmt: skip
    posted_s = time.monotonic() - began
    store = S3Store(client("s3", endpoints["aws"]), endpoints["lake_bucket"])
    drain_s = drained(store)
    rows = stored(store, {row["event_id"] for row in ledger})
    result = compare(ledger, rows)
    unseen = tally.acknowledged - {(row["kind"], row["event_id"]) for row in rows}
    took = sorted(tally.took_ms)
    print(json.dumps(result | {
        "acknowledged and not stored": len(unseen),
        "requests": tally.requests, "tries": tally.tries, "posting, s": round(posted_s), "drain, s": round(drain_s),
        "p50, ms": round(took[len(took) // 2]), "p99, ms": round(took[int(len(took) * 0.99)]),
        "workers killed": killer.workers, "clouds killed": killer.clouds, "down, s": round(killer.down_s),
    }, indent=1))  # fmt: skip
    assert killer.workers + killer.clouds > 0 or not every_s, "nothing was killed: this shows nothing"
    return int(bool(result["lost"] or result["twice or wrong"] or unseen))
