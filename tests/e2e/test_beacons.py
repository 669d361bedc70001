"""Beacons against the deployed system: they reach the table, and nothing of who sent them is anywhere."""

from __future__ import annotations

import gzip
import io
import json
import re
import uuid
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
import requests

pytestmark = pytest.mark.deployed

ROOT = Path(__file__).parents[2]
LOCAL = ROOT / ".local"
ORIGIN = "https://www.acme.example"


@pytest.fixture(scope="module")
def mark() -> str:
    """What this run's canaries have in common."""
    return uuid.uuid4().hex[:12]


@pytest.fixture(scope="module")
def headers(mark: str) -> Mapping[str, str]:
    """A visitor whose every header is a canary. The address is one of those reserved for documentation (RFC 3849)."""
    groups = f"2001:db8:{mark[:4]}:{mark[4:8]}:{mark[8:]}::77"
    agent = f"Mozilla/5.0 (X11; Linux x86_64; agent{mark}) Gecko/20100101 Firefox/145.0"
    cookie = f"session=cookie{mark}"
    return {"Origin": ORIGIN, "User-Agent": agent, "X-Forwarded-For": groups, "Cookie": cookie, "Referer": f"{ORIGIN}/"}


@pytest.fixture(scope="module")
def sent(endpoints: dict[str, str], headers: Mapping[str, str], mark: str) -> list[requests.Response]:
    """Beacons of every sort, good and bad, and one by the pixel."""
    url = f"{ORIGIN}/e2e-{mark}?token=query{mark}&utm_source=e2e#fragment{mark}"
    link = f"https://user{mark}:pw@other.example/x?token=query{mark}"
    good = {"id": f"e2e-{mark}", "kind": "view", "url": url, "referrer": link, f"field{mark}": f"field{mark}"}
    out = {**good, "id": f"out-{mark}", "kind": "outbound", "target": link}
    bad = {**good, "id": f"query{mark} is no id"}
    bodies: list[Any] = [
        {"events": [good, out, bad], "sent": 5},
        {"events": [bad]},
        {"events": f"query{mark}"},
        {**good, "kind": f"query{mark}"},
        {**good, "url": f"https://query{mark}.example/?x=query{mark}"},
    ]
    post = f"{endpoints['api']}/b"
    answers = [requests.post(post, data=json.dumps(body), headers=dict(headers), timeout=30) for body in bodies]
    answers.append(requests.post(post, data=f'{{"query{mark}', headers=dict(headers), timeout=30))
    unwilling = {**good, "id": f"gpc-{mark}"}
    answers.append(
        requests.post(post, data=json.dumps(unwilling), headers={**headers, "Sec-GPC": "1"}, timeout=30),
    )
    picture = {"url": url, "id": f"gif-{mark}"}
    answers += [
        requests.get(f"{endpoints['api']}/b.gif", params=given, headers=dict(headers), timeout=30)
        for given in (picture, {**picture, f"query{mark}": "x"}, {**picture, "id": f"query{mark} is no id"})
    ]
    return answers


def test_good_ones_are_acknowledged_and_bad_ones_are_problems(sent: list[requests.Response]) -> None:
    assert [answer.status_code for answer in sent] == [207, 422, 400, 422, 403, 400, 202, 200, 400, 400]
    assert [r["status"] for r in sent[0].json()["results"]] == ["accepted", "accepted", "rejected"]
    assert sent[7].headers["Content-Type"] == "image/gif"
    assert sent[7].content.startswith(b"GIF89a")
    assert all(
        answer.headers["Content-Type"] == "application/problem+json" for answer in sent if answer.status_code >= 400
    )


