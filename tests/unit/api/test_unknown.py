"""Paths that there are not."""

from __future__ import annotations

from pathlib import Path
from time import process_time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug import Client

from chalicelib.api.resources import PATHS
from chalicelib.api.unknown import nearest_path
from tests.fuzz.gateway import Gateway
from tests.unit.api.world import World


@pytest.fixture
def client(tmp_path: Path) -> Client:
    return Client(Gateway(World(tmp_path).app))


NEAR = [
    ("/v1/metric", "/v1/metrics"),
    ("/v1/metrics/", None),
    ("/metrics", "/v1/metrics"),
    ("/v1/Metrics/downloads", "/v1/metrics/downloads"),
    ("/v1/source/github_webhooks/backfil", "/v1/sources/github_webhooks/backfill"),
    ("/openapi.yaml", "/openapi.json"),
    ("/doc", "/docs"),
    ("/wp-login.php", None),
    ("/v1/../../etc/passwd", None),
    ("/" + "v1/" * 40, None),
]


@pytest.mark.parametrize(("path", "meant"), NEAR)
@pytest.mark.parametrize("method", ["GET", "POST", "HEAD"])
def test_an_unknown_path_is_a_problem_that_suggests_the_near_one(
    client: Client, method: str, path: str, meant: str | None
) -> None:
    if path == "/v1/metrics/":
        assert client.open(path, method="GET").status_code == 401
        return
    answer = client.open(path, method=method)

    assert answer.status_code == 404
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    if method == "HEAD":
        assert answer.data == b""
        return
    said: Any = answer.json
    [error] = said["errors"]
    assert error.get("suggestion") == meant
    assert ("Did you mean" in said["detail"]) == (meant is not None)


@given(st.text(max_size=300))
def test_what_is_suggested_is_a_path_that_there_is(text: str) -> None:
    began = process_time()
    found = nearest_path("/" + text, PATHS)

    assert process_time() - began < 0.5
    if found is not None:
        parts = found.strip("/").split("/")
        forms = [path.strip("/").split("/") for path in PATHS]
        assert any(
            len(form) == len(parts)
            and all(of.startswith("{") or of == one for of, one in zip(form, parts, strict=True))
            for form in forms
        )
