"""Nothing of the document is missing in the client: operations, parameters, fields."""

from __future__ import annotations

import importlib.util
import inspect
from typing import Any

import pytest
from headwater_client import Client, models

from chalicelib.api.openapi import document
from chalicelib.api.resources import RESOURCES
from tests.fuzz.seeded import ROOT

DOCUMENT = document(RESOURCES)
OPERATIONS = [op for operations in DOCUMENT["paths"].values() for op in operations.values()]


def module_at(path: str) -> Any:
    spec = importlib.util.spec_from_file_location(path.replace("/", "_").removesuffix(".py"), ROOT / path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


GENERATE = module_at("clients/python/generate.py")
ASKED = [op for op in OPERATIONS if op["operationId"] not in GENERATE.LEFT_OUT]


def test_the_generated_modules_are_up_to_date() -> None:
    for path, text in GENERATE.generate(DOCUMENT).items():
        assert (ROOT / path).read_text() == text, "run `python docs/generate.py`"


def test_what_is_left_out_exists_and_says_why() -> None:
    assert set(GENERATE.LEFT_OUT) <= {op["operationId"] for op in OPERATIONS}
    assert all(GENERATE.LEFT_OUT.values())


@pytest.mark.parametrize("operation", ASKED, ids=lambda op: op["operationId"])
def test_every_operation_is_a_method_that_takes_what_the_document_says(operation: dict[str, Any]) -> None:
    taken = set(inspect.signature(getattr(Client, operation["operationId"])).parameters)
    named = {parameter["name"] for parameter in operation.get("parameters", [])}
    for content in operation.get("requestBody", {}).get("content", {}).values():
        fields = content["schema"].get("properties", {})
        named |= set() if "body" in taken else set(fields)
    if operation["operationId"] in GENERATE.ROWS_ONLY:
        named.remove("format")

    assert {GENERATE.snake(name) for name in named} | {"self"} <= taken | {"self"}


def fields(schema: dict[str, Any]) -> set[str]:
    """Every name of a field in a schema whose fields do not depend on the question, at any depth."""
    if isinstance(schema.get("additionalProperties"), dict) and schema["additionalProperties"]:
        return set()
    found = set(schema.get("properties", {}))
    below = [*schema.get("properties", {}).values(), *schema.get("oneOf", []), *schema.get("anyOf", [])]
    return found.union(*(fields(one) for one in [*below, *([schema["items"]] if "items" in schema else [])]))


@pytest.mark.parametrize("operation", ASKED, ids=lambda op: op["operationId"])
def test_every_field_of_an_answer_has_a_type(operation: dict[str, Any]) -> None:
    name = GENERATE.camel(operation["operationId"])
    typed: set[str] = set()
    for found, kind in vars(models).items():
        if found.startswith(name):
            typed |= set(getattr(kind, "__annotations__", {}))
    wanted: set[str] = set()
    last = "300" if operation["operationId"] in GENERATE.ROWS_ONLY else "400"
    for status, answer in operation["responses"].items():
        for content_type, content in answer.get("content", {}).items() if status < last else ():
            wanted |= fields(content["schema"]) if content_type.endswith("json") else set()

    assert wanted <= typed
