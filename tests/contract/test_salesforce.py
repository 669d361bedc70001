"""Salesforce at its worst: tied times over many pages, commits out of order, locators and sessions that end."""

from __future__ import annotations

import json
import random
import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

import duckdb
import pytest
import requests

from chalicelib.domain.freshness import RunOutcome
from chalicelib.errors import ConfigError, FatalSourceError, PageTokenExpired, RetriableSourceError
from chalicelib.sources import keys
from chalicelib.sources.base import Accepted, Page, Request, Window
from chalicelib.sources.config import parse_sources
from chalicelib.sources.salesforce_pipeline import SalesforcePipeline
from chalicelib.sql.views import views
from tests.contract.story import START, Story
from tests.servers.salesforce import Salesforce
from tests.servers.salesforce_facts import STEPS, Pipeline, flood
from tests.servers.world import World

SOURCE = SalesforcePipeline()
WINDOW = Window(START.replace(hour=1, second=0), START.replace(hour=1, minute=15, second=0))
ROOT = Path(__file__).parents[2]
SECTION = (ROOT / "config" / "sources.toml").read_text()


def vendor_of(world: World) -> Salesforce:
    found = world.vendors["salesforce"]
    assert isinstance(found, Salesforce)
    return found


def tied(count: int, groups: int) -> list[datetime]:
    """Moments within the story's first two hours, each shared by many rows; some lie at the ends of a window."""
    chance = random.Random(7)
    ends = [WINDOW.end - timedelta(milliseconds=1), WINDOW.end, WINDOW.start]
    some = [START + timedelta(minutes=30, milliseconds=chance.randrange(2_400_000)) for _ in range(groups - len(ends))]
    moments = [at.replace(microsecond=at.microsecond // 1000 * 1000) for at in (*ends, *some)]
    return sorted(moments[n % groups] for n in range(count))


@dataclass(frozen=True)
class Desk:
    """Salesforce's test server as a client sees it, after an hour and a half of the story."""

    world: World
    url: str
    config: dict[str, Any]

    @property
    def vendor(self) -> Salesforce:
        return vendor_of(self.world)

    def ask(self, request: Request, secret: dict[str, str]) -> Page:
        sent = SOURCE.authorise(request, secret)
        got = requests.request(
            sent.method, sent.url, params=dict(sent.params), headers=dict(sent.headers), data=sent.body, timeout=10
        )
        return Page(request, got.status_code, {k.lower(): v for k, v in got.headers.items()}, got.content, START)

    def login(self) -> dict[str, str]:
        request = SOURCE.renewal(self.vendor.secret, self.config)
        assert request is not None
        return dict(SOURCE.renewed(self.vendor.secret, self.ask(request, {})))

    def first(self) -> Request:
        return SOURCE.requests(WINDOW, self.config)[0]


@pytest.fixture
def desk(served: tuple[World, str]) -> Desk:
    world, url = served
    world.clock.turn(START + timedelta(hours=2), running=False)
    config = dict(Story(SOURCE, world, url).config)
    vendor_of(world).add(flood([WINDOW.start] * 5, random.Random(1)))
    vendor_of(world).page_size = 2
    return Desk(world, url, config)


@pytest.mark.parametrize("page_size", [2_000, 700])
def test_ten_thousand_rows_with_tied_times_committed_out_of_order_are_there_once(
    page_size: int,
    served: tuple[World, str],
) -> None:
    story = Story(SOURCE, *served)
    vendor = vendor_of(story.world)
    vendor.page_size = page_size
    leads = flood(tied(10_000, 9), random.Random(3))
    vendor.add(leads)
    overtaken = sum(a.visible_at > b.visible_at for a, b in pairwise(leads))

    story.live(timedelta(hours=2))

    assert overtaken > 4_000, "rows become visible after rows with later stamps"
    for book, truth in story.books():
        assert story.rows(book) == truth
    held = [row[0] for row in story.rows(story.books()[0][0]) if row[0].startswith("00QF")]
    assert len(held) == len(set(held)) == 10_000
    assert vendor.bill.billed["calls"] == vendor.minimum(story.now)["calls"]


def test_a_source_that_does_not_wait_for_the_late_commits_loses_some(served: tuple[World, str]) -> None:
    class Hasty(SalesforcePipeline):
        settle = timedelta(0)

    story = Story(Hasty(), *served)
    vendor_of(story.world).add(flood(tied(10_000, 9), random.Random(3)))

    story.live(timedelta(hours=2))

    book, truth = story.books()[0]
    assert len(story.rows(book)) < len(truth)


def test_a_locator_that_expires_between_two_pages_costs_the_window_again_and_nothing_else(
    served: tuple[World, str],
) -> None:
    story = Story(SOURCE, *served)
    vendor = vendor_of(story.world)
    vendor.page_size, vendor.forgets = 500, 1
    vendor.add(flood(tied(3_000, 9), random.Random(3)))

    story.live(timedelta(hours=2))

    assert vendor.forgets == 0
    for book, truth in story.books():
        assert story.rows(book) == truth
    assert story.outbox.subjects == []
    assert vendor.bill.billed["calls"] > vendor.minimum(story.now)["calls"]


def test_a_session_that_ends_while_paging_is_renewed_once(served: tuple[World, str]) -> None:
    story = Story(SOURCE, *served)
    vendor = vendor_of(story.world)
    vendor.page_size, vendor.session_calls = 500, 3
    vendor.add(flood(tied(3_000, 9), random.Random(3)))

    story.live(timedelta(hours=2))

    for book, truth in story.books():
        assert story.rows(book) == truth
    assert story.outbox.subjects == []
    assert vendor.bill.free["tokens"] > 3


@pytest.mark.parametrize("kind", ["repeated", "late", "terminated_early"])
def test_faults_of_the_data_lose_nothing_and_double_nothing(kind: str, served: tuple[World, str]) -> None:
    story = Story(SOURCE, *served)
    vendor_of(story.world).page_size = 50
    vendor_of(story.world).add(flood(tied(300, 5), random.Random(3)))
    story.world.faults.add({"kind": kind, "vendor": "salesforce"})
    story.live(timedelta(hours=2))
    story.world.faults.active.clear()

    story.live(timedelta(hours=4))

    for book, truth in story.books():
        assert story.rows(book) == truth


def test_what_everybody_uses_of_the_days_calls_stops_us_before_salesforce_does(
    served: tuple[World, str],
) -> None:
    story = Story(SOURCE, *served)
    vendor = vendor_of(story.world)
    vendor.daily_limit = 200

    story.live(timedelta(hours=12))
    error = story.run_now.error or ""
    story.live(timedelta(days=2))

    assert "more than 80 %" in error
    assert vendor.bill.refused["calls"] == 0
    assert story.run_now.outcome is RunOutcome.RETRY
    assert story.run_now.retry_at is not None


def test_a_page_that_ends_before_the_total_is_asked_for_anew(desk: Desk) -> None:
    page = desk.ask(desk.first(), desk.login())
    short = page.body.replace(b'"done": false', b'"done": true')

    with pytest.raises(PageTokenExpired, match="done after 2 of 5"):
        SOURCE.judge(replace(page, body=short))


def test_pages_carry_on_what_those_before_them_showed(desk: Desk) -> None:
    secret = desk.login()
    first = desk.ask(desk.first(), secret)
    (onward,) = SOURCE.follow(first)
    second = desk.ask(onward, secret)

    SOURCE.judge(second)
    with pytest.raises(PageTokenExpired, match="5 records became 4"):
        SOURCE.judge(replace(second, body=second.body.replace(b'"totalSize": 5', b'"totalSize": 4')))
    back = (WINDOW.start - timedelta(seconds=1)).strftime("%H:%M:%S").encode()
    with pytest.raises(PageTokenExpired, match="not in the order"):
        SOURCE.judge(replace(second, body=second.body.replace(b"T01:00:00", b"T" + back)))


def test_an_expired_locator_and_a_retired_version_are_told_apart(desk: Desk) -> None:
    secret = desk.login()
    (onward,) = SOURCE.follow(desk.ask(desk.first(), secret))
    desk.vendor.expire_locators()

    with pytest.raises(PageTokenExpired, match="INVALID_QUERY_LOCATOR"):
        SOURCE.judge(desk.ask(onward, secret))
    old = replace(desk.first(), url=desk.first().url.replace("v66.0", "v20.0"))
    with pytest.raises(FatalSourceError, match="configure a newer api_version"):
        SOURCE.judge(desk.ask(old, secret))


def test_a_field_that_there_is_not_is_named(desk: Desk) -> None:
    request = SOURCE.requests(WINDOW, {**desk.config, "lead_fields": ["Nothing__c"]})[0]

    with pytest.raises(FatalSourceError, match="No such column 'Nothing__c'"):
        SOURCE.judge(desk.ask(request, desk.login()))


def test_a_used_up_limit_waits_an_hour(desk: Desk) -> None:
    secret = desk.login()
    desk.vendor.daily_limit = 0

    with pytest.raises(RetriableSourceError, match="TotalRequests") as caught:
        SOURCE.judge(desk.ask(desk.first(), secret))

    assert caught.value.retry_at == START + timedelta(hours=1)


def test_wrong_credentials_are_for_a_person(desk: Desk) -> None:
    request = SOURCE.renewal({"client_id": "demo-client", "client_secret": "wrong"}, desk.config)
    assert request is not None

    with pytest.raises(FatalSourceError, match="invalid_client"):
        SOURCE.renewed({}, desk.ask(request, {}))


def test_a_token_never_goes_to_another_host_than_the_one_that_gave_it(desk: Desk) -> None:
    elsewhere = {**desk.login(), "instance_url": "https://other.my.salesforce.com"}

    with pytest.raises(FatalSourceError, match="configure base_url as https://other"):
        SOURCE.authorise(desk.first(), elsewhere)
    answer = {"totalSize": 4, "done": False, "nextRecordsUrl": "https://evil.example/services/data/v66.0/query/01g-2"}
    records = [{"Id": "1", "SystemModstamp": "2026-11-20T01:00:00Z"}]
    page = Page(desk.first(), 200, {}, json.dumps({**answer, "records": records}).encode(), START)
    with pytest.raises(FatalSourceError, match="no path of the query API"):
        SOURCE.judge(page)


def test_money_is_kept_to_the_last_digit(desk: Desk) -> None:
    request = next(r for r in SOURCE.requests(WINDOW, desk.config) if "object=Opportunity&" in r.url)
    body = b"""{"totalSize": 1, "done": true, "records": [
        {"Id": "006", "SystemModstamp": "2026-11-20T01:00:00.000+0000", "StageName": "Prospecting",
         "Amount": 1234567890123456.78, "Score__c": 0.1}]}"""

    (outcome,) = SOURCE.parse([Page(request, 200, {}, body, START)], WINDOW, desk.config)

    assert isinstance(outcome, Accepted)
    ((_, row),) = outcome.rows
    assert row["amount"] == Decimal("1234567890123456.78")
    assert row["other_fields"] == '{"Score__c": 0.1}'


def test_the_query_names_its_window_half_open_and_its_order(desk: Desk) -> None:
    leads, changes, *_ = SOURCE.requests(WINDOW, desk.config)

    assert leads.params["q"].endswith(
        "FROM Lead WHERE SystemModstamp >= 2026-11-20T01:00:00.000Z AND SystemModstamp < 2026-11-20T01:15:00.000Z "
        "ORDER BY SystemModstamp, Id"
    )
    assert "Score__c" in leads.params["q"]
    assert changes.params["q"].endswith("AND Field = 'Status' ORDER BY CreatedDate, Id")


def test_people_hear_of_a_version_half_a_year_before_it_may_end() -> None:
    config = parse_sources(SECTION).section(SOURCE.name)

    (deadline,) = SOURCE.deadlines({}, config)

    assert deadline.at == datetime(2029, 2, 1, tzinfo=UTC)
    assert deadline.warn_before == timedelta(days=180)


@pytest.mark.parametrize(
    ("line", "advice"),
    [
        ('lead_statuses = { "Open" = "MQL" }', "lead_statuses: write a step of the pipeline: one of raw_lead"),
        ('api_version = "v66"', "api_version: write a version"),
        ('currency = "Euro"', "currency: write the three letters"),
        ('lead_fields = ["Score c"]', "lead_fields: write the API name"),
        ("daily_limit_percent = 0", "daily_limit_percent: write a whole number from 1 to 100"),
        ('campaign_members = "yes"', "campaign_members: write true or false"),
    ],
)
def test_a_wrong_configuration_says_what_to_write(line: str, advice: str) -> None:
    name = line.partition(" = ")[0]
    text = re.sub(rf"(?ms)(\[salesforce_pipeline\].*?)^{name} = [^\n]*$", rf"\g<1>{line}", SECTION, count=1)

    with pytest.raises(ConfigError, match=re.escape(advice)):
        parse_sources(text)


def kind_of(column: str) -> str:
    if column.endswith("_at"):
        return "TIMESTAMP"
    return "BOOLEAN" if column.startswith("is_") else "VARCHAR"


def test_the_view_tells_when_each_record_reached_each_step(served: tuple[World, str]) -> None:
    story = Story(SOURCE, *served)
    story.config = {**story.config, "start": START - timedelta(days=60)}
    story.live(timedelta(hours=1))

    with duckdb.connect() as db:
        for book, _ in story.books():
            columns = ", ".join(f'"{column}" {kind_of(column)}' for column in book.columns)
            db.execute(f"CREATE TABLE {book.table} ({columns}, id_conflict BOOLEAN)")
            marks = ", ".join("?" for _ in book.columns) + ", false"
            rows = [[str(v).removesuffix("+00:00") if v is not None else None for v in r] for r in story.rows(book)]
            db.executemany(f"INSERT INTO {book.table} VALUES ({marks})", rows)
        found = db.execute(views()["v_pipeline_steps"].sql).fetchall()

    start, end = keys.started(story.config), story.watermark()
    assert start is not None
    reached = {(record, step): at.replace(tzinfo=UTC) for kind, record, step, at, _ in found if kind == "lead"}
    expected = steps_of_leads(story.world, start, end)
    assert len({step for _, step in expected}) >= 6
    assert {key: at for key, at in reached.items() if key[0] in {record for record, _ in expected}} == expected


def steps_of_leads(world: World, start: datetime, end: datetime) -> dict[tuple[str, str], datetime]:
    """When each lead that was made in a range, and is still there, reached each step first, by the facts."""
    found: dict[tuple[str, str], datetime] = {}
    deleted: set[str] = set()
    for version in Pipeline(world.company.seed, world.company.now).versions:
        if version.object == "Lead" and start <= version.fields["CreatedDate"] and version.moment < end:
            step = STEPS.get(version.fields["Status"], "other")
            found.setdefault((version.identity, step), version.moment)
            if version.fields["IsDeleted"]:
                deleted.add(version.identity)
    assert deleted
    return {key: at for key, at in found.items() if key[0] not in deleted}
