"""Dashboards on the running system: every widget of every page is answered, own ones are kept, releases are told."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests

pytestmark = pytest.mark.deployed
PAGES = ("overview", "pipeline", "web-traffic", "social", "seo", "adoption")
GIVEN = ("name", "description", "range", "tz", "widgets")


class Site:
    """The API as somebody with the read token has it; what was made is deleted in the end."""

    def __init__(self, endpoints: dict[str, str], token: str = "token") -> None:
        self.contract = endpoints["api"]
        self.address = f"{self.contract}/v1"
        self.session = requests.Session()
        self.session.headers["Authorization"] = f"Bearer {endpoints[token]}"
        self.made: list[str] = []

    def get(self, path: str, **query: str) -> Any:
        answer = self.session.get(f"{self.address}/{path}", params=query, timeout=60)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def send(self, method: str, path: str, body: Any = None, **headers: str) -> requests.Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.session.request(method, f"{self.address}/{path}", json=body, headers=named, timeout=60)

    def make(self, path: str, body: Any) -> Any:
        answer = self.send("POST", path, body)
        assert answer.status_code == 201, answer.text
        self.made.append(f"{path}/{answer.json()['id']}")
        return answer.json()

    def clean(self) -> None:
        for path in self.made:
            standing = self.session.get(f"{self.address}/{path}", timeout=60)
            if standing.status_code == 200:
                assert self.send("DELETE", path, If_Match=standing.headers["ETag"]).status_code == 204
        self.session.close()


@pytest.fixture
def site(endpoints: dict[str, str]) -> Iterator[Site]:
    found = Site(endpoints)
    yield found
    found.clean()


def asked(question: dict[str, Any], usual: Any) -> dict[str, Any]:
    """What the page of a widget asks: its question, over the dashboard's range where it has none."""
    span = question["range"] or usual
    times = {"range": span} if isinstance(span, str) else span
    return {**{name: value for name, value in question.items() if name != "range"}, **times, "totals": True}


@pytest.mark.parametrize("page", PAGES)
def test_every_widget_of_a_page_is_answered_with_numbers(site: Site, page: str) -> None:
    dashboard = site.get(f"dashboards/{page}")
    questions = {one["id"]: one["question"] for one in dashboard["widgets"] if one["question"] is not None}

    with ThreadPoolExecutor(4) as pool:
        answers = dict(
            zip(
                questions,
                pool.map(lambda one: site.send("POST", "query", asked(one, dashboard["range"])), questions.values()),
                strict=True,
            )
        )

    refused = {name: one.text for name, one in answers.items() if one.status_code != 200}
    silent = [
        name
        for name, one in answers.items()
        if name not in refused
        and not any(row[metric] for row in one.json()["results"] for metric in questions[name]["metrics"])
    ]
    assert refused == {}
    # Mixpanel's past comes at the pace that Mixpanel allows, and may not have reached the last month yet.
    assert [name for name in silent if not name.startswith("mixpanel")] == []


def test_a_page_asks_for_the_own_brand_and_that_is_one_of_those_tracked(site: Site) -> None:
    filters = {one["question"]["filter"] for one in site.get("dashboards/seo")["widgets"] if one["question"]} - {None}
    shares = site.session.get(f"{site.contract}/awareness/seo", timeout=60).json()

    assert len(filters) == 1
    assert json.loads(filters.pop().removeprefix("brand is ")) in shares


def test_a_copy_of_a_page_is_changed_by_one_at_a_time_and_shared(site: Site, endpoints: dict[str, str]) -> None:
    page = site.get("dashboards/web-traffic")
    name = f"<b>{uuid.uuid4().hex}</b> שלום 👩‍👩‍👧‍👦 " + "x" * 240
    copy = site.make("dashboards", {**{field: page[field] for field in GIVEN}, "name": name})
    path = f"dashboards/{copy['id']}"
    given = {field: copy[field] for field in GIVEN}

    moved = site.send("PUT", path, {**given, "widgets": given["widgets"][::-1]}, If_Match='"1"')
    second = site.send("PUT", path, given, If_Match='"1"')
    others = Site(endpoints, "sql_token")
    refused = others.send("PUT", path, given, If_Match='"2"')
    seen = others.get(path)

    assert (copy["name"], copy["mine"], copy["widgets"]) == (name, True, page["widgets"])
    assert moved.status_code == 200, moved.text
    assert (second.status_code, refused.status_code) == (412, 403)
    assert copy["updated_by"] in second.json()["detail"]
    assert (seen["mine"], seen["widgets"]) == (False, page["widgets"][::-1])


