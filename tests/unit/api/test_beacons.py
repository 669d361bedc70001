"""``/b`` and ``/b.gif``: reduced before anything is stored, durable before the answer, quiet about who sent it."""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from chalice.test import HTTPResponse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chalicelib.api import beacons
from chalicelib.errors import StoreUnavailable
from chalicelib.ingest import inbox
from chalicelib.ingest.salts import SALT_PK
from chalicelib.sources.base import Accepted, Rejected
from chalicelib.sources.config import parse_sources
from chalicelib.sources.web_beacons import WebBeacons
from tests.unit.api.world import World

ROOT = Path(__file__).resolve().parents[3]
CONFIG = (ROOT / "config" / "sources.toml").read_bytes()
SECTION = parse_sources(CONFIG.decode()).section("web_beacons")
AGENT = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"
FROM = {"Origin": "https://www.acme.example", "User-Agent": AGENT, "X-Forwarded-For": "198.51.100.23"}
VIEW = {"id": "view-0001", "kind": "view", "at": 1_000, "url": "https://www.acme.example/blog?utm_source=x&q=secret"}


@pytest.fixture(autouse=True)
def configured(world: World) -> None:
    world.store.put("config/sources.toml", CONFIG)


def post(world: World, body: Any, **headers: str) -> HTTPResponse:
    sent = {"Content-Type": "text/plain;charset=UTF-8", **FROM}
    sent |= {name.replace("_", "-"): value for name, value in headers.items()}
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return world.call("POST", "/b", token=None, headers={n: v for n, v in sent.items() if v}, body=raw)


def waiting(world: World) -> dict[str, Any]:
    return {key: found for key, found in world.store.objects.items() if key.startswith("inbox/")}


def rows(world: World) -> list[Mapping[str, Any]]:
    """What the sealer will make of what waits; nothing may be rejected there."""
    items = [inbox.to_item(world.store.get(key)) for key in waiting(world)]
    outcomes = [outcome for item in items for outcome in WebBeacons().parse(item, SECTION)]
    assert not [outcome for outcome in outcomes if isinstance(outcome, Rejected)]
    return [outcome.rows[0][1] for outcome in outcomes if isinstance(outcome, Accepted)]


def test_a_view_is_durable_and_reduced(world: World) -> None:
    answer = post(world, {"sent": 1_500, **VIEW})

    assert answer.status_code == 202
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Cache-Control"] == "no-store"
    (row,) = rows(world)
    assert (row["path"], row["section"], row["utm_source"]) == ("/blog", "blog", "x")
    assert (row["browser"], row["browser_version"], row["os"], row["device"]) == ("Firefox", 145, "Linux", "desktop")
    assert row["received_at"] - row["occurred_at"] == timedelta(milliseconds=500)


def test_bad_beacons_cost_the_good_ones_nothing(world: World) -> None:
    answer = post(world, {"events": [VIEW, {**VIEW, "id": "x"}, 7, {**VIEW, "url": "https://other.example/"}]})

    assert answer.status_code == 207
    assert [r["status"] for r in answer.json_body["results"]] == ["accepted", "rejected", "rejected", "rejected"]
    assert answer.json_body["meta"] == {"accepted": 1, "rejected": 3, "not_wanted": False}
    assert len(rows(world)) == 1


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        (b"{", {}, 400),
        (b"\xff", {}, 400),
        ([], {}, 400),
        ({"events": []}, {}, 400),
        ({"events": [VIEW] * 26}, {}, 400),
        ({"events": VIEW}, {}, 400),
        ({**VIEW, "sent": "now"}, {}, 400),
        ({**VIEW, "id": None}, {}, 422),
        ({**VIEW, "properties": {"x": "y" * 9_000}}, {}, 422),
        ({**VIEW, "properties": {"x": "y" * 70_000}}, {}, 413),
        ({**VIEW, "url": "https://other.example/"}, {}, 403),
        (VIEW, {"Origin": "https://evil.example"}, 403),
        (VIEW, {"Origin": "null"}, 403),
        (VIEW, {"Origin": ""}, 403),
        (VIEW, {"Origin": "", "Referer": "https://evil.example/"}, 403),
        (VIEW, {"Origin": "", "Referer": "https://blog.acme.example/x"}, 202),
    ],
)
def test_what_cannot_be_taken_is_a_problem_and_leaves_nothing(
    world: World, body: Any, headers: dict[str, str], status: int
) -> None:
    answer = post(world, body, **headers)

    assert answer.status_code == status
    if status >= 400:
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert waiting(world) == {}


