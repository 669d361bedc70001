"""A metric of somebody's own, on the running system: defined, computed for all of history, equal to SQL, deleted."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any
from urllib.parse import urljoin

import pytest
import requests

from tests.e2e.conftest import wait_until

pytestmark = pytest.mark.deployed
PRODUCT = "FROM v_product_events WHERE origin = 'product'"


def test_a_count_of_events_is_computed_for_all_of_history_and_equals_sql(
    api: requests.Session,
    endpoints: dict[str, str],
    sql: Callable[[str], list[list[str | None]]],
    settled: Callable[[], None],
    hurried: Callable[[Callable[[], Any]], Callable[[], Any]],
) -> None:
    settled()
    name = f"own_{uuid.uuid4().hex[:8]}"
    [[event]] = sql(f"SELECT event {PRODUCT} GROUP BY 1 ORDER BY count(*) DESC LIMIT 1")
    given = {
        "name": name,
        "title": "An event",
        "unit": "events",
        "description": "How often the commonest event happened.",
        "count": {
            "of": "product_events",
            "what": "people",
            "filter": {"dimension": "event", "operator": "is", "value": event},
            "by": {"from_where": "source"},
        },
    }
    analyst = {"Authorization": f"Bearer {endpoints['sql_token']}"}
    address = f"{endpoints['api']}/v1/metrics"
    made = requests.post(address, json=given, headers=analyst, timeout=60)
    assert made.status_code == 201, made.text
    place = urljoin(address, made.headers["Location"])

    try:
        computed = hurried(lambda: api.get(place, timeout=60).json()["computed"] or None)
        wait_until(computed, "the roll-up to compute it", 240)
        asked = {"range": "all", "interval": "P1M", "group_by": "from_where"}
        found = wait_until(lambda: rows(api, f"{address}/{name}", asked), "its numbers", 60)
        expected = sql(
            "SELECT date_format(date_trunc('month', happened_at), '%Y-%m-%d'), source, count(DISTINCT person_id) "
            f"{PRODUCT} AND event = '{event}' GROUP BY 1, 2"
        )
        assert {(at[:10], group): value for at, group, value in found if value} == {
            (at, group): int(value or 0) for at, group, value in expected
        }
    finally:
        gone = requests.delete(place, headers={**analyst, "If-Match": made.headers["ETag"]}, timeout=60)
    assert gone.status_code == 204


def rows(api: requests.Session, address: str, asked: dict[str, str]) -> list[tuple[str, str, Any]]:
    answer = api.get(address, params=asked, timeout=60)
    assert answer.status_code == 200, answer.text
    return [(row["start"], row["from_where"], row["value"]) for row in answer.json()["results"]]
