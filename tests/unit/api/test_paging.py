"""Pages of lists: every item once and in order, whatever the page's size; cursors that are none are refused."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import parse_qs, urljoin, urlparse

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.api.paging import page_of, read_cursor, write_cursor
from chalicelib.api.routes import Call
from chalicelib.errors import RequestError
from tests.unit.api.world import ADMIN, World

KEYS = st.tuples(st.text(max_size=6), st.integers(-3, 3))


def walk(items: list[tuple[str, int]], limit: int, *, newest: bool) -> list[tuple[str, int]]:
    found: list[tuple[str, int]] = []
    cursor: str | None = None
    while True:
        values = {"limit": limit} | ({} if cursor is None else {"cursor": cursor})
        page = page_of(Call(values, {}, b""), "list", items, lambda item: item, 100, newest=newest)
        assert len(page.items) <= limit
        found += page.items
        cursor = page.next_cursor
        if cursor is None:
            return found
        assert page.items


@given(st.lists(KEYS, unique=True, max_size=30), st.integers(1, 7), st.booleans())
def test_all_pages_together_are_the_list(items: list[tuple[str, int]], limit: int, newest: bool) -> None:
    assert walk(items, limit, newest=newest) == sorted(items, reverse=newest)


@given(st.lists(KEYS, unique=True, min_size=2, max_size=20), st.data())
def test_what_comes_and_goes_meanwhile_neither_repeats_nor_hides_what_stays(
    items: list[tuple[str, int]], data: st.DataObject
) -> None:
    first = page_of(Call({"limit": 1}, {}, b""), "list", items, lambda item: item, 100)
    gone = data.draw(st.lists(st.sampled_from(items), unique=True))
    come = [item for item in data.draw(st.lists(KEYS, unique=True)) if item not in items]
    stays = [item for item in items if item not in gone]

    rest = page_of(Call({"cursor": first.next_cursor}, {}, b""), "list", stays + come, lambda item: item, 100)

    assert rest.items == sorted(item for item in stays + come if item > first.items[0])


@given(st.text(max_size=40), st.text(max_size=40))
def test_a_cursor_is_good_for_its_own_list_only(scope: str, other: str) -> None:
    cursor = write_cursor(scope, ["x", 1])

    assert read_cursor(scope, cursor) == ["x", 1]
    if other != scope:
        with pytest.raises(RequestError):
            read_cursor(other, cursor)


@given(st.text(max_size=60) | st.binary(max_size=60).map(bytes.hex))
def test_what_is_no_cursor_is_refused_by_name(text: str) -> None:
    with pytest.raises(RequestError) as refused:
        read_cursor("list", text)

    assert refused.value.errors[0]["parameter"] == "cursor"


@given(st.recursive(st.none() | st.integers() | st.text(max_size=5), lambda inner: st.lists(inner, max_size=3)))
def test_a_forged_position_is_refused_and_no_incident(position: object) -> None:
    call = Call({"cursor": write_cursor("list", position)}, {}, b"")
    try:
        page_of(call, "list", [("a", 1), ("b", 2)], lambda item: item, 100)
    except RequestError as error:
        assert error.status == 400
    else:
        assert [type(part) for part in position] == [str, int]  # type: ignore[attr-defined]


def test_a_list_is_walked_by_its_links(world: World) -> None:
    for number in range(7):
        world.now += timedelta(seconds=1)
        world.post_json("/v1/tokens", {"name": f"t{number}"})
    path, names = "/v1/tokens?limit=4", []
    while path:
        answer = world.call("GET", path, token=ADMIN)
        names += [token["name"] for token in answer.json_body["results"]]
        link = answer.headers.get("Link")
        assert (link is None) == (answer.json_body["meta"]["next_cursor"] is None)
        path = urljoin(path, link.partition(">")[0][1:]) if link else None

    assert sorted(names) == sorted(["read", "sql", "admin", *(f"t{number}" for number in range(7))])
    assert names[3:] == [f"t{number}" for number in range(7)]


def test_a_link_keeps_what_else_was_asked(world: World) -> None:
    link = world.get("/v1/tokens", token=ADMIN, limit="1").headers["Link"]

    asked = parse_qs(urlparse(link.partition(">")[0][1:]).query)
    assert link.endswith('; rel="next"')
    assert asked["limit"] == ["1"]
    assert set(asked) == {"limit", "cursor"}


@pytest.mark.parametrize("path", ["/v1/tokens", "/v1/jobs", "/v1/sql", "/v1/sql/saved"])
@pytest.mark.parametrize(
    ("query", "named"), [({"limit": "0"}, "limit"), ({"limit": "²"}, "limit"), ({"cursor": "AeT1"}, "cursor")]
)
def test_every_list_that_grows_refuses_what_is_no_page(
    world: World, path: str, query: dict[str, str], named: str
) -> None:
    answer = world.get(path, token=ADMIN, **query)

    assert answer.status_code == 400
    assert [error["parameter"] for error in answer.json_body["errors"]] == [named]


def test_a_cursor_of_another_run_is_no_page_of_this_one(world: World) -> None:
    world.engine.rows = [(str(number),) for number in range(30)]
    first, second = (
        world.post_json("/v1/sql", {"sql": f"SELECT {number}", "max_rows": 10}).json_body["meta"] for number in range(2)
    )

    own = world.get(f"/v1/sql/{first['run']}/rows", token=ADMIN, cursor=first["next_cursor"])
    others = world.get(f"/v1/sql/{second['run']}/rows", token=ADMIN, cursor=first["next_cursor"])

    assert own.json_body["results"][0] == {"n": 10}
    assert (others.status_code, others.json_body["errors"][0]["parameter"]) == (400, "cursor")
