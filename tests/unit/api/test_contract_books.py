"""The contract's numbers are those of the test servers' own books: through the tables, the statements and the API."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from chalicelib.metrics.cubes import CUBES
from chalicelib.sources.base import Accepted, Item, each_record
from chalicelib.sources.beacon_sites import read_sites
from chalicelib.sources.config import parse_sources
from chalicelib.sources.registry import SOURCES
from infra.local.sources import localised
from tests.contract_books import followers, pipeline, shares, traffic
from tests.servers import beacons
from tests.servers.beacon_inbox import Past
from tests.servers.clock import VirtualClock
from tests.servers.rank_tracker_facts import PAGES, checks
from tests.servers.rank_tracker_facts import shares as shares_of_day
from tests.servers.salesforce import Salesforce
from tests.servers.salesforce_facts import Pipeline
from tests.unit.api.world import World
from tests.unit.metrics.memory_lake import Lake

SHIPPED = (Path(__file__).parents[3] / "config" / "sources.toml").read_text()
ANCHOR = datetime(2026, 11, 22, 12, tzinfo=UTC)  # a Sunday; World's present
DAY = timedelta(days=1)
CONFIG = localised(SHIPPED, "http://127.0.0.1:1", ANCHOR - 90 * DAY)
"""As the demo company configures it: its site keeps an id of its own."""
Rows = Sequence[Mapping[str, Any]]


class Nothing:
    """No fault of the data is switched on."""

    def data(self, vendor: str, kind: str) -> bool:
        return False


@pytest.fixture
def lake(world: World) -> Lake:
    """A lake whose cubes the API of ``world`` reads."""
    world.store.put("config/sources.toml", CONFIG.encode())
    return Lake(store=world.store)


def fill(lake: Lake, stream: str, tables: Mapping[str, Rows], watermark: datetime = ANCHOR) -> None:
    """Publish what a stream has pulled, and roll it up."""
    lake.publish(stream, tables, watermark=watermark)
    for cube in (cube for cube in CUBES.values() if stream in cube.inputs):
        lake.rollup().run(cube)


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("period", ["day", "week", "month", "quarter"])
def test_the_pipeline_is_what_became_of_salesforces_records(world: World, lake: Lake, seed: int, period: str) -> None:
    vendor = Salesforce(seed, ANCHOR, VirtualClock(ANCHOR, running=False), Nothing())
    fill(lake, "salesforce_pipeline", {book.table: book.rows for book in vendor.ledger(ANCHOR) if book.rows})

    first = world.get(f"/pipeline/{period}", **{"from": "2026-09-14"}).json_body
    last = world.get(f"/pipeline/{period}", tz="America/St_Johns").json_body

    for body in (first, last):
        told = body.pop("meta")
        start, end = (datetime.fromisoformat(told[edge]) for edge in ("from", "to"))
        del body["start"], body["end"]
        assert body == pipeline(Pipeline(seed, ANCHOR).versions, ANCHOR, start, end)
    assert first["rawleads"] > 0


@pytest.mark.parametrize("zone", ["UTC", "Asia/Kathmandu"])
def test_the_traffic_is_what_peoples_browsers_posted(world: World, lake: Lake, zone: str) -> None:
    section = parse_sources(CONFIG).section("web_beacons")
    posts = list(beacons.history(1, ANCHOR, days=4, busy=0.5))
    past, source = Past(read_sites(section["sites"]), seed=1), SOURCES["web_beacons"]
    items = [Item(str(n), body, {}, at) for n, (body, at) in enumerate(past.packed(posts))]
    told = [row for item in items for row in each_record(source.parse(item, section)) if isinstance(row, Accepted)]
    first: dict[str, Accepted] = {}
    for record in told:
        first.setdefault(record.event_id, record)
    fill(lake, "web_beacons", {"web_events": [row for one in first.values() for _, row in one.rows]})

    for days in ({"from": "2026-11-19", "to": "2026-11-22"}, {"from": "2026-11-20", "to": "2026-11-21"}):
        body = world.get("/awareness/webtraffic/week", tz=zone, **days).json_body
        meta = body.pop("meta")
        start, end = (datetime.fromisoformat(meta[edge]) for edge in ("from", "to"))
        del body["start"], body["end"]
        assert body == traffic(posts, start, end)
        assert min(body.values()) > 0


def test_followers_are_the_last_looks_of_the_networks_books(world: World, lake: Lake) -> None:
    looks = [ANCHOR - n * timedelta(hours=6) for n in range(5)]
    books: dict[str, Rows] = {
        "linkedin_followers": [
            {"observed_at": at, "window_start": at, "organisation": urn, "followers": 5_870 + at.hour}
            for at in looks
            for urn in ("urn:li:organization:910001", "urn:li:organization:910002")
        ],
        "x_accounts": [
            {"observed_at": at, "window_start": at, "account_id": "7", "followers": 80 + at.hour, "posts": 1}
            for at in looks
        ],
        "youtube_channels": [
            {"observed_at": at, "window_start": at, "channel_id": "UC1", "subscribers": 2900, "views": 23, "videos": 1}
            for at in looks
        ],
    }
    for table, rows in books.items():
        fill(lake, table, {table: rows})

    body = world.get("/awareness/socialmedia/subscribers").json_body

    del body["meta"]
    assert body == followers(books)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_shares_of_voice_are_those_of_the_rank_trackers_facts(world: World, lake: Lake, seed: int) -> None:
    days = [ANCHOR.replace(hour=0) - n * DAY for n in range(1, 4)]
    checked = {day: [check for page in PAGES for check in checks(seed, ANCHOR, page[0], day)] for day in days}
    rows = [row for day in days for row in shares_of_day(checked[day])]
    places = [
        {"checked_at": check.day, "url": check.page, "brand": check.brand, "keyword": check.keyword}
        | {"engine": "google.com", "position": check.position}
        for check in checked[days[0]]
    ]
    tables = {"rank_tracker_shares": rows, "rank_tracker_positions": places}
    fill(lake, "rank_tracker_positions", tables, ANCHOR.replace(hour=0))

    body = world.get("/awareness/seo").json_body

    assert body == shares(rows, ["Acme", "Rival", "Other"])
    assert sum(body.values()) == 100
