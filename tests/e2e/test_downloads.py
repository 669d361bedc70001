"""The original contract's downloads, recomputed from the raw log lines by code that shares nothing with ours."""

from __future__ import annotations

import itertools
import re
from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
import requests

pytestmark = pytest.mark.deployed

LINE = re.compile(
    r'^\S+ \S+ \[(?P<at>[^\]]+)\] (?P<ip>\S+) \S+ \S+ (?P<operation>\S+) (?P<key>\S+) "[^"]*" (?P<status>\S+) \S+ '
    r'(?P<sent>\S+) (?P<size>\S+) \S+ \S+ (?:"[^"]*"|-) (?:"(?P<agent>.*)"|-) [^"]*$'
)
"""Good enough for the downloads of the demo: hostile lines among them are not product downloads."""


def raw_lines(aws: Callable[[str], Any], bucket: str) -> set[str]:
    """Every distinct line of every object in the log bucket."""
    s3 = aws("s3")
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket)
    keys = [o["Key"] for page in pages for o in page.get("Contents", [])]
    bodies = (s3.get_object(Bucket=bucket, Key=key)["Body"].read() for key in keys)
    return {line for body in bodies for line in body.decode("utf-8", "replace").splitlines() if line.strip()}


def count(lines: set[str], version_of: re.Pattern[str], is_bot: Callable[[str], bool]) -> Counter[str]:
    """Count downloads by version: whole answers one each, runs of partial answers with gaps up to an hour one each."""
    downloads: Counter[str] = Counter()
    partial: dict[tuple[str, str, str], list[datetime]] = defaultdict(list)
    for line in sorted(lines):
        match = LINE.match(line)
        if not match or "GET.OBJECT" not in match["operation"] or match["status"] not in {"200", "206"}:
            continue
        version = version_of.search(match["key"])
        if not version or is_bot(match["agent"] or ""):
            continue
        sent, size = (0 if match[field] == "-" else int(match[field]) for field in ("sent", "size"))
        if match["status"] == "200" and match["size"] != "-" and sent >= size:
            downloads[version["version"]] += 1
        else:
            at = datetime.strptime(match["at"], "%d/%b/%Y:%H:%M:%S %z")
            partial[match["ip"], match["agent"] or "", match["key"]].append(at)
    for (_, _, key), times in partial.items():
        times.sort()
        runs = 1 + sum(b - a > timedelta(hours=1) for a, b in itertools.pairwise(times))
        found = version_of.search(key)
        assert found
        downloads[found["version"]] += runs
    return downloads


def test_downloads_equal_a_count_of_the_raw_lines(
    endpoints: dict[str, str], api: requests.Session, aws: Callable[[str], Any], settled: Callable[[], None]
) -> None:
    import tomllib

    import crawleruseragents

    settled()
    config = aws("s3").get_object(Bucket=endpoints["lake_bucket"], Key="config/sources.toml")["Body"].read().decode()
    pattern = re.compile(tomllib.loads(config)["s3_access_logs"]["key_pattern"])

    answer = api.get(f"{endpoints['api']}/adoption/downloads", timeout=30)

    assert answer.status_code == 200, answer.text
    shown = {row["version"]: row["dl"] for row in answer.json()["downloads"]}
    lines = raw_lines(aws, endpoints["log_bucket"])
    counted = count(lines, pattern, lambda agent: crawleruseragents.is_crawler(agent))
    print(f"{len(lines)} distinct raw lines, {sum(counted.values())} counted, {sum(shown.values())} shown")
    assert sum(shown.values()) > 1000
    assert shown == dict(counted)
