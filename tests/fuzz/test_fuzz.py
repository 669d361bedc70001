"""A slice of ``make fuzz``: no answer is a server error, and each is as the document says; what is wrong is seen."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from chalicelib.api import health
from chalicelib.api.routes import Reply
from tests.fuzz.cases import run


@pytest.mark.parametrize("path", ["/v1/query", "/v1/metrics/{name}"])
def test_no_made_up_request_is_answered_as_the_document_does_not_say(tmp_path: Path, path: str) -> None:
    """The two routes that take most; CI makes up 10,000 requests to all of them."""
    figures = run(tmp_path, 1, chains=False, only=path)

    assert figures.failures == {}
    assert figures.errors == []
    assert figures.server_errors == 0
    assert figures.cases > 20


@pytest.mark.parametrize(
    ("reply", "failure"),
    [
        (Reply({"status": "ok", "version": 1}), "JsonSchemaError"),
        (Reply({"status": "ok"}, 203), "UndefinedStatusCode"),
        (Reply(b"ok", 200, {"Content-Type": "text/plain"}), "UndefinedContentType"),
        (Reply({"status": "ok"}, 502), "ServerError"),
    ],
)
def test_an_answer_that_is_not_as_documented_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, reply: Reply, failure: str
) -> None:
    def broken(*_: Any) -> Reply:
        return reply

    [route] = health.ROUTES
    monkeypatch.setattr(health, "ROUTES", (replace(route, handler=broken),))

    assert failure in {kind for kind, _, _ in run(tmp_path, 1, chains=False, only=route.path).failures}
