"""What holds for every route: methods, CORS, problems, HEAD, unknown parameters, incidents."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any, NoReturn

import pytest
from chalice.test import Client

from app import build_app
from chalicelib import VERSION
from chalicelib.api.context import Context
from chalicelib.domain.clock import system_clock
from chalicelib.errors import ConfigError
from tests.unit.api.world import ADMIN, World

ORIGIN = "https://dashboard.example"


@pytest.fixture
def client() -> Iterator[Client]:
    context = Context(clock=system_clock, allowed_origin=ORIGIN)
    with Client(build_app(lambda: context)) as made:
        yield made


def test_health_says_that_the_api_is_up_and_which_version(client: Client) -> None:
    answer = client.http.get("/health")

    assert answer.status_code == 200
    assert answer.json_body == {"status": "ok", "version": VERSION}


@pytest.mark.parametrize(("method", "status"), [("GET", 200), ("POST", 405), ("OPTIONS", 204), ("HEAD", 200)])
def test_every_answer_carries_cors_headers(client: Client, method: str, status: int) -> None:
    answer = client.http.request(method, "/health")

    assert answer.status_code == status
    assert answer.headers["Access-Control-Allow-Origin"] == ORIGIN
    assert answer.headers["Vary"] == "Origin"


def test_a_preflight_names_the_methods_and_headers(client: Client) -> None:
    answer = client.http.options("/health")

    assert "Authorization" in answer.headers["Access-Control-Allow-Headers"]
    assert "DELETE" in answer.headers["Access-Control-Allow-Methods"]


def test_a_wrong_method_is_a_problem_that_names_the_right_ones(client: Client) -> None:
    answer = client.http.delete("/health")

    assert answer.status_code == 405
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.headers["Allow"] == "GET, HEAD, OPTIONS"
    assert answer.json_body["type"] == "urn:headwater:problem:method-not-allowed"


def test_head_has_the_headers_of_get_and_no_body(client: Client) -> None:
    answer = client.http.head("/openapi.json")

    assert answer.body == b""
    assert answer.headers["ETag"] == client.http.get("/openapi.json").headers["ETag"]


def test_unknown_and_repeated_parameters_are_refused_by_name(client: Client) -> None:
    answer = client.http.get("/health?colour=red&size=1")

    assert answer.status_code == 400
    assert [e["parameter"] for e in answer.json_body["errors"]] == ["colour", "size"]


def test_a_query_that_is_too_long_is_refused(client: Client) -> None:
    assert client.http.get("/health?x=" + "y" * 3000).status_code == 414


def test_a_missing_setting_is_an_incident_that_tells_the_client_nothing(caplog: pytest.LogCaptureFixture) -> None:
    def provide() -> Context:
        raise ConfigError("missing HEADWATER_LAKE_BUCKET")

    logging.getLogger("api").addHandler(caplog.handler)
    with Client(build_app(provide)) as client:
        answer = client.http.get("/health")

    assert answer.status_code == 500
    assert "HEADWATER_LAKE_BUCKET" not in answer.body.decode()
    logged = [record.__dict__["problem"]["instance"] for record in caplog.records if "problem" in record.__dict__]
    assert answer.json_body["instance"] in logged


def gateway_event(**context: str) -> dict[str, Any]:
    """What API Gateway sends, for a resource of our choice."""
    return {
        "requestContext": {"httpMethod": "GET", **context},
        "headers": {},
        "multiValueQueryStringParameters": None,
        "pathParameters": None,
        "stageVariables": None,
        "body": None,
    }


@pytest.mark.parametrize(("context", "status"), [({"resourcePath": "/unknown"}, 405), ({}, 404)])
def test_what_is_not_routed_to_us_is_a_problem_too(context: dict[str, str], status: int) -> None:
    app = build_app(lambda: Context(clock=system_clock))

    answer = app(gateway_event(**context), None)

    assert answer["statusCode"] == status
    assert answer["headers"]["Content-Type"] == "application/problem+json"


def test_a_bug_in_a_handler_is_an_incident_whose_cause_is_in_the_log_only(caplog: pytest.LogCaptureFixture) -> None:
    def explode() -> NoReturn:
        raise ZeroDivisionError("a very private detail")

    context = Context(clock=system_clock, open_state=explode)
    logging.getLogger("api").addHandler(caplog.handler)
    with Client(build_app(lambda: context)) as client:
        answer = client.http.get("/v1/metrics", headers={"Authorization": "Bearer " + "x" * 43})

    assert answer.status_code == 500
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "private" not in answer.body.decode()
    assert "ZeroDivisionError" not in answer.body.decode()
    record = next(r for r in caplog.records if r.__dict__.get("problem", {}).get("instance"))
    assert record.__dict__["problem"]["instance"] == answer.json_body["instance"]
    assert record.exc_info is not None
    assert record.exc_info[0] is ZeroDivisionError


NEAR = [
    ("/v1/metrics/downlods", {}, 404, "name", "downloads"),
    ("/v1/metrics/downloads", {"intervall": "P1D"}, 400, "intervall", "interval"),
    ("/v1/metrics/downloads", {"interval": "day"}, 400, "interval", "P1D"),
    ("/v1/metrics/downloads", {"tz": "paris"}, 400, "tz", "Europe/Paris"),
    ("/v1/metrics/downloads", {"group_by": "verison"}, 400, "group_by", "version"),
    ("/v1/catalog/v_download", {}, 404, "name", "v_downloads"),
    ("/v1/catalog", {"kind": "veiw"}, 400, "kind", "view"),
    ("/v1/sql/saved/top-pages", {}, 404, "id", "top_pages"),
    ("/v1/sql/0/file", {"format": "exel"}, 400, "format", None),
]


@pytest.mark.parametrize(("path", "query", "status", "parameter", "meant"), NEAR)
def test_a_mistake_is_answered_with_what_was_probably_meant(
    world: World, path: str, query: dict[str, str], status: int, parameter: str, meant: str | None
) -> None:
    answer = world.get(path, token=ADMIN, **query)

    assert answer.status_code == status
    [error] = answer.json_body["errors"]
    assert (error["parameter"], error.get("suggestion")) == (parameter, meant)
    if meant:
        assert f"Did you mean '{meant}'?" in error["detail"]


@pytest.mark.parametrize(
    ("path", "body", "parameter", "meant"),
    [
        ("/v1/tokens", {"name": "x", "scop": "read"}, "scop", "scope"),
        ("/v1/tokens", {"name": "x", "scope": "raed"}, "scope", "read"),
        ("/v1/sql", {"sql": "SELECT 1", "format": "jsn"}, "format", "json"),
        ("/v1/sql", {"sql": "SELECT 1", "max_row": 3}, "max_row", "max_rows"),
    ],
)
def test_a_mistake_in_a_body_too(world: World, path: str, body: Any, parameter: str, meant: str) -> None:
    answer = world.post_json(path, body)

    assert answer.status_code == 400
    assert {e["parameter"]: e.get("suggestion") for e in answer.json_body["errors"]} == {parameter: meant}
