"""Alert rules on the running system: made, evaluated, told once, read back; a preview says what the series says."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
import requests

from chalicelib.alerts import rule_state
from chalicelib.aws.state import DynamoState
from infra.local.places import STAGE
from tests.e2e.conftest import wait_until

pytestmark = pytest.mark.deployed
METRIC = "page_views"
SOON = 240


class Rules:
    """The API as an administrator has it, the state, and what was sent."""

    def __init__(self, endpoints: dict[str, str], aws: Callable[[str], Any]) -> None:
        self._endpoints, self._aws = endpoints, aws
        self.address = f"{endpoints['api']}/v1/alerts"
        self._session = requests.Session()
        self._session.headers["Authorization"] = f"Bearer {endpoints['admin_token']}"
        self.state = DynamoState(aws("dynamodb"), endpoints["state_table"])
        self.made: list[str] = []

    def make(self, **given: Any) -> dict[str, Any]:
        """Make a rule of a name of its own."""
        answer = self._session.post(self.address, json={"name": uuid.uuid4().hex, **given}, timeout=60)
        assert answer.status_code == 201, answer.text
        found: dict[str, Any] = answer.json()
        self.made.append(found["id"])
        return found

    def get(self, path: str, **query: str) -> Any:
        answer = self._session.get(f"{self.address}/{path}".rstrip("/"), params=query, timeout=60)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def preview(self, **given: Any) -> Any:
        answer = self._session.post(f"{self.address}/preview", json={"name": "tried", **given}, timeout=60)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def series(self, **asked: str) -> Any:
        answer = self._session.get(f"{self._endpoints['api']}/v1/metrics/{METRIC}", params=asked, timeout=60)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def begin(self, rule_id: str, since: datetime) -> None:
        """Let a rule that was made switched off have been there since an instant, as if its clock had been moved."""
        kept = rule_state.read(self.state, rule_id)
        assert kept is not None
        earlier = replace(kept.rule, enabled=True, created_at=since, updated_at=since)
        assert rule_state.write(self.state, replace(kept, rule=earlier)) is not None

    def look(self, *functions: str) -> None:
        """Do now what the next minute would do, and wait for its end."""
        for function in functions:
            self._aws("lambda").invoke(FunctionName=f"headwater-{STAGE}-{function}", Payload=b"{}")

    def sent(self, words: str) -> list[str]:
        messages = requests.get(f"{self._endpoints['outbox']}messages", timeout=60).json()["messages"]
        return [message["subject"] for message in messages if words in message["subject"]]

    def forget(self) -> None:
        """Delete what was made."""
        for rule_id in self.made:
            found = self._session.get(f"{self.address}/{rule_id}", timeout=60)
            if found.status_code == 200:
                headers = {"If-Match": found.headers["ETag"]}
                assert self._session.delete(f"{self.address}/{rule_id}", headers=headers, timeout=60).ok


@pytest.fixture
def rules(endpoints: dict[str, str], aws: Callable[[str], Any]) -> Iterator[Rules]:
    found = Rules(endpoints, aws)
    yield found
    found.forget()


def level(side: str, threshold: float, recover: float | None = None) -> dict[str, Any]:
    return {"kind": "level", "side": side, "threshold": threshold, "recover": recover}


def test_a_rule_is_evaluated_and_told_once_and_its_standing_and_history_say_so(rules: Rules) -> None:
    watermark = datetime.fromisoformat(rules.series(range="24h", interval="PT1H")["meta"]["watermark"])
    made = rules.make(
        metric=METRIC,
        interval="PT15M",
        condition=level("high", 0),
        to=["operators"],
        severity="critical",
        enabled=False,
    )
    assert made["state"]["phase"] is None
    rules.begin(made["id"], watermark - timedelta(hours=1))

    def fires() -> Any:
        rules.look("alert")
        state = rules.get(made["id"])["state"]
        return state if state["phase"] == "firing" else None

    def arrived() -> list[str]:
        rules.look("send")
        return rules.sent(made["name"])

    state = wait_until(fires, "the rule to fire", SOON)
    wait_until(arrived, "the message to be sent", SOON)
    rules.look("alert", "alert", "send", "send")

    [subject] = rules.sent(made["name"])
    assert subject.startswith(f"[Headwater] CRITICAL: {made['name']}")
    [told] = rules.get(f"{made['id']}/history")["results"]
    assert (told["what"], told["subject"]) == ("fired", subject)
    assert [(one["to"], one["step"]) for one in told["deliveries"]] == [("operators", "sent")]
    [group] = state["groups"]
    end = datetime.fromisoformat(group["end"])
    rows = rules.series(**{"from": group["start"], "to": group["end"], "interval": "PT15M"})["results"]
    assert [str(row["value"]) for row in rows] == [group["value"]]
    assert (state["told"], state["counts"]) == ("fired", {"firing": 1})
    assert end <= datetime.fromisoformat(state["looked_at_until"])
    assert made["id"] in [one["id"] for one in rules.get("", phase="firing", limit="500")["results"]]


def test_a_preview_says_what_the_series_says(rules: Rules) -> None:
    series = rules.series(range="14d", interval="PT1H", tz="America/New_York")
    values = [row["value"] for row in series["results"] if not row["partial"]]
    mark = sorted(values)[len(values) * 9 // 10]
    assert mark > min(values)

    tried = rules.preview(
        metric=METRIC, interval="PT1H", tz="America/New_York", range="14d", condition=level("high", mark)
    )

    points = tried["series"][0]["points"]
    whole = [row for row in series["results"] if not row["partial"]]
    assert [point["value"] for point in points] == [row["value"] for row in whole]
    assert [datetime.fromisoformat(one["start"]) for one in points] == [
        datetime.fromisoformat(row["start"]) for row in whole
    ]
    firing = [point["value"] >= mark for point in points]
    assert [point["state"] == "firing" for point in points] == firing
    begun = sum(now and not before for before, now in zip([False, *firing], firing, strict=False))
    assert tried["meta"]["fired"] == begun > 0
    assert sum(one["what"] == "fired" for one in tried["results"]) == begun
    assert all(Decimal(one["value"]) >= Decimal(str(mark)) for one in tried["results"] if one["what"] == "fired")


def test_what_is_unusual_has_its_history_before_the_range(rules: Rules) -> None:
    tried = rules.preview(metric=METRIC, interval="P1D", range="30d", condition={"kind": "anomaly", "sensitivity": 5})

    points = tried["series"][0]["points"]
    known = [point for point in points if point["usual"] is not None]
    assert len(known) >= 20
    assert all(point["low"] <= point["usual"] <= point["high"] for point in known)
    assert tried["meta"]["fired"] < len(points) / 3
