"""What people keep, of every kind alike: made once, never overwritten unseen, and who was faster is named."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin

import pytest
from chalice.test import HTTPResponse

from chalicelib.api import annotation_schemas, dashboard_schemas, report_schemas, saved_schemas
from tests.unit.api.world import ADMIN, World

_REPORT = {**report_schemas.GIVEN_EXAMPLE, "to": ["subscribers"]}
_METRIC = {"name": "half", "title": "Half", "unit": "x", "description": "x", "expression": "downloads / 2"}
_RULE = {
    "name": "Many",
    "metric": "downloads",
    "interval": "P1D",
    "condition": {"kind": "level", "side": "high", "threshold": 9},
    "to": ["subscribers"],
}
_HOOK = {
    "name": "hook",
    "kind": "webhook",
    "url": "https://example.com/hook",
    "signing_secret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
}


@dataclass(frozen=True)
class Kind:
    """A kind of what people keep: where, what is given, a change of it, its partition, the field of who changed it."""

    path: str
    given: Mapping[str, Any]
    method: str
    changed: Mapping[str, Any]
    pk: str
    by: str = "updated_by"
    below: str = ""


KINDS: Mapping[str, Kind] = {
    "annotation": Kind(
        "/v1/annotations",
        annotation_schemas.GIVEN_EXAMPLE,
        "PUT",
        {**annotation_schemas.GIVEN_EXAMPLE, "title": "Else"},
        "annotation",
    ),
    "dashboard": Kind(
        "/v1/dashboards",
        dashboard_schemas.GIVEN_EXAMPLE,
        "PUT",
        {**dashboard_schemas.GIVEN_EXAMPLE, "name": "Else"},
        "dashboard",
    ),
    "saved query": Kind(
        "/v1/sql/saved",
        saved_schemas.GIVEN_EXAMPLE,
        "PUT",
        {**saved_schemas.GIVEN_EXAMPLE, "name": "Else"},
        "sql_saved",
    ),
    "metric": Kind("/v1/metrics", _METRIC, "PUT", {**_METRIC, "title": "Else"}, "own_metric"),
    "report": Kind("/v1/reports", _REPORT, "PATCH", {"title": "Else"}, "report"),
    "rule": Kind("/v1/alerts", _RULE, "PATCH", {"name": "Else"}, "alert_rule"),
    "channel": Kind("/v1/channels", _HOOK, "PATCH", {"enabled": False}, "channel", by="changed_by"),
}
EVERY = pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
NAMED = pytest.mark.parametrize("kind", [KINDS[name] for name in ("metric", "report", "channel")])


def send(world: World, method: str, path: str, body: Any = None, **headers: str) -> HTTPResponse:
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    sent |= {} if body is None else {"Content-Type": "application/json"}
    return world.call(method, path, token=ADMIN, headers=sent, body=b"" if body is None else json.dumps(body).encode())


def made(world: World, kind: Kind, **headers: str) -> tuple[str, str]:
    """Make one; answer where it is, and its tag."""
    answer = send(world, "POST", kind.path, kind.given, **headers)
    assert answer.status_code == 201, answer.body
    return urljoin(kind.path, answer.headers["Location"]), answer.headers["ETag"]


def before_the_write(world: World, pk: str, do: Callable[[], None]) -> None:
    """Do something once, at the moment before an item of a partition is written."""
    put, left = world.state.put, [do]

    def later(of: str, sk: str, item: Mapping[str, Any], *, expected_version: int | None) -> None:
        if of == pk and left:
            left.pop()()
        put(of, sk, item, expected_version=expected_version)

    world.state.put = later  # type: ignore[method-assign]


def by_bob(world: World, kind: Kind) -> None:
    """Write the only one of a kind anew, as another process does."""
    [(key, item)] = [(key, item) for key, item in world.state.items.items() if key[0] == kind.pk]
    world.state.items[key] = {**item, kind.by: "bob", "version": item["version"] + 1}


@EVERY
@pytest.mark.parametrize("deletes", [False, True], ids=["changed", "deleted"])
def test_who_is_slower_by_a_moment_changes_nothing_and_hears_who_was_faster(
    world: World, kind: Kind, deletes: bool
) -> None:
    path, tag = made(world, kind)
    before_the_write(world, kind.pk, lambda: by_bob(world, kind))

    method, body = ("DELETE", None) if deletes else (kind.method, kind.changed)
    slower = send(world, method, path, body, If_Match=tag)

    assert slower.status_code == 412
    assert slower.json_body["detail"].startswith("bob has changed it since you have seen it, at 2026-11-22T12:07:30Z")
    assert send(world, "GET", path).headers["ETag"] == '"2"'


@EVERY
def test_who_has_seen_what_stands_no_more_hears_who_changed_it(world: World, kind: Kind) -> None:
    path, tag = made(world, kind)
    by_bob(world, kind)

    late, blind = (send(world, kind.method, path, kind.changed, **seen) for seen in ({"If_Match": tag}, {}))

    assert (late.status_code, blind.status_code) == (412, 428)
    assert late.json_body["detail"].startswith("bob has changed it")


@EVERY
def test_another_try_is_the_same_request_however_they_meet(world: World, kind: Kind) -> None:
    """Both answer what was made once, even where the other one writes while this one is about to."""
    tries: list[tuple[str, str]] = []
    before_the_write(world, kind.pk, lambda: tries.append(made(world, kind, Idempotency_Key="k")))
    tries.append(made(world, kind, Idempotency_Key="k"))
    tries.append(made(world, kind, Idempotency_Key="k"))

    assert len(tries) == 3
    assert len(set(tries)) == 1
    assert sum(1 for pk, _ in world.state.items if pk == kind.pk) == 1


@EVERY
def test_a_key_that_was_used_for_another_is_refused(world: World, kind: Kind) -> None:
    made(world, kind, Idempotency_Key="k")
    changed = {**kind.given, **kind.changed}

    assert send(world, "POST", kind.path, changed, Idempotency_Key="k").status_code == 422


@NAMED
def test_a_name_that_is_taken_meanwhile_is_taken(world: World, kind: Kind) -> None:
    before_the_write(world, kind.pk, lambda: void(made(world, kind)))

    second = send(world, "POST", kind.path, kind.given)

    assert second.status_code == 409
    assert f"There is a {next(name for name, one in KINDS.items() if one is kind)} '" in second.json_body["detail"]


def void(_: object) -> None:
    """Answer nothing."""


@EVERY
def test_what_was_deleted_is_there_no_more(world: World, kind: Kind) -> None:
    path, tag = made(world, kind)

    assert send(world, "DELETE", path, If_Match=tag).status_code == 204
    assert send(world, "GET", path).status_code == 404
    assert send(world, kind.method, path, kind.changed, If_Match='"2"').status_code == 404
