"""Metrics that people define, as a client sees them: defined, computed, asked, changed, deleted."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urljoin

import pytest
from chalice.test import Client
from jsonschema import Draft202012Validator

from app import build_app
from chalicelib.api.own_metrics_schemas import DEFINITION, GIVEN_EXAMPLE
from chalicelib.metrics import own_state
from chalicelib.metrics.declared.downloads import DOWNLOADS
from tests.unit.api.world import ADMIN, READ, SQL, World
from tests.unit.metrics.memory_lake import Lake
from tests.unit.metrics.published_cubes import publish

METRICS = "/v1/metrics"
DAY = datetime(2026, 11, 20, tzinfo=UTC)
SHARE = {
    "name": "bot_share",
    "title": "Downloads by bots, share",
    "unit": "share",
    "description": "What part of all downloads bots make.",
    "expression": "downloads_bots / (downloads + downloads_bots)",
}


def send(world: World, method: str, path: str, body: Any = None, token: str = SQL, **headers: str) -> Any:
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    sent |= {} if body is None else {"Content-Type": "application/json"}
    return world.call(method, path, token=token, headers=sent, body=b"" if body is None else json.dumps(body).encode())


def define(world: World, given: Any) -> Any:
    answer = send(world, "POST", METRICS, given)
    assert answer.status_code == 201, answer.body
    return answer


def downloads(world: World) -> None:
    rows = [
        {"bucket_start": DAY + timedelta(days=n), "product": "app", "version": version, "is_bot": is_bot, **counts}
        for n in range(3)
        for version, is_bot, counts in (
            ("1", False, {"downloads": 3 * n, "download_bytes": 1}),
            ("1", True, {"downloads": n, "download_bytes": 1}),
            ("2", True, {"downloads": 5, "download_bytes": 1}),
        )
    ]
    publish(world.store, DOWNLOADS, rows, {"s3_access_logs": world.now})


def test_an_expression_is_made_of_what_was_added_up_first(world: World) -> None:
    downloads(world)
    define(world, SHARE)
    ask = {"metrics": ["bot_share", "downloads"], "from": "2026-11-19", "to": "2026-11-23", "totals": True}

    body = send(world, "POST", "/v1/query", ask, token=READ).json_body

    bots, people = 0 + 1 + 2 + 15, 0 + 3 + 6
    assert [row["bot_share"] for row in body["results"]] == [None, 1, 6 / 9, 7 / 13]
    assert body["totals"] == [{"bot_share": bots / (bots + people), "downloads": people}]
    assert [one["kind"] for one in body["meta"]["metrics"]] == ["derived", "counter"]


def test_an_expression_is_grouped_filtered_compared_and_ranked_as_other_metrics_are(world: World) -> None:
    define(world, SHARE)

    def ask(**more: str) -> list[dict[str, Any]]:
        answer = world.get(f"{METRICS}/bot_share", **{"from": "2026-11-22", "to": "2026-11-23", **more})
        assert answer.status_code == 200, answer.body
        return answer.json_body["results"]

    world.now = DAY + timedelta(days=4)
    downloads(world)
    grouped, filtered = ask(group_by="version"), ask(filter='version is "1"')
    [compared] = ask(compare="previous_period")
    top = ask(group_by="version", top="1")

    assert [(row["version"], row["value"]) for row in grouped] == [("1", 2 / 8), ("2", 1)]
    assert [row["value"] for row in filtered] == [0.25]
    assert (compared["value"], compared["before"]) == (7 / 13, 6 / 9)
    assert compared["change_ratio"] == pytest.approx((7 / 13 - 6 / 9) / (6 / 9))
    assert [(row["version"], row["other"], row["value"]) for row in top] == [("2", False, 1), (None, True, 0.25)]


def test_a_count_of_events_is_computed_by_the_roll_up_and_then_answered(world: World) -> None:
    made = define(world, GIVEN_EXAMPLE)
    lake = Lake(store=world.store)
    at = {"event": "signed_up", "source": "shop", "received_at": DAY}
    lake.publish(
        "product_events",
        {
            "product_events": [
                {**at, "event_id": str(n), "occurred_at": DAY + timedelta(hours=n), "properties": json.dumps(said)}
                for n, said in enumerate(
                    [{"plan": "team", "country": "NP"}, {"plan": "solo"}, {"plan": "team"}, {"plan": "team"}]
                )
            ]
        },
    )
    assert made.json_body["computed"] is False

    [cube] = own_state.own_cubes(world.state).values()
    lake.rollup().run(cube)
    world.now += timedelta(seconds=5)
    body = world.get(
        f"{METRICS}/team_signups", **{"from": "2026-11-20", "to": "2026-11-21", "group_by": "country"}
    ).json_body

    assert [(row["country"], row["value"]) for row in body["results"]] == [("NP", 1), (None, 2)]
    assert world.get(f"{METRICS}/team_signups/definition").json_body["computed"] is True


def test_a_change_is_the_next_version_with_a_cube_of_its_own(world: World) -> None:
    first = define(world, GIVEN_EXAMPLE)
    place = urljoin(METRICS, first.headers["Location"])
    changed = {**GIVEN_EXAMPLE, "count": {"of": "product_events", "what": "people"}}

    answer = send(world, "PUT", place, changed, If_Match=first.headers["ETag"])

    assert answer.status_code == 200, answer.body
    assert answer.json_body["version"] == 2
    Draft202012Validator(DEFINITION).validate(answer.json_body)
    assert list(own_state.own_cubes(world.state)) == ["own_team_signups_2_cube"]
    retired = own_state.retired_cubes(world.state, world.now + timedelta(days=2))
    assert list(retired) == ["own_team_signups_1_cube"]


def test_every_process_of_the_api_knows_at_once_what_another_was_told(world: World) -> None:
    """No number is ever told by a definition that is not the one that stands."""
    downloads(world)
    before = named(world)
    other = Client(build_app(lambda: replace(world.context)))  # parts of its own, over the same state

    def elsewhere(path: str) -> Any:
        return other.http.request("GET", path, headers={"Authorization": f"Bearer {READ}"})

    def value() -> Any:
        answer = elsewhere(f"{METRICS}/bot_share?from=2026-11-22&to=2026-11-23")
        return answer.json_body["results"][0]["value"] if answer.status_code == 200 else answer.status_code

    assert value() == 404
    made = define(world, SHARE)
    assert value() == 7 / 13
    place = urljoin(METRICS, made.headers["Location"])
    changed = send(world, "PUT", place, {**SHARE, "expression": "2 * downloads"}, If_Match=made.headers["ETag"])
    assert value() == 12
    assert {one["name"] for one in elsewhere(METRICS).json_body["results"]} == {*before, "bot_share"}
    send(world, "DELETE", place, If_Match=changed.headers["ETag"])
    assert value() == 404
    assert {one["name"] for one in elsewhere(METRICS).json_body["results"]} == set(before)


def named(world: World) -> list[str]:
    return [one["name"] for one in world.get(METRICS).json_body["results"]]


_DAYS = {"from": "2026-11-20", "to": "2026-11-22"}
_RULE = {"name": "r", "metric": "{}", "interval": "P1D", "condition": {"kind": "level", "side": "high", "threshold": 9}}
_WIDGET = {"kind": "line", "title": "", "width": 6, "height": 2, "question": {"metrics": ["{}"]}}
ASKED: Mapping[str, tuple[str, Any]] = {
    "a series": (f"GET {METRICS}/{{}}", None),
    "a question": ("POST /v1/query", {"metrics": ["{}"], **_DAYS}),
    "an export": ("POST /v1/exports", {"query": {"metrics": ["{}"], **_DAYS}, "format": "csv"}),
    "a feed": ("POST /v1/feeds", {"name": "f", "query": {"metrics": ["{}"], "range": "7d"}}),
    "a rule": ("POST /v1/alerts", _RULE),
    "a rule tried": ("POST /v1/alerts/preview", _RULE),
    "a digest": ("POST /v1/digests/preview", {"cadence": "daily", "zone": "UTC", "metrics": ["{}"]}),
    "a dashboard": (
        "POST /v1/dashboards",
        {"name": "d", "description": "", "range": "30d", "widgets": [{"id": f"w{n}", **_WIDGET} for n in range(3)]},
    ),
    "a report": (
        "POST /v1/reports",
        {
            "name": "weekly",
            "title": "Weekly",
            "format": "pdf",
            "parts": [{"title": f"{n}", "query": {"metrics": ["{}"], "range": "last_week"}} for n in range(3)],
        },
    ),
    "what asks for it": (f"GET {METRICS}/{{}}/uses", None),
}


class Counting:
    """Counts how often people's metrics are read."""

    def __init__(self, world: World) -> None:
        self._state, self.reads = world.state, 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._state, name)

    def query(self, pk: str) -> Iterator[Mapping[str, Any]]:
        self.reads += pk == own_state.PK
        return self._state.query(pk)


