"""The real source and fetcher against the outside world's server, faults included: each is met with its consequence."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
import requests
import uvicorn

from chalicelib.errors import FatalSourceError, RetriableSourceError, SourceError
from chalicelib.ingest.fetch import CallBudget, FetchPolicy, HttpFetcher, new_session
from chalicelib.ingest.reconcile import redeliver_failed
from chalicelib.sources.base import Accepted, Page, Rejected, Request, Window
from chalicelib.sources.github_repository_stats import GithubRepositoryStats
from chalicelib.sources.github_signature import verify
from tests.servers.deliveries import Target
from tests.servers.world import World

NOW = datetime(2026, 11, 22, 10, 0, 20, tzinfo=UTC)
WINDOW = Window(NOW.replace(hour=9, second=0), NOW.replace(second=0))
SOURCE = GithubRepositoryStats()
IMPATIENT = FetchPolicy(connect_timeout_s=2, read_timeout_s=1, attempts=1)


@dataclass(frozen=True)
class Served:
    """A running world, frozen in time."""

    world: World
    url: str

    @property
    def config(self) -> dict[str, Any]:
        return {"base_url": self.url, "repositories": ["acme/pipeline", "acme/docs"]}

    def fault(self, kind: str, **more: Any) -> None:
        answer = requests.post(f"{self.url}/_control/faults", json={"kind": kind, **more}, timeout=5)
        assert answer.status_code == 200, answer.text

    def fetcher(self) -> HttpFetcher:
        return HttpFetcher(
            new_session(), remaining_s=lambda: 60, budget=CallBudget(100), policy=IMPATIENT, clock=self.world.clock
        )

    def ask(self, request: Request, token: str = "t") -> Page:
        page = self.fetcher().fetch(SOURCE.authorise(request, {"token": token}))
        SOURCE.judge(page)
        return replace(page, request=request)

    def pull(self) -> list[Accepted | Rejected]:
        pages = [self.ask(request) for request in SOURCE.requests(WINDOW, self.config)]
        return list(SOURCE.parse(pages, WINDOW, self.config))


@pytest.fixture(scope="module")
def running() -> Iterator[Served]:
    world = World(7, NOW, token="t", target=Target(), running=False)
    options: dict[str, Any] = {"interface": "asgi3", "log_level": "critical", "access_log": False, "date_header": False}
    server = uvicorn.Server(uvicorn.Config(world.app, host="127.0.0.1", port=0, **options))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield Served(world, f"http://127.0.0.1:{port}")
    server.should_exit = True
    thread.join(5)


@pytest.fixture
def served(running: Served) -> Iterator[Served]:
    yield running
    requests.delete(f"{running.url}/_control/faults", timeout=5)


def test_a_snapshot_is_what_the_ledger_says(served: Served) -> None:
    rows = {o.rows[0][1]["repository"]: o.rows[0][1] for o in served.pull() if isinstance(o, Accepted)}

    for name in served.config["repositories"]:
        truth = served.world.ledger()["stats"][name]
        assert {what: rows[name][what] for what in truth} == truth
        assert rows[name]["observed_at"] == NOW


@pytest.mark.parametrize(
    ("kind", "more", "error", "wait_s"),
    [
        ("down", {}, RetriableSourceError, None),
        ("slow", {"seconds": 3}, RetriableSourceError, None),
        ("unavailable", {}, RetriableSourceError, None),
        ("unavailable", {"status": 503}, RetriableSourceError, None),
        ("rate_limit", {"seconds": 120}, RetriableSourceError, 120),
        ("rate_limit", {"seconds": 0}, RetriableSourceError, 1),
        ("secondary_limit", {"seconds": 60}, RetriableSourceError, 60),
        ("quota", {"seconds": 1800}, RetriableSourceError, 1800),
        ("not_ready", {}, RetriableSourceError, 60),
        ("truncated", {}, RetriableSourceError, None),
        ("short_gzip", {}, RetriableSourceError, None),
        ("html", {}, RetriableSourceError, None),
        ("credentials", {}, FatalSourceError, None),
        ("forbidden", {}, FatalSourceError, None),
        ("drift", {}, FatalSourceError, None),
    ],
)
def test_a_fault_has_its_consequence(
    served: Served, kind: str, more: dict[str, Any], error: type[SourceError], wait_s: int | None
) -> None:
    served.fault(kind, **more)

    with pytest.raises(error) as caught:
        served.pull()

    retry_at = getattr(caught.value, "retry_at", None)
    assert (retry_at and round((retry_at - NOW).total_seconds())) == wait_s


def test_a_fault_that_passes_leaves_nothing_behind(served: Served) -> None:
    served.fault("down", times=1)

    with pytest.raises(RetriableSourceError):
        served.pull()

    assert all(isinstance(outcome, Accepted) for outcome in served.pull())


def test_an_unchanged_answer_is_free(served: Served) -> None:
    request = SOURCE.requests(WINDOW, served.config)[0]
    first = served.ask(request)
    before = served.world.github.bill.used

    headers = {**request.headers, "if-none-match": first.headers["etag"]}
    again = served.ask(replace(request, headers=headers))

    assert again.status == 304
    assert served.world.github.bill.used == before


def test_a_repository_that_is_gone_is_set_aside_beside_the_others(served: Served) -> None:
    config = {**served.config, "repositories": ["acme/gone", "acme/docs"]}
    pages = [served.ask(request) for request in SOURCE.requests(WINDOW, config)]

    gone, docs = SOURCE.parse(pages, WINDOW, config)

    assert isinstance(gone, Rejected)
    assert isinstance(docs, Accepted)


def test_a_wrong_token_is_refused(served: Served) -> None:
    with pytest.raises(FatalSourceError, match="put a valid one"):
        served.ask(SOURCE.requests(WINDOW, served.config)[0], token="wrong")


@contextmanager
def receiver() -> Iterator[tuple[str, list[tuple[str, bool]]]]:
    """An endpoint for webhooks, which notes each delivery's guid and whether its signature was good."""
    came: list[tuple[str, bool]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            came.append((self.headers["x-github-delivery"], verify(body, self.headers["x-hub-signature-256"], ["s"])))
            self.send_response(202)
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class's name
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/", came
        server.shutdown()


def test_what_github_failed_to_deliver_is_redelivered_once_and_then_left_alone(served: Served) -> None:
    hooks = {"acme/pipeline": 4101, "acme/connectors": 4102, "acme/docs": 4103}
    config = {"base_url": served.url, "hooks": hooks}

    with receiver() as (url, came):
        requests.post(f"{served.url}/_control/target", json={"url": url, "secret": "s"}, timeout=5)
        later = NOW + timedelta(minutes=1)
        first = redeliver_failed(served.fetcher(), config, {"token": "t"}, later)
        again = redeliver_failed(served.fetcher(), config, {"token": "t"}, later)

    assert first.problems == []
    assert len(first.asked) >= 1
    assert came == [(guid, True) for guid in first.asked]
    assert again.asked == []
