"""The demo company itself: the same seed makes the same company, and what it says of itself is true."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

import crawleruseragents

from chalicelib.sources.base import Accepted, Item
from chalicelib.sources.config import parse_sources
from chalicelib.sources.github_webhooks import GithubWebhooks
from chalicelib.sources.s3_access_logs import S3AccessLogs
from tests.servers.access_logs import BOTS, PEOPLE, AccessLogWorld
from tests.servers.company import STARTS, Company
from tests.servers.payloads import delivery

NOW = datetime(2026, 11, 22, 10, 20, tzinfo=UTC)
CONFIG = parse_sources("[s3_access_logs]\nkey_pattern = '^releases/(?P<product>[a-z]+)/(?P<version>[0-9.]+)/'")


def test_the_same_seed_makes_the_same_company_and_another_another() -> None:
    assert Company(7, NOW).happenings == Company(7, NOW).happenings
    assert Company(7, NOW).happenings != Company(8, NOW).happenings


def test_what_github_counts_is_the_sum_of_what_happened() -> None:
    company = Company(7, NOW)

    for start in STARTS:
        happened = Counter(h.kind for h in company.between(company.start, NOW) if h.repository == start.name)
        stats = company.stats(start.name, NOW)

        assert stats["stars"] == start.stars + happened["star"] - happened["unstar"]
        assert stats["forks"] == start.forks + happened["fork"]
        assert stats["open_pull_requests"] == len(company.open_pull_numbers(start.name, NOW))


def test_a_plausible_quarter_happened() -> None:
    company = Company(7, NOW)

    deliveries = [delivery(company, h) for h in company.between(company.start, NOW)]

    assert 1_200 <= len(deliveries) <= 2_000
    assert len({d.body for d in deliveries}) == len(deliveries) == len({d.guid for d in deliveries})
    assert 1 <= sum(d.lost for d in deliveries) <= 20
    assert len({version for _, version in company.releases("acme/pipeline")}) >= 9


def test_every_delivery_is_accepted_and_typed() -> None:
    company = Company(7, NOW)
    source = GithubWebhooks()

    for happening in company.between(NOW - timedelta(days=9), NOW):
        made = delivery(company, happening)
        item = Item("k", made.body, {"event": made.event, "delivery": made.guid}, NOW)

        (outcome,) = source.parse(item, {})

        assert isinstance(outcome, Accepted)
        assert outcome.rows[0][1]["occurred_at"] <= happening.at
        assert len(outcome.rows) == (5 if made.event == "release" else 2)


def test_the_logs_hold_exactly_the_downloads_that_the_ledger_tells() -> None:
    world = AccessLogWorld(7, NOW, days=12)

    requests = [
        outcome.rows[0][1]
        for made in world.objects()
        for outcome in S3AccessLogs().parse(Item(made.key, made.body, {}, NOW), CONFIG.section("s3_access_logs"))
        if isinstance(outcome, Accepted)
    ]

    counted: Counter[str] = Counter()
    last: dict[tuple[str, str, str], datetime] = {}
    for row in sorted(requests, key=lambda r: r["requested_at"]):
        if row["is_download"] and not row["is_bot"]:
            who = (row["remote_ip"], row["user_agent"], row["key"])
            run_on = row["is_partial"] and who in last and row["requested_at"] - last[who] <= timedelta(hours=1)
            counted[row["version"]] += not run_on
            if row["is_partial"]:
                last[who] = row["requested_at"]
    assert counted == world.downloads()
    assert sum(counted.values()) > 1_000
    assert {row["field_count"] for row in requests} == {24, 25, 26, 27}
    assert {row["quoting"] for row in requests} == {"clean", "raw_quotes", "ambiguous"}
    assert max(row["requested_at"] for row in requests) < NOW


def test_the_agents_are_what_they_play() -> None:
    assert not any(map(crawleruseragents.is_crawler, PEOPLE))
    assert all(map(crawleruseragents.is_crawler, BOTS))