@pytest.mark.parametrize("kind", ASKED)
@pytest.mark.parametrize(("metric", "reads"), [("downloads", 0), ("bot_share", 1)])
def test_peoples_metrics_are_read_once_a_request_and_only_where_one_is_named(
    world: World, kind: str, metric: str, reads: int
) -> None:
    downloads(world)
    define(world, SHARE)
    counting = Counting(world)
    world.context = replace(world.context, open_state=lambda: counting)
    (method, path), given = ASKED[kind][0].replace("{}", metric).split(), ASKED[kind][1]
    body = None if given is None else json.loads(json.dumps(given).replace("{}", metric))

    answer = send(world, method, path, body, ADMIN)

    assert answer.status_code in (200, 201, 202), answer.body
    assert counting.reads == reads + (metric == "downloads" and kind == "what asks for it")  # which reads them anyway


def test_a_change_that_has_not_seen_the_last_one_is_refused(world: World) -> None:
    first = define(world, SHARE)
    place = urljoin(METRICS, first.headers["Location"])
    send(world, "PUT", place, {**SHARE, "title": "Other"}, If_Match=first.headers["ETag"])

    late = send(world, "PUT", place, {**SHARE, "title": "Third"}, If_Match=first.headers["ETag"])
    blind = send(world, "PUT", place, SHARE)

    assert (late.status_code, blind.status_code) == (412, 428)
    assert world.get(place).json_body["title"] == "Other"


