"""Counts of what the sources make of the real data: in = ok + rejected + duplicates."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from chalicelib.ingest.identity import BatchIdentities, identity_of
from chalicelib.sources.base import Item, Outcome, Page, Rejected, Request, Window
from chalicelib.sources.github_webhooks import GithubWebhooks
from chalicelib.sources.s3_access_logs import S3AccessLogs
from chalicelib.sources.x_accounts import XAccounts
from tests.contract import shared_lines
from tests.real_data import FOLDER

NOW = datetime(2026, 11, 22, tzinfo=UTC)
CONFIG = {"key_pattern": r"(?P<version>\d+\.\d+\.\d+)", "not_bots": []}


@dataclass(frozen=True, slots=True)
class Counted:
    """One file or collection: what came in and what became of it; ``rows`` are rows of all tables."""

    name: str
    received: int
    ok: int
    rejected: int
    duplicates: int
    rows: int
    reasons: tuple[str, ...]


def count(name: str, received: int, outcomes: Iterable[Outcome]) -> Counted:
    """Count outcomes, identities compared as the sealer compares them."""
    known = BatchIdentities()
    ok = duplicates = rows = 0
    reasons = []
    for outcome in outcomes:
        if isinstance(outcome, Rejected):
            reasons.append(f"{outcome.where}: {outcome.reason}")
            continue
        identity = identity_of(outcome)
        if known.seen(identity):
            duplicates += 1
            continue
        known.add(identity)
        ok, rows = ok + 1, rows + len(outcome.rows)
    return Counted(name, received, ok, len(reasons), duplicates, rows, tuple(reasons))


def count_logs() -> list[Counted]:
    """Count every file of access-log lines."""
    source, found = S3AccessLogs(), []
    for file in shared_lines.log_files():
        body = file.read_bytes()
        lines = sum(bool(line.strip()) for line in body.split(b"\n"))
        name = file.relative_to(shared_lines.LOGS).as_posix()
        found.append(count(name, lines, source.parse(Item(name, body, {}, NOW), CONFIG)))
    return found


def count_webhooks() -> Counted:
    """Count the example payloads."""
    source, payloads = GithubWebhooks(), shared_lines.webhook_payloads()
    items = (Item("k", body, {"event": event, "delivery": str(n)}, NOW) for n, (event, body) in enumerate(payloads))
    return count("webhooks-examples", len(payloads), (o for item in items for o in source.parse(item, {})))


def count_accounts() -> Counted:
    """Count X's users, each as an answer of its own, for an answer to us names an account once."""
    source = XAccounts()
    body = (FOLDER / "x_twitter/twarc-csv-deidentified/users_public_metrics.jsonl").read_text()
    users = [user for line in body.splitlines() for user in json.loads(line)["data"]]
    outcomes = []
    for user in users:
        asked = Request("GET", "https://api.x.com/2/users", {"ids": user["id"]})
        page = Page(asked, 200, {}, json.dumps({"data": [user]}).encode(), NOW)
        outcomes += source.parse([page], Window(NOW, NOW), {"accounts": [user["id"]]})
    return count("twarc-csv users", len(users), outcomes)


def count_rankings() -> Counted:
    """Count the rank tracker's files: the folder has a licence and a provenance, and no record."""
    about = {"LICENSE", "PROVENANCE.md"}
    files = [f for f in (FOLDER / "seo_rank" / "serpbear").rglob("*") if f.is_file()]
    return Counted("serpbear rankings", sum(f.name not in about for f in files), 0, 0, 0, 0, ())
