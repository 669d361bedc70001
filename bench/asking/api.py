"""The API in this process over some lake, asked with API Gateway's events. Imports what the API does, and no more."""

from __future__ import annotations

import contextlib
import json
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from app import build_app
from chalicelib.api.auth import TOKEN_PK, digest
from chalicelib.api.context import Context
from chalicelib.domain.objects import ObjectStore

TOKEN = "hw_" + "r" * 43


class Tokens:
    """The state, as far as it is looked at: one token."""

    def __init__(self) -> None:
        self._item = {"name": "bench", "scope": "read", "created_at": "2026-11-01T00:00:00Z", "revoked_at": None}

    def get(self, pk: str, sk: str) -> Mapping[str, Any] | None:
        """Answer an item."""
        return {**self._item, "version": 1} if (pk, sk) == (TOKEN_PK, digest(TOKEN)) else None

    def put(self, pk: str, sk: str, item: Mapping[str, Any], *, expected_version: int | None) -> None:
        """Forget that the token was used."""

    def delete(self, pk: str, sk: str) -> None:
        """Delete nothing."""

    def query(self, pk: str) -> Iterator[Mapping[str, Any]]:  # noqa: ARG002 - the port's signature
        """Answer that there is nothing else."""
        return iter(())


class Api:
    """One process of the API.

    Parameters
    ----------
    store, results
        The lake, and where answers are kept; None: nowhere.
    folder
        Where copies of files are kept.
    now
        The present instant.
    """

    def __init__(
        self,
        store: ObjectStore,
        folder: Path,
        results: ObjectStore | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.context = Context(
            clock=now,
            open_state=Tokens,
            open_store=lambda: store,
            open_answers=None if results is None else lambda: results,
            cache_folder=folder,
        )
        self.app = build_app(lambda: self.context)

    def ask(self, metric: str, query: Mapping[str, str]) -> dict[str, Any]:
        """Ask the handler for a metric."""
        answer: dict[str, Any] = self.app(event(metric, query), None)
        assert answer["statusCode"] == 200, answer["body"]
        return answer

    def post(self, body: Mapping[str, Any]) -> dict[str, Any]:
        """Ask the handler as a page does, which posts its questions."""
        answer: dict[str, Any] = self.app(posted(body), None)
        assert answer["statusCode"] == 200, answer["body"]
        return answer

    def ask_anew(self, metric: str, query: Mapping[str, str]) -> dict[str, Any]:
        """Ask the handler, nothing being remembered of earlier answers."""
        self.context.series.kept.clear()
        return self.ask(metric, query)


def event(metric: str, query: Mapping[str, str]) -> dict[str, Any]:
    """Make API Gateway's event of ``GET /v1/metrics/{metric}``."""
    return {
        "requestContext": {"httpMethod": "GET", "resourcePath": "/v1/metrics/{name}", "identity": {}},
        "headers": {"authorization": f"Bearer {TOKEN}"},
        "multiValueQueryStringParameters": {name: [value] for name, value in query.items()},
        "pathParameters": {"name": metric},
        "stageVariables": None,
        "body": None,
    }


def posted(body: Mapping[str, Any]) -> dict[str, Any]:
    """Make API Gateway's event of ``POST /v1/query``."""
    return {
        "requestContext": {"httpMethod": "POST", "resourcePath": "/v1/query", "identity": {}},
        "headers": {"authorization": f"Bearer {TOKEN}", "content-type": "application/json"},
        "multiValueQueryStringParameters": None,
        "pathParameters": None,
        "stageVariables": None,
        "body": json.dumps(body),
    }


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Send the log lines to nowhere while measuring; writing them stays part of the handler's work."""
    sys.stdout.flush()
    kept = os.dup(1)
    with Path(os.devnull).open("w") as nowhere:
        os.dup2(nowhere.fileno(), 1)
        try:
            yield
        finally:
            sys.stdout.flush()
            os.dup2(kept, 1)
            os.close(kept)
