"""An API over a lake, a state and secrets in memory."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from chalice.test import Client, HTTPResponse

from app import build_app
from chalicelib.api.auth import TOKEN_PK, digest
from chalicelib.api.context import Context
from chalicelib.errors import ConfigError, PreconditionFailed
from tests.unit.metrics.memory_lake import MemoryStore
from tests.unit.sql.disk_results import DiskResults
from tests.unit.sql.memory_engine import MemoryEngine
from tests.unit.subscriptions.memory import MemoryTopic

READ, SQL, ADMIN = "hw_" + "r" * 43, "hw_" + "s" * 43, "hw_" + "a" * 43
WEBHOOK_SECRETS = ["new-secret", "old-secret"]


class MemoryState:
    """Items in memory, with conditional writes."""

    def __init__(self) -> None:
        self.items: dict[tuple[str, str], dict[str, Any]] = {}
        self.reads = 0

    def get(self, pk: str, sk: str) -> Mapping[str, Any] | None:
        self.reads += 1
        return self.items.get((pk, sk))

    def put(self, pk: str, sk: str, item: Mapping[str, Any], *, expected_version: int | None) -> None:
        standing = self.items.get((pk, sk))
        if (standing["version"] if standing else None) != expected_version:
            raise PreconditionFailed(sk)
        self.items[pk, sk] = {**item, "version": (expected_version or 0) + 1}

    def delete(self, pk: str, sk: str) -> None:
        self.items.pop((pk, sk), None)

    def query(self, pk: str) -> Iterator[Mapping[str, Any]]:
        for (of, sk), item in sorted(self.items.items()):
            if of == pk:
                yield {**item, "sk": sk}


class MemorySecrets:
    """Secrets in memory."""

    def __init__(self, values: Mapping[str, Mapping[str, Any]]) -> None:
        self.values = dict(values)

    def get(self, name: str) -> Mapping[str, Any]:
        if name not in self.values:
            raise ConfigError(f"no secret {name!r}")
        return self.values[name]

    def keep(self, name: str, value: Mapping[str, Any]) -> None:
        self.values[name] = dict(value)

    def remove(self, name: str) -> None:
        self.values.pop(name, None)


@dataclass
class World:
    """Everything around one API, and a client of it."""

    folder: Path
    now: datetime = datetime(2026, 11, 22, 12, 7, 30, tzinfo=UTC)
    store: MemoryStore = field(default_factory=MemoryStore)
    state: MemoryState = field(default_factory=MemoryState)
    salts: MemoryState = field(default_factory=MemoryState)
    secrets: MemorySecrets = field(
        default_factory=lambda: MemorySecrets(
            {"github": {"token": "t", "webhook_secrets": WEBHOOK_SECRETS}, "links": {"key": "k" * 64}}
        )
    )

    engine: MemoryEngine = field(default_factory=MemoryEngine)
    sizes: dict[str, dict[str, int]] = field(default_factory=dict)
    notices: MemoryTopic = field(default_factory=MemoryTopic)

    def sleep(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)

    def __post_init__(self) -> None:
        self.results = DiskResults(self.folder / "results")
        self.told_of: list[tuple[str, str]] = []
        self.told_of_reports: list[tuple[str, str]] = []
        for token, scope in ((READ, "read"), (SQL, "sql"), (ADMIN, "admin")):
            item = {"name": scope, "scope": scope, "created_at": "2026-11-01T00:00:00Z", "revoked_at": None}
            self.state.put(TOKEN_PK, digest(token), item, expected_version=None)
        self.context = Context(
            clock=lambda: self.now,
            open_state=lambda: self.state,
            open_salts=lambda: self.salts,
            open_secrets=lambda: self.secrets,
            open_store=lambda: self.store,
            open_queries=lambda: self.engine,
            open_results=lambda: self.results,
            open_exports=lambda: self.results,
            open_notices=lambda: self.notices,
            tell_of_export=lambda owner, export_id: self.told_of.append((owner, export_id)),
            tell_of_report=lambda report, run: self.told_of_reports.append((report, run)),
            partition_sizes=lambda table: self.sizes[table],
            database="lake",
            sleep=self.sleep,
            cache_folder=self.folder,
        )
        self.app = build_app(lambda: self.context)
        self.client = Client(self.app)

    def get(
        self, path: str, token: str | None = READ, headers: Mapping[str, str] | None = None, **query: str
    ) -> HTTPResponse:
        return self.call("GET", path, token=token, headers=headers, query=query)

    def call(
        self,
        method: str,
        path: str,
        *,
        token: str | None = READ,
        headers: Mapping[str, str] | None = None,
        query: Mapping[str, str] | None = None,
        body: bytes = b"",
    ) -> HTTPResponse:
        sent = dict(headers or {}) | ({} if token is None else {"Authorization": f"Bearer {token}"})
        whole = f"{path}?{urlencode(query)}" if query else path
        return self.client.http.request(method, whole, headers=sent, body=body)

    def post_json(self, path: str, body: Any, token: str = ADMIN) -> HTTPResponse:
        sent = {"Content-Type": "application/json"}
        return self.call("POST", path, token=token, headers=sent, body=json.dumps(body).encode())
