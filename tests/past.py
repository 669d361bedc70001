"""The books of what came to the demo company by itself, in the 90 days that ``make run`` loads: made from its seed.

Each has a rule that tells its rows in the lake from those of what came later, live or from a test.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from infra.local.demo import DAYS
from tests.servers import beacons, product
from tests.servers.access_logs import AccessLogWorld
from tests.servers.vendor import Book
from tests.servers.webhooks import history

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Past:
    """A book, the column that tells which rows are its own, and the rule."""

    book: Book
    by: str
    own: Callable[[Any], bool]


def books(seed: int, anchor: datetime) -> Iterator[Past]:
    """Answer the book of every source that was sent its past."""
    yield Past(beacons.book(beacons.history(seed, anchor, DAYS)), "received_at", lambda at: at < anchor)
    yield Past(product.book(list(product.history(seed, anchor, DAYS))), "received_at", lambda at: at < anchor)
    yield _access_logs(seed, anchor)
    yield _webhooks(seed, anchor)


def _access_logs(seed: int, anchor: datetime) -> Past:
    world = AccessLogWorld(seed, anchor, DAYS)
    objects = {made.key for made in world.objects()}
    rows = [
        {
            "log_object": log_object,
            "requested_at": hit.at.replace(microsecond=0),
            "remote_ip": hit.ip,
            "operation": hit.operation,
            "http_status": hit.status,
            "bytes_sent": hit.sent or 0,
            "object_size_bytes": hit.size,
        }
        for log_object, hit in world.hits
    ]
    key = ("log_object", "remote_ip", "requested_at")
    return Past(Book("s3_access_requests", tuple(rows[0]), key, rows), "log_object", objects.__contains__)


def _webhooks(seed: int, anchor: datetime) -> Past:
    """What GitHub delivered; the same body twice is one event. What it failed to deliver comes later, or never."""
    arrived = [made for made in history(seed, anchor, DAYS) if not made.lost]
    distinct = {(made.event, made.body.decode()) for made in arrived}
    rows = [{"event": event, "payload": body} for event, body in sorted(distinct)]
    guids = {made.guid for made in arrived}
    return Past(
        Book("github_events", ("event", "payload"), ("event", "payload"), rows), "delivery_id", guids.__contains__
    )
