"""What the OpenAPI document says of every route, and that the page's examples for the shell are right."""

from __future__ import annotations

import shlex
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from chalicelib.api.curl import curl
from chalicelib.api.openapi import TAGS, document
from chalicelib.api.openapi_answers import HEADERS, TOKEN_ACCESS
from chalicelib.api.page import page
from chalicelib.api.problems import SLUGS
from chalicelib.api.resources import RESOURCES
from chalicelib.api.routes import Access, Route
from tests.fuzz.seeded import Seeded
from tests.unit.api.world import ADMIN

DOCUMENT = document(RESOURCES)
ROUTES = [route for declared in RESOURCES.values() for route in declared]
OPERATIONS = [(m, path, op) for path, operations in DOCUMENT["paths"].items() for m, op in operations.items()]
IDS = [f"{method} {path}" for method, path, _ in OPERATIONS]


def resolved(answer: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = answer
    if "$ref" in answer:
        found = DOCUMENT["components"]["responses"][answer["$ref"].rpartition("/")[2]]
    return found


def test_operations_have_names_of_their_own_and_a_tag_that_is_explained() -> None:
    names = Counter(op["operationId"] for _, _, op in OPERATIONS)

    assert [name for name, count in names.items() if count > 1] == []
    assert {tag for _, _, op in OPERATIONS for tag in op["tags"]} == {tag["name"] for tag in DOCUMENT["tags"]}
    assert [tag for tag in RESOURCES if tag not in TAGS] == [], "say in openapi.TAGS what it is for"


@pytest.mark.parametrize("route", ROUTES, ids=lambda r: r.name)
def test_what_can_go_wrong_everywhere_is_told_everywhere(route: Route) -> None:
    told = {int(status) for status in DOCUMENT["paths"][route.path][route.method.lower()]["responses"]}
    must = {400, 405, 414, 429, 500, 503}
    must |= {401, 403} if route.access in TOKEN_ACCESS else set()
    must |= {413} if route.body is not None else set()
    by_link = route.access is Access.LINK  # what is in its path is a signed token: good, refused, or too old
    must |= {403, 410} if by_link else {404} if any(p.where == "path" for p in route.parameters) else set()

    assert must <= told


@pytest.mark.parametrize(("method", "path", "operation"), OPERATIONS, ids=IDS)
def test_examples_of_parameters_bodies_and_answers_fit_their_schemas(
    method: str, path: str, operation: dict[str, Any]
) -> None:
    contents = [content for body in [operation.get("requestBody", {})] for content in body.get("content", {}).values()]
    contents += [c for a in operation["responses"].values() for c in resolved(a).get("content", {}).values()]
    given = [(p["schema"], p["example"]) for p in operation.get("parameters", [])]
    given += [(c["schema"], c["example"]) for c in contents if "example" in c and "$ref" not in c["schema"]]

    for schema, example in given:
        Draft202012Validator(schema).validate(example)


def test_every_problem_has_an_example_that_is_one() -> None:
    schema = DOCUMENT["components"]["schemas"]["Problem"]
    answers = DOCUMENT["components"]["responses"]

    assert len(answers) == len(SLUGS)
    for answer in answers.values():
        [content] = answer["content"].values()
        Draft202012Validator(schema).validate(content["example"])


def test_every_header_that_is_named_is_described() -> None:
    named = {h for _, _, op in OPERATIONS for a in op["responses"].values() for h in resolved(a).get("headers", {})}

    assert named <= set(HEADERS)
    for header in HEADERS.values():
        Draft202012Validator(header["schema"]).validate(header["example"])


def test_pages_say_that_they_have_a_link_and_unchanged_answers_a_tag() -> None:
    assert "Link" in DOCUMENT["paths"]["/v1/tokens"]["get"]["responses"]["200"]["headers"]
    assert "Link" not in DOCUMENT["paths"]["/v1/sql/{id}/rows"]["get"]["responses"]["200"]["headers"]
    assert "ETag" in DOCUMENT["paths"]["/v1/metrics"]["get"]["responses"]["304"]["headers"]


def sent(command: str) -> tuple[str, str, dict[str, str], bytes]:
    """Read a curl command as a shell and curl do."""
    words = shlex.split(command.replace("\\\n", ""))
    method, url, headers, body = "GET", "", {}, b""
    rest = iter(words[2:])
    for word in rest:
        if word == "-X":
            method = next(rest)
        elif word == "-H":
            name, _, value = next(rest).partition(": ")
            headers[name] = value.replace("$HEADWATER_TOKEN", ADMIN)
        elif word == "-d":
            body = next(rest).encode()
        else:
            url = word
    return method, url.removeprefix("$HEADWATER_API"), headers, body


@pytest.mark.parametrize(("method", "path", "operation"), OPERATIONS, ids=IDS)
def test_the_example_for_the_shell_is_a_request_that_is_understood(
    tmp_path: Path, method: str, path: str, operation: dict[str, Any]
) -> None:
    world = Seeded(tmp_path).world
    verb, url, headers, body = sent(curl(method, path, operation))

    answer = world.call(verb, url, token=None, headers=headers, body=body)

    assert verb == method.upper()
    assert str(answer.status_code) in operation["responses"]
    assert answer.status_code not in (400, 405, 413, 414, 415, 500, 503), answer.body


def test_the_page_has_every_operation_once_and_each_command() -> None:
    text = page(DOCUMENT)

    assert text.count("<article ") == len(OPERATIONS)
    assert text.count("curl -sS") == len(OPERATIONS)
    assert all(f'href="#{op["operationId"]}"' in text for _, _, op in OPERATIONS)
