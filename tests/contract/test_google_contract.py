"""The YouTube test server and our source against Google's own discovery document, both ways."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import pytest
from starlette.requests import Request
from starlette.routing import Route

from chalicelib.sources.base import Window
from chalicelib.sources.youtube_channels import YoutubeChannels
from tests.contract import shared_lines
from tests.servers.clock import VirtualClock
from tests.servers.faults import Faults
from tests.servers.youtube import CHANNELS, Youtube

DOCUMENT = shared_lines.FOLDER / "youtube" / "google-discovery" / "youtube.v3.json"
pytestmark = [
    pytest.mark.shared_data,
    pytest.mark.skipif(not DOCUMENT.is_file(), reason=f"{DOCUMENT} is absent; set HEADWATER_SHARED_DATA"),
]
NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)
TYPES = {"string": str, "boolean": bool, "integer": int, "number": (int, float), "array": list, "object": dict}


def against(value: Any, schema: Mapping[str, Any], schemas: Mapping[str, Any], path: str = "$") -> Iterator[str]:
    """What of a value the discovery document does not know, or knows with another type."""
    if "$ref" in schema:
        schema = schemas[schema["$ref"]]
    if not isinstance(value, TYPES[schema["type"]]):
        yield f"{path}: {schema['type']} was expected"
    elif isinstance(value, list):
        for index, each in enumerate(value):
            yield from against(each, schema["items"], schemas, f"{path}[{index}]")
    elif isinstance(value, dict) and "properties" in schema:
        for name, inner in value.items():
            if name in schema["properties"]:
                yield from against(inner, schema["properties"][name], schemas, f"{path}.{name}")
            else:
                yield f"{path}.{name}: not in the contract"


def test_what_we_ask_and_what_the_test_server_answers_is_in_the_contract() -> None:
    document = json.loads(DOCUMENT.read_text())
    method = document["resources"]["channels"]["methods"]["list"]
    clock = VirtualClock(NOW, running=False)
    vendor = Youtube(7, NOW, clock, Faults(clock))
    source = YoutubeChannels()
    config = {"base_url": "http://testserver/youtube", "channels": list(CHANNELS)}

    (request,) = source.requests(Window(NOW, NOW), config)
    sent = source.authorise(request, vendor.secret)
    (route,) = vendor.routes()
    assert isinstance(route, Route)
    headers = [(name.encode(), value.encode()) for name, value in sent.headers.items()]
    query = urlencode(sent.params).encode()
    scope = {"type": "http", "method": "GET", "path": route.path, "query_string": query, "headers": headers}
    answer = asyncio.run(route.endpoint(Request(scope)))

    assert sent.url.endswith("/youtube" + route.path)
    assert sent.method == method["httpMethod"]
    assert sent.url.endswith("/" + method["path"])
    assert set(sent.params) <= set(method["parameters"]) | set(document["parameters"])
    assert all(name in sent.params for name, p in method["parameters"].items() if p.get("required"))
    assert answer.status_code == 200
    schemas = document["schemas"]
    assert list(against(json.loads(answer.body), {"$ref": method["response"]["$ref"]}, schemas)) == []
    assert list(against({"items": [{"id": 7, "x": 1}]}, {"$ref": "ChannelListResponse"}, schemas)) != []
