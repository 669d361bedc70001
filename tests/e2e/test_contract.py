"""The original contract of the running system: its shapes, and the numbers of the test servers' own books."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest
import requests

from infra.local.demo import DAYS
from tests.contract_books import changed, followers, pipeline, shares, traffic
from tests.e2e.conftest import wait_until
from tests.servers import beacons
from tests.servers.salesforce_facts import Pipeline

pytestmark = pytest.mark.deployed
PERIODS = ("hour", "day", "week", "month", "quarter", "year")
BRANDS = ("Acme", "Rival", "Other")


@pytest.fixture(scope="module")
def world(endpoints: dict[str, str]) -> dict[str, Any]:
    """The seed of the outside world, and the instant at which its past ends."""
    found = requests.get(f"{endpoints['outside_world']}/_control/ledger", timeout=60).json()
    return {"seed": found["seed"], "anchor": datetime.fromisoformat(found["anchor"])}


def get(api: requests.Session, endpoints: Mapping[str, str], path: str, **asked: str) -> requests.Response:
    answer = api.get(f"{endpoints['api']}{path}", params=asked, timeout=60)
    assert answer.status_code == 200, answer.text
    return answer


def book(endpoints: Mapping[str, str], vendor: str) -> dict[str, Sequence[Mapping[str, Any]]]:
    """The tables of a vendor's book, row by row."""
    told = requests.get(f"{endpoints['outside_world']}/_control/ledger/{vendor}", timeout=60).json()
    return {one["table"]: [dict(zip(one["columns"], row, strict=True)) for row in one["rows"]] for one in told["books"]}


def edges(meta: Mapping[str, Any]) -> tuple[datetime, datetime]:
    return datetime.fromisoformat(meta["from"]), datetime.fromisoformat(meta["to"])


@pytest.mark.parametrize("period", PERIODS)
@pytest.mark.parametrize("zone", ["UTC", "Asia/Kathmandu"])
def test_the_pipeline_is_what_became_of_salesforces_records(
    api: requests.Session, endpoints: dict[str, str], world: dict[str, Any], settled: Callable[[], None],
    period: str, zone: str,
) -> None:  # fmt: skip
    """A record that changes after the watermark leaves the window in which it was, and comes with the next: until then
    it may be missing. Others are few, and mostly none; then all is equal."""
    settled()

    body = get(api, endpoints, f"/pipeline/{period}", tz=zone).json()

    assert list(body) == ["start", "end", "rawleads", "mlq", "inquiries", "opp", "mql", "meta"]
    meta, start, end = body.pop("meta"), body.pop("start"), body.pop("end")
    assert [edge.strftime("%d-%m-%Y") for edge in edges(meta)] == [start, end]
    known, (first, last) = datetime.fromisoformat(meta["watermark"]), edges(meta)
    versions = Pipeline(world["seed"], world["anchor"]).versions
    sources = {one["name"]: one for one in get(api, endpoints, "/v1/sources").json()["results"]}
    leaving = changed(versions, known, datetime.fromisoformat(sources["salesforce_pipeline"]["last_commit"]["at"]))
    most = pipeline(versions, known, first, min(last, known))
    least = pipeline(versions, known, first, min(last, known), leaving)
    print(f"{len(leaving)} records have changed since")
    assert len(leaving) < 10
    assert {name: least[name] <= value <= most[name] for name, value in body.items()} == dict.fromkeys(most, True)


@pytest.mark.parametrize("days_ago", [30, 8])
def test_the_traffic_is_what_peoples_browsers_posted(
    api: requests.Session, endpoints: dict[str, str], world: dict[str, Any], days_ago: int
) -> None:
    start = world["anchor"].replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=days_ago)
    asked = {"from": start.isoformat()}

    body = get(api, endpoints, "/awareness/webtraffic/week", **asked).json()

    assert list(body) == ["start", "end", "sessions", "newVisitors", "returningVisitors", "blogViewers", "meta"]
    meta = body.pop("meta")
    assert [edge.strftime("%d-%m-%Y") for edge in edges(meta)] == [body.pop("start"), body.pop("end")]
    assert body == traffic(beacons.history(world["seed"], world["anchor"], DAYS), *edges(meta))


def test_followers_are_the_last_looks_of_the_networks_books(api: requests.Session, endpoints: dict[str, str]) -> None:
    def equal() -> bool:
        books = {**book(endpoints, "linkedin"), **book(endpoints, "x"), **book(endpoints, "youtube")}
        body = get(api, endpoints, "/awareness/socialmedia/subscribers").json()
        assert list(body) == ["youtube", "linkedin", "twitter", "meta"]
        del body["meta"]
        return bool(body == followers(books))

    wait_until(lambda: equal() or None, "the last looks to reach the cube", 300)


def test_shares_of_voice_are_those_of_the_rank_trackers_book(api: requests.Session, endpoints: dict[str, str]) -> None:
    answer = get(api, endpoints, "/awareness/seo")

    known = datetime.fromisoformat(json.loads(answer.headers["Headwater-Meta"])["watermark"])
    rows = book(endpoints, "rank")["rank_tracker_shares"]
    told = [row for row in rows if datetime.fromisoformat(row["day_start"]) < known]
    assert list(answer.json()) == list(BRANDS)
    assert answer.json() == shares(told, BRANDS)
    assert sum(answer.json().values()) == 100
