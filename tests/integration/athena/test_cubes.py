"""The roll-up with nothing faked: S3, Glue and Athena's protocol; its cubes equal a recount in plain Python."""

from __future__ import annotations

import random
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest

from chalicelib.aws.athena import Athena
from chalicelib.aws.glue import GlueCatalog
from chalicelib.aws.s3 import S3Store
from chalicelib.domain.clock import system_clock
from chalicelib.lake import layout, published, schemas
from chalicelib.lake.files import PartitionedWriter
from chalicelib.lake.log import StreamLog
from chalicelib.lake.steps import Kind, StagedFile, Step
from chalicelib.lake.writer import Parquet
from chalicelib.metrics.cube import Cube
from chalicelib.metrics.cubes import CUBES
from chalicelib.metrics.declared import web, web_visits
from chalicelib.metrics.declared.audience_days import YOUTUBE_DAYS
from chalicelib.metrics.declared.downloads import DOWNLOADS
from chalicelib.metrics.declared.github import GITHUB
from chalicelib.metrics.declared.pipeline import PIPELINE
from chalicelib.metrics.declared.seo import SEO
from chalicelib.metrics.rollup import Rollup
from chalicelib.sources.base import Accepted, Item, Window
from chalicelib.sources.beacon_sites import read_sites
from chalicelib.sources.registry import SOURCES
from chalicelib.sources.web_beacons import WebBeacons
from tests.servers import beacons
from tests.servers.beacon_inbox import Past
from tests.servers.clock import VirtualClock
from tests.servers.salesforce import Salesforce
from tests.unit.metrics.recount import RECOUNT, midnight_in, quarter
from tests.unit.metrics.rows import request

if TYPE_CHECKING:
    from tests.integration.athena.conftest import Lake

START = datetime(2026, 10, 31, 18, tzinfo=UTC)
ZONE = ZoneInfo("America/St_Johns")  # half hours, and summer time ended in this night


@dataclass
class Deployed:
    """The lake's own classes over the local AWS."""

    lake: Lake
    zone: ZoneInfo = ZONE

    def __post_init__(self) -> None:
        aws, bucket, database = self.lake.aws, self.lake.bucket, self.lake.database
        self.store = S3Store(aws.client("s3"), bucket)
        self.catalog = GlueCatalog(aws.client("glue"), database, bucket)
        athena = Athena(self.lake.athena, database=database, workgroup=self.lake.workgroup, bucket=bucket)
        self.rollup = Rollup(self.store, self.catalog, athena, system_clock, lambda: uuid.uuid4().hex, self.zone)
        self.raw: dict[str, list[Mapping[str, Any]]] = {}
        for source in SOURCES.values():
            for table in source.tables:
                columns = {name: kind for name, kind, _ in schemas.glue_columns(table)}
                self.lake.table(table.name, columns, dict(schemas.PARTITION_KEYS))
        for cube in CUBES.values():
            for level in cube.tables:
                columns = {c.name: schemas.GLUE_TYPES[c.type] for c in level.columns}
                self.lake.table(level.name, columns, {level.partition_key: "string"})

    def publish(self, stream: str, rows: Mapping[str, Sequence[Mapping[str, Any]]]) -> None:
        """Commit rows as an ingesting writer does: staged, committed, made visible."""
        log = StreamLog(self.store, self.catalog, stream, system_clock)
        head = log.recover()
        seq = head.seq + 1 if head else 1
        writer = PartitionedWriter(Parquet(), SOURCES[stream].tables)
        for name, added in rows.items():
            self.raw.setdefault(name, []).extend(added)
            writer.add([(name, row) for row in added])
        files = []
        for file in writer.finish():
            staged = layout.stage(stream, seq, "t", f"{file.table.name}-{file.partition}")
            self.store.put(staged, file.body)
            key = layout.data(layout.folder(file.table.name, file.partition), stream, seq)
            files.append(
                StagedFile(staged, key, file.table.name, file.partition, file.rows, len(file.body), "not looked at")
            )
        now = system_clock()
        log.commit(head, Kind.SEAL, Step(Window(now, now), now, files=tuple(files)), f"t{seq}")

    def assert_equal_to_a_recount(self, cube: Cube) -> None:
        """Compare both levels with a recount, through Athena and the catalog's partitions as an analyst reads them."""
        for level, floor in ((cube.quarter_hours, quarter), (cube.days, midnight_in(self.zone))):
            names = [column.name for column in level.columns]
            found = self.lake.rows(f"SELECT {', '.join(names)} FROM {level.name}")
            expected = [[shown(row[name]) for name in names] for row in RECOUNT[cube.name](self.raw, floor)]
            assert sorted(found, key=str) == sorted(expected, key=str)


def shown(value: Any) -> str | None:
    """Write a value as Athena's results do."""
    match value:
        case None:
            return None
        case bool():
            return str(value).lower()
        case datetime():
            return f"{value:%Y-%m-%d %H:%M:%S.000}"
        case Decimal():
            return f"{value:.9f}"
        case _:
            return str(value)


@pytest.fixture
def deployed(lake: Lake) -> Deployed:
    return Deployed(lake)


