"""``/v1/dashboards`` as a client sees it: the pages of the site, people's own, each change of one writer at a time."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urljoin

import pytest
from jsonschema import Draft202012Validator

from chalicelib.api.dashboard_schemas import DASHBOARD, GIVEN, GIVEN_EXAMPLE, LIST
from chalicelib.api.dashboards import MAX_BYTES
from chalicelib.dashboards import kept
from chalicelib.dashboards.seeded import ORDER
from tests.unit.api.world import ADMIN, READ, SQL, World

DASHBOARDS = "/v1/dashboards"
HOSTILE = "<img src=x onerror=alert(1)> \u202e\u05e9\u05dc\u05d5\u05dd 👩‍👩‍👧‍👦 " + "x" * 240


def send(world: World, method: str, path: str, body: Any = None, token: str = READ, **headers: str) -> Any:
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    sent |= {} if body is None else {"Content-Type": "application/json"}
    return world.call(method, path, token=token, headers=sent, body=b"" if body is None else json.dumps(body).encode())


def made(world: World, **changed: Any) -> tuple[str, Any]:
    answer = send(world, "POST", DASHBOARDS, {**GIVEN_EXAMPLE, **changed})
    assert answer.status_code == 201, answer.body
    return urljoin(DASHBOARDS, answer.headers["Location"]), answer


def widget(kind: str = "line", **changed: Any) -> dict[str, Any]:
    asked = {"question": {"metrics": ["downloads"]}} if kind not in ("text", "sources", "alerts") else {}
    return {"id": "w1", "kind": kind, **asked, **changed}


def asking(**changed: Any) -> dict[str, Any]:
    return widget(question={"metrics": ["downloads"], **changed})


def faults(answer: Any) -> list[str]:
    assert answer.status_code == 400, answer.body
    return [error["parameter"] for error in answer.json_body["errors"]]


def test_the_list_begins_with_the_pages_and_goes_on_by_name(world: World) -> None:
    for name in ("zebra", "Apple", "mango"):
        made(world, name=name)

    body = world.get(DASHBOARDS).json_body

    Draft202012Validator(LIST).validate(body)
    assert [one["id"] for one in body["results"][:6]] == list(ORDER)
    assert [one["name"] for one in body["results"][6:]] == ["Apple", "mango", "zebra"]
    assert [one["seeded"] for one in body["results"]] == [True] * 6 + [False] * 3
    assert [one["mine"] for one in body["results"]] == [False] * 6 + [True] * 3


def test_the_list_has_pages_and_a_tag(world: World) -> None:
    made(world, name="mine")
    first = world.get(DASHBOARDS, limit="4")
    second = world.get(DASHBOARDS, limit="4", cursor=first.json_body["meta"]["next_cursor"])

    ids = [one["id"] for answer in (first, second) for one in answer.json_body["results"]]

    assert ids[:6] == list(ORDER)
    assert len(ids) == 7
    assert second.json_body["meta"]["next_cursor"] is None
    assert world.get(DASHBOARDS, limit="4", headers={"If-None-Match": first.headers["ETag"]}).status_code == 304


@pytest.mark.parametrize("name", ORDER)
def test_a_page_of_the_site_is_a_dashboard(world: World, name: str) -> None:
    answer = world.get(f"{DASHBOARDS}/{name}")

    Draft202012Validator(DASHBOARD).validate(answer.json_body)
    assert answer.json_body["seeded"] is True
    assert answer.json_body["owner"] is None
    assert world.get(f"{DASHBOARDS}/{name}", headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304


@pytest.mark.parametrize("name", ORDER)
def test_a_copy_of_a_page_can_be_saved(world: World, name: str) -> None:
    page = world.get(f"{DASHBOARDS}/{name}").json_body

    _, answer = made(world, **{field: page[field] for field in GIVEN["properties"]})

    assert answer.json_body["widgets"] == page["widgets"]


def test_a_page_asks_for_the_brand_that_is_configured_first(world: World) -> None:
    world.store.put(
        "config/sources.toml",
        b"""[rank_tracker_positions]
