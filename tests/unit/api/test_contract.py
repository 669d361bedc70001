"""The original contract's endpoints as a client of old sees them: fields, dates, and numbers of what is published."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from chalicelib.metrics.declared.audience import AUDIENCE
from chalicelib.metrics.declared.pipeline import PIPELINE
from chalicelib.metrics.declared.pipeline import SOURCE as SALESFORCE
from chalicelib.metrics.declared.seo import SEO
from chalicelib.metrics.declared.seo import SOURCE as RANK_TRACKER
from chalicelib.metrics.declared.web_visits import SESSIONS, VISITORS
from tests.unit.api.world import World
from tests.unit.metrics.published_cubes import publish

CONFIG = (Path(__file__).parents[3] / "config" / "sources.toml").read_text()
NOW = datetime(2026, 11, 22, 12, 7, 30, tzinfo=UTC)  # World's; a Sunday


def at(day: int, hours: float = 0, month: int = 11) -> datetime:
    return datetime(2026, month, day, tzinfo=UTC) + timedelta(hours=hours)


def step(when: datetime, **counts: Any) -> dict[str, Any]:
    row = {"bucket_start": when, "lead_source": "Web", "opportunity_amount": Decimal(0), "won_amount": Decimal(0)}
    return {**row, **{m.name: 0 for m in PIPELINE.measures if m.name not in row}, **counts}


@pytest.fixture
def sales(world: World) -> World:
    rows = [
        step(at(1, month=10), raw_leads=1),
        step(at(31, 23.75, month=10), raw_leads=2, mqls=1),
        step(at(9), raw_leads=4, inquiries=3, mqls=2, opportunities=1),
        step(at(15, 23.75), raw_leads=8),
        step(at(16), raw_leads=100),
        step(at(22, 11), raw_leads=16, leads_converted=9),
    ]
    publish(world.store, PIPELINE, rows, {SALESFORCE: at(22, 11.75)})
    return world


@pytest.mark.parametrize(
    ("period", "asked", "expected"),
    [
        ("week", {}, ("09-11-2026", "16-11-2026", 12, 2, 3, 1)),
        ("month", {}, ("01-10-2026", "01-11-2026", 3, 1, 0, 0)),
        ("hour", {}, ("22-11-2026", "22-11-2026", 16, 0, 0, 0)),
        ("day", {}, ("21-11-2026", "22-11-2026", 0, 0, 0, 0)),
        ("quarter", {}, ("01-07-2026", "01-10-2026", 0, 0, 0, 0)),
        ("year", {}, ("01-01-2025", "01-01-2026", 0, 0, 0, 0)),
        ("month", {"from": "2026-10-16"}, ("16-10-2026", "16-11-2026", 14, 3, 3, 1)),
        ("month", {"to": "2026-11-16"}, ("16-10-2026", "16-11-2026", 14, 3, 3, 1)),
        ("week", {"from": "2026-11-09", "to": "2026-11-23"}, ("09-11-2026", "23-11-2026", 128, 2, 3, 1)),
        ("week", {"tz": "Asia/Kathmandu"}, ("09-11-2026", "16-11-2026", 4, 2, 3, 1)),
    ],
)
def test_the_pipeline_of_a_period(sales: World, period: str, asked: dict[str, str], expected: tuple[Any, ...]) -> None:
    answer = sales.get(f"/pipeline/{period}", **asked)

    assert answer.status_code == 200
    body = answer.json_body
    assert list(body) == ["start", "end", "rawleads", "mlq", "inquiries", "opp", "mql", "meta"]
    assert tuple(body[name] for name in ("start", "end", "rawleads", "mlq", "inquiries", "opp")) == expected
    assert body["mql"] == body["mlq"]


def test_meta_tells_the_range_as_instants_and_how_complete_it_is(sales: World) -> None:
    whole = sales.get("/pipeline/week", tz="Asia/Kathmandu").json_body["meta"]
    partial = sales.get("/pipeline/day", **{"from": "2026-11-22"}).json_body["meta"]

    assert (whole["from"], whole["to"]) == ("2026-11-09T00:00:00+05:45", "2026-11-16T00:00:00+05:45")
    assert (whole["partial"], whole["watermark"]) == (False, "2026-11-22T11:45:00Z")
    assert partial["partial"] is True


def test_an_unchanged_period_is_a_304(sales: World) -> None:
    tag = sales.get("/pipeline/week").headers["ETag"]

    assert sales.get("/pipeline/week", headers={"If-None-Match": tag}).status_code == 304
    assert sales.get("/pipeline/month", headers={"If-None-Match": tag}).status_code == 200


@pytest.mark.parametrize(
    ("path", "asked", "named"),
    [
        ("/pipeline/week", {"from": "soon"}, "from"),
        ("/pipeline/week", {"from": "2026-11-02", "to": "2026-11-02"}, "to"),
        ("/pipeline/year", {"to": "1980-03-01"}, "to"),
        ("/pipeline/year", {"from": "2199-03-01"}, "from"),
        ("/awareness/socialmedia/subscribers", {"from": "2030-01-01"}, "from"),
        ("/awareness/seo", {"decimals": "five"}, "decimals"),
    ],
)
def test_what_cannot_be_answered_is_named(world: World, path: str, asked: dict[str, str], named: str) -> None:
    answer = world.get(path, **asked)

    assert answer.status_code == 400
    assert [error["parameter"] for error in answer.json_body["errors"]] == [named]


def test_an_unknown_period_is_not_found_and_the_near_one_is_named(world: World) -> None:
    answer = world.get("/pipeline/weak")

    assert answer.status_code == 404
    assert answer.json_body["errors"][0]["suggestion"] == "week"


def seen(when: datetime, member: str, kind: str | None, section: str = "website") -> dict[str, Any]:
    names = {"site": "acme", "section": section, "visitor_type": kind, "device": "desktop"}
    return {"bucket_start": when, **names, "member": member}


@pytest.fixture
def traffic(world: World) -> World:
    sessions = [
        {"bucket_start": at(day, 10), "site": "acme", "sessions": count, "one_page_sessions": 0, "session_ms": 0}
        for day, count in ((9, 3), (15, 2), (16, 7))
    ]
    people = [
        seen(at(9, 10), "ann", "new"),
        seen(at(10, 10), "ann", "returning", "blog"),
        seen(at(11, 10), "bob", "returning"),
        seen(at(12, 10), "bob", "returning", "blog"),
        seen(at(16), "eve", "new", "blog"),
    ]
    for cube, rows in ((SESSIONS, sessions), (VISITORS, people)):
        publish(world.store, cube, rows, {"web_beacons": at(22, 11)})
    return world


def with_ids(world: World, *kept: bool) -> None:
    """Configure sites that keep an id of their own, or do not; without any there is no section for beacons."""
    if not kept:
        return
    sites = [
        f'{{ id = "site{n}", hosts = ["{n}.example"], first_party_id = {str(keeps).lower()} }}'
        for n, keeps in enumerate(kept)
    ]
    world.store.put("config/sources.toml", f"[web_beacons]\nsites = [{', '.join(sites)}]\n".encode())


def test_the_traffic_of_a_week_counts_each_person_once(traffic: World) -> None:
    with_ids(traffic, True)

    body = traffic.get("/awareness/webtraffic/week").json_body

    assert body.pop("meta")["warnings"] == []
    assert body == {
        "start": "09-11-2026", "end": "16-11-2026",
        "sessions": 5, "newVisitors": 1, "returningVisitors": 2, "blogViewers": 2,
    }  # fmt: skip
    assert list(body) == ["start", "end", "sessions", "newVisitors", "returningVisitors", "blogViewers"]


@pytest.mark.parametrize("sites", [(), (False,), (False, False)])
def test_nobody_is_new_where_no_site_keeps_an_id(traffic: World, sites: tuple[bool, ...]) -> None:
    with_ids(traffic, *sites)

    body = traffic.get("/awareness/webtraffic/week").json_body

    assert (body["sessions"], body["newVisitors"], body["returningVisitors"]) == (5, None, None)
    assert "first_party_id" in body["meta"]["warnings"][0]


def test_the_sites_without_an_id_are_named(traffic: World) -> None:
    with_ids(traffic, True, False)

    body = traffic.get("/awareness/webtraffic/week").json_body

    assert body["newVisitors"] == 1
    assert "site1" in body["meta"]["warnings"][0]


def look(when: datetime, network: str, account: str, **gauges: int | None) -> dict[str, Any]:
    return {"bucket_start": when, "network": network, "account": account, **gauges}


@pytest.fixture
def followed(world: World) -> World:
    rows = [
        look(at(20, 6), "linkedin", "urn:1", followers=60),
        look(at(22, 6), "linkedin", "urn:1", followers=68),
        look(at(1, 6), "linkedin", "urn:gone", followers=9000),
        look(at(22, 6), "x", "7", followers=70, posts=5),
        look(at(21, 6), "x", "8", followers=10, posts=5),
        look(at(22, 11), "youtube", "UC1", followers=2900, views=20, videos=1),
        look(at(22, 11), "youtube", "UC2", followers=None, views=3, videos=1),
    ]
    publish(world.store, AUDIENCE, rows, dict.fromkeys(AUDIENCE.inputs, at(22, 12)))
    return world


def test_followers_are_those_of_the_last_look_at_each_account(followed: World) -> None:
    body = followed.get("/awareness/socialmedia/subscribers").json_body

    body.pop("meta")
    assert json.dumps(body) == json.dumps(
        {"youtube": {"views": 23, "subscribers": 2900}, "linkedin": 68, "twitter": 80}
    )


def test_followers_as_they_stood_then_and_null_where_nobody_looked(followed: World) -> None:
    body = followed.get("/awareness/socialmedia/subscribers", to="2026-11-21").json_body

    assert (body["linkedin"], body["twitter"], body["youtube"]) == (60, None, {"views": None, "subscribers": None})


def test_followers_of_all_networks_are_complete_up_to_the_one_that_is_furthest_behind(followed: World) -> None:
    asked = {"from": "2026-11-22", "to": "2026-11-23"}
    publish(followed.store, AUDIENCE, [look(at(22, 6), "x", "7", followers=70)], {"x_accounts": at(22, 6)}, seq=2)
    alone = followed.get("/v1/metrics/followers", **asked).json_body
    followed.now += timedelta(seconds=5)
    behind = {"x_accounts": at(22, 11), "linkedin_followers": at(22, 5)}
    publish(followed.store, AUDIENCE, [look(at(22, 6), "x", "7", followers=70)], behind, seq=3)
    followed.now += timedelta(seconds=5)
    two = followed.get("/v1/metrics/followers", **asked, group_by="network").json_body

    assert (alone["results"][0]["value"], alone["meta"]["watermark"]) == (70, "2026-11-22T06:00:00Z")
    assert (two["results"][0]["network"], two["meta"]["watermark"]) == ("x", "2026-11-22T05:00:00Z")


def rank(day: int, brand: str | None, clicks: str) -> dict[str, Any]:
    return {"bucket_start": at(day), "brand": brand, "clicks": Decimal(clicks), "position_sum": 0, "positions": 0}


@pytest.fixture
def ranked(world: World) -> World:
    brands = '{ "c.test" = "cask", "i.test" = "informatica", "t.test" = "talend", "s.test" = "snaplogic" }'
    config = f'[rank_tracker_positions]\nbrands = {brands}\nbase_url = "https://r.test"\n'
    world.store.put("config/sources.toml", config.encode())
    rows = [
        *(rank(18, brand, "0.25") for brand in ("cask", "informatica", "talend", "snaplogic")),
        *(rank(19, brand, clicks) for brand, clicks in (("cask", "1"), ("informatica", "1"), ("talend", "1"))),
        rank(19, "forgotten", "50"),
        rank(20, "cask", "0"),
    ]
    publish(world.store, SEO, rows, {RANK_TRACKER: at(21)})
    return world


def test_shares_are_those_of_the_last_day_with_any_and_add_up_to_a_hundred(ranked: World) -> None:
    answer = ranked.get("/awareness/seo")

    assert answer.json_body == {"cask": 34, "informatica": 33, "talend": 33, "snaplogic": 0}
    said = json.loads(answer.headers["Headwater-Meta"])
    assert (said["from"], said["to"]) == ("2026-11-19T00:00:00+00:00", "2026-11-20T00:00:00+00:00")


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"to": "2026-11-19"}, [25, 25, 25, 25]),
        ({"from": "2026-11-18"}, [32, 31, 31, 6]),
        ({"from": "2026-11-18", "decimals": "1"}, [31.3, 31.3, 31.2, 6.2]),
        ({"from": "2026-11-18", "to": "2026-11-19", "decimals": "4"}, [25, 25, 25, 25]),
        ({"from": "2026-11-20"}, [None] * 4),
        ({"to": "2026-11-18"}, [None] * 4),
    ],
)
def test_shares_of_a_range_are_of_the_clicks_of_all_its_days(
    ranked: World, asked: dict[str, str], expected: list[float | None]
) -> None:
    answer = ranked.get("/awareness/seo", **asked)

    assert list(answer.json_body) == ["cask", "informatica", "talend", "snaplogic"]
    assert list(answer.json_body.values()) == expected
    assert sum(Decimal(str(share)) for share in expected if share is not None) in (0, 100)
    assert bool(json.loads(answer.headers["Headwater-Meta"])["warnings"]) is (None in expected)


def test_before_anything_is_published_the_shapes_are_the_same(world: World) -> None:
    world.store.put("config/sources.toml", CONFIG.encode())

    sales = world.get("/pipeline/week").json_body
    traffic = world.get("/awareness/webtraffic/week").json_body
    followers = world.get("/awareness/socialmedia/subscribers").json_body
    shares = world.get("/awareness/seo")

    assert (sales["rawleads"], sales["meta"]["watermark"], sales["meta"]["partial"]) == (0, None, True)
    assert (traffic["sessions"], traffic["meta"]["partial"]) == (0, True)
    assert (followers["linkedin"], followers["youtube"]["views"]) == (None, None)
    assert shares.json_body == {"Acme": None, "Rival": None, "Other": None}
    assert json.loads(shares.headers["Headwater-Meta"])["warnings"]


def test_without_brands_the_shares_are_empty_and_it_is_said_why(world: World) -> None:
    answer = world.get("/awareness/seo")

    assert answer.json_body == {}
    assert "rank_tracker_positions" in json.loads(answer.headers["Headwater-Meta"])["warnings"][0]


def test_the_contract_needs_a_token(world: World) -> None:
    paths = ("/pipeline/week", "/awareness/webtraffic/day", "/awareness/seo", "/awareness/socialmedia/subscribers")

    assert {world.get(path, token=None).status_code for path in paths} == {401}
