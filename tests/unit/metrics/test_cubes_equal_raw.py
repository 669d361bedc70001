"""Whatever rows come in whatever order of commits, both levels of cubes equal a recount in plain Python."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chalicelib.metrics.cube import Cube
from chalicelib.metrics.declared.downloads import DOWNLOADS
from chalicelib.metrics.declared.github import GITHUB
from tests.unit.metrics.memory_lake import TABLES, Lake, ordered
from tests.unit.metrics.recount import RECOUNT, midnight_in, quarter
from tests.unit.metrics.rows import request

# Around a turn of the year: days, months and years all have an edge here. Steps of 10 minutes make gaps of exactly an
# hour likely; seconds on top make them an hour and a bit.
START = datetime(2026, 12, 31, 20, tzinfo=UTC)
instants = st.builds(
    lambda steps, seconds, micros: START + timedelta(minutes=10 * steps, seconds=seconds, microseconds=micros),
    st.integers(-150, 150),
    st.sampled_from([0, 0, 0, 1, 59]),
    st.sampled_from([0, 0, 999_000]),
)
requests = st.builds(
    request,
    instants,
    complete=st.booleans(),
    remote_ip=st.sampled_from(["192.0.2.1", "192.0.2.2", None]),
    user_agent=st.sampled_from(["curl/8", None]),
    key=st.sampled_from(["app/1/a.zip", "app/1/b.zip"]),
    version=st.sampled_from(["1", "2"]),
    product=st.sampled_from(["app", None]),
    is_bot=st.booleans(),
    is_download=st.sampled_from([True, True, True, False]),
    bytes_sent=st.sampled_from([0, 7, 2**40, None]),
    request_id=st.uuids().map(str),
)


def event(**columns: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    common = {"occurred_at": instants, "repository": st.sampled_from(["a/b", "c/d", None])}
    return st.fixed_dictionaries({**common, **columns})


gauge = st.one_of(st.none(), st.integers(0, 100))
GITHUB_ROWS: dict[str, st.SearchStrategy[dict[str, Any]]] = {
    "github_events": event(),
    "github_stars": event(action=st.sampled_from(["created", "deleted"])),
    "github_forks": event(),
    "github_pushes": event(distinct_commit_count=st.integers(0, 20), commit_count=st.integers(20, 30)),
    "github_pull_requests": event(
        action=st.sampled_from(["opened", "closed", "reopened", "labeled"]),
        merged=st.sampled_from([True, False, None]),
    ),
    "github_issues": event(action=st.sampled_from(["opened", "closed", "reopened"])),
    "github_releases": event(action=st.sampled_from(["published", "released", "created"])),
    "github_repository_stats": st.fixed_dictionaries(
        {
            "observed_at": instants,
            "repository": st.sampled_from(["a/b", "c/d"]),
            "stars": gauge,
            "forks": gauge,
            "watchers": gauge,
            "open_pull_requests": gauge,
            "open_issues": gauge,
        }
    ),
}
github_commits = st.lists(
    st.sampled_from(sorted(GITHUB_ROWS)).flatmap(
        lambda table: st.tuples(st.just(table), st.lists(GITHUB_ROWS[table], max_size=12))
    ),
    max_size=6,
)
zones = st.sampled_from(["UTC", "Asia/Kathmandu", "Pacific/Kiritimati", "America/New_York"]).map(ZoneInfo)
SETTINGS = settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])


def check(lake: Lake, cube: Cube) -> None:
    recount = RECOUNT[cube.name]
    expected = tuple(ordered(cube, recount(lake.raw.rows, floor)) for floor in (quarter, midnight_in(lake.zone)))
    assert lake.both_levels(cube) == expected


@SETTINGS
@given(st.lists(st.lists(requests, max_size=25), min_size=1, max_size=4), zones)
def test_downloads_equal_a_recount_after_every_commit(commits: list[list[dict[str, Any]]], zone: ZoneInfo) -> None:
    lake = Lake(zone=zone)

    for rows in commits:
        lake.publish("s3_access_logs", {"s3_access_requests": rows})
        lake.rollup().run(DOWNLOADS)
        check(lake, DOWNLOADS)


@SETTINGS
@given(st.lists(requests, min_size=1, max_size=60), st.randoms(use_true_random=False))
def test_the_order_of_arrival_does_not_matter(rows: list[dict[str, Any]], random: Any) -> None:
    at_once, in_pieces = Lake(), Lake()
    at_once.publish("s3_access_logs", {"s3_access_requests": rows})
    at_once.rollup().run(DOWNLOADS)
    shuffled = list(rows)
    random.shuffle(shuffled)
    for n in range(0, len(shuffled), 20):
        in_pieces.publish("s3_access_logs", {"s3_access_requests": shuffled[n : n + 20]})
        in_pieces.rollup().run(DOWNLOADS)

    assert in_pieces.both_levels(DOWNLOADS) == at_once.both_levels(DOWNLOADS)


@SETTINGS
@given(github_commits, zones)
def test_github_equals_a_recount(commits: list[tuple[str, list[dict[str, Any]]]], zone: ZoneInfo) -> None:
    lake = Lake(zone=zone)
    lake.publish("github_webhooks", {})
    distinct_in_time(commits)

    for table, rows in commits:
        lake.publish(TABLES[table][0], {table: rows})
        lake.rollup().run(GITHUB)

    lake.rollup().run(GITHUB)
    check(lake, GITHUB)


def distinct_in_time(commits: list[tuple[str, list[dict[str, Any]]]]) -> None:
    """Two snapshots of one repository are never of the same instant; 'the last' would have no meaning."""
    seen = set()
    for table, rows in commits:
        if table == "github_repository_stats":
            for row in rows:
                while (row["repository"], row["observed_at"]) in seen:
                    row["observed_at"] += timedelta(milliseconds=1)
                seen.add((row["repository"], row["observed_at"]))