def test_downloads_equal_a_recount_after_late_data_over_the_turn_of_a_month(deployed: Deployed) -> None:
    chance = random.Random(7)

    for _ in range(3):
        rows = [
            request(
                START + timedelta(minutes=chance.randrange(36 * 60)),
                complete=chance.random() < 0.3,
                remote_ip=f"192.0.2.{chance.randrange(4)}",
                version=chance.choice(["1.0.0", "1.1.0"]),
                is_bot=chance.random() < 0.1,
                request_id=str(n),
            )
            for n in range(150)
        ]
        deployed.publish("s3_access_logs", {"s3_access_requests": rows})
        outcome = deployed.rollup.run(DOWNLOADS)
        deployed.assert_equal_to_a_recount(DOWNLOADS)

    assert outcome.partitions == (
        "downloads_cube/month=2026-10",
        "downloads_cube/month=2026-11",
        "downloads_cube_day/year=2026",
    )
    assert not list(deployed.store.list("stage/downloads_cube/"))
    position = published.read(deployed.store, DOWNLOADS.name)
    assert position is not None
    assert (position.seq, position.inputs) == (3, {"s3_access_logs": 3})


def test_github_equals_a_recount_with_events_and_snapshots(deployed: Deployed) -> None:
    def at(hours: float, **columns: Any) -> dict[str, Any]:
        when = START + timedelta(hours=hours)
        return {"event_id": str(hours), "occurred_at": when, "repository": "acme/pipeline", **columns}

    deployed.publish(
        "github_webhooks",
        {
            "github_events": [at(1), at(2), at(9), {**at(3), "repository": None}],
            "github_stars": [at(1, action="created"), at(9, action="deleted")],
            "github_forks": [at(2)],
            "github_pushes": [at(2, commit_count=4, distinct_commit_count=3)],
            "github_pull_requests": [at(1, action="opened", merged=False), at(9, action="closed", merged=True)],
            "github_issues": [at(1, action="opened"), at(2, action="closed")],
            "github_releases": [at(9, action="published")],
        },
    )
    gauges = {"forks": 1, "watchers": 2, "open_pull_requests": 3, "open_issues": None}
    deployed.publish(
        "github_repository_stats",
        {
            "github_repository_stats": [
                {"observed_at": START + timedelta(hours=n), "repository": "acme/pipeline", "stars": n, **gauges}
                for n in range(10)
            ]
        },
    )

    deployed.rollup.run(GITHUB)

    deployed.assert_equal_to_a_recount(GITHUB)


def test_the_pipeline_equals_a_recount_while_its_records_change(deployed: Deployed) -> None:
    anchor = START + timedelta(days=20)
    vendor = Salesforce(7, anchor, VirtualClock(anchor, running=False), NoFaults())
    known: set[str] = set()

    for until in (anchor - timedelta(days=40), anchor - timedelta(days=2), anchor):
        told = {book.table: [row for row in book.rows if str(row) not in known] for book in vendor.ledger(until)}
        known |= {str(row) for rows in told.values() for row in rows}
        deployed.publish("salesforce_pipeline", told)
        outcome = deployed.rollup.run(PIPELINE)
        deployed.assert_equal_to_a_recount(PIPELINE)

    assert min(days.first for days in outcome.touched) < (anchor - timedelta(days=5)).date()
    assert not list(deployed.store.list("stage/pipeline_cube/"))


def test_days_of_california_and_money_equal_a_recount(deployed: Deployed) -> None:
    days = [(START + timedelta(days=n)).date() for n in range(4)]
    counts = dict.fromkeys(("subscribers_gained", "subscribers_lost", "likes", "comments", "shares"), 3)
    deployed.publish(
        "youtube_analytics",
        {
            "youtube_channel_days": [
                {"day": day, "channel_id": "UC1", "views": n - 2, "watch_time_minutes": n / 4, **counts}
                for n, day in enumerate(days)
            ]
        },
    )
    deployed.publish(
        "rank_tracker_positions",
        {
            "rank_tracker_shares": [
                {"day_start": midnight_in(ZoneInfo("UTC"))(START), "brand": brand, "clicks": Decimal(clicks)}
                | {"ranked_keywords": 1, "tracked_keywords": 2}
                for brand, clicks in (("Acme", "0.855000001"), ("Rival", "10"))
            ]
        },
    )

    for cube in (YOUTUBE_DAYS, SEO):
        deployed.rollup.run(cube)
        deployed.assert_equal_to_a_recount(cube)


class NoFaults:
    """No fault of the data is switched on."""

    def data(self, vendor: str, kind: str) -> bool:
        return False


def test_a_run_reads_the_touched_days_and_no_others(deployed: Deployed) -> None:
    days = [request(START + timedelta(days=n), request_id=str(n)) for n in range(20)]
    deployed.publish("s3_access_logs", {"s3_access_requests": days})
    deployed.rollup.run(DOWNLOADS)
    deployed.publish("s3_access_logs", {"s3_access_requests": [request(START + timedelta(days=10), request_id="late")]})

    outcome = deployed.rollup.run(DOWNLOADS)

    [touched] = outcome.touched
    assert (touched.last - touched.first).days == 1
    deployed.assert_equal_to_a_recount(DOWNLOADS)


def test_web_cubes_equal_a_recount_of_the_demo_companys_visits(deployed: Deployed) -> None:
    anchor = START + timedelta(days=2)
    posts = [post for post in beacons.history(7, anchor, days=2) if not post.again]
    sites = [{"id": "acme", "hosts": ["www.acme.example", "blog.acme.example"], "first_party_id": True}]
    bodies = list(Past(read_sites(sites), 7).packed(posts))

    for part in (0, 1):
        items = [Item("k", body, {}, at) for body, at in bodies[part::2]]
        found = [one for item in items for one in WebBeacons().parse(item, {"sites": sites})]
        rows = {one.event_id: one.rows[0][1] for one in found if isinstance(one, Accepted)}
        deployed.publish("web_beacons", {"web_events": list(rows.values())})
        for cube in (*web.CUBES, *web_visits.CUBES):
            deployed.rollup.run(cube)

    for cube in (*web.CUBES, *web_visits.CUBES):
        deployed.assert_equal_to_a_recount(cube)