base_url = "https://ranks.acme.example"
brands = { "acme.example" = "Acme", "rival.example" = "Rival" }
""",
    )

    [filtered, *_] = [
        one["question"]["filter"]
        for one in world.get(f"{DASHBOARDS}/seo").json_body["widgets"]
        if one["question"]["filter"] is not None
    ]

    assert filtered == 'brand is "Acme"'


def test_what_is_made_is_read_back_whole_and_by_everybody(world: World) -> None:
    path, answer = made(world)

    read = world.get(path, token=SQL)

    Draft202012Validator(DASHBOARD).validate(read.json_body)
    assert {**read.json_body, "mine": True} == answer.json_body
    assert (read.json_body["mine"], answer.json_body["mine"]) == (False, True)
    assert read.json_body["owner"]["name"] == read.json_body["updated_by"] == "read"
    assert read.headers["ETag"] == answer.headers["ETag"] == '"1"'
    assert read.json_body["widgets"][0]["question"] == {
        "metrics": ["downloads"],
        "group_by": ["version"],
        "filter": None,
        "top": 7,
        "interval": None,
        "compare": None,
        "transform": None,
        "range": None,
    }


def test_names_in_any_script_come_back_as_they_were(world: World) -> None:
    name = HOSTILE[:300]
    path, _ = made(world, name=name, widgets=[widget(title=name), widget("text", id="w2", text="a\n\tb " + name)])

    read = world.get(path).json_body

    assert (read["name"], read["widgets"][0]["title"]) == (name, name)
    assert read["widgets"][1]["text"] == "a\n\tb " + name


def test_a_change_names_the_version_that_it_has_seen_and_hears_who_was_first(world: World) -> None:
    path, _ = made(world)

    first = send(world, "PUT", path, {**GIVEN_EXAMPLE, "name": "First"}, token=ADMIN, If_Match='"1"')
    second = send(world, "PUT", path, {**GIVEN_EXAMPLE, "name": "Second"}, If_Match='"1"')
    blind = send(world, "PUT", path, {**GIVEN_EXAMPLE, "name": "Blind"})

    assert (first.status_code, first.headers["ETag"]) == (200, '"2"')
    assert (second.status_code, blind.status_code) == (412, 428)
    assert "admin has changed it" in second.json_body["detail"]
    assert "2026-11-22T12:07:30Z" in second.json_body["detail"]
    assert world.get(path).json_body["name"] == "First"


def test_of_two_writers_at_once_one_is_told(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    path, _ = made(world)
    put, between = world.state.put, [True]

    def interrupted(pk: str, sk: str, item: Any, *, expected_version: int | None) -> None:
        if pk == kept.PK and between and between.pop():
            send(world, "PUT", path, {**GIVEN_EXAMPLE, "name": "Faster", "widgets": []}, token=ADMIN, If_Match='"1"')
        put(pk, sk, item, expected_version=expected_version)

    monkeypatch.setattr(world.state, "put", interrupted)
    slower = send(world, "PUT", path, {**GIVEN_EXAMPLE, "name": "Slower"}, If_Match='"1"')

    read = world.get(path).json_body
    assert slower.status_code == 412
    assert "admin has changed it" in slower.json_body["detail"]
    assert (read["name"], read["widgets"]) == ("Faster", [])


def test_a_reader_between_two_versions_sees_one_of_them_whole(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    path, _ = made(world)
    get, between = world.state.get, [True]

    def interrupted(pk: str, sk: str) -> Any:
        if pk.startswith("dashboard_content") and between and between.pop():
            send(world, "PUT", path, {**GIVEN_EXAMPLE, "name": "Newer", "widgets": []}, If_Match='"1"')
        return get(pk, sk)

    monkeypatch.setattr(world.state, "get", interrupted)
    answer, later = world.get(path), world.get(path)

    assert (answer.json_body["name"], len(answer.json_body["widgets"])) == (GIVEN_EXAMPLE["name"], 1)
    assert (later.json_body["name"], later.json_body["widgets"]) == ("Newer", [])
    assert (answer.headers["ETag"], later.headers["ETag"]) == ('"1"', '"2"')


@pytest.mark.parametrize("by", ["PUT", "DELETE"])
def test_a_change_that_came_between_a_look_and_its_widgets_is_not_overwritten(
    world: World, monkeypatch: pytest.MonkeyPatch, by: str
) -> None:
    path, _ = made(world)
    get, between = world.state.get, [True]
    faster = {**GIVEN_EXAMPLE, "name": "Faster"} if by == "PUT" else None

    def interrupted(pk: str, sk: str) -> Any:
        if pk.startswith("dashboard_content") and between and between.pop():
            send(world, by, path, faster, token=ADMIN, If_Match='"1"')
        return get(pk, sk)

    monkeypatch.setattr(world.state, "get", interrupted)
    slower = send(world, "PUT", path, {**GIVEN_EXAMPLE, "name": "Slower"}, If_Match='"1"')

    assert slower.status_code == 412
    read = world.get(path)
    assert read.status_code == 404 if by == "DELETE" else read.json_body["name"] == "Faster"


def test_widgets_that_no_dashboard_names_go_after_a_day(world: World) -> None:
    path, _ = made(world)
    for version in range(1, 4):
        send(world, "PUT", path, {**GIVEN_EXAMPLE, "name": f"No. {version}"}, If_Match=f'"{version}"')

    kept.sweep(world.state, world.now + kept.LEFT, lambda: True)

    assert sum(pk.startswith("dashboard_content") for pk, _ in world.state.items) == 1
    assert world.get(path).json_body["name"] == "No. 3"


def test_only_its_owner_and_administrators_change_a_dashboard(world: World) -> None:
    path, _ = made(world)

    others = send(world, "PUT", path, GIVEN_EXAMPLE, token=SQL, If_Match='"1"')
    others_delete = send(world, "DELETE", path, token=SQL, If_Match='"1"')
    admins = send(world, "PUT", path, GIVEN_EXAMPLE, token=ADMIN, If_Match='"1"')

    assert (others.status_code, others_delete.status_code, admins.status_code) == (403, 403, 200)
    assert "save a copy" in others.json_body["detail"]
    assert admins.json_body["owner"]["name"] == "read"
    assert admins.json_body["updated_by"] == "admin"


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_a_page_of_the_site_cannot_be_changed(world: World, method: str) -> None:
    answer = send(
        world, method, f"{DASHBOARDS}/overview", GIVEN_EXAMPLE if method == "PUT" else None, token=ADMIN, If_Match='"1"'
    )

    assert answer.status_code == 409
    assert "save a copy" in answer.json_body["detail"]


def test_what_was_deleted_is_gone_and_only_in_the_version_that_was_seen(world: World) -> None:
    path, _ = made(world)

    stale = send(world, "DELETE", path, If_Match='"7"')
    gone = send(world, "DELETE", path, If_Match='"1"')

    assert (stale.status_code, gone.status_code) == (412, 204)
    assert world.get(path).status_code == 404
    assert send(world, "PUT", path, GIVEN_EXAMPLE, If_Match='"2"').status_code == 404
    assert len(world.get(DASHBOARDS).json_body["results"]) == len(ORDER)


def test_another_try_with_the_same_key_makes_one(world: World) -> None:
    first = send(world, "POST", DASHBOARDS, GIVEN_EXAMPLE, Idempotency_Key="k-1")
    again = send(world, "POST", DASHBOARDS, GIVEN_EXAMPLE, Idempotency_Key="k-1")
    other = send(world, "POST", DASHBOARDS, {**GIVEN_EXAMPLE, "name": "Another"}, Idempotency_Key="k-1")
    of_another = send(world, "POST", DASHBOARDS, GIVEN_EXAMPLE, token=ADMIN, Idempotency_Key="k-1")

    assert (first.status_code, again.status_code, other.status_code, of_another.status_code) == (201, 201, 422, 201)
    assert first.json_body == again.json_body
    assert of_another.json_body["id"] != first.json_body["id"]
    assert len(world.get(DASHBOARDS).json_body["results"]) == len(ORDER) + 2


def test_a_key_does_not_bring_back_what_was_deleted(world: World) -> None:
    send(world, "POST", DASHBOARDS, GIVEN_EXAMPLE, Idempotency_Key="k-1")
    path = f"{DASHBOARDS}/{world.get(DASHBOARDS).json_body['results'][-1]['id']}"
    send(world, "DELETE", path, If_Match='"1"')

    assert send(world, "POST", DASHBOARDS, GIVEN_EXAMPLE, Idempotency_Key="k-1").status_code == 409


def test_one_person_does_not_take_all_the_room(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chalicelib.api.dashboards.MOST_OF_ONE", 2)
    monkeypatch.setattr("chalicelib.api.dashboards.MOST", 3)
    made(world)
    made(world)

    too_many = send(world, "POST", DASHBOARDS, GIVEN_EXAMPLE)
    others = send(world, "POST", DASHBOARDS, GIVEN_EXAMPLE, token=ADMIN)
    full = send(world, "POST", DASHBOARDS, GIVEN_EXAMPLE, token=SQL)

    assert (too_many.status_code, others.status_code, full.status_code) == (409, 201, 409)


def test_every_fault_is_told_at_once_with_its_place(world: World) -> None:
    wrong = {
        "name": " ",
        "range": "30 days",
        "tz": "Europe/Pariss",
        "colour": "red",
        "widgets": [
            widget(id="a"),
            widget(id="a", width=13, height=0),
            widget("text", id="b", text="x" * 5_001, question={"metrics": ["downloads"]}),
            widget(id="c", question={"metrics": ["stars", "downlaods"], "filter": 7, "goup_by": []}),
            widget("scatter", id="d"),
            "e",
            widget("pie chart", id="f"),
        ],
    }

    answer = send(world, "POST", DASHBOARDS, wrong)

    assert faults(answer) == [
        "colour",
        "range",
        "tz",
        "name",
        "widgets[1].width",
        "widgets[1].height",
        "widgets[1].id",
        "widgets[2].text",
        "widgets[2].question",
        "widgets[3].question.goup_by",
        "widgets[3].question.metrics[1]",
        "widgets[3].question.filter",
        "widgets[4].question.metrics",
        "widgets[5]",
        "widgets[6].kind",
    ]
    suggested = {one["parameter"]: one["suggestion"] for one in answer.json_body["errors"] if "suggestion" in one}
    assert suggested["tz"] == "Europe/Paris"
    assert suggested["widgets[3].question.goup_by"] == "group_by"
    assert suggested["widgets[3].question.metrics[1]"] == "downloads"


@pytest.mark.parametrize(
    ("wrong", "place"),
    [
        (asking(group_by=["versoin"]), "widgets[0].question.group_by"),
        (asking(group_by=7), "widgets[0].question.group_by"),
        (asking(filter="version is 3"), "widgets[0].question.filter"),
        (asking(filter='colour is "red"'), "widgets[0].question.filter"),
        (asking(filter='version matches "("'), "widgets[0].question.filter"),
        (asking(top=7), "widgets[0].question.top"),
        (asking(top=True, group_by=["version"]), "widgets[0].question.top"),
        (asking(interval="P2D"), "widgets[0].question.interval"),
        (asking(interval="PT15M", range="10y"), "widgets[0].question.interval"),
        (asking(compare="decade"), "widgets[0].question.compare"),
        (asking(transform="share_of_total"), "widgets[0].question.transform"),
        (asking(range="soon"), "widgets[0].question.range"),
        (asking(range={"from": "2026-01-01"}), "widgets[0].question.range"),
        (asking(range={"from": "2026-02-01", "to": "2026-01-01"}), "widgets[0].question.range"),
        (asking(metrics=["downloads", "downloads"]), "widgets[0].question.metrics[1]"),
        (asking(metrics=[]), "widgets[0].question.metrics"),
        (asking(metrics=["downloads", 7]), "widgets[0].question.metrics[1]"),
        (asking(metrics=["downloads", "download_bytes"], group_by=["version"]), "widgets[0].question.group_by"),
        (asking(metrics=["youtube_views"], interval="PT1H"), "widgets[0].question.interval"),
        (widget("gauge", target="0"), "widgets[0].target"),
        (widget("gauge", target=100.5), "widgets[0].target"),
        (widget("tile", target="100"), "widgets[0].target"),
        (widget("line", text="x"), "widgets[0].text"),
        (widget("line", question=None), "widgets[0].question"),
        (widget("alerts", question={"metrics": ["downloads"]}), "widgets[0].question"),
        (widget(id="a b"), "widgets[0].id"),
        (widget(title="a\x07b"), "widgets[0].title"),
        (widget(title="\ud800"), "widgets[0].title"),
        (widget(title="x" * 301), "widgets[0].title"),
        (widget(width=True), "widgets[0].width"),
        (widget(colour="red"), "widgets[0].colour"),
    ],
)
def test_what_could_not_be_shown_is_not_kept(world: World, wrong: dict[str, Any], place: str) -> None:
    assert faults(send(world, "POST", DASHBOARDS, {"name": "Mine", "widgets": [wrong]})) == [place]


def test_what_is_wrong_a_hundred_times_is_told_fifty_times(world: World) -> None:
    widgets = [widget(id=f"w{at}", question={"metrics": ["downlaods"]}) for at in range(100)]

    told = faults(send(world, "POST", DASHBOARDS, {"name": "Mine", "widgets": widgets}))

    assert len(told) == 51
    assert told[-1] == "…"


def test_a_hundred_widgets_are_kept_and_no_more_and_none_of_any_size(world: World) -> None:
    widgets = [widget(id=f"w{at}", title="x" * 300) for at in range(101)]

    path, _ = made(world, widgets=widgets[:100])
    more = send(world, "POST", DASHBOARDS, {"name": "Mine", "widgets": widgets})
    large = send(world, "POST", DASHBOARDS, {"name": "Mine", "description": "x" * MAX_BYTES})

    assert len(world.get(path).json_body["widgets"]) == 100
    assert faults(more) == ["widgets"]
    assert large.status_code == 413


def define(world: World, name: str) -> None:
    definition = {"name": name, "title": "T", "unit": "u", "description": "d", "expression": "downloads / stars"}
    assert send(world, "POST", "/v1/metrics", definition, token=ADMIN).status_code == 201


def test_metrics_of_people_count(world: World) -> None:
    define(world, "per_star")

    path, _ = made(world, widgets=[widget(question={"metrics": ["per_star"]})])

    assert world.get(path).json_body["widgets"][0]["question"]["metrics"] == ["per_star"]


def test_a_metric_that_was_deleted_locks_nobody_out(world: World) -> None:
    define(world, "per_star")
    path, _ = made(world, widgets=[widget(question={"metrics": ["per_star"]}), widget(id="w2")])
    definition = world.get("/v1/metrics/per_star/definition")
    gone = send(world, "DELETE", "/v1/metrics/per_star/definition", token=ADMIN, If_Match=definition.headers["ETag"])
    read = world.get(path)
    given = {field: read.json_body[field] for field in GIVEN["properties"]}
    given["widgets"][1]["title"] = "Still mine"

    kept_on = send(world, "PUT", path, given, If_Match='"1"')
    given["widgets"].append(widget(id="w3", question={"metrics": ["per_star"], "compare": "week"}))
    anew = send(world, "PUT", path, given, If_Match='"2"')

    assert (gone.status_code, read.status_code, kept_on.status_code) == (204, 200, 200)
    assert faults(anew) == ["widgets[2].question.metrics[0]"]


def test_a_dashboard_of_an_older_release_is_read_with_what_is_new(world: World) -> None:
    path, answer = made(world)
    for (pk, _), item in world.state.items.items():
        if pk == f"dashboard_content:{answer.json_body['id']}":
            item["content"] = json.dumps({"name": "Old", "widgets": [{"id": "w1", "kind": "sparkles", "question": {}}]})

    read = world.get(path)

    assert read.status_code == 200
    Draft202012Validator(DASHBOARD).validate(read.json_body)
    assert read.json_body["widgets"][0]["kind"] == "sparkles"


@pytest.mark.parametrize("name", ["overveiw", "d_1", "x" * 2_000, "%00", "d_" + "0" * 24])
def test_what_is_not_there_is_not_found(world: World, name: str) -> None:
    answer = world.get(f"{DASHBOARDS}/{name}")

    assert answer.status_code == 404
    assert ("suggestion" in answer.json_body["errors"][0]) == (name == "overveiw")


def test_preferences_are_of_one_person_and_changed_in_the_version_that_was_seen(world: World) -> None:
    path, _ = made(world)
    name = path.rpartition("/")[2]
    empty = world.get("/v1/preferences")

    changed = send(world, "PUT", "/v1/preferences", {"default_dashboard": name}, If_Match=empty.headers["ETag"])
    stale = send(world, "PUT", "/v1/preferences", {"default_dashboard": "seo"}, If_Match=empty.headers["ETag"])
    blind = send(world, "PUT", "/v1/preferences", {"default_dashboard": "seo"})

    assert (empty.json_body, empty.headers["ETag"]) == ({"default_dashboard": None}, '"0"')
    assert (changed.status_code, stale.status_code, blind.status_code) == (200, 412, 428)
    assert world.get("/v1/preferences").json_body == {"default_dashboard": name}
    assert world.get("/v1/preferences", token=SQL).json_body == {"default_dashboard": None}


@pytest.mark.parametrize("wrong", [{}, {"default_dashboard": 7}, {"default_dashboard": "overveiw"}])
def test_only_what_is_there_opens_first(world: World, wrong: dict[str, Any]) -> None:
    assert faults(send(world, "PUT", "/v1/preferences", wrong, If_Match='"0"')) == ["default_dashboard"]


def test_a_default_that_was_deleted_is_still_told(world: World) -> None:
    path, _ = made(world)
    name = path.rpartition("/")[2]
    send(world, "PUT", "/v1/preferences", {"default_dashboard": name}, If_Match='"0"')
    send(world, "DELETE", path, If_Match='"1"')

    assert world.get("/v1/preferences").json_body == {"default_dashboard": name}
    assert send(world, "PUT", "/v1/preferences", {"default_dashboard": None}, If_Match='"1"').status_code == 200


def test_of_two_first_changes_at_once_one_is_told(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    put, between = world.state.put, [True]

    def interrupted(pk: str, sk: str, item: Any, *, expected_version: int | None) -> None:
        if pk == "preferences" and between and between.pop():
            send(world, "PUT", "/v1/preferences", {"default_dashboard": "seo"}, If_Match='"0"')
        put(pk, sk, item, expected_version=expected_version)

    monkeypatch.setattr(world.state, "put", interrupted)
    slower = send(world, "PUT", "/v1/preferences", {"default_dashboard": "social"}, If_Match='"0"')

    assert slower.status_code == 412
    assert world.get("/v1/preferences").json_body == {"default_dashboard": "seo"}
