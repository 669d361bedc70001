"""The sources over real data that nobody here wrote. Skips, saying so, where that is absent."""

from __future__ import annotations

import json
from collections import Counter
from datetime import datetime

import pytest

from chalicelib.sources.access_log_line import parse_line
from chalicelib.sources.base import Accepted, Item, Page, Request, Window
from chalicelib.sources.github_webhooks import GithubWebhooks
from chalicelib.sources.x_accounts import XAccounts
from tests.contract import shared_lines
from tests.contract.checks import check_outcome
from tests.contract.shared_counts import NOW, count, count_accounts, count_logs, count_rankings, count_webhooks
from tests.real_data import FOLDER

pytestmark = [
    pytest.mark.shared_data,
    pytest.mark.skipif(
        not FOLDER.is_dir(),
        reason=f"the real data is not at {FOLDER}; set HEADWATER_SHARED_DATA",
    ),
]

API_EVENTS = {"WatchEvent": "watch", "ForkEvent": "fork", "ReleaseEvent": "release", "IssuesEvent": "issues"}


def test_every_example_payload_is_accepted_and_each_distinct_one_counts_once() -> None:
    payloads = shared_lines.webhook_payloads()

    counted = count_webhooks()

    assert len({event for event, _ in payloads}) == 58
    assert counted.received == 329
    assert counted.rejected == 0, counted.reasons
    assert counted.ok == len(set(payloads))
    assert counted.ok + counted.duplicates == counted.received


def test_every_row_of_the_example_payloads_fits_its_table_and_the_typed_kinds_are_typed() -> None:
    source, typed = GithubWebhooks(), Counter[str]()

    for event, body in shared_lines.webhook_payloads():
        (outcome,) = source.parse(Item("k", body, {"event": event, "delivery": "d"}, NOW), {})

        check_outcome(source, outcome)
        assert isinstance(outcome, Accepted)
        assert json.loads(outcome.rows[0][1]["payload"]) == json.loads(body)
        typed.update(table for table, _ in outcome.rows)
    del typed["github_release_assets"]
    assert typed == {
        "github_events": 329,
        "github_stars": 3,
        "github_forks": 3,
        "github_pushes": 7,
        "github_pull_requests": 29,
        "github_issues": 29,
        "github_releases": 13,
    }


def test_every_log_line_is_read_or_set_aside_and_the_counts_add_up() -> None:
    counted = count_logs()

    assert sum(c.received for c in counted) == 16
    for c in counted:
        assert c.received == c.ok + c.rejected + c.duplicates
        assert c.rejected == 0, c.reasons


def test_log_lines_have_the_fields_that_the_collector_expects() -> None:
    cases = list(shared_lines.otel_cases())

    assert len(cases) == 4
    for case in cases:
        row = parse_line(case.line)
        assert {column: row[column] for column in case.expected} == dict(case.expected), case.name


def test_the_unknown_28th_field_is_kept() -> None:
    row = parse_line((shared_lines.OTEL / "too_many_values.log").read_text().strip())

    assert (row["field_count"], row["extra"]) == (28, "ExtraUnknownField")


def test_hostile_log_lines_have_the_values_that_dandi_expects() -> None:
    rows = [
        parse_line(line)
        for file in sorted((shared_lines.DANDI / "example_logs").iterdir())
        for line in file.read_text().splitlines()
        if line
    ]

    # Their extraction keeps GETs that were answered 2xx, one object each; not the attack, nor the 304s.
    kept = {row["key"]: row for row in rows if row["http_status"] in {200, 206}}
    found = {key: (_stamp(row["requested_at"]), row["bytes_sent"], row["remote_ip"]) for key, row in kept.items()}
    assert found == dict(shared_lines.dandi_expected())
    assert len(rows) == 10


def _stamp(at: datetime) -> str:
    return f"{at:%y%m%d%H%M%S}"


def test_the_public_events_serve_as_real_volume() -> None:
    """They have the Events API's shape, no webhook's: each is kept whole as an event of its own, for volume and names.

    Where the inner payload is a webhook's (a fork, a release, an issue), it is read with the repository put beside it.
    """
    source, events = GithubWebhooks(), shared_lines.github_events()
    items = []
    for event in events:
        name = API_EVENTS.get(event["type"], event["type"].lower())
        inner = {**event["payload"], "repository": {"full_name": event["repo"]["name"]}, "sender": event["actor"]}
        items.append(Item("k", json.dumps(inner).encode(), {"event": name, "delivery": event["id"]}, NOW))

    outcomes = [outcome for item in items for outcome in source.parse(item, {})]
    counted = count("pinot", len(items), outcomes)

    assert counted.received == 800
    assert counted.rejected == 0, counted.reasons
    assert counted.ok + counted.duplicates == 800
    repositories = {o.rows[0][1]["repository"] for o in outcomes if isinstance(o, Accepted)}
    assert len(repositories) == len({event["repo"]["name"] for event in events}) == 623
    typed = Counter(table for o in outcomes if isinstance(o, Accepted) for table, _ in o.rows)
    assert typed["github_forks"] == sum(event["type"] == "ForkEvent" for event in events)


def test_every_account_of_x_is_taken_and_the_sums_are_those_of_its_provenance() -> None:
    body = (FOLDER / "x_twitter" / "twarc-csv-deidentified" / "users_public_metrics.jsonl").read_bytes()
    users = json.loads(body)["data"]
    ids = list(dict.fromkeys(user["id"] for user in users))
    asked = Request("GET", "https://api.x.com/2/users", {"ids": ",".join(ids)})
    page = Page(asked, 200, {}, body, NOW)
    source = XAccounts()

    source.judge(page)
    outcomes = list(source.parse([page], Window(NOW, NOW), {"accounts": ids}))

    rows = {}
    for outcome in outcomes:
        check_outcome(source, outcome)
        assert isinstance(outcome, Accepted)
        rows[outcome.rows[0][1]["account_id"]] = outcome.rows[0][1]
    assert (len(users), len(ids), len(rows)) == (96, 91, 91)
    assert source.spent(page)["reads"] == 96
    taken = [rows[user["id"]] for user in users]
    sums = tuple(sum(row[name] for row in taken) for name in ("followers", "following", "posts", "listed"))
    assert sums == (154_814, 125_942, 3_933_821, 1_579)


def test_every_user_of_x_and_every_ranking_is_counted() -> None:
    users, rankings = count_accounts(), count_rankings()

    assert (users.received, users.ok, users.rejected, users.duplicates) == (96, 91, 0, 5)
    assert rankings.received == 0, "the folder has records now: read them with a rank tracker's mapping"
