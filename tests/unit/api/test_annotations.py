"""``/v1/annotations`` as a client sees it: what people wrote down beside the releases that GitHub told of."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urljoin

import pytest
from jsonschema import Draft202012Validator

from chalicelib.api.annotation_schemas import ANNOTATION, GIVEN_EXAMPLE, LIST
from chalicelib.dashboards import releases
from chalicelib.dashboards.releases import MOST_FILES, chosen
from chalicelib.errors import StoreUnavailable
from chalicelib.lake.published import DataFile
from chalicelib.lake.visible import VisibleFile
from tests.unit.api.published_tables import commit
from tests.unit.api.world import ADMIN, READ, SQL, World

ANNOTATIONS = "/v1/annotations"
NOTE = {"at": "2026-11-20T09:30:07Z", "title": "Black week", "kind": "campaign"}


def send(world: World, method: str, path: str, body: Any = None, token: str = READ, **headers: str) -> Any:
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    sent |= {} if body is None else {"Content-Type": "application/json"}
    return world.call(method, path, token=token, headers=sent, body=b"" if body is None else json.dumps(body).encode())


def made(world: World, token: str = READ, **changed: Any) -> tuple[str, Any]:
    answer = send(world, "POST", ANNOTATIONS, {**NOTE, **changed}, token)
    assert answer.status_code == 201, answer.body
    return urljoin(ANNOTATIONS, answer.headers["Location"]), answer


def titles(world: World, **query: str) -> list[str]:
    answer = world.get(ANNOTATIONS, **query)
    assert answer.status_code == 200, answer.body
    Draft202012Validator(LIST).validate(answer.json_body)
    return [one["title"] for one in answer.json_body["results"]]


def release(day: int, tag: str, number: int, **changed: Any) -> dict[str, Any]:
    at = datetime(2026, 11, day, 10, 7, 30, tzinfo=UTC)
    return {
        "event_id": f"{number}-{tag}-{changed.get('action', 'published')}",
        "occurred_at": at,
        "received_at": at + timedelta(seconds=1),
        "repository": "acme/streams",
        "action": "published",
        "sender": "ada",
        "release_id": number,
        "tag_name": tag,
        "name": None,
        "draft": False,
        "prerelease": False,
        "author": "ada",
        "created_at": at,
        "published_at": at,
        "asset_count": 2,
        "id_conflict": False,
        **changed,
    }


def publish(world: World, *rows: dict[str, Any], visible: bool = True) -> None:
    files: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in rows:
        files.setdefault(("github_releases", f"dt={row['occurred_at']:%Y-%m-%d}"), []).append(row)
    commit(world.store, "github_webhooks", files, visible=visible)


def test_what_is_written_down_is_read_back(world: World) -> None:
    path, answer = made(world, **{**GIVEN_EXAMPLE, "title": "  <b>שלום</b> 👩‍👩‍👧‍👦 "})

    read = world.get(path)

    Draft202012Validator(ANNOTATION).validate(read.json_body)
    assert read.json_body == answer.json_body
    assert read.headers["ETag"] == answer.headers["ETag"] == '"1"'
    assert (read.json_body["at"], read.json_body["until"]) == ("2026-11-19T23:00:00Z", "2026-11-27T23:00:00Z")
    assert read.json_body["title"] == "<b>שלום</b> 👩‍👩‍👧‍👦"
    assert (read.json_body["source"], read.json_body["created_by"], read.json_body["mine"]) == ("people", "read", True)
    assert world.get(path, token=SQL).json_body["mine"] is False


def test_the_list_has_all_that_touches_the_range_the_newest_first(world: World) -> None:
    made(world, title="before", at="2026-11-01", until="2026-11-10")
    made(world, title="into", at="2026-11-01T00:00:01Z", until="2026-11-10T00:00:01Z")
    made(world, title="at the start", at="2026-11-10")
    made(world, title="at the end", at="2026-11-12")
    made(world, title="over all", at="2025-01-01", until="2027-01-01")

    found = titles(world, **{"from": "2026-11-10", "to": "2026-11-12"})

    assert found == ["at the start", "into", "over all"]


def test_dates_of_the_range_are_of_its_zone(world: World) -> None:
    made(world, title="late in Paris", at="2026-11-10T23:30:00Z")

    assert titles(world, **{"from": "2026-11-11", "to": "2026-11-12"}) == []
    assert titles(world, **{"from": "2026-11-11", "to": "2026-11-12", "tz": "Europe/Paris"}) == ["late in Paris"]


def test_without_a_range_it_is_the_last_month_and_all_is_all(world: World) -> None:
    made(world, title="now", at="2026-11-22T12:00:00Z")
    made(world, title="long ago", at="2016-11-22")

    assert titles(world) == ["now"]
    assert titles(world, range="all") == ["now", "long ago"]
    assert titles(world, range="7d") == []


def test_the_list_has_pages_and_a_tag(world: World) -> None:
    for day in range(10, 15):
        made(world, title=str(day), at=f"2026-11-{day}")
    first = world.get(ANNOTATIONS, limit="3")
    second = world.get(ANNOTATIONS, limit="3", cursor=first.json_body["meta"]["next_cursor"])

    found = [one["title"] for answer in (first, second) for one in answer.json_body["results"]]

    assert found == ["14", "13", "12", "11", "10"]
    assert world.get(ANNOTATIONS, limit="3", headers={"If-None-Match": first.headers["ETag"]}).status_code == 304


def test_releases_are_told_beside_it(world: World) -> None:
    publish(world, release(18, "4.0.0", 1), release(20, "4.1.0-rc.1", 2, prerelease=True))
    made(world)

    results = world.get(ANNOTATIONS).json_body["results"]

    assert [(one["title"], one["source"]) for one in results] == [
        ("streams 4.1.0-rc.1 (prerelease)", "github"),
        ("Black week", "people"),
        ("streams 4.0.0", "github"),
    ]
    assert results[2] == {
        "id": "github_1",
        "at": "2026-11-18T10:07:30Z",
        "until": None,
        "title": "streams 4.0.0",
        "kind": "release",
        "metric_sources": list(releases.OF_METRICS),
        "url": "https://github.com/acme/streams/releases/tag/4.0.0",
        "source": "github",
        "created_by": "GitHub",
        "updated_at": None,
        "updated_by": None,
        "mine": False,
    }


def test_a_release_is_told_once_as_it_is_now_and_not_at_all_once_it_was_taken_back(world: World) -> None:
    first = release(12, "1.0.0", 1)
    later = {"occurred_at": datetime(2026, 11, 20, tzinfo=UTC)}
    publish(
        world,
        first,
        {**first, **later, "event_id": "e2", "action": "edited", "tag_name": "1.0.1"},
        release(13, "2.0.0", 2),
        release(13, "2.0.0", 2, action="deleted", **later),
        release(14, "3.0.0", 3, draft=True),
        release(15, "4.0.0", 4, id_conflict=True),
        release(16, "5.0.0", 5, published_at=None),
    )

    assert titles(world, **{"from": "2026-11-10", "to": "2026-11-17"}) == ["streams 1.0.1"]


def test_releases_of_other_days_and_those_that_are_not_published_yet_are_not_told(world: World) -> None:
    publish(world, release(10, "1.0.0", 1), release(12, "2.0.0", 2))
    publish(world, release(11, "3.0.0", 3), visible=False)

    assert titles(world, **{"from": "2026-11-10", "to": "2026-11-12"}) == ["streams 1.0.0"]
    assert titles(world, **{"from": "2026-11-10T10:15", "to": "2026-11-12"}) == []


def test_hostile_tags_stay_inside_their_address(world: World) -> None:
    publish(world, release(18, "../../evil?x=<b>", 1))

    [found] = world.get(ANNOTATIONS).json_body["results"]

    assert found["url"] == "https://github.com/acme/streams/releases/tag/..%2F..%2Fevil%3Fx%3D%3Cb%3E"
    assert found["title"] == "streams ../../evil?x=<b>"


def test_what_people_wrote_is_told_while_releases_cannot_be(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    publish(world, release(18, "4.0.0", 1))
    made(world)

    def away(prefix: str, *_: Any, **__: Any) -> Any:
        raise StoreUnavailable("away")

    monkeypatch.setattr(world.store, "list", away)
    body = world.get(ANNOTATIONS).json_body

    assert [one["title"] for one in body["results"]] == ["Black week"]
    assert "Releases cannot be told now" in body["meta"]["warnings"][0]


def test_more_releases_than_are_told_are_said(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chalicelib.api.annotations.MOST_RELEASES", 2)
    publish(world, *(release(day, f"1.{day}", day) for day in range(10, 13)))

    body = world.get(ANNOTATIONS).json_body

    assert [one["title"] for one in body["results"]] == ["streams 1.12", "streams 1.11"]
    assert "shorter range" in body["meta"]["warnings"][0]


def days(count: int) -> list[VisibleFile]:
    first = datetime(2020, 1, 1, tzinfo=UTC)
    return [VisibleFile(f"dt={first + timedelta(days=at):%Y-%m-%d}", DataFile(str(at), 1)) for at in range(count)]


def test_of_files_those_of_the_range_are_read_then_those_after_it_and_never_more_than_a_bound() -> None:
    files, start = days(1_000), datetime(2020, 1, 11, tzinfo=UTC)

    short, whole = chosen(files, start, start + timedelta(days=5, seconds=-1))
    long, not_whole = chosen(files, start, start + timedelta(days=900))
    nothing, nothing_lost = chosen(files, start + timedelta(days=5_000), start + timedelta(days=5_001))

    assert (short[0], len(short), whole) == (files[10], MOST_FILES, True)
    assert (long[-1], len(long), not_whole) == (files[910], MOST_FILES, False)
    assert (nothing, nothing_lost) == ([], True)


def test_a_change_names_the_version_that_it_has_seen_and_hears_who_was_first(world: World) -> None:
    path, _ = made(world)

    first = send(world, "PUT", path, {**NOTE, "title": "First"}, ADMIN, If_Match='"1"')
    second = send(world, "PUT", path, {**NOTE, "title": "Second"}, If_Match='"1"')
    blind = send(world, "PUT", path, {**NOTE, "title": "Blind"})

    assert (first.status_code, first.headers["ETag"], first.json_body["created_by"]) == (200, '"2"', "read")
    assert (second.status_code, blind.status_code) == (412, 428)
    assert "admin has changed it" in second.json_body["detail"]
    now = world.get(path).json_body
    assert (now["title"], now["updated_at"], now["updated_by"]) == ("First", "2026-11-22T12:07:30Z", "admin")


def test_only_who_wrote_it_and_administrators_change_it(world: World) -> None:
    path, _ = made(world)

    assert send(world, "PUT", path, NOTE, SQL, If_Match='"1"').status_code == 403
    assert send(world, "DELETE", path, token=SQL, If_Match='"1"').status_code == 403
    assert send(world, "DELETE", path, token=ADMIN, If_Match='"1"').status_code == 204
    assert world.get(path).status_code == 404
    assert titles(world) == []


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_releases_are_not_changed_here(world: World, method: str) -> None:
    answer = send(world, method, f"{ANNOTATIONS}/github_1", NOTE if method == "PUT" else None, ADMIN, If_Match='"1"')

    assert answer.status_code == 409


def test_another_try_with_the_same_key_writes_it_once(world: World) -> None:
    first = send(world, "POST", ANNOTATIONS, NOTE, Idempotency_Key="k-1")
    again = send(world, "POST", ANNOTATIONS, NOTE, Idempotency_Key="k-1")
    other = send(world, "POST", ANNOTATIONS, {**NOTE, "title": "Another"}, Idempotency_Key="k-1")
    send(world, "DELETE", f"{ANNOTATIONS}/{first.json_body['id']}", If_Match='"1"')
    gone = send(world, "POST", ANNOTATIONS, NOTE, Idempotency_Key="k-1")

    assert (first.status_code, again.status_code, other.status_code, gone.status_code) == (201, 201, 422, 409)
    assert first.json_body == again.json_body


def test_one_person_does_not_take_all_the_room(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chalicelib.api.annotations.MOST_OF_ONE", 1)
    monkeypatch.setattr("chalicelib.api.annotations.MOST", 2)
    made(world)

    answers = [send(world, "POST", ANNOTATIONS, NOTE, token).status_code for token in (READ, ADMIN, SQL)]

    assert answers == [409, 201, 409]


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"at": None}, "at"),
        ({"at": "yesterday"}, "at"),
        ({"at": "1970-01-01"}, "at"),
        ({"at": 7}, "at"),
        ({"until": "2026-11-20T09:30:07Z"}, "until"),
        ({"until": "never"}, "until"),
        ({"title": " "}, "title"),
        ({"title": "x" * 301}, "title"),
        ({"title": "a\nb"}, "title"),
        ({"kind": "champaign"}, "kind"),
        ({"kind": None}, "kind"),
        ({"metric_sources": ["web_beacon"]}, "metric_sources"),
        ({"metric_sources": "web_beacons"}, "metric_sources"),
        ({"url": "javascript:alert(1)"}, "url"),
        ({"url": "//evil.example"}, "url"),
        ({"url": "https://"}, "url"),
        ({"url": "https://[::1"}, "url"),
        ({"url": "https://a.example/ b"}, "url"),
        ({"url": "https://a.example/" + "x" * 2_000}, "url"),
        ({"tz": "Mars/Olympus"}, "tz"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_what_cannot_be_understood_is_not_written_down(world: World, changed: dict[str, Any], named: str) -> None:
    answer = send(world, "POST", ANNOTATIONS, {**NOTE, **changed})

    assert answer.status_code == 400
    assert [error["parameter"] for error in answer.json_body["errors"]] == [named]
