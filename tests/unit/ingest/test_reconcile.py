"""Reconciliation against the demo company's GitHub, and against a log bucket that lost an event."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.objects import ObjectInfo, StoredObject
from chalicelib.errors import ObjectNotFound, PreconditionFailed, RetriableSourceError
from chalicelib.ingest.inbox import Pointer, pointer_key
from chalicelib.ingest.reconcile import (
    IN_FLIGHT,
    Attempt,
    announce_lost_objects,
    recent_objects,
    redeliver_failed,
    undelivered,
)
from chalicelib.lake import commits, published
from chalicelib.lake.steps import Counts, Kind, Step
from chalicelib.sources.base import Page, Request, Window

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)
HOUR = timedelta(hours=1)
BASE = "https://api.test"
CONFIG = {"base_url": BASE, "hooks": {"acme/pipeline": 1, "acme/docs": 2}}
SECRET = {"token": "t"}


def row(number: int, guid: str, ago: timedelta, status: int) -> dict[str, Any]:
    return {"id": number, "guid": guid, "delivered_at": (NOW - ago).isoformat(), "status_code": status}


class Github:
    """Answers pages of deliveries by address, and takes redeliveries down."""

    def __init__(self, pages: Mapping[str, tuple[list[Any], str | None]]) -> None:
        self.pages = pages
        self.asked_again: list[str] = []

    def fetch(self, request: Request) -> Page:
        assert request.headers["authorization"] == "Bearer t"
        if request.method == "POST":
            self.asked_again.append(request.url)
            return Page(request, 202, {}, b"", NOW)
        if request.url not in self.pages:
            return Page(request, 404, {}, b'{"message": "Not Found"}', NOW)
        rows, onward = self.pages[request.url]
        headers = {"link": f'<{onward}>; rel="next"'} if onward else {}
        return Page(request, 200, headers, json.dumps(rows).encode(), NOW)


def listing(repository: str, hook: int) -> str:
    return f"{BASE}/repos/{repository}/hooks/{hook}/deliveries"


PIPELINE, DOCS = listing("acme/pipeline", 1), listing("acme/docs", 2)


def test_what_no_attempt_has_delivered_is_asked_for_once() -> None:
    second = f"{PIPELINE}?cursor=x"
    first_page = [row(9, "lost", HOUR, 502), row(8, "saved", HOUR, 200), row(7, "fine", 2 * HOUR, 202)]
    second_page = [row(6, "saved", 3 * HOUR, 500), row(5, "lost", 4 * HOUR, 0)]
    github = Github({PIPELINE: (first_page, second), second: (second_page, None), DOCS: ([], None)})

    done = redeliver_failed(github, CONFIG, SECRET, NOW)

    assert done.asked == ["lost"]
    assert github.asked_again == [f"{PIPELINE}/9/attempts"]
    assert done.problems == []


def test_what_is_older_than_three_days_or_in_flight_is_left_alone() -> None:
    rows = [row(3, "fresh", timedelta(minutes=1), 500), row(2, "old", timedelta(days=3, minutes=1), 500)]
    github = Github({PIPELINE: (rows, f"{PIPELINE}?cursor=never-asked"), DOCS: ([], None)})

    assert redeliver_failed(github, CONFIG, SECRET, NOW).asked == []


def test_a_webhook_that_is_gone_does_not_cost_the_others() -> None:
    github = Github({DOCS: ([row(1, "lost", HOUR, 500)], None)})

    done = redeliver_failed(github, CONFIG, SECRET, NOW)

    assert done.asked == ["lost"]
    assert len(done.problems) == 1
    assert "webhook 1 of acme/pipeline" in done.problems[0]
    assert "mend its id" in done.problems[0]


@pytest.mark.parametrize("onward", [PIPELINE, "https://elsewhere.test/steal"], ids=["a circle", "another host"])
def test_pages_in_a_circle_end_and_the_token_goes_to_no_other_host(onward: str) -> None:
    github = Github({PIPELINE: ([row(1, "fine", HOUR, 200)], onward), DOCS: ([], None)})

    done = redeliver_failed(github, CONFIG, SECRET, NOW)

    assert done.asked == []
    assert len(done.problems) == (1 if "elsewhere" in onward else 0)


def test_a_limit_ends_the_run() -> None:
    class Limited(Github):
        def fetch(self, request: Request) -> Page:
            return Page(request, 429, {"retry-after": "60"}, b"{}", NOW)

    with pytest.raises(RetriableSourceError) as caught:
        redeliver_failed(Limited({}), CONFIG, SECRET, NOW)

    assert caught.value.retry_at == NOW + timedelta(seconds=60)


attempts = st.builds(
    Attempt,
    st.integers(1, 10**6),
    st.sampled_from("abcd"),
    st.timedeltas(timedelta(0), timedelta(days=2)).map(lambda ago: NOW - ago),
    st.booleans(),
)


@given(st.lists(attempts, unique_by=lambda a: a.attempt_id))
def test_each_delivery_is_asked_for_at_most_once_and_never_a_delivered_one(made: list[Attempt]) -> None:
    asked = [a.guid for a in undelivered(iter(made), NOW)]

    delivered = {a.guid for a in made if a.delivered}
    young = {a.guid for a in made if a.at > NOW - IN_FLIGHT}
    assert len(set(asked)) == len(asked)
    assert {a.guid for a in made} - delivered - young <= set(asked) <= {a.guid for a in made} - delivered


class Bucket:
    """A bucket in memory whose objects have a time."""

    def __init__(self) -> None:
        self.objects: dict[str, StoredObject] = {}

    def add(self, key: str, ago: timedelta, body: bytes = b"line\n") -> Pointer:
        etag = hashlib.md5(body).hexdigest()
        self.objects[key] = StoredObject(key, body, f'"{etag}"', NOW - ago)
        return Pointer(key, etag, len(body))

    def get(self, key: str) -> StoredObject:
        if key not in self.objects:
            raise ObjectNotFound(key)
        return self.objects[key]

    def head(self, key: str) -> ObjectInfo:
        found = self.get(key)
        return ObjectInfo(key, len(found.body), found.etag, found.modified_at, found.metadata)

    def put(self, key: str, body: bytes, **conditions: Any) -> str:
        if conditions.get("if_none_match") and key in self.objects:
            raise PreconditionFailed(key)
        etag = hashlib.md5(body).hexdigest()
        self.objects[key] = StoredObject(key, body, etag, NOW, conditions.get("metadata") or {})
        return etag

    def copy(self, source: str, target: str, *, metadata: Mapping[str, str] | None = None) -> str:
        return self.put(target, self.get(source).body, metadata=metadata)

    def list(self, prefix: str, *, start_after: str = "") -> Iterator[ObjectInfo]:
        return (self.head(key) for key in sorted(self.objects) if key.startswith(prefix) and key > start_after)

    def delete(self, key: str) -> None:
        self.objects.pop(key, None)


def consume(lake: Bucket, *pointers: Pointer) -> None:
    """A commit that has consumed these, visible."""
    step = Step(
        window=Window(NOW - HOUR, NOW),
        watermark=NOW,
        counts=Counts(0, 0, 0, 0, 0, 0),
        totals=Counts(0, 0, 0, 0, 0, 0),
        consumed=tuple(pointer_key("s3_access_logs", p) for p in pointers),
    )
    draft = commits.draft(
        None, "s3_access_logs", attempt="a", kind=Kind.SEAL, committed_at=NOW - HOUR, body=step.to_body()
    )
    link = commits.append(lake, draft)
    published.advance(lake, published.Published("s3_access_logs", link.seq, link.sha256, NOW))


def test_an_object_whose_event_was_lost_is_announced_once_and_no_consumed_one_again() -> None:
    lake, logs = Bucket(), Bucket()
    consume(lake, logs.add("access/2026-11-22-08-00-00-A", 2 * HOUR))
    lost = logs.add("access/2026-11-21-08-00-00-B", 26 * HOUR, b"other\n")

    first = announce_lost_objects(lake, logs, "s3_access_logs", "access/", NOW)
    again = announce_lost_objects(lake, logs, "s3_access_logs", "access/", NOW)

    assert first == again == [lost.key]
    assert [k for k in lake.objects if k.startswith("inbox/")] == [pointer_key("s3_access_logs", lost)]


def test_objects_in_flight_old_ones_and_empty_ones_are_left_alone() -> None:
    lake, logs = Bucket(), Bucket()
    logs.add("access/2026-11-22-09-55-00-A", timedelta(minutes=5))
    logs.add("access/2026-11-19-09-00-00-B", timedelta(days=3, hours=1))
    logs.add("access/2026-11-22-09-00-00-C", HOUR, b"")

    assert announce_lost_objects(lake, logs, "s3_access_logs", "access/", NOW) == []


@pytest.mark.parametrize("key", ["access/2026-11-22-09-00-00-A", "access/2026/11/22/2026-11-22-09-00-00-A"])
def test_both_ways_of_dating_keys_are_listed_and_nothing_else(key: str) -> None:
    logs = Bucket()
    logs.add(key, HOUR)
    logs.add("access/2025-01-01-00-00-00-B", HOUR)

    assert [info.key for info in recent_objects(logs, "access/", NOW)] == [key]