def test_of_ten_writers_at_once_one_wins_and_nothing_is_mixed(site: Site) -> None:
    text = {"kind": "text", "width": 12, "height": 1}
    made = site.make("dashboards", {"name": uuid.uuid4().hex, "widgets": []})
    path = f"dashboards/{made['id']}"

    def write(number: int) -> int:
        widgets = [{**text, "id": f"w{at}", "text": f"{number}"} for at in range(100)]
        return site.send("PUT", path, {"name": f"{number}", "widgets": widgets}, If_Match='"1"').status_code

    with ThreadPoolExecutor(10) as pool:
        statuses = list(pool.map(write, range(10)))
    standing = site.get(path)

    assert sorted(statuses) == [200, *[412] * 9]
    assert standing["name"] == str(statuses.index(200))
    assert {one["text"] for one in standing["widgets"]} == {standing["name"]}


def test_the_largest_dashboard_is_kept_and_one_more_widget_is_not(site: Site) -> None:
    title = "é" * 100
    widgets = [{"id": f"w{at}", "kind": "text", "title": title, "text": "x" * 1_000} for at in range(101)]

    made = site.make("dashboards", {"name": uuid.uuid4().hex, "widgets": widgets[:100]})
    more = site.send("POST", "dashboards", {"name": "more", "widgets": widgets})

    assert len(site.get(f"dashboards/{made['id']}")["widgets"]) == 100
    assert more.status_code == 400
    assert [one["parameter"] for one in more.json()["errors"]] == ["widgets"]


def test_what_opens_first_is_kept_for_whom_the_token_belongs_to(site: Site, endpoints: dict[str, str]) -> None:
    admin = Site(endpoints, "admin_token")
    made = admin.send("POST", "tokens", {"name": f"e2e {uuid.uuid4().hex}", "scope": "read"}).json()
    mine = Site({**endpoints, "mine": made["token"]}, "mine")

    before = mine.session.get(f"{mine.address}/preferences", timeout=60)
    changed = mine.send("PUT", "preferences", {"default_dashboard": "seo"}, If_Match=before.headers["ETag"])
    stale = mine.send("PUT", "preferences", {"default_dashboard": "social"}, If_Match=before.headers["ETag"])
    after = mine.get("preferences")
    admin.send("DELETE", f"tokens/{made['id']}")

    assert before.json() == {"default_dashboard": None}
    assert (changed.status_code, stale.status_code) == (200, 412)
    assert after == {"default_dashboard": "seo"}


def test_what_somebody_wrote_down_is_told_to_all_in_its_range(site: Site, endpoints: dict[str, str]) -> None:
    title, at = f"<i>{uuid.uuid4().hex}</i>", datetime.now(UTC) - timedelta(days=3)
    body = {"at": at.isoformat(), "until": None, "title": title, "kind": "note", "metric_sources": ["web_beacons"]}
    made = site.make("annotations", body)

    seen = Site(endpoints, "sql_token").get("annotations", range="mtd" if at.day < at.month else "7d")
    before = site.get("annotations", to=f"{at - timedelta(days=1):%Y-%m-%d}", **{"from": "2026-01-01"})

    assert (made["mine"], made["source"]) == (True, "people")
    assert [one["mine"] for one in seen["results"] if one["title"] == title] == [False]
    assert title not in {one["title"] for one in before["results"]}


def test_releases_are_those_that_the_view_has_and_that_the_cube_counts(
    site: Site, sql: Callable[[str], list[list[str | None]]]
) -> None:
    today = datetime.now(UTC).date()
    span = {"from": f"{today - timedelta(days=90)}", "to": f"{today}"}
    told = [one for one in site.get("annotations", **span)["results"] if one["source"] == "github"]
    rows = sql(
        "SELECT release_id, tag_name FROM v_github_releases WHERE "
        f"published_on >= DATE '{span['from']}' AND published_on < DATE '{span['to']}'"
    )
    counted = site.send("POST", "query", {"metrics": ["releases_published"], **span, "totals": True}).json()

    assert {one["id"] for one in told} == {f"github_{number}" for number, _ in rows}
    assert all(any(one["title"].endswith(str(tag)) for one in told) for _, tag in rows)
    assert len(told) == counted["totals"][0]["releases_published"] > 5
