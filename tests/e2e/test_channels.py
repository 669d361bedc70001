"""Channels on the running system: set up through the API and tried; what the other side has got is looked at."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import requests

from chalicelib.aws.state import DynamoState
from chalicelib.domain.clock import system_clock
from chalicelib.outbox.message import OPERATORS, SUBSCRIBERS, Kind, Message, Severity
from chalicelib.outbox.outbox import Outbox
from tests.servers.receivers import HOOK_SECRET
from tests.servers.slack import CHANNELS, HOOK, TOKEN

pytestmark = pytest.mark.deployed


@pytest.fixture
def admin(endpoints: dict[str, str]) -> Iterator[requests.Session]:
    with requests.Session() as session:
        session.headers["Authorization"] = f"Bearer {endpoints['admin_token']}"
        yield session


@pytest.fixture
def send(aws: Callable[[str], Any]) -> Callable[[], dict[str, int]]:
    """Wake the sender rather than wait for the minute."""

    def woken() -> dict[str, int]:
        answer = aws("lambda").invoke(FunctionName="headwater-local-send", Payload=b"{}")
        ended = json.load(answer["Payload"])
        assert "FunctionError" not in answer, ended
        return ended

    return woken


@pytest.fixture
def channel(endpoints: dict[str, str], admin: requests.Session) -> Iterator[Callable[[str], str]]:
    """Sets channels up, and deletes them in the end."""
    world, made = endpoints["outside_world"], []
    kinds = {
        "slack_bot": {"token": TOKEN, "slack_channel": CHANNELS[0], "base_url": f"{world}/slack/api/"},
        "slack_webhook": {"url": f"{world}/slack{HOOK}"},
        "webhook": {"url": f"{world}/hooks/NAME", "signing_secret": HOOK_SECRET},
    }

    def make(kind: str) -> str:
        name = f"e2e-{uuid.uuid4().hex[:8]}"
        said = {key: value.replace("NAME", name) for key, value in kinds[kind].items()}
        answer = admin.post(f"{endpoints['api']}/v1/channels", json={"name": name, "kind": kind, **said})
        assert answer.status_code == 201, answer.text
        made.append((name, answer.headers["ETag"]))
        return name

    yield make
    for name, tag in made:
        gone = admin.delete(f"{endpoints['api']}/v1/channels/{name}", headers={"If-Match": tag})
        assert gone.status_code == 204, gone.text


def state_of(admin: requests.Session, endpoints: dict[str, str], key: str) -> list[str]:
    answer = admin.get(f"{endpoints['api']}/v1/messages/{key}")
    assert answer.status_code == 200, answer.text
    return [one["state"] for one in answer.json()["deliveries"]]


def until_sent(admin: requests.Session, endpoints: dict[str, str], key: str, send: Callable[[], Any]) -> None:
    deadline = time.monotonic() + 150
    while set(state_of(admin, endpoints, key)) != {"sent"} and time.monotonic() < deadline:
        send()
        time.sleep(1)
    assert set(state_of(admin, endpoints, key)) == {"sent"}


@pytest.mark.parametrize("kind", ["slack_bot", "slack_webhook", "webhook"])
def test_a_channel_that_is_tried_gets_one_message(
    kind: str,
    endpoints: dict[str, str],
    admin: requests.Session,
    channel: Callable[[str], str],
    send: Callable[[], Any],
) -> None:
    name = channel(kind)

    tried = admin.post(f"{endpoints['api']}/v1/channels/{name}/test")
    assert tried.status_code == 202, tried.text
    until_sent(admin, endpoints, tried.json()["key"], send)
    send()

    world = endpoints["outside_world"]
    where = f"{world}/hooks/{name}" if kind == "webhook" else f"{world}/slack/messages"
    got = [one for one in requests.get(where, timeout=10).json()["messages"] if name in json.dumps(one)]
    assert len(got) == 1
    shown = admin.get(f"{endpoints['api']}/v1/channels/{name}").text
    assert not any(secret in shown for secret in (TOKEN, HOOK_SECRET, HOOK, "/hooks/"))


def test_a_receiver_that_is_away_is_tried_again_and_gets_it_once(
    endpoints: dict[str, str], admin: requests.Session, channel: Callable[[str], str], send: Callable[[], Any]
) -> None:
    name, world = channel("webhook"), endpoints["outside_world"]
    requests.post(f"{world}/hooks/_faults", json={"kind": "unavailable", "times": 1}, timeout=10)

    key = admin.post(f"{endpoints['api']}/v1/channels/{name}/test").json()["key"]
    until_sent(admin, endpoints, key, send)

    [delivery] = admin.get(f"{endpoints['api']}/v1/messages/{key}").json()["deliveries"]
    assert delivery["attempts"] == 2
    assert len(requests.get(f"{world}/hooks/{name}", timeout=10).json()["messages"]) == 1


def test_what_is_in_the_outbox_reaches_operators_and_subscribers_once(
    endpoints: dict[str, str], admin: requests.Session, aws: Callable[[str], Any], send: Callable[[], Any]
) -> None:
    said = Message(
        id=f"test/e2e/{uuid.uuid4().hex}",
        at=datetime.now(UTC),
        kind=Kind.ALERT,
        topic="e2e",
        severity=Severity.INFO,
        subject="[Headwater] A test of the outbox",
        text="Nothing is wrong. See https://headwater.invalid/alerts",
        to=(OPERATORS, SUBSCRIBERS),
    )
    box = Outbox(DynamoState(aws("dynamodb"), endpoints["state_table"]), system_clock)
    assert box.put(said)
    assert not box.put(said)

    def shown() -> list[dict[str, Any]]:
        every = requests.get(f"{endpoints['outbox']}messages", timeout=10).json()["messages"]
        return [one for one in every if one["attributes"].get("message_id") == said.id and not one.get("to")]

    deadline = time.monotonic() + 150
    while len(shown()) < 2 and time.monotonic() < deadline:
        send()
        time.sleep(2)
    for _ in range(3):
        send()
    time.sleep(6)

    got = shown()
    assert sorted(one["topic"] for one in got) == ["headwater-local-alerts", "headwater-local-notices"]
    assert {one["message"] for one in got} == {f"Nothing is wrong. See {endpoints['dashboard']}alerts"}
