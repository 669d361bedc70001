"""The declarations: OpenAPI is valid, examples are real, everything is documented, and the API starts light."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

from chalicelib.api.openapi import document
from chalicelib.api.page import page
from chalicelib.api.resources import RESOURCES
from chalicelib.api.routes import Access, Route
from chalicelib.metrics.declared.downloads import DOWNLOADS
from tests.unit.api.world import ADMIN, World
from tests.unit.metrics.published_cubes import publish

ROOT = Path(__file__).resolve().parents[3]
ROUTES = [route for declared in RESOURCES.values() for route in declared]
EXAMPLES = [
    (route.name, answer.schema, answer.example)
    for route in ROUTES
    for answer in route.answers
    if answer.schema is not None and answer.example is not None
]


def test_the_document_is_valid_openapi(world: World) -> None:
    served = world.get("/openapi.json", token=None)

    assert served.status_code == 200
    OpenAPIV31SpecValidator(served.json_body).validate()
    assert {f"{r.method.lower()} {r.path}" for r in ROUTES} == {
        f"{method} {path}" for path, operations in served.json_body["paths"].items() for method in operations
    }


@pytest.mark.parametrize("route", ROUTES, ids=lambda r: f"{r.method} {r.path}")
def test_every_route_states_its_access_and_is_explained(route: Route) -> None:
    assert isinstance(route.access, Access)
    assert route.summary
    assert route.description
    assert route.answers
    if route.access is Access.PUBLIC:
        assert route.path in {"/health", "/openapi.json", "/docs", "/catalog", "/b", "/b.gif"}


@pytest.mark.parametrize(("name", "schema", "example"), EXAMPLES, ids=[e[0] for e in EXAMPLES])
def test_every_example_is_what_its_schema_says(name: str, schema: dict[str, Any], example: Any) -> None:
    Draft202012Validator(schema).validate(example)


REAL = {
    "health": ("/health", {}),
    "get_pipeline": ("/pipeline/month", {}),
    "get_web_traffic": ("/awareness/webtraffic/week", {}),
    "get_subscribers": ("/awareness/socialmedia/subscribers", {}),
    "get_share_of_voice": ("/awareness/seo", {}),
    "get_downloads": ("/adoption/downloads", {}),
    "list_metrics": ("/v1/metrics", {}),
    "get_series": ("/v1/metrics/downloads", {"group_by": "version,product"}),
    "list_sources": ("/v1/sources", {}),
    "list_incidents": ("/v1/incidents", {}),
    "list_saved": ("/v1/sql/saved", {}),
    "get_saved": ("/v1/sql/saved/top_pages", {}),
    "list_catalog": ("/v1/catalog", {}),
    "get_catalog_entry": ("/v1/catalog/downloads_cube", {"sample": "3"}),
    "list_tokens": ("/v1/tokens", {}),
    "get_session": ("/v1/session", {}),
}


@pytest.mark.parametrize("name", REAL)
def test_real_answers_are_what_their_schemas_say(world: World, name: str) -> None:
    row = {"bucket_start": datetime(2026, 11, 20, tzinfo=UTC), "version": "1", "product": None, "is_bot": False}
    publish(world.store, DOWNLOADS, [{**row, "downloads": 1, "download_bytes": 2}])
    path, query = REAL[name]
    schema = next(a.schema for r in ROUTES if r.name == name for a in r.answers if a.schema is not None)

    answer = world.get(path, token=ADMIN, **query)

    assert answer.status_code == 200
    Draft202012Validator(schema).validate(answer.json_body)


def test_a_made_token_is_what_its_schema_says(world: World) -> None:
    schema = next(a.schema for r in ROUTES if r.name == "make_token" for a in r.answers if a.schema is not None)

    Draft202012Validator(schema).validate(world.post_json("/v1/tokens", {"name": "x"}).json_body)


def test_the_page_escapes_everything_and_loads_nothing(world: World) -> None:
    described = document(RESOURCES)
    described["paths"]["/health"]["get"]["summary"] = "<script>alert(1)</script>"

    hostile, served = page(described), world.get("/docs", token=None)

    assert "<script" not in hostile
    assert "&lt;script&gt;" in hostile
    assert served.headers["Content-Type"].startswith("text/html")
    assert "default-src 'none'" in served.headers["Content-Security-Policy"]
    assert "src=" not in served.body.decode()
    assert all(route.path in served.body.decode() for route in ROUTES)


@pytest.mark.parametrize("name", ["api.md", "catalog.md", "metrics.md"])
def test_the_pages_of_the_documentation_are_up_to_date(name: str) -> None:
    spec = importlib.util.spec_from_file_location("generate", ROOT / "docs" / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)

    assert (ROOT / "docs" / name).read_text() == module.PAGES[name](), "run `python docs/generate.py`"


HEAVY = {"pandas", "pyarrow", "awswrangler", "requests", "boto3", "duckdb", "sqlglot", "numpy"}
HEAVY |= {"crawleruseragents", "ua_parser"}


def test_importing_the_app_loads_nothing_heavy_and_needs_no_environment() -> None:
    code = f"import sys, app; print(sorted({HEAVY!r} & set(sys.modules)))"

    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env={}, capture_output=True, text=True, check=True, timeout=60
    )

    assert done.stdout.strip() == "[]"
