"""The YouTube test server and our sources against Google's own discovery documents, both ways."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
from starlette.requests import Request as Asked
from starlette.responses import Response
from starlette.routing import Route

from chalicelib.sources.base import Page, PullSource, Request, Window
from chalicelib.sources.youtube_analytics import YoutubeAnalytics
from chalicelib.sources.youtube_channels import YoutubeChannels
from chalicelib.sources.youtube_videos import YoutubeVideos
from tests import real_data
from tests.servers.clock import VirtualClock
from tests.servers.faults import Faults
from tests.servers.youtube import CHANNELS, VIDEOS, Youtube

FOLDER = real_data.FOLDER / "youtube" / "google-discovery"
pytestmark = [
    pytest.mark.shared_data,
    pytest.mark.skipif(not FOLDER.is_dir(), reason=f"{FOLDER} is absent; set HEADWATER_SHARED_DATA"),
]
NOW = datetime(2026, 11, 22, tzinfo=UTC)
WINDOW = Window(NOW - timedelta(days=4), NOW - timedelta(days=3))
ROOT = "http://testserver/youtube"
CONFIG = {
    "base_url": ROOT,
    "token_url": f"{ROOT}/token",
    "channels": list(CHANNELS),
    "videos": list(VIDEOS),
    "since": {},
    "restated_days": 14,
    "start": None,
}
CONTRACTS = [
    pytest.param(source, CONFIG, document, method, id=source.name)
    for source, document, method in (
        (YoutubeChannels(), "youtube.v3.json", ("channels", "list")),
        (YoutubeVideos(), "youtube.v3.json", ("videos", "list")),
        (YoutubeAnalytics(), "youtubeAnalytics.v2.json", ("reports", "query")),
    )
]
TYPES = {
    "string": str,
    "boolean": bool,
    "integer": int,
    "number": (int, float),
    "array": list,
    "object": dict,
    "any": object,
}


def against(value: Any, schema: Mapping[str, Any], schemas: Mapping[str, Any], path: str = "$") -> Iterator[str]:
    """What of a value the discovery document does not know, or knows with another type."""
    if "$ref" in schema:
        schema = schemas[schema["$ref"]]
    if not isinstance(value, TYPES[schema["type"]]):
        yield f"{path}: {schema['type']} was expected"
    elif schema.get("format") in {"int64", "uint64"} and not re.fullmatch(r"-?\d+", str(value)):
        yield f"{path}: the digits of an {schema['format']} were expected"
    elif isinstance(value, list):
        for index, each in enumerate(value):
            yield from against(each, schema["items"], schemas, f"{path}[{index}]")
    elif isinstance(value, dict) and "properties" in schema:
        for name, inner in value.items():
            if name in schema["properties"]:
                yield from against(inner, schema["properties"][name], schemas, f"{path}.{name}")
            else:
                yield f"{path}.{name}: not in the contract"


def ask(vendor: Youtube, request: Request) -> Response:
    """Hand a request to the route of its path."""
    path = urlsplit(request.url).path.removeprefix("/youtube")
    (route,) = (route for route in vendor.routes() if isinstance(route, Route) and route.path == path)
    headers = [(name.encode(), value.encode()) for name, value in request.headers.items()]
    query = urlencode(request.params).encode()
    scope = {"type": "http", "method": request.method, "path": path, "query_string": query, "headers": headers}

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": request.body or b"", "more_body": False}

    answer: Response = asyncio.run(route.endpoint(Asked(scope, receive)))
    return answer


def page(request: Request, answer: Response) -> Page:
    return Page(request, answer.status_code, {}, bytes(answer.body), NOW)


@pytest.mark.parametrize(("source", "config", "document", "method"), CONTRACTS)
def test_what_we_ask_and_what_the_test_server_answers_is_in_the_contract(
    source: PullSource, config: Mapping[str, Any], document: str, method: tuple[str, str]
) -> None:
    contract = json.loads((FOLDER / document).read_text())
    declared = contract["resources"][method[0]]["methods"][method[1]]
    clock = VirtualClock(NOW, running=False)
    vendor = Youtube(7, NOW, clock, Faults(clock))
    secret: Mapping[str, str] = vendor.secret
    if (renewal := source.renewal(secret, config)) is not None:
        secret = source.renewed(secret, page(renewal, ask(vendor, renewal)))

    for request in source.requests(WINDOW, config):
        sent = source.authorise(request, secret)
        answer = ask(vendor, sent)

        assert sent.method == declared["httpMethod"]
        assert urlsplit(sent.url).path == f"/youtube/{declared['path']}"
        assert set(sent.params) <= set(declared["parameters"]) | set(contract["parameters"])
        required = {name for name, p in declared["parameters"].items() if is_required(p)}
        assert required
        assert required <= set(sent.params)
        patterns = {name: pattern_of(declared["parameters"].get(name, {})) for name in sent.params}
        assert all(re.fullmatch(pattern, sent.params[name]) for name, pattern in patterns.items() if pattern)
        assert answer.status_code == 200
        schemas = contract["schemas"]
        reference = {"$ref": declared["response"]["$ref"]}
        assert list(against(json.loads(bytes(answer.body)), reference, schemas)) == []
        assert list(against({"kind": 7}, reference, schemas)) == ["$.kind: string was expected"]
        assert list(against({"x": 7}, reference, schemas)) == ["$.x: not in the contract"]
        source.judge(page(request, answer))


@pytest.mark.parametrize(("source", "config", "document", "method"), CONTRACTS)
def test_the_test_server_refuses_what_the_contract_does_not_know(
    source: PullSource, config: Mapping[str, Any], document: str, method: tuple[str, str]
) -> None:
    clock = VirtualClock(NOW, running=False)
    vendor = Youtube(7, NOW, clock, Faults(clock))
    renewal = source.renewal(vendor.secret, config)
    secret = source.renewed(vendor.secret, page(renewal, ask(vendor, renewal))) if renewal else vendor.secret
    request = source.requests(WINDOW, config)[0]

    answer = ask(vendor, source.authorise(replace(request, params={**request.params, "frm": "2026-01-01"}), secret))

    assert answer.status_code == 400


def is_required(parameter: Mapping[str, Any]) -> bool:
    """Whether a parameter is; the Analytics document says so in its description only."""
    return bool(parameter.get("required")) or "required: true" in parameter.get("description", "")


def pattern_of(parameter: Mapping[str, Any]) -> str | None:
    """The pattern of a parameter; the Analytics document has it in its description only."""
    found = re.search(r"pattern: \"?(\S+)$", parameter.get("description", ""))
    return found[1] if found else parameter.get("pattern")