def test_a_deleted_metric_is_gone_and_a_namesake_is_another(world: World) -> None:
    first = define(world, GIVEN_EXAMPLE)
    place = urljoin(METRICS, first.headers["Location"])

    gone = send(world, "DELETE", place, If_Match=first.headers["ETag"])

    assert gone.status_code == 204
    assert world.get(f"{METRICS}/team_signups").status_code == 404
    assert own_state.own_cubes(world.state) == {}
    assert define(world, GIVEN_EXAMPLE).json_body["version"] == 2


def test_a_metric_that_an_expression_names_stays(world: World) -> None:
    first = define(world, GIVEN_EXAMPLE)
    define(world, {**SHARE, "expression": "team_signups / downloads"})

    answer = send(world, "DELETE", urljoin(METRICS, first.headers["Location"]), If_Match=first.headers["ETag"])

    assert answer.status_code == 409
    assert "bot_share" in answer.json_body["detail"]


def test_another_try_with_the_same_key_defines_it_once(world: World) -> None:
    one = send(world, "POST", METRICS, SHARE, Idempotency_Key="k")
    again = send(world, "POST", METRICS, SHARE, Idempotency_Key="k")
    other = send(world, "POST", METRICS, {**SHARE, "title": "Other"}, Idempotency_Key="k")
    without = send(world, "POST", METRICS, SHARE)

    assert (one.status_code, again.status_code, other.status_code, without.status_code) == (201, 201, 422, 409)
    assert one.json_body == again.json_body


@pytest.mark.parametrize(
    ("changed", "parameter", "said"),
    [
        ({"name": "downloads"}, "name", "comes with Headwater"),
        ({"name": "Bot Share"}, "name", "small letters"),
        ({"name": "version"}, "name", "comes with Headwater"),
        ({"expression": "downlaods / 2"}, "expression", "Did you mean 'downloads'"),
        ({"expression": "downloads / "}, "expression", "Character"),
        ({"expression": "__import__('os')"}, "expression", "only names of metrics"),
        ({"expression": "downloads ** 9"}, "expression", "only names of metrics"),
        ({"expression": "won_amount / downloads"}, "expression", "told apart by currency"),
        ({"expression": None}, "expression", "Either"),
        ({"title": ""}, "title", "1 to 80"),
        ({"formula": "downloads"}, "formula", "no such field"),
        ({"expression": None, "count": {"of": "web_events", "by": {"downloads": "path"}}}, "count", "by:"),
        (
            {
                "expression": None,
                "count": {"of": "web_events", "filter": {"dimension": "path", "operator": "matches", "value": "("}},
            },
            "filter",
            "regular expression",
        ),
    ],
)
def test_what_is_wrong_is_named(world: World, changed: Any, parameter: str, said: str) -> None:
    given = {name: value for name, value in {**SHARE, **changed}.items() if value is not None}

    answer = send(world, "POST", METRICS, given)

    assert answer.status_code == 400
    assert any(e["parameter"] == parameter and said in e["detail"] for e in answer.json_body["errors"]), answer.body


def test_who_may_only_read_defines_nothing(world: World) -> None:
    assert send(world, "POST", METRICS, SHARE, token=READ).status_code == 403
