"""90 days of raw rows, seeded: downloads of ten versions, and the visits of a web site."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

DAYS = 90
END = datetime(2026, 11, 22, tzinfo=UTC)
START = END - timedelta(days=DAYS)
DOWNLOADS_A_DAY = 2_000
VISITS_A_DAY = 400
_DAY_S = 86_400
_AGENTS = ("curl/8.11", "Wget/1.25", "python-requests/2.32")


def requests() -> Iterator[dict[str, Any]]:
    """Make lines of an access log; one of ten is of a bot, one of five a part of a file."""
    seeded = random.Random(20261122)
    for number in range(DAYS * DOWNLOADS_A_DAY):
        at = START + timedelta(days=number // DOWNLOADS_A_DAY, seconds=seeded.randrange(_DAY_S))
        version, whole = f"3.{seeded.randrange(10)}.0", seeded.random() < 0.8
        yield {
            "requested_at": at,
            "remote_ip": f"192.0.2.{seeded.randrange(250)}",
            "user_agent": seeded.choice(_AGENTS),
            "key": f"headwater/{version}/headwater.zip",
            "product": "headwater",
            "version": version,
            "is_bot": seeded.random() < 0.1,
            "is_download": True,
            "is_complete": whole,
            "is_partial": not whole,
            "bytes_sent": 1_000_000 if whole else 300_000,
            "request_id": f"r{number}",
        }


def events() -> Iterator[dict[str, Any]]:
    """Make page views of a site that knows its browsers again: half of the visits are one page long."""
    seeded = random.Random(90)
    for number in range(DAYS * VISITS_A_DAY):
        person = f"browser {seeded.randrange(3_000)}"
        begun = START + timedelta(days=number // VISITS_A_DAY, seconds=seeded.randrange(_DAY_S - 3_600))
        for page in range(1 if seeded.random() < 0.5 else seeded.randrange(2, 6)):
            at = begun + timedelta(minutes=2 * page)
            yield {
                "event_id": f"e{number}.{page}",
                "kind": "view",
                "occurred_at": at,
                "received_at": at,
                "site": "acme",
                "section": seeded.choice(["website", "blog"]),
                "path": f"/{page}",
                "visitor": f"{person} on {at:%d}",
                "first_party_id": person,
                "first_seen_on": START.date(),
                "device": seeded.choice(["desktop", "mobile"]),
                "is_bot": False,
            }
