"""The 5,000 beacons of tinybird's web-analytics starter kit in our shape.

Their record has a ``timestamp``, a ``session_id``, an ``action`` and a ``payload`` (JSON in a text), and no id: each
line is one beacon, and its number its id. ``page_hit`` is a view: its ``href`` is the page (their hosts are many, ours
is configured: so the host becomes ours, and theirs goes into the path), its ``userAgent`` the header. ``web_vital`` is
a custom event of that name, with ``name``, ``value`` and ``delta`` as properties; it says no user agent, so it is sent
with that of its session's first page. Locale, location and tenant have no place here, as they have none in our beacons.
A referrer of ``https:///`` is none.
The visitor's address is made from the session. A session's beacons are sent together, up to 25 at once, as of now.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tests.servers.beacons import SITE, WEBSITE, Post

AT_ONCE = 25
UNKNOWN_AGENT = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"


def posts(file: Path, now: datetime, run: str) -> Iterator[Post]:
    """Map every line; ``run`` makes the ids of one run its own."""
    sessions: defaultdict[str, list[tuple[int, dict[str, Any]]]] = defaultdict(list)
    for number, line in enumerate(file.read_text().splitlines()):
        record = json.loads(line)
        sessions[record["session_id"] or "none"].append((number, record | {"payload": json.loads(record["payload"])}))
    for session, records in sessions.items():
        agents = [r["payload"]["userAgent"] for _, r in records if "userAgent" in r["payload"]]
        digest = hashlib.sha256(session.encode()).digest()
        headers = {
            "Content-Type": "text/plain;charset=UTF-8",
            "Origin": f"https://{WEBSITE}",
            "User-Agent": agents[0] if agents else UNKNOWN_AGENT,
            "X-Forwarded-For": f"198.19.{digest[0]}.{digest[1]}",
        }
        for begin in range(0, len(records), AT_ONCE):
            made = [_beacon(number, record, now, run) for number, record in records[begin : begin + AT_ONCE]]
            body = json.dumps({"sent": _ms(now), "events": [said for said, _ in made]}).encode()
            yield Post(now, headers, body, tuple(row for _, row in made))


def _beacon(number: int, record: dict[str, Any], now: datetime, run: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """One beacon, and what it has to become."""
    payload, name = record["payload"], f"tb-{run}-{number:05}"
    parts = urlsplit(payload.get("href") or f"https://{payload.get('domain') or 'none'}{payload['pathname']}")
    path = f"/{parts.netloc}{parts.path or '/'}"
    said = {"id": name, "at": _ms(now), "url": f"https://{WEBSITE}{path}"}
    row: dict[str, Any] = {"event_id": name, "site": SITE, "host": WEBSITE, "path": path, "section": "website"}
    if record["action"] == "page_hit":
        came = urlsplit(payload["referrer"])
        referrer = f"{came.netloc}{came.path or '/'}" if came.netloc else None
        return said | {"kind": "view", "referrer": payload["referrer"]}, row | {"kind": "view", "referrer": referrer}
    vital = {"name": payload["name"], "value": payload["value"], "delta": payload["delta"]}
    said |= {"kind": "event", "name": record["action"], "properties": vital}
    return said, row | {"kind": "event", "name": record["action"], "referrer": None}


def _ms(at: datetime) -> int:
    return int(at.timestamp() * 1000)
