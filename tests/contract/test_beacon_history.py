"""The demo company's beacons through the real reduction and parser: their table is the generator's own ledger."""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from chalicelib.domain.sessions import Visit, sessions
from chalicelib.sources.base import Accepted, Item
from chalicelib.sources.beacon_sites import read_sites
from chalicelib.sources.config import parse_sources
from chalicelib.sources.web_beacons import WebBeacons
from infra.local.sources import localised
from tests.servers.beacon_inbox import Past
from tests.servers.beacons import Post, book, history
from tests.servers.vendor import plain

ROOT = Path(__file__).resolve().parents[2]
ANCHOR = datetime(2026, 11, 22, 16, 20, tzinfo=UTC)
AS_LOCAL = localised((ROOT / "config" / "sources.toml").read_text(), "http://127.0.0.1:8082", ANCHOR)
SECTION = parse_sources(AS_LOCAL).section("web_beacons")
POSTS = list(history(7, ANCHOR, days=4))


def stored(posts: list[Post]) -> list[dict[str, Any]]:
    """The rows that the sealer makes of them: each identity once."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for body, at in Past(read_sites(SECTION["sites"]), 7).packed(posts):
        for outcome in WebBeacons().parse(Item("k", body, {}, at), SECTION):
            assert isinstance(outcome, Accepted), outcome
            found.setdefault((outcome.event_id, outcome.fingerprint), dict(outcome.rows[0][1]))
    return list(found.values())


def test_the_same_seed_is_the_same_history_in_order() -> None:
    assert list(history(7, ANCHOR, days=4)) == POSTS
    assert [post.at for post in POSTS] == sorted(post.at for post in POSTS)
    assert all(ANCHOR - timedelta(days=4, hours=1) < post.at < ANCHOR for post in POSTS)


def test_the_table_is_the_ledger() -> None:
    ledger = book(POSTS)
    rows = stored(POSTS)

    assert Counter(json.dumps([plain(row[c]) for c in ledger.columns]) for row in rows) == Counter(
        json.dumps([plain(row[c]) for c in ledger.columns]) for row in ledger.rows
    )
    assert len(rows) > 3_000


def test_it_is_a_plausible_company() -> None:
    rows = stored(POSTS)

    assert {row["section"] for row in rows} == {"website", "blog"}
    assert not any(row["occurred_at"].microsecond % 1000 for row in rows), "Athena would round it, into another day too"
    assert {row["kind"] for row in rows} == {"view", "engagement", "outbound", "download", "event"}
    assert any(row["utm_campaign"] for row in rows)
    assert 0.02 < sum(row["is_bot"] for row in rows) / len(rows) < 0.5
    assert any(post.again for post in POSTS)
    assert any(row["visitor_before"] for row in rows)
    people = [row for row in rows if not row["is_bot"]]
    known = [row for row in people if row["first_party_id"] is not None]
    assert 0.85 < len(known) / len(people) < 1
    assert not any(row["first_party_id"] for row in rows if row["is_bot"])
    returning = [row for row in known if row["first_seen_on"] < row["occurred_at"].date()]
    assert 0.15 < len(returning) / len(known) < 0.6
    visits = [Visit(r["event_id"], r["visitor"], r["occurred_at"], r["visitor_before"]) for r in rows]
    assert any(found.end - found.start > timedelta(days=3) for found in sessions(visits)), "the monitor's one session"


def test_nothing_of_who_sent_it_is_packed() -> None:
    bodies = b"".join(body for body, _ in Past(read_sites(SECTION["sites"]), 7).packed(POSTS))

    assert b"Mozilla" not in bodies
    assert b"198.18." not in bodies
    assert b"2001:db8" not in bodies
    assert b"s3cret" not in bodies
