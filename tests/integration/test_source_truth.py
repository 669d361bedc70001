"""While GitHub is down, slow, limiting, refusing or lying: what ``/v1/sources`` says, and what people are told.

Real parts: the test server over HTTP, the fetcher, S3, DynamoDB, Glue, the outbox, the API. One clock is turned for
all of them, so that hours pass in seconds. Run with ``-s`` to see the table.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import requests
from chalice.test import Client

from app import build_app
from chalicelib.api.auth import TOKEN_PK, digest
from chalicelib.api.context import Context
from chalicelib.aws.glue import GlueCatalog
from chalicelib.aws.s3 import S3Store
from chalicelib.aws.state import DynamoState
from chalicelib.incidents.observe import subject
from chalicelib.incidents.watch import Watch
from chalicelib.ingest.dispatch import is_due, may_run
from chalicelib.ingest.fetch import CallBudget, FetchPolicy, HttpFetcher, new_session
from chalicelib.ingest.login import Given
from chalicelib.ingest.pull import Pull
from chalicelib.ingest.runs import perform, read_run
from chalicelib.lake.log import StreamLog
from chalicelib.lake.status import stream_status
from chalicelib.lake.writer import Parquet
from chalicelib.outbox.outbox import Outbox, of_days
from chalicelib.sources.github_repository_stats import GithubRepositoryStats
from tests.integration.conftest import ROOT, LocalAws, free_port, stop, wait_until_up

SOURCE = GithubRepositoryStats()
TOKEN = "hw_" + "r" * 43
MINUTES = timedelta(minutes=20)
"""How often the virtual dispatcher and the watcher look."""

FAULTS: list[tuple[dict[str, Any], str, str]] = [
    ({"kind": "down"}, "failing", "no whole answer"),
    ({"kind": "slow", "seconds": 0.4}, "failing", "no whole answer"),
    ({"kind": "unavailable", "status": 503}, "failing", "503"),
    ({"kind": "rate_limit", "seconds": 2400}, "rate_limited", "429"),
    ({"kind": "quota", "seconds": 2400}, "rate_limited", "rate limit"),
    ({"kind": "truncated"}, "failing", "no whole answer"),
    ({"kind": "short_gzip"}, "failing", "gzip"),
    ({"kind": "html"}, "failing", "JSON"),
    ({"kind": "drift"}, "failing", "shape"),
    ({"kind": "credentials"}, "failing", "401"),
]


@pytest.fixture(scope="module")
def github(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The outside world with a clock that stands still until it is turned."""
    port, log = free_port(), tmp_path_factory.mktemp("world") / "log"
    words = ["--port", str(port), "--now", "2026-11-01T00:00:00Z", "--frozen", "--token", "secret"]
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.servers", *words], cwd=ROOT, stdout=out, stderr=out, start_new_session=True
        )
    try:
        wait_until_up(f"http://127.0.0.1:{port}/_control/clock", process, log)
        yield f"http://127.0.0.1:{port}"
    finally:
        stop(process)