@pytest.mark.parametrize("header", ["DNT", "Sec_GPC"])
def test_who_asks_not_to_be_tracked_is_answered_and_nothing_is_stored(world: World, header: str) -> None:
    before = dict(world.store.objects)

    answer = post(world, VIEW, **{header: "1"})
    picture = world.call(
        "GET", "/b.gif", token=None, headers={**FROM, header.replace("_", "-"): "1"}, query={"url": VIEW["url"]}
    )

    assert (answer.status_code, answer.json_body["meta"]["not_wanted"]) == (202, True)
    assert (picture.status_code, picture.body) == (200, beacons.PIXEL)
    assert world.store.objects == before
    assert world.salts.items == {}


def test_the_pixel_takes_a_view_of_a_page_without_a_script(world: World) -> None:
    query = {"url": "https://www.acme.example/pricing?secret=1"}
    answer = world.call("GET", "/b.gif", token=None, headers={"Referer": "https://www.acme.example/"}, query=query)

    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "image/gif")
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.body == beacons.PIXEL
    assert max(beacons.PIXEL) < 0x80, "API Gateway passes it on as text"
    (row,) = rows(world)
    assert (row["kind"], row["path"], row["section"]) == ("view", "/pricing", "website")


def test_the_pixel_without_an_address_is_of_its_referring_page(world: World) -> None:
    world.call("GET", "/b.gif", token=None, headers={"Referer": "https://blog.acme.example/a?b=c"}, query={"name": "n"})

    (row,) = rows(world)
    assert (row["host"], row["path"], row["kind"], row["name"]) == ("blog.acme.example", "/a", "event", "n")


@pytest.mark.parametrize(
    ("headers", "query", "status"),
    [
        ({}, {}, 400),
        ({}, {"url": "https://other.example/"}, 403),
        ({"Referer": "https://other.example/"}, {"url": "https://www.acme.example/"}, 403),
        ({}, {"url": "https://www.acme.example/", "id": "x"}, 400),
        ({}, {"url": "https://www.acme.example/", "email": "x"}, 400),
    ],
)
def test_a_wrong_pixel_is_a_problem(world: World, headers: dict[str, str], query: dict[str, str], status: int) -> None:
    answer = world.call("GET", "/b.gif", token=None, headers=headers, query=query)

    assert answer.status_code == status
    assert waiting(world) == {}


def test_a_retry_is_the_same_record_whatever_the_hour(world: World) -> None:
    world.now = datetime(2026, 11, 22, 23, 59, 59, tzinfo=UTC)
    post(world, {"sent": 1_500, **VIEW})
    world.now += timedelta(seconds=3)
    post(world, {"sent": 4_500, **VIEW})

    items = [inbox.to_item(world.store.get(key)) for key in waiting(world)]
    outcomes = [outcome for item in items for outcome in WebBeacons().parse(item, SECTION)]

    assert len(outcomes) == 2
    assert len({(o.event_id, o.fingerprint) for o in outcomes if isinstance(o, Accepted)}) == 1


def test_over_midnight_a_visitor_keeps_both_names_for_half_an_hour(world: World) -> None:
    found = []
    for index, minutes in enumerate((-1, 1, 34, 36)):
        world.now = datetime(2026, 11, 23, tzinfo=UTC) + timedelta(minutes=minutes)
        world.store.objects = {k: v for k, v in world.store.objects.items() if not k.startswith("inbox/")}
        post(world, {**VIEW, "id": f"view-000{index}"})
        found += rows(world)

    before, first, late, after = found
    assert first["visitor_before"] == late["visitor_before"] == before["visitor"]
    assert first["visitor"] == after["visitor"] != before["visitor"]
    assert before["visitor_before"] is after["visitor_before"] is None


def test_neighbours_and_other_browsers_are_other_visitors(world: World) -> None:
    for index, headers in enumerate(({}, {"X_Forwarded_For": "198.51.100.24"}, {"User_Agent": "Mozilla/5.0 other"})):
        post(world, {**VIEW, "id": f"view-000{index}"}, **headers)

    assert len({row["visitor"] for row in rows(world)}) == 3


