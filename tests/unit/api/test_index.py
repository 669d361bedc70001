"""The index of routes is what the declarations say, and a cold start loads no more than it needs."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from chalicelib.api.dispatch import declaration
from chalicelib.api.index import INDEX
from chalicelib.api.resources import PATHS, RESOURCES

ROOT = Path(__file__).resolve().parents[3]
ENTRIES = [
    (resource, path, method, where)
    for resource, paths in INDEX.items()
    for path, by_method in paths.items()
    for method, where in by_method.items()
]


def generator() -> ModuleType:
    spec = importlib.util.spec_from_file_location("generate", ROOT / "docs" / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_index_is_up_to_date() -> None:
    made = generator()

    assert made.INDEX.read_text() == made.index(), "a route is not served as declared: run `python docs/generate.py`"


def test_the_index_has_every_route_and_no_other() -> None:
    declared = [(of, r.path, r.method, r.name) for of, routes in RESOURCES.items() for r in routes]
    indexed = [(of, path, method, where.rpartition(".")[2]) for of, path, method, where in ENTRIES]

    assert sorted(indexed) == sorted(declared)
    assert [path for paths in INDEX.values() for path in paths] == list(PATHS)


def test_every_module_that_declares_routes_is_a_resources() -> None:
    served = {route.name for routes in RESOURCES.values() for route in routes}

    assert set(generator().modules()) - served == set(), "name the module in chalicelib/api/resources.py"


@pytest.mark.parametrize(("resource", "path", "method", "where"), ENTRIES, ids=[e[3] for e in ENTRIES])
def test_what_the_index_names_is_declared_there(resource: str, path: str, method: str, where: str) -> None:
    route = declaration(where)

    assert (route.path, route.method) == (path, method)
    assert route in RESOURCES[resource]


PARTS = ("alerts", "digests", "documents", "exports", "incidents", "ingest", "lake", "outbox", "reports", "sql")
PARTS += ("subscriptions",)
ASKED = """
import json, sys
from datetime import UTC, datetime
from pathlib import Path
from bench.asking.api import Api, TOKEN, event, quiet
api = Api(None, Path("/nowhere"), now=lambda: datetime(2026, 11, 22, tzinfo=UTC))
request = event("", {})
request["requestContext"]["resourcePath"] = PATH
with quiet():
    answer = api.app(request, None)
assert answer["statusCode"] == 200, answer
print(json.dumps(sorted(sys.modules)))
"""


def modules(code: str) -> set[str]:
    """Answer what a fresh interpreter has loaded of us in the end."""
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env={}, capture_output=True, text=True, check=True, timeout=60
    )
    return {name for name in json.loads(done.stdout.splitlines()[-1]) if name.startswith("chalicelib.")}


def of(part: str, found: set[str]) -> list[str]:
    return sorted(name for name in found if name.startswith(f"chalicelib.{part}."))


def test_importing_the_app_loads_no_route_and_no_part_of_what_routes_work_with() -> None:
    found = modules("import json, sys, app; print(json.dumps(sorted(sys.modules)))")

    assert {part: of(part, found) for part in PARTS if of(part, found)} == {}
    assert found & {f"chalicelib.api.{where.partition('.')[0]}" for *_, where in ENTRIES} == {"chalicelib.api.docs"}
    assert len(found) < 60


def test_a_question_loads_what_it_needs() -> None:
    found = modules(ASKED.replace("PATH", repr("/v1/metrics")))

    assert "chalicelib.api.metrics" in found
    assert "chalicelib.api.own_metrics" not in found
    assert {part: of(part, found) for part in ("alerts", "digests", "reports", "subscriptions", "incidents")} == {
        part: [] for part in ("alerts", "digests", "reports", "subscriptions", "incidents")
    }


def test_the_document_loads_every_route() -> None:
    found = modules(ASKED.replace("PATH", repr("/openapi.json")))

    assert found >= {f"chalicelib.api.{where.partition('.')[0]}" for *_, where in ENTRIES}