@dataclass
class Company:
    """Everything that one run of the story touches."""

    aws: LocalAws
    github: str
    name: str
    folder: Path
    now: datetime = datetime(2026, 11, 1, 0, 0, tzinfo=UTC)

    def __post_init__(self) -> None:
        s3, dynamo, glue = (self.aws.client(s) for s in ("s3", "dynamodb", "glue"))
        s3.create_bucket(Bucket=self.name)
        keys = [("pk", "HASH"), ("sk", "RANGE")]
        dynamo.create_table(
            TableName=self.name,
            BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"} for key, _ in keys],
            KeySchema=[{"AttributeName": key, "KeyType": kind} for key, kind in keys],
        )
        glue.create_database(DatabaseInput={"Name": self.name})
        table = {"Name": SOURCE.tables[0].name, "PartitionKeys": [{"Name": "dt", "Type": "string"}]}
        glue.create_table(DatabaseName=self.name, TableInput=table | {"StorageDescriptor": {"Location": "s3://x/"}})
        self.store, self.state = S3Store(s3, self.name), DynamoState(dynamo, self.name)
        self.log = StreamLog(self.store, GlueCatalog(glue, self.name, self.name), SOURCE.name, self.clock)
        self.watch = Watch(self.state, Outbox(self.state, self.clock), self.clock)
        self.state.put(
            TOKEN_PK, digest(TOKEN), {"name": "t", "scope": "read", "revoked_at": None}, expected_version=None
        )
        context = Context(
            self.clock,
            open_state=lambda: self.state,
            open_store=lambda: self.store,
            cache_folder=self.folder,
            open_sources=lambda: {SOURCE.name: SOURCE},
        )
        self.api = build_app(lambda: context)

    def clock(self) -> datetime:
        """The one clock."""
        return self.now

    def control(self, method: str, what: str, wish: dict[str, Any] | None = None) -> None:
        requests.request(method, f"{self.github}/_control/{what}", json=wish, timeout=10).raise_for_status()

    def live(self, span: timedelta) -> None:
        """Let time pass; dispatch, pull if it is due, and watch twice, as a duplicate schedule would."""
        end = self.now + span
        while self.now < end:
            self.now += MINUTES
            self.control("POST", "clock", {"now": self.now.isoformat(), "running": False})
            if self._due():
                perform(self.state, SOURCE.name, self.clock, lambda: self._pull().run(self.now + timedelta(seconds=1)))
            for _ in range(2):
                self.watch.run([subject(SOURCE, {}, self.store, self.state)])

    def _due(self) -> bool:
        status = stream_status(self.store, SOURCE.name)
        return may_run(read_run(self.state, SOURCE.name), self.now) and is_due(
            SOURCE, status, waiting=False, now=self.now
        )

    def _pull(self) -> Pull:
        config = {"base_url": self.github, "repositories": ["acme/pipeline"], "calls_per_hour": 1000}
        patience = FetchPolicy(read_timeout_s=0.2, attempts=2, first_wait_s=0.01)
        fetcher = HttpFetcher(
            new_session(), remaining_s=lambda: 60, budget=CallBudget(1000), policy=patience, clock=self.clock
        )
        return Pull(self.log, SOURCE, config, fetcher, Given({"token": "secret"}), Parquet(), self.clock)

    @property
    def told(self) -> list[str]:
        """The subjects of what is in the outbox, by the instants that the messages are about."""
        records = of_days(self.state, date(2026, 11, 1), self.now.date())
        return [record.message.subject for record in sorted(records, key=lambda record: record.message.at)]

    def shown(self) -> dict[str, Any]:
        """What ``GET /v1/sources`` says of the source."""
        with Client(self.api) as client:
            answer = client.http.get("/v1/sources", headers={"Authorization": f"Bearer {TOKEN}"})
        assert answer.status_code == 200, answer.body
        return answer.json_body["results"][0]


@pytest.mark.slow
@pytest.mark.parametrize(("fault", "state", "words"), FAULTS, ids=[f[0]["kind"] for f in FAULTS])
def test_every_fault_is_told_once_and_its_end_once(
    fault: dict[str, Any], state: str, words: str, local_aws: LocalAws, github: str, tmp_path: Path
) -> None:
    company = Company(local_aws, github, f"truth-{fault['kind'].replace('_', '-')}", tmp_path)
    company.control("DELETE", "faults")
    company.live(timedelta(hours=2))
    before = company.shown()

    company.control("POST", "faults", fault)
    company.live(timedelta(hours=4))
    during, told_during = company.shown(), company.told
    company.control("DELETE", "faults")
    company.live(timedelta(hours=2))
    after = company.shown()

    subjects = company.told
    print(
        f"\n{fault['kind']:<16}{during['state']:<14}{during['failures']:>3} failures, lag {during['lag_s']:>6} s   ",
        end="",
    )
    print(f"{subjects}  {during['last_error']}")
    assert before["state"] == "ok"
    assert before["last_error"] is None
    assert during["state"] == state
    assert words in during["last_error"]
    assert during["last_commit"] == before["last_commit"]
    assert during["watermark"] == before["watermark"]
    assert during["lag_s"] >= 4 * 3600
    assert len(told_during) == 1, subjects
    assert len(subjects) == 2, subjects
    assert after["state"] == "ok"
    assert after["lag_s"] < 3600
