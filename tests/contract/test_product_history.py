"""The demo company's product events through the real parser: their table is the generator's own ledger."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chalicelib.sources.base import Accepted, Item
from chalicelib.sources.product_events import ProductEvents
from tests.servers.product import STEPS, book, history, packed
from tests.servers.vendor import plain

ANCHOR = datetime(2026, 11, 22, 16, 20, tzinfo=UTC)
REQUESTS = list(history(7, ANCHOR, days=6))


def stored(bodies: Iterable[tuple[bytes, datetime]]) -> list[dict[str, Any]]:
    """The rows that the sealer makes of them: each identity once."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for body, at in bodies:
        for outcome in ProductEvents().parse(Item("k", body, {"content_type": "application/json"}, at), {}):
            assert isinstance(outcome, Accepted), outcome
            found.setdefault((outcome.event_id, outcome.fingerprint), dict(outcome.rows[0][1]))
    return list(found.values())


def test_the_same_seed_is_the_same_history_in_order() -> None:
    assert list(history(7, ANCHOR, days=6)) == REQUESTS
    assert [sent.at.replace(minute=0, second=0, microsecond=0) for sent in REQUESTS] == sorted(
        sent.at.replace(minute=0, second=0, microsecond=0) for sent in REQUESTS
    )
    assert all(ANCHOR - timedelta(days=6, hours=1) < sent.at < ANCHOR for sent in REQUESTS)


@pytest.mark.parametrize(
    "bodies",
    [[(sent.body, sent.at) for sent in REQUESTS], list(packed(REQUESTS, 40)), list(packed(REQUESTS, 40))[::-1]],
    ids=["one by one", "packed", "packed, the last first"],
)
def test_the_table_is_the_ledger_clocks_that_are_ahead_included(bodies: list[tuple[bytes, datetime]]) -> None:
    ledger = book(REQUESTS)

    def told(rows: Any) -> Counter[tuple[Any, ...]]:
        return Counter(tuple(plain(row[column]) for column in ledger.columns) for row in rows)

    rows = stored(bodies)
    assert told(rows) == told(ledger.rows)
    assert len(rows) > 1_000
    assert any(row["sent_time"] > row["received_at"] for row in rows)


def test_it_is_a_plausible_company() -> None:
    rows = stored(packed(REQUESTS))
    per_step = Counter(row["event"] for row in rows)

    assert set(per_step) == set(STEPS)
    assert per_step["signed_in"] > per_step["pipeline_created"] > per_step["report_exported"] > 0
    assert any(sent.again for sent in REQUESTS)
    assert len({row["account_id"] for row in rows}) > 30


def test_an_event_happens_at_a_whole_millisecond_of_its_day() -> None:
    late = datetime(2026, 11, 22, 23, 59, 59, 999_600, tzinfo=UTC)
    body = b'{"events": [{"id": "e1", "source": "app", "event": "signed_up"}]}'
    item = Item("k", body, {"content_type": "application/json"}, late)

    [event] = ProductEvents().parse(item, {})

    assert isinstance(event, Accepted), event
    assert event.rows[0][1]["occurred_at"] == datetime(2026, 11, 22, 23, 59, 59, 999_000, tzinfo=UTC)
