"""``POST /webhooks/github``: what is taken is durable, what is refused leaves nothing."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from chalice.test import HTTPResponse

from chalicelib.errors import StoreUnavailable
from chalicelib.ingest import inbox
from chalicelib.lake import layout
from chalicelib.sources.github_signature import sign
from tests.unit.api.world import WEBHOOK_SECRETS, World

BODY = json.dumps({"zen": "Keep it logically äwesome."}, ensure_ascii=False).encode()


def deliver(world: World, body: bytes = BODY, secret: str = WEBHOOK_SECRETS[0], **headers: str | None) -> HTTPResponse:
    sent: dict[str, str | None] = {
        "Content-Type": "application/json",
        "X-GitHub-Event": "ping",
        "X-GitHub-Delivery": "72d3162e-cc78-11e3-81ab-4c9367dc0958",
        "X-Hub-Signature-256": sign(body, secret),
    }
    sent.update({name.replace("_", "-"): value for name, value in headers.items()})
    given = {name: value for name, value in sent.items() if value is not None}
    return world.call("POST", "/webhooks/github", token=None, headers=given, body=body)


@pytest.mark.parametrize("secret", WEBHOOK_SECRETS)
def test_a_delivery_is_durable_before_it_is_accepted(world: World, secret: str) -> None:
    answer = deliver(world, secret=secret)

    assert (answer.status_code, answer.json_body) == (202, {"accepted": True, "duplicate": False})
    (key,) = world.store.objects
    assert key.startswith(layout.inbox("github_webhooks"))
    item = inbox.to_item(world.store.get(key))
    assert item.body == BODY
    assert item.attributes == {"event": "ping", "delivery": "72d3162e-cc78-11e3-81ab-4c9367dc0958"}
    assert item.received_at == world.now


def test_the_same_body_twice_is_stored_once_and_said_to_be_a_duplicate(world: World) -> None:
    answers = [deliver(world).json_body["duplicate"] for _ in range(2)]

    assert answers == [False, True]
    assert len(world.store.objects) == 1


def test_the_same_body_under_two_events_is_two_things(world: World) -> None:
    answers = [deliver(world, X_GitHub_Event=event).json_body["duplicate"] for event in ("star", "watch", "star")]

    assert answers == [False, False, True]
    events = {inbox.to_item(world.store.get(key)).attributes["event"] for key in world.store.objects}
    assert events == {"star", "watch"}


@pytest.mark.shared_data
def test_every_example_of_githubs_is_accepted_and_stored_once(world: World, shared_data: Path) -> None:
    index = json.loads((shared_data / "github/webhooks-examples/api.github.com.index.json").read_text())
    payloads = [(e["name"], json.dumps(example).encode()) for e in index for example in e["examples"]]

    answers = [deliver(world, body, X_GitHub_Event=event) for event, body in payloads * 2]

    assert len(payloads) == 329
    assert {answer.status_code for answer in answers} == {202}
    assert len(world.store.objects) == len(set(payloads))


REFUSED: list[tuple[str, bytes, Mapping[str, Any], int]] = [
    ("wrong signature", BODY, {"X_Hub_Signature_256": "sha256=" + "0" * 64}, 401),
    ("signed with an inactive secret", BODY, {"X_Hub_Signature_256": sign(BODY, "older")}, 401),
    ("no signature", BODY, {"X_Hub_Signature_256": None}, 401),
    ("the old signature only", BODY, {"X_Hub_Signature_256": None, "X_Hub_Signature": "sha1=00"}, 401),
    ("broken JSON", b'{"zen": ', {}, 400),
    ("no object", b"[1]", {}, 400),
    ("no event", BODY, {"X_GitHub_Event": None}, 400),
    ("a strange event", BODY, {"X_GitHub_Event": "Ping me"}, 400),
    ("a strange delivery", BODY, {"X_GitHub_Delivery": "x" * 200}, 400),
    ("a form", b"payload=%7B%7D", {"Content_Type": "application/x-www-form-urlencoded"}, 415),
    ("30 MB", b'{"zen": "' + b"x" * 30_000_000 + b'"}', {}, 413),
]


@pytest.mark.parametrize(("what", "body", "headers", "status"), REFUSED, ids=[r[0] for r in REFUSED])
def test_what_is_refused_is_a_problem_and_leaves_nothing(
    world: World, what: str, body: bytes, headers: dict[str, Any], status: int
) -> None:
    answer = deliver(world, body, **headers)

    assert answer.status_code == status
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert world.store.objects == {}


def test_a_body_in_base64_is_verified_over_its_bytes(world: World) -> None:
    raw = b'{"zen": "\xc3\xa4"}'
    event = gateway_event(base64.b64encode(raw).decode(), sign(raw, WEBHOOK_SECRETS[0]))

    answer = world.app(event, None)

    assert answer["statusCode"] == 202


def test_a_body_that_is_not_base64_is_refused(world: World) -> None:
    answer = world.app(gateway_event("%%%a", "sha256=" + "0" * 64), None)

    assert answer["statusCode"] == 400


def gateway_event(body: str, signature: str) -> dict[str, Any]:
    """What API Gateway sends for a body of a binary media type."""
    return {
        "requestContext": {"httpMethod": "POST", "resourcePath": "/webhooks/github", "identity": {}},
        "headers": {"content-type": "application/json", "x-github-event": "ping", "x-hub-signature-256": signature},
        "multiValueQueryStringParameters": None,
        "pathParameters": None,
        "stageVariables": None,
        "body": body,
        "isBase64Encoded": True,
    }


def test_a_store_that_is_away_is_a_503_that_says_when_to_come_back(world: World) -> None:
    def put(*_args: object, **_kwargs: object) -> str:
        raise StoreUnavailable("away")

    world.store.put = put  # type: ignore[method-assign]
    answer = deliver(world)

    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "5"


def test_a_missing_secret_is_an_incident_and_leaves_nothing(world: World) -> None:
    world.secrets.values = {}

    answer = deliver(world)

    assert answer.status_code == 500
    assert "secret" not in answer.body.decode()
    assert world.store.objects == {}


def test_a_secret_without_active_webhook_secrets_verifies_nothing(world: World) -> None:
    world.secrets.values = {"github": {"token": "t", "webhook_secrets": []}}

    assert deliver(world).status_code == 401