def test_what_was_acknowledged_is_in_the_table_and_nothing_of_who_sent_it_anywhere(
    endpoints: dict[str, str],
    sent: list[requests.Response],
    mark: str,
    headers: Mapping[str, str],
    settled: Callable[[], None],
    sql: Callable[[str], list[list[str | None]]],
    aws: Callable[[str], Any],
) -> None:
    settled()

    rows = sql(
        "SELECT event_id, kind, path, section, referrer, target, utm_source, browser, os, visitor "
        f"FROM web_events WHERE path = '/e2e-{mark}'"
    )
    page = [f"/e2e-{mark}", "website"]
    assert sorted([str(row[0]), *row[1:9]] for row in rows) == [
        [f"e2e-{mark}", "view", *page, "other.example/x", None, "e2e", "Firefox", "Linux"],
        [f"gif-{mark}", "view", *page, None, None, "e2e", "Firefox", "Linux"],
        [f"out-{mark}", "outbound", *page, "other.example/x", "other.example/x", "e2e", "Firefox", "Linux"],
    ]
    assert len({row[9] for row in rows}) == 1

    canaries = [f"{word}{mark}" for word in ("agent", "query", "fragment", "user", "field", "cookie")]
    canaries += [headers["X-Forwarded-For"], f"gpc-{mark}"]
    places = [*in_buckets(aws("s3")), *in_tables(aws("dynamodb")), *in_queues(aws("sqs")), *in_logs(aws("logs"))]
    places += list(in_files(LOCAL / "logs")) + list(in_files(LOCAL / "outbox.jsonl"))
    assert any(mark in text for _, text in places), "the mark itself has to be found: else this looks in vain"
    found = [(place, canary) for place, text in places for canary in canaries if canary in text]
    assert found == []
    assert len({re.sub(r"[:/].*", "", place) for place, _ in places}) >= 4


def in_buckets(s3: Any) -> Iterator[tuple[str, str]]:
    """Every object of every bucket, decompressed, Parquet as the rows that are in it; its key and metadata too."""
    for bucket in s3.list_buckets()["Buckets"]:
        name = bucket["Name"]
        if "-site-" in name or "-artifacts-" in name:
            continue
        for page in s3.get_paginator("list_object_versions").paginate(Bucket=name):
            for version in page.get("Versions", []):
                if version["LastModified"] < bucket["CreationDate"]:
                    continue
                got = s3.get_object(Bucket=name, Key=version["Key"], VersionId=version["VersionId"])
                text = f"{version['Key']} {got['Metadata']} {plain(got['Body'].read())}"
                yield f"s3:{name}/{version['Key']}", text


def plain(body: bytes) -> str:
    """A body as text."""
    if body[:2] == b"\x1f\x8b":
        body = gzip.decompress(body)
    if body[:4] == b"PAR1":
        return str(pq.ParquetFile(io.BytesIO(body)).read().to_pylist())
    return body.decode("utf-8", "replace")


def in_tables(dynamodb: Any) -> Iterator[tuple[str, str]]:
    """Every item of every table."""
    for name in dynamodb.list_tables()["TableNames"]:
        for page in dynamodb.get_paginator("scan").paginate(TableName=name):
            yield f"dynamodb:{name}", str(page["Items"])


def in_queues(sqs: Any) -> Iterator[tuple[str, str]]:
    """What waits in the queues, the dead letters too; it is seen and left."""
    for url in sqs.list_queues().get("QueueUrls", []):
        got = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, VisibilityTimeout=0)
        yield f"sqs:{url}", str(got.get("Messages", []))


def in_logs(logs: Any) -> Iterator[tuple[str, str]]:
    """Every line of every function's log."""
    for page in logs.get_paginator("describe_log_groups").paginate():
        for group in page["logGroups"]:
            name = group["logGroupName"]
            for events in logs.get_paginator("filter_log_events").paginate(logGroupName=name):
                yield f"logs:{name}", "\n".join(event["message"] for event in events["events"])


def in_files(place: Path) -> Iterator[tuple[str, str]]:
    """Files of the local cloud's own: what its processes have written, the messages that people got."""
    for file in [place] if place.is_file() else sorted(place.glob("*")) if place.is_dir() else []:
        yield f"file:{file.name}", file.read_text(errors="replace")