def test_who_sends_without_end_is_slowed_down(world: World) -> None:
    answers = [
        post(world, {"events": [{**VIEW, "id": f"view-{n}-{m}xx"} for m in range(25)]}).status_code for n in range(30)
    ]

    assert answers == [202] * 24 + [429] * 6
    assert post(world, VIEW, X_Forwarded_For="198.51.100.24").status_code == 202
    world.now += timedelta(minutes=1)
    assert post(world, VIEW).status_code == 202


@pytest.mark.parametrize("away", ["put", "salt"])
def test_a_store_that_is_away_promises_nothing(world: World, away: str) -> None:
    def fail(*_args: object, **_kwargs: object) -> Any:
        raise StoreUnavailable("away")

    if away == "put":
        world.store.put = fail  # type: ignore[method-assign]
    else:
        world.salts.get = fail  # type: ignore[method-assign]

    assert post(world, VIEW).status_code == 503


def test_without_a_site_beacons_are_not_taken(world: World) -> None:
    world.store.objects.clear()

    assert post(world, VIEW).status_code == 404


def test_nothing_personal_is_stored_logged_or_answered(
    world: World, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    canaries = ("canaryagent", "198.51.100.77", "canaryquery", "canaryfragment", "canaryuser", "canaryfield")
    headers = {"User_Agent": "Mozilla/5.0 (canaryagent)", "X_Forwarded_For": "198.51.100.77, 130.176.0.1"}
    url = "https://canaryuser:pw@www.acme.example/p?x=canaryquery#canaryfragment"
    good = {**VIEW, "url": url, "referrer": url, "target": url, "canaryfield": "canaryfield"}
    wrong = [
        {**good, "id": "canaryquery bad"},
        {"events": "canaryquery"},
        b'{"canaryquery',
        {**good, "kind": "canaryquery"},
    ]
    picture = {"url": url, "id": "canaryquery 1"}

    answers = [post(world, body, **headers) for body in [good, *wrong]]
    answers.append(
        world.call("GET", "/b.gif", token=None, headers={**FROM, "User-Agent": "canaryagent"}, query=picture)
    )
    monkeypatch.setattr(beacons, "take", lambda *a: 1 / 0)  # a bug of ours
    answers.append(post(world, good, **headers))

    assert answers[-1].status_code == 500
    said = "".join(answer.body.decode() for answer in answers) + "".join(capsys.readouterr())
    stored = "".join(f"{key} {found}" for key, found in waiting(world).items())
    stored += json.dumps(list(world.state.items.values())) + json.dumps(list(world.salts.items.values()))
    assert len(rows(world)) == 1
    for canary in canaries:
        assert canary not in said
        assert canary not in stored


def test_a_salt_stands_in_its_own_table_only(world: World) -> None:
    post(world, VIEW)

    (salt,) = world.salts.query(SALT_PK)
    assert salt["sk"] == "2026-11-22"
    assert SALT_PK not in {pk for pk, _ in world.state.items}


scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5)
values = st.recursive(scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner))
one = st.fixed_dictionaries(
    {"id": st.text(min_size=1, max_size=10) | st.just("view-0001"), "url": st.just(VIEW["url"]) | st.text(max_size=8)},
    optional={"kind": values | st.sampled_from(["event", "view"]), "name": values, "properties": values, "at": values},
)


@given(st.fixed_dictionaries({"events": st.lists(one | values, max_size=5)}, optional={"sent": values, "url": values}))
@settings(max_examples=150, suppress_health_check=list(HealthCheck))
def test_accepted_is_what_is_stored_whatever_is_sent(world: World, body: Any) -> None:
    world.store.objects = {"config/sources.toml": world.store.objects["config/sources.toml"]}
    world.now += timedelta(minutes=1)

    answer = post(world, body)

    assert answer.status_code in {202, 207, 400, 403, 422}
    told = answer.json_body["meta"]["accepted"] if answer.status_code < 300 else 0
    assert len(rows(world)) == told


def test_the_inbox_holds_small_plain_json(world: World) -> None:
    post(world, VIEW)

    (found,) = waiting(world).values()
    assert len(gzip.compress(found[0])) < 600
    assert json.loads(found[0])["beacons"][0]["kind"] == "view"
